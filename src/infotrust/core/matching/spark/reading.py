"""Tables of a cluster become one set of records in canonical order, as `reading.sources` makes it of files.

What is decided by a whole column (whether days come first, how rare a value is, whether a field tells people apart)
is counted in parts and decided once; everything else is done row by row by the same functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.elements import SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching.comparing.compare import RARITY, Frequencies
from infotrust.core.matching.compiled import LongArray
from infotrust.core.matching.persons.told import unique_sources
from infotrust.core.matching.reading import dates
from infotrust.core.matching.reading.sources import (
    MOST_ALIKE,
    Coded,
    Columns,
    Records,
    Source,
    Whole,
    coded_of,
    distinct_texts,
    fingerprints,
    standard_fields,
    tells_apart,
)
from infotrust.core.matching.reading.standardize import Habits
from infotrust.core.matching.spark.dealing import chunks

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ROWS_AT_ONCE = 100_000  # of a part: about 30 MB of texts
_NAMED = ("place", "source", "row")


@dataclass(frozen=True)
class FrameSource:
    """One table of the cluster. See `Source`; row: the column that names each of its rows once.

    Records that say the same in everything are put in the order of `row`.
    """

    name: str
    frame: DataFrame
    columns: Columns
    row: str
    day_first: bool | None = None
    unique: bool = False


@dataclass(frozen=True)
class Facts:
    """What all records say in one field: how many fill it, how often values occur, and the values that are not very
    rare, with how many records carry each (at most three thousand; every other one is very rare)."""

    frequencies: Frequencies
    values: pa.Array
    counts: LongArray


@dataclass(frozen=True)
class Common:
    """What every part has to know of the whole. n: records; spare: how many of them others stand for; unique: numbers
    of sources that hold each person once."""

    n: int
    source_names: tuple[str, ...]
    fields: Mapping[str, Facts]
    unique: tuple[int, ...] = ()
    spare: int = 0

    @property
    def compared(self) -> int:
        return self.n - self.spare

    @property
    def frequencies(self) -> dict[str, Frequencies]:
        return {field: facts.frequencies for field, facts in self.fields.items()}


def standard_frame(sources: Sequence[FrameSource]) -> DataFrame:
    """All rows in standard form, value by value: source (its number), row, then a text for each field.

    Raises UserFacingError.
    """
    if not sources:
        raise UserFacingError("There is no table to link.", next_step="Name at least one.")
    yields = [sorted(standard_fields(like(source))) for source in sources]
    fields = sorted({field for some in yields for field in some})
    row_type = "long" if all(_whole_numbers(source) for source in sources) else "string"
    schema = ", ".join(["source int", f"row {row_type}", *(f"{field} string" for field in fields)])
    frames = []
    for number, (source, day_first) in enumerate(zip(sources, _days_first(sources), strict=True)):
        used = sorted({column for columns in source.columns.values() for column in flat(columns) if column})
        chosen = source.frame.select(
            source.frame[f"`{source.row}`"].cast(row_type).alias("_row"), *(source.frame[f"`{name}`"] for name in used)
        )
        rows = partial(
            _standard_rows,
            number=number,
            columns=dict(source.columns),
            fields=fields,
            habits=Habits(day_first=day_first),
        )
        frames.append(chosen.mapInArrow(rows, schema))
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.union(frame)
    return whole


def flat(columns: str | tuple[str, ...]) -> tuple[str, ...]:
    return (columns,) if isinstance(columns, str) else columns


def like(source: FrameSource) -> Source:
    """The source without its rows: what is wrong with its columns is said before anything runs."""
    names = source.frame.columns
    if source.row not in names:
        raise UserFacingError(
            f"{source.name} has no column {source.row!r} to name its rows.", next_step=f"It has: {', '.join(names)}."
        )
    return Source(source.name, source.frame.limit(0).toArrow(), source.columns)


def _whole_numbers(source: FrameSource) -> bool:
    return source.frame.schema[source.row].dataType.typeName() in ("byte", "short", "integer", "long")


def _standard_rows(
    batches: Iterable[pa.RecordBatch], *, number: int, columns: Columns, habits: Habits, fields: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    for table in chunks(batches, ROWS_AT_ONCE):
        found = standard_fields(Source("", table, columns, habits=habits))
        arrays = {"source": pa.array(np.full(table.num_rows, number, np.int32)), "row": table["_row"]}
        for field in fields:
            if field in found:
                places, values = found[field]
                arrays[field] = values.take(pa.array(places, mask=places < 0)).cast(pa.string())
            else:
                arrays[field] = pa.nulls(table.num_rows, pa.string())
        yield from pa.table(arrays).to_batches()


def _days_first(sources: Sequence[FrameSource]) -> list[bool]:
    """Whether the dates of each source begin with the day: decided once, as on one machine, by its distinct values."""
    from pyspark.sql import functions as F

    found = [bool(source.day_first) for source in sources]
    texts = None
    for number, source in enumerate(sources):
        wanted = source.columns.get(SemanticType.BIRTH_DATE)
        if wanted is None or source.day_first is not None:
            continue
        column = source.frame.select(*(source.frame[f"`{name}`"] for name in flat(wanted) if name))
        mine = column.mapInArrow(partial(_date_texts, wanted=wanted), "text string").withColumn("source", F.lit(number))
        texts = mine if texts is None else texts.union(mine)
    if texts is not None:
        parts = texts.distinct().mapInArrow(_counted_parts, "source int, firsts long, seconds long")
        for number, firsts, seconds in parts.groupBy("source").sum("firsts", "seconds").collect():
            found[number] = dates.more_days_first(firsts, seconds)
    return found


def _date_texts(batches: Iterable[pa.RecordBatch], *, wanted: str | tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    for table in chunks(batches, ROWS_AT_ONCE):
        columns = {SemanticType.BIRTH_DATE: wanted}
        _, values = distinct_texts(Source("", table, columns), SemanticType.BIRTH_DATE)
        yield pa.record_batch({"text": values.cast(pa.string())})


def _counted_parts(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for number in pc.unique(batch["source"]):
            texts = batch["text"].filter(pc.equal(batch["source"], number)).to_pylist()
            firsts, seconds = dates.parts_over_twelve(texts)
            yield pa.record_batch({"source": pa.array([number.as_py()], pa.int32()), "firsts": pa.array([firsts]),
                                   "seconds": pa.array([seconds])})  # fmt: skip


def value_counts(standard: DataFrame) -> DataFrame:
    """field, value, records: how many carry it. Spark counts in each part first: a common value is no burden."""
    from pyspark.sql import functions as F

    fields = [name for name in standard.columns if name not in _NAMED]
    each = F.explode(F.array(*(F.struct(F.lit(name).alias("field"), F.col(name).alias("value")) for name in fields)))
    values = standard.select(each.alias("one")).select("one.field", "one.value").where("value is not null")
    return values.groupBy("field", "value").agg(F.count("*").alias("records"))


def common_of(counts: DataFrame, n: int, sources: Sequence[FrameSource]) -> Common:
    """What the counts say of the whole: the fields that tell people apart, and the values that are not very rare."""
    fields = {
        field: told for field, told in _frequencies(counts).items() if tells_apart(told.filled, int(told.counts.max()))
    }
    if n > 1 and not fields:
        raise UserFacingError(
            "No column tells people apart: there is no name, birth date, number or address with values in it.",
            next_step="Say what the columns mean in `columns`.",
        )
    return Common(
        n,
        tuple(source.name for source in sources),
        _with_common_values(counts, fields),
        tuple(unique_sources([source.unique for source in sources])),
    )


def _frequencies(counts: DataFrame) -> dict[str, Frequencies]:
    """How often values occur, by field. counts: rows of `value_counts`."""
    from pyspark.sql import functions as F

    told = counts.groupBy("field", "records").agg(F.count("*").alias("values")).toArrow().to_pydict()
    fields = {}
    for field in sorted(set(told["field"])):
        rows = sorted(
            (records, values)
            for name, records, values in zip(told["field"], told["records"], told["values"], strict=True)
            if name == field
        )
        fields[field] = Frequencies(*(np.array(column, np.int64) for column in zip(*rows, strict=True)))
    return fields


def without_spares(records: DataFrame, common: Common) -> Common:
    """The same, counted without the records that others stand for. records: see `in_canonical_order`."""
    spare = records.where("stands_in is not null").count()
    if not spare:
        return common
    counts = value_counts(records.where("stands_in is null").drop("stands_in"))
    frequencies = {field: told for field, told in _frequencies(counts).items() if field in common.fields}
    return replace(common, fields=_with_common_values(counts, frequencies), spare=spare)


def _with_common_values(counts: DataFrame, fields: Mapping[str, Frequencies]) -> dict[str, Facts]:
    from pyspark.sql import functions as F

    wanted = F.lit(False)
    for field, frequencies in fields.items():
        least = int(frequencies.filled * np.exp(-RARITY[-1]))  # a rarer value is of the last class
        wanted |= (F.col("field") == field) & (F.col("records") >= least)
    found = counts.where(wanted).orderBy("field", "value").toArrow() if fields else counts.limit(0).toArrow()
    facts = {}
    for field, frequencies in fields.items():
        rows = found.filter(pc.equal(found["field"], field))
        values = pa.array(rows["value"].to_pylist(), pa.string())
        facts[field] = Facts(frequencies, values, rows["records"].to_numpy().astype(np.int64))
    return facts


def in_canonical_order(standard: DataFrame, common: Common) -> DataFrame:
    """place (0 to n - 1), source, row, the fields that tell people apart, and stands_in. See `sources.fingerprints`.

    stands_in: where others of its source stand for a record (`persons.copies`), the place of the first of them.

    Places are given bucket by bucket of the fingerprint's first bits: no sort of the whole, and no place depends on how
    Spark parted the rows.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    fields = list(common.fields)
    types = dict(standard.dtypes)
    schema = ", ".join(["finger long", "source int", f"row {types['row']}", *(f"{field} string" for field in fields)])
    chosen = standard.select("source", "row", *fields)
    fingered = chosen.mapInArrow(partial(_with_fingerprint, common=common), schema)
    bits = min(max(int(common.n // 20_000).bit_length(), 0), 16)
    fingered = fingered.withColumn("bucket", F.shiftright("finger", 64 - bits).cast("int") if bits else F.lit(0))
    window = Window.partitionBy("bucket").orderBy("finger", "source", "row")
    so_far = window.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    ranked = fingered.withColumn("rank", F.row_number().over(window) - 1)
    begins = F.when(F.lag("finger").over(window).eqNullSafe(F.col("finger")), None).otherwise(F.col("rank"))
    ranked = ranked.withColumn("begins", begins).withColumn("begins", F.last("begins", True).over(so_far))
    sizes: dict[int, int] = dict(fingered.groupBy("bucket").count().collect())
    before, total = {}, 0
    for bucket in sorted(sizes):
        before[bucket], total = total, total + sizes[bucket]
    offsets = standard.sparkSession.createDataFrame(
        pa.table({"bucket": pa.array(list(before), pa.int32()), "before": pa.array(list(before.values()), pa.int64())})
    )
    placed = ranked.join(F.broadcast(offsets), "bucket")
    spare = F.when(F.col("rank") - F.col("begins") >= MOST_ALIKE, F.col("before") + F.col("begins"))
    place = F.col("before") + F.col("rank")
    return placed.select(place.alias("place"), "source", "row", *fields, spare.alias("stands_in"))


def _with_fingerprint(batches: Iterable[pa.RecordBatch], *, common: Common) -> Iterator[pa.RecordBatch]:
    for table in chunks(batches, ROWS_AT_ONCE):
        fields = {field: coded_of(table[field]) for field in common.fields}
        source = table["source"].to_numpy()
        finger = fingerprints(fields, source, common.source_names)
        # Spark's whole numbers have a sign: with the first bit turned, their order is that of the fingerprints.
        signed = (finger ^ np.uint64(1 << 63)).view(np.int64)
        yield from pa.table({"finger": signed, "source": table["source"], "row": table["row"],
                             **{field: table[field] for field in common.fields}}).to_batches()  # fmt: skip


def refuse_doubled_rows(standard: DataFrame, sources: Sequence[FrameSource]) -> None:
    """Raises UserFacingError when a source's `row` does not name each row once."""
    from pyspark.sql import functions as F

    doubled = standard.groupBy("source", "row").agg(F.count("*").alias("n")).where("n > 1 or row is null").take(1)
    if doubled:
        source = sources[doubled[0]["source"]]
        raise UserFacingError(
            f"{source.name}: the column {source.row!r} does not name each row once.",
            next_step="Name a column that is filled and different in every row.",
        )


def part_of(table: pa.Table, common: Common) -> Records:
    """Rows of `in_canonical_order` as records that know what is counted in the whole. row: their places, ascending."""
    table = table.sort_by("place")
    fields = {field: _coded(table[field], facts) for field, facts in common.fields.items()}
    source = table["source"].to_numpy().astype(np.int32)
    spare = pc.is_valid(table["stands_in"]).to_numpy(zero_copy_only=False)
    spare = spare if spare.any() else spare[:0]
    return Records(source, table["place"].to_numpy().astype(np.int64), common.source_names, fields, spare=spare)


def _coded(texts: Any, facts: Facts) -> Coded:
    coded = coded_of(texts)
    found = pc.fill_null(pc.index_in(coded.values, value_set=facts.values), -1).to_numpy(zero_copy_only=False)
    counts = np.append(facts.counts, 1)[found]  # what is not among the common values is very rare
    return Coded(coded.codes, coded.values, Whole(counts, facts.frequencies.filled))
