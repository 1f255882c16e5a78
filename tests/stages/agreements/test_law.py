"""A law that is added or changed decides without anyone touching an agreement; the strictest law is an option."""

from __future__ import annotations

import pytest
from django.utils import timezone

from infotrust.core import law
from infotrust.shared.permissions import laws
from infotrust.shared.permissions import services as permissions
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import pages, queries, services, simulating

RULES = """
@id("city/nothing") @law("ferpa") @cite("City Code 1") @reviewed("K")
@plain("The city lets nothing be counted.")
forbid (principal, action == Trust::Action::"aggregate", resource in Trust::LawClass::"ferpa");
"""


@pytest.fixture
def own_law(tmp_path):
    text = (
        "code: city\ntitle: City rule\nshort: City rule\npublic: City rule\ncitation: City Code 1\njurisdiction: XX\n"
        "plain: Nothing is counted.\ndata: School records.\nholders: Schools.\n"
    )
    (tmp_path / "city.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "city.cedar").write_text(
        RULES.replace('@law("ferpa")', '@law("city")').replace('LawClass::"ferpa"', 'LawClass::"city"'),
        encoding="utf-8",
    )
    law.use(tmp_path)
    yield
    law.use(None)


def test_policies_are_published_anew_when_a_law_was_added_and_only_then(signed, request):
    signed()
    before = permissions.current_version().number
    assert services.keep_up_with_the_law() is False
    assert permissions.current_version().number == before
    request.getfixturevalue("own_law")
    assert services.keep_up_with_the_law() is True
    version = permissions.current_version()
    assert version.number == before + 1
    assert "city/nothing" in version.policies
    assert services.keep_up_with_the_law() is False


def test_without_any_policy_there_is_nothing_to_keep_up(db):
    assert services.keep_up_with_the_law() is False


def test_the_strictest_law_is_chosen_in_the_terms_and_stands_in_the_text(town, draft):
    agreement = draft(strictest=True)
    assert queries.terms_of(queries.agreement(agreement.code)).strictest
    text = pages.agreement_page(agreement.code, by=town.schools.counsel, at=timezone.now()).text
    assert "The strictest law" in text


# --- what it will truly give ---


def test_before_signature_the_page_names_the_law_that_still_stands_in_the_way(client, town, draft):
    draft(purposes=["service", "linkage"])
    client.force_login(town.schools.counsel)
    page = client.get("/agreements/DSA-1/").content.decode()
    assert "A law still stands in the way" in page
    assert "34 CFR 99.31(a)(3)" in page
    assert "and nobody else either" in page
    assert "to be confirmed by counsel" in page


def test_what_stands_in_no_ones_way_is_said_to_be_given(client, town, draft):
    draft(recipients=[town.schools.agency, town.homeless.agency])
    client.force_login(town.schools.counsel)
    page = client.get("/agreements/DSA-1/").content.decode()
    assert "Nothing stands in the way" in page
    assert "Analysts of Marigold Schools, Marigold Homeless-Services" in page


def test_after_signature_it_is_not_foreseen_any_more(client, town, signed):
    signed()
    client.force_login(town.schools.counsel)
    assert "What it will truly give" not in client.get("/agreements/DSA-1/").content.decode()


def test_what_was_foreseen_is_what_happens(town, draft):
    """The lines of the page, asked again of the published policies once the agreement is in force."""
    agreement = draft(recipients=[town.schools.agency, town.homeless.agency], purposes=["planning", "linkage"])
    foreseen = simulating.foresee(queries.terms_of(queries.agreement("DSA-1")), at=timezone.now())
    services.submit_for_review(agreement, by=town.schools.steward)
    for people in (town.schools, town.homeless):
        services.review(agreement, approve=True, by=people.counsel)
    for people in (town.schools, town.homeless):
        services.sign(agreement, by=people.board_member)
    asked = permissions.FieldRequest(
        town.homeless.analyst, "aggregate", "school-enrollment", "grade", "planning", "DSA-1", timezone.now()
    )
    assert any("Analysts of" in line.who and "Grade" in line.fields for line in foreseen.allowed)
    assert permissions.decide(asked).allowed


# --- the register's pages ---


def test_counsel_confirms_a_law_in_the_text_that_was_shown(client, town):
    client.force_login(town.schools.counsel)
    shown = law.regime("ferpa").digest
    assert "by nobody yet" in client.get("/law/regime/ferpa/").content.decode()
    client.post("/law/regime/ferpa/", {"seen": "0" * 64, "note": "Read."})
    assert not laws.reviewed("ferpa").reviews
    client.post("/law/regime/ferpa/", {"seen": shown, "note": "Read, and our state adds nothing."})
    found = laws.reviewed("ferpa")
    assert found.current
    assert "our state adds nothing" in client.get("/law/regime/ferpa/").content.decode()
    assert "Marigold Schools" in client.get("/law/").content.decode()


def test_nobody_but_counsel_confirms_a_law_by_any_route(client, town):
    client.force_login(town.schools.steward)
    page = client.get("/law/regime/ferpa/").content.decode()
    assert "I have reviewed this text" not in page
    answer = client.post("/law/regime/ferpa/", {"seen": law.regime("ferpa").digest})
    assert answer.status_code == 403
    with pytest.raises(NotPermitted):
        laws.confirm("ferpa", seen=law.regime("ferpa").digest, by=town.schools.steward)
    assert not laws.reviewed("ferpa").reviews


def test_a_review_of_an_older_text_is_told_as_such(client, town):
    made = laws.confirm("ferpa", seen=law.regime("ferpa").digest, by=town.schools.counsel)
    type(made).objects.update(digest="0" * 64)
    client.force_login(town.schools.steward)
    assert "an older text" in client.get("/law/").content.decode()
    assert "of an older text" in client.get("/law/regime/ferpa/").content.decode()


def test_the_page_of_a_law_shows_what_it_governs_and_under_which_agreement(client, town, signed):
    signed()
    client.force_login(town.schools.analyst)
    page = client.get("/law/regime/ferpa/").content.decode()
    assert "School Enrollment" in page
    assert "DSA-1" in page
    assert "ferpa/purpose" in page
    assert client.get("/law/regime/no-such-law/").status_code == 404


# --- words bound to a test ---


@pytest.mark.parametrize(
    ("fields", "word", "why"),
    [
        (["grade"], "De-identified (Safe Harbor)", ""),
        (["grade", "birth_date"], "Limited data set", "finer than a year"),
        (["grade", "last_name"], "Identified", "tells who the person is"),
    ],
)
def test_a_word_is_decided_by_the_columns_that_are_chosen(client, town, fields, word, why):
    client.force_login(town.schools.analyst)
    page = client.get("/law/words/school-enrollment/", {"field": fields}).content.decode()
    told = page.split('role="status"')[1].split("<h2>")[0]
    assert f">{word}</h3>" in told
    assert why in told


def test_without_fields_it_asks_for_one_and_an_unknown_dataset_is_not_there(client, town):
    client.force_login(town.schools.analyst)
    assert "Choose at least one field" in client.get("/law/words/school-enrollment/").content.decode()
    assert client.get("/law/words/nothing/").status_code == 404
    assert "Safe Harbor" in client.get("/law/words/").content.decode()
