"""Promise 6: a delivery is loaded whole or not at all, whenever the process dies. Fifty real SIGKILLs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infotrust.web import environment

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
def test_killed_at_any_point_the_old_state_stays_whole_and_the_load_can_be_resumed(tmp_path, monkeypatch):
    home = tmp_path / "home"
    monkeypatch.setenv("INFOTRUST_HOME", str(home))
    for name in [name for name in os.environ if name.startswith("INFOTRUST_") and name != "INFOTRUST_HOME"]:
        monkeypatch.delenv(name)
    environment.make_secrets()
    run = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killing.py")), "50", "20261122"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    report = json.loads(run.stdout.splitlines()[-1])
    outcomes = report["outcomes"]
    assert len(outcomes) == 50
    # Some kills came before the switch and some after it: the test looked at both sides.
    assert {each["before"] for each in outcomes} == {"old", "new"}
    assert {each["after"] for each in outcomes} == {"new"}
    assert [each for each in outcomes if each["orphans"] or each["lost"] or each["log"]] == []
