"""Read one SQL statement and refuse it unless it plainly counts people.

Three rules make the output safe to hand to the disclosure check, whatever the statement looks like inside:

1. Every row of every table in it belongs to one person: tables are joined person to person only.
2. The output is one table of counts, and a count is `count(DISTINCT person_id)`: no join can inflate it.
3. `person_id` is only ever compared with itself and counted; it cannot be shown, transformed or guessed at.

What runs is not the author's text but the statement written anew from what was understood, every name qualified,
so that the parser here and the database cannot read it differently.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

import sqlglot
from sqlglot import TokenType, exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify

from infotrust.core.questions.language import (
    ALLOWED,
    DEEPEST_NESTING,
    DIALECT,
    INNER_NAME,
    LONGEST_STATEMENT,
    MOST_NODES,
    NAME,
    PERIOD,
    PERSON,
    PREDICATES,
    QueryRefused,
)
from infotrust.core.questions.persons import understand

# The parser's remarks quote the statement; they belong in no log.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class LockedQuery:
    """`sql` is what will run; `reads` is every (view, column) it reads, `person_id` and `period` left out.

    `everyone` is the same count without categories, to see whether each person falls into one category only.

    `dimensions` and `measure` are the names of its output columns; `labels` maps each dimension to the (view, column)
    pairs whose values can appear in it as labels.

    `periods` says for each view which periods' rows it can read, None where it reads those of every period; `by_period`
    are the views whose `period` it names.
    """

    sql: str
    reads: frozenset[tuple[str, str]]
    digest: str
    dimensions: tuple[str, ...]
    measure: str
    labels: Mapping[str, frozenset[tuple[str, str]]]
    everyone: str
    periods: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    by_period: frozenset[str] = frozenset()

    @property
    def views(self) -> frozenset[str]:
        return frozenset(view for view, _ in self.reads)


def lock(sql: str, permitted: Mapping[str, Collection[str]]) -> LockedQuery:
    """Return `sql` locked to the views and columns of `permitted` (view name -> names of its content columns).

    Raise `QueryRefused`, naming the rule and the word, for anything that is not a count of people by categories.
    """
    for view, columns in permitted.items():
        for name in (view, *columns):
            if not NAME.fullmatch(name) or name in (PERSON, PERIOD):
                raise ValueError(f"A view or column cannot be called {name!r}.")
    tree = _parse(sql)
    _check_words(tree)
    _check_tables(tree, permitted)
    tree = _qualified(tree, permitted)
    _check_words(tree)
    understood = understand(tree, permitted)
    text = tree.sql(dialect=DIALECT, comments=False, pretty=True)
    if _qualified(_parse(text), permitted).sql(dialect=DIALECT, comments=False, pretty=True) != text:
        raise QueryRefused(
            "unstable",
            "The statement reads differently when it is written out in full.",
            next_step="Write it more simply.",
        )
    return LockedQuery(
        sql=text,
        reads=understood.reads,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        dimensions=understood.dimensions,
        measure=understood.measure,
        labels=understood.labels,
        everyone=_without_categories(tree, understood.measure),
        periods=understood.periods,
        by_period=understood.by_period,
    )


def _without_categories(tree: exp.Expression, measure: str) -> str:
    plain = tree.copy()
    plain.set("expressions", [shown for shown in plain.args["expressions"] if shown.alias_or_name == measure])
    plain.set("group", None)
    plain.set("order", None)
    return plain.sql(dialect=DIALECT, comments=False)


def _parse(sql: str) -> exp.Expression:
    _check_size(sql)
    try:
        statements = [each for each in sqlglot.parse(sql, read=DIALECT) if each is not None]
    except (SqlglotError, RecursionError, ValueError) as problem:
        raise QueryRefused(
            "syntax",
            f"The statement cannot be read as SQL{_line_of(problem)}.",
            next_step="Check brackets, quotes and commas.",
        ) from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select | exp.SetOperation):
        raise QueryRefused(
            "one-select",
            "A question is exactly one SELECT statement.",
            next_step="Write one SELECT; it may start with WITH.",
        )
    return statements[0]


def _check_size(sql: str) -> None:
    if len(sql) > LONGEST_STATEMENT:
        raise QueryRefused(
            "size",
            f"The statement has {len(sql):,} characters; at most {LONGEST_STATEMENT:,} are read.",
            next_step="Ask a smaller question.",
        )
    # Counted on tokens, before the parser, which would run out of stack on a deep statement.
    try:
        tokens = sqlglot.tokenize(sql, read=DIALECT)
    except (SqlglotError, RecursionError, ValueError):
        tokens = []
    run = deepest = depth = 0
    for token in tokens:
        if token.token_type in (TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE):
            depth += 1
        elif token.token_type in (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END):
            depth -= 1
        run = run + 1 if token.token_type in (TokenType.NOT, TokenType.DASH, TokenType.PLUS, TokenType.TILDE) else 0
        deepest = max(deepest, depth, run)
    if deepest > DEEPEST_NESTING or len(tokens) > MOST_NODES * 2:
        raise QueryRefused(
            "size", "The statement is nested too deeply or is too long.", next_step="Split it with WITH, or ask less."
        )


def _line_of(problem: Exception) -> str:
    errors = getattr(problem, "errors", None) or [{}]
    line = errors[0].get("line")
    return f" (line {line})" if line else ""


def _check_words(tree: exp.Expression) -> None:
    """Refuse every node and option that `language.ALLOWED` does not list."""
    for count, node in enumerate(cast("Iterator[exp.Expression]", tree.walk()), start=1):
        if count > MOST_NODES:
            raise QueryRefused("size", "The statement is too long.", next_step="Ask a smaller question.")
        options = ALLOWED.get(type(node))
        word = _word(node)
        if options is None:
            raise QueryRefused(
                "word",
                f"A question may not use {word}.",
                word=word,
                next_step="See the list of words a question may use.",
            )
        for option, value in node.args.items():
            if value not in (None, False, []) and option not in options:
                raise QueryRefused(
                    "word",
                    f"A question may not use {word} with {option.strip('_').upper()}.",
                    word=word,
                    next_step="See the list of words a question may use.",
                )
        _check_leaf(node)


def _word(node: exp.Expression) -> str:
    if isinstance(node, exp.Anonymous):
        return f"{str(node.this).lower()}()"
    if isinstance(node, exp.Func) and not isinstance(node, exp.Connector):
        return f"{node.sql_name().lower()}()"
    return str(node.key).upper()


def _check_leaf(node: exp.Expression) -> None:
    if isinstance(node, exp.Identifier) and not INNER_NAME.fullmatch(str(node.this).lower()):
        raise QueryRefused(
            "name",
            "A name in the statement has characters that names may not have.",
            word=str(node.this)[:40],
            next_step="Use letters, digits and underscores; begin with a letter.",
        )
    if isinstance(node, exp.Literal):
        text = str(node.this)
        if node.is_string and (len(text) > 200 or not text.isprintable()):
            raise QueryRefused(
                "value", "A text in the statement is too long or unprintable.", next_step="Use at most 200 characters."
            )
        if not node.is_string and not re.fullmatch(r"\d{1,12}", text):
            raise QueryRefused(
                "value", "Numbers in a question are whole numbers.", word=text[:20], next_step="Write a whole number."
            )
    if isinstance(node, exp.Cast):
        _check_cast(node)
    if isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count):
        raise QueryRefused(
            "star", "A question names its columns.", word="*", next_step="List the columns instead of *."
        )


def _check_cast(node: exp.Cast) -> None:
    """A cast can fail on a value, and a failure is an answer: only written-out dates, and conditions as they are."""
    kind = node.to.this
    date = kind is exp.DType.DATE and isinstance(node.this, exp.Literal) and node.this.is_string
    condition = (
        kind is exp.DType.BOOLEAN
        and isinstance(node.this, PREDICATES)
        and isinstance(node.parent, exp.LogicalOr | exp.LogicalAnd)
    )
    if date and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(node.this.this)):
        raise QueryRefused(
            "value", "A date is written DATE 'YYYY-MM-DD'.", word=str(node.this.this)[:20], next_step="Write it so."
        )
    if not (date or condition):
        raise QueryRefused(
            "cast",
            "A question may not turn one type of value into another.",
            word="CAST",
            next_step="Compare the field with values of its own type.",
        )


def _check_tables(tree: exp.Expression, permitted: Mapping[str, Collection[str]]) -> None:
    named: set[str] = set()
    for cte in tree.find_all(exp.CTE):
        name = str(cte.alias).lower()
        if name in named or name in permitted:
            raise QueryRefused(
                "shadow",
                f"The name {name} after WITH is already taken.",
                word=name,
                next_step="Give each part a name of its own, different from every view.",
            )
        named.add(name)
    for table in tree.find_all(exp.Table):
        name = str(table.name).lower()
        if name not in permitted and name not in named:
            raise QueryRefused(
                "view",
                f"There is no permitted view {name}.",
                word=name,
                next_step=f"Permitted here: {', '.join(sorted(permitted)) or 'none'}.",
            )


def _qualified(tree: exp.Expression, permitted: Mapping[str, Collection[str]]) -> exp.Expression:
    schema: dict[str, object] = {
        view: {PERSON: "BIGINT", PERIOD: "UNKNOWN", **dict.fromkeys(columns, "UNKNOWN")}
        for view, columns in permitted.items()
    }
    try:
        return qualify(
            tree.copy(),
            dialect=DIALECT,
            schema=schema,
            identify=True,
            expand_stars=False,
            validate_qualify_columns=False,
        )
    except (SqlglotError, RecursionError) as problem:
        word = _quoted(str(problem))
        raise QueryRefused(
            "name",
            f"The name {word or 'of a column'} cannot be resolved.",
            word=word,
            next_step="Say which view each column belongs to, as in snap.months.",
        ) from None


def _quoted(text: str) -> str:
    found = re.search(r"['\"]([a-z_][a-z0-9_.]*)['\"]", text)
    return found[1] if found else ""
