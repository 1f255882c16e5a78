"""Ours on many seeds of a data set: a linkage that is right only most of the time is not right."""

from __future__ import annotations

import json
import shutil
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import data, quality, tools
from .machine import machine
from .running import Limits

USUAL = ("generated-20k", "pseudopeople")


def measure(names: Sequence[str], seeds: int, folder: Path, limits: Limits, results: Path) -> None:
    """Link each seed once and add worst, median and all B-cubed F1 to the results."""
    for name in names:
        found = {}
        for seed in range(1, seeds + 1):
            place = folder / f"{name}-{seed}"
            run = tools.run(
                "infotrust", data.prepare(name, seed, place), folder / "out" / "seeds", limits, folder / "compiled"
            )
            if "ended" in run:
                raise SystemExit(f"infotrust link {run['ended']} on {name}, seed {seed}: {run['said']}")
            found[str(seed)] = quality.b_cubed(run["quality"])
            print(f"{name}, seed {seed}: B-cubed F1 {found[str(seed)]:.4f}", flush=True)
            shutil.rmtree(place)
            _add(results, name, found, run["versions"])


def _add(path: Path, name: str, found: dict[str, float], versions: dict[str, str]) -> None:
    results: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"data": {}}
    worst = min(found, key=lambda seed: found[seed])
    results.setdefault("seeds", {})[name] = {
        "at": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "median": round(statistics.median(found.values()), 5),
        "worst": found[worst],
        "worst_seed": int(worst),
        "b_cubed_f1": found,
        "machine": machine(),
        "versions": versions,
    }
    path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
