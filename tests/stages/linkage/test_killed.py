"""A linkage becomes visible whole or not at all, whenever the process dies. Five real SIGKILLs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.stages.intake.test_killed import start


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_killed_at_any_point_the_old_register_stays_and_the_linkage_can_be_resumed(tmp_path):
    run = start(tmp_path / "home", 5, 20261122, Path(__file__).with_name("killing.py"))
    said, errors = run.communicate(timeout=600)
    assert run.returncode == 0, errors[-4000:]
    outcomes = json.loads(said.splitlines()[-1])["outcomes"]
    assert len(outcomes) == 5
    # Some kills came before the switch and one after it.
    assert {each["before"] for each in outcomes} == {"old", "new"}
    assert {each["after"] for each in outcomes} == {"new"}
    assert [each for each in outcomes if each["moved"] or each["orphans"] or each["lost"] or each["log"]] == []
