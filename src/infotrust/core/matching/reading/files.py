"""Read a CSV or Parquet file strictly: all of it or a message that names file, line and column, never a value.

CSV: UTF-8 (a byte-order mark is allowed), commas, one header line, as many cells in every line. Everything is text.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from infotrust.core.errors import UserFacingError

LONGEST_CELL = 100_000  # characters; a longer one is a broken quote or an attack
_BLOCK = 16 * 2**20
_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def read_table(path: Path) -> pa.Table:
    """Read one file into memory, CSV columns as text. Raises UserFacingError."""
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return _checked_columns(path, pyarrow.parquet.read_table(path))
        if path.suffix.lower() in (".csv", ".txt"):
            return _checked_columns(path, _read_csv(path))
    except OSError as problem:
        if isinstance(problem, pa.ArrowException) or not problem.errno:
            raise UserFacingError(
                f"{path.name} is not a readable Parquet file.", next_step="Export it again."
            ) from None
        raise UserFacingError(f"{path} cannot be read: {problem.strerror}.", next_step="Check the name.") from None
    except pa.ArrowException:
        raise UserFacingError(f"{path.name} is not a readable Parquet file.", next_step="Export it again.") from None
    raise UserFacingError(
        f"{path.name} is neither CSV nor Parquet by its name.", next_step="Rename it to end in .csv or .parquet."
    )


def write_table(table: pa.Table, path: Path) -> None:
    """Write CSV or Parquet by the name's ending; the file appears whole or not at all. Raises UserFacingError."""
    check_out(path)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        if path.suffix.lower() == ".csv":
            pyarrow.csv.write_csv(table, unfinished)
        else:
            pyarrow.parquet.write_table(table, unfinished)
        unfinished.replace(path)
    except OSError as problem:
        unfinished.unlink(missing_ok=True)
        raise UserFacingError(
            f"{path} cannot be written: {problem.strerror}.", next_step="Choose another --out."
        ) from None


def check_out(path: Path) -> None:
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise UserFacingError(f"{path.name} must end in .csv or .parquet.", next_step="Rename --out.")
    if not path.resolve().parent.is_dir():
        raise UserFacingError(f"The folder of {path} does not exist.", next_step="Make it, or choose another --out.")


def _checked_columns(path: Path, table: pa.Table) -> pa.Table:
    names = table.column_names
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise UserFacingError(
            f"{path.name}, line 1: the column name {doubled[0]!r} occurs twice.",
            next_step="Give each column its own name.",
        )
    if "" in names:
        raise UserFacingError(
            f"{path.name}, line 1, column {names.index('') + 1} has no name.",
            next_step="Name every column in the first line.",
        )
    if table.num_rows == 0:
        raise UserFacingError(f"{path.name} has no rows.", next_step="Leave it out, or export it again.")
    return table


def _read_csv(path: Path) -> pa.Table:
    data = path.read_bytes()
    if not data.strip():
        raise UserFacingError(f"{path.name} is empty.", next_step="Leave it out, or export it again.")
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            raise UserFacingError(f"{path.name} is written in {encoding}.", next_step="Save it as UTF-8.")
    data = data.removeprefix(b"\xef\xbb\xbf")
    header = _header(path, data)
    if len(set(header)) < len(header) or "" in header:
        return pa.table([pa.array([], pa.string())] * len(header), names=header)  # refused by _checked_columns
    if data.count(b'"') % 2 or b"\0" in data:
        _explain(path, data, len(header))
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(data),
            read_options=pyarrow.csv.ReadOptions(block_size=_BLOCK),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
            convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string())),
        )
    except pa.ArrowException:
        _explain(path, data, len(header))
    if any((pc.max(pc.utf8_length(table[name])).as_py() or 0) > LONGEST_CELL for name in table.column_names):
        _explain(path, data, len(header))
    return table


def _header(path: Path, data: bytes) -> list[str]:
    first = data.splitlines()[0] if data.splitlines() else b""
    try:
        line = first.decode()
    except UnicodeDecodeError as problem:
        _not_utf8(path, 1, problem.start)
    header = next(csv.reader([line]), [""])
    if len(header) == 1:
        for separator, name in _SEPARATORS.items():
            if separator in line:
                raise UserFacingError(
                    f"{path.name}, line 1: cells are parted by {name}.", next_step="Save it with commas."
                )
    return [name.strip() for name in header] if header != [name.strip() for name in header] else header


def _explain(path: Path, data: bytes, width: int) -> NoReturn:
    """Find the first thing wrong with the file, slowly, and say where it is."""
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            line.decode()
        except UnicodeDecodeError as problem:
            _not_utf8(path, number, problem.start)
        if b"\0" in line:
            raise UserFacingError(
                f"{path.name}, line {number}: there is a zero byte.", next_step="Export it again as text."
            )
    csv.field_size_limit(2**31 - 1)
    reader: Any = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
    begun = 1
    try:
        for cells in reader:
            if cells and len(cells) != width:
                raise UserFacingError(
                    f"{path.name}, line {begun}: {len(cells)} cells where the header has {width}.",
                    next_step="Look for a missing or an unquoted comma in that line.",
                )
            for place, cell in enumerate(cells, 1):
                if len(cell) > LONGEST_CELL:
                    raise UserFacingError(
                        f"{path.name}, line {begun}, column {place}: a cell of {len(cell):,} characters.",
                        next_step=f"Cells may have {LONGEST_CELL:,}. Look for a quotation mark that is never closed.",
                    )
            begun = reader.line_num + 1
    except csv.Error:
        raise UserFacingError(
            f"{path.name}, line {begun}: a quotation mark that does not belong there or is never closed.",
            next_step="Double each quotation mark inside a quoted cell.",
        ) from None
    raise UserFacingError(f"{path.name} is not a well-formed CSV file.", next_step="Export it again.")


def _not_utf8(path: Path, line: int, position: int) -> NoReturn:
    raise UserFacingError(
        f"{path.name}, line {line}, byte {position + 1}: not UTF-8.",
        next_step="Save the file as UTF-8 (in Excel: CSV UTF-8).",
    )
