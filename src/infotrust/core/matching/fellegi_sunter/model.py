"""The two-class model of Fellegi and Sunter (1969) in its documented form, as Splink users know it.

Each field is compared on a few levels, from the closest to "all else"; each level has the share of one person's pairs
(m) and of strangers' pairs (u) that fall on it; their ratio, as log2, is its weight. Values in, values out: how a model
is learned, read from Splink or worked off is told elsewhere in this room.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

from infotrust.core.errors import UserFacingError


class Measure(StrEnum):
    """What is asked about the two values. Similarities hold from `at` up, distances and differences up to `at`."""

    UNKNOWN = "not known"
    EQUAL = "the same"
    JARO = "jaro"
    JARO_WINKLER = "jaro_winkler"
    LEVENSHTEIN = "levenshtein"
    DAMERAU_LEVENSHTEIN = "damerau_levenshtein"
    DIFFERENCE = "difference"


SIMILARITIES = frozenset({Measure.JARO, Measure.JARO_WINKLER})
DISTANCES = frozenset({Measure.LEVENSHTEIN, Measure.DAMERAU_LEVENSHTEIN})


@dataclass(frozen=True, order=True)
class Value:
    """What is looked at of a record: a column, or what DuckDB's `sql` makes of that one column ("": as it is)."""

    column: str
    sql: str = ""

    def __str__(self) -> str:
        return self.sql or f'"{self.column}"'


@dataclass(frozen=True)
class Test:
    """One question about a pair. UNKNOWN looks at one side only: the other is None.

    A question about a value that is not known is answered neither yes nor no, turned or not.
    """

    __test__ = False  # it is no test of pytest's

    measure: Measure
    left: Value | None
    right: Value | None
    at: float = 0.0
    turned: bool = False


Alternatives = tuple[tuple[Test, ...], ...]  # what one level or rule asks: all tests of one of these


@dataclass(frozen=True)
class Frequency:
    """Term frequency: the weight of a level moves by weight * log2(u of agreement / share of records with the value).

    Of two values the more frequent counts; no share counts as less than `least`. agreement: u of the exact level.
    """

    value: Value
    agreement: float
    weight: float = 1.0
    least: float = 0.0


@dataclass(frozen=True)
class Level:
    """A pair is on the first level of which all tests of one alternative hold; the last level takes what is left.

    m, u: shares among one person's pairs and strangers'; both None where one side is not known: no evidence. home:
    share among pairs of two members of one home, where the model weighs against them, too.
    """

    name: str
    when: tuple[tuple[Test, ...], ...]
    m: float | None
    u: float | None
    frequency: Frequency | None = None
    home: float | None = None

    @property
    def weight(self) -> float:
        """log2(m / u); 0 where nothing is known."""
        return math.log2(self.m / self.u) if self.m and self.u else 0.0

    @property
    def home_weight(self) -> float:
        """log2(m / home); the weight against strangers where nothing is said of homes."""
        return math.log2(self.m / self.home) if self.m and self.home else self.weight


@dataclass(frozen=True)
class Comparison:
    """What is compared under one name. levels: in the order in which they are asked."""

    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class BlockingRule:
    """Pairs that agree on all of these values, each known, are compared. name: how people call it, if they do."""

    values: tuple[Value, ...]
    name: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.name or " and ".join(map(str, self.values))


@dataclass(frozen=True)
class FellegiSunter:
    """share: of all pairs of records, how many are one person's; link_type: as Splink says it (see LINK_TYPES).

    home_share: how many are two members' of one home; None: only strangers are weighed against, as in Splink. With it a
    pair is weighed twice, against strangers and against members of one home, and both must be less likely: its odds are
    those of one person's pair against either (log2 of 1 / (1/odds + 1/odds)).
    """

    comparisons: tuple[Comparison, ...]
    rules: tuple[BlockingRule, ...]
    share: float
    link_type: str = "dedupe_only"
    home_share: float | None = None

    @property
    def home_prior(self) -> float:
        """log2 of the odds against two members of one home; without bound where they are not weighed against."""
        return math.log2(self.share / self.home_share) if self.home_share else math.inf

    @property
    def prior(self) -> float:
        """log2 of the odds that two records are one person's before anything is compared."""
        return math.log2(self.share / (1 - self.share))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a table needs."""
        return tuple(sorted({value.column for value in self.values}))

    @property
    def compared(self) -> tuple[Value, ...]:
        """Everything that the levels look at, in a fixed order."""
        asked: set[Value] = set()
        for level in (level for comparison in self.comparisons for level in comparison.levels):
            asked |= {side for tests in level.when for test in tests for side in (test.left, test.right) if side}
            asked |= {level.frequency.value} if level.frequency else set()
        return tuple(sorted(asked))

    @property
    def values(self) -> tuple[Value, ...]:
        """The same, and what the rules look at."""
        return tuple(sorted({*self.compared, *(value for rule in self.rules for value in rule.values)}))


LINK_TYPES = ("dedupe_only", "link_only", "link_and_dedupe")  # link_only: no two records of one file


def weight_of(probability: float) -> float:
    """The weight (log2 odds) at which a pair is one person's with this probability. Raises UserFacingError."""
    if not 0 < probability < 1:
        raise UserFacingError(f"{probability} is not a probability between 0 and 1.", next_step="Splink's is .95.")
    return math.log2(probability / (1 - probability))
