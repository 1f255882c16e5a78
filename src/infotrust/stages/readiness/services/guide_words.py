"""What a partner says along the guide, and the words of a form as one text, to lay two of them side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from infotrust.stages.readiness import process
from infotrust.stages.readiness.models import Sheet


@dataclass(frozen=True)
class Said:
    """What a partner says about one question. `place`: 1 to 5, 0 for "we cannot say yet", None for no mark."""

    place: int | None
    comment: str = ""
    barriers: tuple[str, ...] = ()


def said_on(sheet: Sheet) -> dict[str, Said]:
    """Return what stands on a sheet, as it is given to `answer`."""
    barriers: dict[str, list[str]] = {}
    for barrier in sheet.barriers.all():
        barriers.setdefault(barrier.item, []).append(barrier.words)
    return {one.item: Said(one.place, one.comment, tuple(barriers.get(one.item, ()))) for one in sheet.answers.all()}


def said_words(said: Mapping[str, Said]) -> str:
    parts = []
    for item in process.items():
        if (one := said.get(item.key)) is not None:
            parts.append("\n".join([f"{_(item.title)}: {item.place(one.place)}", one.comment, *one.barriers]).strip())
    return "\n\n".join(parts)


def meeting_words(met_on: date | None, attendees: str) -> str:
    return f"{met_on or ''}\n{attendees.strip()}"


def joint_words(joint: Mapping[str, str], reflection: str, next_steps: str) -> str:
    lines = [(item.title, joint.get(item.key, "")) for item in process.items()]
    lines += [("What we make of it", reflection), ("Next steps", next_steps)]
    return "\n\n".join(f"{_(title)}: {text.strip()}" for title, text in lines)
