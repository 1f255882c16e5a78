"""Which levels the standard fields are compared on, where nobody says: the model of `--effort fast` before it learns.

What a household shares (address, telephone) is one comparison, not four, and a pair is weighed against members of one
home as well as against strangers: twins would otherwise be one person by the weight of all that they share. All levels
can be written for Splink (`splink.write_settings`), which weighs against strangers only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.matching.fellegi_sunter.model import (
    Comparison,
    FellegiSunter,
    Frequency,
    Level,
    Measure,
    Test,
    Value,
)
from infotrust.core.matching.reading.nicknames import possible_names
from infotrust.core.matching.reading.sources import Coded
from infotrust.core.matching.reading.standardize import words

# Shares of one person's pairs on each level before any data, and the largest share that may disagree on a field that
# tells the members of a home apart (as in comparing.compare, where the reasons stand).
# Of given names less than there: short forms and initials are levels of their own here.
MOST_DIFFERENT = {"given": 0.03, "birth_date": 0.05, "ssn": 0.2}
ALIKE, NEARLY = 0.85, 0.92  # bands of Jaro-Winkler, as for the default effort
When = tuple[tuple[Test, ...], ...]


def same(left: Value, right: Value | None = None) -> When:
    return ((Test(Measure.EQUAL, left, right or left),),)


def unknown(value: Value) -> When:
    return (Test(Measure.UNKNOWN, value, None),), (Test(Measure.UNKNOWN, None, value),)


def alike(value: Value, at: float) -> When:
    return ((Test(Measure.JARO_WINKLER, value, value, at),),)


def edits(value: Value, most: int) -> When:
    return ((Test(Measure.DAMERAU_LEVENSHTEIN, value, value, most),),)


def both(*whens: When) -> When:
    """All of several conditions, as alternatives."""
    found: When = ((),)
    for when in whens:
        found = tuple(tests + more for tests in found for more in when)
    return found


def part(column: str, sql: str) -> Value:
    """What DuckDB makes of a column; `{}` stands for it."""
    return Value(column, sql.format(f'"{column}"'))


def comparisons_for(fields: Mapping[str, Coded]) -> tuple[Comparison, ...]:
    """The comparisons of these fields, with the shares that stand before any data, in a fixed order."""
    found = []
    for field, build in _BUILDERS.items():
        if field in fields:
            levels = build(fields)
            found.append(_named(field, levels, fields.get(field)))
    home = _home(fields)
    if home:
        found.append(home)
    return tuple(found)


# How the members of a home agree, in place of strangers. As in learning.estimate: father and son of one name, sisters
# Ana and Anna; of all pairs of a home few are twins (3 in 100 births, but most pairs are of two generations or births);
# a child's number may be its mother's.
AT_HOME: dict[str, dict[str, float]] = {
    "given": {"same": 0.02, "nearly the same": 0.01, "short form": 0.002, "initial": 0.003, "alike": 0.02},
    "birth_date": {"same": 0.02},
    "ssn": {"same": 0.005},
}
OF_HOME = frozenset({"family", "home", "guardian"})  # what the members of a home share as one person's records do
HOMES = 3.0  # for each record of the same person, so many of other members of the home


def with_homes(model: FellegiSunter) -> FellegiSunter:
    """The model, weighing against members of one home, too: twins and siblings agree in all but what is their own."""
    comparisons = []
    for comparison in model.comparisons:
        known = AT_HOME.get(comparison.name, {})
        rest = 1 - sum(known.values())
        levels = [
            level if level.u is None
            else replace(level, home=level.m) if comparison.name in OF_HOME
            else replace(level, home=known.get(level.name, level.u * rest if known else level.u))
            for level in comparison.levels
        ]  # fmt: skip
        comparisons.append(replace(comparison, levels=tuple(levels)))
    return replace(model, comparisons=tuple(comparisons), home_share=HOMES * model.share)


FULL = ("given_full", "given_full_too")  # columns beside the standard fields


def with_full_names(fields: Mapping[str, Coded]) -> dict[str, Coded]:
    """The fields, and what the first given name may be short for: the first two full names that the table knows."""
    given = fields.get("given")
    if given is None:
        return dict(fields)
    names = [sorted(possible_names((words(value) or [""])[0])) for value in given.values.to_pylist()]
    found = dict(fields)
    for place, column in enumerate(FULL):
        said = pa.array([some[place] if len(some) > place else None for some in names], pa.string())
        coded = said.dictionary_encode()
        codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
        found[column] = Coded(np.append(codes, np.int32(-1))[given.codes], coded.dictionary)
    return found


Proto = tuple[str, When, float]  # name, condition, share of one person's pairs


def _named(field: str, levels: list[Proto], coded: Coded | None) -> Comparison:
    value = Value(field)
    made = [Level("not known", unknown(value), None, None)]
    for name, when, likely in levels:
        frequency = Frequency(value, chance_of(coded)) if coded and name == "same" and field in _BY_FREQUENCY else None
        made.append(Level(name, when, likely, likely, frequency))
    return Comparison(field, tuple(made))


def chance_of(coded: Coded) -> float:
    """The chance that two records at random have the same value, in closed form: the sum of squared shares."""
    counts, filled = coded.counts.astype(np.float64), max(coded.filled, 2)
    return max(float((counts * (counts - 1)).sum() / (filled * (filled - 1))), 1 / (filled * filled))


_BY_FREQUENCY = frozenset({"given", "family", "middle", "ssn", "street", "email", "guardian"})


def _given(fields: Mapping[str, Coded]) -> list[Proto]:
    given, family = Value("given"), Value("family")
    levels: list[Proto] = [("same", same(given), 0.85)]
    if "family" in fields:
        levels.append(("swapped", both(same(given, family), same(family, given)), 0.01))
    initial = part("given", "SUBSTRING({}, 1, 1)")
    full, too = Value(FULL[0]), Value(FULL[1])
    short_form = same(full) + same(full, too) + same(too, full) + same(too)
    return [
        *levels, ("nearly the same", alike(given, NEARLY), 0.06), ("short form", short_form, 0.02),
        ("initial", same(initial, given) + same(given, initial), 0.01), ("alike", alike(given, ALIKE), 0.02),
        ("different", (), 0.03),
    ]  # fmt: skip


def _family(_: Mapping[str, Coded]) -> list[Proto]:
    family = Value("family")
    first, last = part("family", "SPLIT_PART({}, ' ', 1)"), part("family", "SPLIT_PART({}, ' ', -1)")
    one_word = same(first) + same(last) + same(first, last) + same(last, first)
    return [
        ("same", same(family), 0.82), ("nearly the same", alike(family, NEARLY), 0.05),
        ("one word the same", one_word, 0.03), ("alike", alike(family, ALIKE), 0.02), ("different", (), 0.08),
    ]  # fmt: skip


def _middle(_: Mapping[str, Coded]) -> list[Proto]:
    initial = part("middle", "SUBSTRING({}, 1, 1)")
    return [("same", same(Value("middle")), 0.7), ("same initial", same(initial), 0.25), ("different", (), 0.05)]


def _birth_date(_: Mapping[str, Coded]) -> list[Proto]:
    born = Value("birth_date")
    turned = part("birth_date", "SUBSTRING({0}, 1, 4) || SUBSTRING({0}, 7, 2) || SUBSTRING({0}, 5, 2)")
    year, month, day = (part("birth_date", f"SUBSTRING({{}}, {at})") for at in ("1, 4", "5, 2", "7, 2"))
    two_parts = both(same(year), same(month)) + both(same(year), same(day)) + both(same(month), same(day))
    return [
        ("same", same(born), 0.91), ("day and month swapped", same(turned, born), 0.01),
        ("one edit apart", edits(born, 1), 0.03), ("two parts the same", two_parts, 0.03),
        ("same year", same(year), 0.01), ("different", (), 0.01),
    ]  # fmt: skip


def _ssn(_: Mapping[str, Coded]) -> list[Proto]:
    return [
        ("same", same(Value("ssn")), 0.75), ("one edit apart", edits(Value("ssn"), 1), 0.05),
        ("last four the same", same(part("ssn", "RIGHT({}, 4)")), 0.1), ("different", (), 0.1),
    ]  # fmt: skip


Build = Callable[[Mapping[str, Coded]], list[Proto]]


def _text(field: str, likely: float) -> Build:
    return lambda _: [
        ("same", same(Value(field)), likely), ("alike", alike(Value(field), 0.9), 0.1),
        ("different", (), 0.9 - likely),
    ]  # fmt: skip


def _code(field: str, likely: float) -> Build:
    return lambda _: [("same", same(Value(field)), likely), ("different", (), 1 - likely)]


_BUILDERS: dict[str, Build] = {
    "given": _given,
    "family": _family,
    "middle": _middle,
    "birth_date": _birth_date,
    "ssn": _ssn,
    "email": _code("email", 0.6),
    "guardian": _text("guardian", 0.6),
    "sex": _code("sex", 0.98),
    "suffix": _code("suffix", 0.9),
}


def _home(fields: Mapping[str, Coded]) -> Comparison | None:
    """Address and telephone as one comparison: the same home, the same telephone, the same street or ZIP code."""
    known = [Value(field) for field in ("street", "phone", "zip") if field in fields]
    if not known:
        return None
    levels = [Level("not known", both(*(unknown(value) for value in known)), None, None)]
    if "street" in fields and "house" in fields:
        levels.append(_level("same home", both(same(Value("house")), same(Value("street"))), 0.55))
    if "phone" in fields:
        levels.append(_level("same telephone", same(Value("phone")), 0.15))
    if "street" in fields:
        levels.append(_level("same street", same(Value("street")), 0.03))
    if "zip" in fields:
        levels.append(_level("same ZIP code", same(Value("zip")), 0.07))
    levels.append(_level("different", (), 0.2))
    return Comparison("home", tuple(levels))


def _level(name: str, when: When, likely: float) -> Level:
    return Level(name, when, likely, likely)
