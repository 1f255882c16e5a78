"""Link tables of a cluster: the engine of `pipeline`, its steps cut into blocks that Spark hands out.

    from infotrust.core.matching.spark import FrameSource, link_dataframes
    persons = link_dataframes(spark, [FrameSource("wic", frame, columns, row="id")], work="s3a://trust/linkage-7")

The same records give the same persons and weights as on one machine. Between the steps everything lies in the work
folder as Parquet, so that a machine that is lost costs the tasks of one step, and no step depends on how the one before
was parted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from infotrust.core.matching.comparing.candidates import COMPARE_ALL_UP_TO, least_share
from infotrust.core.matching.comparing.index import MOST_WIDE, affordable
from infotrust.core.matching.persons import cluster
from infotrust.core.matching.pipeline import Options
from infotrust.core.matching.spark import by_rules, components, deciding, finding, grouping, reading, scoring
from infotrust.core.matching.spark.finding import PAIRS, Blocks, Search, pairs_row
from infotrust.core.matching.spark.grouping import Cuts
from infotrust.core.matching.spark.reading import Common, FrameSource
from infotrust.core.matching.spark.session import untroubled

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

RECORDS_OF_A_BLOCK = 20_000  # with their neighbors' values about half a gigabyte in one Python process


@dataclass(frozen=True)
class Kept:
    """Frames that are written once, read as often as needed, and named in what Spark reports of its jobs."""

    spark: SparkSession
    folder: str

    def __call__(self, name: str, frame: DataFrame) -> DataFrame:
        self.spark.sparkContext.setJobDescription(name)
        place = f"{self.folder.rstrip('/')}/{name.replace(' ', '-')}"
        frame.write.mode("overwrite").parquet(place)
        return self.spark.read.schema(frame.schema).parquet(place)


def link_dataframes(
    spark: SparkSession,
    sources: Sequence[FrameSource],
    *,
    work: str,
    options: Options | None = None,
    block: int = RECORDS_OF_A_BLOCK,
) -> DataFrame:
    """Find which records belong to one person: source (its name), row (as it names itself), person, weight.

    person: a whole number, the same for the records of one person; weight: log2 odds of the record's strongest link
    inside its person, null when it is alone. work: a folder that every machine reaches; what is kept there holds values
    of people's records, and the last of it (`persons`) is what the result reads. block: records worked on at once;
    the results do not depend on it. Raises UserFacingError.
    """
    with untroubled():
        return _linked(Kept(spark, work), sources, options or Options(), block)


def _linked(kept: Kept, sources: Sequence[FrameSource], options: Options, block: int) -> DataFrame:
    standard = kept("standardize", reading.standard_frame(sources))
    reading.refuse_doubled_rows(standard, sources)
    standard = deciding.with_habits(standard, deciding.habits_of(standard, sources))
    standard = kept("set aside", deciding.without_shared(standard, deciding.find_shared(standard)))
    counts = kept("count values", reading.value_counts(standard))
    common = reading.common_of(counts, standard.count(), sources)
    records = kept("canonical order", reading.in_canonical_order(standard, common))
    common = reading.without_spares(records, common)
    persons = _persons(kept, records, common, options, _blocks(kept.spark, common.n, block))
    return kept("persons", _told(records, persons, common))


def _blocks(spark: SparkSession, n: int, most: int) -> Blocks:
    """Blocks of `most` records, smaller where there would be too few for all cores."""
    return Blocks(n, max(1, min(most, -(-n // spark.sparkContext.defaultParallelism))))


def _persons(kept: Kept, records: DataFrame, common: Common, options: Options, blocks: Blocks) -> DataFrame | None:
    """place, person, weight of each record that hangs together with another; None where no two can be compared."""
    if common.n < 2:
        return None
    pairs = kept("find candidates", _candidate_pairs(kept, records, common, options, blocks))
    if not pairs.take(1):
        return None
    kept.spark.sparkContext.setJobDescription("estimate")
    model = scoring.fit_model(records, pairs, common, fit_pairs=options.fit_pairs, seed=options.seed)
    scored = kept("compare and score", scoring.score_pairs(records, pairs, common, model, blocks))
    own = kept("expected records", scoring.own_in_units(scored))
    cuts = Cuts.of(options)
    together = components.components_of(scored, min(cluster.LOOSE_CUT, cuts.weakest), kept)
    together = kept("components", together)
    inner = kept("pairs of components", grouping.pairs_of_components(scored, together, blocks))
    grouped = kept("cluster", grouping.group_components(records, together, inner, own, common, model, blocks, cuts))
    best = grouping.choose_cut(grouped, own, common.n, cuts)
    return grouped.selectExpr("place", f"person{best} as person", f"weight{best} as weight")


def _candidate_pairs(kept: Kept, records: DataFrame, common: Common, options: Options, blocks: Blocks) -> DataFrame:
    if options.rules:
        keys = kept("keys of rules", by_rules.keys_of_rules(records, common, options.rules))
        return by_rules.pairs_by_rules(keys, blocks, options.rules)
    if common.n <= COMPARE_ALL_UP_TO:
        first, second = np.triu_indices(common.n, 1)
        rows = [
            pairs_row(part, first[first // blocks.size == part], second[first // blocks.size == part])
            for part in np.unique(first // blocks.size)
        ]
        return kept.spark.createDataFrame(pa.Table.from_batches(rows), PAIRS)
    widest = MOST_WIDE if options.widest_key is None else options.widest_key
    lists = kept("keys", finding.shared_keys(records, common, widest))
    if options.widest_key is None:
        lists = finding.narrowed(lists, affordable(finding.keys_of_width(lists), common.n))
    share = least_share(common.n)
    own_file = _own_file(kept, lists, blocks) if share else ""
    search = Search(options.per_record, options.least_information, share, own_file)
    return finding.candidate_pairs(lists, blocks, search)


def _own_file(kept: Kept, lists: DataFrame, blocks: Blocks) -> str:
    """Every record's own information as a file on every machine: four bytes a record. Spark carries it there."""
    found = kept("own information", finding.own_information(lists, blocks)).toArrow()
    own = np.zeros(blocks.n, np.float32)
    own[found["place"].to_numpy()] = found["own"].to_numpy()
    with tempfile.NamedTemporaryFile(prefix="own-information-", suffix=".npy", delete=False) as file:
        np.save(file, own)
    kept.spark.sparkContext.addFile(file.name)
    return Path(file.name).name


def _told(records: DataFrame, persons: DataFrame | None, common: Common) -> DataFrame:
    from pyspark.sql import functions as F

    names = F.array(*(F.lit(name) for name in common.source_names))
    rows = records.select("place", F.element_at(names, F.col("source") + 1).alias("source"), "row")
    if persons is None:
        return rows.selectExpr("source", "row", "place as person", "cast(null as double) as weight")
    return rows.join(persons, "place", "left").select(
        "source",
        "row",
        F.coalesce("person", "place").alias("person"),
        F.nanvl("weight", F.lit(None).cast("double")).alias("weight"),
    )
