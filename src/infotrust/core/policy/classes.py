"""Words such as "de-identified" and "limited" bound to a test: which class a table of columns truly is, and why.

The classes are tested in order, and the first that fits is the answer. Nothing is called "anonymous": these rules have
no such term. A code made from identifiers (a hash, a token, an encoding) counts as the identifiers themselves.

Sources: 45 CFR 164.514(b)(2) (Safe Harbor), 164.514(e)(2) (limited data set), 164.514(c) and
34 CFR 99.31(b)(2) (codes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from infotrust.core.elements import SemanticType, is_direct_identifier
from infotrust.core.policy.terms import IN_LIMITED_SET


class DataClass(StrEnum):
    """From the most to the least identified."""

    IDENTIFIED = "identified"
    ENCODED = "linkage_encoded"
    LIMITED = "limited"
    DEIDENTIFIED = "deidentified"
    AGGREGATE = "aggregate"


@dataclass(frozen=True)
class Term:
    """A word of the glossary, with what it means, the test that decides it, where it may go, and its source."""

    code: DataClass
    title: str
    meaning: str
    test: str
    may_leave: str
    cite: str


TERMS: dict[DataClass, Term] = {
    term.code: term
    for term in (
        Term(
            DataClass.IDENTIFIED,
            "Identified",
            "Whoever has it can tell whom a row is about.",
            "A column holds a name, an address, a number of a person, a telephone or another direct identifier.",
            "With a permission of the law or the person's consent, and an agreement.",
            "45 CFR 164.514(e)(2); 34 CFR 99.3",
        ),
        Term(
            DataClass.ENCODED,
            "Encoded for linkage",
            "Identifiers turned into codes so that records can be matched. The law treats it as identified.",
            "A column was made from direct identifiers: a hash, a token, an encoding.",
            "As identified data.",
            "45 CFR 164.514(c); 34 CFR 99.31(b)(2)",
        ),
        Term(
            DataClass.LIMITED,
            "Limited data set",
            "Rows without names and numbers, in which dates, city, state, ZIP code and small areas may remain.",
            "No direct identifier but dates, sex, city, state and ZIP code; one is finer than a year or a state.",
            "For research, public health or operations, under a data use agreement.",
            "45 CFR 164.514(e)",
        ),
        Term(
            DataClass.DEIDENTIFIED,
            "De-identified (Safe Harbor)",
            "Rows from which all eighteen kinds of identifiers were taken out.",
            "No direct identifier; dates are years, no place is smaller than a state or a ZIP code of three digits.",
            "Without consent; a contract is still wise.",
            "45 CFR 164.514(b)(2)",
        ),
        Term(
            DataClass.AGGREGATE,
            "Aggregate",
            "No row stands for a person: counts and other figures about groups.",
            "The output is a table of groups, and the disclosure check has passed it.",
            "Publication.",
            "CMS cell size suppression policy",
        ),
    )
}


@dataclass(frozen=True)
class ColumnSpec:
    """A column as it would leave. `made_from`: what it was derived from, if that was not itself.

    `precision`: for dates "day", "month" or "year"; for ZIP codes "5" or "3". A three-digit ZIP code counts as
    de-identified only where its area holds more than 20,000 people: whoever cuts it must see to that.
    """

    name: str
    semantic: SemanticType
    made_from: SemanticType | None = None
    precision: str = ""


@dataclass(frozen=True)
class Because:
    """Why a table is not in a less identified class: the column, and a stable code that the page words."""

    column: str
    rule: str


@dataclass(frozen=True)
class Classified:
    data_class: DataClass
    because: tuple[Because, ...]


DATES = frozenset({SemanticType.BIRTH_DATE, SemanticType.EVENT_DATE})
# Places smaller than a state; a school or a provider is a place too.
PLACES = frozenset({SemanticType.CITY, SemanticType.ZIP_CODE, SemanticType.TRACT, SemanticType.SITE_CODE})


def classify(columns: Sequence[ColumnSpec], *, rows_are_people: bool = True) -> Classified:
    """Return the class of a table with these columns, and each column that keeps it from the next one.

    Raises `ValueError` for a table without columns.
    """
    if not columns:
        raise ValueError("A table without columns is in no class.")
    if not rows_are_people:
        return Classified(DataClass.AGGREGATE, ())
    for data_class, rule in (
        (DataClass.IDENTIFIED, _identifies),
        (DataClass.ENCODED, _is_encoded),
        (DataClass.LIMITED, _is_fine),
    ):
        found = tuple(Because(column.name, told) for column in columns if (told := rule(column)))
        if found:
            return Classified(data_class, found)
    return Classified(DataClass.DEIDENTIFIED, ())


def _identifies(column: ColumnSpec) -> str:
    stays = column.semantic in IN_LIMITED_SET
    return "direct-identifier" if is_direct_identifier(column.semantic) and not stays else ""


def _is_encoded(column: ColumnSpec) -> str:
    source = column.made_from
    if source is None or source in IN_LIMITED_SET or not is_direct_identifier(source):
        return ""
    return "made-from-identifier"


def _is_fine(column: ColumnSpec) -> str:
    kind = column.semantic
    if kind in DATES and column.precision != "year":
        return "date-finer-than-year"
    if kind in PLACES and not (kind == SemanticType.ZIP_CODE and column.precision == "3"):
        return "place-smaller-than-state"
    return ""
