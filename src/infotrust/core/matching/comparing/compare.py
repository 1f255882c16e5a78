"""How a pair agrees, field by field, as small whole numbers: the agreement pattern.

Level 0 is always "not known on one side" and counts neither for nor against. Agreement on a value is split by how rare
the value is, so that what a shared rare name is worth is learned from the data and not assumed (term frequency).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from infotrust.core.matching.comparing.agree import CODE, DATE, NUMBER, SOURCE, TEXT, Columns, fill_lines, levels_of
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.compiled import (
    ByteArray,
    FloatArray,
    HashArray,
    IntArray,
    LongArray,
    Whole,
    in_parallel,
)
from infotrust.core.matching.reading import standardize
from infotrust.core.matching.reading.nicknames import possible_names
from infotrust.core.matching.reading.sources import Coded, Records
from infotrust.core.matching.reading.texts import Texts

# Agreed values fall into four classes of rarity, by nats of log(records / records with the value).
RARITY = np.array([3.0, 6.0, 8.0])
_BY_RARITY = tuple(f"same, {how}" for how in ("very common", "common", "rare", "very rare"))
_MANY_VALUES = 300  # a code with fewer distinct values is a category: one letter off is another category

MOST_PAIRS_OF_FILES = 250  # levels are bytes: past 21 files only whether it is the same file
COMPARED: tuple[str, ...] = (
    "given", "family", "middle", "birth_date", "ssn", "street", "guardian", "email", "house", "unit", "zip", "phone",
    "sex", "suffix",
)  # fmt: skip
CODES = frozenset({"house", "unit", "zip", "phone", "sex", "suffix"})
_OF_HOUSEHOLD = frozenset({"family", "street", "house", "unit", "zip", "city", "phone", "email", "guardian"})

TEXT_LEVELS = (
    "not known", "different", "slightly alike", "alike", "nearly the same", *_BY_RARITY, "one word the same", "swapped",
    "short form",
)  # fmt: skip
CODE_LEVELS = ("not known", "different", "one edit apart", *_BY_RARITY)
DATE_LEVELS = (
    "not known", "different", "one part the same", "years within two", "same year", "one edit apart",
    "two parts the same", "two parts the same, one edit apart", "same", "day and month swapped",
    "a generation apart",
)  # fmt: skip
NUMBER_LEVELS = (
    "not known",
    "different",
    "two edits apart",
    "one edit apart",
    "last four the same",
    "same, shared",
    "same",
)


@dataclass(frozen=True)
class Comparison:
    """One field compared. `likely`: how a person's own two records agree, before any data (one share per level).

    `personal`: differs between the members of a household (given name, birth date, number). `most_different`: the
    largest share of a person's own pairs that may disagree on it; without such a bound the children of one home, alike
    in ten other fields, can become one person. `coincidence`: the chance that two records at random have one value.
    """

    field: str
    levels: tuple[str, ...]
    likely: FloatArray
    agree: tuple[int, ...]
    personal: bool
    most_different: float = 1.0
    slips: bool = False  # of codes: one letter off is a slip, and not another code
    coincidence: float = 0.0

    @property
    def same(self) -> tuple[int, ...]:
        """The levels at which the values are the same, not only alike."""
        return tuple(at for at, name in enumerate(self.levels) if name.startswith("same") and name != "same year")

    @property
    def open(self) -> tuple[int, ...]:
        """The levels that two different values can have."""
        if self.levels == NUMBER_LEVELS:
            return (1, 2, 3, 4)
        return () if self.field == "source" else tuple(at for at in range(1, len(self.levels)) if at not in self.same)

    @property
    def of_household(self) -> bool:
        """Whether the members of a household share it."""
        return self.field in _OF_HOUSEHOLD


@dataclass(frozen=True)
class Plan:
    """What is compared, in a fixed order (the pair of sources last), and the values, packed for the compiled loops."""

    comparisons: tuple[Comparison, ...]
    columns: Columns

    def __len__(self) -> int:
        return len(self.comparisons)


@dataclass(frozen=True)
class Frequencies:
    """How often the values of a field occur: `values` of them in `counts` records each. int64 [different counts]."""

    counts: LongArray
    values: LongArray

    @staticmethod
    def of(coded: Coded) -> Frequencies:
        counts, values = np.unique(coded.counts, return_counts=True)
        return Frequencies(counts, values.astype(np.int64))

    @property
    def filled(self) -> int:
        return int((self.counts * self.values).sum())

    def coincidence(self, records: int) -> float:
        """The chance that two of so many records have the same value."""
        pairs = max(records * (records - 1), 1)
        return float((self.values * self.counts * (self.counts - 1)).sum() / pairs)

    @property
    def distinct(self) -> int:
        return int(self.values.sum())


def plan_comparisons(records: Records) -> Plan:
    """What can be compared in these records."""
    frequencies = {field: Frequencies.of(coded) for field, coded in records.fields.items()}
    comparisons = choose_comparisons(frequencies, records.compared, records.source_names)
    return Plan(comparisons, pack(records, comparisons))


def choose_comparisons(
    frequencies: Mapping[str, Frequencies], records: int, source_names: Sequence[str]
) -> tuple[Comparison, ...]:
    """What can be compared in so many records with these values, in a fixed order."""
    names = [field for field in COMPARED if field in frequencies]
    # City and ZIP code say the same thing twice: the city counts only where few ZIP codes are known.
    if "city" in frequencies and ("zip" not in frequencies or frequencies["zip"].filled < records / 2):
        names.append("city")
    comparisons = [
        replace(_comparison(field, frequencies[field]), coincidence=frequencies[field].coincidence(records))
        for field in names
    ]
    return (*comparisons, _sources(len(source_names))) if len(source_names) > 1 else tuple(comparisons)


def agreement(plan: Plan, pairs: Pairs) -> ByteArray:
    """The patterns of all pairs: uint8 [pairs, comparisons]."""
    parts = in_parallel(
        lambda start, end: levels_of(plan.columns, pairs.first[start:end], pairs.second[start:end]), len(pairs)
    )
    return np.concatenate(parts)


def rarity(counts: LongArray, filled: int) -> ByteArray:
    """The class of rarity, 0 (very common) to 3, of values that so many of the filled records carry: uint8 [values]."""
    return np.digitize(np.log(max(filled, 1) / np.maximum(counts, 1)), RARITY).astype(np.uint8)


def _agreed_by_rarity(frequencies: Frequencies, mass: float) -> list[float]:
    """Split the share of agreement over the classes of rarity as the records' values fall into them."""
    classes = rarity(frequencies.counts, frequencies.filled)
    weights = np.bincount(classes, weights=frequencies.counts * frequencies.values, minlength=4) + 0.5
    return [float(share) for share in mass * weights / weights.sum()]


def _comparison(field: str, frequencies: Frequencies) -> Comparison:
    if field == "birth_date":
        likely = np.array([0, 0.01, 0.01, 0.005, 0.01, 0.01, 0.015, 0.03, 0.899, 0.01, 0.001])
        return Comparison(field, DATE_LEVELS, likely, (5, 6, 7, 8, 9), True, 0.05)
    if field == "ssn":
        likely = np.array([0, 0.05, 0.01, 0.04, 0.05, 0.1, 0.75])
        return Comparison(field, NUMBER_LEVELS, likely, (3, 4, 5, 6), True, 0.2)
    if field in CODES:
        slips = _slips(field, frequencies.distinct)
        slip = 0.05 if slips else 0.0
        likely = np.array([0, 0.15, slip, *_agreed_by_rarity(frequencies, 0.85 - slip)])
        if field == "sex":
            likely = np.array([0, 0.02, 0, *_agreed_by_rarity(frequencies, 0.98)])
        return Comparison(field, CODE_LEVELS, likely, (2, 3, 4, 5, 6), False, slips=slips)
    likely = np.array([0, 0.05, 0.02, 0.03, 0.06, *_agreed_by_rarity(frequencies, 0.78), 0.04, 0.01, 0.01])
    personal = field == "given"
    return Comparison(field, TEXT_LEVELS, likely, tuple(range(3, 12)), personal, 0.05 if personal else 1.0)


def _slips(field: str, distinct: int) -> bool:
    """Whether one letter off is a slip, and not another code."""
    return distinct > _MANY_VALUES or field in ("phone", "zip")


def _source_table(count: int) -> LongArray:
    """Which two of so many files a pair comes from, as a level: how they err differs (the latent classes learn it)."""
    code = {pair: at for at, pair in enumerate(((x, y) for x in range(count) for y in range(x, count)), 1)}
    if len(code) > MOST_PAIRS_OF_FILES:  # only whether it is the same file
        return np.where(np.eye(count, dtype=bool), 1, 2)
    return np.array([[code[min(x, y), max(x, y)] for y in range(count)] for x in range(count)], np.int64)


def _sources(count: int) -> Comparison:
    pairs = [f"files {x} and {y}" for x in range(count) for y in range(x, count)]
    levels = ("not known", *(pairs if len(pairs) <= MOST_PAIRS_OF_FILES else ("same file", "two files")))
    size = len(levels) - 1
    return Comparison("source", levels, np.append(0, np.full(size, 1 / size)), (), False)


def pack(records: Records, comparisons: Sequence[Comparison]) -> Columns:
    """Lay the values of all compared fields end to end. The records may be a part of those that were planned for."""
    named = [comparison.field for comparison in comparisons if comparison.field != "source"]
    coded = [records.fields[field] for field in named]
    base = np.append(0, np.cumsum([len(one.values) for one in coded])).astype(np.int64)
    words = np.zeros((base[-1], 8), np.uint64)
    for at, field, one in zip(base, named, coded, strict=False):
        fill_field(words, at, field, one.texts, rarity(one.counts, one.filled))
    rank = np.argsort(np.argsort(np.array(records.source_names)))
    return Columns(
        kind=np.array([kind_of(comparison.field) for comparison in comparisons], np.uint8),
        codes=np.stack([one.codes for one in coded], axis=1),
        base=base,
        lines=words.view(np.uint8),
        words=words,
        full_names=_full_names(records.fields["given"]) if "given" in named else np.full((1, 1), -1, np.int32),
        slips=np.array([comparison.slips for comparison in comparisons]),
        given=named.index("given") if "given" in named else -1,
        family=named.index("family") if "family" in named else -1,
        source=rank[records.source].astype(np.int32),
        files=_source_table(len(records.source_names)),
    )


def fill_field(words: HashArray, at: Whole, field: str, texts: Texts, band: ByteArray) -> None:
    """Write the lines of a field's values, and their classes of rarity, into words [values, 8] from `at` on."""
    first, last = texts.end_words()
    one_word = field in ("street", "email")  # the end of a street's name is its kind
    fill_lines(words.view(np.uint8), words, at, *texts.matrix(), band, first, first if one_word else last)


def kind_of(field: str) -> int:
    """How the values of a field are compared, as the compiled loops name it."""
    if field in ("birth_date", "ssn", "source"):
        return {"birth_date": DATE, "ssn": NUMBER, "source": SOURCE}[field]
    return CODE if field in CODES else TEXT


def _full_names(coded: Coded) -> IntArray:
    """int32 [values, most]: numbers of the full names that each first word may stand for, -1 past the last."""
    names = [sorted(possible_names((standardize.words(value) or [""])[0])) for value in coded.values.to_pylist()]
    number = {name: at for at, name in enumerate(sorted({name for some in names for name in some}))}
    fulls = np.full((len(names), max(map(len, names), default=1)), -1, np.int32)
    for row, some in enumerate(names):
        fulls[row, : len(some)] = [number[name] for name in some]
    return fulls
