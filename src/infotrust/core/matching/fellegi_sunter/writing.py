"""Conditions on pairs, and blocking rules, written as SQL that Splink loads; `conditions` reads them back."""

from __future__ import annotations

import math

from infotrust.core.matching.fellegi_sunter.model import SIMILARITIES, Alternatives, BlockingRule, Measure, Test, Value

DIALECT = "duckdb"

_NAMES = {
    Measure.JARO: "jaro_similarity",
    Measure.JARO_WINKLER: "jaro_winkler_similarity",
    Measure.LEVENSHTEIN: "levenshtein",
    Measure.DAMERAU_LEVENSHTEIN: "damerau_levenshtein",
}


def write_condition(when: Alternatives) -> str:
    """The same condition as Splink writes it."""
    if len(when) == 1:
        return " AND ".join(map(_written, when[0]))
    return " OR ".join(_written(tests[0]) if len(tests) == 1 else f"({write_condition((tests,))})" for tests in when)


def write_rule(rule: BlockingRule) -> str:
    return " AND ".join(f"({_side(value, 'l.')} = {_side(value, 'r.')})" for value in rule.values)


def _written(test: Test) -> str:
    if test.measure == Measure.UNKNOWN:
        one = _side(test.left, "", "_l") if test.left else _side(test.right, "", "_r")
        said = f"{one} IS NULL"
    else:
        left, right = _side(test.left, "", "_l"), _side(test.right, "", "_r")
        if test.measure == Measure.EQUAL:
            said = f"{left} = {right}"
        elif test.measure == Measure.DIFFERENCE:
            said = f"ABS({left} - {right}) <= {test.at!r}"
        elif test.measure in SIMILARITIES:
            said = f"{_NAMES[test.measure]}({left}, {right}) >= {test.at!r}"
        else:
            said = f"{_NAMES[test.measure]}({left}, {right}) <= {math.floor(test.at)}"
    return f"NOT ({said})" if test.turned else said


def _side(value: Value | None, before: str, after: str = "") -> str:
    """A value as it is written for one side: "name_l" in a level, l."name" in a rule."""
    if value is None:
        return "NULL"
    if not value.sql:
        name = value.column.replace('"', '""')
        return f'{before}"{name}{after}"'
    import sqlglot  # here, because it takes half a second to load and is seldom needed
    from sqlglot import exp

    tree = sqlglot.parse_one(str(value), read=DIALECT)
    for column in list(tree.find_all(exp.Column)):
        column.set("this", exp.to_identifier(value.column + after, quoted=True))
        if before:
            column.set("table", exp.to_identifier(before.rstrip(".")))
    return tree.sql(DIALECT)
