"""Does a project fit, and which agreements already cover it? Answered at once, by the policies in force.

Nothing is guessed: for each agreement the same policies are asked that decide when a question runs, as a trained
analyst of each agency that may use its data. What is missing is named with its rule, its law and whom to ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infotrust.core.policy.book import PolicyBook, Request, Rule
from infotrust.core.policy.terms import Use
from infotrust.shared.accounts import queries as accounts
from infotrust.shared.accounts.models import Role, User
from infotrust.shared.catalogue import queries as catalogue
from infotrust.shared.permissions import duties
from infotrust.shared.permissions import services as permissions
from infotrust.shared.permissions.decision import Reason
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.inventory import queries as inventory

Pair = tuple[str, str]  # dataset, field

# Five questions that a data office asks first, after Colorado's linked data collaborative, in our own words.
FIVE: tuple[tuple[str, Any], ...] = (
    ("acts", _("Will someone decide or change something with the answer?")),
    ("linked", _("Does it need records of more than one agency or program?")),
    ("people", _("Would the people whose records these are gain from it, and say so?")),
    ("new", _("Have you looked whether a published answer already says it?")),
    ("means", _("Are there people, time and money to do the work and to use its result?")),
)
# A word shorter than this says nothing about what a question is about.
TELLING = 5


@dataclass(frozen=True)
class Missing:
    """A field that an agreement does not give for this purpose, and each rule that says so."""

    dataset: str
    field: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Cover:
    """An agreement in force: how much of the project it already covers, as an analyst of `agency`."""

    code: str
    title: str
    agency: str
    covered: tuple[Pair, ...]
    missing: tuple[Missing, ...]

    @property
    def whole(self) -> bool:
        return bool(self.covered) and not self.missing


@dataclass(frozen=True)
class Whom:
    """Whom to ask about data of an agency: its stewards and board members by name."""

    agency: str
    people: tuple[str, ...]
    fields: tuple[Pair, ...]


@dataclass(frozen=True)
class Fit:
    """`whole`: agreements that cover everything. `nowhere`: fields that no agreement in force covers at all."""

    covers: tuple[Cover, ...]
    nowhere: tuple[Missing, ...]
    whom: tuple[Whom, ...]
    answers: tuple[Any, ...]
    doubts: tuple[str, ...]

    @property
    def whole(self) -> tuple[Cover, ...]:
        return tuple(one for one in self.covers if one.whole)

    @property
    def partly(self) -> tuple[Cover, ...]:
        return tuple(one for one in self.covers if not one.whole)


def screen(
    *, question: str, purpose: str, fields: Sequence[Pair], five: dict[str, str], by: User, at: datetime | None = None
) -> Fit:
    """Return what already covers a project and what is missing; raises `NotPermitted`."""
    duties.require("comment request", by=by)
    at = at or timezone.now()
    _version, book = permissions.current_book()
    covers = tuple(
        found
        for one in agreements.in_force(at)
        if (found := _cover(book, one, purpose, fields, at)).covered or _shares(one, fields)
    )
    given = {pair for one in covers for pair in one.covered}
    nowhere = tuple(_nowhere(covers, pair) for pair in fields if pair not in given)
    return Fit(
        covers=tuple(sorted(covers, key=lambda one: (len(one.missing), one.code))),
        nowhere=nowhere,
        whom=_whom([(one.dataset, one.field) for one in nowhere] or fields),
        answers=_similar(question),
        doubts=tuple(str(words) for key, words in FIVE if five.get(key) in {"no", "unsure"}),
    )


def _shares(agreement: Any, fields: Sequence[Pair]) -> bool:
    """Whether an agreement shares any dataset of the project."""
    return bool({part.dataset.code for part in agreement.datasets.all()} & {dataset for dataset, _name in fields})


def _cover(book: PolicyBook, agreement: Any, purpose: str, fields: Sequence[Pair], at: datetime) -> Cover:
    """Ask for every field, for an analyst of each recipient, and keep the recipient to whom most is open."""
    recipients = [row.agency for row in agreement.recipients.all()]
    best = max((_asked(book, agreement, agency, purpose, fields, at) for agency in recipients), key=_open, default=None)
    return best or Cover(agreement.code, agreement.title, "", (), tuple(Missing(*pair, ()) for pair in fields))


def _open(found: Cover) -> int:
    return len(found.covered)


def _asked(book: PolicyBook, agreement: Any, agency: Any, purpose: str, fields: Sequence[Pair], at: datetime) -> Cover:
    asked = Request(
        agency=agency.code, roles=frozenset({Role.ANALYST.value}), action=Use.AGGREGATE.value, dataset="", field="",
        purpose=purpose, at=at, agreement=agreement.code, trained=True, two_step=True,
    )  # fmt: skip
    verdicts = book.decide_all([replace(asked, dataset=dataset, field=name) for dataset, name in fields])
    pairs = list(zip(fields, verdicts, strict=True))
    return Cover(
        agreement.code,
        agreement.title,
        agency.name,
        tuple(pair for pair, verdict in pairs if verdict.allowed),
        tuple(Missing(*pair, _reasons(verdict.rules)) for pair, verdict in pairs if not verdict.allowed),
    )


def _reasons(rules: Iterable[Rule]) -> tuple[Reason, ...]:
    return tuple(map(permissions.reason_of, rules))


def _nowhere(covers: Iterable[Cover], pair: Pair) -> Missing:
    """Return a field with the reasons of the agreement that comes nearest to giving it."""
    found = [one for cover in covers for one in cover.missing if (one.dataset, one.field) == pair]
    nearest = min(found, key=lambda one: len(one.reasons), default=None)
    plain = str(_("No agreement in force covers this field."))
    return nearest or Missing(*pair, (Reason("no-agreement", plain),))


def _whom(fields: Sequence[Pair]) -> tuple[Whom, ...]:
    """Return for each agency that owns one of these fields who to talk to."""
    owners = {one.code: one.agency for one in inventory.datasets()}
    wanted: dict[str, list[Pair]] = {}
    for pair in fields:
        if pair[0] in owners:
            wanted.setdefault(owners[pair[0]].code, []).append(pair)
    return tuple(
        Whom(accounts.agency(code).name, tuple(_contacts(code)), tuple(pairs)) for code, pairs in sorted(wanted.items())
    )


def _contacts(agency: str) -> Iterable[str]:
    for role in (Role.STEWARD, Role.BOARD_MEMBER):
        for person in accounts.people(agency=agency, role=role):
            if person.is_active:
                yield f"{person.name} ({role.label})"


def _similar(question: str) -> tuple[Any, ...]:
    """Return published answers whose title shares two telling words with the question: perhaps it is answered."""
    words = {word for word in question.casefold().split() if len(word) >= TELLING}
    return tuple(
        one
        for one in catalogue.answers()
        if len(words & {word.strip("?,.") for word in one.title.casefold().split()}) > 1
    )
