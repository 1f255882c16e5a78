"""What `infotrust link --model` does: files and a trained model in, persons out, no values shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from infotrust.core.errors import UserFacingError
from infotrust.core.matching import profiling, summary
from infotrust.core.matching.fellegi_sunter.splink import read_file
from infotrust.core.matching.fellegi_sunter.with_model import link_by_model, write_model
from infotrust.core.matching.library import output_table
from infotrust.core.matching.reading import files
from infotrust.core.matching.reading.sources import Source


def link_files(
    paths: Sequence[Path],
    *,
    model: Path,
    out: Path,
    own_id: str | None = None,
    threshold: float | None = None,
    as_splink: bool = False,
    manifest: Path | None = None,
    export: Path | None = None,
    console: Console | None = None,
) -> int:
    """Link the files by a model saved from Splink, write file, row, id, person and weight to `out`, show how.

    threshold: weight (log2 odds) that a link has at least; None: that of 95 %. as_splink: levels that training
    never saw get the shares that Splink takes for them. export: write the model there once more, as it was worked off.
    Raises UserFacingError.
    """
    console = console or Console()
    files.check_out(out)
    for written in filter(None, (out, manifest, export)):
        if written.resolve() in {path.resolve() for path in (*paths, model)}:
            raise UserFacingError(f"{written} is one of the files to read.", next_step="Choose another name.")
    read = read_file(model, as_splink=as_splink)
    tables = profiling.read_tables(paths)
    sources = [
        Source(name, table, {}, own_id if own_id in table.column_names else None) for name, table in tables.items()
    ]
    if own_id and not any(source.record_id for source in sources):
        raise UserFacingError(f"No file has a column {own_id!r}.", next_step="Leave --id out, or name another column.")
    for one in read.unobserved:
        console.print(f"Note: {one}", soft_wrap=True)
    with console.status("Linking (the first run compiles its inner loops, for about fifteen seconds)"):
        linkage = link_by_model(sources, read.model, threshold=threshold)
    files.write_table(output_table(linkage, sources, [source.record_id for source in sources]), out)
    if manifest:
        manifest.write_text(json.dumps(summary.manifest(linkage, sources), indent=2) + "\n")
    if export:
        write_model(read.model, export)
    for part in summary.tables(linkage, list(tables)):
        console.print(part)
    console.print(f"{len(linkage.person):,} records, {linkage.persons:,} persons. Written to {out}.", soft_wrap=True)
    return 0
