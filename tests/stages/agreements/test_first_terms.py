"""What a draft begins with, so that a drafter need not guess; and what is said before anyone signs for nothing."""

from __future__ import annotations

import io

import docx
from django.utils import timezone

from infotrust.stages.agreements import checks, first_terms, queries, services, simulating


def _page(client, person, address="/agreements/DSA-1/"):
    client.force_login(person)
    return client.get(address).content.decode()


def test_an_empty_draft_has_the_next_name_its_own_agency_and_those_who_link_and_count(town, draft):
    year = timezone.localdate().year
    draft(code=f"DSA-{year}-01")
    first = first_terms.of_nothing(by=town.schools.steward)
    assert first["code"] == f"DSA-{year}-02"
    assert first["parties"] == ["schools"]
    assert set(first["recipients"]) == {"schools", "homeless-services", "health"}
    assert first["purposes"] == ["linkage"]
    assert first["starts_on"] == timezone.localdate()


def test_whoever_ticks_a_use_need_not_tick_that_the_field_is_sent(client, town, draft):
    agreement = draft()
    client.force_login(town.schools.steward)
    client.post(
        "/agreements/DSA-1/datasets/school-enrollment/", {"uses-last_name": ["link"], "uses-grade": ["aggregate"]}
    )
    agreed = queries.uses_by_field(queries.agreement(agreement.code), "school-enrollment")
    assert agreed == {"last_name": ["contribute", "link"], "grade": ["contribute", "aggregate"]}


def test_a_slip_is_named_once_for_its_fields_in_the_words_of_the_form(town, draft):
    draft(purposes=["planning"])
    terms = queries.terms_of(queries.agreement("DSA-1"))
    wrong = checks.problems(terms, timezone.localdate())
    assert any(
        one.startswith("School Enrollment, Last name, Birth date: to be linked by, but “Linking records”")
        for one in wrong
    )
    assert len(wrong) == 2
    assert not any("last_name" in one or "linkage" in one for one in wrong)


def test_an_agreement_that_would_give_its_rights_to_nobody_says_so_before_it_is_signed(
    client, town, draft, make_agency
):
    make_agency("council")
    agreement = draft()
    services.change_terms(agreement, **_terms(agreement, recipients=[make_agency("council")]), by=town.schools.steward)
    page = _page(client, town.schools.counsel)
    assert "Allowed, and yet of no use to anyone" in page
    assert "nobody could link the records. Add to the recipients: Marigold Health" in page
    assert "Nothing stands in the way" not in page


def test_data_sets_that_nothing_links_are_named(town, draft):
    agreement = draft()
    services.add_dataset(
        agreement,
        dataset="homeless-clients",
        uses={"shelter": {"contribute", "aggregate"}},
        by=town.homeless.steward,
    )
    found = simulating.foresee(queries.terms_of(queries.agreement("DSA-1")), at=timezone.now())
    assert [one for one in found.gaps if "“Homeless Clients” is to be linked by" in one]


def _terms(agreement, **changes):
    found = queries.agreement(agreement.code)
    return {
        "title": found.title,
        "why": found.why,
        "parties": [party.agency for party in found.parties.all()],
        "purposes": [row.purpose for row in found.purposes.all()],
        "level": found.level,
        "starts_on": found.starts_on,
        "ends_on": found.ends_on,
        "retention_days": found.retention_days,
        "publication_threshold": found.publication_threshold,
    } | changes


def test_the_last_signature_says_that_it_is_in_force_and_what_comes_next_under_its_new_name(client, town, signed):
    agreement = signed()
    next_edition = services.amend(agreement, reason="A longer term.", by=town.schools.steward)
    services.submit_for_review(next_edition, by=town.schools.steward)
    for people in (town.schools, town.homeless):
        services.review(next_edition, approve=True, by=people.counsel)
    services.sign(next_edition, by=town.schools.board_member)
    member = town.homeless.board_member
    member.set_password("a long password")
    member.save()
    client.force_login(member)
    typed = {"full_name": member.name, "password": "a long password", "read": "on"}
    answer = client.post(f"/agreements/{next_edition.code}/sign/", typed | {"seen": next_edition.text_digest})
    assert answer.headers["Location"] == "/agreements/DSA-1/"
    page = client.get("/agreements/DSA-1/").content.decode()
    assert "DSA-1 is in force now. Next, the data stewards deliver" in page


def test_the_word_file_has_what_a_lawyer_looks_for_in_the_usual_order(client, town, draft):
    draft()
    client.force_login(town.schools.counsel)
    found = docx.Document(io.BytesIO(client.get("/agreements/DSA-1/word/").content))
    headings = [one.text for one in found.paragraphs if one.style.name.startswith("Heading")]
    numbered = [one for one in headings if one[0].isdigit()]
    assert headings == [
        "Background",
        "Defined terms",
        *numbered,
        "Signatures",
        "Exhibit A: The data",
        "Exhibit B: The laws that govern the data",
        "Annex: clauses that the software keeps",
    ]
    text = "\n".join(one.text for one in found.paragraphs)
    assert "This data sharing agreement (the “Agreement”) is made between Marigold" in text
    assert "(a “Party”) and Marigold" in text
    assert "They are listed in Exhibit A." in text
    assert "Kept by the software" not in text
    for line in ("By: ___", "Name: ___", "Title: ___", "Date: ___"):
        assert text.count(line) == 2
    cells = {cell.text for table in found.tables for row in table.rows for cell in row.cells}
    assert "“Data”" in text
    assert {"School Enrollment", "Birth date", "FERPA: education records"} <= cells
