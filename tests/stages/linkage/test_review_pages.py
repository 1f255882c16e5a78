"""The pages on which pairs are looked at: what officers see, what others are told, what crafted requests come to."""

from __future__ import annotations

import re

import pytest

from infotrust.core.elements import SemanticType
from infotrust.shared.audit import queries as audit
from infotrust.shared.audit.events import Event
from infotrust.stages.linkage import sidebyside
from infotrust.stages.linkage.models import Pair, PairAnswer, PairQuestion
from infotrust.stages.linkage.services import Opened
from infotrust.stages.linkage.terms import level_word, odds_words
from tests.stages.linkage.conftest import COUNTY

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def officer(agree, delivered, link, town, client):
    """Signed in, after a linkage."""
    agree()
    link()
    client.force_login(town.officer, backend=BACKEND)
    return town.officer


def given(client) -> str:
    """Ask for the next pair; return the address of its page."""
    return client.post("/linkage/review/take/").url


def text_of(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_before_any_linkage_there_is_nothing_to_look_at(town, client):
    client.force_login(town.officer, backend=BACKEND)
    assert "There is nothing to look at now" in text_of(client, "/linkage/review/")
    assert given(client) == "/linkage/review/"
    assert "You have not answered anything yet" in text_of(client, "/linkage/review/answers/")


def test_an_officer_looks_at_a_pair_answers_and_is_shown_the_next_one_at_once(officer, client):
    first = given(client)
    shown = text_of(client, first)
    assert shown.count('scope="row"') >= 5
    assert any(row["birth_date"] in shown for row in COUNTY)
    answered = client.post(f"{first}answer/", {"verdict": "no match"})
    assert re.fullmatch(r"/linkage/review/\d+/", answered.url)
    assert answered.url != first
    assert "You have answered 1, 1 of them in the last hour." in text_of(client, answered.url)
    assert PairAnswer.objects.get().verdict == "no match"


def test_a_question_does_not_say_why_it_is_asked_nor_what_the_linkage_decided(officer, client):
    question = PairQuestion.objects.get(pk=given(client).split("/")[-2])
    pages = []
    for accepted, stratum, inclusion, worth in ((True, 0, 0.5, 0.0), (False, None, None, 3.25)):
        PairQuestion.objects.filter(pk=question.pk).update(
            accepted=accepted, stratum=stratum, inclusion=inclusion, worth=worth
        )
        page = text_of(client, f"/linkage/review/{question.pk}/")
        pages.append(re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken": )\S+', "", page))
    assert pages[0] == pages[1]


def test_an_answer_that_is_none_is_asked_for_again(officer, client):
    first = given(client)
    for verdict in ("", "perhaps"):
        response = client.post(f"{first}answer/", {"verdict": verdict})
        assert response.status_code == 422
    assert not PairAnswer.objects.exists()


def test_a_note_with_a_value_is_refused_beside_the_field_and_keeps_the_answer(officer, client):
    first = given(client)
    question = PairQuestion.objects.get(pk=first.split("/")[-2])
    record = question.pair.one_record
    row = next((row for row in COUNTY if row["record_id"] == record), None)
    name = row["last_name"] if row else re.search(r'lk-value">(\w{4,})', text_of(client, first))[1]
    response = client.post(f"{first}answer/", {"verdict": "match", "note": f"It is {name}"})
    assert response.status_code == 422
    assert 'id="note-error"' in response.content.decode()
    assert not PairAnswer.objects.exists()


def test_undo_brings_the_last_pair_back(officer, client):
    first = given(client)
    client.post(f"{first}answer/", {"verdict": "match"})
    assert client.post("/linkage/review/undo/").url == first
    assert "<s>Match</s>" in text_of(client, "/linkage/review/answers/")


def test_a_pair_that_went_to_someone_else_leads_on_with_a_word_about_it(officer, client, make_user):
    first = given(client)
    other = make_user("linkage_officer")
    Pair.objects.filter(held_by=officer).update(held_by=other)
    response = client.get(first, follow=True)
    assert "This pair is not on your list any more." in response.content.decode()
    assert client.post(f"{first}answer/", {"verdict": "match"}).status_code == 302
    assert not PairAnswer.objects.exists()


def test_those_who_follow_linkage_see_how_far_it_is_and_why_they_may_not_look(officer, town, client):
    client.force_login(town.schools.board_member, backend=BACKEND)
    page = text_of(client, "/linkage/review/")
    assert "0 of" in page
    assert "one pair at a time; each look is recorded" in page
    assert "Start looking" not in page


@pytest.mark.parametrize("role", ["board_member", "administrator", "analyst"])
def test_crafted_requests_of_others_are_refused_and_recorded_and_open_nothing(officer, make_user, client, role):
    number = PairQuestion.objects.first().pk
    client.force_login(make_user(role), backend=BACKEND)
    posts = ["take/", "leave/", "undo/", f"{number}/answer/", "answers/1/take-back/"]
    answers = [client.post(f"/linkage/review/{path}", {"verdict": "match"}).status_code for path in posts]
    answers += [client.get(f"/linkage/review/{path}").status_code for path in (f"{number}/", "answers/")]
    assert set(answers) == {403}
    assert not audit.entries(event=Event.PAIR_OPENED).exists()
    assert audit.entries(event=Event.ACCESS_REFUSED).count() == len(answers)


def test_a_review_cannot_be_moved_by_a_link(officer, client):
    for path in ("take/", "leave/", "undo/"):
        assert client.get(f"/linkage/review/{path}").status_code == 405


def test_the_desk_says_that_pairs_wait(officer, client):
    assert "Look at pairs of records" in text_of(client, "/desk/")


def test_the_size_of_a_review_is_chosen_when_a_linkage_is_started(agree, delivered, town, client):
    agree()
    client.force_login(town.officer, backend=BACKEND)
    assert client.post("/linkage/start/", {"questions": "7"}).status_code == 422
    client.post("/linkage/start/", {"questions": "100", "communities": "areas"})
    assert "is still going on" in text_of(client, "/linkage/")


# --- side by side ---


def test_letters_that_differ_are_marked_and_quite_different_values_whole():
    one, other = sidebyside.pieces("Castellano", "CASTELANO-Lake")
    assert "".join(piece.text for piece in one) == "Castellano"
    assert [piece.text for piece in one if piece.differs] == ["l"]
    assert [piece.text for piece in other if piece.differs] == ["-Lake"]
    assert sidebyside.pieces("Ana", "Hugo") == ((sidebyside.Piece("Ana", True),), (sidebyside.Piece("Hugo", True),))


def test_a_row_says_in_a_sign_and_in_words_how_its_fields_agree():
    fields = [
        {"field": "given", "level": "nearly the same", "weight": 2.5},
        {"field": "house", "level": "same, rare", "weight": 3.0},
        {"field": "street", "level": "different", "weight": -4.25},
        {"field": "source", "level": "files 0 and 1", "weight": 0.5},
    ]
    one = Opened(
        "a", "A", {SemanticType.GIVEN_NAME: "Anna", SemanticType.STREET_ADDRESS: "1 Oak", SemanticType.CITY: ""}
    )
    other = Opened("b", "B", {SemanticType.GIVEN_NAME: "Ana", SemanticType.STREET_ADDRESS: "1 Elm"})
    name, street, source = sidebyside.rows(fields, (one, other))
    assert (name.sign, [weight.level for weight in name.weighed]) == ("≈", ["nearly the same"])
    assert (street.sign, [weight.signed for weight in street.weighed]) == ("≠", ["+3.0", "−4.2"])
    assert [piece.text for piece in source.one + source.other] == ["A", "B"]


def test_weights_become_odds_in_round_numbers():
    words = [odds_words(weight) for weight in (0.1, 1.0, -3.0, 10.0, 20.0, 500.0)]
    assert words[:5] == ["about even odds", "about 2 to 1", "about 1 to 8", "about 1,000 to 1", "about 1,000,000 to 1"]
    assert len(words[5]) < 60


def test_a_level_without_a_word_is_shown_as_it_is():
    assert level_word("files 2 and 2") == "the same dataset"
    assert level_word("of another world") == "of another world"
