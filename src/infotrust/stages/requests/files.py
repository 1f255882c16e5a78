"""What may be attached: a PDF or a Word file that is what its name says, without macros, and no larger than agreed.

Papers are kept in the database with the request: they are backed up with it, they are never executed or rendered here,
and they are handed out only as downloads. They hold no record of the trust's data, so the sealed rooms are not theirs.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass

from django.utils.translation import gettext as _

from infotrust.stages.requests.terms import AttachmentRefused

LARGEST = 10 * 1024 * 1024
# A Word file that unpacks to more than this is refused unread: a small zip can hold an enormous one.
LARGEST_UNPACKED = 200 * 1024 * 1024
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class Recognized:
    """A file's cleaned name, its kind ("pdf" or "docx") and the SHA-256 of its bytes (hex)."""

    name: str
    kind: str
    digest: str


def recognized(name: str, content: bytes) -> Recognized:
    """Return what a file is; raises `AttachmentRefused`, which says what to do."""
    plain = clean_name(name)
    if not content:
        raise AttachmentRefused(_("The file is empty."), next_step=_("Choose it again."))
    if len(content) > LARGEST:
        raise AttachmentRefused(
            _("The file has %(size).1f MB; at most %(most)d MB are possible.")
            % {"size": len(content) / 2**20, "most": LARGEST // 2**20},
            next_step=_("Save it with smaller pictures, or split it."),
        )
    kind = plain.rpartition(".")[2].lower()
    if kind not in CONTENT_TYPES or not {"pdf": _is_pdf, "docx": _is_word}[kind](content):
        raise AttachmentRefused(
            _("This is not a PDF or a Word file (.docx)."), next_step=_("Save the paper as one of the two.")
        )
    return Recognized(plain, kind, hashlib.sha256(content).hexdigest())


def clean_name(name: str) -> str:
    """The last part of a name, of letters that stand in any file system and in a header."""
    last = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[^\w.() -]", "_", last).strip(" .")[-120:] or "paper"


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]


def _is_word(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = {one.filename for one in packed.infolist()}
            unpacked = sum(one.file_size for one in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise AttachmentRefused(_("This Word file contains macros."), next_step=_("Save it as .docx without macros."))
    return {"[Content_Types].xml", "word/document.xml"} <= names and unpacked <= LARGEST_UNPACKED
