"""A register is there whole or not at all, for its owner alone, and is not read by a version that cannot."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
from pathlib import Path

import pytest

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.registering.folder import FORMAT, Folder, Part
from infotrust.core.matching.registering.linking import Refit, link_to_register
from infotrust.core.matching.registering.register import Register


@pytest.fixture(scope="module")
def made(make_town, tmp_path_factory) -> Path:
    """A register of the clinic of a small town; the school is still to come."""
    folder = tmp_path_factory.mktemp("registers") / "r"
    link_to_register(folder, make_town(60)[:1])
    return folder


@pytest.fixture
def register(made, tmp_path) -> Path:
    shutil.copytree(made, tmp_path / "r")
    return tmp_path / "r"


def killed_at(write: int, folder: Path, sources, refit: Refit) -> bool:
    """Link in a process of its own that is killed after its `write`-th file, or as it brings one to the disk; False: it
    was done."""
    child = os.fork()
    if child == 0:
        left = iter(range(write, -1, -1))
        to_disk, wrote = os.fsync, Part.wrote

        def counted(handle: int) -> None:
            if next(left) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            to_disk(handle)

        def counted_file(part: Part, name: str) -> None:
            if next(left) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            wrote(part, name)

        os.fsync, Part.wrote = counted, counted_file
        try:
            link_to_register(folder, sources, refit=refit)
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


@pytest.mark.parametrize("refit", [Refit.NEVER, Refit.ALWAYS])
def test_a_process_killed_at_any_write_leaves_the_generation_before(register, make_town, tmp_path, refit) -> None:
    school = make_town(60)[1:]
    before = Register.open(register).table()
    writes, step = 0, 3 if refit is Refit.NEVER else 7  # linking all takes longer
    while killed_at(writes, register, school, refit):
        now = Register.open(register)
        if now.held.header.generation > 1:  # killed after the switch: it is all there
            break
        assert now.table().equals(before)
        writes += step
    assert writes > 40
    after = Register.open(register)
    assert after.records == before.num_rows + school[0].table.num_rows
    again = link_to_register(register, school, refit=Refit.NEVER)
    assert (again.unchanged, again.new) == (school[0].table.num_rows, 0)
    kept = {after.held.header.base, after.held.header.state, "register.json", "lock"}
    assert {path.name for path in register.iterdir()} == kept


def test_what_was_killed_half_way_changes_nothing_of_the_next_attempt(register, make_town, tmp_path) -> None:
    clean = tmp_path / "clean"
    shutil.copytree(register, clean)
    school = make_town(60)[1:]
    for write in (3, 9, 30):
        assert killed_at(write, register, school, Refit.NEVER)
    link_to_register(register, school, refit=Refit.NEVER)
    link_to_register(clean, school, refit=Refit.NEVER)
    persons = [Register.open(folder).held.person.tolist() for folder in (register, clean)]
    assert persons[0] == persons[1]


def test_a_register_of_a_later_format_is_refused_and_left_alone(register, make_town) -> None:
    named = register / "register.json"
    said = json.loads(named.read_text()) | {"format": FORMAT + 1, "written_by": "9.1"}
    named.write_text(json.dumps(said))
    for attempt in (lambda: Register.open(register), lambda: link_to_register(register, make_town(60))):
        with pytest.raises(UserFacingError, match=rf"written by infotrust 9.1 in format {FORMAT + 1}"):
            attempt()
    assert json.loads(named.read_text()) == said


@pytest.mark.parametrize("part", ["base-1/codes", "base-1/words", "state-1/person.npy", "base-1/model.json"])
def test_a_register_with_a_part_cut_short_is_refused(register, part) -> None:
    with (register / part).open("r+b") as file:
        file.truncate(100)
    with pytest.raises(UserFacingError, match="damaged"):
        Register.open(register)


def test_only_the_owner_may_look_into_a_register(register) -> None:
    assert stat.S_IMODE(register.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o700 for path in register.iterdir() if path.is_dir())


def test_a_folder_of_something_else_is_left_alone(tmp_path, make_town) -> None:
    (tmp_path / "letters.txt").write_text("dear")
    with pytest.raises(UserFacingError, match="is no register"):
        link_to_register(tmp_path, make_town(5))
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_where_there_is_no_register_the_next_step_says_how_to_make_one(tmp_path) -> None:
    with pytest.raises(UserFacingError, match="holds no register") as problem:
        Register.open(tmp_path / "none")
    assert "--register" in problem.value.next_step


def test_two_processes_do_not_change_a_register_at_once(register, make_town) -> None:
    with Folder(register).writing(), pytest.raises(UserFacingError, match="Another process"):
        link_to_register(register, make_town(60))
