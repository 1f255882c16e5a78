"""What may be attached is what it says it is."""

from __future__ import annotations

import io
import zipfile

import pytest

from infotrust.stages.requests import checks, files, services
from infotrust.stages.requests.lifecycle import State
from infotrust.stages.requests.terms import AttachmentRefused

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"


def word(*more: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name in ("[Content_Types].xml", "word/document.xml", *more):
            packed.writestr(name, "<x/>")
    return made.getvalue()


def test_a_pdf_and_a_word_file_are_recognized_by_what_is_in_them():
    assert files.recognized("letter.PDF", PDF).kind == "pdf"
    assert files.recognized("letter.docx", word()).kind == "docx"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.pdf", b""),
        ("letter.pdf", b"<html>not a paper</html>"),
        ("letter.pdf", word()),
        ("letter.docx", PDF),
        ("letter.docx", b"PK\x03\x04 broken"),
        ("letter.html", PDF),
        ("letter", PDF),
        ("letter.docx", word("word/vbaProject.bin")),
        ("letter.pdf", PDF[:-8] + b"x" * files.LARGEST),
    ],
    ids=["empty", "web page", "word as pdf", "pdf as word", "broken", "other kind", "no kind", "macros", "too large"],
)
def test_anything_else_is_refused_with_what_to_do(name, content):
    with pytest.raises(AttachmentRefused) as raised:
        files.recognized(name, content)
    assert raised.value.next_step


def test_a_name_cannot_lead_anywhere_or_break_a_header():
    assert files.clean_name('..\\..\\etc/pass"wd\r\nX: y.pdf') == "pass_wd__X_ y.pdf"


def test_what_a_rule_asks_for_is_checked_off_when_it_is_attached(town, begun):
    request = begun(environment="own")
    assert checks.missing_papers(request) == ["security_letter"]
    services.attach(request, tag="security_letter", name="letter.pdf", content=PDF, by=town.requester)
    assert checks.missing_papers(request) == []


def test_a_removed_paper_leaves_its_digest_and_not_its_content(town, begun):
    request = begun(only=())
    paper = services.attach(request, tag="other", name="letter.pdf", content=PDF, by=town.requester)
    services.remove_attachment(request, number=paper.pk, by=town.requester)
    paper.refresh_from_db()
    assert bytes(paper.content) == b""
    assert paper.digest


def test_papers_are_part_of_what_is_submitted(town, begun):
    plain = services.submit(begun(), by=town.requester)
    request = begun()
    services.attach(request, tag="other", name="letter.pdf", content=PDF, by=town.requester)
    with_paper = services.submit(request, by=town.requester)
    assert plain.answers == with_paper.answers
    assert plain.digest != with_paper.digest


def test_a_paper_is_a_download_and_each_reading_is_recorded(town, client, at_state):
    request = at_state(State.DRAFT)
    paper = services.attach(request, tag="other", name="letter.pdf", content=PDF, by=town.requester)
    client.force_login(town.requester)
    response = client.get(f"/requests/{request.code}/papers/{paper.pk}/")
    assert response["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.content == PDF
    client.force_login(town.board)
    assert client.get(f"/requests/{request.code}/papers/{paper.pk}/").status_code == 404
