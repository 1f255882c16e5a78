"""A linkage's questions as a file for people to fill in, and what the filled-in file tells about the linkage.

One row for each pair: the two records by file and row, an empty verdict, how they agree in words, and what is needed to
measure by the pairs that were drawn at random. The columns of the verdict are those of `told.read_answers`, so that the
same file goes into the next linkage. It holds values of people only where that was asked for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.elements import ELEMENTS
from infotrust.core.errors import UserFacingError
from infotrust.core.matching.answers import Answer, Verdict
from infotrust.core.matching.compiled import LongArray
from infotrust.core.matching.pipeline import Linkage
from infotrust.core.matching.reading import files
from infotrust.core.matching.reading.sources import Source, distinct_texts
from infotrust.core.matching.reviewing.accuracy import Cell
from infotrust.core.matching.reviewing.review import Question, Review, plan_review

MEASURED_BY = ("joined", "band", "among", "of_pairs")  # a drawn pair's stratum, and how many pairs it stands for
KNOWN = "asked before"
MOST_PARTS = 3  # files, between which error is measured by itself
Both = tuple[int, int]  # places in a linkage


@dataclass(frozen=True)
class Row:
    """A line of the file: a pair, what was said of it already, and the question it is (None: only said before)."""

    both: Both
    verdict: Verdict | None = None
    question: Question | None = None


@dataclass(frozen=True)
class Doubted:
    """Pairs whose answers the linkage does not go by: a single one against overwhelming evidence, or two that differ;
    and one that the others leave no room for."""

    doubted: tuple[Both, ...] = ()
    contradicted: tuple[Both, ...] = ()

    def __contains__(self, both: Both) -> bool:
        return both in self.doubted or both in self.contradicted


def doubted_answers(linkage: Linkage) -> Doubted:
    """By places in the linkage, the lower first."""
    evidence = linkage.evidence
    if evidence is None or evidence.correction is None or evidence.constraints.asked is None:
        return Doubted()
    place = np.empty(len(evidence.original), np.int64)
    place[evidence.original] = np.arange(len(place))
    pairs, settled = evidence.constraints.asked.pairs, evidence.correction.settled
    one, other = place[pairs.first], place[pairs.second]
    both = np.stack([np.minimum(one, other), np.maximum(one, other)], 1)
    found = (tuple((int(x), int(y)) for x, y in both[some]) for some in (settled.doubted, settled.contradicted))
    return Doubted(*found)


def questions_of(
    linkage: Linkage, sources: Sequence[Source], answers: Sequence[Answer], *, count: int, seed: int = 1
) -> tuple[list[Row], Review]:
    """About `count` new questions, half of them drawn at random; after them all that was said before, so that the file
    alone is enough for the next linkage. A doubted answer is asked once more. Records are named by file and row."""
    said = _by_pair(sources, answers)
    # Each part that is told by itself needs answers of its own: many files would take them all.
    by_file = len(sources) <= MOST_PARTS
    review = plan_review(
        linkage,
        communities=linkage.source_index.astype(np.int64) if by_file else np.zeros(len(linkage.person), np.int64),
        names=[source.name for source in sources] if by_file else ["all files"],
        answered={both: _told(verdicts) for both, verdicts in said.items()},
        sample=count - count // 2, telling=count // 2, seed=seed,
    )  # fmt: skip
    doubted = doubted_answers(linkage)
    again = [Row(both) for both in said if both in doubted]
    return [*_fresh(review, said), *again, *_said_before(review, said)], review


def _by_pair(sources: Sequence[Source], answers: Sequence[Answer]) -> dict[Both, list[Verdict]]:
    begin = dict(zip((source.name for source in sources), _begins(sources), strict=True))
    said: dict[Both, list[Verdict]] = {}
    for answer in answers:
        one, other = (begin[name] + int(row) - 1 for name, row in (answer.one, answer.other))
        if one != other:
            said.setdefault((min(one, other), max(one, other)), []).append(answer.verdict)
    return said


def _begins(sources: Sequence[Source]) -> list[int]:
    return [0, *np.cumsum([source.table.num_rows for source in sources])[:-1].tolist()]


def _told(verdicts: Sequence[Verdict]) -> Verdict:
    """What several people's answers on a pair come to."""
    lead = verdicts.count(Verdict.MATCH) - verdicts.count(Verdict.NO_MATCH)
    return Verdict.CANNOT_TELL if lead == 0 else Verdict.MATCH if lead > 0 else Verdict.NO_MATCH


def _fresh(review: Review, said: Mapping[Both, Sequence[Verdict]]) -> Iterator[Row]:
    for question in review.questions:
        both = (min(question.one, question.other), max(question.one, question.other))
        if both not in said:
            yield Row(both, None, question)


def _said_before(review: Review, said: Mapping[Both, Sequence[Verdict]]) -> Iterator[Row]:
    """Only the first answer of a pair measures; the others are there to confirm it."""
    known = {(min(one.one, one.other), max(one.one, one.other)): one for one in review.questions}
    for both, verdicts in said.items():
        for at, verdict in enumerate(verdicts):
            yield Row(both, verdict, known.get(both) if at == 0 else None)


def questions_table(
    rows: Sequence[Row], review: Review, linkage: Linkage, sources: Sequence[Source], *, with_values: bool
) -> pa.Table:
    """The file's columns. with_values: also what the two records say, side by side."""
    one, other = (np.array([row.both[end] for row in rows], np.int64) for end in (0, 1))
    names = pa.array([source.name for source in sources], pa.string())
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "file_1": names.take(pa.array(linkage.source_index[one])),
        "row_1": pa.array(linkage.record_index[one] + 1),
        "file_2": names.take(pa.array(linkage.source_index[other])),
        "row_2": pa.array(linkage.record_index[other] + 1),
        "verdict": pa.array([row.verdict or "" for row in rows], pa.string()),
        "weight": pa.array([row.question.weight if row.question else None for row in rows], pa.float64()),
        "agreement": pa.array([_in_words(row.question) for row in rows], pa.string()),
    }
    if with_values:
        columns |= _values(sources, one, other)
    strata = [
        ("yes" if one.accepted else "no", KNOWN if one.known else str(one.band), one.community, str(one.pairs))
        for one in review.strata
    ]
    drawn = [row.question.stratum if row.question else None for row in rows]
    for at, name in enumerate(MEASURED_BY):
        columns[name] = pa.array(["" if stratum is None else strata[stratum][at] for stratum in drawn], pa.string())
    return pa.table(columns)


def _in_words(question: Question | None) -> str:
    return "; ".join(f"{one.field}: {one.level}" for one in question.fields) if question else ""


def _values(sources: Sequence[Source], one: LongArray, other: LongArray) -> dict[str, pa.Array]:
    """What both records say on each element that is linked by, as delivered, beside each other."""
    columns = {}
    kinds = {kind for source in sources for kind in source.columns if ELEMENTS[kind].links}
    for kind in sorted(kinds):
        parts = []
        for source in sources:
            if source.columns.get(kind):
                of_row, values = distinct_texts(source, kind)
                parts.append(values.take(pa.array(of_row, mask=of_row < 0)).cast(pa.string()))
            else:
                parts.append(pa.nulls(source.table.num_rows, pa.string()))
        whole = pa.chunked_array(parts, pa.string())
        for end, places in (("1", one), ("2", other)):
            columns[f"{kind.value}_{end}"] = pc.fill_null(whole.take(pa.array(places)), "").combine_chunks()
    return columns


def check_questions_out(path: Path, taken: Sequence[Path]) -> None:
    """Raises UserFacingError when the file cannot be written, is one of `taken`, or may hold somebody's answers."""
    files.check_out(path)
    if path.resolve() in {one.resolve() for one in taken}:
        raise UserFacingError(f"{path} has another part in this run.", next_step="Choose another --review.")
    if path.exists():
        there = files.read_table(path)
        said = pc.fill_null(there["verdict"].cast(pa.string()), "") if "verdict" in there.column_names else None
        if said is None or pc.any(pc.not_equal(said, "")).as_py():
            raise UserFacingError(f"{path} is there, and may hold answers.", next_step="Choose another --review.")


def write_questions(table: pa.Table, path: Path) -> None:
    """For its owner's eyes alone."""
    before = os.umask(0o077)
    try:
        files.write_table(table, path)
    finally:
        os.umask(before)


def cells_of(path: Path) -> list[Cell]:
    """The strata as the filled-in file tells them; none where no pair of it was drawn at random."""
    table = files.read_table(path)
    if not {"verdict", *MEASURED_BY} <= set(table.column_names):
        return []
    columns = [pc.fill_null(table[name].cast(pa.string()), "").to_pylist() for name in ("verdict", *MEASURED_BY)]
    counted: dict[tuple[str, ...], list[Verdict]] = {}
    for verdict, *stratum in zip(*columns, strict=True):
        if all(stratum):
            said = counted.setdefault(tuple(stratum), [])
            told = verdict.strip().lower().replace("_", " ")
            said += [Verdict(told)] if told in list(Verdict) else []
    return [_cell(path, stratum, said) for stratum, said in sorted(counted.items())]


def _cell(path: Path, stratum: tuple[str, ...], said: Sequence[Verdict]) -> Cell:
    joined, band, among, pairs = stratum
    if joined not in ("yes", "no") or not pairs.isdigit() or not (band.isdigit() or band == KNOWN):
        raise UserFacingError(
            f"{path.name}: its columns {', '.join(MEASURED_BY)} are not as they were written.",
            next_step="Leave them as they are, or take them out: then nothing is measured.",
        )
    told = [verdict for verdict in said if verdict is not Verdict.CANNOT_TELL]
    given_up = joined == "no" and band == "0"
    matches = told.count(Verdict.MATCH)
    return Cell(
        joined == "yes", 0 if band == KNOWN else int(band), among, int(pairs), len(told), matches,
        len(said) - len(told), given_up,
    )  # fmt: skip
