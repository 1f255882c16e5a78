"""A statement as safe HTML, its words marked: for reading, never for running."""

from __future__ import annotations

import sqlglot
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from sqlglot import TokenType
from sqlglot.errors import SqlglotError

MARKS = {TokenType.STRING: "i", TokenType.NUMBER: "i"}


def highlighted(sql: str) -> SafeString:
    """Return `sql` with SQL's own words in bold and values in italics; text that cannot be read stays plain."""
    try:
        tokens = sqlglot.tokenize(sql, read="duckdb")
    except SqlglotError:
        return escape(sql)
    parts, at = [], 0
    for token in tokens:
        text = sql[token.start : token.end + 1]
        tag = _tag(token.token_type, text)
        parts.append(escape(sql[at : token.start]))
        parts.append(format_html(f"<{tag}>{{}}</{tag}>", text) if tag else escape(text))
        at = token.end + 1
    parts.append(escape(sql[at:]))
    # Every part was escaped above.
    return mark_safe("".join(parts))  # noqa: S308


def _tag(kind: TokenType, text: str) -> str:
    if kind in MARKS:
        return MARKS[kind]
    words = text.replace(" ", "")
    return "b" if words.isupper() and words.isalpha() and kind != TokenType.VAR else ""
