"""The parts of ./run bench matching that measure, judge and print. The tools run in the benchmark only."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from protocols import page, quality, standardized, truth
from protocols.running import Limits, measure

GENEROUS = Limits(seconds=30, gigabytes=4)


def run(code: str, tmp_path: Path, limits: Limits = GENEROUS):
    return measure([sys.executable, "-c", code], limits, folder=tmp_path, log=tmp_path / "log.txt")


def test_seconds_of_children_and_their_memory_are_counted(tmp_path: Path) -> None:
    child = (
        "b = bytearray(300_000_000); import time; t = time.process_time()\nwhile time.process_time() < t + 0.6: pass"
    )
    done = run(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])", tmp_path)
    assert not done.ended
    assert done.cpu_seconds >= 0.6
    assert 0.28 < done.gigabytes < 0.6


def test_run_past_its_time_is_stopped_and_says_so(tmp_path: Path) -> None:
    done = run("import time; time.sleep(60)", tmp_path, Limits(seconds=0.5, gigabytes=4))
    assert done.ended.startswith("stopped after")
    assert done.seconds < 5


def test_run_past_its_memory_is_stopped_and_says_so(tmp_path: Path) -> None:
    done = run("b = bytearray(400_000_000); import time; time.sleep(60)", tmp_path, Limits(seconds=30, gigabytes=0.2))
    assert done.ended.startswith("stopped at")


def test_crash_is_recorded_with_what_was_said_last(tmp_path: Path) -> None:
    done = run("raise SystemExit('no such settings')", tmp_path)
    assert done.ended == "ended with code 1"
    assert "no such settings" in done.said


def test_standardized_values_stand_beside_the_right_truth(tmp_path: Path) -> None:
    one = {
        "first_name": ["Ann", "Bob", "Cyd"],
        "last_name": ["Ash", "Beech", "Cedar"],
        "dob": ["2001-02-03"] * 2 + ["1999-01-02"],
    }
    other = {"FNAME": ["BOB", "ANN"], "LNAME": ["BEECH", "ASH"], "DOB": ["02/03/2001", "02/13/2001"]}
    pq.write_table(pa.table(one), tmp_path / "one.parquet")
    pq.write_table(pa.table(other), tmp_path / "other.parquet")
    truth.write(tmp_path, {"one.parquet": ["a", "b", "c"], "other.parquet": ["b", "a"]})
    true = standardized.write(tmp_path, ("one.parquet", "other.parquet"))
    table = pq.read_table(tmp_path / "standardized.parquet")
    assert table["record"].to_pylist() == list(range(5))
    by_name = dict(zip(table["given"].to_pylist(), true.tolist(), strict=True))
    assert [by_name[name] for name in table["given"].to_pylist()] == true.tolist()
    assert len(set(true.tolist())) == 3
    dates = dict(zip(table["given"].to_pylist(), table["birth_date"].to_pylist(), strict=True))
    assert dates["bob"] == "2001-02-03"


def test_quality_is_that_of_both_measures() -> None:
    figures = quality.judge(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2]))
    assert figures["pairwise"] == {"precision": 0.5, "recall": 1.0, "f1": pytest.approx(0.66667)}
    assert figures["b_cubed"]["precision"] == 0.75


def test_page_is_printed_from_the_results() -> None:
    results = json.loads((page.ROOT / "benchmarks" / "results" / "matching.json").read_text(encoding="utf-8"))
    assert page.PAGE.read_text(encoding="utf-8") == page.render(results)
    readme = page.README.read_text(encoding="utf-8")
    assert len(page.FIGURES.findall(readme)) == 2
    assert page.with_figures(readme, results) == readme


def test_page_says_what_a_tool_did_that_did_not_end() -> None:
    measures = dict.fromkeys(("precision", "recall", "f1"), 0.5)
    told = {"pairwise": measures, "b_cubed": measures}
    machine = {"processor": "x", "cores": 2, "memory_gb": 8, "system": "Linux"}
    right = {"quality": told, "seconds": 1.0, "cpu_seconds": 2.0, "gigabytes": 0.5, "machine": machine}
    wrong = {"ended": "stopped after 30 s", "seconds": 30.0, "cpu_seconds": 59.0, "gigabytes": 3.0, "machine": machine}
    found = {"what": "made up", "records": 10, "persons": 5, "seed": 1, "tools": {"infotrust": right, "splink": wrong}}
    told = page.render({"data": {"generated-5k": found}})
    assert "| infotrust, no settings | .5000 |" in told
    assert "| Splink, tutorial | stopped after 30 s |" in told
