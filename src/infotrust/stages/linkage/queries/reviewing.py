"""How far the review of the latest linkage is, for everyone who follows linkage; one's own answers for officers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision
from infotrust.stages.linkage.lifecycle import PairState, ReviewState
from infotrust.stages.linkage.models import LinkageRun, PairAnswer, PairQuestion, Review

PACE_OVER = timedelta(hours=1)
MOST_OWN = 200


@dataclass(frozen=True)
class Desk:
    """The open review in counts of pairs.

    settled: nobody needs to look any more; half: one person looked, another must; mine: `by` answered it;
    open_to_me: `by` can still look at it; pace: answers of `by` within the last hour; gone: a record is gone.
    """

    review: Review | None
    pairs: int = 0
    settled: int = 0
    half: int = 0
    gone: int = 0
    mine: int = 0
    open_to_me: int = 0
    pace: int = 0

    @property
    def left(self) -> int:
        return self.pairs - self.settled - self.gone

    @property
    def is_done(self) -> bool:
        return self.review is not None and self.pairs > 0 and not self.left

    @property
    def waits_for_others(self) -> bool:
        """Something is left, and none of it is for this person."""
        return bool(self.left) and not self.open_to_me


def was_reviewed(run: LinkageRun) -> bool:
    """Whether people were asked about the run's pairs."""
    return Review.objects.filter(run=run).exists()


def may_review(*, by: User) -> Decision:
    return duties.may("review pairs", by=by)


def desk(*, by: User, at: datetime | None = None) -> Desk:
    """How far the open review is. Raises `NotPermitted` for those who may not follow linkage."""
    duties.require("see linkage", by=by)
    review = Review.objects.select_related("run").filter(state=ReviewState.OPEN).first()
    if review is None:
        return Desk(None)
    asked = PairQuestion.objects.filter(review=review)
    standing = PairAnswer.objects.filter(withdrawn_at=None)
    answered, own = standing.values("pair"), standing.filter(by=by)
    is_open = Q(pair__state=PairState.OPEN)
    counts = asked.aggregate(
        pairs=Count("pk"),
        settled=Count("pk", filter=Q(pair__state=PairState.SETTLED)),
        gone=Count("pk", filter=Q(pair__state=PairState.GONE)),
        half=Count("pk", filter=is_open & Q(pair__in=answered)),
        mine=Count("pk", filter=Q(pair__in=own.values("pair"))),
        open_to_me=Count("pk", filter=is_open & ~Q(pair__in=own.values("pair"))),
    )
    pace = own.filter(at__gt=(at or timezone.now()) - PACE_OVER).count()
    return Desk(review, **counts, pace=pace)


@dataclass(frozen=True)
class OwnAnswer:
    """An answer with what became of its pair, and what the linkage made of it: told only once one has answered."""

    answer: PairAnswer
    linked: bool | None


def own_answers(*, by: User) -> list[OwnAnswer]:
    """One's own answers about pairs, newest first, those taken back too."""
    duties.require("review pairs", by=by)
    found = list(PairAnswer.objects.filter(by=by).select_related("pair").order_by("-at", "-pk")[:MOST_OWN])
    accepted = dict(
        PairQuestion.objects.filter(pair__in=[one.pair_id for one in found])
        .order_by("review")
        .values_list("pair", "accepted")
    )
    return [OwnAnswer(one, accepted.get(one.pair_id) if one.pair.state == PairState.SETTLED else None) for one in found]
