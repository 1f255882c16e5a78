"""What the pages of joining memos show: what is said, how far it has come, and what joining would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.policy.terms import DatasetTerm, Use, digest
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import commands, duties
from infotrust.stages.agreements import checks, joinable, queries, simulating
from infotrust.stages.agreements.commands import JOINING_COMMANDS
from infotrust.stages.agreements.draft_pages import MatrixRow, matrix_row
from infotrust.stages.agreements.effect_pages import Effects, effects
from infotrust.stages.agreements.joining_steps import Step, steps
from infotrust.stages.agreements.lifecycle import OPEN_JOININGS, JoiningState
from infotrust.stages.agreements.pages import Action
from infotrust.stages.agreements.services.turns import JOINED_WITHIN
from infotrust.stages.agreements.terms import USE_HELP, USE_TITLES
from infotrust.stages.governance import queries as governance
from infotrust.stages.inventory import queries as inventory


@dataclass(frozen=True)
class Offer:
    """A dataset of the newcomer, and how many of its fields are offered."""

    dataset: Any
    fields: int


@dataclass(frozen=True)
class JoiningPage:
    memo: Any
    agreement: Any
    own: bool
    parts: tuple[tuple[joinable.Part, str], ...]
    offers: tuple[Offer, ...]
    datasets: tuple[DatasetTerm, ...]
    fields: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # title of a dataset, (field, its uses in words)
    steps: tuple[Step, ...]
    actions: tuple[Action, ...]
    missing: tuple[str, ...]
    problems: tuple[str, ...]
    effects: Effects | None
    foreseen: simulating.Foreseen | None
    digest: str
    day: int
    due_on: date | None

    @property
    def open(self) -> bool:
        return self.memo.state in OPEN_JOININGS

    @property
    def draft(self) -> bool:
        return bool(self.memo.state == JoiningState.DRAFT)


@dataclass(frozen=True)
class OfferPage:
    memo: Any
    dataset: Any
    rows: tuple[MatrixRow, ...]
    help: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Joinings:
    """The list: the memos, and the agreements that the reader's agency could ask to join."""

    memos: tuple[Any, ...]
    joinable: tuple[Any, ...]
    why_not: str


def joinings(*, by: User) -> Joinings:
    """Every memo, the newest first; raises `NotPermitted`."""
    duties.require("read agreements", by=by)
    decision = duties.may("write joining memo", by=by, agency=by.agency)
    memos = queries.joinings()
    asked = {memo.joins for memo in memos if memo.agency_id == by.agency_id and memo.state in OPEN_JOININGS}
    return Joinings(
        tuple(memos),
        tuple(one for one in queries.in_force() if _outside(one, by) and one.code not in asked) if decision else (),
        "" if decision else decision.reasons[0].plain,
    )


def to_read(number: int, *, by: User) -> Any:
    """Return a memo to its reader, without all that its page shows; raises as `joining_page` does."""
    duties.require("read agreements", by=by)
    return queries.joining(number)


def action(memo: Any, name: str, *, by: User) -> Action:
    """Return one of the actions on a memo, with why it may not be taken now."""
    known = next((one for one in _actions(memo, _agreement(memo), by, False) if one.name == name), None)
    return known or Action(name, "", _("This step is not possible in its present state."))


def joining_page(number: int, *, by: User, at: datetime | None = None) -> JoiningPage:
    """One memo with all that is known of it; raises `NotPermitted`, `NotThere`."""
    memo, at = to_read(number, by=by), at or timezone.now()
    agreement = _agreement(memo)
    terms = joinable.with_newcomer(agreement, memo)
    wrong = checks.problems(terms, timezone.localdate(at)) if memo.state == JoiningState.DRAFT else []
    before = memo.state in OPEN_JOININGS and terms.shares and any(one.agreed for one in terms.datasets) and not wrong
    missing = tuple(joinable.missing(memo)) if memo.state == JoiningState.DRAFT else ()
    return JoiningPage(
        memo=memo,
        agreement=agreement,
        own=memo.agency_id == by.agency_id,
        parts=tuple((part, getattr(memo, part.name)) for part in joinable.PARTS),
        offers=_offers(memo) if joinable.shares(memo) else (),
        datasets=joinable.offered(memo),
        fields=tuple((one.title, _in_words(one)) for one in joinable.offered(memo)),
        steps=tuple(steps(memo)),
        actions=_actions(memo, agreement, by, bool(missing or wrong)),
        missing=missing,
        problems=tuple(wrong),
        effects=effects(terms, at=at) if before else None,
        foreseen=simulating.foresee(terms, at=at) if before else None,
        digest=digest(memo.said()),
        day=(timezone.localdate(memo.closed_at or at) - timezone.localdate(memo.sent_at)).days + 1
        if memo.sent_at
        else 0,
        due_on=timezone.localdate(memo.sent_at + JOINED_WITHIN) if memo.sent_at else None,
    )


def offer_page(number: int, dataset: str, *, by: User) -> OfferPage:
    """The fields of one of the newcomer's datasets; raises `NotPermitted`, `NotThere`, `NotInInventory`."""
    memo = queries.joining(number)
    commands.require(JOINING_COMMANDS["write"], state=memo.state, thing=f"joining:{memo.pk}", by=by, agency=memo.agency)
    chosen = memo.uses.get(dataset, {})
    return OfferPage(
        memo,
        inventory.dataset(dataset),
        tuple(matrix_row(field, frozenset(chosen.get(field.name, ()))) for field in inventory.fields(dataset)),
        tuple((str(USE_TITLES[use.value]), str(USE_HELP[use.value])) for use in Use),
    )


def first_words(*, by: User) -> dict[str, str]:
    """Fill a new memo with what is known: the agency's last memo, else what the inventory says of its sources."""
    last = queries.last_joining(by.agency) if by.agency else None
    if last is not None:
        return {part.name: getattr(last, part.name) for part in joinable.PARTS if part.name != "why"}
    sources = [source for source in inventory.sources_of(by.agency) if source.authority]
    datasets = inventory.datasets_of(by.agency) if by.agency else []
    return {
        "offers": "\n".join(f"{one.title}: {one.description}".strip(": ") for one in datasets),
        "may_share": "\n".join(f"{source.name}: {source.authority}" for source in sources),
    }


def boards() -> list[tuple[str, str]]:
    return [(body.code, body.name) for body in governance.bodies()]


def _agreement(memo: Any) -> Any:
    """The edition by which it joins; before there is one, the edition in force."""
    return queries.agreement(memo.edition.code if memo.edition else memo.joins)


def _outside(agreement: Any, by: User) -> bool:
    return all(party.agency_id != by.agency_id for party in agreement.parties.all())


def _offers(memo: Any) -> tuple[Offer, ...]:
    return tuple(Offer(one, len(memo.uses.get(one.code, {}))) for one in inventory.datasets_of(memo.agency))


def _in_words(dataset: DatasetTerm) -> tuple[tuple[str, str], ...]:
    return tuple(
        (field.title or field.name, ", ".join(str(USE_TITLES[use.value]) for use in Use if use in field.uses))
        for field in dataset.agreed
    )


def _actions(memo: Any, agreement: Any, by: User, incomplete: bool) -> tuple[Action, ...]:
    titles = {
        "write": _("Write the memo"),
        "send": _("Send it"),
        "take up": _("Take it up"),
        "decline": _("Decline"),
        "take back": _("Take it back"),
    }
    found = []
    for name, title in titles.items():
        command = JOINING_COMMANDS[name]
        if memo.state not in command.states:
            continue
        for_party = name in {"take up", "decline"}
        why = commands.why_not(command, state=memo.state, by=by, agency=by.agency if for_party else memo.agency)
        if not why and for_party and _outside(agreement, by):
            why = _("Your agency is not a party to %(code)s.") % {"code": memo.joins}
        if not why and for_party and memo.agency_id == by.agency_id:
            why = _("Your agency is the one that wants to join.")
        if not why and name == "send" and incomplete:
            why = _("Something is missing; see above.")
        found.append(Action(name, title, why))
    return tuple(found)
