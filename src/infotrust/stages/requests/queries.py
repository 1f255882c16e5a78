"""Reading requests and licenses: for whom, and what follows from the fields that are asked for.

Other stages ask `license_in_force`, `licenses_of`, `license_choices` and `license_clauses`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from infotrust.core.policy.clauses import Clause
from infotrust.core.policy.licenses import LicenseTerms
from infotrust.core.policy.licenses import license_clauses as core_clauses
from infotrust.shared.accounts.models import Agency, User
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision, Reason
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.governance import queries as governance
from infotrust.stages.governance.lifecycle import OPEN
from infotrust.stages.governance.queries import BoardDecision, FourQuestions
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.requests.asking import ITEMS, Item, Kind
from infotrust.stages.requests.lifecycle import LicenseState

# Named again for the services and pages of this stage's neighbors, which may not open its models.
from infotrust.stages.requests.models import Answered as Answered
from infotrust.stages.requests.models import Attachment as Attachment
from infotrust.stages.requests.models import DataRequest as DataRequest
from infotrust.stages.requests.models import License as License
from infotrust.stages.requests.terms import TRUST_ENVIRONMENT, NoSuchRequest


def request(code: str, *, by: User | None = None) -> DataRequest:
    """Return the request of that number; with `by`, only for those who may read it. Raises `NoSuchRequest`.

    A draft of someone else's is answered as if it were not there: nobody learns what others are about to ask.
    """
    found = _requests().filter(code=code).first()
    if found is None or (by is not None and not may_read(found, by=by)):
        raise NoSuchRequest(
            _("There is no request %(code)s that you may read.") % {"code": code},
            next_step=_("See the list of requests for those there are."),
        )
    return found


def may_read(found: DataRequest, *, by: User) -> bool:
    """Whether `by` may read it: its requester, people its licenses name; once submitted, who deals with requests."""
    if not by.is_active:
        return False
    if found.requested_by_id == by.pk or found.licenses.filter(people__person=by).exists():
        return True
    return found.submitted_at is not None and bool(duties.may("read requests", by=by))


def requests(*, by: User) -> list[DataRequest]:
    """Return the requests that `by` may read, the newest first."""
    mine = Q(requested_by=by) | Q(licenses__people__person=by)
    if duties.may("read requests", by=by):
        mine |= Q(submitted_at__isnull=False)
    return list(_requests().filter(mine).distinct())


def attachment(found: DataRequest, number: int) -> Attachment:
    """Return a paper of a request, with its content. Raises `NoSuchRequest`."""
    paper = found.attachments.filter(pk=number, removed_at__isnull=True).first()
    if paper is None:
        raise NoSuchRequest(_("This paper is not there any more."), next_step=_("Look at the request again."))
    return paper


def remembered(by: User) -> tuple[dict[str, Any], str]:
    """Return what this person's latest submitted request answered to items that are remembered, and its number."""
    latest = DataRequest.objects.filter(requested_by=by, submitted_at__isnull=False).order_by("-submitted_at").first()
    if latest is None:
        return {}, ""
    kept = {key: latest.answers[key] for key, one in ITEMS.items() if one.remembered and latest.answers.get(key)}
    return kept, f"request:{latest.code}"


def contributing(found: DataRequest) -> list[Agency]:
    """Return the agencies whose fields are asked for, by name: its custodians."""
    return owners({dataset for dataset, _name in found.wanted})


def owners(datasets: Iterable[str]) -> list[Agency]:
    """Return the agencies that own these datasets; one that left the inventory is passed over."""
    wanted = set(datasets)
    found = {one.agency for one in inventory.datasets() if one.code in wanted}
    return sorted(found, key=lambda agency: agency.name)


def motion_on(found: DataRequest) -> BoardDecision | None:
    """Return what a governing body decided about this very submission; None where none did."""
    decision = governance.decision_on(found.about)
    return decision if decision is not None and decision.subject_version == str(found.round) else None


def boards() -> list[tuple[str, str]]:
    """Return the boards that a request can be put before: (short name, name)."""
    return [(body.code, body.name) for body in governance.bodies()]


def questions_on(found: DataRequest) -> FourQuestions | None:
    """Return how the four questions stand for the latest round; None for what was never submitted."""
    return governance.four_questions(found.about)


def open_motions(found: DataRequest) -> list[Any]:
    """Return the motions about it that no body has decided yet."""
    return [one for one in governance.of_subject(found.about) if one.state in OPEN]


def boards_extending(found: License) -> tuple[Any, ...]:
    """Return the boards that decide when a license is extended: over its agreements, where the charter says so."""
    over = {one.board for one in agreements.in_force() if one.code in found.agreements and one.board}
    bodies = [body for body in governance.bodies() if body.code in over]
    return tuple(body for body in bodies if governance.charter(body).decides_extensions)


def extension_of(found: License) -> str:
    """Return how boards name what they decide on."""
    return f"extension:{found.code}"


def extended_until(found: License, board: Any) -> date | None:
    """Return until when a board last decided that a license runs; None where it did not, or said no."""
    decision = governance.decision_on(extension_of(found), body=board.code)
    return date.fromisoformat(decision.subject_version) if decision and decision.adopted else None


def extension_motions(found: License) -> tuple[Any, ...]:
    return tuple(governance.of_subject(extension_of(found)))


def asked_for(found: DataRequest) -> list[str]:
    """Return the conditions under which it was granted, each once: of custodians and boards in the last round.

    And those under which a board let its license run longer.
    """
    issued = latest_license(found)
    decisions = (motion_on(found), governance.decision_on(extension_of(issued)) if issued else None)
    asked = [one.conditions for one in found.answered.filter(round=found.round)]
    asked += [one.conditions for one in decisions if one is not None and one.adopted]
    return list(dict.fromkeys(line.strip() for text in asked for line in text.splitlines() if line.strip()))


def place_of_use(found: DataRequest) -> str:
    """Return where the data is used, as it was granted: in the trust's own room, or where the requester described."""
    own = found.answers.get("environment") == "own"
    return str(found.answers.get("storage") if own else TRUST_ENVIRONMENT)


def dataset_there(code: str) -> bool:
    return any(one.code == code for one in inventory.datasets())


def laws_of(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return the laws that cover any of these fields, sorted: what the form need not ask."""
    wanted = set(pairs)
    known = {code for code, _name in wanted}
    return sorted(
        {
            law
            for code in known
            for field in inventory.all_fields(code)
            if (code, field.name) in wanted
            for law in field.law_classes
        }
    )


def answer_in_words(one: Item, value: Any) -> str:
    """Return an answer as a reader sees it; empty where there is none."""
    titles = dict(one.choices)
    if one.kind is Kind.FIELDS:
        return "\n".join(value or ())
    if one.kind is Kind.CHOICES:
        return ", ".join(str(titles.get(code, code)) for code in value or ())
    if one.kind is Kind.CHOICE:
        return str(titles.get(value, value)) if value else ""
    if one.kind is Kind.DAY and value and (day := _day(value)):
        return date_format(day)
    return str(value or "")


def _day(value: Any) -> Any:
    try:
        return parse_date(str(value))
    except ValueError:
        return None


# --- licenses ---


def license_version(code: str, version: int | None = None, *, by: User | None = None) -> License:
    """Return a version of a license; without a number the one in force, or else the newest. Raises `NoSuchRequest`."""
    versions = _licenses().filter(code=code)
    if version is not None:
        found = versions.filter(version=version).first()
    else:
        found = versions.filter(state=LicenseState.IN_FORCE).first() or versions.order_by("-version").first()
    if found is None or (by is not None and not may_read(found.request, by=by)):
        raise NoSuchRequest(
            _("There is no license %(code)s that you may read.") % {"code": code},
            next_step=_("See the list of requests for those there are."),
        )
    return found


def license_to_acknowledge(code: str, *, by: User) -> License:
    """Return the version that waits to be acknowledged, though an older one may still be in force; else the current."""
    found = license_version(code, by=by)
    newest = license_versions(code)[0]
    waits = newest.state == LicenseState.ISSUED and newest.version != found.version
    return license_version(code, newest.version, by=by) if waits else found


def license_versions(code: str) -> tuple[License, ...]:
    """Return every version of a license, the newest first."""
    return tuple(License.objects.filter(code=code).order_by("-version"))


def latest_license(found: DataRequest) -> License | None:
    """Return the license of a request that stands or stood, in its newest version that was not replaced."""
    return License.objects.filter(request=found).exclude(state=LicenseState.REPLACED).order_by("-version").first()


def license_in_force(code: str) -> License | None:
    """Return the version of a license that is in force; None where none is."""
    return _licenses().filter(code=code, state=LicenseState.IN_FORCE).first()


def licenses_in_force() -> list[License]:
    return list(_licenses().filter(state=LicenseState.IN_FORCE))


def licenses_of(person: User) -> list[License]:
    """Return the licenses in force that name `person`."""
    return list(_licenses().filter(state=LicenseState.IN_FORCE, people__person=person))


def license_choices() -> list[tuple[str, str]]:
    """Return the licenses in force as choices of a form: (number, number and title)."""
    return [(one.code, f"{one.code}: {one.title}") for one in licenses_in_force()]


def license_terms(found: License) -> LicenseTerms:
    """Return a license's rows as the values from which its text and its policies are made."""
    people = list(found.people.all())
    return LicenseTerms(
        code=found.code,
        version=found.version,
        title=found.title,
        request=found.request.code,
        licensee=found.request.requested_by.name,
        agreements=tuple(found.agreements),
        people=tuple((f"user:{one.person_id}", one.person.name) for one in people),
        purposes=tuple(found.purposes),
        uses=tuple(found.uses),
        fields=tuple(found.pairs),
        environment=found.environment,
        outputs=found.outputs,
        publication=found.publication,
        destruction=found.destruction,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        destroy_on=found.destroy_on,
        conditions=tuple(found.conditions),
        acknowledged=frozenset(f"user:{one.person_id}" for one in people if one.acknowledged_digest == found.digest),
        zone=settings.TIME_ZONE,
    )


def license_clauses(found: License) -> tuple[Clause, ...]:
    """Return the numbered clauses of a license, each with the rule it compiles to."""
    return core_clauses(license_terms(found))


def overdue(at: datetime | None = None) -> list[License]:
    """Return the licenses whose destruction is not certified although its day has passed."""
    states = (LicenseState.ENDED, LicenseState.REVOKED)
    return list(_licenses().filter(state__in=states, destroy_on__lt=timezone.localdate(at)))


def within(found: License, pairs: Iterable[tuple[str, str]], purpose: str) -> Decision:
    """Whether these fields and this purpose are among a license's own; the reasons name what is not.

    For the form that links a question to it. What may be read is decided when it is read, by the policies.
    """
    number = {one.rule: one.number for one in license_clauses(found)}
    outside = sorted(set(pairs) - set(found.pairs))
    reasons = [
        Reason(
            f"{found.code}/fields",
            _("%(license)s does not list %(dataset)s, %(field)s.")
            % {"license": found.code, "dataset": dataset, "field": name},
            f"{found.code}, clause {number[f'{found.code}/fields']}",
        )
        for dataset, name in outside
    ]
    if purpose not in found.purposes:
        clause = next(one for one in license_clauses(found) if one.rule == f"{found.code}/purposes")
        reasons.append(Reason(clause.rule, clause.text, f"{found.code}, clause {clause.number}"))
    return Decision(not reasons, tuple(reasons))


def where_from(source: str) -> str:
    """Say in words where a first answer came from."""
    kind, _colon, code = source.partition(":")
    words: Mapping[str, str] = {
        "request": _("from your request %(code)s"),
        "agreement": _("from agreement %(code)s"),
        "use-case": _("from use case %(code)s"),
    }
    return words[kind] % {"code": code} if kind in words and code else _("from the project-fit screen")


def _requests() -> QuerySet[DataRequest]:
    return DataRequest.objects.select_related("requested_by", "requested_by__agency", "agency")


def _licenses() -> QuerySet[License]:
    return License.objects.select_related("request", "request__requested_by", "issued_by", "ended_by").prefetch_related(
        "people__person__agency"
    )
