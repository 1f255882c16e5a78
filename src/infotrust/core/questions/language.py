"""The words a question may use: every kind of syntax node, with the options that may be set on it.

An allow-list, by exact type and by option: what a future version of the parser learns to read is refused until
someone adds it here. Left out on purpose: whatever reads or writes outside the views (files, settings, catalogs,
table functions), whatever picks single people out (LIMIT, windows, min, max, lists, samples), and whatever can
fail depending on a value (casts, division), since a failure would be an answer.
"""

from __future__ import annotations

import re

from sqlglot import exp

from infotrust.core.errors import UserFacingError

PERSON = "person_id"
# Every view also has the period its rows were delivered for: it is about the delivery, not about a person.
PERIOD = "period"
DIALECT = "duckdb"
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
# Inside a statement, unnamed columns are given names such as "1" and "_col_0" when it is written out in full.
INNER_NAME = re.compile(r"[a-z0-9_]{1,63}")

LONGEST_STATEMENT = 20_000  # characters
MOST_NODES = 2_000
# The parser calls itself for every bracket or NOT: beyond this a statement is an attack, not a question.
DEEPEST_NESTING = 60

_BINARY = {"this", "expression"}
_UNARY = {"this"}

ALLOWED: dict[type[exp.Expression], frozenset[str]] = {
    kind: frozenset(options)
    for kind, options in {
        # The shape of a statement
        exp.Select: {"from_", "with_", "group", "expressions", "where", "order", "having", "joins", "distinct"},
        exp.With: {"expressions"},
        exp.CTE: {"this", "alias"},
        exp.From: _UNARY,
        exp.Join: {"this", "on", "side", "kind", "using"},
        exp.Table: {"this", "alias"},
        exp.TableAlias: {"this"},
        exp.Subquery: {"this", "alias"},
        exp.Where: _UNARY,
        exp.Group: {"expressions"},
        exp.Having: _UNARY,
        exp.Order: {"expressions"},
        exp.Ordered: {"this", "desc", "nulls_first"},
        exp.Distinct: {"expressions"},
        exp.Union: {"this", "expression", "distinct"},
        exp.Intersect: {"this", "expression", "distinct"},
        exp.Except: {"this", "expression", "distinct"},
        # Names and values
        exp.Column: {"this", "table"},
        exp.Identifier: {"this", "quoted"},
        exp.Alias: {"this", "alias"},
        exp.Literal: {"this", "is_string"},
        exp.Boolean: _UNARY,
        exp.Null: set(),
        exp.Star: set(),
        exp.Paren: _UNARY,
        exp.Cast: {"this", "to"},
        exp.DataType: {"this", "nested"},
        # Conditions
        exp.And: _BINARY,
        exp.Or: _BINARY,
        exp.Not: _UNARY,
        exp.EQ: _BINARY,
        exp.NEQ: _BINARY,
        exp.LT: _BINARY,
        exp.LTE: _BINARY,
        exp.GT: _BINARY,
        exp.GTE: _BINARY,
        exp.Is: _BINARY,
        exp.In: {"this", "expressions", "query"},
        exp.Between: {"this", "low", "high"},
        exp.Like: _BINARY,
        exp.Exists: _UNARY,
        exp.Case: {"this", "ifs", "default"},
        exp.If: {"this", "true"},
        # Arithmetic on counts and numbers; no division, which can fail
        exp.Add: _BINARY,
        exp.Sub: _BINARY,
        exp.Neg: _UNARY,
        # Functions of one value
        exp.Coalesce: {"this", "expressions"},
        exp.Nullif: _BINARY,
        exp.Lower: _UNARY,
        exp.Upper: _UNARY,
        exp.Trim: _UNARY,
        exp.Year: _UNARY,
        exp.Quarter: _UNARY,
        exp.Month: _UNARY,
        # Aggregates: counts, and "is it true of any / all of this person's records?"
        exp.Count: {"this", "big_int"},
        exp.CountIf: _UNARY,
        exp.LogicalOr: _UNARY,
        exp.LogicalAnd: _UNARY,
        exp.Filter: _BINARY,
    }.items()
}

AGGREGATES: tuple[type[exp.Expression], ...] = (exp.Count, exp.CountIf, exp.LogicalOr, exp.LogicalAnd)
PREDICATES: tuple[type[exp.Expression], ...] = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE,
    exp.Is, exp.In, exp.Between, exp.Like, exp.Exists, exp.Boolean, exp.Column, exp.Paren,
)  # fmt: skip
JOIN_SIDES = frozenset({"", "LEFT", "RIGHT", "FULL"})
JOIN_KINDS = frozenset({"", "INNER", "OUTER"})


class QueryRefused(UserFacingError):
    """The statement does not keep `rule` (a stable code); `word` is the part of it that does not."""

    def __init__(self, rule: str, what: str, *, word: str = "", next_step: str) -> None:
        self.rule = rule
        self.word = word
        super().__init__(what, next_step=next_step)
