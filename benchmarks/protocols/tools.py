"""The tools side by side, how each is started, and one measured run of one of them."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from infotrust.core.matching import judging

from . import quality
from .data import Data
from .running import Limits, Run, measure

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent


@dataclass(frozen=True)
class Tool:
    """environment: the lock requirements/bench-*.lock that it needs, none for ours. options: for its script."""

    title: str
    environment: str = ""
    script: str = ""
    options: tuple[str, ...] = ()

    @property
    def python(self) -> Path:
        return HERE / f".venv-{self.environment}" / "bin" / "python"


TOOLS = {
    "infotrust": Tool("infotrust, no settings"),
    "infotrust-fast": Tool("infotrust --effort fast", options=("--effort", "fast")),
    "splink": Tool("Splink, tutorial", "splink", "run_splink.py"),
    "splink-tuned": Tool("Splink, tuned on generated data", "splink", "run_splink.py", ("--tuned",)),
    "recordlinkage": Tool("recordlinkage, ECM", "recordlinkage", "run_recordlinkage.py"),
    "goldenmatch": Tool("GoldenMatch, zero-config", "goldenmatch", "run_goldenmatch.py"),
    "goldenmatch-probabilistic": Tool(
        "GoldenMatch, probabilistic", "goldenmatch", "run_goldenmatch.py", ("--probabilistic",)
    ),
}


def make_environments(names: Sequence[str]) -> None:
    """The environments of these tools, from their locks."""
    for environment in sorted({TOOLS[name].environment for name in names} - {""}):
        subprocess.run([str(ROOT / "run"), "peer", environment], check=True)


def run(name: str, data: Data, out: Path, limits: Limits, cache: Path) -> dict[str, Any]:
    """One measured run in processes of its own; what it found is judged afterwards. `cache`: numba's compiled loops."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    tool = TOOLS[name]
    return _ours(tool, data, out, limits, cache) if not tool.environment else _peer(tool, data, out, limits)


def _ours(tool: Tool, data: Data, out: Path, limits: Limits, cache: Path) -> dict[str, Any]:
    linked, manifest = out / "linked.parquet", out / "manifest.json"
    words = [
        sys.executable, "-m", "infotrust.cli", "link", *data.files, *tool.options,
        "--out", str(linked), "--manifest", str(manifest), "--no-resume",
    ]  # fmt: skip
    done = measure(words, limits, folder=data.folder, log=out / "log.txt", environment={"NUMBA_CACHE_DIR": str(cache)})
    if done.ended:
        return _failed(done)
    judged = judging.judge(linked, data.folder / "truth.parquet")
    steps = {step["name"]: round(step["seconds"], 2) for step in json.loads(manifest.read_text())["steps"]}
    steps["start, read and write"] = round(done.seconds - sum(steps.values()), 2)
    return {
        "seconds": round(done.seconds, 2),
        "cpu_seconds": round(done.cpu_seconds, 2),
        "gigabytes": round(done.gigabytes, 2),
        "phases": steps,
        "quality": quality.judge(judged.found, judged.true),
        "persons_found": len(np.unique(judged.found)),
        "settings": " ".join(tool.options) or "none",
        "versions": {
            "python": platform.python_version(), "commit": _commit(),
            **{name: version(name) for name in ("infotrust", "numba", "numpy", "pyarrow")},
        },
    }  # fmt: skip


def _peer(tool: Tool, data: Data, out: Path, limits: Limits) -> dict[str, Any]:
    words = [str(tool.python), str(HERE / "peers" / tool.script), str(data.folder), str(out), *tool.options]
    report = out / "phases.json"
    # Its threads may use both cores; its temporary files lie beside the results, not in its user's home.
    done = measure(words, limits, folder=out, log=out / "log.txt", until=report)
    if not report.exists():
        return _failed(done)
    told = json.loads(report.read_text())
    found = _codes(pq.read_table(out / "persons.parquet")["person"])
    result = {
        **{key: told[key] for key in ("seconds", "cpu_seconds", "phases", "settings", "versions")},
        "gigabytes": round(done.gigabytes, 2),
        "quality": quality.judge(found, data.true),
        "persons_found": len(np.unique(found)),
    }
    return result | _best_other(out, data, result["quality"])


def _best_other(out: Path, data: Data, own: quality.Figures) -> dict[str, Any]:
    """The cut that the truth shows to be the best of those tried, the tool's own among them."""
    others = out / "others.parquet"
    if not others.exists():
        return {}
    table = pq.read_table(others)
    judged = {cut: quality.judge(_codes(table[cut]), data.true) for cut in table.column_names if cut != "record"}
    best = max(judged, key=lambda cut: quality.b_cubed(judged[cut]), default=None)
    if best is None or quality.b_cubed(judged[best]) <= quality.b_cubed(own):
        return {"best_cut": {"cut": "its own", "quality": own}}
    return {"best_cut": {"cut": best, "quality": judged[best]}}


def _codes(labels: Any) -> np.ndarray:
    return pc.dictionary_encode(labels.combine_chunks()).indices.to_numpy()


def _failed(done: Run) -> dict[str, Any]:
    measured = {"seconds": round(done.seconds, 1), "cpu_seconds": round(done.cpu_seconds, 1)}
    said = done.said.replace(str(ROOT), "").replace(str(Path.home()), "").strip().splitlines()
    return {**measured, "gigabytes": round(done.gigabytes, 2), "ended": done.ended or "no result", "said": said[-1:]}


def _commit() -> str:
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip
    return asked.stdout.strip() or "unknown"
