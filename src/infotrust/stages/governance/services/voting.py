"""Voting: open, recuse, vote, change one's vote, close and count. What was decided is never edited."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infotrust.core import chain
from infotrust.core.counting import Choice, Result, Verdict
from infotrust.shared.accounts.models import User
from infotrust.shared.audit.events import Event
from infotrust.shared.catalogue import comments
from infotrust.shared.clocks import services as clocks
from infotrust.stages.governance import queries
from infotrust.stages.governance.lifecycle import State
from infotrust.stages.governance.models import Ballot, Charter, Meeting, Motion, Recusal
from infotrust.stages.governance.queries import SeatNow, permits
from infotrust.stages.governance.services.asking import require_answered
from infotrust.stages.governance.services.calling import put_on_agenda
from infotrust.stages.governance.services.ground import (
    MotionRefused,
    await_presiders,
    await_votes,
    lock,
    move,
    needed,
    record,
    tell_moved,
)
from infotrust.stages.governance.terms import How

# Sent inside the transaction of the decision, with `motion` (its number), `subject`, `state`, `adopted`, `by`, `at`.
motion_decided = Signal()

OUTCOMES = {
    Verdict.ADOPTED: State.ADOPTED,
    Verdict.REJECTED: State.REJECTED,
    Verdict.NO_QUORUM: State.LAPSED,
}


class VoteRefused(MotionRefused):
    """A vote that the charter does not let count."""


@transaction.atomic
def open_vote(
    motion: Motion,
    *,
    how: str = How.ASYNCHRONOUS,
    closes_at: datetime | None = None,
    meeting: Meeting | None = None,
    waived: str = "",
    by: User,
    at: datetime | None = None,
) -> Motion:
    """Put a motion to the vote, under the charter as it is now.

    `waived` says why the public was not asked, where the charter asks for it; everyone reads it. Raises `MotionRefused`
    while comment is open, while a comment has no reply, while one of the four questions about its subject has no answer
    or its subject has changed, or where too few seats are filled for a quorum.
    """
    at = at or timezone.now()
    motion = lock(motion)
    permits.require("open vote", motion, by=by, at=at)
    charter = queries.charter(motion.body)
    _require_heard(motion, charter, waived, at)
    require_answered(motion)
    motion.charter, motion.how, motion.vote_opens_at = charter, How(how), at
    motion.vote_closes_at = _closing(charter, closes_at, at) if how == How.ASYNCHRONOUS else None
    motion.meeting = _meeting(motion, meeting) if how == How.MEETING else None
    _require_reachable(motion, charter, at)
    if motion.state == State.REVIEWED and charter.comment_days:
        motion.comment_waived = waived.strip()[:400]
    move(motion, State.VOTING)
    if motion.meeting is not None:
        put_on_agenda(motion.meeting, motion)
    clocks.finish(about=motion.about, step="open vote", outcome="opened", at=at)
    clocks.finish(about=motion.about, step="comments", outcome="all answered", at=at)
    if motion.how == How.ASYNCHRONOUS:
        await_votes(motion, at=at)
    record(
        Event.VOTE_OPENED, motion, by=by, at=at, how=motion.how, until=motion.vote_closes_at, charter=charter.version
    )
    return motion


def _require_heard(motion: Motion, charter: Charter, waived: str, at: datetime) -> None:
    if motion.state == State.REVIEWED:
        if charter.comment_days and not waived.strip():
            raise MotionRefused(
                _("The public is asked before a vote (%(rule)s).") % {"rule": queries.citation(charter)},
                next_step=_("Open public comment, or write why this cannot wait: everyone will read it."),
            )
        return
    if motion.comment_closes_at and at < motion.comment_closes_at:
        raise MotionRefused(
            _("Public comment on %(label)s is open until %(when)s.")
            % {"label": motion.label, "when": _when(motion.comment_closes_at)},
            next_step=_("Open the vote after that."),
        )
    unanswered = comments.tally(motion.label).unanswered
    if unanswered:
        raise MotionRefused(
            ngettext(
                "%(number)d comment has no reply yet (%(rule)s).",
                "%(number)d comments have no reply yet (%(rule)s).",
                unanswered,
            )
            % {"number": unanswered, "rule": queries.citation(charter)},
            next_step=_("Reply to each, then open the vote."),
        )


def _meeting(motion: Motion, meeting: Meeting | None) -> Meeting:
    """The meeting in which the vote is held: the one that was named, or the only one that is called."""
    called = queries.called(motion.body)
    if meeting is None and len(called) == 1:
        return called[0]
    if meeting is None and called:
        raise MotionRefused(_("This body has called several meetings."), next_step=_("Choose the one that it is in."))
    if meeting is None or meeting.pk not in {one.pk for one in called}:
        raise MotionRefused(
            _("A vote in a meeting needs a meeting of this body that is called."), next_step=_("Call one first.")
        )
    return meeting


def _closing(charter: Charter, closes_at: datetime | None, at: datetime) -> datetime:
    least = at + timedelta(days=charter.vote_days)
    if closes_at is not None and closes_at < least:
        raise MotionRefused(
            ngettext(
                "A vote in writing is open for at least %(days)d day (%(rule)s).",
                "A vote in writing is open for at least %(days)d days (%(rule)s).",
                charter.vote_days,
            )
            % {"days": charter.vote_days, "rule": queries.citation(charter)},
            next_step=_("Choose a later closing time."),
        )
    return closes_at or max(least, at + timedelta(hours=1))


def _require_reachable(motion: Motion, charter: Charter, at: datetime) -> None:
    """Refuse a vote that cannot come to a decision even if everyone who can takes part."""
    best = queries.best_case(motion, charter, at)
    if best.verdict == Verdict.NO_QUORUM:
        raise MotionRefused(
            _("Even if every seat takes part, only %(present)d would, and it takes %(quorum)d (%(rule)s).")
            % {"present": best.present, "quorum": best.quorum, "rule": queries.citation(charter)},
            next_step=_("Fill the vacant seats first."),
        )


@transaction.atomic
def recuse(motion: Motion, *, reason: str, by: User, at: datetime | None = None) -> Recusal:
    """Take no part in a motion because of a conflict of interest; a vote already given becomes history.

    Raises `NotPermitted` without a seat or a second time, and `MotionRefused` without a reason.
    """
    at = at or timezone.now()
    motion = lock(motion)
    seat = _seat(permits.require("recuse", motion, by=by, at=at))
    reason = needed(reason, _("A seat takes no part only for a reason."))[:400]
    taken_out = motion.ballots.filter(seat=seat.seat, replaced_at__isnull=True).update(replaced_at=at)
    recusal = Recusal.objects.create(motion=motion, seat=seat.seat, reason=reason, declared_by=by, at=at)
    clocks.finish(about=motion.about, step="vote", person=by, outcome="recused", at=at)
    record(Event.SEAT_RECUSED, motion, by=by, at=at, seat=seat.seat.pk, vote_taken_out=bool(taken_out))
    return recusal


def _seat(standing: queries.Standing) -> SeatNow:
    seat = standing.voting
    if seat is None:  # `permits.require` has refused whoever has none
        raise RuntimeError("a voter without a seat")
    return seat


@transaction.atomic
def cast_vote(motion: Motion, *, choice: str, reasons: str = "", by: User, at: datetime | None = None) -> Ballot:
    """Vote for the seat that `by` acts for. A vote against says why; who has voted changes the vote instead.

    Raises `NotPermitted` (no seat, recused), `VoteClosed`, and `VoteRefused` (a second vote, too late, no reasons).
    """
    at = at or timezone.now()
    motion = lock(motion)
    seat = _seat(permits.require("vote", motion, by=by, at=at))
    _require_in_time(motion, at)
    earlier = _standing_vote(motion, seat)
    if earlier is not None:
        raise VoteRefused(
            _("The seat %(seat)s has already voted on %(label)s. Each seat votes once (%(rule)s).")
            % {"seat": seat.seat.title, "label": motion.label, "rule": _rule(motion)},
            next_step=_("You can change that vote until the close; the change is recorded."),
        )
    ballot = _add(motion, seat, choice, reasons, by, at)
    clocks.finish(about=motion.about, step="vote", person=by, outcome="voted", at=at)
    record(Event.VOTE_CAST, motion, by=by, at=at, seat=seat.seat.pk, delegate=ballot.as_delegate)
    return ballot


@transaction.atomic
def change_vote(motion: Motion, *, choice: str, reasons: str = "", by: User, at: datetime | None = None) -> Ballot:
    """Put another vote in the place of the one that was given; the first stays as history.

    Raises as `cast_vote` does, and `VoteRefused` where nothing was given yet or nothing would change.
    """
    at = at or timezone.now()
    motion = lock(motion)
    seat = _seat(permits.require("change vote", motion, by=by, at=at))
    _require_in_time(motion, at)
    earlier = _standing_vote(motion, seat)
    if earlier is None:
        raise VoteRefused(
            _("The seat %(seat)s has not voted on %(label)s yet.") % {"seat": seat.seat.title, "label": motion.label},
            next_step=_("Vote first."),
        )
    if (earlier.choice, earlier.reasons) == (choice, reasons.strip()):
        raise VoteRefused(_("This is the vote that already stands."), next_step=_("Change it, or leave it as it is."))
    Ballot.objects.filter(pk=earlier.pk).update(replaced_at=at)
    ballot = _add(motion, seat, choice, reasons, by, at)
    record(Event.VOTE_CHANGED, motion, by=by, at=at, seat=seat.seat.pk, delegate=ballot.as_delegate)
    return ballot


def _standing_vote(motion: Motion, seat: SeatNow) -> Ballot | None:
    return next((one for one in queries.ballots(motion) if one.seat_id == seat.seat.pk), None)


def _add(motion: Motion, seat: SeatNow, choice: str, reasons: str, by: User, at: datetime) -> Ballot:
    return add_ballot(motion, seat, choice, reasons, cast_by=by, recorded_by=by, at=at)


def add_ballot(
    motion: Motion, seat: SeatNow, choice: str, reasons: str, *, cast_by: User, recorded_by: User, at: datetime
) -> Ballot:
    """Write a vote down; whoever calls has asked who may. Raises `VoteRefused` for what is no vote or says no why."""
    if choice not in set(Choice):
        raise VoteRefused(_("This is no vote."), next_step=_("Vote for, against, or abstain."))
    if choice == Choice.NO:
        reasons = needed(reasons, _("A vote against says why."), _("Your reasons stand beside the decision."))
    return Ballot.objects.create(
        motion=motion,
        seat=seat.seat,
        choice=choice,
        reasons=reasons.strip(),
        cast_by=cast_by,
        recorded_by=recorded_by,
        as_delegate=seat.delegation is not None,
        at=at,
    )


def _require_in_time(motion: Motion, at: datetime) -> None:
    if motion.vote_closes_at and at >= motion.vote_closes_at:
        raise VoteRefused(
            _("The vote on %(label)s closed on %(when)s. A vote counts only before the closing time (%(rule)s).")
            % {"label": motion.label, "when": _when(motion.vote_closes_at), "rule": _rule(motion)},
            next_step=_("The votes are being counted."),
        )


@transaction.atomic
def close_vote(motion: Motion, *, by: User | None = None, at: datetime | None = None) -> Motion:
    """Count the vote and write down the decision. `by` None: the trust itself, when the closing time has come.

    In writing, before the closing time, only where every seat that can has voted. Raises `MotionRefused` otherwise.
    """
    at = at or timezone.now()
    motion = lock(motion)
    if by is not None:
        permits.require("close vote", motion, by=by, at=at)
    elif motion.state != State.VOTING:
        return motion  # another worker was quicker
    _require_over(motion, by, at)
    result, there = queries.tally(motion, at)
    motion.result = asdict(result) | {"seats": [now.seat.title for now in there]}
    motion.decided_at, motion.closed_by = at, by
    motion.digest = digest(motion)
    move(motion, OUTCOMES[result.verdict])
    clocks.finish_all(about=motion.about, outcome=motion.state, at=at)
    if motion.state == State.ADOPTED and motion.supersedes is not None:
        _supersede(motion.supersedes, motion, by, at)
    _tell(motion, result, by, at)
    clocks.tell(
        [motion.raised_by],
        title=_("%(motion)s: %(state)s") % {"motion": motion, "state": motion.get_state_display()},
        address=f"/governance/motions/{motion.pk}/",
        by=by,
        at=at,
    )
    return motion


def _require_over(motion: Motion, by: User | None, at: datetime) -> None:
    if motion.how == How.MEETING and by is not None:
        return
    if motion.vote_closes_at and at >= motion.vote_closes_at:
        return
    if by is not None and queries.closes_early(motion, at):
        return
    raise MotionRefused(
        _("The vote on %(label)s is still open, and not every seat has voted.") % {"label": motion.label},
        next_step=_("It is counted by itself on %(when)s.") % {"when": _when(motion.vote_closes_at)}
        if motion.vote_closes_at
        else "",
    )


def _supersede(earlier: Motion, by_this: Motion, by: User | None, at: datetime) -> None:
    earlier = lock(earlier)
    # Something else may have taken its place since this motion was raised; then there is nothing left to supersede.
    if earlier.state == State.ADOPTED:
        move(earlier, State.SUPERSEDED)
        clocks.finish_all(about=earlier.about, outcome="superseded", at=at)
        record(Event.MOTION_SUPERSEDED, earlier, by=by, at=at, superseded_by=by_this.label)
        tell_moved(earlier, by=by, at=at)


def _tell(motion: Motion, result: Result, by: User | None, at: datetime) -> None:
    numbers = {name: value for name, value in asdict(result).items() if isinstance(value, int)}
    record(Event.MOTION_DECIDED, motion, by=by, at=at, outcome=motion.state, digest=motion.digest, **numbers)
    motion_decided.send(
        sender=None,
        motion=motion.pk,
        subject=motion.subject,
        state=str(motion.state),
        adopted=motion.state == State.ADOPTED,
        by=by,
        at=at,
    )


def digest(motion: Motion) -> str:
    """Return the SHA-256 of all that was decided and of how every seat voted, for the log and the minutes."""
    content = {
        "label": motion.label,
        "body": motion.body.code,
        "title": motion.title,
        "text": motion.text,
        "why": motion.why,
        "conditions": motion.conditions,
        "review_by": motion.review_by.isoformat() if motion.review_by else "",
        "charter": motion.charter.version if motion.charter else 0,
        "votes": [[one.seat_id, one.choice, one.reasons] for one in sorted(queries.ballots(motion), key=_by_seat)],
        "recused": sorted(queries.recused_seats(motion)),
    }
    return hashlib.sha256(chain.canonical(content).encode()).hexdigest()


def _by_seat(ballot: Ballot) -> int:
    return ballot.seat_id


@transaction.atomic
def follow_calendar(at: datetime | None = None) -> int:
    """Do what the calendar asks: count votes whose time has come, and say whose turn it is. Returns how many closed."""
    at = at or timezone.now()
    closed = [close_vote(motion, at=at) for motion in queries.waiting_to_close(at)]
    for motion in queries.motions(states=[State.COMMENT]):
        if motion.comment_closes_at and at >= motion.comment_closes_at:
            step = "comments" if comments.tally(motion.label).unanswered else "open vote"
            await_presiders(motion, step, at=at)
    soon = timezone.localdate(at) + timedelta(days=30)
    for motion in queries.motions(states=[State.ADOPTED]):
        due = queries.review_due(motion)
        if due and due <= soon:
            await_presiders(motion, "look back", at=at, due_on=due)
    return len(closed)


def _rule(motion: Motion) -> str:
    return queries.citation(motion.charter or queries.charter(motion.body))


def _when(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
