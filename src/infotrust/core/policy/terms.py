"""What parties agree on, as plain values: the rows from which both the agreement's text and its policies are made.

Nothing here decides anything. `clauses` turns terms into numbered clauses; `book` decides.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from infotrust.core.elements import SemanticType, is_direct_identifier
from infotrust.core.policy.kinds import KINDS, USUAL


class Use(StrEnum):
    """What may be done with a field. Codes are the actions of the policy schema."""

    CONTRIBUTE = "contribute"
    LINK = "link"
    AGGREGATE = "aggregate"
    EXTRACT = "extract"
    VIEW = "view"


USE_WORDS: dict[str, str] = {
    Use.CONTRIBUTE: "contribute",
    Use.LINK: "link records by it",
    Use.AGGREGATE: "count by it",
    Use.EXTRACT: "extract rows with it",
    Use.VIEW: "see it in a record",
}


class Level(StrEnum):
    """How identified the data may be when a person sees or takes it."""

    IDENTIFIED = "identified"
    LIMITED = "limited"
    DEIDENTIFIED = "deidentified"
    AGGREGATE = "aggregate"


LEVEL_WORDS: dict[str, str] = {
    Level.IDENTIFIED: "Rows about people may be seen or taken, with identifiers where a field is agreed for it.",
    Level.LIMITED: "Rows may be seen or taken only as a limited data set: no names, street addresses, numbers or "
    "contact details; dates, city, state and ZIP code may remain.",
    Level.DEIDENTIFIED: "Rows may be seen or taken only without any direct identifier.",
    Level.AGGREGATE: "Only counts and other results about groups are made: nobody sees or takes a row about a person.",
}


@dataclass(frozen=True)
class Purpose:
    """A purpose for which data may be asked. `never`: no agreement may contain it."""

    code: str
    title: str
    parent: str = ""
    never: bool = False


PURPOSES: dict[str, Purpose] = {
    purpose.code: purpose
    for purpose in (
        Purpose("service", "serving people"),
        Purpose("care_coordination", "coordinating care for a person", "service"),
        Purpose("improvement", "improving services"),
        Purpose("program_evaluation", "evaluating programs", "improvement"),
        Purpose("planning", "planning services", "improvement"),
        Purpose("linkage", "linking records"),
        Purpose("research", "research"),
        Purpose("enforcement", "enforcement against people", never=True),
    )
}

# 45 CFR 164.514(e)(2): what may remain in a limited data set although it helps to identify (dates, town, state, ZIP;
# sex is not among the sixteen that must go).
IN_LIMITED_SET = frozenset(
    {SemanticType.BIRTH_DATE, SemanticType.SEX, SemanticType.CITY, SemanticType.STATE, SemanticType.ZIP_CODE}
)


@dataclass(frozen=True)
class FieldTerm:
    """A field of a dataset and the uses agreed for it (none: it is in the dataset, but not agreed)."""

    name: str
    semantic: str
    uses: frozenset[str] = frozenset()
    law_classes: tuple[str, ...] = ()
    available: bool = True
    title: str = ""

    @property
    def direct_identifier(self) -> bool:
        return is_direct_identifier(self.semantic)

    @property
    def in_limited_set(self) -> bool:
        return not self.direct_identifier or self.semantic in IN_LIMITED_SET


@dataclass(frozen=True)
class DatasetTerm:
    """A dataset of an agreement, with all its fields (agreed or not, so that a refusal can name its clause)."""

    code: str
    title: str
    owner: str
    fields: tuple[FieldTerm, ...]

    @property
    def agreed(self) -> tuple[FieldTerm, ...]:
        return tuple(field for field in self.fields if field.uses)


@dataclass(frozen=True)
class ChosenClause:
    """A clause of the library or of the parties' own, as it stands in one agreement, with the words it had when chosen.

    `terms` are the values of its machine terms; without any, it is kept by people, and `kept_by` says by whom.
    """

    key: str
    version: int
    heading: str
    text: str
    plain: str = ""
    terms: tuple[tuple[str, Any], ...] = ()
    kept_by: str = ""
    cite: str = ""

    def agreed(self) -> dict[str, Any]:
        made = {"key": self.key, "heading": self.heading, "text": self.text, "plain": self.plain}
        return made | {"terms": dict(self.terms), "kept_by": self.kept_by}


@dataclass(frozen=True)
class AgreementTerms:
    """An agreement as its parties sign it. `parties` and `recipients` map an agency's code to its name.

    It runs from the first moment of `starts_on` to the last moment of `ends_on`, in `zone`. `strictest`: every field is
    kept by the laws of all of them.
    """

    code: str
    title: str
    why: str
    parties: tuple[tuple[str, str], ...]
    recipients: tuple[tuple[str, str], ...]
    purposes: tuple[str, ...]
    level: str
    starts_on: date
    ends_on: date
    retention_days: int
    publication_threshold: int
    datasets: tuple[DatasetTerm, ...]
    zone: str = "America/New_York"
    strictest: bool = False
    kind: str = USUAL
    binding: bool = True
    under: str = ""
    chosen: tuple[ChosenClause, ...] = ()

    @property
    def shares(self) -> bool:
        """Whether data moves by it; if not, nothing of it is compiled."""
        return KINDS[self.kind].shares

    @property
    def starts(self) -> int:
        """The first second of the agreement (Unix time)."""
        return _midnight(self.starts_on, self.zone)

    @property
    def ends(self) -> int:
        """The first second after the agreement (Unix time)."""
        return _midnight(self.ends_on + timedelta(days=1), self.zone)

    def agreed(self) -> dict[str, Any]:
        """Return what is agreed and nothing else (no attribute the inventory may change later), in a fixed order."""
        # Only where they say something: what was signed before there were kinds and chosen clauses keeps its digest.
        more: dict[str, Any] = {
            "kind": self.kind if self.kind != USUAL else "",
            "binding": "" if self.binding else "no",
            "under": self.under,
            "clauses": [clause.agreed() for clause in self.chosen],
        }
        return {name: value for name, value in more.items() if value} | {
            "code": self.code,
            "title": self.title,
            "why": self.why,
            "parties": sorted(self.parties),
            "recipients": sorted(self.recipients),
            "purposes": sorted(self.purposes),
            "level": str(self.level),
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "retention_days": self.retention_days,
            "publication_threshold": self.publication_threshold,
            "datasets": {
                dataset.code: {field.name: sorted(map(str, field.uses)) for field in dataset.agreed}
                for dataset in self.datasets
            },
            # Named only where it was chosen: what was signed before there was a choice keeps its digest.
            **({"strictest": True} if self.strictest else {}),
        }


def digest(value: object) -> str:
    """Return the SHA-256 (hex) of `value` as canonical JSON: sorted keys, no spaces."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _midnight(day: date, zone: str) -> int:
    return int(datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).timestamp())
