"""A document as a Word file (.docx): real heading styles, heading rows, language and title, keys as hidden bookmarks.

A bookmark stands around a part, not inside it, so that replacing the words of a paragraph leaves it where it was.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor
from docx.text.paragraph import Paragraph as Line

from infotrust.core.documents.parts import (
    BLANK,
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    Part,
    Signature,
    Signatures,
    Table,
    levels,
    mark_of,
    plain,
    to_sign,
)

INK = RGBColor(0x1B, 0x1B, 0x1B)
QUIET = RGBColor(0x56, 0x5C, 0x65)
TEXT_WIDTH = 6.5


def word(document: Document) -> bytes:
    """Return `document` as the bytes of a .docx file that `read_word` can read again."""
    made: Any = docx.Document()
    _prepare(made, document)
    made.add_paragraph(plain(document.title), style="Title")
    if document.subtitle:
        made.add_paragraph(plain(document.subtitle), style="Subtitle")
    for number, (part, level) in enumerate(levels(document.parts)):
        added = list(_add(made, part, level))
        key = getattr(part, "key", "")
        if key and added:
            _mark(added[0], added[-1], mark_of(key), number)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def _add(made: Any, part: Part, level: int) -> Iterator[Any]:
    """Add one part; yield its top-level XML elements in order."""
    match part:
        case Heading():
            yield made.add_paragraph(plain(part.text), style=f"Heading {level}")._p
        case Paragraph():
            yield made.add_paragraph(plain(part.text), style="Note" if part.note else "Normal")._p
        case Bullets():
            style = "List Number" if part.numbered else "List Bullet"
            for item in part.items:
                yield made.add_paragraph(plain(item), style=style)._p
        case Table():
            if part.caption:
                made.add_paragraph(plain(part.caption), style="Caption").paragraph_format.keep_with_next = True
            yield _table(made, part.columns, part.rows, part.caption)
        case Facts():
            for label, value in part.pairs:
                paragraph = made.add_paragraph()
                paragraph.add_run(plain(f"{label}: ")).bold = True
                paragraph.add_run(plain(value))
                yield paragraph._p
        case Signatures():
            for signature in part.signatures:
                yield from _signature(made, signature)


def _table(made: Any, columns: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> Any:
    table = made.add_table(rows=1 + len(rows), cols=len(columns), style="Table Grid")
    table.autofit = False
    # By way of the rows' own elements: python-docx works a cell's place out anew for each cell of a table.
    for row, values in zip(table._tbl.tr_lst, (columns, *rows), strict=True):
        _property(row.get_or_add_trPr(), "w:cantSplit")
        for cell, value in zip(row.tc_lst, values, strict=True):
            cell.width = Inches(TEXT_WIDTH / len(columns))
            paragraph = Line(cell.p_lst[0], table)
            paragraph.add_run(plain(value)).bold = True if row is table._tbl.tr_lst[0] else None
            paragraph.paragraph_format.space_after = Pt(2)
    _property(table._tbl.tr_lst[0].get_or_add_trPr(), "w:tblHeader")
    if caption:
        _property(table._tbl.tblPr, "w:tblCaption", plain(caption))
    return table._tbl


def _signature(made: Any, signature: Signature) -> Iterator[Any]:
    lines = [signature.organization]
    if signature.signed:
        lines += [signature.signed, ", ".join(filter(None, (signature.name, signature.title))), signature.digest]
    else:
        lines += to_sign(signature)
    shown = [line for line in map(plain, lines) if line]
    for number, line in enumerate(shown):
        paragraph = made.add_paragraph(style="Note" if line == signature.digest else "Normal")
        paragraph.add_run(line).bold = number == 0 or None
        # One block stays on one page; the next may begin another.
        paragraph.paragraph_format.keep_with_next = number + 1 < len(shown)
        paragraph.paragraph_format.space_before = Pt(18 if number == 0 or line.endswith(BLANK) else 0)
        yield paragraph._p


def _prepare(made: Any, document: Document) -> None:
    """Set the title, the language, the page and the styles that a lawyer expects to find."""
    made.core_properties.title = plain(document.title)
    made.core_properties.language = document.language
    made.core_properties.author = ""
    made.core_properties.comments = ""
    section = made.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Inches(1)
    for name, size in (("Normal", 11), ("Title", 20), ("Subtitle", 12), ("Heading 1", 14), ("Heading 2", 12)):
        _dress(made.styles[name], size)
    for name in ("Heading 3", "Heading 4", "Heading 5", "Heading 6", "Caption"):
        _dress(made.styles[name], 11)
    note = made.styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH)
    note.base_style = made.styles["Normal"]
    _dress(note, 9)
    note.font.color.rgb, note.font.italic = QUIET, True
    _speak(made.styles.element, document.language)
    _foot(section, plain(document.footer))


def _dress(style: Any, size: int) -> None:
    style.font.name, style.font.size, style.font.color.rgb = "Georgia", Pt(size), INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for which in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(which), "Georgia")
    for which in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(which), None)


def _speak(styles: Any, language: str) -> None:
    for found in styles.iter(qn("w:lang")):
        found.set(qn("w:val"), language)


def _foot(section: Any, text: str) -> None:
    """A footer with its text and the number of the page, which Word works out."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(f"{text}  ·  " if text else "")
    run.font.size = Pt(9)
    number = paragraph.add_run()
    number.font.size = Pt(9)
    for kind in ("begin", "", "end"):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = "PAGE"
        number._r.append(element)


def _property(parent: Any, name: str, value: str = "") -> None:
    element = OxmlElement(name)
    if value:
        element.set(qn("w:val"), value)
    parent.append(element)


def _mark(first: Any, last: Any, name: str, number: int) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    first.addprevious(start)
    last.addnext(end)
