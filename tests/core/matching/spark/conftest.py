"""One Spark session on this machine for all tests of the package, and the same tables for both drivers."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from infotrust.core.errors import UserFacingError
from infotrust.core.matching import Linkage, Options, Source, link_tables
from infotrust.core.matching.spark import FrameSource, link_dataframes, local_session, require_spark

# For runs of seconds: Spark and Java shall not compile what runs once.
_SHORT = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
}


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    try:
        require_spark()
    except UserFacingError as missing:  # `./run test` installs Java where it may
        pytest.skip(str(missing))
    session = local_session(tmp_path_factory.mktemp("spark"), cores=2, memory="1g", settings=_SHORT)
    yield session
    session.stop()


def die_once(batches: Iterable[Any], *, died: Path) -> Iterator[Any]:
    """The first Python process that comes here is killed, as the kernel kills one that takes too much memory."""
    for batch in batches:
        yield batch
        try:
            died.touch(exist_ok=False)
        except FileExistsError:
            continue
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def link_both(spark, tmp_path: Path) -> Callable[..., tuple[Linkage, Linkage]]:
    """`link_both(sources, options=..., block=100)`: what one machine finds, and (person, weight) by Spark in its order.

    Spark is given the rows turned round and in more than one part: their order must not matter.
    """

    def link(
        sources: Sequence[Source], *, options: Options | None = None, block: int, dying: bool = False
    ) -> tuple[Linkage, np.ndarray, np.ndarray]:
        local = link_tables(sources, options=options)

        def read(frame: Any) -> Any:
            return frame.mapInArrow(partial(die_once, died=tmp_path / "died"), frame.schema) if dying else frame

        frames = [
            FrameSource(
                source.name,
                read(
                    spark.createDataFrame(
                        source.table.append_column("at", [np.arange(source.table.num_rows)])[::-1]
                    ).repartition(3)
                ),
                source.columns,
                row="at",
                day_first=source.day_first,
                unique=source.unique,
            )
            for source in sources
        ]
        found = link_dataframes(spark, frames, work=str(tmp_path / "work"), options=options, block=block)
        numbers = {source.name: number for number, source in enumerate(sources)}
        rows = sorted(
            (numbers[row["source"]], row["row"], row["person"], row["weight"]) for row in found.toArrow().to_pylist()
        )
        assert [row[:2] for row in rows] == list(
            zip(local.source_index.tolist(), local.record_index.tolist(), strict=True)
        )
        person = np.array([row[2] for row in rows])
        weight = np.array([np.nan if row[3] is None else row[3] for row in rows])
        return local, person, weight

    return link


def assert_same(local: Linkage, person: np.ndarray, weight: np.ndarray) -> None:
    """The same persons, and the same weights to the last digit."""
    label = {}
    assert [label.setdefault(one, len(label)) for one in person.tolist()] == local.person.tolist()
    assert np.array_equal(weight, local.weight, equal_nan=True)
