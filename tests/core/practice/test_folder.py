"""Whole or not at all: what is left when the disk fills, when somebody stops the run, or when the machine does."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infotrust.core.errors import UserFacingError
from infotrust.core.practice.folder import LOCK, made_whole, require_free

ROOT = Path(__file__).parents[3]
MEGABYTE = 2**20
ENDS_WELL, REFUSED, INTERRUPTED = 0, 2, 130


@pytest.fixture(scope="module", autouse=True)
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The runs share their bytecode, also where the environment says to write none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("bytecode")))
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        yield


def make(out: Path, *more: str, **options: object) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "infotrust.cli",
        "practice",
        "--agencies",
        "child-welfare",
        "--out",
        str(out),
        *more,
    ]
    return subprocess.Popen(
        command, cwd=ROOT / "src", text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )  # type: ignore[call-overload, no-any-return]


SMALL_WARDS = """
import sys
from infotrust import cli
from infotrust.core.practice import county, writing

if __name__ == "__main__":
    county.County.__dataclass_fields__["people_in_a_ward"].default = 500
    county.County.__init__.__defaults__ = (*county.County.__init__.__defaults__[:-1], 500)
    writing.size_of = lambda *_: 0
    sys.exit(cli.main(["practice", "--years", "1", "--agencies", "child-welfare", *sys.argv[1:]]))
"""


def make_long(out: Path, **options: object) -> subprocess.Popen[str]:
    """A run of a hundred small wards, by two processes."""
    command = [sys.executable, "-c", SMALL_WARDS, "--people", "50000", "--workers", "2", "--out", str(out)]
    return subprocess.Popen(
        command, cwd=ROOT / "src", text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )  # type: ignore[call-overload, no-any-return]


def ended(run: subprocess.Popen[str]) -> tuple[int, str]:
    _, told = run.communicate(timeout=60)
    return run.returncode, told


def begun(run: subprocess.Popen[str], folder: Path) -> Path:
    """Wait until the run writes its first ward, and return its hidden folder."""
    for _ in range(600):
        for part in folder.glob(".practice-*/scratch/*"):
            if part.name[0].isdecimal():
                return part.parent.parent
        assert run.poll() is None, run.communicate()
        time.sleep(0.05)
    raise AssertionError("the run never began")


# --- the disk ---


def test_a_file_that_may_not_grow_further_leaves_nothing(tmp_path: Path) -> None:
    run = make(
        tmp_path / "practice",
        *("--people", "2000", "--years", "2"),
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},  # it would be cut off too, and break the runs that share it
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
    )
    code, told = ended(run)
    assert code == REFUSED
    assert f"The county cannot be written to {tmp_path / 'practice'}: File too large." in told
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a fifth of a megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_full_disk_is_named_and_nothing_is_left_on_it(small_disk: Path, workers: str) -> None:
    out = small_disk / "practice"
    command = [sys.executable, "-c", SMALL_WARDS, "--people", "3000", "--workers", workers, "--out", str(out)]
    run = subprocess.run(command, cwd=ROOT / "src", text=True, capture_output=True, check=False, timeout=90)
    assert run.returncode == REFUSED
    assert f"The county cannot be written to {out}: No space left on device. Nothing was left" in " ".join(
        run.stderr.split()
    ).replace("infotrust practice: ", "")
    assert "Traceback" not in run.stderr
    assert list(small_disk.iterdir()) == []


def test_too_small_a_disk_is_refused_before_the_work(small_disk: Path) -> None:
    code, told = ended(make(small_disk / "practice", "--people", "1000000"))
    assert code == REFUSED
    assert "its disk has 0 MB left" in told
    assert list(small_disk.iterdir()) == []


# --- being stopped ---


def test_killed_midway_it_leaves_no_folder_and_the_next_run_sweeps_up(tmp_path: Path) -> None:
    run = make_long(tmp_path / "practice")
    hidden = begun(run, tmp_path)
    workers = children_of(run.pid)
    run.kill()
    ended(run)
    assert not (tmp_path / "practice").exists()
    assert hidden.exists()
    assert gone(workers)
    code, _ = ended(make(tmp_path / "practice", "--people", "300", "--years", "1"))
    assert code == ENDS_WELL
    assert [path.name for path in tmp_path.iterdir()] == ["practice"]


def test_stopped_with_ctrl_c_it_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    run = make_long(tmp_path / "practice", start_new_session=True)
    begun(run, tmp_path)
    workers = children_of(run.pid)
    os.killpg(run.pid, signal.SIGINT)
    code, told = ended(run)
    assert code == INTERRUPTED
    assert told.strip() == "Stopped. Nothing was written."
    assert list(tmp_path.iterdir()) == []
    assert gone(workers)


def test_when_a_worker_is_killed_the_run_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    run = make_long(tmp_path / "practice")
    begun(run, tmp_path)
    for worker in children_of(run.pid):
        os.kill(worker, signal.SIGKILL)
    code, told = ended(run)
    assert code == REFUSED
    assert "A process that made a part of the county was stopped" in told
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


def children_of(parent: int) -> list[int]:
    """The workers that a run started; not Python's own helper, which tracks what they share."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(one) for one in found if "spawn_main" in Path(f"/proc/{one}/cmdline").read_text()]


def gone(processes: list[int]) -> bool:
    assert processes
    for _ in range(200):
        if not any(Path(f"/proc/{one}/stat").exists() for one in processes):
            return True
        time.sleep(0.05)
    return False


# --- the folder itself ---


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    code, told = ended(make(tmp_path))
    assert code == REFUSED
    assert f"The folder {tmp_path} already holds files." in told
    assert (tmp_path / "mine.txt").read_text() == "kept"


def test_a_file_or_a_link_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("file", "link"):
        with pytest.raises(UserFacingError, match="is not a folder"):
            require_free(tmp_path / name)


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "practice").mkdir()
    with made_whole(tmp_path / "practice") as fresh:
        (fresh / "one").write_text("1")
        assert not any((tmp_path / "practice").iterdir())
    assert [path.name for path in (tmp_path / "practice").iterdir()] == ["one"]


def test_folders_above_are_made(tmp_path: Path) -> None:
    with made_whole(tmp_path / "new" / "practice") as fresh:
        (fresh / "one").touch()
    assert (tmp_path / "new" / "practice" / "one").exists()


def test_a_run_under_way_is_not_swept_up(tmp_path: Path) -> None:
    with made_whole(tmp_path / "practice") as first:
        (first / "one").touch()
        with pytest.raises(RuntimeError, match="stop"):
            fail_in(tmp_path / "practice")
        assert (first / LOCK).exists()
    assert (tmp_path / "practice" / "one").exists()


def fail_in(folder: Path) -> None:
    with made_whole(folder):
        raise RuntimeError("stop")


def test_where_two_runs_fill_one_folder_the_second_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError, match="cannot be written"):
        fill_while_another_does(tmp_path / "practice")
    assert [path.name for path in (tmp_path / "practice").iterdir()] == ["one"]


def fill_while_another_does(folder: Path) -> None:
    with made_whole(folder) as late:
        (late / "two").touch()
        with made_whole(folder) as first:
            (first / "one").touch()


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(UserFacingError, match="file is not a folder"),
        made_whole(tmp_path / "file" / "practice"),
    ):
        pass


def test_a_name_that_is_too_long_for_the_disk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError, match=r"cannot be written to .*: File name too long"):
        require_free(tmp_path / ("a" * 300))
