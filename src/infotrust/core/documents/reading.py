"""A Word file that came back: its paragraphs with the keys they were sent out under, and the remarks in its margin.

The file is a stranger's. It is read within limits, without entities, without macros, and only its words are read.
Changes that Word tracked count as made: what was deleted is gone, what was inserted is there.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from infotrust.core.documents.parts import key_of
from infotrust.core.errors import UserFacingError

LARGEST_FILE = 10 << 20
# A long contract is a megabyte of XML; deflate can hold a thousand times its size (RFC 1951).
LARGEST_PART = 40 << 20
MOST_PARTS = 2_000
DEEPEST = 60
MOST_LETTERS = 4_000_000

TRANSITIONAL = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# ISO/IEC 29500-4 and its strict form (29500-1), which Word can save too.
NAMESPACES = (TRANSITIONAL, "{http://purl.oclc.org/ooxml/wordprocessingml/main}")
OFFICE_DOCUMENT = "/officeDocument"
MACROS = ("macroenabled", "vbaproject")
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, KeyError)
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
OTHER_KINDS = {b"%PDF": "a PDF", b"{\\rtf": "a rich text file", b"<htm": "a web page", b"<!DO": "a web page"}

# What holds words that are not the text: deleted or moved away, instructions of fields, a second form of the same.
NOT_TEXT = {
    "del",
    "moveFrom",
    "instrText",
    "delText",
    "delInstrText",
    "rPr",
    "pPr",
    "tblPr",
    "trPr",
    "tcPr",
    "Fallback",
}
LETTERS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}


class NotAWordFile(UserFacingError):
    """This cannot be read as a Word document; the message says why and what to send instead."""


@dataclass(frozen=True)
class Remark:
    """A comment in the margin: the key of the words it stands at ("" where they have none), who wrote it, and what."""

    key: str
    author: str
    text: str


def read_word(content: bytes) -> tuple[tuple[str, str], ...]:
    """Return the paragraphs of a .docx in order, each with its key ("" for what came without one).

    A row of a keyed table is one entry, its cells parted by tabs; in another table each paragraph is one.
    Raises `NotAWordFile`.
    """
    parts = _open(content)
    walk = _Walk()
    _walk(walk, _body(parts.document))
    return tuple(walk.found)


def read_remarks(content: bytes) -> tuple[Remark, ...]:
    """Return the comments in the margin of a .docx, in the order of the text. Raises `NotAWordFile`."""
    parts = _open(content)
    walk = _Walk()
    _walk(walk, _body(parts.document))
    if parts.comments is None:
        return ()
    written = {}
    for comment in parts.comments:
        if _local(comment) == "comment":
            inner = _Walk()
            _walk(inner, comment)
            text = "\n".join(line for _key, line in inner.found).strip()
            written[_attribute(comment, "id")] = (_attribute(comment, "author"), text)
    return tuple(
        Remark(key, *written[number])
        for number, key in walk.remarks.items()
        if number in written and written[number][1]
    )


@dataclass
class _Parts:
    document: Element
    comments: Element | None


@dataclass
class _Walk:
    """Where the reading stands: open bookmarks, what was found, whether the last end was deleted, remarks met."""

    open: dict[str, str] = field(default_factory=dict)
    found: list[tuple[str, str]] = field(default_factory=list)
    remarks: dict[str, str] = field(default_factory=dict)
    goes_on: bool = False
    letters: int = 0

    @property
    def key(self) -> str:
        return next(reversed(self.open.values()), "")

    def add(self, key: str, text: str) -> None:
        self.letters += len(text)
        if self.letters > MOST_LETTERS:
            raise NotAWordFile("This Word file holds more text than a document does.", next_step="Send a shorter one.")
        self.found.append((key, text))


def _open(content: bytes) -> _Parts:
    """Return the parsed parts that are read; everything about the container is checked first."""
    if len(content) > LARGEST_FILE:
        raise NotAWordFile(
            f"This file is larger than {LARGEST_FILE >> 20} MB.", next_step="Take the pictures out, and send it again."
        )
    if content.startswith(OLD_OR_LOCKED):
        raise NotAWordFile(
            "This file is protected by a password, or saved in the format of Word before 2007.",
            next_step="Open it in Word, take the password off, and save it as a Word document (.docx).",
        )
    for start, kind in OTHER_KINDS.items():
        if content[:4] == start[:4]:
            raise _no_word_file(f"it is {kind}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unpack(archive)
    except NotAWordFile:
        raise
    except DAMAGE as error:
        raise _no_word_file("it is damaged, or something else under that name") from error


def _unpack(archive: zipfile.ZipFile) -> _Parts:
    entries = archive.infolist()
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > 4 * LARGEST_PART:
        raise NotAWordFile(
            "This file unpacks to far more than a document.", next_step="Save it anew in Word, and send that."
        )
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names or "_rels/.rels" not in names:
        raise _no_word_file("it is another kind of archive")
    types = _part(archive, "[Content_Types].xml")
    kinds = [value for element in types for value in element.attrib.values()]
    if any(sign in value.casefold() for sign in MACROS for value in (*kinds, *names)):
        raise NotAWordFile(
            "This Word file contains macros.", next_step="Save it as a Word document (.docx) without macros."
        )
    main = _main_part(archive)
    if main not in names:
        raise _no_word_file("it has no text in it")
    document = _part(archive, main)
    if document.tag not in {f"{space}document" for space in NAMESPACES}:
        raise _no_word_file("it is an Office file, but not one of Word")
    folder = main.rpartition("/")[0]
    comments = f"{folder}/comments.xml".lstrip("/")
    return _Parts(document, _part(archive, comments) if comments in names else None)


def _main_part(archive: zipfile.ZipFile) -> str:
    for relation in _part(archive, "_rels/.rels"):
        if relation.get("Type", "").endswith(OFFICE_DOCUMENT):
            return relation.get("Target", "").lstrip("/")
    raise _no_word_file("it does not say where its text is")


def _part(archive: zipfile.ZipFile, name: str) -> Element:
    with archive.open(name) as source:
        content = source.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise NotAWordFile("This file unpacks to far more than a document.", next_step="Save it anew in Word.")
    try:
        return fromstring(content, forbid_dtd=True)  # type: ignore[no-any-return]
    except DefusedXmlException as error:
        raise NotAWordFile(
            "This file declares entities, which no Word document does.",
            next_step="Save it anew in Word, and send that.",
        ) from error
    except ParseError as error:
        raise _no_word_file("it is damaged") from error


def _body(document: Element) -> Element:
    found = next((child for child in document if _local(child) == "body"), None)
    if found is None:
        raise _no_word_file("it has no text in it")
    return found


def _walk(walk: _Walk, parent: Element, depth: int = 0) -> None:
    """Read what stands at the level of paragraphs: paragraphs, tables, bookmarks around them, content controls."""
    _not_too_deep(depth)
    for element in parent:
        name = _local(element)
        if name == "p":
            _paragraph(walk, element, depth)
        elif name == "tr" and (walk.key or _begins_in(element)):
            _row(walk, element, depth)
        elif name in {"bookmarkStart", "bookmarkEnd"}:
            _bookmark(walk, element)
        elif name not in NOT_TEXT:
            _walk(walk, element, depth + 1)


def _paragraph(walk: _Walk, element: Element, depth: int) -> None:
    """Add what one paragraph says under each key; where paragraphs were joined, that can be more than one.

    Word moves a bookmark that stood between paragraphs to the start of the later one, so only the letters count.
    Words typed before a bookmark or behind it belong to the key of their paragraph.
    """
    spans: list[list[str]] = [[walk.key, ""]]
    met: list[str] = []
    for piece in _pieces(element, depth):
        if isinstance(piece, str):
            spans[-1][1] += piece
        elif _local(piece) == "commentReference":
            met.append(_attribute(piece, "id"))
        else:
            _bookmark(walk, piece)
            spans.append([walk.key, ""])
    said = _spans(spans)
    walk.remarks.update((number, next((key for key, _text in said if key), "")) for number in met)
    if walk.goes_on and walk.found:
        key, text = walk.found[-1]
        if said[0][0] in {key, ""} or not text:
            walk.found.pop()
            said[0] = (said[0][0] or key, text + said[0][1])
    for key, text in said:
        walk.add(key, text)
    walk.goes_on = _deleted(element, "pPr", "rPr")


def _spans(spans: list[list[str]]) -> list[tuple[str, str]]:
    """Join neighbors of one key, and what has none to the key beside it."""
    written = [span for span in spans if span[1]]
    if not written:
        key = spans[0][0] if len(spans) == 1 else next((key for key, _text in reversed(spans) if key), "")
        return [("" if len(spans) > 1 and not spans[-1][0] and spans[0][0] == key else key, "")]
    joined: list[tuple[str, str]] = []
    for key, text in written:
        if joined and (not key or not joined[-1][0] or joined[-1][0] == key):
            joined[-1] = (joined[-1][0] or key, joined[-1][1] + text)
        else:
            joined.append((key, text))
    return joined


def _row(walk: _Walk, element: Element, depth: int) -> None:
    """Add a row of a keyed table, unless it is the heading row, or was deleted in tracked changes."""
    inner = _Walk(open=walk.open)
    cells, key = [], walk.key
    for cell in element:
        if _local(cell) not in NOT_TEXT:
            inner.found.clear()
            _walk(inner, cell, depth + 1)
            key = key or walk.key
            cells.append("\n".join(text for _key, text in inner.found).replace("\t", " "))
    walk.remarks.update((number, at or key) for number, at in inner.remarks.items())
    heading = any(_local(one) == "tblHeader" for kind in element if _local(kind) == "trPr" for one in kind)
    if not heading and not _deleted(element, "trPr"):
        walk.add(key, "\t".join(cells))


def _begins_in(row: Element) -> bool:
    """Word moves a bookmark that stood before a table into its first cell."""
    return any(key_of(_attribute(mark, "name")) for mark in row.iter() if _local(mark) == "bookmarkStart")


def _pieces(parent: Element, depth: int) -> Iterator[str | Element]:
    """Yield the text of a paragraph in order, with the marks met on the way (bookmarks, references to comments)."""
    _not_too_deep(depth)
    for element in parent:
        name = _local(element)
        if name == "t":
            yield element.text or ""
        elif name in LETTERS:
            yield LETTERS[name]
        elif name in {"bookmarkStart", "bookmarkEnd", "commentReference"}:
            yield element
        elif name not in NOT_TEXT:
            yield from _pieces(element, depth + 1)


def _bookmark(walk: _Walk, element: Element) -> None:
    number = _attribute(element, "id")
    if _local(element) == "bookmarkEnd":
        walk.open.pop(number, None)
    elif key := key_of(_attribute(element, "name")):
        walk.open[number] = key


def _deleted(element: Element, *path: str) -> bool:
    """Whether Word tracks that the end of this paragraph (or this row) was deleted."""
    found = [element]
    for name in path:
        found = [child for one in found for child in one if _local(child) == name]
    return any(_local(mark) == "del" for one in found for mark in one)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _not_too_deep(depth: int) -> None:
    if depth > DEEPEST:
        raise NotAWordFile(
            "The tables or boxes of this Word file are nested too deeply.", next_step="Save it anew in Word."
        )


def _no_word_file(why: str) -> NotAWordFile:
    return NotAWordFile(
        f"This is not a Word document: {why}.", next_step="Save it in Word as a Word document (.docx), and send that."
    )
