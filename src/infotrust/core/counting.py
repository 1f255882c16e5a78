"""How a vote comes out: from what each seat did to adopted, rejected or no quorum, with every number it rests on.

A *unit* is what has one vote: a seat, or, where the charter gives each agency one vote, all seats of an agency.

- The bar does not move. Shares (of a quorum, or of all seats) are of every unit there is; a vacant or a recused one
  counts there, so that nobody lowers the bar by leaving a seat empty or sending someone out of the room.
- A recused seat is neither present nor does it vote: recusal can cost the quorum.
- An abstention makes a seat present and counts neither for nor against.
- A tie is not a majority. Where the charter says so, the chair's own vote then decides.

Majority and two-thirds are counted as in Robert's Rules of Order, 12th edition (2020), sections 44:1-44:6 (more than
half, at least two thirds, of votes cast without abstentions), 40:2 (quorum) and 45:4 (own interest).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Choice(StrEnum):
    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class Share(StrEnum):
    """How much must be in favor."""

    MAJORITY = "majority"
    TWO_THIRDS = "two_thirds"
    ALL = "all"


class Basis(StrEnum):
    """Of what: votes for and against, or every unit there is."""

    CAST = "cast"
    SEATS = "seats"


class Verdict(StrEnum):
    ADOPTED = "adopted"
    REJECTED = "rejected"
    NO_QUORUM = "no_quorum"


class Why(StrEnum):
    """What decided, as a code that a page words."""

    NO_QUORUM = "no_quorum"
    ENOUGH = "enough"
    TOO_FEW = "too_few"
    TIE = "tie"
    CHAIR_DECIDED = "chair_decided"
    NOBODY_VOTED = "nobody_voted"


@dataclass(frozen=True)
class Rule:
    """What a charter says of quorum and decision.

    `quorum_number` units, and `quorum_percent` of all units, must be present; both hold where both are given.
    """

    share: Share = Share.MAJORITY
    basis: Basis = Basis.CAST
    quorum_number: int = 0
    quorum_percent: int = 50
    one_vote_per_agency: bool = False
    chair_decides_ties: bool = False

    def __post_init__(self) -> None:
        if self.quorum_number < 0 or not 0 <= self.quorum_percent <= 100:
            raise ValueError("a quorum is a number of seats, and a share between 0 and 100 percent")
        if self.chair_decides_ties and (self.share, self.basis) != (Share.MAJORITY, Basis.CAST):
            raise ValueError("the chair decides ties only where a majority of the votes cast decides")

    def quorum(self, units: int) -> int:
        """How many of `units` must be present, at least one: nobody decides in an empty room."""
        return max(1, self.quorum_number, -(-units * self.quorum_percent // 100))


@dataclass(frozen=True)
class Ballot:
    """What one voting seat did. `present` without `choice`: there, but did not vote. A vacant seat is not `filled`."""

    seat: str
    agency: str = ""
    filled: bool = True
    present: bool = False
    recused: bool = False
    choice: Choice | None = None
    chair: bool = False

    @property
    def counts(self) -> bool:
        """Whether its presence and its vote count at all."""
        return self.filled and not self.recused


@dataclass(frozen=True)
class Result:
    """`needed`: how many votes in favor it took, given the votes against; `yes` includes no casting vote."""

    verdict: Verdict
    why: Why
    units: int
    vacant: int
    recused: int
    present: int
    quorum: int
    yes: int
    no: int
    abstained: int
    needed: int

    @property
    def not_voted(self) -> int:
        """Units that could have voted and did not."""
        return self.units - self.vacant - self.recused - self.yes - self.no - self.abstained


@dataclass(frozen=True)
class _Unit:
    filled: bool
    recused: bool
    present: bool
    choice: Choice | None


def count(ballots: Sequence[Ballot], rule: Rule) -> Result:
    """Count the ballots of all voting seats, one each, under `rule`.

    Raises `ValueError` where a seat stands twice, or a seat that is vacant or recused is said to have voted.
    """
    _require_sound(ballots)
    units = [_unit(seats) for seats in _by_unit(ballots, rule.one_vote_per_agency)]
    choices = [unit.choice for unit in units]
    yes, no, abstained = (choices.count(choice) for choice in (Choice.YES, Choice.NO, Choice.ABSTAIN))
    present, quorum = sum(unit.present for unit in units), rule.quorum(len(units))
    needed = _needed(rule, len(units), yes + no, no)
    verdict, why = _verdict(rule, ballots, present >= quorum, yes, no, needed)
    return Result(
        verdict=verdict,
        why=why,
        units=len(units),
        vacant=sum(not unit.filled for unit in units),
        recused=sum(unit.filled and unit.recused for unit in units),
        present=present,
        quorum=quorum,
        yes=yes,
        no=no,
        abstained=abstained,
        needed=needed,
    )


def _require_sound(ballots: Sequence[Ballot]) -> None:
    if len({ballot.seat for ballot in ballots}) < len(ballots):
        raise ValueError("a seat stands twice")
    for ballot in ballots:
        if ballot.choice is not None and not ballot.counts:
            raise ValueError(f"seat {ballot.seat} cannot have voted: it is {'recused' if ballot.filled else 'vacant'}")


def _by_unit(ballots: Iterable[Ballot], per_agency: bool) -> Iterable[list[Ballot]]:
    """Seats that have one vote together. A seat of no agency (a resident's) always has its own."""
    units: dict[tuple[str, str], list[Ballot]] = defaultdict(list)
    for ballot in ballots:
        together = per_agency and ballot.agency
        units[("agency", ballot.agency) if together else ("seat", ballot.seat)].append(ballot)
    return units.values()


def _unit(seats: Sequence[Ballot]) -> _Unit:
    filled = [seat for seat in seats if seat.filled]
    counting = [seat for seat in filled if not seat.recused]
    return _Unit(
        filled=bool(filled),
        recused=bool(filled) and not counting,
        present=any(seat.present or seat.choice is not None for seat in counting),
        choice=_joint([seat.choice for seat in counting if seat.choice is not None]),
    )


def _joint(choices: Sequence[Choice]) -> Choice | None:
    """One vote for all: what more of them said, for or against; an abstention where they are divided."""
    if not choices:
        return None
    yes, no = choices.count(Choice.YES), choices.count(Choice.NO)
    if yes == no:
        return Choice.ABSTAIN
    return Choice.YES if yes > no else Choice.NO


def _needed(rule: Rule, units: int, cast: int, no: int) -> int:
    """The votes in favor that adopt. Of votes cast: as many as it takes with the votes against that there are."""
    if rule.basis == Basis.CAST:
        if rule.share == Share.MAJORITY:
            return no + 1
        return max(1, 2 * no) if rule.share == Share.TWO_THIRDS else max(1, cast)
    if rule.share == Share.MAJORITY:
        return units // 2 + 1
    return max(1, -(-2 * units // 3) if rule.share == Share.TWO_THIRDS else units)


def _verdict(
    rule: Rule, ballots: Sequence[Ballot], quorum: bool, yes: int, no: int, needed: int
) -> tuple[Verdict, Why]:
    if not quorum:
        return Verdict.NO_QUORUM, Why.NO_QUORUM
    if yes >= needed:
        return Verdict.ADOPTED, Why.ENOUGH
    if not yes and not no:
        return Verdict.REJECTED, Why.NOBODY_VOTED
    if yes == no and rule.basis == Basis.CAST and rule.share == Share.MAJORITY:
        return _tie(rule, ballots)
    return Verdict.REJECTED, Why.TOO_FEW


def _tie(rule: Rule, ballots: Sequence[Ballot]) -> tuple[Verdict, Why]:
    chair = next((ballot.choice for ballot in ballots if ballot.chair and ballot.counts), None)
    if rule.chair_decides_ties and chair in (Choice.YES, Choice.NO):
        return (Verdict.ADOPTED if chair == Choice.YES else Verdict.REJECTED), Why.CHAIR_DECIDED
    return Verdict.REJECTED, Why.TIE
