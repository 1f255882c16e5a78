"""Encrypted Parquet: tables are written once, under a key of their own, and read through DuckDB.

Plaintext never touches the disk: DuckDB encrypts pages and footer (Parquet modular encryption, AES-GCM) and
also what it spills. Encrypted Parquet needs the extension `httpfs` (OpenSSL); it is loaded from the installed
Python package, and nothing is ever fetched.
"""

from __future__ import annotations

import base64
import contextlib
import importlib.util
import os
import secrets
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from infotrust.core.errors import UserFacingError
from infotrust.core.vaulting.files import Written, write_whole
from infotrust.core.vaulting.keys import KEY_BYTES

Part = tuple[Path, bytes]  # a sealed file and its data key
MEMORY = "2GB"
THREADS = min(4, os.cpu_count() or 1)
PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880, USE_TMP_FILE false"


class SealBroken(UserFacingError):
    """A sealed file is missing, damaged, or not the one that was sealed."""


def connect(
    *, memory: str = MEMORY, threads: int = THREADS, temporary: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Return an in-memory connection that can read and write encrypted Parquet and fetches nothing.

    `memory` as DuckDB writes it ("2GB"). `temporary` is where it may spill, encrypted; DuckDB makes that folder when
    it needs it and removes it on closing.
    """
    folder = temporary or Path(tempfile.gettempdir()) / f"infotrust-{secrets.token_hex(8)}"
    con = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_unsigned_extensions": "false",
            "allow_community_extensions": "false",
            "temp_directory": str(folder),
            "temp_file_encryption": "true",
            "memory_limit": memory,
            "threads": str(threads),
        },
    )
    con.execute(f"LOAD {_quoted(extension_file())}")
    # Python objects in the caller's frames must not be reachable by name from SQL.
    con.execute("SET python_enable_replacements = false")
    return con


def extension_file() -> Path:
    """Return the file of the extension `httpfs` that the package `duckdb-extension-httpfs` installed."""
    package = importlib.util.find_spec("duckdb_extension_httpfs")
    for folder in (package.submodule_search_locations or ()) if package else ():
        path = Path(folder) / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
        if path.exists():
            return path
    raise UserFacingError(
        f"DuckDB {duckdb.__version__} has no extension httpfs here, so nothing can be encrypted.",
        next_step=f"Install duckdb-extension-httpfs=={duckdb.__version__}.",
    )


class _Workshop:
    """A connection kept for this module's own reading and writing: loading the extension takes a tenth of a second.

    Data keys given to it stay in its memory, so it is replaced from time to time; callers of `connect` get one of their
    own. A forked process makes a new one.
    """

    MOST_USES = 500

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._root: duckdb.DuckDBPyConnection | None = None
        self._uses = self._process = 0

    @contextlib.contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._lock:
            if self._root is None or self._uses >= self.MOST_USES or self._process != os.getpid():
                self._root, self._uses, self._process = connect(), 0, os.getpid()
            self._uses += 1
            cursor = self._root.cursor()
        try:
            yield cursor
        finally:
            cursor.close()


_workshop = _Workshop()


def write_table(path: Path, data: pa.Table | pa.RecordBatchReader, data_key: bytes) -> Written:
    """Write `data` (a table, or a reader that is consumed batch by batch) to `path`, encrypted under `data_key`.

    Raises `SealBroken` if it cannot be written; then nothing is left at `path`. An error that the reader raises
    reaches the caller as it is.
    """
    watched = _Watched(data)
    try:
        return write_whole(path, lambda unfinished: _copy(watched.data, unfinished, data_key))
    except SealBroken:
        if watched.error is not None:
            raise watched.error from None
        raise


class _Watched:
    """Remembers what went wrong inside a reader, since DuckDB keeps only the text."""

    def __init__(self, data: pa.Table | pa.RecordBatchReader) -> None:
        self.error: Exception | None = None
        self.data = (
            data if isinstance(data, pa.Table) else pa.RecordBatchReader.from_batches(data.schema, self._each(data))
        )

    def _each(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        try:
            yield from reader
        except Exception as error:
            self.error = error
            raise


def _copy(data: pa.Table | pa.RecordBatchReader, path: Path, data_key: bytes) -> int:
    with _workshop.cursor() as con:
        con.register("incoming", data)
        name = _add_key(con, data_key)
        try:
            copied = con.execute(
                f"COPY incoming TO {_quoted(path)} ({PARQUET}, ENCRYPTION_CONFIG {{footer_key: '{name}'}})"
            ).fetchone()
        except duckdb.Error as error:
            raise SealBroken(
                f"The sealed part {_name(path)} could not be written ({type(error).__name__}).",
                next_step="Check that the storage folder can be written and has free space, then try again.",
            ) from None
        return int(copied[0]) if copied else 0


def read_table(parts: Sequence[Part], columns: Sequence[str] | None = None) -> pa.Table:
    """Return the rows of all `parts`, in order, with `columns` (default: all). What a part lacks is null there."""
    with _workshop.cursor() as con:
        wanted = ", ".join(identifier(column) for column in columns) if columns is not None else "*"
        return query(con, f"SELECT {wanted} FROM {attach_parts(con, parts)}", parts)  # noqa: S608 - names are quoted


def read_rows(parts: Sequence[Part], columns: Sequence[str], *, key: str, wanted: Sequence[str]) -> pa.Table:
    """Return the rows of all `parts`, in order, whose text column `key` is one of `wanted`: the others are not read."""
    if not wanted:
        raise ValueError("read_rows needs at least one row to look for")
    with _workshop.cursor() as con:
        chosen, values = ", ".join(map(identifier, columns)), ", ".join(map(_text, wanted))
        where = f"{attach_parts(con, parts)} WHERE {identifier(key)} IN ({values})"
        return query(con, f"SELECT {chosen} FROM {where}", parts)  # noqa: S608 - names and values are quoted


def columns_of(parts: Sequence[Part]) -> dict[str, str]:
    """Return the column names of `parts` and their DuckDB types, reading no rows."""
    with _workshop.cursor() as con:
        described = query(con, f"DESCRIBE SELECT * FROM {attach_parts(con, parts)}", parts)  # noqa: S608 - no input
        return dict(zip(described["column_name"].to_pylist(), described["column_type"].to_pylist(), strict=True))


def attach_parts(con: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> str:
    """Hand the keys of `parts` (one or more) to `con`; return an SQL expression that stands after FROM."""
    if not parts:
        raise ValueError("attach_parts needs at least one part")
    sources = []
    for path, key in parts:
        options = f"encryption_config = {{footer_key: '{_add_key(con, key)}'}}"
        sources.append(f"SELECT * FROM read_parquet({_quoted(path)}, {options})")  # noqa: S608 - quoted above
    return f"({' UNION ALL BY NAME '.join(sources)})"


def query(con: duckdb.DuckDBPyConnection, sql: str, parts: Sequence[Part]) -> pa.Table:
    """Run `sql` over attached `parts`; raise `SealBroken`, which names them but quotes nothing, if that fails."""
    try:
        return con.execute(sql).to_arrow_table()
    except duckdb.Error as error:
        names = ", ".join(_name(path) for path, _ in parts)
        raise SealBroken(
            f"The sealed part could not be read: {names} ({type(error).__name__}).",
            next_step="It may be damaged, or lack a column asked for. Restore it from a backup or load it again.",
        ) from None


def identifier(name: str) -> str:
    """Quote a column name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _add_key(con: duckdb.DuckDBPyConnection, data_key: bytes) -> str:
    name = f"key_{secrets.token_hex(8)}"
    if len(data_key) != KEY_BYTES:
        # DuckDB would take the base64 text of some shorter keys for the key itself.
        raise SealBroken("A data key was not accepted.", next_step=f"Data keys are {KEY_BYTES} bytes.")
    try:
        con.execute(f"PRAGMA add_parquet_key('{name}', '{base64.b64encode(data_key).decode()}')")
    except duckdb.Error:
        # DuckDB quotes the statement in its message, and the statement holds the key.
        raise SealBroken("A data key was not accepted.", next_step=f"Data keys are {KEY_BYTES} bytes.") from None
    return name


def _quoted(path: Path) -> str:
    return _text(str(path))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(path: Path) -> str:
    return path.name.split(".", 1)[0]
