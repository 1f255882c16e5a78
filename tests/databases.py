"""A database of tests is migrated once for each state of the migrations, then copied: SQLite does it in a blink.

What is copied was made by the real migrations, triggers and all. It is kept under a digest of everything that makes it,
so that a changed migration is always gone through.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

ROOT = Path(__file__).parent.parent
KEPT = ROOT / ".venv-cache" / "databases"
# What the tables are made from: our migrations with the guard of the log that one calls, and every package by version.
MADE_FROM = ("src/infotrust/*/*/migrations/*.py", "src/infotrust/shared/audit/guard.py", "requirements/dev.lock")


def fingerprint() -> str:
    """Return a digest of all that decides what the migrations make."""
    found = hashlib.sha256(sqlite3.sqlite_version.encode())
    for path in sorted(path for pattern in MADE_FROM for path in ROOT.glob(pattern)):
        found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def copying(call: Callable[..., Any], kept: Path = KEPT) -> Callable[..., Any]:
    """Return `call_command` whose `migrate` fills an empty SQLite database with what they made before."""

    def command(name: str, *args: Any, **options: Any) -> Any:
        connection = connections[options.get("database", DEFAULT_DB_ALIAS)]
        if name != "migrate" or connection.vendor != "sqlite" or connection.introspection.table_names():
            return call(name, *args, **options)
        connection.ensure_connection()
        path = kept / f"{fingerprint()}.sqlite3"
        if path.exists():
            with closing(sqlite3.connect(path)) as source:
                source.backup(connection.connection)
            return None
        made = call(name, *args, **options)
        _keep(connection.connection, path)
        return made

    return command


def _keep(database: sqlite3.Connection, path: Path) -> None:
    """Write it beside and move it there: another process sees all of it or nothing. What it replaces is removed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(half)) as target:
        database.backup(target)
    for older in path.parent.glob("*.sqlite3"):
        older.unlink(missing_ok=True)
    half.replace(path)
