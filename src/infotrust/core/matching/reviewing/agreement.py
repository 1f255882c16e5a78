"""How far two people agree who look at the same pairs, and what is taken as the answer when they do not.

Most pairs people look at are matches, or most are not; then two people agree often by chance alone, and Cohen's kappa
falls however careful they are (Feinstein and Cicchetti 1990). So Gwet's AC1 is told beside it, which does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from infotrust.core.matching.answers import Verdict
from infotrust.core.matching.reviewing.intervals import Interval, binomial_limits

Twice = tuple[Verdict, Verdict]  # what the first and the second person said of one pair


@dataclass(frozen=True)
class Agreement:
    """pairs: seen by two people; agreed: the share they agree on; kappa: Cohen (1960), nan where undefined; ac1: Gwet
    (2008); slips: the share of single answers that would be wrong if people erred independently and two never alike.
    """

    pairs: int
    agreed: Interval
    kappa: float
    ac1: float
    slips: float


def settle(verdicts: Sequence[Verdict], *, needed: int) -> Verdict | None:
    """What the answers so far, in the order given, make of a pair; None: someone else must look at it.

    needed: 1, or 2 for a hard pair. One person's "cannot tell" on an easy pair asks for a second look. When two
    disagree a third decides; when all three differ nobody can tell.
    """
    counted = Counter(verdicts)
    if len(verdicts) == 1 and needed == 1 and verdicts[0] is not Verdict.CANNOT_TELL:
        return verdicts[0]
    most, times = counted.most_common(1)[0] if counted else (None, 0)
    if times >= 2:
        return most
    return Verdict.CANNOT_TELL if len(verdicts) >= 3 else None


def agreement(pairs: Sequence[Twice]) -> Agreement | None:
    """None if nobody looked at a pair twice."""
    if not pairs:
        return None
    same = sum(one is other for one, other in pairs)
    observed = same / len(pairs)
    firsts, seconds = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(firsts[verdict] * seconds[verdict] for verdict in Verdict) / len(pairs) ** 2
    prevalence = [(firsts[verdict] + seconds[verdict]) / (2 * len(pairs)) for verdict in Verdict]
    gwet = sum(share * (1 - share) for share in prevalence) / (len(Verdict) - 1)
    return Agreement(
        len(pairs),
        Interval(observed, *binomial_limits(same, len(pairs))),
        (observed - chance) / (1 - chance) if chance < 1 else float("nan"),
        (observed - gwet) / (1 - gwet),
        (1 - max(0.0, 2 * observed - 1) ** 0.5) / 2,
    )
