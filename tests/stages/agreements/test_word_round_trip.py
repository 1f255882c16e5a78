"""A lawyer edits the Word file; what comes back is proposed clause by clause; terms change in their forms only."""

from __future__ import annotations

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from infotrust.core.documents import pdf, word
from infotrust.core.documents.reading import NotAWordFile
from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import discussion_pages, queries, services


@pytest.fixture
def negotiated(town, draft):
    """A draft with a clause that the machine keeps, and one of the parties' own."""
    agreement = draft()
    services.choose_clause(agreement, key="small-numbers", by=town.schools.steward)
    services.write_clause(
        agreement, heading="Meetings", text="We meet monthly.", plain="We meet.", kept_by="us", by=town.schools.steward
    )
    return agreement


def sent() -> bytes:
    return word(queries.paper(queries.agreement("DSA-1")))


def edited(change) -> bytes:
    """What Word gives back after `change` was made to its paragraphs."""
    file = docx.Document(io.BytesIO(sent()))
    change(file)
    target = io.BytesIO()
    file.save(target)
    return target.getvalue()


def paragraph(file, start):
    return next(one for one in file.paragraphs if one.text.startswith(start))


def proposed(kind=None):
    rows = queries.proposals(queries.agreement("DSA-1"))
    return [row for row in rows if kind is None or row.kind == kind]


def test_an_unedited_file_proposes_nothing(town, negotiated):
    assert services.bring_back(negotiated, content=sent(), by=town.homeless.counsel) == services.BroughtBack(0, 0, 0)


def test_other_words_for_an_own_clause_are_accepted_into_the_draft(town, negotiated):
    content = edited(lambda file: setattr(paragraph(file, "We meet monthly"), "text", "We meet every week."))
    assert services.bring_back(negotiated, content=content, by=town.homeless.counsel).proposals == 1
    assert queries.clauses("DSA-1")[-1].text == "We meet monthly."
    (row,) = proposed()
    services.decide_proposal(row.pk, accept=True, by=town.schools.steward)
    assert queries.clauses("DSA-1")[-1].text == "We meet every week."
    assert queries.clauses("DSA-1")[-1].kept_by == "us"
    with pytest.raises(services.AgreementRefused, match="decided already"):
        services.decide_proposal(row.pk, accept=True, by=town.schools.steward)


def test_an_edit_of_a_clause_made_from_terms_is_a_wish_and_changes_nothing(town, negotiated):
    def shorter(file):
        term = paragraph(file, "This agreement begins on")
        term.text = term.text.replace("June 30", "March 31")

    found = services.bring_back(negotiated, content=edited(shorter), by=town.homeless.counsel)
    assert (found.proposals, found.wishes) == (0, 1)
    _agreement, (row,), _why_not = discussion_pages.proposals_page("DSA-1", by=town.schools.steward)
    assert (row.proposal.kind, row.proposal.clause, row.form) == ("terms", "term", "terms")
    before = queries.clauses("DSA-1")
    services.decide_proposal(row.proposal.pk, accept=True, by=town.schools.steward)
    assert queries.clauses("DSA-1") == before


def test_an_edited_schedule_is_a_wish_to_change_the_fields(town, negotiated):
    def no_counting(file):
        rows = [row for table in file.tables for row in table.rows]
        cell = next(row for row in rows if len(row.cells) == 4 and row.cells[2].text == "grade").cells[3]
        cell.text = "contribute"

    services.bring_back(negotiated, content=edited(no_counting), by=town.homeless.counsel)
    (row,) = proposed()
    assert (row.kind, row.clause) == ("terms", "fields")
    _agreement, (shown,), _why_not = discussion_pages.proposals_page("DSA-1", by=town.schools.steward)
    assert shown.form == "datasets"
    assert "count by it" in "".join(piece.text for piece in shown.pieces if piece.kind == "removed")


def test_new_paragraphs_are_a_new_clause_and_missing_ones_a_clause_left_out(town, negotiated):
    def change(file):
        for start in ("15. Meetings", "We meet monthly", "We meet."):
            gone = paragraph(file, start)._p
            gone.getparent().remove(gone)
        signatures = paragraph(file, "Signatures")
        signatures.insert_paragraph_before("16. Insurance")
        signatures.insert_paragraph_before("Each party insures itself against loss of data.")

    services.bring_back(negotiated, content=edited(change), by=town.homeless.counsel)
    (gone,), (new,) = proposed("remove"), proposed("add")
    assert (gone.clause, new.heading) == ("own-1", "Insurance")
    services.decide_proposal(gone.pk, accept=True, by=town.schools.steward)
    services.decide_proposal(new.pk, accept=True, by=town.schools.steward)
    assert [(one.heading, one.text) for one in queries.clauses("DSA-1")][-1] == (
        "Insurance",
        "Each party insures itself against loss of data.",
    )


def test_rewording_what_the_machine_keeps_is_said_before_it_is_accepted(town, negotiated):
    content = edited(
        lambda file: setattr(paragraph(file, "No number that stands"), "text", "Small numbers are hidden.")
    )
    services.bring_back(negotiated, content=content, by=town.homeless.counsel)
    _agreement, (row,), _why_not = discussion_pages.proposals_page("DSA-1", by=town.schools.steward)
    assert row.was_machine
    services.decide_proposal(row.proposal.pk, accept=True, by=town.schools.steward)
    assert queries.machine_terms(queries.agreement("DSA-1")) == {}


def test_remarks_in_the_margin_become_comments_once(town, negotiated):
    def remark(file):
        file.add_comment(paragraph(file, "This agreement begins on").runs, text="Which law?", author="B. Stone")

    content = edited(remark)
    assert services.bring_back(negotiated, content=content, by=town.homeless.counsel).comments == 1
    assert services.bring_back(negotiated, content=content, by=town.homeless.counsel).comments == 0
    (thread,) = queries.threads(negotiated)
    assert (thread.clause, thread.file_author, thread.text) == ("term", "B. Stone", "Which law?")


def test_a_newer_file_of_one_party_takes_the_place_of_its_older_one(town, negotiated):
    for text in ("We meet weekly.", "We meet yearly."):
        content = edited(lambda file, text=text: setattr(paragraph(file, "We meet monthly"), "text", text))
        services.bring_back(negotiated, content=content, by=town.homeless.counsel)
    assert [row.text for row in proposed()] == ["We meet yearly."]


def test_under_review_words_can_be_refused_with_a_reason_but_not_accepted(town, negotiated):
    content = edited(lambda file: setattr(paragraph(file, "We meet monthly"), "text", "We never meet."))
    services.submit_for_review(negotiated, by=town.schools.steward)
    services.bring_back(negotiated, content=content, by=town.homeless.counsel)
    (row,) = proposed()
    with pytest.raises(ImpossibleMove):
        services.decide_proposal(row.pk, accept=True, by=town.schools.steward)
    with pytest.raises(services.AgreementRefused, match="needs a reason"):
        services.decide_proposal(row.pk, accept=False, by=town.schools.steward)
    with pytest.raises(NotPermitted):
        services.decide_proposal(row.pk, accept=False, reason="No.", by=town.health.steward)
    services.decide_proposal(row.pk, accept=False, reason="We do meet.", by=town.schools.steward)


def test_files_that_are_none_or_from_elsewhere_are_refused_and_nothing_is_lost(town, negotiated, client):
    with pytest.raises(NotAWordFile):
        services.bring_back(negotiated, content=b"hello", by=town.homeless.counsel)
    elsewhere = io.BytesIO()
    docx.Document().save(elsewhere)
    with pytest.raises(services.AgreementRefused, match="does not carry the marks"):
        services.bring_back(negotiated, content=elsewhere.getvalue(), by=town.homeless.counsel)
    client.force_login(town.homeless.counsel)
    address = reverse("agreements:back", args=["DSA-1"])
    answer = client.post(address, {"file": SimpleUploadedFile("a.docx", b"hello")})
    assert "not a Word document" in answer.content.decode()
    assert len(queries.clauses("DSA-1")) == 15


def test_the_pages_of_documents(town, negotiated, client):
    client.force_login(town.homeless.counsel)
    answer = client.get(reverse("agreements:word", args=["DSA-1"]))
    assert answer["Content-Disposition"] == 'attachment; filename="DSA-1.docx"'
    content = edited(lambda file: setattr(paragraph(file, "We meet monthly"), "text", "We meet weekly."))
    upload = SimpleUploadedFile("DSA-1.docx", content)
    back = client.post(reverse("agreements:back", args=["DSA-1"]), {"file": upload}, follow=True)
    assert "1 change of words" in back.content.decode()
    (row,) = proposed()
    decide = reverse("agreements:decide", args=["DSA-1", row.pk])
    assert "needs a reason" in client.post(decide, {"answer": "refuse"}, follow=True).content.decode()
    assert "in the draft" in client.post(decide, {"answer": "accept"}, follow=True).content.decode()
    assert client.get(reverse("agreements:pdf", args=["DSA-1"])).content.startswith(b"%PDF")


def test_the_pdf_carries_signatures_and_digests(town, signed):
    import pypdf

    signed()
    agreement = queries.agreement("DSA-1")
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(queries.paper(agreement)))).pages)
    assert text.replace("\n", "").count(agreement.text_digest) == 3
    assert f"Signed by {town.schools.board_member.name}" in text
