"""A copied test database is what the migrations make, and is made anew when they change."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from tests import databases

TABLES = "SELECT name FROM sqlite_master ORDER BY name"


@pytest.fixture
def empty(monkeypatch):
    """An empty SQLite database in the place of Django's, and a `migrate` that counts how often it is gone through."""
    opened, gone = [], []

    def open_one():
        connection = sqlite3.connect(":memory:")
        opened.append(connection)
        names = lambda: [name for (name,) in connection.execute(TABLES)]  # noqa: E731
        stands_in = SimpleNamespace(
            vendor="sqlite",
            connection=connection,
            ensure_connection=lambda: None,
            introspection=SimpleNamespace(table_names=names),
        )
        monkeypatch.setattr(databases, "connections", {"default": stands_in})
        return connection

    def migrate(_name, **_options):
        gone.append(1)
        opened[-1].executescript(
            "CREATE TABLE a (b); CREATE TRIGGER kept BEFORE UPDATE ON a BEGIN SELECT RAISE(FAIL, 'no'); END;"
        )

    yield SimpleNamespace(open=open_one, migrate=migrate, gone=gone)
    for connection in opened:
        connection.close()


def test_the_second_database_is_a_copy_with_its_triggers(empty, tmp_path):
    for _again in range(2):
        connection = empty.open()
        databases.copying(empty.migrate, tmp_path)("migrate")
        assert [name for (name,) in connection.execute(TABLES)] == ["a", "kept"]
    assert len(empty.gone) == 1


def test_a_changed_migration_is_gone_through_and_its_copy_takes_the_place(empty, tmp_path, monkeypatch):
    for digest in ("before", "after"):
        monkeypatch.setattr(databases, "fingerprint", lambda digest=digest: digest)
        empty.open()
        databases.copying(empty.migrate, tmp_path)("migrate")
    assert len(empty.gone) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["after.sqlite3"]


def test_a_database_with_tables_is_migrated_and_never_copied_over(empty, tmp_path):
    databases.copying(empty.migrate, tmp_path)  # wrapping alone does nothing
    connection = empty.open()
    with closing(connection.execute("CREATE TABLE own (x)")):
        databases.copying(empty.migrate, tmp_path)("migrate")
    assert len(empty.gone) == 1
    assert not list(tmp_path.iterdir())


def test_every_migration_counts_for_the_fingerprint():
    found = {path for pattern in databases.MADE_FROM for path in databases.ROOT.glob(pattern)}
    assert set(databases.ROOT.glob("src/infotrust/**/migrations/*.py")) <= found
