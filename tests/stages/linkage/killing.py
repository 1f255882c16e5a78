"""Kills the linkage of a second period with SIGKILL, each time from the same beginning.

Run as a program of its own by `test_killed.py`: `killing.py KILLS SEED`. See tests/stages/intake/killing.py, whose
children and lines it uses.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import shutil
import sys
import time
from typing import Any

from tests.stages.intake import killing as base

OURS = ("/stages/linkage/services/", "/stages/linkage/register.py", "/shared/storage/", "/core/vaulting/")
ROWS = base.ROWS
OFFICER = "linkage_officer@health.example"


def begin() -> None:
    """A first period is delivered and linked, a second one is delivered."""
    from infotrust.shared.jobs import services as jobs
    from tests.stages.intake.world import USES, good_rows

    base.begin(USES)
    base.user("linkage_officer", "health")
    link()
    base.send(good_rows(ROWS // 2, ROWS + ROWS // 2), "2026-27")
    jobs.run_waiting()


def link() -> None:
    """What is killed: a linkage is asked for and done by a worker."""
    from infotrust.shared.accounts.models import User
    from infotrust.shared.jobs import services as jobs
    from infotrust.stages.linkage import services

    services.start_linkage(by=User.objects.get(email=OFFICER))
    jobs.run_waiting()


def look() -> tuple[str, dict[str, str]]:
    """Return "old" or "new" and the register; fail if register, run and history do not say the same."""
    from infotrust.stages.linkage import register
    from infotrust.stages.linkage.models import LinkageRun
    from infotrust.stages.linkage.register import HISTORY, HISTORY_SCHEMA, ROOM, storage

    persons = {row["record_id"]: row["person_id"] for row in register.persons().to_pylist()}
    run = LinkageRun.objects.get(state="in_use")
    assert (run.generation, run.records) == (register.generation(), len(persons))
    told = storage.read(ROOM, HISTORY, HISTORY_SCHEMA.names)["run"].to_pylist()
    assert max(told) == run.pk
    return {ROWS: "old", ROWS + ROWS // 2: "new"}[len(persons)], persons


def recover() -> dict[str, Any]:
    """Look, let a worker go on, ask again where nothing was asked for yet, look again, count what should not be."""
    from infotrust.shared.jobs import services as jobs

    before, first = look()
    jobs.run_waiting()
    if look()[0] == "old":
        link()
    after, second = look()
    kept = sum(second[record] == person for record, person in first.items())
    return {"before": before, "after": after, "moved": len(first) - kept, **base.left_behind()}


def warm_up() -> None:
    """Load the matching kernels before the first fork, once for all children. Their threads end with each call."""
    import pyarrow as pa

    from infotrust.core.elements import SemanticType
    from infotrust.core.matching import Source, link_tables

    names = [f"Name{number}" for number in range(ROWS)]
    table = pa.table({"record_id": names, "last_name": names, "born": ["2015-09-01"] * ROWS})
    columns = {SemanticType.FAMILY_NAME: "last_name", SemanticType.BIRTH_DATE: "born"}
    link_tables([Source("any", table, columns, "record_id")])


def main(kills: int, seed: int) -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "infotrust.web.settings"
    django.setup()
    for module in (
        "infotrust.core.contracts.odcs",
        "infotrust.shared.jobs.worker",
        "infotrust.stages.linkage.linking",
        "tests.stages.intake.world",
    ):
        importlib.import_module(module)
    warm_up()
    chance = random.Random(seed)
    base.in_child(begin)
    shutil.copytree(base.HOME, base.BEGINNING)
    began = time.monotonic()
    lines, _ = base.in_child(lambda: base.traced(None, work=link, ours=OURS))
    duration = time.monotonic() - began
    outcomes: list[dict[str, Any]] = []
    while len(outcomes) < kills:
        base.restore()
        if len(outcomes) % 2:
            _, killed = base.in_child(link, kill_after=chance.uniform(0, duration))
        else:
            # By turns in the first half of the lines, in the second, and after the transaction is committed.
            choices = (lines[: len(lines) // 2], lines[len(lines) // 2 :], lines[-1:])
            name, line, count = chance.choice(choices[len(outcomes) // 2 % 3])
            _, killed = base.in_child(lambda at=(name, line), times=count: base.traced(at, times, work=link, ours=OURS))
        if killed:
            outcomes.append(base.in_child(recover)[0])
    print(json.dumps({"duration": duration, "lines": len(lines), "outcomes": outcomes}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
