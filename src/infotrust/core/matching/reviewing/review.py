"""A linkage's review: the questions for people, with all a page needs to show but the values themselves.

Half of the questions put the register right where an answer changes most (`choose`), half measure its error
(`sample`). They come mixed, and nothing on a question says which kind it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.answers import Verdict
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.compare import agreement
from infotrust.core.matching.compiled import FloatArray, LongArray
from infotrust.core.matching.explaining.pair import weigh
from infotrust.core.matching.learning import score
from infotrust.core.matching.pipeline import Linkage
from infotrust.core.matching.reviewing.choose import Questions, most_telling
from infotrust.core.matching.reviewing.frame import Frame, Stratum, frame_of, packed
from infotrust.core.matching.reviewing.sample import Sample, draw

HARD_SAMPLED = 3.0  # natural log odds within which a sampled pair is looked at by two people


@dataclass(frozen=True)
class FieldWeight:
    """What one field adds to a pair's weight (log2 odds) and how the two records agree on it, in words."""

    field: str
    level: str
    weight: float


@dataclass(frozen=True)
class Question:
    """One pair to look at. one, other: places in the `Linkage`; weight: log2 odds; accepted: now one person's.

    stratum: a place in the review's strata when it was drawn at random, with the chance it had (`inclusion`); worth:
    see `choose.Questions`, 0 when it was only drawn. hard: for two people. known: answered before this linkage.
    """

    one: int
    other: int
    weight: float
    prior: float
    accepted: bool
    stratum: int | None
    inclusion: float | None
    worth: float
    hard: bool
    known: bool
    fields: tuple[FieldWeight, ...]


@dataclass(frozen=True)
class Review:
    """The questions in the order to ask, the strata with how many were drawn of each, and what no sample can see."""

    questions: tuple[Question, ...]
    strata: tuple[Stratum, ...]
    drawn: tuple[int, ...]
    never_compared: int
    left_out: int


def plan_review(
    linkage: Linkage, *, communities: Sequence[int] | LongArray, names: Sequence[str],
    answered: Mapping[tuple[int, int], Verdict], sample: int, telling: int, seed: int = 1,
) -> Review:  # fmt: skip
    """What to ask about a linkage.

    communities: of each record (places in `names`), in the linkage's order; answered: verdicts that stand already, by
    places in the linkage; sample, telling: how many questions to measure by, and to put right by. No question where
    nothing was compared.
    """
    evidence = linkage.evidence
    if evidence is None:
        return Review((), (), (), 0, 0)
    n = len(evidence.group)
    keys, apart = _answered(answered, evidence.original, n)
    of_record = np.empty(n, np.int32)
    of_record[evidence.original] = np.asarray(communities, np.int32)
    frame = frame_of(evidence, of_record, names, keys)
    drawn = draw(frame, size=sample, seed=seed)
    cut = linkage.report.cut / score.BITS
    asked = most_telling(evidence.scored, evidence.group, cut=cut, count=telling, answered=keys, apart=apart)
    return Review(
        tuple(_mixed(linkage, frame, drawn, asked)),
        frame.strata,
        tuple(int(count) for count in drawn.drawn),
        frame.never_compared,
        frame.left_out,
    )


def _answered(answered: Mapping[tuple[int, int], Verdict], original: LongArray, n: int) -> tuple[LongArray, LongArray]:
    """The answered pairs in canonical places, and those of them that are no match: int64, packed."""
    places = np.array(list(answered), np.int64).reshape(-1, 2)
    keys = packed(original[places[:, 0]], original[places[:, 1]], n)
    no = np.array([verdict is Verdict.NO_MATCH for verdict in answered.values()], bool)
    return keys, keys[no]


def _mixed(linkage: Linkage, frame: Frame, sample: Sample, asked: Questions) -> Iterator[Question]:
    """The drawn and the telling pairs by turns; a pair that is both comes once."""
    evidence = linkage.evidence
    if evidence is None:
        return
    n = len(evidence.group)
    place = np.empty(n, np.int64)
    place[evidence.original] = np.arange(n)
    drawn = frame.pairs.first[sample.pair], frame.pairs.second[sample.pair]
    drawn_keys = packed(*drawn, n).tolist()
    telling = dict(zip(packed(asked.first, asked.second, n).tolist(), range(len(asked)), strict=True))
    fresh = [at for key, at in telling.items() if key not in set(drawn_keys)]
    first = np.concatenate([drawn[0], asked.first[fresh]]).astype(np.int32)
    second = np.concatenate([drawn[1], asked.second[fresh]]).astype(np.int32)
    both = Pairs(np.minimum(first, second), np.maximum(first, second))
    levels = agreement(evidence.plan, both) if len(both) else np.empty((0, len(evidence.plan)), np.uint8)
    turn = np.concatenate([_turns(len(drawn_keys)), _turns(len(fresh))])
    chances = np.array(sample.drawn) / np.array([max(one.pairs, 1) for one in frame.strata])
    for at in np.argsort(turn, kind="stable"):
        weighed = weigh(evidence.model, evidence.plan.comparisons, levels[at])
        x, y = int(both.first[at]), int(both.second[at])
        is_drawn = at < len(drawn_keys)
        stratum = int(frame.stratum[sample.pair[at]]) if is_drawn else None
        question = telling.get(drawn_keys[at]) if is_drawn else fresh[at - len(drawn_keys)]
        near_even = abs(weighed.weight / score.BITS) < HARD_SAMPLED
        yield Question(
            one=int(place[x]),
            other=int(place[y]),
            weight=round(weighed.weight, 3),
            prior=round(weighed.prior, 3),
            accepted=bool(evidence.group[x] == evidence.group[y]),
            stratum=stratum,
            inclusion=None if stratum is None else float(chances[stratum]),
            worth=0.0 if question is None else round(float(asked.worth[question]), 4),
            hard=bool(asked.hard[question]) if question is not None else near_even,
            known=stratum is not None and frame.strata[stratum].known,
            fields=tuple(FieldWeight(one.field, one.level, round(one.weight, 3)) for one in weighed.fields),
        )


def _turns(count: int) -> FloatArray:
    return np.arange(count) / max(count, 1)
