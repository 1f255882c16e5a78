"""Kills a load of a correction with SIGKILL, again and again, each time from the same beginning.

Run as a program of its own by `test_killed.py`: `killing.py KILLS SEED`, with INFOTRUST_HOME set to an empty folder.
The parent only imports and forks; database, files and threads live in children. Prints one JSON line.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

HOME = Path(os.environ["INFOTRUST_HOME"])
BEGINNING = HOME.with_name(HOME.name + "-beginning")
OURS = ("/stages/intake/", "/shared/storage/", "/shared/vault/", "/shared/holdings/", "/core/vaulting/")
ROWS = 30


def in_child(work: Callable[[], Any], *, kill_after: float | None = None) -> tuple[Any, bool]:
    """Run `work` in a forked child; return its result and whether it was killed."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        try:
            os.write(writer, json.dumps(work()).encode())
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(writer)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(pid, signal.SIGKILL)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if not killed and os.WEXITSTATUS(status):
        raise SystemExit("a child failed")
    return (json.loads(said) if said and not killed else None), killed


def begin(uses: dict[str, set[str]] | None = None) -> None:
    """An agreement in force and a first delivery loaded."""
    from django.core.management import call_command

    from infotrust.shared.jobs import services as jobs
    from tests.stages.intake.world import good_rows, make_town, put_in_force

    call_command("migrate", verbosity=0)
    put_in_force(make_town(agency, user), uses)
    send(good_rows(0, ROWS))
    jobs.run_waiting()


def agency(code: str) -> Any:
    from infotrust.shared.accounts.models import Agency

    return Agency.objects.get_or_create(code=code, defaults={"name": code.title()})[0]


def user(role: str, code: str) -> Any:
    from infotrust.shared.accounts.models import RoleHeld, User

    made = User.objects.create(email=f"{role}@{code}.example", name=role, agency=agency(code))
    RoleHeld.objects.create(user=made, role=role)
    return made


def send(rows: list[str], period: str = "2025-26") -> None:
    from infotrust.shared.accounts.models import User
    from infotrust.stages.intake import services
    from tests.stages.intake.world import DATASET, csv_file

    steward = User.objects.get(email="steward@schools.example")
    services.receive_delivery(
        agency=steward.agency, dataset=DATASET, period=period, name="a.csv", stream=csv_file(*rows), by=steward
    )


def correct() -> None:
    """What is killed: a correction is received and loaded by a worker."""
    from infotrust.shared.jobs import services as jobs
    from tests.stages.intake.world import good_rows

    send(good_rows(ROWS // 2, ROWS + ROWS // 2))
    jobs.run_waiting()


def traced(
    at: tuple[str, int] | None,
    count: int = 1,
    *,
    work: Callable[[], Any] | None = None,
    ours: tuple[str, ...] = OURS,
) -> list[tuple[str, int, int]]:
    """Run `work` (default `correct`); die when line `at` is about to be executed for the `count`-th time.

    Returns our lines in the order of their last execution, with how often each was executed.
    """
    counts: dict[tuple[str, int], int] = {}

    def trace(frame: Any, event: str, _argument: Any) -> Any:
        name = frame.f_code.co_filename
        if not any(part in name for part in ours):
            return None
        if event == "line":
            here = (name, frame.f_lineno)
            counts[here] = counts.pop(here, 0) + 1
            if here == at and counts[here] == count:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    threading.settrace(trace)
    sys.settrace(trace)
    try:
        (work or correct)()
    finally:
        sys.settrace(None)
        threading.settrace(None)
    return [(name, line, times) for (name, line), times in counts.items()]


def look() -> str:
    """Return "old" or "new": what a reader sees in both rooms and what the deliveries say; fail if it is neither."""
    from infotrust.shared.holdings import services as holdings
    from infotrust.shared.vault import services as vault
    from infotrust.stages.intake.models import Delivery
    from tests.stages.intake.world import DATASET

    identifiers = {row["record_id"]: row for row in vault.read(DATASET).to_pylist()}
    content = {row["record_id"]: row for row in holdings.read(DATASET).to_pylist()}
    found = {(row["pupil_id"], content[key]["days"]) for key, row in identifiers.items()}
    assert identifiers.keys() == content.keys()
    assert len(identifiers) == ROWS
    expected = {
        state: {(f"P{number}", number % 9) for number in range(first, first + ROWS)}
        for state, first in (("old", 0), ("new", ROWS // 2))
    }
    (state,) = [state for state, rows in expected.items() if rows == found]
    loaded = list(Delivery.objects.filter(state="loaded").order_by("pk"))
    assert len(loaded) == 1
    assert (state == "new") == (loaded[0].supersedes is not None)
    return state


def recover() -> dict[str, Any]:
    """Look, start over as people and the worker would, look again, sweep, and count what should not be there."""
    before = look()
    correct()
    after = look()
    return {"before": before, "after": after, **left_behind()}


def left_behind() -> dict[str, Any]:
    """Sweep; count files that no row names, parts that have no file, and what is wrong with the log."""
    from django.conf import settings

    from infotrust.shared.audit import services as audit
    from infotrust.shared.storage import services as storage
    from infotrust.shared.storage.models import SealedPart

    storage.sweep(timedelta(0))
    named = set(SealedPart.objects.filter(certificate=None).values_list("pk", flat=True))
    files = [path for path in Path(settings.STORAGE_FOLDER).rglob("*") if path.is_file()]
    return {
        "orphans": sum(path.name.split(".")[0] not in named for path in files),
        "lost": len(named - {path.name.split(".")[0] for path in files}),
        "log": len(audit.verify()),
    }


def restore() -> None:
    shutil.rmtree(HOME)
    shutil.copytree(BEGINNING, HOME)


def choose(lines: list[Any], number: int, count: int, chance: random.Random) -> Any:
    """Return a line of the run's stretch `number` of `count`, so that no part is left out; the last two kills come
    among its last lines, after the transaction is committed."""
    if number >= count - 2:
        return chance.choice(lines[-8:])
    stretch = len(lines) / (count - 2)
    return lines[int(stretch * (number + chance.random()))]


def main(kills: int, seed: int) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "infotrust.web.settings"
    django.setup()
    # Imported before the first fork, so that no child has to do it again.
    for module in ("infotrust.core.contracts.odcs", "infotrust.shared.jobs.worker", "tests.stages.intake.world"):
        importlib.import_module(module)

    chance = random.Random(seed)
    in_child(begin)
    shutil.copytree(HOME, BEGINNING)
    lines, _ = in_child(lambda: traced(None))
    restore()
    began = time.monotonic()
    in_child(correct)
    duration = time.monotonic() - began
    outcomes: list[dict[str, Any]] = []
    done = 0
    while done < kills:
        restore()
        if done % 2:
            name, line, times = choose(lines, done // 2, kills // 2, chance)
            _, killed = in_child(lambda at=(name, line), count=times: traced(at, count))
        else:
            _, killed = in_child(correct, kill_after=chance.uniform(0, duration))
        if killed:
            done += 1
            outcomes.append(in_child(recover)[0])
    print(json.dumps({"kills": done, "lines": len(lines), "duration": duration, "outcomes": outcomes}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
