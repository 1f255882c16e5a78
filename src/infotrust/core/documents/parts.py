"""What a document is made of: headings, paragraphs, lists, tables, facts, signature blocks.

A `key` is how a part is found again in a Word file that came back. It is hidden from the reader, and stays with its
words wherever they are moved. Text is any text: what a file cannot hold (control characters) is left out of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Word compares the names of bookmarks without case and keeps 40 characters of them; ":" "." "-" are written as three.
KEY = re.compile(r"[a-z0-9][a-z0-9_.:-]*")
LONGEST_NAME = 40
MARK = "_it_"
# XML 1.0, section 2.2: what a character of a document may not be; and the byte order mark, which PDF/UA forbids.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1
    key: str = ""


@dataclass(frozen=True)
class Paragraph:
    """`note`: an aside, set smaller. A line break within the text stays one."""

    text: str
    key: str = ""
    note: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list. With a key, each item comes back under it, in order."""

    items: tuple[str, ...]
    numbered: bool = False
    key: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a row of headings. With a key, each row comes back under it, its cells parted by tabs."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    key: str = ""


@dataclass(frozen=True)
class Facts:
    """Pairs of a label and what it stands for."""

    pairs: tuple[tuple[str, str], ...]


BLANK = "_" * 36  # room to write on paper


@dataclass(frozen=True)
class Signature:
    """One place to sign. `signed` says who signed and when, in words; `digest` is what the signature stands under."""

    organization: str
    name: str = ""
    title: str = ""
    signed: str = ""
    digest: str = ""


def to_sign(signature: Signature) -> tuple[str, ...]:
    """Return the lines of a block with room to sign: by whom, name, title and date, each with what is known already."""
    known = (("By", ""), ("Name", signature.name), ("Title", signature.title), ("Date", ""))
    return tuple(f"{label}: {given or BLANK}" for label, given in known)


@dataclass(frozen=True)
class Signatures:
    signatures: tuple[Signature, ...]


Part = Heading | Paragraph | Bullets | Table | Facts | Signatures


@dataclass(frozen=True)
class Document:
    """A titled document. `language` is a tag such as en-US. Raises `ValueError` for a key that is no key, or twice."""

    title: str
    parts: tuple[Part, ...]
    subtitle: str = ""
    language: str = "en-US"
    footer: str = ""

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for key in self.keys():
            mark_of(key)
            if key in seen:
                raise ValueError(f"two parts of one document have the key {key!r}")
            seen.add(key)

    def keys(self) -> Iterator[str]:
        return (part.key for part in self.parts if isinstance(part, Heading | Paragraph | Bullets | Table) and part.key)


def plain(text: str) -> str:
    """Return `text` as a file can hold it: lines parted by a line feed, no control characters."""
    return UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def levels(parts: tuple[Part, ...]) -> Iterator[tuple[Part, int]]:
    """Yield each part with its level (0 for what is no heading); no level is skipped on the way down (PDF/UA-1)."""
    above = 0
    for part in parts:
        if isinstance(part, Heading):
            above = max(1, min(part.level, above + 1, 6))
            yield part, above
        else:
            yield part, 0


def mark_of(key: str) -> str:
    """Return the name of the bookmark that stands for `key`; raises `ValueError` where it is no key or too long."""
    if not KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no key: small letters, digits, and _ . : - between them")
    name = MARK + "".join(letter if letter.isalnum() else f"_{ord(letter):02x}" for letter in key)
    if len(name) > LONGEST_NAME:
        raise ValueError(f"the key {key!r} is too long for a bookmark of Word")
    return name


def key_of(mark: str) -> str:
    """Return the key for which a bookmark stands, or nothing where it is not one of ours."""
    if not mark.startswith(MARK):
        return ""
    key = re.sub(r"_([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), mark[len(MARK) :])
    return key if KEY.fullmatch(key) and mark_of(key) == mark else ""
