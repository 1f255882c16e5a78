"""A table's rows as Arrow columns, and those as the bytes of a file: CSV or Parquet.

Rows come in the order of the table's key, so that their order says nothing about who belongs together: a ward's here,
those of all wards in `ordering`. Missing texts are empty in CSV (texts that are there stand in quotes) and null in
Parquet.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv

from infotrust.core.practice.tables import Layout, Table

TYPES = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "day": pa.date32(), "yes_no": pa.bool_()}
KINDS = {"O": "text", "U": "text", "S": "text", "i": "whole", "u": "whole", "f": "number", "M": "day", "b": "yes_no"}


def to_arrow(table: Table) -> pa.Table:
    """The table's columns, in the order in which its layout describes them.

    Raises ValueError where the columns are not those of the layout or differ in length: a defect of an agency's module.
    """
    layout = table.layout
    if list(table.columns) != list(layout.about):
        odd = set(table.columns) ^ set(layout.about)
        raise ValueError(f"{layout.path}: columns and layout differ in {sorted(odd) or 'their order'}")
    lengths = {name: len(values) for name, values in table.columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"{layout.path}: columns of unequal length {lengths}")
    return pa.table({name: _column(values) for name, values in table.columns.items()})


def _column(values: Any) -> pa.Array:
    if isinstance(values, np.ma.MaskedArray):
        return pa.array(values.data, mask=np.ma.getmaskarray(values))
    values = np.asarray(values)
    kind = KINDS.get(values.dtype.kind)
    if kind is None:
        raise ValueError(f"no kind of column is made of {values.dtype}")
    if kind == "text":
        texts = pa.array(values.tolist() if values.dtype.kind == "S" else values, type=pa.string())
        empty = pc.equal(texts, "")
        return pc.if_else(empty, pa.scalar(None, pa.string()), texts) if pc.any(empty).as_py() else texts
    if kind == "day":
        return pa.array(values.astype("datetime64[D]"), type=pa.date32())
    if kind == "number":
        return pa.array(values, type=pa.float64(), from_pandas=True)
    return pa.array(values, type=TYPES[kind])


def by_key(table: pa.Table, key: str) -> Any:
    """The order of rows by their key; rows with one key keep their order."""
    return pc.sort_indices(table, sort_keys=[(key, "ascending")])


def kinds_of(schema: pa.Schema) -> dict[str, str]:
    """Each column's kind, as the manifest tells it."""
    names = {kind: name for name, kind in TYPES.items()}
    return {field.name: names[field.type] for field in schema}


def schema_of(kinds: dict[str, str]) -> pa.Schema:
    return pa.schema([(name, TYPES[kind]) for name, kind in kinds.items()])


def empty_kinds(layout: Layout) -> dict[str, str]:
    """Kinds of the columns of a table that has no rows in any ward."""
    return dict.fromkeys(layout.about, "text")


# --- bytes ---


def write_part(table: pa.Table, path: Path, form: str) -> None:
    """One ward's rows: CSV without a header, or an Arrow file to be made Parquet later."""
    with path.open("wb", buffering=1 << 20) as out:
        if form == "csv":
            csv.write_csv(table, out, csv.WriteOptions(include_header=False))
            return
        with pa.ipc.new_file(out, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
            writer.write_table(table)


def csv_header(kinds: dict[str, str]) -> bytes:
    """Names of texts stand in quotes like the texts below them."""
    return (",".join(f'"{name}"' if kind == "text" else name for name, kind in kinds.items()) + "\n").encode()
