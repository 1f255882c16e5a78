"""What the pages of the parallel review show: who is at it since when, threads on each clause, what Word brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from infotrust.core.policy.clauses import Clause
from infotrust.core.policy.clauses import clauses as clauses_of
from infotrust.shared.accounts.models import Role, User
from infotrust.shared.clocks import queries as clocks
from infotrust.shared.permissions import commands, duties
from infotrust.shared.words import Piece, differences
from infotrust.stages.agreements import differing, queries, reading_back
from infotrust.stages.agreements.commands import COMMANDS
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.services import turns


@dataclass(frozen=True)
class Reviewer:
    """One role of one party: what it said, or since how many days it has been asked."""

    party: str
    role: str
    said: str
    content: bool | None
    note: str
    days: int | None


@dataclass(frozen=True)
class Talk:
    """A clause with its threads; the clause is empty for what is about the whole agreement."""

    key: str
    number: int
    heading: str
    clause: Clause | None
    threads: tuple[Any, ...]

    @property
    def open(self) -> int:
        return sum(1 for thread in self.threads if not thread.settled_at)


@dataclass(frozen=True)
class LeftOpen:
    """What is not settled on one clause: wishes to change the terms, other words from Word, comments; and whose."""

    key: str
    heading: str
    wishes: int
    words: int
    comments: int
    parties: tuple[str, ...]


@dataclass(frozen=True)
class Discussion:
    """The parallel review of an agreement. `why_not`: why this reader cannot do a thing now, by its name."""

    agreement: Any
    reviewers: tuple[Reviewer, ...]
    contacts: tuple[tuple[str, str], ...]
    talks: tuple[Talk, ...]
    open_threads: int
    open_proposals: int
    left_open: tuple[LeftOpen, ...]
    papers: tuple[Any, ...]
    why_not: dict[str, str]
    own: Any

    @property
    def not_settled(self) -> int:
        return self.open_threads + self.open_proposals


@dataclass(frozen=True)
class ProposalRow:
    proposal: Any
    pieces: tuple[Piece, ...]
    heading: str
    form: str
    was_machine: bool
    # Where others have changed the clause since: what accepting would do to their words, and the stamp of those.
    over: tuple[Piece, ...] = ()
    stamp: str = ""


def discussion(code: str, *, by: User, at: datetime | None = None) -> Discussion:
    """Raises `NotPermitted`, `NoSuchAgreement`."""
    duties.require("read agreements", by=by)
    found = queries.agreement(code)
    threads = queries.threads(found)
    talks = _talks(found, threads)
    proposed = [one for one in queries.proposals(found) if one.answer == "open"]
    return Discussion(
        agreement=found,
        reviewers=tuple(_reviewers(found, at)),
        contacts=_contacts(found),
        talks=talks,
        open_threads=sum(1 for thread in threads if not thread.settled_at),
        open_proposals=len(proposed),
        left_open=_left_open(found, talks, proposed),
        papers=tuple(queries.kept_papers(found)),
        why_not={name: _why_not(found, name, by) for name in ("comment", "say", "contact", "propose", "attach")},
        own=by.agency,
    )


def proposals_page(code: str, *, by: User) -> tuple[Any, tuple[ProposalRow, ...], dict[str, str]]:
    """The agreement, what Word files proposed (the open ones first), and why this reader cannot decide, if so."""
    duties.require("read agreements", by=by)
    found = queries.agreement(code)
    numbers = {clause.key: clause for clause in differing.text_of(queries.terms_of(found))}
    rows = tuple(_proposal(one, numbers, found) for one in queries.proposals(found))
    why_not = {name: _why_not(found, name, by) for name in ("accept", "refuse")}
    return found, tuple(sorted(rows, key=lambda row: row.proposal.answer != "open")), why_not


def _proposal(proposal: Any, clauses: dict[str, Clause], agreement: Any) -> ProposalRow:
    clause = clauses.get(proposal.clause)
    after = proposal.text
    if proposal.kind in {reading_back.REWORD, reading_back.ADD} and proposal.text:
        after = f"{proposal.heading}. {proposal.text}" if proposal.heading else proposal.text
    there = next((one for one in agreement.clauses.all() if one.key == proposal.clause), None)
    late = _changed_since(proposal, clause)
    return ProposalRow(
        over=differences(reading_back.whole(clause), after) if clause and late else (),
        stamp=reading_back.stamp_of(clause) if clause and late else "",
        proposal=proposal,
        pieces=differences(proposal.before, after),
        heading=_numbered(clause) if clause else _("A new clause"),
        form=reading_back.FORMS.get(proposal.clause, "") if proposal.kind == reading_back.TERMS else "",
        was_machine=bool(there and there.terms),
    )


def _numbered(clause: Clause) -> str:
    return f"{clause.number}. {clause.heading}" if clause.number else clause.heading


def _changed_since(proposal: Any, clause: Clause | None) -> bool:
    decides_words = proposal.answer == "open" and proposal.kind in {reading_back.REWORD, reading_back.REMOVE}
    return bool(clause and decides_words and reading_back.stamp_of(clause) != proposal.stamp)


def _reviewers(agreement: Any, at: datetime | None) -> list[Reviewer]:
    asked = [one for one in clocks.open_of(agreement.label, at) if one.wait.step in turns.REVIEW_STEPS.values()]
    waits = {(one.wait.agency_id, one.wait.role): one for one in asked}
    said = {(one.agency_id, one.role): one for one in queries.role_reviews(agreement)}
    found = []
    for party in agreement.parties.all():
        if party.approved_at:
            found.append(_approved(party))
        for role in (Role.COUNSEL, Role.PRIVACY, Role.SECURITY, Role.PROGRAM, Role.STEWARD):
            key = (party.agency_id, role.value)
            words, wait = said.get(key), waits.get(key)
            if words is not None:
                who = f"{words.by.name}, {words.at:%b} {words.at.day}"
                found.append(Reviewer(party.agency.name, str(role.label), who, words.content, words.note, None))
            elif wait is not None and agreement.state == State.IN_REVIEW:
                found.append(Reviewer(party.agency.name, str(role.label), "", None, "", wait.days))
    return found


def _approved(party: Any) -> Reviewer:
    who = f"{party.approved_by.name}, {party.approved_at:%b} {party.approved_at.day}"
    return Reviewer(party.agency.name, str(Role.COUNSEL.label), who, True, _("approves the text"), None)


def _contacts(agreement: Any) -> tuple[tuple[str, str], ...]:
    """Each party with its contact, and who stands in today for one who is away."""
    named = {one.agency_id: one.person for one in queries.contacts(agreement)}
    return tuple(
        (party.agency.name, _with_cover(named[party.agency_id]) if party.agency_id in named else "")
        for party in agreement.parties.all()
    )


def _with_cover(person: User) -> str:
    cover = clocks.covers(person).first()
    if cover is None:
        return person.name
    return _("%(person)s (away from %(day)s; %(deputy)s stands in)") % {
        "person": person.name,
        "day": f"{cover.first_day:%b} {cover.first_day.day}",
        "deputy": cover.deputy.name,
    }


def _talks(agreement: Any, threads: list[Any]) -> tuple[Talk, ...]:
    by_clause: dict[str, list[Any]] = {}
    for thread in threads:
        by_clause.setdefault(thread.clause, []).append(thread)
    made = clauses_of(queries.terms_of(agreement))
    found = [Talk(one.key, one.number, one.heading, one, tuple(by_clause.pop(one.key, ()))) for one in made]
    rest = [thread for kept in by_clause.values() for thread in kept]
    return (*found, Talk("whole", 0, _("The agreement as a whole"), None, tuple(rest)))


def _left_open(agreement: Any, talks: tuple[Talk, ...], proposed: list[Any]) -> tuple[LeftOpen, ...]:
    """Clause by clause in the order of the text, then the agreement as a whole, then clauses that would be new."""
    headings = {one.key: _numbered(one) for one in differing.text_of(queries.terms_of(agreement))}
    headings |= {"whole": _("The agreement as a whole"), "": _("A new clause")}
    threads = {talk.key: [one for one in talk.threads if not one.settled_at] for talk in talks}
    wanted: dict[str, list[Any]] = {}
    for one in proposed:
        wanted.setdefault(one.clause if one.clause in headings else "", []).append(one)
    return tuple(
        LeftOpen(
            key=key,
            heading=heading,
            wishes=sum(one.kind == reading_back.TERMS for one in wanted.get(key, ())),
            words=sum(one.kind != reading_back.TERMS for one in wanted.get(key, ())),
            comments=len(threads.get(key, ())),
            parties=tuple(sorted({one.agency.name for one in (*wanted.get(key, ()), *threads.get(key, ()))})),
        )
        for key, heading in headings.items()
        if wanted.get(key) or threads.get(key)
    )


def _why_not(agreement: Any, name: str, by: User) -> str:
    command = COMMANDS[name]
    why = commands.why_not(command, state=agreement.state, by=by, agency=by.agency)
    party = any(party.agency_id == by.agency_id for party in agreement.parties.all())
    drafter = command.duty == "draft agreement" and agreement.drafted_by_id == by.pk
    if not why and not party and not drafter:
        return _("Your agency is not a party to %(code)s.") % {"code": agreement.code}
    return why
