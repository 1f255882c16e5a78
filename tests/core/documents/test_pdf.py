"""The PDF is tagged, titled and in its language, and shows every text as it is written."""

from __future__ import annotations

import io
from itertools import pairwise

import pypdf
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf.generic import ContentStream

from infotrust.core.documents import (
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    Signature,
    Signatures,
    Table,
    pdf,
)

MARKUP = '#read("/etc/passwd") #strike[x] *b* _i_ $a^2$ @ref <l> // c /* x */ \\ "q" `raw` = h - item {d} ]) --- ~'
EVERYTHING = Document(
    MARKUP,
    (
        Heading(MARKUP, 3),
        Paragraph(MARKUP),
        Paragraph(MARKUP, note=True),
        Bullets((MARKUP, "b")),
        Bullets((MARKUP,), numbered=True),
        Facts(((MARKUP, MARKUP),)),
        Table(MARKUP, ("A", "B"), ((MARKUP, "2"),)),
        Signatures((Signature(MARKUP, "N", "T"), Signature("O", signed="Ana Ruiz, July 1", digest="ab" * 32))),
    ),
    subtitle=MARKUP,
    language="es-US",
    footer=MARKUP,
)


def opened(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


# PDF 1.7, 14.8.4: the kinds that every reader knows. Any other must be mapped to one of them.
STANDARD = {
    *(
        "Document",
        "Part",
        "Art",
        "Sect",
        "Div",
        "BlockQuote",
        "Caption",
        "TOC",
        "TOCI",
        "Index",
        "NonStruct",
        "Private",
    ),
    *("P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody"),
    *("Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "Code", "Link"),
}


def elements(content: bytes) -> list:
    """All structure elements, in reading order."""
    found = []

    def visit(element) -> None:
        element = element.get_object()
        if isinstance(element, list):
            for child in element:
                visit(child)
        elif isinstance(element, dict):
            if "/S" in element:
                found.append(element)
            if "/K" in element:
                visit(element["/K"])

    visit(opened(content).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def tags(content: bytes) -> list[str]:
    return [str(element["/S"]) for element in elements(content)]


def test_it_says_that_it_is_pdf_ua_and_carries_title_and_language() -> None:
    root = opened(pdf(EVERYTHING)).trailer["/Root"]
    assert root["/Lang"] == "es-US"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 (a boolean of pypdf)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert opened(pdf(EVERYTHING)).metadata.title == MARKUP
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_each_part_has_the_tag_of_what_it_is() -> None:
    found = tags(pdf(EVERYTHING))
    assert found.count("/H1") == 1
    assert found.count("/TH") == 2
    assert found.count("/TD") == 2
    assert {"/Document", "/P", "/L", "/LI", "/Lbl", "/LBody", "/Table", "/THead", "/TBody", "/Caption"} <= set(found)


def test_each_header_of_a_table_says_of_what_it_is_the_header() -> None:
    headers = [one for one in elements(pdf(EVERYTHING)) if one["/S"] == "/TH"]
    scopes = [[str(part["/Scope"]) for part in one["/A"] if "/Scope" in part] for one in headers]
    assert scopes == [["/Column"], ["/Column"]]


def test_every_kind_of_element_is_one_that_readers_know_or_stands_for_one() -> None:
    content = pdf(EVERYTHING)
    mapped = opened(content).trailer["/Root"]["/StructTreeRoot"].get("/RoleMap", {})
    for kind in set(tags(content)):
        assert str(mapped.get(kind, kind)).removeprefix("/") in STANDARD, kind


def test_all_that_is_shown_belongs_to_an_element_or_is_said_to_be_decoration() -> None:
    reader = opened(pdf(EVERYTHING))
    for page in reader.pages:
        assert page["/Tabs"] == "/S"  # the keyboard goes in the order of the elements
        depth, shown = 0, 0
        for _operands, operator in ContentStream(page.get_contents(), reader).operations:
            depth += {b"BDC": 1, b"BMC": 1, b"EMC": -1}.get(operator, 0)
            if operator in {b"Tj", b"TJ"}:
                shown += 1
                assert depth
        assert shown


def test_every_font_is_in_the_file_and_its_letters_can_be_read_out() -> None:
    for page in opened(pdf(EVERYTHING)).pages:
        for font in (one.get_object() for one in page["/Resources"]["/Font"].values()):
            described = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described["/FontDescriptor"])
            assert "/ToUnicode" in font


def test_headings_follow_each_other_without_a_gap() -> None:
    parts = [Heading(str(level), level) for level in (1, 2, 3, 2, 1, 3, 2)]
    levels = [int(kind[2:]) for kind in tags(pdf(Document("T", tuple(parts)))) if kind.startswith("/H")]
    assert len(levels) == len(parts)
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_markup_in_a_text_is_shown_and_not_obeyed() -> None:
    letters = "".join("".join(page.extract_text() for page in opened(pdf(EVERYTHING)).pages).split())
    assert letters.count("".join(MARKUP.split())) >= 10


def test_the_same_document_is_the_same_bytes() -> None:
    assert pdf(EVERYTHING) == pdf(EVERYTHING)


def test_a_letter_that_no_font_shows_is_named() -> None:
    made = opened(pdf(Document("Title", (Paragraph("A smile \U0001f600 and \U00013000"),)))).pages[0].extract_text()
    assert "[EGYPTIAN HIEROGLYPH A001]" in " ".join(made.split())


def test_a_document_of_nothing_is_still_one() -> None:
    assert pdf(Document("", ())).startswith(b"%PDF")


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(max_codepoint=0x24F), max_size=60), st.text(st.characters(), max_size=8))
def test_any_text_makes_a_pdf(text, rare) -> None:
    made = pdf(Document(text, (Heading(text, 4), Paragraph(rare), Bullets((text,)), Table(text, ("A",), ((rare,),)))))
    assert made.startswith(b"%PDF")
