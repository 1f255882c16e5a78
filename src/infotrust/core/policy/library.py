"""The clause library: clauses to choose from, each with its plain-words twin and the terms that a machine keeps of it.

What comes with the software is data (`clause_library.toml`); a trust adds versions and clauses of its own. A clause
whose terms a machine keeps is not reworded, only its values are chosen: so its words cannot say something else.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infotrust.core.policy.kinds import KINDS
from infotrust.core.policy.machine_terms import MACHINE_TERMS, valid
from infotrust.core.policy.terms import ChosenClause

NAMED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class LibraryClause:
    """`kinds`: the kinds of agreement it fits (none: all). `terms`: what the machine keeps of it, as usually chosen."""

    key: str
    heading: str
    text: str
    plain: str
    version: int = 1
    kinds: tuple[str, ...] = ()
    terms: tuple[tuple[str, Any], ...] = ()
    kept_by: str = ""
    cite: str = ""

    def fits(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds

    def choose(self, values: Mapping[str, Any] | None = None) -> ChosenClause:
        """Return the clause as it stands in an agreement, with `values` for its terms where given.

        Raises `ValueError` for a term it has not, or a value that term cannot have.
        """
        chosen = {code: _frozen(value) for code, value in (dict(self.terms) | dict(values or {})).items()}
        for code, value in chosen.items():
            if code not in dict(self.terms) or not valid(code, value):
                raise ValueError(code)
        return ChosenClause(
            key=self.key,
            version=self.version,
            heading=self.heading,
            text=self.text,
            plain=self.plain,
            terms=tuple(sorted(chosen.items())),
            kept_by=self.kept_by,
            cite=self.cite,
        )


def faults(clause: LibraryClause) -> list[str]:
    """Return the codes of what is wrong with a clause: "words", "keeper", "kinds", "terms" or "values"."""
    named, terms = set(NAMED.findall(clause.text)), dict(clause.terms)
    found = {
        "words": not all(part.strip() for part in (clause.heading, clause.text, clause.plain)),
        "keeper": not terms and not clause.kept_by.strip(),
        "kinds": bool(set(clause.kinds) - set(KINDS)),
        # Each value stands in the words, and the words name no value that is not kept.
        "terms": named != set(terms) or bool(set(terms) - set(MACHINE_TERMS)),
        "values": any(not valid(code, value) for code, value in terms.items()),
    }
    return [code for code, wrong in found.items() if wrong]


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _read() -> dict[str, LibraryClause]:
    rows: dict[str, dict[str, Any]] = tomllib.loads(
        (Path(__file__).parent / "clause_library.toml").read_text(encoding="utf-8")
    )
    made = {}
    for key, row in rows.items():
        terms = tuple(sorted((code, _frozen(value)) for code, value in row.pop("terms", {}).items()))
        made[key] = LibraryClause(key=key, kinds=tuple(row.pop("kinds", ())), terms=terms, **row)
    return made


LIBRARY: dict[str, LibraryClause] = _read()
