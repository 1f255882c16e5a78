"""How things are named in policies (Cedar) and listed in sentences."""

from __future__ import annotations

from collections.abc import Sequence


def uid(kind: str, code: str) -> dict[str, str]:
    return {"type": f"Trust::{kind}", "id": code}


def field_id(dataset: str, field: str) -> str:
    return f"{dataset}/{field}"


def quote(text: str) -> str:
    """Return `text` as a Cedar string; line breaks and other control characters become spaces."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def name(kind: str, code: str) -> str:
    return f"Trust::{kind}::{quote(code)}"


def listing(words: Sequence[str], last: str = "and") -> str:
    """Return words as a sentence lists them: "one, two and three"; "none" where there are none."""
    if len(words) < 2:
        return words[0] if words else "none"
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
