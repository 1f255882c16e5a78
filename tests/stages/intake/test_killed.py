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
PROGRAM = Path(__file__).with_name("killing.py")


def start(home: Path, kills: int, seed: int, program: Path = PROGRAM) -> subprocess.Popen[str]:
    """Begin a run of `program` with a home folder and secrets of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("INFOTRUST_")]:
            patch.delenv(name)
        patch.setenv("INFOTRUST_HOME", str(home))
        environment.make_secrets()
        return subprocess.Popen(
            [sys.executable, str(program), str(kills), str(seed)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_killed_at_any_point_the_old_state_stays_whole_and_the_load_can_be_resumed(tmp_path):
    # Two at a time, because most of it is waiting for the disk.
    runs = [start(tmp_path / str(seed), 25, seed) for seed in (20261122, 20261123)]
    outcomes = []
    for run in runs:
        said, errors = run.communicate(timeout=1800)
        assert run.returncode == 0, errors[-4000:]
        outcomes += json.loads(said.splitlines()[-1])["outcomes"]
    assert len(outcomes) == 50
    # Some kills came before the switch and some after it: the test looked at both sides.
    assert {each["before"] for each in outcomes} == {"old", "new"}
    assert {each["after"] for each in outcomes} == {"new"}
    assert [each for each in outcomes if each["orphans"] or each["lost"] or each["log"]] == []
