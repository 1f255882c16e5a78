"""What a partner can do, and which way of exchanging data fits it. Our own rules, in the open; a person decides.

Levels: 0 nothing, 1 something, 2 enough; None is not known yet. Nothing here touches the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from django.utils.translation import gettext as _

from infotrust.stages.readiness.process import DATA

NOTHING, SOMETHING, ENOUGH = 0, 1, 2
Levels = Mapping[str, int | None]


@dataclass(frozen=True)
class Area:
    key: str
    title: str
    ask: str


@dataclass(frozen=True)
class Mode:
    """A way of exchanging data, and why it fits. `unknown`: areas that have to be known before one can be suggested."""

    code: str
    title: str
    reason: str
    unknown: tuple[str, ...] = ()


@cache
def areas() -> tuple[Area, ...]:
    found: list[dict[str, Any]] = yaml.safe_load((DATA / "capacity.yaml").read_text(encoding="utf-8"))["areas"]
    return tuple(Area(**entry) for entry in found)


def levels() -> list[tuple[str, str]]:
    return [
        (str(NOTHING), _("We have nothing")),
        (str(SOMETHING), _("We have something")),
        (str(ENOUGH), _("We have enough")),
    ]


def gaps(known: Levels) -> list[Area]:
    """The areas in which there is less than enough. What is not known is no gap yet."""
    return [area for area in areas() if known.get(area.key) in (NOTHING, SOMETHING)]


def suggest(known: Levels) -> Mode:
    """Suggest how a partner could exchange data, from its levels; the first rule that fits decides."""
    decisive = ("security", "technology", "transform", "technical")
    unknown = tuple(_(area.title) for area in areas() if area.key in decisive and known.get(area.key) is None)
    if unknown:
        return Mode("", _("Not known yet"), _("Fill in what is missing first."), unknown)
    if known["security"] == NOTHING:
        return Mode(
            "at_home",
            _("The data stays at home"),
            _("It cannot be sent safely yet. Questions come to the data, and only counts leave."),
        )
    if known["technical"] == NOTHING or known["transform"] == NOTHING:
        return Mode(
            "pull",
            _("A partner who can fetches it and brings it into form"),
            _("Nobody here can bring the data into the agreed form: a partner who can, or an intermediary, does it."),
        )
    if known["technology"] == ENOUGH and known["transform"] == ENOUGH:
        return Mode(
            "automatic",
            _("A standing extract that is sent by itself"),
            _("The system exports by itself, and the data is in the agreed form."),
        )
    return Mode(
        "upload",
        _("A standing extract that somebody uploads"),
        _("There are people who can bring it into form; the export does not run by itself yet."),
    )


def in_words(said: Levels, notes: Mapping[str, str], help_needed: str) -> str:
    """Return an assessment as one text, to lay two of them side by side."""
    titles = dict(levels())
    lines = []
    for area in areas():
        level = titles.get(str(said.get(area.key)), _("not known yet"))
        lines.append(f"{_(area.title)}: {level}. {notes.get(area.key, '')}".strip())
    return "\n".join([*lines, help_needed]).strip()
