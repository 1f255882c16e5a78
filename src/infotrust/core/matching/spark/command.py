"""What `infotrust link --driver spark` does: the same files and the same output, the steps between them on Spark.

For seeing on one machine what a cluster would do, and that it comes to the same. The files are read here and handed to
Spark; tables that only a cluster holds are linked from a notebook (`link_dataframes`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from rich.console import Console

from infotrust.core.errors import UserFacingError
from infotrust.core.matching import profiling
from infotrust.core.matching.comparing.rules import parse_rule
from infotrust.core.matching.library import output_table
from infotrust.core.matching.pipeline import Linkage, Options, Report
from infotrust.core.matching.reading import files
from infotrust.core.matching.reading.sources import Source
from infotrust.core.matching.spark.driver import link_dataframes
from infotrust.core.matching.spark.reading import FrameSource
from infotrust.core.matching.spark.session import local_session, require_spark, untroubled

ROW = "row of the file"
_NO_LINKS = pa.table({"first": pa.array([], pa.int64()), "second": pa.array([], pa.int64())})


def link_files(
    paths: Sequence[Path],
    *,
    out: Path,
    maps: Sequence[str] = (),
    ignore: Sequence[str] = (),
    own_id: str | None = None,
    columns: Path | None = None,
    threshold: float | None = None,
    rules: Sequence[str] = (),
    unique: Sequence[str] = (),
    console: Console | None = None,
) -> int:
    """Link the files on Spark on this machine, write what `infotrust link` writes without it. Raises UserFacingError.

    What Spark keeps between steps, values of people's records among it, lies in a folder of its own while it runs.
    """
    console = console or Console()
    require_spark()
    files.check_out(out)
    if out.resolve() in {path.resolve() for path in paths}:
        raise UserFacingError(f"{out} is one of the files to link.", next_step="Choose another --out.")
    tables = profiling.read_tables(paths)
    read = profiling.sources_of(tables, maps=maps, ignore=ignore, own_id=own_id, unique=unique, columns=columns)
    for source, recognized, by_hand in read:
        console.print(profiling.columns_table(source, recognized))
        if by_hand.record_id:
            console.print(profiling.numbers_told(source, by_hand.record_id), end="")
    sources = [source for source, _, _ in read]
    options = Options(threshold=threshold, rules=tuple(parse_rule(rule) for rule in rules))
    with console.status("Linking on Spark, which takes half a minute to begin with"):
        linkage = link_sources(sources, options=options)
    files.write_table(output_table(linkage, sources, [by_hand.record_id for _, _, by_hand in read]), out)
    console.print(f"{len(linkage.person):,} records, {linkage.persons:,} persons. Written to {out}.", soft_wrap=True)
    return 0


def link_sources(sources: Sequence[Source], *, options: Options) -> Linkage:
    """Link the tables on a Spark session of this machine: persons and weights as `link_tables` gives them, and no links
    or evidence, which stay on the cluster. Raises UserFacingError."""
    with tempfile.TemporaryDirectory(prefix="infotrust-spark-") as name, untroubled():
        session = local_session(Path(name))
        try:
            frames = [
                FrameSource(
                    source.name,
                    session.createDataFrame(source.table.append_column(ROW, [np.arange(source.table.num_rows)])),
                    source.columns,
                    row=ROW,
                    day_first=source.day_first,
                    unique=source.unique,
                )
                for source in sources
            ]
            found = link_dataframes(session, frames, work=f"{name}/work", options=options).toArrow()
        finally:
            session.stop()
    return linkage_of(found, sources)


def linkage_of(found: pa.Table, sources: Sequence[Source]) -> Linkage:
    """What `link_dataframes` found of these sources, in their order and that of their rows."""
    number = {source.name: at for at, source in enumerate(sources)}
    source = np.array([number[name] for name in found["source"].to_pylist()], np.int32)
    row = found["row"].cast(pa.int64()).to_numpy()
    order = np.lexsort((row, source))
    _, first, person = np.unique(found["person"].to_numpy()[order], return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    weight = found["weight"].cast(pa.float64()).to_numpy(zero_copy_only=False)[order]
    return Linkage(source[order], row[order], rank[person], weight, _NO_LINKS, None, Report((), float("nan")))
