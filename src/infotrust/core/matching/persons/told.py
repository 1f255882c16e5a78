"""What people and files say beside the evidence, as `Constraints` on the records of one linkage.

Answers name records as people know them, by source and record id (or row); the engine knows places in canonical order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.answers import Answer, RecordKey, Verdict, latest_of_each
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.compiled import LongArray
from infotrust.core.matching.persons.constraints import FREE, MOST_UNIQUE, Constraints
from infotrust.core.matching.persons.settled import Asked, settle
from infotrust.core.matching.reading import files
from infotrust.core.matching.reading.sources import Records, Source

ANSWER_COLUMNS = ("file_1", "row_1", "file_2", "row_2", "verdict")
WHO = "by"  # a column that may be there: who gave the answer


def read_answers(path: Path, names: Sequence[str]) -> tuple[Answer, ...]:
    """Answers about records named by file and row (1 is the first after the header). Raises UserFacingError.

    Verdicts: match, no match, cannot tell; a row without one was not answered and is passed over. Where a column `by`
    says who answered, the last row of a person about a pair counts; without it each row is another person's.
    """
    table = files.read_table(path)
    for column in ANSWER_COLUMNS:
        if column not in table.column_names:
            raise UserFacingError(
                f"{path.name} has no column {column!r}.", next_step=f"It needs {', '.join(ANSWER_COLUMNS)}."
            )
    columns = [table[column].cast(pa.string()).to_pylist() for column in ANSWER_COLUMNS]
    who = table[WHO].cast(pa.string()).to_pylist() if WHO in table.column_names else [""] * table.num_rows
    rows = enumerate(zip(*columns, who, strict=True), 1)
    return latest_of_each(answer for line, row in rows if (answer := _answer(path, line, row, names)))


def _answer(path: Path, line: int, row: Sequence[str | None], names: Sequence[str]) -> Answer | None:
    one, row_1, other, row_2, verdict, by = ((cell or "").strip() for cell in row)
    if not verdict:
        return None
    for file in (one, other):
        if file not in names:
            raise UserFacingError(
                f"{path.name}, row {line}: no file to link is called {file!r}.",
                next_step=f"The files are: {', '.join(names)}.",
            )
    if not (row_1.isdigit() and row_2.isdigit()):
        raise UserFacingError(
            f"{path.name}, row {line}: row_1 and row_2 are numbers of rows.",
            next_step="Row 1 is the first after the header.",
        )
    said = verdict.lower().replace("_", " ")
    if said not in list(Verdict):
        raise UserFacingError(
            f"{path.name}, row {line}: the verdict is not understood.",
            next_step=f"Write one of: {', '.join(Verdict)}; or leave it empty.",
        )
    return Answer((one, str(int(row_1))), (other, str(int(row_2))), Verdict(said), by)


def constraints_of(sources: Sequence[Source], records: Records, answers: Sequence[Answer] = ()) -> Constraints:
    """What must or may not be one person. Raises UserFacingError.

    An answer about a record that is not (any more) among the records says nothing; one "cannot tell" neither.
    """
    unique = unique_sources([source.unique for source in sources])
    told = said_of(answers)
    if not unique and not told:
        return FREE
    number = np.full(len(sources), -1, np.int32)
    number[unique] = np.arange(len(unique))
    asked = asked_of(told, _places(sources, records, {key for answer in told for key in (answer.one, answer.other)}))
    unique_source = number[records.source] if unique else FREE.unique_source
    if not len(asked):
        return Constraints(unique_source=unique_source)
    return Constraints(unique_source=unique_source, asked=asked).by(settle(asked))


def said_of(answers: Iterable[Answer]) -> list[Answer]:
    """The answers that say something: the last of each person on a pair, without "cannot tell"."""
    return [answer for answer in latest_of_each(answers) if answer.verdict is not Verdict.CANNOT_TELL]


def unique_sources(unique: Sequence[bool]) -> list[int]:
    """The numbers of the sources that hold each person once. Raises UserFacingError past 64 of them."""
    numbers = [number for number, one in enumerate(unique) if one]
    if len(numbers) > MOST_UNIQUE:
        raise UserFacingError(
            f"{len(numbers)} files are said to hold each person once; there may be {MOST_UNIQUE}.",
            next_step="Leave the smaller ones out: how rare duplicates are in a file is learned anyway.",
        )
    return numbers


def asked_of(answers: Sequence[Answer], place: Mapping[RecordKey, int]) -> Asked:
    """The answers about records that have a place, by pair."""
    counted: Counter[tuple[int, int, Verdict]] = Counter()
    waiting: set[tuple[int, int]] = set()
    for answer in answers:
        if answer.one in place and answer.other in place and place[answer.one] != place[answer.other]:
            low, high = sorted((place[answer.one], place[answer.other]))
            counted[low, high, answer.verdict] += 1
            if answer.waits:
                waiting.add((low, high))
    both = np.array(sorted({(low, high) for low, high, _ in counted}), np.int32).reshape(-1, 2)
    yes, no = (
        np.array([counted[low, high, verdict] for low, high in both.tolist()], np.int32)
        for verdict in (Verdict.MATCH, Verdict.NO_MATCH)
    )
    waits = np.array([(low, high) in waiting for low, high in both.tolist()], bool)
    return Asked(Pairs(both[:, 0].copy(), both[:, 1].copy()), yes, no, waits)


def _places(sources: Sequence[Source], records: Records, keys: set[RecordKey]) -> dict[RecordKey, int]:
    """The canonical place of each named record that is there."""
    found: dict[RecordKey, int] = {}
    if not keys:
        return found
    original: LongArray = np.lexsort((records.row, records.source))
    begin = 0
    for source in sources:
        wanted = sorted(record for name, record in keys if name == source.name)
        for record, row in zip(wanted, _rows(source, wanted), strict=True):
            if row is not None:
                found[source.name, record] = int(original[begin + row])
        begin += source.table.num_rows
    return found


def _rows(source: Source, wanted: list[str]) -> list[int | None]:
    """The rows (from 0) of the records of these ids, or row numbers from 1 where the source has no ids."""
    if source.record_id is None:
        rows = [int(record) - 1 if record.isdigit() else -1 for record in wanted]
        return [row if 0 <= row < source.table.num_rows else None for row in rows]
    ids = source.table[source.record_id].cast(pa.string())
    rows_of: list[int | None] = pc.index_in(pa.array(wanted, pa.string()), value_set=ids).to_pylist()
    return rows_of
