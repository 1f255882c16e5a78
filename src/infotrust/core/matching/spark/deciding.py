"""What is decided once for a source, and once for all records, counted in parts: see `reading.habits` and `shared`.

Default dates, numbers that a system made up, addresses and telephones that many unrelated people have: set aside as on
one machine, before anything is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.matching.reading.coded import Coded
from infotrust.core.matching.reading.habits import AT_LEAST, default_dates, made_up, mostly
from infotrust.core.matching.reading.shared import (
    FEWEST,
    SET_ASIDE,
    Shared,
    is_shared,
    keys_of,
    set_aside,
    surname_sounds,
)
from infotrust.core.matching.reading.sources import coded_of, standard_fields
from infotrust.core.matching.reading.standardize import Habits
from infotrust.core.matching.spark.dealing import chunks
from infotrust.core.matching.spark.reading import ROWS_AT_ONCE, FrameSource, like

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_NAMED = ("source", "row")


def habits_of(standard: DataFrame, sources: Sequence[FrameSource]) -> tuple[Habits, ...]:
    """What holds for each whole source. standard: as `reading.standard_frame` gives it."""
    dates = _people_by_date(standard, sources)
    kept = _keeps_made_up(standard)
    return tuple(
        Habits(default_dates=default_dates(dates.get(number, {})), made_up=kept.get(number, True))
        for number in range(len(sources))
    )


def _people_by_date(standard: DataFrame, sources: Sequence[FrameSource]) -> dict[int, dict[str, int]]:
    """Source -> standard date -> how many surnames have it; see `habits.people_by_date`."""
    from pyspark.sql import functions as F

    if "birth_date" not in standard.columns:
        return {}
    yields = [standard_fields(like(source)) for source in sources]
    name = F.lit(None).cast("string")
    for field in ("given", "family"):
        having = [number for number, fields in enumerate(yields) if field in fields]
        if having:
            name = F.when(F.col("source").isin(having), F.col(field)).otherwise(name)
    unnamed = [number for number, fields in enumerate(yields) if "given" not in fields and "family" not in fields]
    # A date and a surname are counted once, with their records: then one row for each date is left.
    dated = standard.where("birth_date is not null").withColumn("name", name)
    surnames = dated.groupBy("source", "birth_date", "name").agg(F.count("*").alias("records"))
    days = surnames.groupBy("source", "birth_date").agg(
        F.sum("records").alias("records"), F.count("*").alias("surnames")
    )
    few = (F.col("records") <= AT_LEAST) | F.col("source").isin(unnamed)
    told = days.select("source", "birth_date", F.when(few, F.col("records")).otherwise(F.col("surnames")))
    found: dict[int, dict[str, int]] = {}
    for source, day, people in told.collect():
        found.setdefault(source, {})[day] = people
    return found


def _keeps_made_up(standard: DataFrame) -> dict[int, bool]:
    """Source -> `habits.keeps_made_up`."""
    if "ssn" not in standard.columns:
        return {}
    told = standard.where("ssn is not null").select("source", "ssn")
    sums = told.mapInArrow(_numbers, "source int, ours long, full long").groupBy("source").sum("ours", "full")
    return {source: mostly(ours, full) for source, ours, full in sums.collect()}


def _numbers(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        ours = made_up(batch["ssn"]).to_numpy(zero_copy_only=False)
        full = pc.equal(pc.utf8_length(batch["ssn"]), 9).to_numpy(zero_copy_only=False)
        source, number = np.unique(batch["source"].to_numpy(), return_inverse=True)
        sums = {
            name: np.bincount(number, marks, len(source)).astype(np.int64)
            for name, marks in (("ours", ours), ("full", full))
        }
        yield pa.record_batch({"source": source.astype(np.int32), **sums})


def with_habits(standard: DataFrame, habits: Sequence[Habits]) -> DataFrame:
    """Without the dates and numbers that say nothing in their source."""
    return standard.mapInArrow(partial(_with_habits, habits=tuple(habits)), standard.schema)


def _with_habits(batches: Iterable[pa.RecordBatch], *, habits: Sequence[Habits]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        table = pa.Table.from_batches([batch])
        for number, decided in enumerate(habits):
            here = pc.equal(table["source"], number)
            if "birth_date" in table.column_names and decided.default_dates:
                default = pc.is_in(table["birth_date"], value_set=pa.array(sorted(decided.default_dates), pa.string()))
                table = _emptied(table, "birth_date", pc.and_(here, default))
            if "ssn" in table.column_names and not decided.made_up:
                table = _emptied(table, "ssn", pc.and_(here, made_up(table["ssn"])))
        yield from table.to_batches()


def _emptied(table: pa.Table, field: str, where: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.column_names.index(field), field, pc.if_else(where, None, table[field]))


def find_shared(standard: DataFrame) -> Shared:
    """The values that many unrelated people have, of all records; see `shared.find_shared`."""
    from pyspark.sql import functions as F

    if "family" not in standard.columns:
        return Shared()
    told = standard.mapInArrow(_keys_and_sounds, "kind int, key long, sound long")
    sounds = told.groupBy("kind", "key", "sound").agg(F.count("*").alias("records"))
    sums = {
        "records": F.sum("records"),
        "surnames": F.count("*"),
        "squares": F.sum(F.col("records") * F.col("records")),
    }
    keys = sounds.groupBy("kind", "key").agg(*(total.alias(name) for name, total in sums.items()))
    found = keys.where(F.col("surnames") >= FEWEST).toArrow()
    kind, key = found["kind"].to_numpy(), found["key"].to_numpy().view(np.uint64)
    shared = is_shared(*(found[name].to_numpy() for name in ("surnames", "records", "squares")))
    return Shared({name: np.sort(key[shared & (kind == number)]) for number, name in enumerate(SET_ASIDE)})


def _fields(table: pa.Table) -> dict[str, Coded]:
    return {name: coded_of(table[name]) for name in table.column_names if name not in _NAMED}


def _keys_and_sounds(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for table in chunks(batches, ROWS_AT_ONCE):
        fields = _fields(table)
        sounds = surname_sounds(fields["family"])
        for number, kind in enumerate(SET_ASIDE):
            keys = keys_of(kind, fields)
            if keys is None:
                continue
            known = (keys != 0) & (sounds != 0)
            columns = {"key": keys[known].view(np.int64), "sound": sounds[known].view(np.int64)}
            yield pa.record_batch({"kind": np.full(int(known.sum()), number, np.int32), **columns})


def without_shared(standard: DataFrame, shared: Shared) -> DataFrame:
    """Without what many unrelated people share; see `shared.set_aside`."""
    if not any(len(keys) for keys in shared.keys.values()):
        return standard
    return standard.mapInArrow(partial(_without_shared, keys=dict(shared.keys)), standard.schema)


def _without_shared(
    batches: Iterable[pa.RecordBatch], *, keys: Mapping[str, np.ndarray[tuple[int], np.dtype[np.uint64]]]
) -> Iterator[pa.RecordBatch]:
    for table in chunks(batches, ROWS_AT_ONCE):
        before = _fields(table)
        after, _ = set_aside(before, Shared(keys))
        for name, coded in after.items():
            if coded is not before[name]:
                text = coded.values.take(pa.array(coded.codes, mask=coded.codes < 0))
                table = table.set_column(table.column_names.index(name), name, text)
        yield from table.to_batches()
