"""Logistic regression that starts from odds already known, stays near them, and allows that some labels are wrong.

P(said yes) = slips + (1 - 2 slips) p, with p at log odds of `offset + columns @ weights`; the weights have a normal
prior around 0 (ridge), so that a few answers move little. How strong it is and how often people slip is chosen by how
well answers left out are foretold; when nothing foretells them better than the odds did, nothing is changed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.compiled import BoolArray, FloatArray, LongArray

STRENGTHS = (3.0, 10.0, 30.0, 100.0, 300.0)  # of the prior: so many answers of its own kind weigh as much as it
SLIPS = (0.002, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2)  # shares of wrong answers; never none: nobody is without mistakes
FOLDS = 5
_ROUNDS, _SHORTEST = 30, 1e-4
_DIGITS = 6  # so that the last bits of a sum, which the number of threads may change, change no weight


@dataclass(frozen=True)
class Fit:
    """weights: float64 [columns]; slips: share of answers taken to be wrong; strength: of the prior (inf: unchanged);
    loss, before: mean log loss on answers left out, with it and by the offset alone."""

    weights: FloatArray
    slips: float
    strength: float
    loss: float
    before: float


def fit(columns: FloatArray, offset: FloatArray, yes: BoolArray, fold: LongArray) -> Fit:
    """Choose strength and slips by cross-validation over `fold` (int64 [answers], 0 up to FOLDS), then fit on all.

    columns: float64 [answers, columns], each of about unit size; offset: natural log odds before; yes: the answers.
    """
    before = {slips: float(losses(offset, yes, slips).mean()) for slips in SLIPS}
    start = min(before, key=lambda slips: before[slips])
    best = (before[start], np.inf, start)
    # By turns: strength and slips hardly depend on each other, and all pairs of them would take thrice as long.
    for _ in range(2):
        for strength in STRENGTHS:
            best = min(best, (_left_out(columns, offset, yes, fold, strength, best[2]), strength, best[2]))
        for slips in SLIPS if np.isfinite(best[1]) else ():
            best = min(best, (_left_out(columns, offset, yes, fold, best[1], slips), best[1], slips))
    loss, strength, slips = best
    unchanged = np.zeros(columns.shape[1])
    weights = unchanged if np.isinf(strength) else _weights(columns, offset, yes, strength, slips)
    return Fit(np.round(weights, _DIGITS), slips, strength, loss, before[start])


def _left_out(
    columns: FloatArray, offset: FloatArray, yes: BoolArray, fold: LongArray, strength: float, slips: float
) -> float:
    """Mean log loss on the answers of each fold, fitted on the others."""
    foretold = np.empty(len(yes))
    for one in range(FOLDS):
        rest, left = fold != one, fold == one
        weights = _weights(columns[rest], offset[rest], yes[rest], strength, slips)
        foretold[left] = offset[left] + columns[left] @ weights
    return float(losses(foretold, yes, slips).mean())


def likely(odds: FloatArray) -> FloatArray:
    """P at natural log odds."""
    p: FloatArray = 1 / (1 + np.exp(-np.clip(odds, -35, 35)))
    return p


def losses(odds: FloatArray, yes: BoolArray, slips: float) -> FloatArray:
    """Log loss of each answer."""
    said = slips + (1 - 2 * slips) * likely(odds)
    lost: FloatArray = -np.log(np.clip(np.where(yes, said, 1 - said), 1e-9, 1))
    return lost


def _weights(columns: FloatArray, offset: FloatArray, yes: BoolArray, strength: float, slips: float) -> FloatArray:
    """The most likely weights, by Fisher scoring with halved steps where a whole one does not lead down."""
    weights = np.zeros(columns.shape[1])
    lost = float(losses(offset, yes, slips).sum())
    for _ in range(_ROUNDS):
        p = likely(offset + columns @ weights)
        said = np.clip(slips + (1 - 2 * slips) * p, 1e-9, 1 - 1e-9)
        slope = (1 - 2 * slips) * p * (1 - p)
        gradient = columns.T @ (slope * (said - yes) / (said * (1 - said))) + strength * weights
        curvature = (columns.T * (slope**2 / (said * (1 - said)))) @ columns + strength * np.eye(len(weights))
        step, length = np.linalg.solve(curvature, gradient), 1.0
        while length > _SHORTEST:
            tried = weights - length * step
            now = float(losses(offset + columns @ tried, yes, slips).sum()) + strength / 2 * float(tried @ tried)
            if now <= lost:
                break
            length /= 2
        else:
            break
        settled = lost - now < 1e-7 * abs(lost)
        weights, lost = tried, now
        if settled:
            break
    return weights
