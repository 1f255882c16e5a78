"""Motions: which there are, how a vote stands, what was decided about something."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.counting import Ballot as Counted
from infotrust.core.counting import Choice, Result, count
from infotrust.core.errors import NotThere
from infotrust.stages.governance.lifecycle import DECIDED, State
from infotrust.stages.governance.models import Ballot, Body, Charter, Motion, Recusal
from infotrust.stages.governance.queries.bodies import SeatNow, charter, seats
from infotrust.stages.governance.terms import Office


class NoSuchMotion(NotThere):
    """No motion has this number."""


@dataclass(frozen=True)
class BoardDecision:
    """How a body decided about a subject. `adopted` is False for one that was rejected, lapsed or was superseded."""

    label: str
    body: str
    state: str
    adopted: bool
    decided_on: date
    subject_version: str
    conditions: str
    review_by: date | None
    address: str


def motion(number: int) -> Motion:
    """Return the motion; raises `NoSuchMotion`."""
    found = _whole().filter(pk=number).first()
    if found is None:
        raise NoSuchMotion(_("There is no motion %(number)s.") % {"number": number}, next_step=_("See the list."))
    return found


def numbered(label: str) -> Motion:
    """Return the motion that people call `M-12`; raises `NoSuchMotion`."""
    digits = label.upper().removeprefix("M-")
    return motion(int(digits) if digits.isdecimal() else 0)


def motions(*, body: Body | None = None, states: Iterable[str] = tuple(State)) -> list[Motion]:
    """Return motions in one of `states`, the newest first."""
    found = _whole().filter(state__in=list(states))
    return list(found.filter(body=body) if body else found)


def of_subject(subject: str) -> list[Motion]:
    """Every motion about a subject (`agreement:DSA-1`), the newest first."""
    return list(_whole().filter(subject=subject)) if subject else []


def decision_on(subject: str, *, body: str = "") -> BoardDecision | None:
    """Return the latest decision about a subject, of the body called `body` where given; None where there is none.

    What was superseded is no decision any more; the motion that took its place is.
    """
    found = _whole().filter(subject=subject, state__in=[State.ADOPTED, State.REJECTED, State.LAPSED])
    if body:
        found = found.filter(body__code=body)
    latest = found.order_by("-decided_at", "-pk").first() if subject else None
    if latest is None or latest.decided_at is None:
        return None
    return BoardDecision(
        label=latest.label,
        body=latest.body.name,
        state=latest.state,
        adopted=latest.state == State.ADOPTED,
        decided_on=timezone.localdate(latest.decided_at),
        subject_version=latest.subject_version,
        conditions=latest.conditions,
        review_by=review_due(latest),
        address=f"/governance/motions/{latest.pk}/",
    )


def review_due(motion: Motion) -> date | None:
    """Return by when a decision must be looked at again: as decided, or as the last look back said."""
    last = motion.look_backs.last()
    return last.next_on if last else motion.review_by


def ballots(motion: Motion) -> list[Ballot]:
    """Return the votes that stand, in the order in which they were given."""
    return [ballot for ballot in motion.ballots.all() if ballot.replaced_at is None]


def recused_seats(motion: Motion) -> dict[int, Recusal]:
    return {recusal.seat_id: recusal for recusal in motion.recusals.all()}


def tally(motion: Motion, at: datetime | None = None) -> tuple[Result, list[SeatNow]]:
    """Count the vote as it stands at `at`, by the charter it was opened under; return the counted seats too."""
    given = {ballot.seat_id: ballot for ballot in ballots(motion)}
    recused = recused_seats(motion)
    there = [now for now in seats(motion.body, timezone.localdate(at)) if now.seat.votes or now.seat.pk in given]
    rule = (motion.charter or charter(motion.body)).rule
    present = {one.seat_id for one in motion.meeting.attendances.all()} if motion.meeting else set()
    counted = [_counted(now, given.get(now.seat.pk), now.seat.pk in recused, present) for now in there]
    return count(counted, rule), there


def _counted(now: SeatNow, ballot: Ballot | None, recused: bool, there: Collection[int] = ()) -> Counted:
    """What a seat did, for the count. A seat whose holder left after voting has voted; `there`: in the meeting."""
    return Counted(
        seat=str(now.seat.pk),
        agency=now.seat.agency.code if now.seat.agency else "",
        filled=not now.vacant or ballot is not None,
        present=ballot is not None or (now.seat.pk in there and not now.vacant),
        recused=recused,
        choice=Choice(ballot.choice) if ballot and not recused else None,
        chair=now.seat.office == Office.CHAIR,
    )


def best_case(motion: Motion, charter: Charter, at: datetime) -> Result:
    """Return how a vote would come out if every seat that can take part voted for it: is a quorum in reach?"""
    recused = recused_seats(motion)
    there = [now for now in seats(motion.body, timezone.localdate(at)) if now.seat.votes]
    counted = [_counted(now, None, now.seat.pk in recused) for now in there]
    return count([replace(one, choice=Choice.YES if one.counts else None) for one in counted], charter.rule)


def closes_early(motion: Motion, at: datetime | None = None) -> bool:
    """Whether every seat that can vote has voted, so that waiting for the closing time changes nothing."""
    given, recused = {ballot.seat_id for ballot in ballots(motion)}, recused_seats(motion)
    able = [now for now in seats(motion.body, timezone.localdate(at)) if now.seat.votes and not now.vacant]
    return all(now.seat.pk in given or now.seat.pk in recused for now in able)


def waiting_to_close(at: datetime) -> list[Motion]:
    """Return the votes in writing whose closing time has come."""
    return list(_whole().filter(state=State.VOTING, vote_closes_at__lte=at).order_by("vote_closes_at", "pk"))


def decided(body: Body | None = None) -> list[Motion]:
    return motions(body=body, states=DECIDED)


def _whole() -> QuerySet[Motion]:
    votes = Ballot.objects.select_related("seat", "cast_by", "recorded_by")
    recusals = Recusal.objects.select_related("seat", "declared_by")
    return Motion.objects.select_related(
        "body", "charter", "charter__body", "raised_by", "reviewed_by", "closed_by", "supersedes", "meeting"
    ).prefetch_related(
        Prefetch("ballots", queryset=votes), Prefetch("recusals", queryset=recusals), "look_backs", "superseded_by"
    )
