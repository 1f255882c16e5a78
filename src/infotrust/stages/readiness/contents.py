"""What papers consist of: sections as data, their content as values, what is missing, and their words for comparing.

A content maps a section's key to a text, a list, a text for each partner by its number, or fields for each dataset.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml
from django.utils.translation import gettext as _

from infotrust.stages.readiness.process import DATA

Content = dict[str, Any]
EMPTY: dict[str, Any] = {
    "line": "",
    "text": "",
    "choice": "",
    "lines": [],
    "datasets": [],
    "elements": {},
    "partners": {},
}


@dataclass(frozen=True)
class Section:
    """`more`: below the fold. `needed`: filled before sign-off; for `partners`, by each who contributes data."""

    key: str
    kind: str
    title: str
    help: str = ""
    more: bool = False
    needed: bool = False
    choices: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class At:
    """A partner as a paper sees it: its number as a text, its name, and whether it contributes data."""

    number: str
    name: str
    contributes: bool


@cache
def sections(kind: str) -> tuple[Section, ...]:
    """Return the sections of a kind of paper, in order."""
    found = yaml.safe_load((DATA / "papers.yaml").read_text(encoding="utf-8"))[kind]
    return tuple(Section(**entry) for entry in found)


@cache
def samples() -> tuple[dict[str, Any], ...]:
    found: tuple[dict[str, Any], ...] = tuple(
        yaml.safe_load((DATA / "samples.yaml").read_text(encoding="utf-8"))["samples"]
    )
    return found


def sample(code: str) -> Content:
    """Return a copy of the content of a sample; nothing where there is none."""
    found: Content = next((one["content"] for one in samples() if one["code"] == code), {})
    return {key: list(value) if isinstance(value, list) else value for key, value in found.items()}


def whole(kind: str, content: Mapping[str, Any]) -> Content:
    """Return the content with every section of its kind and nothing else, empty where it says nothing."""
    found = {one.key: content.get(one.key) or json.loads(json.dumps(EMPTY[one.kind])) for one in sections(kind)}
    if found.get("elements") and found.get("datasets"):
        # PostgreSQL keeps the keys of JSON in an order of its own: that of the data sets is meant.
        places = {code: place for place, code in enumerate(found["datasets"])}
        ordered = sorted(found["elements"].items(), key=lambda pair: places.get(pair[0], len(places)))
        found["elements"] = dict(ordered)
    return found


def digest(content: Content) -> str:
    """Return the fingerprint under which a version is signed off."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def filled(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(filled(one) for one in value.values())
    return bool(value.strip() if isinstance(value, str) else value)


def missing(kind: str, content: Content, partners: Iterable[At]) -> list[str]:
    """Return what must be filled before sign-off, each as a sentence."""
    found = []
    for one in sections(kind):
        if not one.needed:
            continue
        if one.kind == "partners":
            texts = content[one.key]
            found += [
                _("“%(section)s” says nothing for %(partner)s.") % {"section": _(one.title), "partner": at.name}
                for at in partners
                if at.contributes and not filled(texts.get(at.number, ""))
            ]
        elif one.kind == "datasets":
            if not (filled(content[one.key]) or filled(content.get("other_datasets", []))):
                found.append(_("“%(section)s” names none.") % {"section": _(one.title)})
        elif not filled(content[one.key]):
            found.append(_("“%(section)s” is empty.") % {"section": _(one.title)})
    return found


def words(one: Section, value: Any, partners: Sequence[At], titles: Mapping[str, str]) -> str:
    """Return a section's content as a text, to read, to compare, and to print. `titles`: datasets by short name."""
    if one.kind == "lines":
        return "\n".join(f"{number}. {line}" for number, line in enumerate(value, 1))
    if one.kind == "datasets":
        return "\n".join(titles.get(code, code) for code in value)
    if one.kind == "elements":
        return "\n".join(f"{titles.get(code, code)}: {', '.join(names)}" for code, names in value.items() if names)
    if one.kind == "partners":
        return "\n".join(f"{at.name}: {value[at.number]}" for at in partners if filled(value.get(at.number, "")))
    if one.kind == "choice":
        return _(one.choices.get(value, value)) if value else ""
    return str(value)


def as_text(kind: str, content: Content, partners: Sequence[At], titles: Mapping[str, str]) -> str:
    """Return a whole paper as one text, section by section."""
    parts = [(one, words(one, content[one.key], partners, titles)) for one in sections(kind)]
    return "\n\n".join(f"{_(one.title)}\n{text}" for one, text in parts if text)
