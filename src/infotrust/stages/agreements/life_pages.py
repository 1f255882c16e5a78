"""What the pages after signature show: what each step does to the data beforehand, and what has happened so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core import law
from infotrust.core.errors import NotThere
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import commands, duties
from infotrust.stages.agreements import queries
from infotrust.stages.agreements.commands import COMMANDS
from infotrust.stages.agreements.lifecycle import State

# The steps of this page: the command, the name of its address, and its words on a button.
TITLES = {
    "amend": gettext_lazy("Amend"),
    "renew": gettext_lazy("Renew"),
    "suspend": gettext_lazy("Suspend at once"),
    "resume": gettext_lazy("Let it go on"),
    "dispute": gettext_lazy("Raise a dispute"),
    "confirm": gettext_lazy("Confirm that it still fits"),
    "breach": gettext_lazy("Report a breach"),
}
STEPS = tuple(TITLES)


@dataclass(frozen=True)
class Step:
    """Something to do; `why_not` is empty where the reader may do it now. `effects`: what it does to data, in words."""

    name: str
    title: str
    why_not: str
    effects: tuple[str, ...]


@dataclass(frozen=True)
class Life:
    """An agreement after its signature. `editions`: more than one where it was amended."""

    agreement: Any
    steps: tuple[Step, ...]
    suspensions: tuple[Any, ...]
    disputes: tuple[Any, ...]
    breaches: tuple[Any, ...]
    editions: tuple[Any, ...]
    own: Any
    may_settle: bool
    may_handle: bool
    joinings: tuple[Any, ...] = ()
    may_join: bool = False

    @property
    def possible(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.why_not)

    @property
    def suspended_by(self) -> tuple[Any, ...]:
        return tuple(one for one in self.suspensions if not one.resumed_at)


def life(code: str, *, by: User) -> Life:
    """Raises `NotPermitted`, `NoSuchAgreement`."""
    duties.require("read agreements", by=by)
    found = queries.agreement(code)
    suspensions, editions = tuple(queries.suspensions(found)), tuple(queries.editions(found))
    steps = [
        Step(
            name,
            str(TITLES[name]),
            _why_not(found, name, by) or _why_not_again(name, suspensions, editions, by),
            effects_on_data(found, name),
        )
        for name in STEPS
        if found.state in COMMANDS[name].states
    ]
    return Life(
        agreement=found,
        steps=tuple(steps),
        suspensions=suspensions,
        disputes=tuple(queries.disputes(found)),
        breaches=tuple(queries.breaches(found)),
        editions=editions,
        own=by.agency,
        may_settle=not _why_not(found, "settle dispute", by),
        may_handle=not _why_not(found, "notice", by),
        joinings=tuple(queries.joinings(found)),
        may_join=_may_join(found, by),
    )


def breach_page(code: str, number: int, *, by: User) -> tuple[Any, Any, bool]:
    """The agreement, one of its breaches with its notices, and whether this reader handles it."""
    duties.require("read agreements", by=by)
    found = queries.breach(number)
    if found.agreement_id != queries.agreement(code).pk:
        raise NotThere(_("This agreement has no such breach."), next_step=_("See the agreement."))
    return found.agreement, found, not _why_not(found.agreement, "notice", by)


def law_titles() -> dict[str, str]:
    return law.short_titles()


def effects_on_data(agreement: Any, name: str) -> tuple[str, ...]:
    """Say beforehand what a step does to access, to data in flight and to data at rest."""
    later = {
        "amend": (
            _("This edition stays in force, unchanged, until every party has signed the next one."),
            _("At the last signature the next edition takes its place in one moment: no request falls between them."),
            _("Fields that the next edition no longer covers are destroyed as if the agreement had ended for them."),
            _("What a party has suspended stays suspended in the next edition, until that party lets it go on."),
        ),
        "renew": (
            _("Nothing changes now. With the last signature the agreement runs on to its new last day."),
            _("If it is not signed before %(day)s, all access ends on that day.")
            % {"day": f"{agreement.ends_on:%B %d, %Y}"},
        ),
        "suspend": (
            _("Everyone’s access under it stops with the next request, everywhere."),
            _("A delivery on its way is refused; send it again when the agreement goes on."),
            _("What was delivered is kept, sealed, and nothing is destroyed before its last day, %(day)s.")
            % {"day": f"{agreement.ends_on:%B %d, %Y}"},
            _("Work that is running stops at its next look at the data. Published answers stay published."),
        ),
        "resume": (
            _("Access opens again with the next request, once no party has it suspended any more."),
            _("Deliveries can be sent again. Nothing has to be delivered twice."),
        ),
        "dispute": (
            _("It stops nothing. Each party’s board member is asked to settle it within thirty days."),
            _("If sharing must stop meanwhile, suspend the agreement."),
        ),
        "confirm": (_("Nothing changes. The next regular review is counted from today."),),
        "breach": (
            _("Access under the agreement stops with the next request, if it is in force."),
            _("A delivery on its way is refused. What was delivered stays sealed, as evidence and for its owners."),
            _("Notices are drafted for each law that protects the data, with days counted from the discovery."),
            _("Nothing is sent by the software. Write no one’s name or data into the report."),
        ),
    }
    return later[name]


def _why_not(agreement: Any, name: str, by: User) -> str:
    command = COMMANDS[name]
    why = commands.why_not(command, state=agreement.state, by=by, agency=by.agency)
    party = any(party.agency_id == by.agency_id for party in agreement.parties.all())
    drafter = command.duty == "draft agreement" and agreement.drafted_by_id == by.pk
    if not why and not party and not drafter:
        return _("Your agency is not a party to %(code)s.") % {"code": agreement.code}
    return why


def _why_not_again(name: str, suspensions: tuple[Any, ...], editions: tuple[Any, ...], by: User) -> str:
    """What the table cannot say: suspended once by each party, one next edition at a time."""
    mine = [one for one in suspensions if one.agency_id == by.agency_id and not one.resumed_at]
    drafting = [one.code for one in editions if one.amends_id and _open(one)]
    if name == "suspend" and mine:
        return _("Your agency has suspended it already.")
    if name == "resume" and not mine:
        return _("Another party suspended it; that party lets it go on.")
    if name in {"amend", "renew"} and drafting:
        return _("Its next edition is being drafted: %(code)s.") % {"code": drafting[0]}
    return ""


def _may_join(agreement: Any, by: User) -> bool:
    outside = all(party.agency_id != by.agency_id for party in agreement.parties.all())
    asked = any(memo.agency_id == by.agency_id and not memo.closed_at for memo in queries.joinings(agreement))
    may = agreement.state == State.IN_FORCE and duties.may("write joining memo", by=by, agency=by.agency)
    return bool(outside and not asked and may)


def _open(edition: Any) -> bool:
    return edition.state in {State.DRAFT, State.IN_REVIEW, State.AWAITING_SIGNATURES, State.SIGNED}
