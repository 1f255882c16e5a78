"""Which records hang together at all, by alternating large stars and small stars.

Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii, "Connected Components in MapReduce and Beyond" (SoCC 2014):
every round each record is tied to the smallest it is near to; it ends with every record tied to the smallest of its
component. Each round is two shuffles of the ties that are left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from infotrust.core.matching.persons.merging import hang_together
from infotrust.core.matching.spark.scoring import scored_pairs

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

MOST_ROUNDS = 100  # the proven bound is of the order of log(n) squared; four or five rounds are usual
Kept = Callable[[str, "DataFrame"], "DataFrame"]  # writes a frame under a name, and reads it back


def components_of(scored: DataFrame, weakest: float, kept: Kept) -> DataFrame:
    """place, component: of each record with a pair of log odds `weakest` or more, the smallest record of those that
    hang together by such pairs. scored: rows of SCORED."""
    ties = kept("ties 0", scored.mapInArrow(partial(_contracted, weakest=weakest), "one long, other long"))
    seen = _said(ties)
    for number in range(1, MOST_ROUNDS + 1):
        ties = kept(f"ties {number}", _small_stars(_large_stars(ties)))
        now = _said(ties)
        if now == seen:
            break
        seen = now
    ends = ties.selectExpr("one as place", "other as component")
    return ends.union(ties.selectExpr("other as place", "other as component").distinct())


def _contracted(batches: Iterable[pa.RecordBatch], *, weakest: float) -> Iterator[pa.RecordBatch]:
    """The strong pairs of each block, as far as they tell something: each record tied to the smallest it hangs with."""
    for batch in batches:
        for row in range(batch.num_rows):
            scored = scored_pairs(batch.slice(row, 1))
            strong = scored.odds >= weakest
            first, second = scored.pairs.first[strong], scored.pairs.second[strong]
            places, number = np.unique(np.concatenate([first, second]), return_inverse=True)
            one, other = np.split(number.astype(np.int32), 2)
            smallest = hang_together(len(places), one, other)
            tied = smallest != np.arange(len(places))
            yield pa.record_batch(
                {"one": places[tied].astype(np.int64), "other": places[smallest][tied].astype(np.int64)}
            )


def _large_stars(ties: DataFrame) -> DataFrame:
    """Tie every larger neighbor of a record to the smallest of it and its neighbors."""
    from pyspark.sql import functions as F

    both = ties.union(ties.select("other", "one"))
    least = F.least("one", _smallest("other", "one"))
    return both.withColumn("least", least).where("other > one").selectExpr("other as one", "least as other").distinct()


def _small_stars(ties: DataFrame) -> DataFrame:
    """Tie every smaller neighbor of a record, and the record itself, to the smallest of them. one > other, always."""
    found = ties.withColumn("least", _smallest("other", "one"))
    others = found.where("other <> least").selectExpr("other as one", "least as other")
    return others.union(found.selectExpr("one", "least as other")).distinct()


def _smallest(column: str, near: str) -> Column:
    from pyspark.sql import Window
    from pyspark.sql import functions as F

    return F.min(column).over(Window.partitionBy(near))


def _said(ties: DataFrame) -> tuple[int, int]:
    """Tells one set of ties from another: how many, and a sum of their hashes that knows no order."""
    from pyspark.sql import functions as F

    row = ties.agg(F.count("*"), F.coalesce(F.expr("bit_xor(xxhash64(one, other))"), F.lit(0))).collect()[0]
    return int(row[0]), int(row[1])
