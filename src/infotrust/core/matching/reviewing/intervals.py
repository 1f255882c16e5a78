"""Intervals for shares and for ratios of totals, from samples of strata. Plain Python: no table, no library.

Match rates lie near 0 and 1 and strata are small, where the usual interval (plus and minus two standard errors) is
wrong. For a share: Clopper and Pearson (1934) with the effective sample size of the design, as Korn and Graubard (1998,
Survey Methodology 24) do; each stratum's variance is smoothed, so that three answers that agree do not count as
certainty. For the ratio of two totals: Donner and Zou (2012, Statistical Methods in Medical Research 21).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """An estimate with its limits, low <= value <= high."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Sampled:
    """A stratum: `size` units, of which `asked` were drawn at random and `hits` had the property."""

    size: int
    asked: int
    hits: float


def share(strata: Sequence[Sampled], confidence: float = CONFIDENCE) -> Interval:
    """The share of all units that have the property. Each stratum needs an answer (else ValueError).

    The estimate is the stratified (Horvitz-Thompson) one, unbiased for random draws within the strata.
    """
    strata = [one for one in strata if one.size > 0]
    if not strata or any(one.asked == 0 for one in strata):
        raise ValueError("each stratum needs at least one answer")
    total = sum(one.size for one in strata)
    value = sum(one.size / total * one.hits / one.asked for one in strata)
    effective = _effective_size(strata, value)
    if math.isinf(effective):  # everything was asked
        return Interval(value, value, value)
    low, high = binomial_limits(value * effective, effective, confidence)
    return Interval(value, min(low, value), max(high, value))


def _effective_size(strata: Sequence[Sampled], value: float) -> float:
    """How many independent draws would tell as much. Finite populations counted: infinite if all units were asked."""
    asked, total = sum(one.asked for one in strata), sum(one.size for one in strata)
    if asked == total:
        return math.inf
    pooled = (value * asked + 0.5) / (asked + 1)
    smoothed = [(one.hits + pooled) / (one.asked + 1) for one in strata]
    variance = sum(
        (one.size / total) ** 2 * rate * (1 - rate) / one.asked * (one.size - one.asked) / max(one.size - 1, 1)
        for one, rate in zip(strata, smoothed, strict=True)
    )
    middle = sum(one.size / total * rate for one, rate in zip(strata, smoothed, strict=True))
    most = asked * max(total - 1, 1) / (total - asked)  # no design is taken to be better than a plain random sample
    return min(middle * (1 - middle) / variance, most) if variance > 0 else most


def binomial_limits(hits: float, asked: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Clopper and Pearson's limits of a share; `hits` of `asked` need not be whole numbers."""
    tail = (1 - confidence) / 2
    low = 0.0 if hits <= 1e-9 else _beta_quantile(tail, hits, asked - hits + 1)
    high = 1.0 if hits >= asked - 1e-9 else _beta_quantile(1 - tail, hits + 1, asked - hits)
    return low, high


def ratio(top: Interval, bottom: Interval) -> Interval:
    """The ratio of two independent estimates; bottom.low must be above 0 (else ValueError)."""
    if bottom.low <= 0:
        raise ValueError("the lower limit of the divisor is not above 0")
    product = top.value * bottom.value
    under = max(product**2 - top.low * bottom.high * (2 * top.value - top.low) * (2 * bottom.value - bottom.high), 0.0)
    over = max(product**2 - top.high * bottom.low * (2 * top.value - top.high) * (2 * bottom.value - bottom.low), 0.0)
    value = top.value / bottom.value
    # Where the divisor reaches more than twice its estimate the closed form has no root: the plain quotient is safe.
    wide = 2 * bottom.value - bottom.high
    low = (product - math.sqrt(under)) / (bottom.high * wide) if wide > 0 else top.low / bottom.high
    high = (product + math.sqrt(over)) / (bottom.low * (2 * bottom.value - bottom.low))
    return Interval(value, min(max(low, 0.0), value), max(high, value))


def _beta_quantile(chance: float, a: float, b: float) -> float:
    """Where the beta distribution's cumulative probability is `chance`: by halving, to 1e-12."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if beta_cumulative(middle, a, b) < chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_cumulative(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function, by its continued fraction (DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_cumulative(1 - x, b, a)
    front = math.exp(
        a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    )  # fmt: skip
    return front / a * _continued_fraction(x, a, b)


def _continued_fraction(x: float, a: float, b: float) -> float:
    """Lentz's method (Thompson and Barnett 1986)."""
    tiny = 1e-300
    upper, lower = 1.0, 1 - (a + b) * x / (a + 1)
    lower = 1 / (lower if abs(lower) > tiny else tiny)
    value = lower
    for m in range(1, 10_000):
        before = value
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            lower = 1 + step * lower
            lower = 1 / (lower if abs(lower) > tiny else tiny)
            upper = 1 + step / upper
            upper = upper if abs(upper) > tiny else tiny
            value *= lower * upper
        if abs(value - before) < 1e-14 * abs(value):
            break
    return value
