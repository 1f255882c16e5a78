"""Link the same data with infotrust and with its peers, side by side: quality, time by phase, CPU and memory.

    ./run bench matching                                   # all data, all tools; hours on two cores
    ./run bench matching --data febrl3 febrl4 pseudopeople generated-100k
    ./run bench matching --data generated-1m --tools infotrust splink splink-tuned
    ./run bench matching --data pseudopeople --keep files  # leave the files and the truth there
    ./run bench matching --seeds 10                        # ours alone: is the worst seed far from the median?

`infotrust link` gets the files as they are and no settings. Each peer runs in an environment of its own (from its lock
requirements/bench-*.lock), as its documentation has it (peers/run_*.py say how), on the values as infotrust
standardizes them, made beforehand and not counted. One process at a time; with --repeats the tools take turns, so that
a slow spell of the machine meets all of them. Results are merged into results/matching.json, from which the page
docs/explanation/how-matching-compares.md is written.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

from protocols import data, page, quality, robustness, tools
from protocols.machine import machine
from protocols.running import Limits

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "matching.json"
WARMING = "generated-5k"  # compiles the loops before anything is measured


def main() -> None:
    arguments = _arguments()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    if arguments.page_only:
        page.write(RESULTS)
        return
    limits = Limits(arguments.time_limit, arguments.memory_limit)
    with contextlib.ExitStack() as stack:
        folder = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = folder.resolve()
        if arguments.seeds:
            robustness.measure(arguments.data or list(robustness.USUAL), arguments.seeds, folder, limits, RESULTS)
        else:
            compare(arguments, folder, limits)
    page.write(RESULTS)


def compare(arguments: argparse.Namespace, folder: Path, limits: Limits) -> None:
    """Run and judge; the results are written after each run, so that a run that is stopped keeps what it has."""
    chosen = arguments.tools
    tools.make_environments(chosen)
    cache = folder / "compiled"
    compiling = {tool: _compile(tool, folder, cache, limits) for tool in chosen if not tools.TOOLS[tool].environment}
    for name in arguments.data or data.USUAL:
        prepared = data.prepare(name, arguments.seed, _place(folder, name, arguments))
        repeats = arguments.repeats or (3 if prepared.records <= 20_000 else 1)
        runs: dict[str, list[dict[str, Any]]] = {tool: [] for tool in chosen}
        for turn in range(repeats):
            for tool in chosen:
                if any("ended" in run for run in runs[tool]):
                    continue  # it failed in an earlier turn
                run = tools.run(tool, prepared, folder / "out" / tool, limits, cache)
                runs[tool].append(run | ({"first_run_compiling": compiling[tool]} if tool in compiling else {}))
                _say(name, tool, turn, run)
                _merge(prepared, arguments.seed, {tool: _together(runs[tool])}, limits)


def _place(folder: Path, name: str, arguments: argparse.Namespace) -> Path:
    """With --keep and one data set its files lie where one asked for them; otherwise each set has a folder."""
    return folder if arguments.keep and arguments.data == [name] else folder / f"{name}-{arguments.seed}"


def _compile(tool: str, folder: Path, cache: Path, limits: Limits) -> dict[str, float]:
    """Run ours twice on a little data: what the first run takes longer is compiling its loops."""
    warm = data.prepare(WARMING, 1, folder / "warming")
    first = tools.run(tool, warm, folder / "out" / "warming", limits, cache)
    again = tools.run(tool, warm, folder / "out" / "warming", limits, cache)
    if "ended" in first:
        raise SystemExit(f"infotrust link failed on {WARMING}: {first['said']}")
    return {key: round(first[key] - again[key], 1) for key in ("seconds", "cpu_seconds")}


def _together(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The run with the median time stands for all; the others' figures beside it."""
    failed = [run for run in runs if "ended" in run]
    if failed:
        return failed[0]
    ordered = sorted(runs, key=lambda run: run["cpu_seconds"])
    middle = ordered[(len(ordered) - 1) // 2]
    return {
        **middle,
        "all_cpu_seconds": [run["cpu_seconds"] for run in runs],
        "all_seconds": [run["seconds"] for run in runs],
    }


def _merge(prepared: data.Data, seed: int, found: dict[str, dict[str, Any]], limits: Limits) -> None:
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"data": {}}
    place = results["data"].setdefault(prepared.name, {"tools": {}})
    about = {"what": prepared.what, "seed": seed, "records": prepared.records, "persons": prepared.persons}
    limit = {"seconds": limits.seconds, "gigabytes": limits.gigabytes}
    at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    place |= about
    place["tools"] |= {tool: {"at": at, "limits": limit, "machine": machine(), **one} for tool, one in found.items()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def _say(name: str, tool: str, turn: int, run: dict[str, Any]) -> None:
    if "ended" in run:
        told = f"{run['ended']}; {' '.join(run['said'])}"
    else:
        told = (
            f"B-cubed F1 {quality.b_cubed(run['quality']):.4f}, {run['seconds']:.1f} s, "
            f"{run['cpu_seconds']:.1f} CPU s, {run['gigabytes']:.2f} GB"
        )
    print(f"{name}, {tool}, turn {turn + 1}: {told}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", nargs="+", help=f"default: {' '.join(data.USUAL)}; also marigold, generated-20k, ...")
    parser.add_argument("--tools", nargs="+", choices=tuple(tools.TOOLS), default=list(tools.TOOLS), metavar="TOOL",
                        help=f"of: {', '.join(tools.TOOLS)}")  # fmt: skip
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, metavar="N", help="ours alone on seeds 1 to N of each data set")
    parser.add_argument("--repeats", type=int, help="turns of each tool; default: 3 up to 20,000 records, else 1")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep files there, and use those that are there")
    parser.add_argument("--time-limit", type=float, default=1800, metavar="SECONDS", help="for one run of one tool")
    parser.add_argument("--memory-limit", type=float, default=16, metavar="GB", help="for one run of one tool")
    parser.add_argument("--page-only", action="store_true", help="write the page from the results that are there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
