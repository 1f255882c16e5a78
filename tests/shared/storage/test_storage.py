"""Sealed storage: what is sealed appears whole, is read only as it was sealed, and is gone when shredded."""

from __future__ import annotations

import pyarrow as pa
import pytest

from infotrust.shared.storage.models import SealedPart
from infotrust.shared.vault import services as vault

pytestmark = pytest.mark.django_db


def table(*values: str) -> pa.Table:
    return pa.table({"record_id": [f"{i:032x}" for i in range(len(values))], "value": list(values)})


def add(*values: str, dataset: str = "snap", replaces=()) -> SealedPart:
    return vault.add(dataset, vault.seal(dataset, table(*values)), replaces=replaces)


def values(dataset: str = "snap") -> list[str]:
    return vault.read(dataset, ["value"])["value"].to_pylist()


def test_a_sealed_part_is_invisible_until_it_is_kept_and_switched():
    sealed = vault.seal("snap", table("a"))
    assert values() == []
    vault.add("snap", sealed)
    assert values() == ["a"]
