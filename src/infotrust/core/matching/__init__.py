"""Which records belong to one person: standardize, find candidates, compare, estimate, score, cluster, identify."""

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
    "Source",
    "StepRun",
    "keep_identifiers",
    "keep_identifiers_of",
    "link_tables",
]
