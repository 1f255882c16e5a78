"""What is missing is said, with what to install."""

from __future__ import annotations

import sys

import pytest

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.spark import require_spark


def test_a_machine_without_java_is_told_so(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UserFacingError, match="Java") as said:
        require_spark()
    assert "17" in str(said.value.next_step)


def test_an_installation_without_spark_is_told_so(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(UserFacingError, match="Spark is not installed") as said:
        require_spark()
    assert "infotrust[spark]" in str(said.value.next_step)
