"""Which records hang together, by Spark and by one machine's loop."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from infotrust.core.matching.persons.merging import hang_together
from infotrust.core.matching.spark.components import components_of
from infotrust.core.matching.spark.driver import Kept
from infotrust.core.matching.spark.finding import pairs_row
from infotrust.core.matching.spark.scoring import SCORED

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]


def test_a_long_chain_a_star_and_chance_hang_together_as_on_one_machine(spark, tmp_path: Path) -> None:
    random = Random(4)
    n, size = 400, 130
    order = random.sample(range(40), 40)
    edges = [*pairwise(order), *((200, leaf) for leaf in range(201, 230))]
    edges += [(random.randrange(230, n), random.randrange(230, n)) for _ in range(60)]
    edges = sorted({(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]})
    first, second = (np.array([edge[side] for edge in edges], np.int32) for side in (0, 1))
    odds = np.array([-3.0 if random.random() < 0.02 else 2.0 for _ in edges], np.float32)
    rows = [
        pairs_row(part, first[first // size == part], second[first // size == part], odds=odds[first // size == part])
        for part in np.unique(first // size)
    ]
    scored = spark.createDataFrame(pa.Table.from_batches(rows), SCORED)
    found = components_of(scored, -1.0, Kept(spark, str(tmp_path))).toArrow().to_pydict()
    whole = hang_together(n, first[odds >= -1], second[odds >= -1])
    tied = np.flatnonzero(np.bincount(whole, minlength=n)[whole] > 1)
    assert sorted(zip(found["place"], found["component"], strict=True)) == list(
        zip(tied.tolist(), whole[tied].tolist(), strict=True)
    )
