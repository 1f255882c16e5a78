"""What is no Word document, or a dangerous one, is refused with a sentence that says what to send instead."""

from __future__ import annotations

import io
import zipfile

import pytest

from infotrust.core.documents import Document, Paragraph, read_word, reading, word

GOOD = word(Document("T", (Paragraph("Words", key="one"),)))


def changed(**parts: bytes | None) -> bytes:
    """The good file with parts replaced, added, or (None) taken out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return target.getvalue()


def body(inner: str) -> bytes:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<w:document xmlns:w="{space}"><w:body>{inner}</w:body></w:document>'.encode()


ENTITY = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + body(
    "<w:p><w:r><w:t>&b;</w:t></w:r></w:p>"
)
OUTSIDE = b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + body("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>")
DEEP = body("<w:tbl><w:tr><w:tc>" * 200 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 200)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "damaged, or something else"),
        (b"not a Word file at all", "damaged, or something else"),
        (b"%PDF-1.7 and more", "it is a PDF"),
        (b"{\\rtf1 hello}", "rich text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "protected by a password"),
        (GOOD[: len(GOOD) // 2], "damaged"),
        (changed(**{"word/document.xml": None}), "has no text"),
        (changed(**{"[Content_Types].xml": None}), "another kind of archive"),
        (changed(**{"word/document.xml": b"<workbook/>"}), "not one of Word"),
        (changed(**{"word/document.xml": b"<w:document"}), "damaged"),
        (changed(**{"word/document.xml": ENTITY}), "declares entities"),
        (changed(**{"word/document.xml": OUTSIDE}), "declares entities"),
        (changed(**{"word/vbaProject.bin": b"macro"}), "contains macros"),
        (changed(**{"word/document.xml": DEEP}), "nested too deeply"),
    ],
)
def test_it_is_refused_and_says_why(content, says) -> None:
    with pytest.raises(reading.NotAWordFile, match=says) as refused:
        read_word(content)
    assert refused.value.next_step


def test_a_file_that_unpacks_to_gigabytes_is_refused_before_it_does() -> None:
    bomb = changed(**{"word/document.xml": body("<w:p/>"), "word/media/a.xml": bytes(5 * reading.LARGEST_PART)})
    assert len(bomb) < reading.LARGEST_FILE
    with pytest.raises(reading.NotAWordFile, match="far more than a document"):
        read_word(bomb)


def test_one_part_that_is_too_large_is_refused() -> None:
    large = changed(**{"word/document.xml": body(" " * (reading.LARGEST_PART + 1))})
    with pytest.raises(reading.NotAWordFile, match="far more than a document"):
        read_word(large)


def test_a_file_too_large_to_open_is_refused() -> None:
    with pytest.raises(reading.NotAWordFile, match="larger than 10 MB"):
        read_word(bytes(reading.LARGEST_FILE + 1))


def test_the_strict_form_of_word_is_read_too() -> None:
    strict = body('<w:bookmarkStart w:id="1" w:name="_it_one"/><w:p><w:r><w:t>Words</w:t></w:r></w:p>').replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert read_word(changed(**{"word/document.xml": strict})) == (("one", "Words"),)
