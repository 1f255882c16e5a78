"""Persons over parts: components do not depend on each other, so each block groups its own as one machine does.

The cut is chosen by figures that are sums over records, in whole units: exact, in whatever order Spark adds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.compare import Plan, pack
from infotrust.core.matching.compiled import BoolArray
from infotrust.core.matching.learning import score
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.persons import cluster
from infotrust.core.matching.persons.cluster import Scored
from infotrust.core.matching.persons.constraints import FREE, Constraints
from infotrust.core.matching.persons.copies import stand_ins, unfold, weights_of_spares
from infotrust.core.matching.pipeline import Options, weakest_at, with_unseen
from infotrust.core.matching.reading.sources import Records
from infotrust.core.matching.spark.dealing import Numbers, deal, on_two
from infotrust.core.matching.spark.finding import Blocks
from infotrust.core.matching.spark.reading import Common, part_of
from infotrust.core.matching.spark.scoring import SCORED, comparisons_of, places_needed, scored_pairs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class Cuts:
    """The cuts (mean log odds) that are worked out, and the log odds that at least one pair between two groups has."""

    cuts: tuple[float, ...]
    weakest: float

    @staticmethod
    def of(options: Options) -> Cuts:
        """Those among which the data choose, or the one that was set."""
        if options.threshold is None:
            return Cuts(cluster.CUTS, cluster.STARTS)
        cut = options.threshold / score.BITS
        return Cuts((cut,), weakest_at(options, cut))


def pairs_of_components(scored: DataFrame, components: DataFrame, blocks: Blocks) -> DataFrame:
    """The scored pairs inside each component, dealt to the block of its smallest record: rows of SCORED."""
    needed = scored.mapInArrow(places_needed, "part int, place long").join(components, "place")
    return (
        blocks.grouped(needed)
        .groupBy("part")
        .cogroup(blocks.grouped(scored).groupBy("part"))
        .applyInArrow(on_two(_inside, size=blocks.size), SCORED)
    )


def _inside(known: pa.Table, scored: pa.Table, *, size: int) -> pa.Table:
    """known: part, place, component of records of the block's pairs, of those that are in one."""
    known = known.sort_by("place")
    places = known["place"].to_numpy()
    component = np.append(known["component"].to_numpy(), -1)
    pairs = scored_pairs(scored)

    def of(side: Numbers) -> Numbers:
        at = np.searchsorted(places, side)
        found = at < len(places)
        found[found] = places[at[found]] == side[found]
        whole: Numbers = component[np.where(found, at, -1)]
        return whole

    one, other = of(pairs.pairs.first), of(pairs.pairs.second)
    same = (one == other) & (one >= 0)
    columns = {"first": pairs.pairs.first[same], "second": pairs.pairs.second[same], "odds": pairs.odds[same]}
    return pa.Table.from_batches([deal(one[same] // size, columns)])


def group_components(
    records: DataFrame, components: DataFrame, inner: DataFrame, own: DataFrame, common: Common, model: Model,
    blocks: Blocks, cuts: Cuts,
) -> DataFrame:  # fmt: skip
    """One row for each record of a component: place; for each cut its person (`person0` ...: the smallest record of
    it), its strongest weight there (`weight0`, bits), and its shares of `cluster.expected_shares` in units."""
    from pyspark.sql import functions as F

    stood_for = records.where("stands_in is not null").selectExpr("place", "stands_in")
    with_first = stood_for.join(components.withColumnRenamed("place", "stands_in"), "stands_in")
    components = components.union(with_first.select("place", "component"))
    members = components.join(records, "place").join(own, "place", "left")
    members = members.withColumn("part", (F.col("component") / blocks.size).cast("int"))
    schema = ", ".join(
        ["place long"]
        + [f"person{c} long, weight{c} double, precision{c} long, recall{c} long" for c in range(len(cuts.cuts))]
    )
    grouped = on_two(_grouped, common=common, model=model, cuts=cuts)
    return (
        blocks.grouped(members)
        .groupBy("part")
        .cogroup(blocks.grouped(inner).groupBy("part"))
        .applyInArrow(grouped, schema)
    )


def _grouped(members: pa.Table, pairs: pa.Table, *, common: Common, model: Model, cuts: Cuts) -> pa.Table:
    members = members.sort_by("place")
    records, n = part_of(members, common), members.num_rows
    constraints = _constraints(records, common)
    comparisons = comparisons_of(common)
    candidates = _local(pairs, records)
    scored = with_unseen(n, Plan(comparisons, pack(records, comparisons)), model, candidates, constraints)
    fresh = slice(len(candidates.pairs), None)
    unseen = Scored(Pairs(scored.pairs.first[fresh], scored.pairs.second[fresh]), scored.odds[fresh])
    own = members["units"].fill_null(0).to_numpy() / cluster.UNITS + cluster.own_records(n, *cluster.told_pairs(unseen))
    spare = _whole_sets(records)
    first, second, likely = cluster.told_pairs(scored)
    columns: dict[str, Numbers] = {"place": records.row}
    for c, groups in enumerate(cluster.groups_at_each(n, scored, cuts.cuts, cuts.weakest, constraints)):
        together = groups[first] == groups[second]
        found = cluster.own_records(n, first[together], second[together], likely[together])
        precision, recall = cluster.expected_shares(found, np.bincount(groups, minlength=n)[groups], own)
        bits = scored.odds * score.BITS
        persons = unfold(groups, spare, constraints)
        weight = cluster.strongest_links(n, scored.pairs.first, scored.pairs.second, bits, groups)
        columns |= {
            f"person{c}": records.row[persons],
            f"weight{c}": weights_of_spares(weight, persons, spare),
            f"precision{c}": (precision * cluster.UNITS).astype(np.int64),
            f"recall{c}": (recall * cluster.UNITS).astype(np.int64),
        }
    return pa.table(columns)


def _whole_sets(records: Records) -> BoolArray:
    """The records that others stand for, where all of those are here: bool [n]. They hang together, or are not one."""
    first = stand_ins(records.spare)
    found = first >= 0
    places = np.flatnonzero(found)
    found[places] = records.row[places] - records.row[first[places]] == places - first[places]
    return found


def _local(pairs: pa.Table, records: Records) -> Scored:
    """Pairs of global places as pairs of these records, sorted."""
    scored = scored_pairs(pairs)
    first, second = (np.searchsorted(records.row, side) for side in (scored.pairs.first, scored.pairs.second))
    order = np.lexsort((second, first))
    return Scored(Pairs(first[order].astype(np.int32), second[order].astype(np.int32)), scored.odds[order])


def _constraints(records: Records, common: Common) -> Constraints:
    """Sources that hold each person once. See `constraints_of`."""
    if not common.unique:
        return FREE
    number = np.full(len(common.source_names), -1, np.int32)
    number[list(common.unique)] = np.arange(len(common.unique), dtype=np.int32)
    return Constraints(unique_source=number[records.source])


def choose_cut(grouped: DataFrame, own: DataFrame, n: int, cuts: Cuts) -> int:
    """The place of the cut with the best expected B-cubed F1 over all n records. See `cluster.choose_cut`."""
    from pyspark.sql import functions as F

    if len(cuts.cuts) == 1:
        return 0
    names = [f"{share}{c}" for c in range(len(cuts.cuts)) for share in ("precision", "recall")]
    inside = grouped.agg(F.count("*").alias("records"), *(F.sum(name).alias(name) for name in names)).collect()[0]
    lone = own.join(grouped, "place", "left_anti").mapInArrow(_recall_of_lone, "records long, recall long")
    alone = lone.agg(F.sum("records"), F.sum("recall")).collect()[0]
    without = n - inside["records"]
    figures = []
    for c in range(len(cuts.cuts)):
        # A record by itself is right about its group; it misses what other records are expected to be of its person.
        precision = (inside[f"precision{c}"] or 0) / cluster.UNITS + without
        recall = ((inside[f"recall{c}"] or 0) + (alone[1] or 0)) / cluster.UNITS + without - (alone[0] or 0)
        figures.append(cluster.f1_of(precision, recall, n))
    return cluster.best_of(figures)


def _recall_of_lone(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        own = 1 + batch["units"].to_numpy() / cluster.UNITS
        _, recall = cluster.expected_shares(np.ones(len(own)), np.ones(len(own), np.int64), own)
        units = int((recall * cluster.UNITS).sum())
        yield pa.record_batch({"records": pa.array([batch.num_rows]), "recall": pa.array([units])})
