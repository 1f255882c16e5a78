"""A run that is killed goes on where it stopped, with the same result, and leaves nothing behind when it ends."""

import os
import signal
import stat
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from infotrust.core.elements import SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching import Options, Source, link_tables
from infotrust.core.matching.working import Work, fingerprint

KILLED_AT = """
import os, signal, sys
from pathlib import Path
from tests.core.matching.test_working import people
from infotrust.core.matching import link_tables

def told(step, done, steps):
    if step == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

link_tables([people()], progress=told, work=Path(sys.argv[1]))
"""


def people(seed: int = 1) -> Source:
    """600 people, of whom 300 are there twice, the second time with a slip."""
    chance = np.random.default_rng(seed)
    given = ["".join(chance.choice(list("abcdeiou"), 6)) for _ in range(600)]
    family = ["".join(chance.choice(list("lmnorst"), 7)) for _ in range(600)]
    born = [f"{1950 + day % 60}-{1 + day % 12:02d}-{1 + day % 28:02d}" for day in chance.integers(0, 9_999, 600)]
    again = [name[:-1] + "x" for name in given[:300]]
    table = pa.table({"given": given + again, "family": family + family[:300], "born": born + born[:300]})
    columns = {
        SemanticType.GIVEN_NAME: "given", SemanticType.FAMILY_NAME: "family", SemanticType.BIRTH_DATE: "born",
    }  # fmt: skip
    return Source("people", table, columns)


@pytest.mark.parametrize("step", ["find candidates", "estimate", "score unseen pairs"])
def test_a_run_killed_at_a_step_goes_on_there_with_the_same_result(tmp_path, step):
    folder = tmp_path / "unfinished"
    killed = subprocess.run([sys.executable, "-c", KILLED_AT, str(folder), step], env=os.environ, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    resumed = link_tables([people()], work=folder)

    whole = link_tables([people()])
    assert (resumed.person == whole.person).all()
    assert resumed.links.equals(whole.links)
    names = [one.name for one in resumed.report.steps]
    done_before = {"standardize", "find candidates", "compare and score"} & set(names[: names.index(step)])
    assert {one.name for one in resumed.report.steps if one.resumed} == done_before
    assert not folder.exists()


def test_steps_of_other_records_or_options_are_not_used(tmp_path):
    said = {
        fingerprint([people()], Options()),
        fingerprint([people(2)], Options()),
        fingerprint([people()], Options(seed=2)),
    }
    assert len(said) == 3
    work = Work.begin(tmp_path / "w", "one run")
    work.keep("a step", {"numbers": np.arange(3), "texts": pa.array(["x", None])})
    assert Work.begin(tmp_path / "w", "one run").kept("a step")["texts"].to_pylist() == ["x", None]
    assert not Work.begin(tmp_path / "w", "another run").has("a step")


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(UserFacingError, match="no folder of an unfinished run"):
        Work.begin(tmp_path, "a run")
    assert (tmp_path / "letters.txt").read_text() == "dear"
