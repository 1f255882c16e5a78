"""Small tables and short cuts for the tests of sealed storage."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from infotrust.shared.storage.models import SealedPart
from infotrust.shared.vault import services as vault


@pytest.fixture
def table() -> Callable[..., pa.Table]:
    def make(*values: str) -> pa.Table:
        return pa.table({"record_id": [f"{i:032x}" for i in range(len(values))], "value": list(values)})

    return make


@pytest.fixture
def add(db, table) -> Callable[..., SealedPart]:
    """`add("a", "b")` seals a part of the vault's dataset "snap" and makes it current."""

    def make(*values: str, dataset: str = "snap", replaces=()) -> SealedPart:
        return vault.add(dataset, vault.seal(dataset, table(*values)), replaces=replaces)

    return make


@pytest.fixture
def values(db) -> Callable[..., list[str]]:
    def read(dataset: str = "snap") -> list[str]:
        return vault.read(dataset, ["value"])["value"].to_pylist()

    return read
