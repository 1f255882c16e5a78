"""What people are asked about a linkage: which pairs, in which order, and what the sample was drawn from.

Called by the background job alone, like `linking`. Only record ids, weights and levels come out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from infotrust.core.matching import answers
from infotrust.core.matching.answers import RecordKey
from infotrust.core.matching.reviewing.review import Question, plan_review
from infotrust.stages.linkage.terms import Communities

if TYPE_CHECKING:
    from infotrust.core.matching import Linkage
    from infotrust.core.matching.pipeline import Evidence

Both = tuple[RecordKey, RecordKey]  # two records, in the order of their dataset and record id
# HIPAA 164.514(b)(2)(i)(B): three digits of a ZIP code may stand where many live. Here: where more than ten records are
FEWEST_OF_AN_AREA = 11
OTHER_AREAS = "other areas"


@dataclass(frozen=True)
class Told:
    """What people said so far, as codes of `terms.Verdict`. answers: each person's, that is not taken back; settled:
    what they come to, for the pairs that nobody needs to look at any more; waiting: pairs that someone looked at and
    someone else is still to look at."""

    answers: tuple[tuple[Both, str], ...] = ()
    settled: Mapping[Both, str] = field(default_factory=dict)
    waiting: frozenset[Both] = frozenset()


@dataclass(frozen=True)
class PlannedQuestion:
    """A question before it is a row; `one` and `other` in the order of their dataset and record id."""

    one: RecordKey
    other: RecordKey
    hard: bool
    values: dict[str, Any]


@dataclass(frozen=True)
class PlannedReview:
    """doubted: pairs whose answers the linkage does not go by, for all other evidence or other answers are against."""

    questions: tuple[PlannedQuestion, ...]
    strata: list[dict[str, Any]]
    never_compared: int
    doubted: tuple[Both, ...] = ()


def engine_answers(told: Told) -> list[answers.Answer]:
    """Each person's answer, as the engine takes it: it weighs how many said what, and who is still to be heard."""
    return [
        answers.Answer(*both, answers.Verdict(verdict), waits=both in told.waiting) for both, verdict in told.answers
    ]


def plan_questions(
    linkage: Linkage, datasets: list[str], *, told: Told, questions: int, communities: str, seed: int
) -> PlannedReview:
    """Half of `questions` are drawn to measure the linkage, half are those whose answer puts most right."""
    keys = _keys(linkage, datasets)
    place = {key: at for at, key in enumerate(keys)}
    known = {
        (place[one], place[other]): answers.Verdict(verdict)
        for (one, other), verdict in told.settled.items()
        if one in place and other in place
    }
    of, names = _communities(linkage, datasets, communities)
    planned = plan_review(
        linkage,
        communities=of,
        names=names,
        answered=known,
        sample=questions - questions // 2,
        telling=questions // 2,
        seed=seed,
    )
    strata = [{**asdict(stratum), "drawn": drawn} for stratum, drawn in zip(planned.strata, planned.drawn, strict=True)]
    return PlannedReview(
        tuple(_question(one, keys) for one in planned.questions),
        strata,
        planned.never_compared + planned.left_out,
        _doubted(linkage, keys),
    )


def _doubted(linkage: Linkage, keys: list[RecordKey]) -> tuple[Both, ...]:
    evidence = linkage.evidence
    if evidence is None or evidence.correction is None or evidence.constraints.asked is None:
        return ()
    asked, settled = evidence.constraints.asked, evidence.correction.settled
    place = np.empty(len(evidence.original), np.int64)
    place[evidence.original] = np.arange(len(evidence.original))
    found = np.flatnonzero(settled.doubted | settled.contradicted)
    pairs = zip(place[asked.pairs.first[found]].tolist(), place[asked.pairs.second[found]].tolist(), strict=True)
    return tuple((min(keys[x], keys[y]), max(keys[x], keys[y])) for x, y in pairs)


def _keys(linkage: Linkage, datasets: list[str]) -> list[RecordKey]:
    ids = linkage.record_id or ()
    return [(datasets[source], record) for source, record in zip(linkage.source_index.tolist(), ids, strict=True)]


def _question(asked: Question, keys: list[RecordKey]) -> PlannedQuestion:
    one, other = sorted((keys[asked.one], keys[asked.other]))
    values = {
        "weight": asked.weight,
        "prior": asked.prior,
        "accepted": asked.accepted,
        "stratum": asked.stratum,
        "inclusion": asked.inclusion,
        "worth": asked.worth,
        "known": asked.known,
        "fields": [asdict(field) for field in asked.fields],
    }
    return PlannedQuestion(one, other, asked.hard, values)


def _communities(linkage: Linkage, datasets: list[str], communities: str) -> tuple[Any, list[str]]:
    if communities == Communities.AREAS and linkage.evidence is not None:
        return areas(linkage.evidence)
    return linkage.source_index, datasets


def areas(evidence: Evidence) -> tuple[Any, list[str]]:
    """The area of each record, int [n] in the linkage's order, and what the areas are called.

    Areas of ten records and fewer are told together with the records whose ZIP code may not be used or is not known.
    """
    coded = evidence.records.fields.get("zip")
    if coded is None:
        return np.zeros(len(evidence.original), np.int64), [OTHER_AREAS]
    heads = np.array([value[:3] if len(value) >= 5 else "" for value in coded.values.to_pylist()] + [""])
    of_record = heads[coded.codes]
    found, counts = np.unique(of_record, return_counts=True)
    own = [str(head) for head, count in zip(found, counts, strict=True) if head and count >= FEWEST_OF_AN_AREA]
    number = {head: at for at, head in enumerate(own)}
    of = np.array([number.get(head, len(own)) for head in heads.tolist()])[coded.codes]
    return of[evidence.original], [*(f"ZIP {head}" for head in own), OTHER_AREAS]
