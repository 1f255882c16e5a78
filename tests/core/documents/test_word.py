"""A document goes out as a Word file, is edited there, and comes back with its keys."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.documents import (
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    Signature,
    Signatures,
    Table,
    read_remarks,
    read_word,
    word,
)
from infotrust.core.documents.parts import UNWRITABLE, key_of, mark_of

CONTRACT = Document(
    "Pupils in shelters",
    (
        Heading("1. Parties", key="clause:1:heading"),
        Paragraph("This agreement is made between Schools and Shelters.", key="clause:1"),
        Paragraph("In plain words: two agencies agree.", note=True),
        Heading("2. Fields", key="clause:2:heading"),
        Bullets(("grade: count by it", "shelter: count by it"), key="clause:2"),
        Table("Fields", ("Dataset", "Field"), (("schools", "grade"), ("shelters", "shelter")), key="schedule"),
        Facts((("Begins on", "January 1, 2027"),)),
        Paragraph("The last words.", key="clause:3"),
        Signatures((Signature("Schools", "Ana Ruiz", "Board member"), Signature("Shelters"))),
    ),
    footer="DSA-1",
)


def opened(content: bytes):
    return docx.Document(io.BytesIO(content))


def saved(edited) -> bytes:
    target = io.BytesIO()
    edited.save(target)
    return target.getvalue()


def keyed(content: bytes) -> list[tuple[str, str]]:
    return [(key, text) for key, text in read_word(content) if key]


def paragraph(edited, start: str):
    return next(one for one in edited.paragraphs if one.text.startswith(start))


WHOLE = [
    ("clause:1:heading", "1. Parties"),
    ("clause:1", "This agreement is made between Schools and Shelters."),
    ("clause:2:heading", "2. Fields"),
    ("clause:2", "grade: count by it"),
    ("clause:2", "shelter: count by it"),
    ("schedule", "schools\tgrade"),
    ("schedule", "shelters\tshelter"),
    ("clause:3", "The last words."),
]


def test_what_went_out_comes_back_under_its_keys() -> None:
    assert keyed(word(CONTRACT)) == WHOLE


def test_word_sees_headings_a_title_a_language_and_a_heading_row() -> None:
    made = opened(word(CONTRACT))
    assert [one.text for one in made.paragraphs if one.style.name == "Heading 1"] == ["1. Parties", "2. Fields"]
    assert made.core_properties.title == "Pupils in shelters"
    assert {one.get(qn("w:val")) for one in made.styles.element.iter(qn("w:lang"))} == {"en-US"}
    assert made.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert made.sections[0].footer.paragraphs[0].text.startswith("DSA-1")


def test_replaced_words_keep_their_key() -> None:
    edited = opened(word(CONTRACT))
    paragraph(edited, "This agreement").text = "This contract binds Schools and Shelters."
    assert ("clause:1", "This contract binds Schools and Shelters.") in keyed(saved(edited))


def test_a_moved_clause_keeps_its_key_and_a_deleted_one_is_missing() -> None:
    edited = opened(word(CONTRACT))
    gone = paragraph(edited, "The last words")._p
    gone.getparent().remove(gone)
    assert "clause:3" not in dict(keyed(saved(edited)))


def test_a_new_paragraph_has_no_key_and_stands_where_it_was_written() -> None:
    edited = opened(word(CONTRACT))
    paragraph(edited, "In plain words").insert_paragraph_before("Schools may leave at any time.")
    found = read_word(saved(edited))
    assert found[found.index(WHOLE[1]) + 1] == ("", "Schools may leave at any time.")


def test_an_edited_cell_comes_back_in_its_row() -> None:
    edited = opened(word(CONTRACT))
    edited.tables[0].rows[2].cells[1].text = "county"
    assert ("schedule", "shelters\tcounty") in keyed(saved(edited))


def as_word_saves_it(content: bytes) -> bytes:
    """Move each bookmark into the paragraph behind it, as Word does when it saves."""
    edited = opened(content)
    body = edited.element.body
    for mark in [one for one in body if one.tag in {qn("w:bookmarkStart"), qn("w:bookmarkEnd")}]:
        following = next((one for one in mark.itersiblings() if one.tag in {qn("w:p"), qn("w:tbl")}), None)
        if following is not None:
            home = next(following.iter(qn("w:p")))
            runs = [one for one in home if one.tag == qn("w:r")]
            runs[0].addprevious(mark) if runs else home.append(mark)
    return saved(edited)


def test_keys_survive_where_word_moves_bookmarks_to() -> None:
    assert keyed(as_word_saves_it(word(CONTRACT))) == WHOLE


def tracked(edited, kind: str, run):
    """Wrap a run as a tracked change."""
    change = OxmlElement(f"w:{kind}")
    change.set(qn("w:id"), "900")
    change.set(qn("w:author"), "Counsel")
    run.addprevious(change)
    change.append(run)
    for text in list(change.iter(qn("w:t"))):
        if kind == "del":
            text.tag = qn("w:delText")


def test_tracked_changes_count_as_made() -> None:
    edited = opened(word(CONTRACT))
    last = paragraph(edited, "The last words")
    tracked(edited, "del", last.runs[0]._r)
    tracked(edited, "ins", last.add_run("The new words.")._r)
    assert keyed(saved(edited))[-1] == ("clause:3", "The new words.")


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    edited = opened(word(CONTRACT))
    first = paragraph(edited, "grade: count")
    mark = first._p.get_or_add_pPr().get_or_add_rPr() if hasattr(first._p.get_or_add_pPr(), "get_or_add_rPr") else None
    if mark is None:
        mark = OxmlElement("w:rPr")
        first._p.get_or_add_pPr().append(mark)
    mark.append(OxmlElement("w:del"))
    assert ("clause:2", "grade: count by itshelter: count by it") in keyed(saved(edited))


def test_joined_paragraphs_stay_two_clauses() -> None:
    """Untracked, Word leaves both bookmarks in the one paragraph that is left."""
    edited = opened(as_word_saves_it(word(CONTRACT)))
    one, two = paragraph(edited, "2. Fields"), paragraph(edited, "grade: count")
    for child in list(two._p):
        if child.tag != qn("w:pPr"):
            one._p.append(child)
    two._p.getparent().remove(two._p)
    found = keyed(saved(edited))
    assert ("clause:2:heading", "2. Fields") in found
    assert ("clause:2", "grade: count by it") in found


def test_remarks_in_the_margin_come_with_the_key_they_stand_at() -> None:
    edited = opened(word(CONTRACT))
    edited.add_comment(paragraph(edited, "The last words").runs, text="Which law?", author="B. Stone")
    edited.add_comment(edited.tables[0].rows[1].cells[0].paragraphs[0].runs, text="Why grade?", author="B. Stone")
    found = {(one.key, one.author, one.text) for one in read_remarks(saved(edited))}
    assert found == {("clause:3", "B. Stone", "Which law?"), ("schedule", "B. Stone", "Why grade?")}
    assert read_remarks(word(CONTRACT)) == ()


@pytest.mark.parametrize("wrong", ["Clause", "a b", "", "é", "clause:" + "x" * 40])
def test_a_key_that_word_would_not_keep_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match="key"):
        mark_of(wrong)


def test_two_parts_cannot_have_one_key() -> None:
    with pytest.raises(ValueError, match="two parts"):
        Document("T", (Paragraph("a", key="one"), Paragraph("b", key="one")))


@given(st.from_regex(r"[a-z0-9][a-z0-9_.:-]{0,10}", fullmatch=True))
def test_a_key_is_found_again_from_its_bookmark(key) -> None:
    assert key_of(mark_of(key)) == key


LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(
    lambda text: UNWRITABLE.sub("", text.replace("\r", ""))
)
CELL = LETTERS.map(lambda text: text.replace("\t", " "))
PARTS = st.lists(
    st.one_of(
        st.builds(Heading, LETTERS, st.integers(1, 9)),
        st.builds(Paragraph, LETTERS, note=st.booleans()),
        st.builds(Bullets, st.lists(LETTERS, min_size=1, max_size=3).map(tuple), st.booleans()),
        st.lists(st.tuples(CELL, CELL), min_size=1, max_size=3).map(
            lambda rows: Table("Rows", ("A", "B"), tuple(rows))
        ),
    ),
    max_size=5,
)


def lines(part) -> list[str]:
    match part:
        case Bullets():
            return list(part.items)
        case Table():
            return ["\t".join(row) for row in part.rows]
        case _:
            return [part.text]


@settings(max_examples=40, deadline=None)
@given(LETTERS, PARTS)
def test_any_document_comes_back_word_for_word(title, parts) -> None:
    from dataclasses import replace

    named = tuple(replace(part, key=f"part:{number}") for number, part in enumerate(parts))
    content = word(Document(title, named))
    wanted = [(part.key, line) for part in named for line in lines(part)]
    assert keyed(content) == wanted
    assert [pair for pair in keyed(as_word_saves_it(content)) if pair[1]] == [pair for pair in wanted if pair[1]]
