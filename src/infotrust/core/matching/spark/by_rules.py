"""Candidates by blocking rules, over parts: the keys of a rule meet by Spark's shuffle, as on one machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from infotrust.core.matching.comparing.rules import Rule, refuse_too_many, rule_keys
from infotrust.core.matching.spark.dealing import chunks, on_group
from infotrust.core.matching.spark.finding import PAIRS, Blocks, pairs_row
from infotrust.core.matching.spark.reading import ROWS_AT_ONCE, Common, part_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def keys_of_rules(records: DataFrame, common: Common, rules: Sequence[Rule]) -> DataFrame:
    """rule, key, place: of each record the key of each rule, where it knows all its parts. Raises UserFacingError."""
    rule_keys(part_of(records.limit(0).toArrow(), common), rules)  # a field that nobody has is refused here
    return records.mapInArrow(
        partial(_keys, common=common, rules=tuple(rules)), "rule int, key long, place long"
    )  # fmt: skip


def _keys(batches: Iterable[pa.RecordBatch], *, common: Common, rules: Sequence[Rule]) -> Iterator[pa.RecordBatch]:
    for table in chunks(batches, ROWS_AT_ONCE):
        records = part_of(table, common)
        keys = rule_keys(records, rules)
        row, rule = np.nonzero(keys)
        yield pa.record_batch(
            {"rule": rule.astype(np.int32), "key": keys[row, rule].view(np.int64), "place": records.row[row]}
        )


def pairs_by_rules(keys: DataFrame, blocks: Blocks, rules: Sequence[Rule]) -> DataFrame:
    """The pairs that at least one rule brings together, each once: rows of PAIRS. keys: rows of `keys_of_rules`.

    Raises UserFacingError when they are too many.
    """
    from pyspark.sql import functions as F

    refuse_too_many(rules, *pairs_of_rules(keys, len(rules)))
    one, other = keys.withColumnRenamed("place", "first"), keys.withColumnRenamed("place", "second")
    pairs = one.join(other, ["rule", "key"]).where("first < second").select("first", "second").distinct()
    dealt = pairs.withColumn("part", (F.col("first") / blocks.size).cast("int"))
    return blocks.grouped(dealt).groupBy("part").applyInArrow(on_group(_in_order), PAIRS)


def pairs_of_rules(keys: DataFrame, rules: int) -> tuple[list[int], list[int]]:
    """Of each rule how many pairs it makes, and how many records its largest block has."""
    from pyspark.sql import functions as F

    sizes = keys.groupBy("rule", "key").agg(F.count("*").alias("size"))
    pairs = F.sum(F.expr("size * (size - 1) div 2"))
    counted = sizes.groupBy("rule").agg(pairs.alias("pairs"), F.max("size").alias("most")).collect()
    told = {row["rule"]: (int(row["pairs"]), int(row["most"])) for row in counted}
    both = [told.get(rule, (0, 0)) for rule in range(rules)]
    return [pairs for pairs, _ in both], [most for _, most in both]


def _in_order(pairs: pa.Table) -> pa.Table:
    pairs = pairs.sort_by([("first", "ascending"), ("second", "ascending")])
    first, second = pairs["first"].to_numpy(), pairs["second"].to_numpy()
    return pa.Table.from_batches([pairs_row(pairs["part"][0].as_py(), first, second)])
