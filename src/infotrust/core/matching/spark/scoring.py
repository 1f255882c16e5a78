"""The model is fitted on the driver, on the very pairs that one machine would draw; each block scores its own pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.compare import Comparison, Plan, choose_comparisons, pack
from infotrust.core.matching.compiled import IntArray, LongArray
from infotrust.core.matching.learning import score
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.learning.train import draw, fit_on
from infotrust.core.matching.persons import cluster
from infotrust.core.matching.persons.cluster import Scored
from infotrust.core.matching.spark.dealing import gathered, on_two
from infotrust.core.matching.spark.finding import Blocks, pairs_row
from infotrust.core.matching.spark.reading import Common, part_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

SCORED = "part int, first binary, second binary, odds binary"


def comparisons_of(common: Common) -> tuple[Comparison, ...]:
    return choose_comparisons(common.frequencies, common.compared, common.source_names)


def pairs_in_blocks(pairs: DataFrame) -> dict[int, int]:
    """Block -> its pairs, of rows of PAIRS."""
    from pyspark.sql import functions as F

    return dict(pairs.select("part", (F.octet_length("first") / 4).cast("long")).orderBy("part").collect())


def fit_model(records: DataFrame, pairs: DataFrame, common: Common, *, fit_pairs: int, seed: int) -> Model:
    """Fit on the driver, on a sample that the seed decides: at most a million records, whatever there is in all."""
    counts = pairs_in_blocks(pairs)
    of = sum(counts.values())
    drawn = draw(common.n, of, fit_pairs=fit_pairs, seed=seed)
    chosen = pairs.mapInArrow(partial(_chosen, ranks=_by_block(drawn.chosen, counts)), "first int, second int")
    table = chosen.toArrow().sort_by([("first", "ascending"), ("second", "ascending")])
    first, second = (table[side].to_numpy() for side in ("first", "second"))
    places = np.unique(np.concatenate([first, second, drawn.chance.first, drawn.chance.second]))
    part = part_of(_at(records, places), common)
    comparisons = comparisons_of(common)

    def local(one: IntArray, other: IntArray) -> Pairs:
        return Pairs(*(np.searchsorted(places, side).astype(np.int32) for side in (one, other)))

    plan = Plan(comparisons, pack(part, comparisons))
    chance = local(drawn.chance.first, drawn.chance.second)
    return fit_on(part, common.compared, plan, local(first, second), chance, of)


def _by_block(chosen: LongArray, counts: Mapping[int, int]) -> dict[int, LongArray]:
    """Places among all sorted pairs -> block -> places among its pairs."""
    ends = np.cumsum(list(counts.values()), dtype=np.int64)
    block = np.searchsorted(ends, chosen, side="right")
    start = ends - np.array(list(counts.values()), np.int64)
    return {part: chosen[block == at] - start[at] for at, part in enumerate(counts) if (block == at).any()}


def _chosen(batches: Iterable[pa.RecordBatch], *, ranks: Mapping[int, LongArray]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for row in range(batch.num_rows):
            one = batch.slice(row, 1)
            at = ranks.get(one["part"][0].as_py())
            if at is not None:
                yield pa.record_batch({side: gathered(one[side], np.int32)[at] for side in ("first", "second")})


def _at(records: DataFrame, places: IntArray) -> pa.Table:
    """The records at these places, to the driver."""
    from pyspark.sql import functions as F

    wanted = records.sparkSession.createDataFrame(pa.table({"place": places.astype(np.int64)}))
    return records.join(F.broadcast(wanted), "place", "left_semi").toArrow()


def score_pairs(records: DataFrame, pairs: DataFrame, common: Common, model: Model, blocks: Blocks) -> DataFrame:
    """Rows of SCORED: the pairs of each block with their log odds, float32. A block is sent the records it needs."""
    needed = pairs.mapInArrow(places_needed, "part int, place long").join(records, "place")
    scored = on_two(_scored, common=common, model=model)
    return blocks.grouped(needed).groupBy("part").cogroup(blocks.grouped(pairs).groupBy("part")).applyInArrow(
        scored, SCORED
    )  # fmt: skip


def places_needed(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """part, place: the records of the pairs of each block, once."""
    for batch in batches:
        for row in range(batch.num_rows):
            one = batch.slice(row, 1)
            places = np.unique(np.concatenate([gathered(one[side], np.int32) for side in ("first", "second")]))
            part = np.full(len(places), one["part"][0].as_py(), np.int32)
            yield pa.record_batch({"part": part, "place": places.astype(np.int64)})


def _scored(records: pa.Table, pairs: pa.Table, *, common: Common, model: Model) -> pa.Table:
    part = part_of(records, common)
    first, second = (gathered(pairs[side], np.int32) for side in ("first", "second"))
    local = Pairs(*(np.searchsorted(part.row, side).astype(np.int32) for side in (first, second)))
    comparisons = comparisons_of(common)
    odds = score.odds_of_pairs(model, Plan(comparisons, pack(part, comparisons)), local, weakest=-cluster.SURE)
    return pa.Table.from_batches([pairs_row(pairs["part"][0].as_py(), first, second, odds=odds)])


def scored_pairs(row: pa.Table | pa.RecordBatch) -> Scored:
    """Rows of SCORED as pairs, in the order of the rows."""
    first, second = (gathered(row[side], np.int32) for side in ("first", "second"))
    return Scored(Pairs(first, second), gathered(row["odds"], np.float32))


def own_in_units(scored: DataFrame) -> DataFrame:
    """place, units: how many records beside itself are expected to be of a record's person, in units of 2^-24.

    Whole numbers, so that Spark may add them in any order. Records without any likely pair are not among them.
    """
    from pyspark.sql import functions as F

    parts = scored.mapInArrow(_own_of_rows, "place long, units long")
    return parts.groupBy("place").agg(F.sum("units").alias("units"))


def _own_of_rows(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for row in range(batch.num_rows):
            first, second, likely = cluster.told_pairs(scored_pairs(batch.slice(row, 1)))
            places, number = np.unique(np.concatenate([first, second]), return_inverse=True)
            units = np.bincount(number, np.concatenate([likely, likely]), len(places)) * cluster.UNITS
            yield pa.record_batch({"place": places.astype(np.int64), "units": units.astype(np.int64)})
