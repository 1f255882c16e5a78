"""Two records side by side: what each says, where they differ, how they agree in words, and what each field weighs.

The values are those that `services.opening` opened for this one page; nothing here keeps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from infotrust.stages.linkage.services.opening import Opened
from infotrust.stages.linkage.terms import DIFFERENT, FIELDS, NOT_KNOWN, SHOWN, field_word, level_word

SAME, ALIKE, UNLIKE, UNKNOWN = "same", "alike", "different", "unknown"
_WORST_FIRST = (UNLIKE, ALIKE, SAME, UNKNOWN)
# A sign beside the color, so that the difference is seen without it too.
SIGNS = {SAME: "=", ALIKE: "≈", UNLIKE: "≠", UNKNOWN: "·"}
WORDS: dict[str, Promise] = {
    SAME: gettext_lazy("the same"),
    ALIKE: gettext_lazy("alike"),
    UNLIKE: gettext_lazy("different"),
    UNKNOWN: gettext_lazy("not known in one of them"),
}
# Letters are marked where at least this share of two values is the same; in others the whole value is.
MARK_LETTERS_FROM = 0.5
FULL_BAR = 12.0  # log2 odds that fill half of a bar; nearly all fields stay below
BAR = 100.0


@dataclass(frozen=True)
class Piece:
    """A piece of a value, and whether the other record has something else there."""

    text: str
    differs: bool = False


@dataclass(frozen=True)
class Bar:
    """A weight as a bar from the middle of 0 to 100: to the right it speaks for one person, to the left against."""

    start: float
    width: float
    speaks: str

    @staticmethod
    def of(weight: float) -> Bar:
        width = round(min(abs(weight) / FULL_BAR, 1.0) * BAR / 2, 1)
        return Bar(BAR / 2 if weight >= 0 else round(BAR / 2 - width, 1), width, "for" if weight >= 0 else "against")


@dataclass(frozen=True)
class Weighed:
    """What one compared field adds to the weight (log2 odds), and how the records agree on it."""

    field: str
    level: str
    weight: float
    kind: str

    @property
    def bar(self) -> Bar:
        return Bar.of(self.weight)

    @property
    def signed(self) -> str:
        return signed(self.weight)


@dataclass(frozen=True)
class Row:
    """One element of both records. kind: the least agreement of its fields; empty `weighed`: it was not compared."""

    title: str
    one: tuple[Piece, ...]
    other: tuple[Piece, ...]
    kind: str
    weighed: tuple[Weighed, ...]

    @property
    def sign(self) -> str:
        return SIGNS[self.kind]

    @property
    def word(self) -> str:
        return str(WORDS[self.kind])


def signed(weight: float) -> str:
    """A weight with its sign, one decimal, and a true minus."""
    return f"{weight:+.1f}".replace("-", "−").replace("+0.0", "0.0").replace("−0.0", "0.0")


def kind_of(level: str) -> str:
    """What a level of agreement comes to: the same, alike, different or unknown."""
    if level == NOT_KNOWN:
        return UNKNOWN
    if level == DIFFERENT:
        return UNLIKE
    return SAME if level == "same" or level.startswith("same,") else ALIKE


def weighed(fields: Sequence[dict[str, Any]]) -> list[Weighed]:
    return [
        Weighed(field_word(one["field"]), level_word(one["level"]), one["weight"], kind_of(one["level"]))
        for one in fields
    ]


def rows(fields: Sequence[dict[str, Any]], opened: Sequence[Opened]) -> list[Row]:
    """The elements of which either record says something, in the order people read them; last, the datasets."""
    one, other = opened
    told = dict(zip((field["field"] for field in fields), weighed(fields), strict=True))
    found = []
    for semantic, (title, compared) in SHOWN.items():
        if one.values.get(semantic) or other.values.get(semantic):
            weights = tuple(told.pop(field) for field in compared if field in told)
            found.append(_row(str(title), one.values.get(semantic, ""), other.values.get(semantic, ""), weights))
    source = told.pop("source", None)
    titles = (Piece(one.title),), (Piece(other.title),)
    kind = SAME if one.dataset == other.dataset else UNLIKE
    found.append(Row(str(FIELDS["source"]), *titles, kind, (source,) if source else ()))
    return found


def _row(title: str, one: str, other: str, weights: tuple[Weighed, ...]) -> Row:
    kinds = {weight.kind for weight in weights} or {_plain_kind(one, other)}
    kind = next(kind for kind in _WORST_FIRST if kind in kinds)
    if kind == UNKNOWN:  # said once, however many parts an address has
        weights = weights[:1]
    if kind == SAME or not one or not other:
        return Row(title, (Piece(one),), (Piece(other),), kind, weights)
    return Row(title, *pieces(one, other), kind, weights)


def _plain_kind(one: str, other: str) -> str:
    if not one or not other:
        return UNKNOWN
    return SAME if one.casefold() == other.casefold() else UNLIKE


def pieces(one: str, other: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both values in pieces, those marked that the other value does not have."""
    matcher = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
    # Case folding may lengthen a text (ß); then the pieces would not fit the value.
    same_length = len(one.casefold()) == len(one) and len(other.casefold()) == len(other)
    if not same_length or matcher.ratio() < MARK_LETTERS_FROM:
        return (Piece(one, True),), (Piece(other, True),)
    left, right = [], []
    for step, start, end, other_start, other_end in matcher.get_opcodes():
        differs = step != "equal"
        left.append(Piece(one[start:end], differs))
        right.append(Piece(other[other_start:other_end], differs))
    return tuple(piece for piece in left if piece.text), tuple(piece for piece in right if piece.text)
