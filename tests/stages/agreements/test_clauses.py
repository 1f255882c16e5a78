"""Kinds of agreement, clauses chosen and written, starting from an earlier agreement."""

from __future__ import annotations

import pytest
from django.urls import reverse

from infotrust.core.errors import UserFacingError
from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.agreements import clause_pages, library, pages, queries, services
from infotrust.stages.agreements.lifecycle import State


def page(name, *args):
    return reverse(f"agreements:{name}", args=args)


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def own(agreement, by, **changes):
    words = {"heading": "Meetings", "text": "We meet monthly.", "plain": "We meet.", "kept_by": "the contacts"}
    return services.write_clause(agreement, **{**words, **changes}, by=by)


def clauses_of(code):
    return {clause.key: clause for clause in queries.clauses(code)}


def test_chosen_and_written_clauses_stand_in_the_text_after_the_made_ones(town, draft):
    agreement = draft()
    services.choose_clause(agreement, key="small-numbers", by=town.schools.steward)
    own(agreement, town.schools.steward)
    keys = list(clauses_of("DSA-1"))
    assert keys[-3:] == ["ending", "small-numbers", "own-1"]
    assert "14. Small numbers. No number that stands for fewer than 11" in core_text("DSA-1")


def core_text(code):
    from infotrust.core.policy.clauses import agreement_text

    return agreement_text(queries.terms_of(queries.agreement(code)))


def test_terms_that_contradict_a_clause_cannot_be_sent_for_review(town, draft):
    agreement = draft(publication_threshold=5)
    services.choose_clause(agreement, key="small-numbers", by=town.schools.steward)
    with pytest.raises(services.AgreementRefused) as refused:
        services.submit_for_review(agreement, by=town.schools.steward)
    assert "contradict the clause “Small numbers”" in refused.value.next_step


def test_a_reworded_clause_is_kept_by_people_from_then_on(town, draft):
    agreement = draft()
    services.choose_clause(agreement, key="small-numbers", by=town.schools.steward)
    assert not clauses_of("DSA-1")["small-numbers"].by_people
    own(agreement, town.schools.steward, key="small-numbers")
    assert clauses_of("DSA-1")["small-numbers"].by_people
    assert queries.machine_terms(queries.agreement("DSA-1")) == {}


def test_two_who_reword_one_clause_at_once_lose_no_words(town, draft, as_):
    agreement = draft()
    clause = own(agreement, town.schools.steward)
    seen = services.fingerprint(clause)
    own(agreement, town.homeless.counsel, key="own-1", text="We meet weekly.")
    with pytest.raises(SavedMeanwhile):
        own(agreement, town.schools.steward, key="own-1", text="We never meet.", seen=seen)
    words = {"heading": "Meetings", "text": "We never meet.", "plain": "No.", "kept_by": "us", "seen": seen}
    answer = as_(town.schools.steward).post(page("reword", "DSA-1", "own-1"), words)
    text = answer.content.decode()
    assert "Someone saved while you were writing" in text
    assert ">\nWe never meet.</textarea>" in text
    again = {**words, "seen": answer.context["form"]["seen"].value()}
    assert as_(town.schools.steward).post(page("reword", "DSA-1", "own-1"), again).status_code == 302
    assert clauses_of("DSA-1")["own-1"].text == "We never meet."


def test_two_who_change_the_terms_at_once_lose_no_words(town, draft, as_):
    agreement = draft()
    client = as_(town.schools.steward)
    shown = client.get(page("terms", "DSA-1")).context["form"].initial
    services.write_clause(agreement, heading="H", text="T", plain="P", kept_by="K", by=town.homeless.counsel)
    filled = {name: value for name, value in shown.items() if value is not None and value is not False}
    answer = client.post(page("terms", "DSA-1"), {**filled, "why": "My other reason."})
    assert "My other reason." in answer.content.decode()
    assert queries.agreement("DSA-1").why != "My other reason."
    again = {**filled, "why": "My other reason.", "seen": answer.context["form"]["seen"].value()}
    assert client.post(page("terms", "DSA-1"), again).status_code == 302
    assert queries.agreement("DSA-1").why == "My other reason."


def test_a_long_paste_is_refused_and_stays_in_the_form(town, draft, as_):
    draft()
    long = "word " * 5_000
    answer = as_(town.schools.steward).post(page("write", "DSA-1"), {"heading": "H", "text": long, "plain": "p"})
    assert answer.status_code == 200
    assert "at most 20000 characters" in answer.content.decode()
    assert long.strip() in answer.content.decode()


def test_clauses_change_in_a_draft_only(town, draft):
    agreement = draft()
    services.submit_for_review(agreement, by=town.schools.steward)
    with pytest.raises(ImpossibleMove):
        services.choose_clause(agreement, key="own-costs", by=town.schools.steward)
    with pytest.raises(NotPermitted):
        services.choose_clause(agreement, key="own-costs", by=town.schools.analyst)


def test_a_memorandum_is_in_force_without_opening_anything(town, draft):
    memorandum = draft("EMOU-1", datasets=(), kind="emou", purposes=[], recipients=[])
    services.choose_clause(memorandum, key="vision", by=town.schools.steward)
    services.submit_for_review(memorandum, by=town.schools.steward)
    for people in (town.schools, town.homeless):
        services.review(memorandum, approve=True, by=people.counsel)
    for people in (town.schools, town.homeless):
        services.sign(memorandum, by=people.board_member)
    assert memorandum.state == State.IN_FORCE
    assert queries.policy_version() in {0, 1}
    assert queries.covering("school-enrollment") == []
    under = draft("DSA-2", under="EMOU-1")
    assert "It stands under EMOU-1" in core_text("DSA-2")
    assert under.under == memorandum


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "dul"}, "not drafted here"),
        ({"kind": "dsa", "binding": False}, "binds its parties"),
        ({"kind": "emou", "under": "DSA-1"}, "does not stand under"),
        ({"kind": "treaty"}, "no kind of agreement"),
    ],
)
def test_a_kind_that_does_not_fit_is_refused(town, draft, changes, says):
    draft()
    with pytest.raises(UserFacingError, match=says):
        draft("X-1", datasets=(), **changes)


def test_starting_from_an_earlier_agreement_shows_only_what_differs(town, signed):
    earlier = signed()
    made, gone = services.draft_from(
        earlier,
        code="DSA-2",
        title="Again",
        starts_on=earlier.starts_on,
        ends_on=earlier.ends_on,
        by=town.schools.steward,
    )
    assert gone == ()
    (title,) = clause_pages.differences_of(queries.agreement("DSA-2")).changed
    assert (title.heading, title.number) == ("Title and reason", 0)
    services.choose_clause(made, key="own-costs", by=town.schools.steward)
    services.remove_dataset(made, dataset="homeless-clients", by=town.schools.steward)
    found = clause_pages.differences_of(queries.agreement("DSA-2"))
    assert {(one.kind, one.heading) for one in found.changed} == {
        ("changed", "Title and reason"),
        ("changed", "Datasets"),
        ("changed", "Fields and uses"),
        ("added", "Costs"),
    }
    assert len(found.same) == 11


def test_fields_that_left_the_inventory_are_not_taken_over_and_named(town, signed):
    from infotrust.stages.agreements.models import AgreementField

    earlier = signed()
    AgreementField.objects.filter(name="grade").update(name="gone_field")
    _made, gone = services.draft_from(
        queries.agreement("DSA-1"),
        code="DSA-2",
        title="Again",
        starts_on=earlier.starts_on,
        ends_on=earlier.ends_on,
        by=town.schools.steward,
    )
    assert gone == ("school-enrollment, gone_field",)


def test_nothing_starts_from_words_that_nobody_approved(town, draft):
    with pytest.raises(services.AgreementRefused, match="Nobody has approved"):
        services.draft_from(draft(), code="DSA-2", title="T", starts_on=None, ends_on=None, by=town.schools.steward)


def test_a_new_version_in_the_library_leaves_agreements_as_they_are(town, draft):
    agreement = draft()
    services.choose_clause(agreement, key="own-costs", by=town.schools.steward)
    words = {
        "heading": "Costs",
        "text": "Schools pay.",
        "plain": "Schools pay.",
        "kinds": ["dsa"],
        "kept_by": "schools",
    }
    entry = services.keep_in_library(key="own-costs", **words, by=town.schools.counsel)
    assert entry.version == 2
    assert library.clause("own-costs").text == "Schools pay."
    assert clauses_of("DSA-1")["own-costs"].text != "Schools pay."
    with pytest.raises(NotPermitted):
        services.keep_in_library(key="x", **words, by=town.schools.steward)
    with pytest.raises(services.AgreementRefused):
        services.keep_in_library(key="x", **{**words, "kept_by": ""}, by=town.schools.counsel)


def test_a_trust_has_its_own_word_for_a_kind(town):
    services.name_kind(kind="dsa", name="Data use agreement", by=town.schools.counsel)
    assert library.kind_titles()["dsa"] == "Data use agreement (DSA)"


def test_every_page_of_clauses_is_shown_and_works(town, signed, draft, as_):
    signed(code="DSA-0")
    draft()
    client = as_(town.schools.steward)
    for address in (
        page("clauses", "DSA-1"),
        page("write", "DSA-1"),
        page("choose", "DSA-1", "no-rows"),
        page("start", "DSA-0"),
        page("differing", "DSA-1"),
        page("library"),
        page("new"),
    ):
        assert client.get(address).status_code == 200, address
    assert client.post(page("choose", "DSA-1", "own-costs"), {}).status_code == 302
    assert client.post(page("choose", "DSA-1", "no-rows"), {"level_at_most": "aggregate"}).status_code == 302
    assert client.post(page("choose", "DSA-1", "excluded-uses"), {"uses_never": []}).status_code == 200
    assert {"own-costs", "no-rows"} <= set(clauses_of("DSA-1"))
    assert client.get(page("reword", "DSA-1", "no-rows")).status_code == 200
    assert client.post(page("drop", "DSA-1", "no-rows")).status_code == 302
    dates = {"starts_on": "2026-02-01", "ends_on": "2026-01-01"}
    assert "The last day is before the first." in client.post(page("start", "DSA-0"), dates).content.decode()
    dates = {"code": "DSA-3", "title": "T", "starts_on": "2026-02-01", "ends_on": "2099-01-01"}
    assert client.post(page("start", "DSA-0"), dates).status_code == 302
    assert client.get(page("agreement", "DSA-3")).status_code == 200
    client = as_(town.schools.counsel)
    assert client.get(page("keep")).status_code == 200
    kept = {
        "key": "Tea",
        "heading": "Tea",
        "text": "We drink tea.",
        "plain": "Tea.",
        "kept_by": "all",
        "kinds": ["mou"],
    }
    assert client.post(page("keep"), kept).status_code == 302
    assert library.clause("tea").kinds == ("mou",)
    assert client.post(page("rename", "mou"), {"name": "Handshake"}).status_code == 302
    assert pages.agreement_page("DSA-1", by=town.schools.analyst).kind.endswith("(DSA)")
