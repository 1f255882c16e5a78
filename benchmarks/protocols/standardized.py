"""The values as infotrust standardizes them, one row for each record, for tools that leave standardizing to others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from infotrust.core.matching.reading import files
from infotrust.core.matching.reading.recognize import choose_columns, recognize_columns
from infotrust.core.matching.reading.sources import Source, read_records


def write(folder: Path, names: Sequence[str]) -> np.ndarray:
    """Write standardized.parquet (record, file, and the fields as text); return a code of each record's person."""
    sources = []
    for name in names:
        table = files.read_table(folder / name)
        sources.append(Source(name, table, choose_columns(recognize_columns(table))))
    records = read_records(sources)
    columns = {
        field: coded.values.take(pa.array(coded.codes, mask=coded.codes < 0)) for field, coded in records.fields.items()
    }
    dates = columns["birth_date"]
    parts = (pc.utf8_slice_codeunits(dates, start, stop) for start, stop in ((0, 4), (4, 6), (6, 8)))
    whole = pc.match_substring_regex(dates, r"^\d{8}$")
    columns["birth_date"] = pc.if_else(whole, pc.binary_join_element_wise(*parts, "-"), None)
    table = pa.table(
        {
            "record": np.arange(len(records)),
            "file": pa.DictionaryArray.from_arrays(records.source, list(names)).cast(pa.string()),
            **{field: pa.array(values, pa.string()) for field, values in columns.items()},
        }
    )
    pq.write_table(table, folder / "standardized.parquet")
    return _true(folder, names, records.source, records.row)


def _true(folder: Path, names: Sequence[str], source: np.ndarray, row: np.ndarray) -> np.ndarray:
    truth = pq.read_table(folder / "truth.parquet")
    file = pc.index_in(truth["file"].cast(pa.string()), value_set=pa.array(list(names))).to_numpy()
    person = pc.dictionary_encode(truth["person"].cast(pa.string())).combine_chunks()
    codes = person.indices.to_numpy() if not isinstance(person, pa.ChunkedArray) else person.chunk(0).indices.to_numpy()
    width = int(row.max()) + 2
    known = np.full(len(names) * width, -1, np.int64)
    known[file.astype(np.int64) * width + truth["row"].to_numpy()] = codes
    true = known[source.astype(np.int64) * width + row + 1]
    if (true < 0).any():
        raise ValueError("some records have no truth")
    return true
