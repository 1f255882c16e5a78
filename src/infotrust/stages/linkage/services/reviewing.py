"""Looking at pairs: take the next one, open it, say what it is, take an answer back.

Two officers never have one pair on the screen at the same time, nobody counts twice for a pair, and what is settled is
a constraint of the next linkage. Hard pairs need two people, a third where these disagree.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere, UserFacingError
from infotrust.core.matching import answers
from infotrust.core.matching.answers import RecordKey
from infotrust.core.matching.reviewing import agreement
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import duties
from infotrust.stages.linkage.lifecycle import PAIR, REVIEW, PairState, ReviewState
from infotrust.stages.linkage.models import LinkageRun, Pair, PairAnswer, PairQuestion, Review
from infotrust.stages.linkage.services.opening import Opened, RecordGone, open_pair_of_records
from infotrust.stages.linkage.terms import NOTE_LENGTH, Verdict

if TYPE_CHECKING:
    from infotrust.stages.linkage.asking import PlannedReview, Told

HELD_FOR = timedelta(minutes=10)  # how long a pair waits for the one who has it on the screen
LONGEST_LOOK = 900.0  # seconds; more is not looking but being away


class NoSuchPair(NotThere):
    """There is no such pair to look at."""


class NotYours(UserFacingError):
    """The pair is on another person's screen, or was answered already."""


class NoteNamesValue(UserFacingError):
    """A note repeats what stands in one of the records."""


@dataclass(frozen=True)
class Shown:
    """A question with both records open, for the one who looks at it."""

    question: PairQuestion
    opened: tuple[Opened, ...]


# --- what a linkage begins and ends ---


def what_was_told() -> Told:
    """What people said of pairs of records, for the next linkage to go by."""
    from infotrust.stages.linkage.asking import Told  # here, so that web workers do not load the matching kernels

    standing = list(PairAnswer.objects.filter(withdrawn_at=None).select_related("pair"))
    return Told(
        tuple((answer.pair.records, answer.verdict) for answer in standing),
        {pair.records: pair.verdict for pair in Pair.objects.filter(state=PairState.SETTLED)},
        frozenset(answer.pair.records for answer in standing if answer.pair.state == PairState.OPEN),
    )


def begin_review(run: LinkageRun, planned: PlannedReview, *, at: datetime) -> Review:
    """Close the review before and ask anew, in the transaction that puts the linkage into use."""
    close_review(at=at)
    review = Review.objects.create(
        run=run, began_at=at, strata=planned.strata, never_compared=min(planned.never_compared, 2**62)
    )
    pairs = _pairs({(one.one, one.other): 2 if one.hard else 1 for one in planned.questions})
    PairQuestion.objects.bulk_create(
        PairQuestion(review=review, pair=pairs[one.one, one.other], position=place, **one.values)
        for place, one in enumerate(planned.questions, 1)
    )
    for both in planned.doubted:
        if both in pairs:
            _ask_once_more(pairs[both])
    return review


def _ask_once_more(pair: Pair) -> None:
    """Have a second person look at what one person said against all other evidence."""
    if pair.state == PairState.SETTLED and pair.answers.filter(withdrawn_at=None).count() == 1:
        _move(pair, PairState.OPEN)
        pair.needed, pair.verdict, pair.settled_at = 2, "", None
        pair.save()


def _pairs(needed: Mapping[tuple[RecordKey, RecordKey], int]) -> dict[tuple[RecordKey, RecordKey], Pair]:
    """The pairs of these records, made where they are new; an open one is as hard as it is now."""
    there = {pair.records: pair for pair in _named(one for both in needed for one in both) if pair.records in needed}
    for records, pair in there.items():
        if pair.state == PairState.GONE:
            _move(pair, PairState.OPEN)
        if pair.state == PairState.OPEN:
            pair.needed = needed[records]
            pair.save()
    fresh = [
        Pair(one_dataset=one[0], one_record=one[1], other_dataset=other[0], other_record=other[1], needed=count)
        for (one, other), count in needed.items()
        if (one, other) not in there
    ]
    Pair.objects.bulk_create(fresh)
    return there | {pair.records: pair for pair in fresh}


def _named(records: Iterable[RecordKey]) -> list[Pair]:
    ids = sorted({record for _dataset, record in records})
    found: list[Pair] = []
    for start in range(0, len(ids), 500):  # SQLite takes a bounded number of parameters
        found += Pair.objects.select_for_update().filter(one_record__in=ids[start : start + 500])
    return found


def close_review(*, at: datetime) -> None:
    for review in Review.objects.select_for_update().filter(state=ReviewState.OPEN):
        REVIEW.require(review.state, ReviewState.CLOSED, thing=str(review))
        review.state, review.closed_at = ReviewState.CLOSED, at
        review.save()


def forget_pairs(datasets: Collection[str], *, at: datetime) -> int:
    """Delete pairs with a record of these datasets, and what was said of them; close the review. Return how many.

    The log keeps who said what of which record ids; nothing here still ties those records together.
    """
    close_review(at=at)
    going = Pair.objects.filter(Q(one_dataset__in=datasets) | Q(other_dataset__in=datasets))
    count = going.count()
    going.delete()
    return count


# --- looking ---


@transaction.atomic
def take_pair(*, by: User, at: datetime | None = None) -> PairQuestion | None:
    """Give `by` the next pair: the one already on their screen, or the first that nobody else has. None: no more."""
    duties.require("review pairs", by=by)
    at = at or timezone.now()
    waiting = _open_to(by, at).select_related("pair", "review")
    mine = waiting.filter(pair__held_by=by).first()
    found = mine or waiting.select_for_update(skip_locked=True, of=("pair",)).first()
    if found is not None:
        _let_go(by)
        _hold(found.pair, by, at)
    return found


def _open_to(by: User, at: datetime) -> QuerySet[PairQuestion]:
    """The questions of the open review that `by` may be given now, in the order of asking."""
    answered = PairAnswer.objects.filter(by=by, withdrawn_at=None).values("pair")
    return (
        PairQuestion.objects.filter(review__state=ReviewState.OPEN, pair__state=PairState.OPEN)
        .exclude(pair__in=answered)
        .filter(Q(pair__held_by=None) | Q(pair__held_by=by) | Q(pair__held_until__lte=at))
        .order_by("position")
    )


def _hold(pair: Pair, by: User, at: datetime) -> None:
    pair.held_by, pair.held_until = by, at + HELD_FOR
    pair.save()


def _let_go(by: User) -> None:
    Pair.objects.filter(held_by=by).update(held_by=None, held_until=None)


def leave_pair(*, by: User) -> None:
    """Put down the pair that `by` has on the screen, so that others can be given it."""
    duties.require("review pairs", by=by)
    _let_go(by)


def open_question(number: int, *, by: User, at: datetime | None = None) -> Shown:
    """Open both records of the pair that `by` was given, and record it. Raises `NotYours`, `RecordGone`."""
    at = at or timezone.now()
    try:
        return _open_question(number, by=by, at=at)
    except RecordGone:
        _set_aside(number, by=by)
        raise


@transaction.atomic
def _open_question(number: int, *, by: User, at: datetime) -> Shown:
    question = _held_question(number, by=by)
    opened = open_pair_of_records(question.pair.records, about=question.pair.thing, reason="review", by=by, at=at)
    _hold(question.pair, by, at)
    return Shown(question, opened)


@transaction.atomic
def _set_aside(number: int, *, by: User) -> None:
    pair = _held_question(number, by=by).pair
    _move(pair, PairState.GONE)
    pair.held_by = pair.held_until = None
    pair.save()


def _held_question(number: int, *, by: User) -> PairQuestion:
    """The question, its pair locked, if it is on the screen of `by` and still to be answered."""
    duties.require("review pairs", by=by)
    found = PairQuestion.objects.select_related("review").filter(pk=number).first()
    if found is None:
        raise NoSuchPair(_("There is no such pair to look at."), next_step=_("Go on with the next one."))
    pair = Pair.objects.select_for_update().get(pk=found.pair_id)
    if pair.held_by_id != by.pk or pair.state != PairState.OPEN:
        raise NotYours(
            _("This pair is not on your list any more."),
            next_step=_("Pairs that wait too long go to someone else. Go on with the next one."),
        )
    found.pair = pair
    return found


@transaction.atomic
def answer_pair(number: int, *, verdict: str, note: str = "", by: User, at: datetime | None = None) -> PairAnswer:
    """Say what a pair is; its answers together may settle it. Raises `NotYours`, `NoteNamesValue`."""
    at = at or timezone.now()
    question = _held_question(number, by=by)
    pair, note = question.pair, note.strip()[:NOTE_LENGTH]
    if note:
        _require_no_value(note, question, by=by, at=at)
    answer = PairAnswer.objects.create(
        pair=pair, by=by, at=at, verdict=Verdict(verdict), note=note, seconds=_looked_for(pair, at)
    )
    pair.held_by = pair.held_until = None
    _settle(pair, at)
    _record(Event.PAIR_ANSWERED, answer, by=by, at=at)
    return answer


def _looked_for(pair: Pair, at: datetime) -> float | None:
    """Seconds since the pair was shown, which is when it began to be held; None where someone was away."""
    if pair.held_until is None:
        return None
    seconds = (at - (pair.held_until - HELD_FOR)).total_seconds()
    return round(seconds, 1) if 0 <= seconds < LONGEST_LOOK else None


def _require_no_value(note: str, question: PairQuestion, *, by: User, at: datetime) -> None:
    """Values stay in the vault: a note that repeats one is refused. Words of one or two letters are let through."""
    opened = open_pair_of_records(question.pair.records, about=question.pair.thing, reason="note", by=by, at=at)
    values = {word for one in opened for value in one.values.values() for word in _words(value)}
    if values & set(_words(note)):
        raise NoteNamesValue(
            _("Your note repeats something that stands in one of the records."),
            next_step=_("Say why without names, dates or numbers: “the birth date was typed wrong”."),
        )


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.casefold()) if len(word) > 2]


def _settle(pair: Pair, at: datetime) -> None:
    """Move the pair to where its answers, as they stand now, put it."""
    standing = pair.answers.filter(withdrawn_at=None).values_list("verdict", flat=True)
    found = agreement.settle([answers.Verdict(verdict) for verdict in standing], needed=pair.needed)
    to = PairState.SETTLED if found else PairState.OPEN
    if pair.state != to:
        _move(pair, to)
    pair.verdict, pair.settled_at = (found.value, at) if found else ("", None)
    pair.save()


def _move(pair: Pair, to: PairState) -> None:
    PAIR.require(pair.state, to, thing=str(pair))
    pair.state = to


@transaction.atomic
def take_back_last(*, by: User, at: datetime | None = None) -> PairQuestion | None:
    """Take back the latest answer of `by` in the open review and give them its pair again; None if there is none."""
    duties.require("review pairs", by=by)
    last = (
        PairAnswer.objects.filter(by=by, withdrawn_at=None, pair__questions__review__state=ReviewState.OPEN)
        .order_by("-at", "-pk")
        .first()
    )
    return None if last is None else take_back(last.pk, by=by, at=at)


@transaction.atomic
def take_back(number: int, *, by: User, at: datetime | None = None) -> PairQuestion | None:
    """Take back one's own answer, which stays as history; its pair comes to the screen again if it is still asked.

    The next linkage is no longer held to what the pair was settled as. Raises `NoSuchPair`.
    """
    duties.require("review pairs", by=by)
    at = at or timezone.now()
    answer = PairAnswer.objects.filter(pk=number, by=by, withdrawn_at=None).first()
    if answer is None:
        raise NoSuchPair(
            _("There is no answer of yours to take back."), next_step=_("It may have been taken back already.")
        )
    pair = Pair.objects.select_for_update().get(pk=answer.pair_id)
    answer.withdrawn_at = at
    answer.save()
    _settle(pair, at)
    _record(Event.PAIR_ANSWER_TAKEN_BACK, answer, by=by, at=at)
    question = pair.questions.filter(review__state=ReviewState.OPEN).first()
    if question is not None and pair.state == PairState.OPEN and pair.held_by_id in (None, by.pk):
        _let_go(by)
        _hold(pair, by, at)
        return question
    return None


def _record(event: Event, answer: PairAnswer, *, by: User, at: datetime) -> None:
    audit.record(
        event,
        about=answer.pair.thing,
        by=by,
        at=at,
        records=[f"{dataset}/{record}" for dataset, record in answer.pair.records],
        verdict=answer.verdict,
        settled=answer.pair.verdict,
    )
