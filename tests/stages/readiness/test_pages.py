"""The pages: whose turn it is comes first, nothing leaks between partners, and no typed word is ever lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from infotrust.stages.readiness import process, queries, services
from infotrust.stages.readiness.urls import urlpatterns

from .conftest import said

SECRET = "Our director is against it."
BARRIER = "The vendor will not export."


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def page(name, *args):
    return reverse(f"readiness:{name}", args=args)


def filled(**changes) -> dict[str, str]:
    answers = {f"place-{item.key}": "3" for item in process.items()}
    return {"seen": "1", **answers, **changes}


def test_two_partners_and_a_facilitator_get_from_a_first_talk_to_feasible(town, as_):
    opened = as_(town.schools.program).post(
        page("new"),
        {
            "title": "Early intervention and preschool",
            "configuration": "two_agencies",
            "facilitator": town.facilitator.pk,
        },
    )
    number = int(opened.url.split("/")[2])
    assert opened.url == page("add-partner", number)
    partner = {"contact": town.health.program.pk, "contributes": "yes"}
    assert as_(town.schools.program).post(opened.url, partner).status_code == 302
    assert as_(town.facilitator).post(page("guide", number), {"opens": "by_itself"}).status_code == 302
    for people in (town.schools, town.health):
        text = as_(people.program).get(page("partnership", number)).content.decode()
        assert text.index("It is your turn") < text.index("The steps")
        answer = as_(people.program).post(page("sheet", number), filled() | {"hand-in": ""})
        assert answer.status_code == 302, answer.context["form"].errors
        assert answer.url == page("guide", number)
    for people in (town.schools, town.health):
        as_(people.program).post(page("act", number, "view"), {"view": "go_on"})
    assert as_(town.facilitator).post(page("conclude", number), {"reconvene_on": ""}).url == page("partnership", number)
    assert "Feasible" in as_(town.health.program).get(page("partnership", number)).content.decode()


def test_no_page_shows_an_answer_of_another_partner_before_all_have_handed_in(town, answering, as_):
    guide = answering()
    given = {"comment-leadership": SECRET, "barriers-leadership": BARRIER, "place-leadership": "1", "hand-in": ""}
    as_(town.schools.program).post(page("sheet", guide.partnership_id), filled(**given))
    opened = 0
    for reader in (town.health.program, town.facilitator):
        for pattern in urlpatterns:
            for args in ({"number": guide.partnership_id}, {}):
                extra = {"person": town.schools.program.pk, "act": "lay-open", "key": "2a", "task": 1, "round": 1}
                wanted = {name: (args | extra | {"barrier": 1}).get(name) for name in pattern.pattern.converters}
                if None in wanted.values():
                    continue
                answer = as_(reader).get(reverse(f"readiness:{pattern.name}", kwargs=wanted))
                text = answer.content.decode()
                assert SECRET not in text, pattern.name
                assert BARRIER not in text, pattern.name
                opened += answer.status_code == 200
    assert opened > 15
    assert SECRET in as_(town.schools.program).get(page("guide", guide.partnership_id)).content.decode() or (
        queries.own_sheet(guide, by=town.schools.program).answers["leadership"].comment == SECRET
    )


def test_the_desk_and_the_clocks_show_whose_turn_it_is_and_nothing_said(town, answering, as_):
    guide = answering()
    as_(town.schools.program).post(
        page("sheet", guide.partnership_id), filled(**{"comment-leadership": SECRET, "hand-in": ""})
    )
    text = as_(town.health.program).get("/desk/").content.decode()
    assert "Say where your program stands: Early intervention and preschool" in text
    for address in ("/desk/", "/clocks/"):
        assert SECRET not in as_(town.university.program).get(address).content.decode()


def test_side_by_side_shows_where_to_begin_in_words_and_on_the_line(town, answering, as_):
    guide = answering()
    services.answer(guide, said=said(3, timing=services.Said(1)), seen=1, hand_in=True, by=town.schools.program)
    services.answer(guide, said=said(3, timing=services.Said(5)), seen=1, hand_in=True, by=town.health.program)
    answer = as_(town.health.program).get(page("guide", guide.partnership_id))
    rows = {row.item.key: row for row in answer.context["page"].items}
    assert (rows["timing"].gap, rows["timing"].far, rows["purpose"].gap) == (4, True, 0)
    text = answer.content.decode()
    assert "You stand far apart (4 places apart): begin here." in text
    assert "Strongly disagree" in text
    assert text.count("is-here") == 10


def test_who_saves_second_is_shown_both_and_saves_again(town, answering, as_):
    guide = answering()
    services.add_person(guide.partnership, person=town.schools.steward, by=town.schools.program)
    address = page("sheet", guide.partnership_id)
    as_(town.schools.program).post(address, filled(**{"comment-timing": "By summer."}))
    second = as_(town.schools.steward).post(address, filled(**{"comment-timing": "Not before fall."}))
    text = second.content.decode()
    assert "Someone saved while you were writing" in text
    assert "Not before fall." in text
    theirs = "".join(piece.text for piece in second.context["pieces"] if piece.kind != "added")
    assert "By summer." in theirs
    assert second.context["form"]["seen"].value() == "2"
    merged = filled(**{"comment-timing": "Summer, or fall at the latest.", "seen": "2"})
    assert as_(town.schools.steward).post(address, merged).status_code == 302
    kept = queries.own_sheet(guide, by=town.schools.program).answers["timing"].comment
    assert kept == "Summer, or fall at the latest."


def test_a_paste_of_five_megabytes_is_refused_and_every_word_stays_in_the_form(town, answering, as_):
    guide = answering()
    long = "word " * 1_000_000
    answer = as_(town.schools.program).post(page("sheet", guide.partnership_id), filled(**{"comment-timing": long}))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "This has 4,999,999 characters; at most 8,000 fit." in text
    assert long.strip() in text
    assert queries.own_sheet(guide, by=town.schools.program).answers == {}


def test_a_stranger_is_told_why_and_finds_no_list(town, talking, as_):
    partnership = talking()
    refused = as_(town.university.program).get(page("partnership", partnership.pk))
    assert refused.status_code == 403
    assert "You are not one of the people of this partnership." in refused.content.decode()
    assert "You take part in no partnership" in as_(town.university.program).get(page("list")).content.decode()


def test_a_barrier_becomes_a_task_on_its_page(town, side_by_side, as_):
    guide = side_by_side()
    (barrier,) = queries.barriers(guide, by=town.schools.program)
    address = page("barrier", guide.partnership_id, barrier.pk)
    given = {"kind": "law", "deal": "task", "words": "Ask counsel.", "person": town.schools.program.pk}
    refused = as_(town.health.program).post(address, given)
    assert "Choose a day." in refused.content.decode()
    assert "Ask counsel." in refused.content.decode()
    day = (timezone.localdate() + timedelta(days=10)).isoformat()
    assert as_(town.health.program).post(address, given | {"due_on": day}).status_code == 302
    text = as_(town.schools.program).get(page("tasks", guide.partnership_id)).content.decode()
    assert "Ask counsel." in text
    assert "against: Nobody knows whether FERPA allows it." in text


def test_every_page_of_a_partnership_is_shown(town, concluded, as_):
    number = concluded("not_yet").partnership.pk
    client = as_(town.facilitator)
    for name in ("partnership", "change", "add-partner", "facilitator", "close", "tasks", "guide"):
        assert client.get(page(name, number)).status_code == 200, name
    assert client.get(page("activity", number, "4a")).status_code == 200
    assert client.get(page("earlier", number, 1)).status_code == 200
    assert client.get(page("barriers")).status_code == 200
    assert client.get(page("activity", number, "9z")).status_code == 404
    assert as_(town.schools.program).get(page("people", number)).status_code == 200
