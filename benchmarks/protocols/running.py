"""Run a command in a process of its own and measure it: seconds, CPU seconds, peak memory; stop it at its limits.

Memory is the proportional set size (PSS) of the process and its children, added up five times a second: pages they
share count once. CPU seconds are those of all of them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.2
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Limits:
    seconds: float
    gigabytes: float


@dataclass(frozen=True)
class Run:
    """ended: "" when all went well, else what happened. until: measured until this file appeared, if it was named."""

    seconds: float
    cpu_seconds: float
    gigabytes: float
    ended: str
    said: str


def _as_installed() -> dict[str, str]:
    """The environment without what forbids Python to keep its bytecode: an installed tool has it from the first run."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def measure(
    words: Sequence[str],
    limits: Limits,
    *,
    folder: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
    until: Path | None = None,
) -> Run:
    """Run to the end, or to a limit. What it says goes to `log`; its last lines are kept when it fails."""
    begun, peak, ended = time.time(), 0.0, ""
    with log.open("wb") as out:
        process = subprocess.Popen(
            list(words), cwd=folder, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            env={**_as_installed(), **(environment or {}), "BENCH_BEGUN": repr(begun)},
        )  # fmt: skip
        while True:
            over, status, used = os.wait4(process.pid, os.WNOHANG)
            if over:
                break
            if until is None or not until.exists():
                peak = max(peak, _pss(process.pid))
            passed = time.time() - begun
            if passed > limits.seconds or peak > limits.gigabytes:
                ended = f"stopped after {passed:.0f} s" if passed > limits.seconds else f"stopped at {peak:.1f} GB"
                os.killpg(process.pid, signal.SIGKILL)
                _, status, used = os.wait4(process.pid, 0)
                break
            time.sleep(INTERVAL)
    seconds = time.time() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if not ended and process.returncode:
        ended = f"ended with code {process.returncode}"
    said = log.read_text(errors="replace")[-1500:] if ended else ""
    # ru_maxrss begins with what this process itself held when it forked: only for what lived shorter than the interval.
    peak = peak or used.ru_maxrss / 2**20
    return Run(seconds, used.ru_utime + used.ru_stime, peak, ended, said)


def _pss(process: int) -> float:
    """Gigabytes of a process and of all below it."""
    return sum(_own_pss(one) for one in _tree(process)) / 2**20


def _own_pss(process: int) -> float:
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1])
    except OSError:
        pass
    return 0.0


def _tree(process: int) -> list[int]:
    found = [process]
    for one in found:
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found
