"""What changed between two texts, word by word: for versions, for what lawyers read, for two who saved at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from infotrust.core.errors import UserFacingError

KEPT, ADDED, REMOVED = "kept", "added", "removed"
# Words and the white space between them are pieces of their own, so that joined pieces give back the exact text.
PIECES = re.compile(r"\s+|[^\W_]+(?:['’][^\W_]+)*|[\W_]", re.UNICODE)
# Comparing costs the product of the lengths; two texts longer than this are compared paragraph by paragraph.
LONG = 4_000


@dataclass(frozen=True)
class Piece:
    """`kind` is "kept", "added" or "removed"; the text keeps its white space."""

    kind: str
    text: str


class SavedMeanwhile(UserFacingError):
    """Someone saved first. `theirs` is what stands now, `yours` what was typed: nobody's words are lost."""

    def __init__(self, what: str, *, yours: str, theirs: str, next_step: str) -> None:
        super().__init__(what, next_step=next_step)
        self.yours, self.theirs = yours, theirs


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """Return how `before` became `after`. Kept and removed pieces give `before`, kept and added ones `after`."""
    if before == after:
        return (Piece(KEPT, before),) if before else ()
    old, new = _split(before, after)
    return tuple(_joined(_compared(old, new)))


def changed(before: str, after: str) -> bool:
    """Whether anything but white space is different."""
    return before.split() != after.split()


def _split(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = PIECES.findall(before), PIECES.findall(after)
    if len(old) + len(new) > LONG:
        return before.splitlines(keepends=True), after.splitlines(keepends=True)
    return old, new


def _compared(old: list[str], new: list[str]) -> Iterator[Piece]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(KEPT, "".join(old[a:b]))
            continue
        if b > a:
            yield Piece(REMOVED, "".join(old[a:b]))
        if d > c:
            yield Piece(ADDED, "".join(new[c:d]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Put a kept space between two changes into them: "~~two~~ ~~words~~" reads better as one change."""
    waiting: dict[str, str] = {REMOVED: "", ADDED: ""}
    space = ""
    for piece in pieces:
        if piece.kind != KEPT:
            if space:
                waiting = {kind: text + space for kind, text in waiting.items()}
                space = ""
            waiting[piece.kind] += piece.text
        elif not piece.text.strip() and any(waiting.values()) and "\n" not in piece.text:
            space += piece.text
        else:
            yield from (Piece(kind, text) for kind, text in waiting.items() if text)
            waiting = {REMOVED: "", ADDED: ""}
            yield Piece(KEPT, space + piece.text)
            space = ""
    yield from (Piece(kind, text) for kind, text in waiting.items() if text)
    if space:
        yield Piece(KEPT, space)
