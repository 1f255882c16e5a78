"""What the pages of a license show, and what the office is offered when it issues or changes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.policy.clauses import Clause
from infotrust.core.policy.terms import Use
from infotrust.shared.accounts import queries as accounts
from infotrust.shared.accounts.models import User
from infotrust.shared.clocks import queries as waits
from infotrust.shared.permissions import commands, duties
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.requests import queries
from infotrust.stages.requests.checks import day_of
from infotrust.stages.requests.commands import LICENSES, NAMED, ONLY_WORDS
from infotrust.stages.requests.lifecycle import TO_DESTROY, LicenseState
from infotrust.stages.requests.pages import Action
from infotrust.stages.requests.queries import DataRequest, License
from infotrust.stages.requests.terms import OUTPUTS, PUBLICATION


@dataclass(frozen=True)
class Named:
    """A person named by the license: `since` when they acknowledged this very text, and why they cannot use it yet."""

    person: User
    since: datetime | None
    why_not: str


@dataclass(frozen=True)
class LicensePage:
    license: License
    clauses: tuple[Clause, ...]
    people: tuple[Named, ...]
    versions: tuple[License, ...]
    waits: tuple[waits.InWords, ...]
    actions: tuple[Action, ...]
    certificate: Any
    overdue: bool
    uncovered: tuple[str, ...]
    boards: tuple[Any, ...]
    motions: tuple[Any, ...]

    def may(self, name: str) -> bool:
        return any(one.name == name and not one.why_not for one in self.actions)


def license_page(code: str, *, by: User, version: int | None = None, at: datetime | None = None) -> LicensePage:
    """One version of a license. Raises `NoSuchRequest` for those who may not read its request."""
    at = at or timezone.now()
    found = queries.license_version(code, version, by=by)
    versions = queries.license_versions(code)
    return LicensePage(
        license=found,
        clauses=queries.license_clauses(found),
        people=tuple(_named(found, one, at) for one in found.people.all()),
        versions=versions,
        waits=tuple(one for each in reversed(versions) for one in waits.of(f"{found.about}:{each.version}", at)),
        actions=_actions(found, by),
        certificate=getattr(found, "certificate", None),
        overdue=found.state in TO_DESTROY and found.destroy_on < timezone.localdate(at),
        uncovered=tuple(sorted(set(found.agreements) - {one.code for one in agreements.in_force(at)})),
        boards=queries.boards_extending(found),
        motions=queries.extension_motions(found),
    )


def action(page: LicensePage, name: str) -> Action:
    found = next((one for one in page.actions if one.name == name), None)
    return found or Action(name, "", _("This is not possible in its present state."))


def offered(request: DataRequest) -> dict[str, Any]:
    """Return what a license of this request can name: its people, its fields, the agreements that cover a field.

    And what cannot be chosen: where the data is used, and the conditions under which it was granted.
    """
    datasets = {dataset for dataset, _name in request.wanted}
    covering = sorted({code for dataset in datasets for code in agreements.covering(dataset)})
    titles = {one.code: one.title for one in agreements.in_force()}
    return {
        "people": [(str(one.pk), _person_words(one)) for one in _possible(request)],
        "agreements": [(code, f"{code}: {titles[code]}") for code in covering],
        "fields_licensed": [(f"{dataset}/{name}", f"{dataset}, {name}") for dataset, name in request.wanted],
        "place": queries.place_of_use(request),
        "asked": queries.asked_for(request),
    }


def first_terms(request: DataRequest, at: datetime | None = None) -> dict[str, Any]:
    """Return what the form begins with: all from the request."""
    today = timezone.localdate(at)
    listed = request.answers.get("users", "").lower()
    extract = request.answers.get("level") != "aggregate"
    return {
        "title": request.title,
        "people": [
            str(one.pk)
            for one in _possible(request)
            if one.pk == request.requested_by_id or one.email.lower() in listed
        ],
        "agreements": [code for code, _title in offered(request)["agreements"]],
        "fields_licensed": request.answers.get("fields", []),
        "uses": [Use.AGGREGATE.value, *([Use.EXTRACT.value] if extract else [])],
        "starts_on": today,
        "ends_on": day_of(request, "ends_on"),
        "destroy_on": day_of(request, "destroy_on"),
        "outputs": str(OUTPUTS),
        "publication": str(PUBLICATION),
        "destruction": request.answers.get("destruction", ""),
    }


def terms_shown(found: License) -> dict[str, Any]:
    """Return a license's terms as the form of an amendment shows them."""
    names = ("title", "agreements", "uses", "outputs", "publication", "destruction")
    return {
        **{name: getattr(found, name) for name in names},
        **{name: getattr(found, name) for name in ("starts_on", "ends_on", "destroy_on")},
        "people": [str(one.person_id) for one in found.people.all()],
        "fields_licensed": [f"{dataset}/{name}" for dataset, name in found.pairs],
        "conditions": "\n".join(one for one in found.conditions if one not in queries.asked_for(found.request)),
    }


def people_numbered(numbers: list[str]) -> list[User]:
    """Return the people whose numbers were ticked."""
    return [accounts.person(int(number)) for number in numbers]


def _possible(request: DataRequest) -> list[User]:
    """Everyone who could be named: who may use a license at all, the requester's own agency first."""
    duty = duties.DUTIES["use license"]
    found = [one for one in accounts.people() if one.is_active and one.roles & duty.roles]
    return sorted(
        found, key=lambda one: (one.pk != request.requested_by_id, one.agency_id != request.agency_id, one.name)
    )


def _person_words(one: User) -> str:
    return f"{one.name}, {one.agency.name}" if one.agency else one.name


def _named(found: License, one: Any, at: datetime) -> Named:
    today: date = timezone.localdate(at)
    current = one.acknowledged_at if one.acknowledged_digest == found.digest else None
    why_not = ""
    if found.state == LicenseState.IN_FORCE and current is None:
        why_not = _("Has not acknowledged this version.")
    elif one.person.trained_until is None or one.person.trained_until < today:
        why_not = _("Has no valid privacy training.")
    elif found.state in {LicenseState.ISSUED, LicenseState.IN_FORCE} and "analyst" not in one.person.roles:
        why_not = _("Runs no questions: only analysts of an agency that is a recipient do.")
    return Named(one.person, current, why_not)


def _actions(found: License, by: User) -> tuple[Action, ...]:
    titles = {
        "acknowledge": _("Read and acknowledge"),
        "ask to extend": _("Ask to extend it"),
        "amend": _("Extend or change it"),
        "certify": _("Certify the destruction"),
        "revoke": _("Revoke it"),
    }
    named = any(one.person_id == by.pk for one in found.people.all())
    acknowledged = any(one.person_id == by.pk and one.acknowledged_digest == found.digest for one in found.people.all())
    contributing = by.agency_id in {agency.pk for agency in queries.contributing(found.request)}
    holds = {
        "acknowledge": named,
        "ask to extend": named or found.request.requested_by_id == by.pk,
        "amend": True,
        "certify": named or found.request.requested_by_id == by.pk,
        "revoke": contributing,
    }
    made = []
    for name, title in titles.items():
        command = LICENSES[name]
        if found.state not in command.states or (name == "acknowledge" and acknowledged):
            continue
        if name == "ask to extend" and not queries.boards_extending(found):
            continue
        why_not = commands.why_not(command, state=found.state, by=by, agency=by.agency)
        if not why_not and not holds[name]:
            why_not = str(ONLY_WORDS.get(command.only.partition(";")[0], ONLY_WORDS[NAMED]))
        made.append(Action(name, title, why_not))
    return tuple(made)
