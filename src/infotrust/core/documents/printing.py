"""A document as a PDF that a screen reader can read: PDF/UA-1 (ISO 14289-1), tagged, titled, in its language.

Made by Typst, in this process, from one fixed template; the document goes in as JSON. The same document is the same
bytes, on any machine, unless its letters need a font of the machine's own.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import typst

from infotrust.core.documents.parts import (
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    Part,
    Signatures,
    Table,
    levels,
    plain,
    to_sign,
)

TEMPLATE = (Path(__file__).parent / "document.typ").read_bytes()
STANDARD: Literal["ua-1"] = "ua-1"
UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
# Each round names the letters that no font shows; a document may need a second for letters that were hidden by a first.
ROUNDS = 8


def pdf(document: Document) -> bytes:
    """Return `document` as the bytes of a PDF/UA-1 file. A letter that no font here can show is named in brackets."""
    data = json.dumps(_values(document), ensure_ascii=False)
    try:
        return _compile(data, own_fonts_only=True)
    except typst.TypstError as error:
        if not UNSHOWN.search(error.diagnostic):
            raise
    for _round in range(ROUNDS):
        try:
            return _compile(data, own_fonts_only=False)
        except typst.TypstError as error:
            unshown = set(map(_unescaped, UNSHOWN.findall(error.diagnostic)))
            if not unshown:
                raise
            for text in sorted(unshown, key=len, reverse=True):
                data = data.replace(text, "".join(map(_named, text)))
    return _compile("".join(letter if letter.isascii() else _named(letter) for letter in data), own_fonts_only=True)


def _compile(data: str, *, own_fonts_only: bool) -> bytes:
    return typst.compile(
        TEMPLATE,
        format="pdf",
        sys_inputs={"document": data},
        pdf_standards=STANDARD,
        ignore_system_fonts=own_fonts_only,
    )


def _shown(text: str) -> str:
    """PDF/UA-1 has no title and no heading without a letter to be seen."""
    return text if any(letter.isprintable() and not letter.isspace() for letter in text) else "–"


def _unescaped(text: str) -> str:
    """Read a string as Rust prints it for a programmer."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), text)


def _named(letter: str) -> str:
    return f"[{unicodedata.name(letter, f'U+{ord(letter):04X}')}]"


def _values(document: Document) -> dict[str, Any]:
    language, _, region = document.language.partition("-")
    return {
        "title": _shown(" ".join(plain(document.title).split())),
        "subtitle": plain(document.subtitle),
        "footer": plain(document.footer),
        "lang": language,
        "region": region or None,
        "parts": [value for part, level in levels(document.parts) for value in _part(part, level)],
    }


def _part(part: Part, level: int) -> Iterator[dict[str, Any]]:
    match part:
        case Heading():
            yield {"kind": "heading", "level": level, "text": _shown(plain(part.text))}
        case Paragraph():
            yield {"kind": "note" if part.note else "paragraph", "text": plain(part.text)}
        case Bullets():
            yield {"kind": "numbers" if part.numbered else "bullets", "items": [plain(item) for item in part.items]}
        case Table():
            rows = [[plain(value) for value in row] for row in part.rows]
            columns = [plain(value) for value in part.columns]
            yield {"kind": "table", "caption": plain(part.caption), "columns": columns, "rows": rows}
        case Facts():
            yield {"kind": "facts", "pairs": [[plain(label), plain(value)] for label, value in part.pairs]}
        case Signatures():
            for one in part.signatures:
                yield {
                    "kind": "signature",
                    "organization": plain(one.organization),
                    "who": plain(", ".join(filter(None, (one.name, one.title)))),
                    "signed": plain(one.signed),
                    "blanks": [plain(line) for line in to_sign(one)],
                    "digest": plain(one.digest),
                }
