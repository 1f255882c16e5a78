"""The process as data: steps and activities, the discussion guide's questions, kinds of barriers.

Read from the YAML files beside this module, which an administrator can correct. Nothing here touches the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

DATA = Path(__file__).parent / "data"
UNSURE = 0  # a mark beside the line: not every question can be answered in a first talk
PLACES = 5  # how many marks the line of the guide has; T1 prints a line without marks, which a page cannot tick


@dataclass(frozen=True)
class Activity:
    """`after`: activities that come first; `needed`: it cannot be skipped; `at`: the page where it is done.

    `ticks`: what happens elsewhere in the trust that marks it done.
    """

    key: str
    title: str
    does: str
    at: str = ""
    after: tuple[str, ...] = ()
    needed: bool = False
    skip: str = ""
    ticks: str = ""


@dataclass(frozen=True)
class Step:
    number: int
    title: str
    activities: tuple[Activity, ...]


@dataclass(frozen=True)
class Item:
    """A question of the discussion guide. `ends`: what the two ends of its line mean."""

    key: str
    title: str
    question: str
    ends: tuple[str, str]
    consider: tuple[str, ...]
    barrier: str

    def place(self, place: int | None) -> str:
        """Say in words where a mark stands: 1 to 5, `UNSURE`, or None while there is no mark."""
        low, high = _(self.ends[0]), _(self.ends[1])
        words = {
            None: _("No mark yet"),
            UNSURE: _("We cannot say yet"),
            1: low,
            2: _("Nearer to “%(end)s”") % {"end": low},
            3: _("In between"),
            4: _("Nearer to “%(end)s”") % {"end": high},
            5: high,
        }
        return words[place]


@cache
def steps() -> tuple[Step, ...]:
    return tuple(
        Step(number, step["title"], tuple(_activity(one) for one in step["activities"]))
        for number, step in enumerate(_read("steps")["steps"], 1)
    )


def _activity(entry: dict[str, Any]) -> Activity:
    return Activity(**{**entry, "after": tuple(entry.get("after", ()))})


def activities() -> dict[str, Activity]:
    return {one.key: one for step in steps() for one in step.activities}


@cache
def items() -> tuple[Item, ...]:
    return tuple(
        Item(**{**one, "ends": tuple(one["ends"]), "consider": tuple(one["consider"])})
        for one in _read("guide")["items"]
    )


def item(key: str) -> Item:
    return next(one for one in items() if one.key == key)


def barrier_kinds() -> list[tuple[str, str]]:
    """Return code and title of each kind of barrier, for a form."""
    return [(one["code"], _(one["title"])) for one in _read("guide")["barriers"]]


def spoken() -> Iterator[str]:
    """Every sentence of the guide and the steps, for a check that they read easily."""
    for one in items():
        yield from (one.question, *one.ends, *one.consider)
    for activity in activities().values():
        yield from (activity.title, activity.does)


@cache
def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return found
