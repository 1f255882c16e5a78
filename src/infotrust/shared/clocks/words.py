"""The words of processes and steps. Codes are stable texts that stand in the database; each stage describes its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Process:
    """`steps`: each step's code and its words, in the order in which they are usually taken."""

    code: str
    title: Words
    steps: Mapping[str, Words]


PROCESSES: dict[str, Process] = {}


def describe(process: str, steps: Mapping[str, Words], *, title: Words) -> None:
    """Say what the steps of a process are called. A second, different description is a defect."""
    known = PROCESSES.setdefault(process, Process(process, title, dict(steps)))
    if list(known.steps) != list(steps):
        raise ValueError(f"The process {process!r} was described twice, with different steps.")


def process_title(process: str) -> str:
    return str(PROCESSES[process].title) if process in PROCESSES else process


def step_title(process: str, step: str) -> str:
    known = PROCESSES.get(process)
    return str(known.steps.get(step, step)) if known else step
