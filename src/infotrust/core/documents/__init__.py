"""A document as plain values, and its two forms: Word for lawyers who edit, tagged PDF for everyone who reads.

`word` and `pdf` are made from the same `Document`; `read_word` finds its keyed paragraphs again after someone edited
the file. No text given here is ever read as markup, in either form. Knows nothing of what a document is about.
"""

from infotrust.core.documents.parts import (
    Bullets,
    Document,
    Facts,
    Heading,
    Paragraph,
    Part,
    Signature,
    Signatures,
    Table,
)
from infotrust.core.documents.printing import pdf
from infotrust.core.documents.reading import Remark, read_remarks, read_word
from infotrust.core.documents.signatures import Embedded, embedded_signatures, is_whole_pdf
from infotrust.core.documents.writing import word

__all__ = [
    "Bullets",
    "Document",
    "Embedded",
    "Facts",
    "Heading",
    "Paragraph",
    "Part",
    "Remark",
    "Signature",
    "Signatures",
    "Table",
    "embedded_signatures",
    "is_whole_pdf",
    "pdf",
    "read_remarks",
    "read_word",
    "word",
]
