"""Which records belong to one person: standardize, find candidates, compare, estimate, score, cluster, identify.

What is named here is loaded when it is first used: the compiled loops take two seconds, and a server's page that only
settles answers needs none of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infotrust.core.matching.library import Result, link
    from infotrust.core.matching.persons.identify import (
        Assigned,
        Cause,
        Change,
        Event,
        keep_identifiers,
        keep_identifiers_of,
    )
    from infotrust.core.matching.pipeline import Linkage, Options, Report, StepRun, link_tables
    from infotrust.core.matching.reading.sources import Source

__all__ = [
    "Assigned",
    "Cause",
    "Change",
    "Event",
    "Linkage",
    "Options",
    "Report",
    "Result",
    "Source",
    "StepRun",
    "keep_identifiers",
    "keep_identifiers_of",
    "link",
    "link_tables",
]
_ROOMS = {
    "library": ("Result", "link"),
    "persons.identify": ("Assigned", "Cause", "Change", "Event", "keep_identifiers", "keep_identifiers_of"),
    "pipeline": ("Linkage", "Options", "Report", "StepRun", "link_tables"),
    "reading.sources": ("Source",),
}
_WHERE = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
