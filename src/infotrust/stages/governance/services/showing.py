"""What the public sees of bodies and motions: seats, not people (unless a body names them), votes once decided."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import Role, User
from infotrust.shared.catalogue import services as catalogue
from infotrust.shared.catalogue.entries import BodyEntry, MotionEntry, QuestionEntry, SeatEntry, VoteEntry
from infotrust.stages.governance import queries
from infotrust.stages.governance.lifecycle import PUBLIC, State
from infotrust.stages.governance.models import Body, Motion
from infotrust.stages.governance.queries import SeatNow
from infotrust.stages.governance.terms import WHY_WORDS


def show_body(body: Body, *, at: datetime) -> None:
    """Show a body with its charter and seats."""
    charter = queries.charter(body)
    entry = BodyEntry(
        code=body.code,
        name=body.name,
        about=body.about,
        charter=charter.text,
        charter_version=charter.version,
        charter_since=timezone.localdate(charter.adopted_at),
        rules=tuple(queries.rules_in_words(charter)),
        seats=tuple(_seat(now, body) for now in queries.seats(body, timezone.localdate(at))),
        order=body.pk,
    )
    catalogue.show_body(entry, at=at)


def _seat(now: SeatNow, body: Body) -> SeatEntry:
    return SeatEntry(
        title=now.seat.title,
        office=now.seat.office,
        votes=now.seat.votes,
        kind=now.seat.kind,
        vacant=now.vacant,
        holder=now.holder.name if body.names_public and now.holder else "",
        until=now.until,
    )


def show_motion(motion: Motion, *, at: datetime) -> None:
    """Show a motion that was taken up; one that is only raised, or was withdrawn before that, stays inside."""
    if motion.state not in PUBLIC or (motion.state == State.WITHDRAWN and motion.reviewed_at is None):
        return
    after = next((one for one in motion.superseded_by.all() if one.state in (State.ADOPTED, State.SUPERSEDED)), None)
    entry = MotionEntry(
        label=motion.label,
        body_code=motion.body.code,
        body=motion.body.name,
        title=motion.title,
        why=motion.why,
        text=motion.text,
        state=motion.state,
        raised_on=timezone.localdate(motion.raised_at),
        comment_opens_at=motion.comment_opens_at,
        comment_closes_at=motion.comment_closes_at,
        comment_waived=motion.comment_waived,
        vote_closes_at=motion.vote_closes_at,
        conditions=motion.conditions,
        review_by=queries.review_due(motion),
        decided_on=timezone.localdate(motion.decided_at) if motion.decided_at else None,
        outcome=_outcome(motion),
        counts={name: value for name, value in (motion.result or {}).items() if isinstance(value, int)},
        votes=_votes(motion) if motion.decided_at else (),
        answers=_answers(motion),
        looked_back=tuple(one.words for one in motion.look_backs.all()),
        supersedes=motion.supersedes.label if motion.supersedes else "",
        superseded_by=after.label if after and motion.state == State.SUPERSEDED else "",
    )
    catalogue.show_motion(entry, at=at)


def _outcome(motion: Motion) -> str:
    if motion.state == State.WITHDRAWN:
        return motion.withdrawn_reason
    return str(WHY_WORDS[motion.result["why"]]) if motion.result else ""


def _votes(motion: Motion) -> tuple[VoteEntry, ...]:
    """Every seat that was counted: what it voted and why, that it was recused and why, or that it did not vote."""
    given = {ballot.seat.title: ballot for ballot in queries.ballots(motion)}
    recused = {recusal.seat.title: recusal for recusal in motion.recusals.all()}
    titles = [*(motion.result or {}).get("seats", [])]
    titles += sorted((set(given) | set(recused)) - set(titles))
    return tuple(
        VoteEntry(title, "recused", recused[title].reason)
        if title in recused
        else VoteEntry(title, given[title].choice, given[title].reasons)
        if title in given
        else VoteEntry(title, "absent")
        for title in titles
    )


def _answers(motion: Motion) -> tuple[QuestionEntry, ...]:
    stands = queries.asking(motion.subject, motion.subject_version) or queries.four_questions(motion.subject)
    if stands is None:
        return ()
    return tuple(
        QuestionEntry(each.question, one.answer, one.words, _called(one.by))
        for each in stands.questions
        for one in each.answers
    )


def _called(person: User) -> str:
    """How the public reads who answered: the work, and for whom; no name."""
    roles = ", ".join(str(Role(role).label) for role in Role.values if role in person.roles)
    return _("%(roles)s, %(agency)s") % {"roles": roles, "agency": person.agency.name} if person.agency else roles
