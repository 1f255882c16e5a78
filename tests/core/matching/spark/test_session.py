"""What is missing is said, with what to install."""

from __future__ import annotations

import sys

import numpy as np
import pyarrow as pa
import pytest

from infotrust.cli import main
from infotrust.core.errors import UserFacingError
from infotrust.core.matching import Source
from infotrust.core.matching.spark import require_spark
from infotrust.core.matching.spark.command import linkage_of


def test_a_machine_without_java_is_told_so(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UserFacingError, match="Java") as said:
        require_spark()
    assert "17" in str(said.value.next_step)


@pytest.mark.parametrize("option", [["--answers", "said.csv"], ["--effort", "fast"], ["--manifest", "run.json"]])
def test_the_command_names_what_is_not_there_on_spark(tmp_path, capsys, option) -> None:
    words = ["link", str(tmp_path / "a.csv"), "--driver", "spark", "--out", str(tmp_path / "out.csv"), *option]
    assert main(words) == 2
    assert f"Not there on Spark: {option[0]}" in capsys.readouterr().err


def test_the_command_says_what_to_install_before_it_reads_anything(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    words = ["link", str(tmp_path / "nothing.csv"), "--driver", "spark", "--out", str(tmp_path / "out.csv")]
    assert main(words) == 2
    assert "infotrust[spark]" in capsys.readouterr().err


def test_an_installation_without_spark_is_told_so(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(UserFacingError, match="Spark is not installed") as said:
        require_spark()
    assert "infotrust[spark]" in str(said.value.next_step)


def test_what_spark_found_is_laid_out_as_one_machine_does_it() -> None:
    """Files in their order, rows in theirs, persons numbered as they first appear."""
    found = pa.table(
        {
            "source": ["b", "a", "b", "a"],
            "row": [1, 1, 0, 0],
            "person": [7, 7, 90, 3],
            "weight": [4.5, 4.5, None, None],
        }
    )
    linkage = linkage_of(found, [Source("a", pa.table({"x": [1, 2]}), {}), Source("b", pa.table({"x": [1, 2]}), {})])
    assert linkage.source_index.tolist() == [0, 0, 1, 1]
    assert linkage.record_index.tolist() == [0, 1, 0, 1]
    assert linkage.person.tolist() == [0, 1, 2, 1]
    assert np.isnan(linkage.weight).tolist() == [True, False, True, False]
