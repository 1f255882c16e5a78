"""The words of processes and steps. Codes are stable texts that stand in the database; each stage describes its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Process:
    """`steps`: each step's code and its words, in the order in which they are usually taken.

    `due_days`: of a step that is due by itself, within how many calendar days of its beginning.
    """

    code: str
    title: Words
    steps: Mapping[str, Words]
    due_days: Mapping[str, int] = field(default_factory=dict)


PROCESSES: dict[str, Process] = {}


def describe(
    process: str, steps: Mapping[str, Words], *, title: Words, due_days: Mapping[str, int] | None = None
) -> None:
    """Say what the steps of a process are called, and within how many days which are due unless a day is given.

    Days for a step that is not one of its own, and a second, different description, are defects.
    """
    due = dict(due_days or {})
    if any(step not in steps or days < 1 for step, days in due.items()):
        raise ValueError(f"The process {process!r} has due days for no step of its own, or less than one.")
    known = PROCESSES.setdefault(process, Process(process, title, dict(steps), due))
    if list(known.steps) != list(steps) or known.due_days != due:
        raise ValueError(f"The process {process!r} was described twice, with different steps.")


def due_days(process: str, step: str) -> int | None:
    """Return within how many days of its beginning a step is due by itself; None where it is not."""
    known = PROCESSES.get(process)
    return known.due_days.get(step) if known else None


def process_title(process: str) -> str:
    return str(PROCESSES[process].title) if process in PROCESSES else process


def step_title(process: str, step: str) -> str:
    known = PROCESSES.get(process)
    return str(known.steps.get(step, step)) if known else step
