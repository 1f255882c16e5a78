"""SQL conditions of Splink's levels and blocking rules, read into tests; `writing` writes them again.

What is read: equality, Jaro, Jaro-Winkler, Levenshtein, Damerau-Levenshtein, absolute differences and IS NULL, joined
with AND, OR and NOT; a side of them is a column, or whatever harmless functions make of one column. Anything else is
refused with the words that were not understood: a model that is half read would give other links than its maker saw.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.fellegi_sunter.model import SIMILARITIES, Alternatives, BlockingRule, Measure, Test, Value
from infotrust.core.matching.fellegi_sunter.writing import DIALECT

_MEASURES = {
    "jaro_similarity": Measure.JARO,
    "jaro_winkler_similarity": Measure.JARO_WINKLER,
    "jarowinkler_similarity": Measure.JARO_WINKLER,
    "levenshtein": Measure.LEVENSHTEIN,
    "editdist3": Measure.LEVENSHTEIN,
    "damerau_levenshtein": Measure.DAMERAU_LEVENSHTEIN,
}
# Functions of one column that a side may use: they look at nothing but the value. Other functions are refused.
_HARMLESS = (
    exp.Substring, exp.Left, exp.Right, exp.Lower, exp.Upper, exp.Trim, exp.Nullif, exp.RegexpExtract,
    exp.RegexpReplace, exp.Replace, exp.Cast, exp.TryCast, exp.TimeToUnix, exp.StrToTime, exp.Length, exp.Literal,
    exp.Paren, exp.DataType, exp.DataTypeParam, exp.Column, exp.Identifier, exp.Bracket, exp.Slice, exp.Neg, exp.Null,
    exp.Year, exp.Month, exp.Day, exp.Initcap, exp.SplitPart, exp.DPipe,
)  # fmt: skip
_HARMLESS_BY_NAME = frozenset({"try_strptime", "strptime", "strip_accents", "epoch", "soundex"})
_MOST_ALTERNATIVES = 64


def read_condition(sql: str, where: str) -> Alternatives:
    """A condition on a pair's "name_l" and "name_r" as alternatives of tests. Raises UserFacingError naming `where`."""
    return _alternatives(_parsed(sql, where), where, False)


def read_rule(sql: str, where: str) -> BlockingRule:
    """A blocking rule: `l."name" = r."name" AND ...`. Raises UserFacingError naming `where`."""
    alternatives = _alternatives(_parsed(sql, where), where, False)
    values = []
    for test in alternatives[0]:
        if len(alternatives) > 1 or test.measure != Measure.EQUAL or test.turned or test.left != test.right:
            raise _refused(where, sql, "blocks are records that agree on values, joined with AND")
        if test.left:
            values.append(test.left)
    return BlockingRule(tuple(dict.fromkeys(values)))


def _parsed(sql: str, where: str) -> exp.Expr:
    try:
        return sqlglot.parse_one(sql, read=DIALECT)
    except SqlglotError:
        raise _refused(where, sql, "it is no SQL condition") from None


def _refused(where: str, sql: str, why: str) -> UserFacingError:
    return UserFacingError(
        f"{where} cannot be worked off here: {why}. It says: {' '.join(sql.split())[:200]}",
        next_step="Replace it in Splink by levels of equality, jaro, jaro_winkler, levenshtein, damerau_levenshtein "
        "or a difference of numbers or dates, train again, and save the model again.",
    )


def _alternatives(tree: exp.Expr, where: str, turned: bool) -> Alternatives:
    """The condition as alternatives of tests that must all hold; `turned`: as NOT of it (De Morgan)."""
    if isinstance(tree, exp.Paren):
        return _alternatives(tree.this, where, turned)
    if isinstance(tree, exp.Not):
        return _alternatives(tree.this, where, not turned)
    if isinstance(tree, exp.And | exp.Or):
        one, other = (_alternatives(side, where, turned) for side in (tree.left, tree.right))
        if isinstance(tree, exp.Or) != turned:
            found = one + other
        else:
            found = tuple(tests + more for tests, more in product(one, other))
        if len(found) > _MOST_ALTERNATIVES:
            raise _refused(where, tree.sql(DIALECT), f"it has more than {_MOST_ALTERNATIVES} alternatives")
        return found
    return ((replace(_test(tree, where), turned=turned),),)


def _test(tree: exp.Expr, where: str) -> Test:
    if isinstance(tree, exp.Is) and isinstance(tree.expression, exp.Null):
        side, value = _looked_at(tree.this, where)
        return Test(Measure.UNKNOWN, value if side == "l" else None, value if side == "r" else None)
    if isinstance(tree, exp.EQ):
        return _of_two(Measure.EQUAL, tree.left, tree.right, 0.0, where)
    for kind, bound, up in _BOUNDS:
        if isinstance(tree, kind) and isinstance(tree.right, exp.Literal) and not tree.right.is_string:
            return _bounded(tree.left, bound(float(tree.right.this)), up, where)
    raise _refused(where, tree.sql(DIALECT), "this comparison is not known")


# A measure against a number: what is compared is inclusive, so a strict bound becomes the next number beyond it.
_BOUNDS: tuple[tuple[type[exp.Binary], Callable[[float], float], bool], ...] = (
    (exp.GTE, float, True),
    (exp.GT, lambda at: math.nextafter(at, math.inf), True),
    (exp.LTE, float, False),
    (exp.LT, lambda at: math.nextafter(at, -math.inf), False),
)


def _bounded(tree: exp.Expr, at: float, up: bool, where: str) -> Test:
    while isinstance(tree, exp.Paren):
        tree = tree.this
    if isinstance(tree, exp.Abs) and isinstance(tree.this, exp.Sub) and not up:
        return _of_two(Measure.DIFFERENCE, tree.this.left, tree.this.right, at, where)
    name = tree.name.lower() if isinstance(tree, exp.Anonymous) else tree.key if isinstance(tree, exp.Func) else ""
    measure = _MEASURES.get(_SPELLED.get(name, name))
    sides = _arguments(tree)
    if measure is None or len(sides) != 2 or up != (measure in SIMILARITIES):
        raise _refused(where, tree.sql(DIALECT), "this comparison is not known")
    return _of_two(measure, sides[0], sides[1], at, where)


_SPELLED = {"jarowinklersimilarity": "jaro_winkler_similarity"}  # sqlglot's own name for what it knows


def _arguments(tree: exp.Expr) -> list[exp.Expr]:
    if isinstance(tree, exp.Anonymous):
        return list(tree.expressions)
    return [side for side in (tree.this, tree.args.get("expression")) if isinstance(side, exp.Expr)]


def _of_two(measure: Measure, one: exp.Expr, other: exp.Expr, at: float, where: str) -> Test:
    (side, value), (other_side, other_value) = _looked_at(one, where), _looked_at(other, where)
    if side == other_side:
        raise _refused(where, f"{one.sql(DIALECT)}, {other.sql(DIALECT)}", "it compares a record with itself")
    left, right = (value, other_value) if side == "l" else (other_value, value)
    return Test(measure, left, right, at)


def _looked_at(tree: exp.Expr, where: str) -> tuple[str, Value]:
    """Which side ("l" or "r") an expression looks at, and what of it."""
    while isinstance(tree, exp.Paren):
        tree = tree.this
    said = tree.sql(DIALECT)
    for node in tree.walk():
        known = isinstance(node, exp.Anonymous) and node.name.lower() in _HARMLESS_BY_NAME
        if not known and not isinstance(node, _HARMLESS):
            raise _refused(where, said, f"the function {node.key if not node.name else node.name!r} is not known")
    tree = tree.copy()
    columns = list(tree.find_all(exp.Column))
    sides, names = set(), set()
    for column in columns:
        side, name = _side_and_name(column)
        if not side:
            raise _refused(where, said, f"{column.sql(DIALECT)} belongs to neither side")
        sides.add(side)
        names.add(name)
        column.set("table", None)
        column.set("this", exp.to_identifier(name, quoted=True))
    if len(names) != 1 or len(sides) != 1:
        raise _refused(where, said, "it looks at more than one column of a record at a time")
    name = names.pop()
    return sides.pop(), Value(name, "" if isinstance(tree, exp.Column) else tree.sql(DIALECT))


def _side_and_name(column: exp.Column) -> tuple[str, str]:
    if column.table in ("l", "r"):
        return column.table, column.name
    if not column.table and column.name[-2:].lower() in ("_l", "_r"):
        return column.name[-1].lower(), column.name[:-2]
    return "", column.name
