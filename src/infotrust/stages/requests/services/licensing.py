"""A license: issued, acknowledged by each person it names, in force, extended, revoked, ended, and closed.

What is in force is compiled into the policies in the same transaction, so that the next request of any process is
decided by it. A license only refuses; what may be seen at all, the agreements say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from infotrust.core.policy.clauses import Compiled
from infotrust.core.policy.licenses import compile_license, license_digest, license_text
from infotrust.core.policy.terms import PURPOSES, Use, digest
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import services as clocks
from infotrust.shared.permissions import commands
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.agreements import services as agreement_services
from infotrust.stages.requests import queries, showing
from infotrust.stages.requests.checks import day_of
from infotrust.stages.requests.commands import LICENSES, REQUESTS
from infotrust.stages.requests.lifecycle import LICENSES as MOVES
from infotrust.stages.requests.lifecycle import OPEN_LICENSES, TO_DESTROY, LicenseState, State
from infotrust.stages.requests.models import Certificate, DataRequest, License, Licensed
from infotrust.stages.requests.services.extending import require_decided
from infotrust.stages.requests.services.ground import (
    ISSUE,
    done,
    lock,
    lock_license,
    move,
    now,
    only_another,
    only_contributing,
    only_named,
)
from infotrust.stages.requests.terms import RequestIncomplete

PROCESS = "license"
ACKNOWLEDGE, RENEW, DESTROY = "acknowledge", "extend or let end", "certify destruction"
# A request for an extension takes weeks; a month is the shortest notice that leaves time for one.
NOTICE = timedelta(days=30)


@dataclass(frozen=True)
class Terms:
    """What the office fixes when it issues or changes a license. `fields` are (dataset, field) pairs.

    `conditions` are further ones: those that custodians and boards asked for stand in every version, and where the data
    is used follows from the request; neither can be left out or changed here.
    """

    title: str
    agreements: Sequence[str]
    purposes: Sequence[str]
    uses: Sequence[str]
    fields: Sequence[tuple[str, str]]
    outputs: str
    publication: str
    destruction: str
    starts_on: date
    ends_on: date
    destroy_on: date
    conditions: Sequence[str] = ()


@transaction.atomic
def issue_license(
    request: DataRequest, *, terms: Terms, people: Sequence[User], by: User, at: datetime | None = None
) -> License:
    """Issue the license of a granted request. It is in force for each person once they have acknowledged it.

    Raises `NotPermitted`, and `RequestIncomplete` where it would give more than was granted.
    """
    at, request = now(at), lock(request)
    commands.require(REQUESTS["issue"], state=request.state, thing=request.code, by=by)
    only_another(request, by, _("issue your own license"))
    move(request, State.LICENSED, at=at)
    clocks.finish(about=request.about, step=ISSUE, outcome="issued", at=at)
    _require_until(request, terms)
    code, place = request.code.replace("REQ", "DUL", 1), queries.place_of_use(request)
    made = _write(request, code, 1, terms, people, place=place, by=by, at=at)
    done(request, Event.LICENSE_ISSUED, by=by, at=at, license=made.code, version=made.version, digest=made.digest)
    return made


@transaction.atomic
def amend_license(
    found: License, *, terms: Terms, people: Sequence[User], by: User, at: datetime | None = None
) -> License:
    """Issue a new version: an extension, another person, fewer fields. The old one holds until someone acknowledges it.

    Raises `NotPermitted`, and `RequestIncomplete` where it would give more than was granted, one is waiting already, or
    a board that decides on extensions has not adopted it.
    """
    at, found = now(at), lock_license(found)
    commands.require(LICENSES["amend"], state=found.state, thing=found.code, by=by)
    newer = License.objects.filter(code=found.code, version__gt=found.version)
    if newer.exists():
        raise RequestIncomplete(
            _("A newer version of %(code)s already waits to be acknowledged.") % {"code": found.code},
            next_step=_("Revoke it, or wait."),
        )
    require_decided(found, terms.ends_on)
    made = _write(
        found.request, found.code, found.version + 1, terms, people, place=found.environment, by=by, at=at
    )  # fmt: skip
    audit.record(
        Event.LICENSE_ISSUED, about=made.about, by=by, at=at, version=made.version, digest=made.digest,
        ends_on=made.ends_on,
    )  # fmt: skip
    return made


def _write(
    request: DataRequest, code: str, version: int, terms: Terms, people: Sequence[User], *, place: str, by: User,
    at: datetime,
) -> License:  # fmt: skip
    _require_within(request, terms, people)
    named = {one.pk: one for one in people}
    values = {**asdict(terms), "fields": sorted([list(pair) for pair in set(terms.fields)])}
    values |= {name: list(values[name]) for name in ("agreements", "purposes", "uses")}
    values |= {
        "environment": place,
        "conditions": list(dict.fromkeys((*queries.asked_for(request), *terms.conditions))),
    }
    made = License.objects.create(
        code=code, version=version, request=request, **values, issued_by=by, issued_at=at, text="-", digest="-"
    )
    Licensed.objects.bulk_create(Licensed(license=made, person=one) for one in named.values())
    made = queries.license_version(code, version)
    made.text, made.digest = license_text(queries.license_terms(made)), license_digest(queries.license_terms(made))
    made.save(update_fields=["text", "digest"])
    for person in named.values():
        _wait(made, ACKNOWLEDGE, person=person, at=at)
    return made


def _require_within(request: DataRequest, terms: Terms, people: Sequence[User]) -> None:
    """A license gives no more than was granted, and stands under agreements that there are."""
    for wrong in _beyond(request, terms, people):
        raise RequestIncomplete(wrong, next_step=_("Correct it; nothing was issued."))


def _beyond(request: DataRequest, terms: Terms, people: Sequence[User]) -> Iterable[str]:
    if not people:
        yield _("Name at least one person.")
    if not terms.agreements or set(terms.agreements) - {one.code for one in agreements.in_force()}:
        yield _("Choose one or more agreements that are in force.")
    if not terms.fields:
        yield _("Choose at least one field.")
    for dataset, name in sorted(set(terms.fields) - set(request.wanted)):
        yield _("%(dataset)s, %(field)s was not asked for.") % {"dataset": dataset, "field": name}
    granted = str(request.answers.get("purpose", ""))
    if not terms.purposes or not all(_falls_under(purpose, granted) for purpose in terms.purposes):
        yield _("Only the purpose that was granted can be licensed.")
    if not terms.uses or set(terms.uses) - {Use.AGGREGATE.value, Use.EXTRACT.value}:
        yield _("A license is for counting, or for taking rows.")
    if Use.EXTRACT.value in terms.uses and request.answers.get("level") == "aggregate":
        yield _("Tables were granted, not rows.")
    if not terms.starts_on <= terms.ends_on <= terms.destroy_on:
        yield _("The dates contradict each other: it begins, ends, and is destroyed, in this order.")
    elif terms.destroy_on > _destroyed_by(request, terms.ends_on):
        yield _("Everything is destroyed no later than was granted: by %(day)s.") % {
            "day": date_format(_destroyed_by(request, terms.ends_on))
        }


def _destroyed_by(request: DataRequest, ends_on: date) -> date:
    """The last day for the destruction: the one that was granted, or, once extended, as long after the new last day."""
    ends, destroy = day_of(request, "ends_on"), day_of(request, "destroy_on")
    if ends is None or destroy is None:
        return ends_on
    return max(destroy, ends_on + (destroy - ends))


def _require_until(request: DataRequest, terms: Terms) -> None:
    """A first version ends no later than was granted; only an extension, a version of its own, goes further."""
    if terms.ends_on.isoformat() > str(request.answers.get("ends_on")):
        raise RequestIncomplete(
            _("The license would end later than was granted."),
            next_step=_("Correct it; extend it when the time comes."),
        )


def _falls_under(purpose: str, granted: str) -> bool:
    """Whether a purpose is the granted one, or a part of it."""
    while purpose:
        if purpose == granted:
            return True
        purpose = PURPOSES[purpose].parent if purpose in PURPOSES else ""
    return False


@transaction.atomic
def acknowledge(found: License, *, seen: str, by: User, at: datetime | None = None) -> License:
    """Acknowledge the exact text (`seen`, its digest) and its confidentiality. The first puts the version into force.

    Raises `NotPermitted` for someone it does not name, `RequestIncomplete` without valid training or for another text.
    """
    at, found = now(at), lock_license(found)
    commands.require(LICENSES["acknowledge"], state=found.state, thing=found.code, by=by)
    named = found.people.filter(person=by).first()
    only_named(named is not None, _("acknowledge license %(code)s") % {"code": found.code})
    assert named is not None
    if seen != found.digest:
        raise RequestIncomplete(_("This is not the text you opened."), next_step=_("Read it again, then acknowledge."))
    today = timezone.localdate(at)
    if by.trained_until is None or by.trained_until < today:
        raise RequestIncomplete(
            _("Your privacy training is not valid today."),
            next_step=_("Take the training; an administrator then enters until when it is valid."),
        )
    named.acknowledged_at, named.acknowledged_digest, named.trained_until = at, found.digest, by.trained_until
    named.save()
    clocks.finish(about=_about(found), step=ACKNOWLEDGE, person=by, outcome="acknowledged", at=at)
    audit.record(
        Event.LICENSE_ACKNOWLEDGED, about=found.about, by=by, at=at, version=found.version, digest=found.digest,
        trained_until=by.trained_until,
    )  # fmt: skip
    if found.state == LicenseState.ISSUED:
        _begin(found, by=by, at=at)
    _publish(_("%(code)s was acknowledged") % {"code": found.code}, by=by, at=at)
    return found


def _begin(found: License, *, by: User, at: datetime) -> None:
    for earlier in License.objects.select_for_update().filter(code=found.code, state=LicenseState.IN_FORCE):
        clocks.finish_all(about=_about(earlier), outcome="replaced", at=at)
        _move(earlier, LicenseState.REPLACED)
    found.in_force_at = at
    _move(found, LicenseState.IN_FORCE)
    _wait(found, RENEW, person=found.request.requested_by, due_on=found.ends_on, at=at)
    audit.record(
        Event.LICENSE_IN_FORCE, about=found.about, by=by, at=at, version=found.version, until=found.ends_on,
        agreements=found.agreements,
    )  # fmt: skip


@transaction.atomic
def revoke_license(found: License, *, reason: str, by: User, at: datetime | None = None) -> License:
    """Revoke a license in every version. Use stops with the next request; everything under it is to be destroyed."""
    at, found = now(at), lock_license(found)
    commands.require(LICENSES["revoke"], state=found.state, thing=found.code, by=by, agency=by.agency)
    only_contributing(found.request, by, _("revoke license %(code)s") % {"code": found.code})
    if not reason.strip():
        raise RequestIncomplete(_("A license is revoked with a reason."), next_step=_("Write why."))
    _end(found, LicenseState.REVOKED, reason=reason.strip()[:400], by=by, at=at)
    return found


@transaction.atomic
def end_due(at: datetime | None = None) -> list[License]:
    """End the licenses whose last day has passed. The policies refuse by the date; this asks for the destruction."""
    at = now(at)
    over = License.objects.select_for_update(of=("self",)).select_related("request__requested_by").filter(
        state__in=OPEN_LICENSES, ends_on__lt=timezone.localdate(at)
    )  # fmt: skip
    ended = list(over)
    for found in ended:
        _end(found, LicenseState.ENDED, reason=_("Its last day has passed."), by=None, at=at)
    return ended


@transaction.atomic
def agreement_ended(*, agreement_code: str, by: User | None, at: datetime) -> list[License]:
    """End the licenses that stand under this agreement and under no other that is still there.

    A suspended one is: it gives no access now, but it can go on, and a license that has ended cannot.
    """
    standing = set(agreements.kept(at)) - {agreement_code}
    touched = License.objects.select_for_update(of=("self",)).select_related("request__requested_by").filter(
        state__in=OPEN_LICENSES
    )  # fmt: skip
    left = [one for one in touched if agreement_code in one.agreements and not standing & set(one.agreements)]
    for found in left:
        why = _("%(agreement)s, under which it stood, has ended.") % {"agreement": agreement_code}
        _end(found, LicenseState.ENDED, reason=why, by=by, at=at)
    return left


def _end(found: License, to: LicenseState, *, reason: str, by: User | None, at: datetime) -> None:
    newest = found
    for version in License.objects.select_for_update().filter(code=found.code, state__in=OPEN_LICENSES):
        one = found if version.pk == found.pk else version
        newest = max(newest, one, key=lambda each: each.version)
        one.ended_at, one.ended_by, one.end_reason = at, by, reason
        _move(one, to)
        clocks.finish_all(about=_about(one), outcome=to.value, at=at)
    event = Event.LICENSE_REVOKED if to == LicenseState.REVOKED else Event.LICENSE_ENDED
    audit.record(event, about=found.about, by=by, at=at, version=found.version, reason=reason)
    _publish(_("%(code)s is no longer in force") % {"code": found.code}, by=by, at=at)
    _wait(newest, DESTROY, person=found.request.requested_by, due_on=newest.destroy_on, at=at)
    showing.show(found.request, at=at)


@transaction.atomic
def certify_destruction(
    found: License, *, what: str, method: str, destroyed_on: date, by: User, at: datetime | None = None
) -> Certificate:
    """Sign that everything held under a license was destroyed. Its digest is of every word of it.

    By its requester or someone it named. Raises `NotPermitted`, and `RequestIncomplete` for a day that is not past.
    """
    at, found = now(at), lock_license(found)
    commands.require(LICENSES["certify"], state=found.state, thing=found.code, by=by)
    named = found.people.filter(person=by).exists() or found.request.requested_by_id == by.pk
    only_named(named, _("certify the destruction under %(code)s") % {"code": found.code})
    if not what.strip() or not method.strip():
        raise RequestIncomplete(_("The certificate says what was destroyed, and how."), next_step=_("Fill in both."))
    if destroyed_on > timezone.localdate(at) or destroyed_on < found.starts_on:
        raise RequestIncomplete(
            _("The day of destruction is in the future, or before the license began."), next_step=_("Correct it.")
        )
    made = Certificate(
        license=found, what=what.strip(), method=method.strip(), destroyed_on=destroyed_on, signed_by=by, signed_at=at
    )
    made.digest = digest(made.facts())
    made.save()
    # One certificate closes every version: what was held was held under all of them.
    for version in License.objects.filter(code=found.code, state__in=TO_DESTROY):
        _move(found if version.pk == found.pk else version, LicenseState.CLOSED)
    clocks.finish(about=_about(found), step=DESTROY, outcome="certified", at=at)
    audit.record(Event.LICENSE_DESTROYED, about=found.about, by=by, at=at, digest=made.digest, on=destroyed_on)
    return made


def remind(at: datetime | None = None) -> int:
    """Chase certificates that are overdue: the office is asked, too. Returns how many are."""
    at = now(at)
    late = queries.overdue(at)
    for found in late:
        _wait(found, DESTROY, role="facilitator", due_on=found.destroy_on, at=at)
    return len(late)


def compile_in_force() -> list[Compiled]:
    """Return the licenses in force as parts of the policies (see `shared.permissions.parts`)."""
    return [compile_license(queries.license_terms(one)) for one in queries.licenses_in_force()]


def terms_of(found: License) -> Terms:
    """Return what was fixed, for an amendment to begin from."""
    names, asked = Terms.__dataclass_fields__, queries.asked_for(found.request)
    further = [one for one in found.conditions if one not in asked]
    return replace(Terms(**{name: getattr(found, name) for name in names}), fields=found.pairs, conditions=further)


def _move(found: License, to: LicenseState) -> None:
    MOVES.require(found.state, to, thing=found.code)
    found.state = to
    found.save()


def _publish(reason: str, *, by: User | None, at: datetime) -> None:
    agreement_services.republish(reason=reason, by=by, at=at)


def _about(found: License) -> str:
    return f"{found.about}:{found.version}"


def _wait(
    found: License, step: str, *, at: datetime, due_on: date | None = None, person: Any = None, role: str = ""
) -> None:
    title = _("%(code)s: %(title)s") % {"code": found.code, "title": found.title}
    clocks.begin(
        about=_about(found), process=PROCESS, step=step, title=title, address=found.address, person=person, role=role,
        due_on=due_on, at=at,
    )  # fmt: skip
