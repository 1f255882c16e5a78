"""Looking at pairs: who may, what is recorded, what settles a pair, and how the next linkage is held to it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from infotrust.shared.audit import queries as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.jobs import services as jobs
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.vault import services as vault
from infotrust.stages.agreements import services as agreements
from infotrust.stages.agreements.queries import agreement
from infotrust.stages.linkage import queries, register, services
from infotrust.stages.linkage.lifecycle import PairState, ReviewState
from infotrust.stages.linkage.models import LinkageRun, Pair, PairAnswer, PairQuestion, Review
from infotrust.stages.linkage.services import NoSuchPair, NoteNamesValue, NotYours, RecordGone
from infotrust.stages.linkage.services.opening import open_pair_of_records
from infotrust.stages.linkage.services.reviewing import HELD_FOR
from tests.stages.linkage.conftest import CLIENTS, COUNTY, LINKED, PUPILS, elsewhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def linked(agree, delivered, link) -> LinkageRun:
    agree()
    return link()


@pytest.fixture
def officers(town, make_user):
    """Three linkage officers; the first also links."""
    return [town.officer, make_user("linkage_officer", "schools"), make_user("linkage_officer", "schools")]


def look(officer, verdict: str, *, at=None, note: str = "") -> PairAnswer:
    """Take the next pair and answer it."""
    question = services.take_pair(by=officer, at=at)
    return services.answer_pair(question.pk, verdict=verdict, note=note, by=officer, at=at)


def only(*, hard: bool) -> Pair:
    """Leave one pair to look at, easy or hard, and return it."""
    kept = PairQuestion.objects.order_by("position").first()
    PairQuestion.objects.exclude(pk=kept.pk).delete()
    Pair.objects.filter(pk=kept.pair_id).update(needed=2 if hard else 1)
    return Pair.objects.get(pk=kept.pair_id)


# --- after a linkage ---


def test_a_linkage_plans_its_review_with_record_ids_weights_and_levels_only(linked):
    review = Review.objects.get(run=linked)
    asked = list(PairQuestion.objects.filter(review=review).select_related("pair"))
    assert len(asked) > 50
    assert [one.position for one in asked] == list(range(1, len(asked) + 1))
    drawn = [one for one in asked if one.stratum is not None]
    assert len(drawn) == sum(stratum["drawn"] for stratum in review.strata)
    for one in drawn:
        stratum = review.strata[one.stratum]
        assert one.inclusion == pytest.approx(stratum["drawn"] / stratum["pairs"])
    ids = {row["record_id"] for row in (*PUPILS, *CLIENTS)}
    assert {record for one in asked for _dataset, record in one.pair.records} <= ids
    told = json.dumps([one.fields for one in asked]) + json.dumps(review.strata)
    assert not any(row[name] in told for row in COUNTY for name in ("last_name", "birth_date"))


def test_as_many_pairs_are_chosen_as_the_officer_asked_for(agree, delivered, town):
    agree()
    services.start_linkage(by=town.officer, questions=20, communities="areas")
    jobs.run_waiting()
    review = Review.objects.get()
    assert PairQuestion.objects.count() < 60, "a few of each stratum at least, and half of the twenty to put right"
    assert {one["community"] for one in review.strata} <= {"ZIP 606", "all others", "other areas"}


def test_the_next_linkage_closes_the_review_and_keeps_what_was_said(linked, link, officers):
    answer = look(officers[0], "no match")
    link()
    assert [review.state for review in Review.objects.order_by("pk")] == ["closed", "open"]
    again = PairQuestion.objects.filter(review__state="open", pair=answer.pair).first()
    assert again is None or again.known
    assert Pair.objects.get(pk=answer.pair_id).verdict == "no match"


# --- who gets which pair ---


def test_two_officers_never_have_the_same_pair_on_the_screen(linked, officers):
    given = [services.take_pair(by=officer).pair_id for officer in officers]
    assert len(set(given)) == 3
    assert services.take_pair(by=officers[0]).pair_id == given[0], "asking again gives the one already there"


def test_a_pair_that_waits_too_long_goes_to_someone_else(linked, officers):
    slow, quick, _ = officers
    now = timezone.now()
    question = services.take_pair(by=slow, at=now)
    later = now + HELD_FOR + timedelta(seconds=1)
    assert services.take_pair(by=quick, at=later).pk == question.pk
    with pytest.raises(NotYours):
        services.answer_pair(question.pk, verdict="match", by=slow, at=later)
    assert not PairAnswer.objects.exists()


def test_a_slow_officer_whose_pair_nobody_took_can_still_answer(linked, officers):
    now = timezone.now()
    question = services.take_pair(by=officers[0], at=now)
    answer = services.answer_pair(question.pk, verdict="match", by=officers[0], at=now + 2 * HELD_FOR)
    assert answer.seconds is None, "that long nobody was looking"


def test_a_pair_that_was_put_down_goes_to_the_next_one(linked, officers):
    given = services.take_pair(by=officers[0])
    services.leave_pair(by=officers[0])
    assert services.take_pair(by=officers[1]).pk == given.pk


def test_nobody_answers_a_pair_twice(linked, officers):
    pair = only(hard=True)
    question = services.take_pair(by=officers[0])
    services.answer_pair(question.pk, verdict="match", by=officers[0])
    assert services.take_pair(by=officers[0]) is None
    with pytest.raises(NotYours):
        services.answer_pair(question.pk, verdict="match", by=officers[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        PairAnswer.objects.create(pair=pair, by=officers[0], at=timezone.now(), verdict="match")


# --- what settles a pair ---


def test_an_easy_pair_is_settled_by_one_person(linked, officers):
    pair = only(hard=False)
    look(officers[0], "match")
    pair.refresh_from_db()
    assert (pair.state, pair.verdict) == ("settled", "match")
    assert queries.desk(by=officers[0]).is_done


def test_a_hard_pair_needs_two_people_and_a_third_where_they_disagree(linked, officers):
    pair = only(hard=True)
    for officer, verdict, state in zip(
        officers, ("match", "no match", "match"), ("open", "open", "settled"), strict=True
    ):
        look(officer, verdict)
        pair.refresh_from_db()
        assert pair.state == state
    assert pair.verdict == "match"


def test_whoever_cannot_tell_an_easy_pair_asks_for_a_second_look(linked, officers):
    pair = only(hard=False)
    look(officers[0], "cannot tell")
    pair.refresh_from_db()
    assert pair.state == "open"
    assert queries.desk(by=officers[0]).waits_for_others
    look(officers[1], "cannot tell")
    pair.refresh_from_db()
    assert (pair.state, pair.verdict) == ("settled", "cannot tell")


def test_an_answer_taken_back_opens_the_pair_again_and_stays_as_history(linked, officers):
    pair = only(hard=False)
    answer = look(officers[0], "match")
    question = services.take_back_last(by=officers[0])
    pair.refresh_from_db()
    assert (question.pair_id, pair.state, pair.verdict) == (pair.pk, "open", "")
    services.answer_pair(question.pk, verdict="no match", by=officers[0])
    answer.refresh_from_db()
    assert answer.withdrawn_at is not None
    assert [one.answer.verdict for one in queries.own_answers(by=officers[0])] == ["no match", "match"]
    taken_back = audit.entries(event=Event.PAIR_ANSWER_TAKEN_BACK).get()
    assert (taken_back.facts["verdict"], taken_back.facts["settled"]) == ("match", "")


def test_another_persons_answer_cannot_be_taken_back(linked, officers):
    answer = look(officers[0], "match")
    with pytest.raises(NoSuchPair):
        services.take_back(answer.pk, by=officers[1])
    assert services.take_back_last(by=officers[1]) is None


# --- looking is decided and recorded ---


def test_each_look_is_recorded_with_record_ids_agreement_and_policy_and_never_a_value(linked, officers):
    question = services.take_pair(by=officers[0])
    shown = services.open_question(question.pk, by=officers[0])
    entry = audit.entries(event=Event.PAIR_OPENED).get()
    assert entry.actor == f"user:{officers[0].pk}"
    assert entry.about == f"pair:{question.pair_id}"
    assert entry.facts["records"] == [f"{dataset}/{record}" for dataset, record in question.pair.records]
    assert entry.facts["agreements"] == ["DSA-1"]
    assert entry.facts["policy_version"] == linked.policy_version
    values = [value for one in shown.opened for value in one.values.values()]
    assert len(values) >= 8
    logged = json.dumps([one.facts for one in audit.entries()])
    assert not any(f'"{value}"' in logged for value in values)


def test_both_records_are_shown_as_they_were_delivered_last(linked, deliver, officers):
    question = services.take_pair(by=officers[0])
    (dataset, record), _ = question.pair.records
    row = next(row for row in (*PUPILS, *CLIENTS) if row["record_id"] == record)
    deliver(dataset, [row | {"last_name": "Newname"}])
    one, _ = services.open_question(question.pk, by=officers[0]).opened
    assert one.values["family_name"] == "Newname"
    assert one.values["birth_date"] == row["birth_date"]


def test_a_field_that_may_no_longer_be_linked_is_not_shown(agree, delivered, town, link, officers):
    first = agree(uses={"school-enrollment": LINKED, "snap": LINKED})
    link()
    agree("DSA-2", uses={name: LINKED | {"zip_code": {"contribute"}} for name in ("school-enrollment", "snap")})
    agreements.end(first, reason="Over.", by=town.schools.board_member)
    question = services.take_pair(by=officers[0])
    for one in services.open_question(question.pk, by=officers[0]).opened:
        assert set(one.values) == {"given_name", "family_name", "birth_date"}
    assert audit.entries(event=Event.PAIR_OPENED).get().facts["agreements"] == ["DSA-2"]


def test_nothing_is_shown_once_the_agreement_has_ended(linked, town, officers):
    question = services.take_pair(by=officers[0])
    agreements.end(agreement("DSA-1"), reason="Over.", by=town.schools.board_member)
    with pytest.raises(NoSuchPair):
        services.open_question(question.pk, by=officers[0])
    with pytest.raises(NotPermitted):
        open_pair_of_records(question.pair.records, about="pair", reason="x", by=officers[0], at=timezone.now())
    assert not audit.entries(event=Event.PAIR_OPENED).exists()


def test_only_the_one_who_was_given_a_pair_opens_it(linked, officers):
    question = services.take_pair(by=officers[0])
    with pytest.raises(NotYours):
        services.open_question(question.pk, by=officers[1])


@pytest.mark.parametrize("role", ["administrator", "board_member", "steward", "analyst", "counsel"])
def test_nobody_but_a_linkage_officer_looks_at_records(linked, make_user, role):
    other = make_user(role)
    number = PairQuestion.objects.first().pk
    for verb in (
        lambda: services.take_pair(by=other),
        lambda: services.open_question(number, by=other),
        lambda: services.answer_pair(number, verdict="match", by=other),
        lambda: services.take_back_last(by=other),
        lambda: services.leave_pair(by=other),
        lambda: queries.own_answers(by=other),
    ):
        with pytest.raises(NotPermitted):
            verb()


def test_a_note_may_say_why_but_not_what_stands_in_a_record(linked, officers):
    question = services.take_pair(by=officers[0])
    shown = services.open_question(question.pk, by=officers[0])
    name = shown.opened[0].values["family_name"]
    with pytest.raises(NoteNamesValue):
        services.answer_pair(question.pk, verdict="match", note=f"surely {name.upper()}", by=officers[0])
    answer = services.answer_pair(question.pk, verdict="match", note=" typed in a hurry ", by=officers[0])
    assert answer.note == "typed in a hurry"


def test_a_pair_whose_record_is_gone_is_set_aside_and_the_next_one_comes(linked, officers):
    question = services.take_pair(by=officers[0])
    for dataset, _record in question.pair.records:
        vault.shred(dataset, reason="its time was up", by=None)
    with pytest.raises(RecordGone):
        services.open_question(question.pk, by=officers[0])
    assert Pair.objects.get(pk=question.pair_id).state == PairState.GONE
    assert services.take_pair(by=officers[0]).pk != question.pk
    assert queries.desk(by=officers[0]).gone == 1


# --- the next linkage is held to it ---


def person_of(record: str) -> str:
    table = register.persons()
    return dict(zip(table["record_id"].to_pylist(), table["person_id"].to_pylist(), strict=True))[record]


def settle_as(one: tuple[str, str], other: tuple[str, str], verdict: str, *by) -> Pair:
    (a, b), (c, d) = sorted((one, other))
    pair, _ = Pair.objects.update_or_create(
        one_dataset=a,
        one_record=b,
        other_dataset=c,
        other_record=d,
        defaults={"state": PairState.SETTLED, "verdict": verdict, "settled_at": timezone.now()},
    )
    for person in by:
        PairAnswer.objects.create(pair=pair, by=person, at=timezone.now(), verdict=verdict)
    return pair


def test_what_people_said_stands_whatever_the_next_linkage_finds(linked, link, officers):
    pupil, client = PUPILS[40]["record_id"], CLIENTS[0]["record_id"]  # the same child
    strangers = PUPILS[0]["record_id"], PUPILS[1]["record_id"]
    assert person_of(pupil) == person_of(client)
    assert person_of(strangers[0]) != person_of(strangers[1])
    settle_as(("school-enrollment", pupil), ("snap", client), "no match", officers[0])
    settle_as(*(("school-enrollment", record) for record in strangers), "match", officers[0])
    run = link()
    assert run.manifest["answers"] == 2
    assert person_of(pupil) != person_of(client)
    assert person_of(strangers[0]) == person_of(strangers[1])


def groups(among: set[str]) -> set[frozenset[str]]:
    """The persons of the register, by the records in question."""
    table = register.persons()
    found: dict[str, set[str]] = {}
    for record, person in zip(table["record_id"].to_pylist(), table["person_id"].to_pylist(), strict=True):
        if record in among:
            found.setdefault(person, set()).add(record)
    return {frozenset(records) for records in found.values()}


def test_an_answer_is_still_obeyed_after_new_deliveries_and_full_linkages(linked, link, deliver, officers):
    pupil, client = PUPILS[40]["record_id"], CLIENTS[0]["record_id"]  # the same child
    stranger, other = PUPILS[0]["record_id"], PUPILS[1]["record_id"]
    settle_as(("school-enrollment", pupil), ("snap", client), "no match", *officers[:2])
    settle_as(("school-enrollment", stranger), ("school-enrollment", other), "match", officers[0])
    told = {frozenset({pupil}), frozenset({client}), frozenset({stranger, other})}
    mine = {pupil, client, stranger, other}
    link()
    assert groups(mine) == told
    kept = {record: person_of(record) for record in mine}
    more = elsewhere(COUNTY[:60], seed=11)  # records of the same children, from both agencies, in several deliveries
    for begin in (0, 30):
        deliver("school-enrollment", more[begin : begin + 15])
        deliver("snap", more[begin + 15 : begin + 30])
        link()
        assert groups(mine) == told
    deliver("snap", [CLIENTS[0] | {"last_name": PUPILS[40]["last_name"], "zip_code": PUPILS[40]["zip_code"]}])
    link()
    assert groups(mine) == told, "the record was delivered again, corrected: it is the one that was spoken about"
    assert {record: person_of(record) for record in mine} == kept


def test_an_answer_is_obeyed_alike_in_one_delivery_or_in_several(agree, deliver, link, officers):
    agree()
    pupil, client = PUPILS[40]["record_id"], CLIENTS[0]["record_id"]
    strangers = PUPILS[0]["record_id"], PUPILS[1]["record_id"]
    settle_as(("school-enrollment", pupil), ("snap", client), "no match", *officers[:2])
    settle_as(*(("school-enrollment", record) for record in strangers), "match", *officers[:2])
    mine = {pupil, client, *strangers}
    for begin in range(0, 80, 40):
        deliver("school-enrollment", PUPILS[begin : begin + 40])
        deliver("snap", CLIENTS[begin : begin + 40])
        link()
    several = groups({row["record_id"] for row in (*PUPILS, *CLIENTS)})
    for dataset in ("school-enrollment", "snap"):
        vault.shred(dataset, reason="delivered anew", by=None)
    deliver("school-enrollment", PUPILS)
    deliver("snap", CLIENTS)
    link()
    assert groups(mine) == {frozenset({pupil}), frozenset({client}), frozenset(strangers)}
    assert groups({row["record_id"] for row in (*PUPILS, *CLIENTS)}) == several


def test_one_answer_on_a_hard_pair_decides_nothing_until_a_second_person_agrees(linked, link, officers):
    pupil, client = PUPILS[40]["record_id"], CLIENTS[0]["record_id"]
    pair = settle_as(("school-enrollment", pupil), ("snap", client), "no match", officers[0])
    Pair.objects.filter(pk=pair.pk).update(state=PairState.OPEN, needed=2, verdict="", settled_at=None)
    link()
    assert person_of(pupil) == person_of(client), "one person looked, and another is still to look"
    PairAnswer.objects.create(pair=pair, by=officers[1], at=timezone.now(), verdict="no match")
    Pair.objects.filter(pk=pair.pk).update(state=PairState.SETTLED, verdict="no match", settled_at=timezone.now())
    link()
    assert person_of(pupil) != person_of(client)


def test_what_two_of_three_people_said_is_obeyed(linked, link, officers):
    pupil, client = PUPILS[40]["record_id"], CLIENTS[0]["record_id"]
    pair = settle_as(("school-enrollment", pupil), ("snap", client), "no match", *officers[:2])
    PairAnswer.objects.create(pair=pair, by=officers[2], at=timezone.now(), verdict="match")
    link()
    assert person_of(pupil) != person_of(client)
    pair.refresh_from_db()
    assert pair.state == PairState.SETTLED, "nobody is asked again"


def test_what_was_answered_is_known_to_the_next_review_and_not_asked_again(linked, link, officers):
    for _ in range(6):
        look(officers[0], "match")
    settled = set(Pair.objects.filter(state=PairState.SETTLED).values_list("pk", flat=True))
    assert settled
    link()
    again = PairQuestion.objects.filter(review__state=ReviewState.OPEN, pair__in=settled)
    assert again
    assert all(one.known for one in again)
    given = services.take_pair(by=officers[1])
    assert given.pair_id not in settled


def test_answers_that_cannot_all_be_true_are_looked_at_by_a_second_person(linked, link, officers):
    records = [("school-enrollment", row["record_id"]) for row in PUPILS[:3]]
    one = settle_as(records[0], records[1], "match", *officers[:2])
    other = settle_as(records[1], records[2], "match", *officers[:2])
    lonely = settle_as(records[0], records[2], "no match", officers[0])
    link()
    for pair in (one, other, lonely):
        pair.refresh_from_db()
    assert (one.state, other.state) == ("settled", "settled"), "two people said so"
    assert (lonely.state, lonely.needed, lonely.verdict) == ("open", 2, "")
    assert lonely.questions.filter(review__state="open").exists()


def test_when_the_agreement_ends_pairs_of_its_records_are_forgotten_and_the_review_closes(
    agree, delivered, town, link, officers
):
    agree(uses={"school-enrollment": LINKED})
    second = agree("DSA-2", uses={"snap": LINKED})
    link()
    look(officers[0], "match")
    agreements.end(second, reason="Over.", by=town.schools.board_member)
    services.agreement_ended(agreement_code="DSA-2", datasets=["snap"], by=None)
    assert not Pair.objects.exclude(one_dataset="school-enrollment", other_dataset="school-enrollment").exists()
    assert Review.objects.get().state == "closed"
    assert services.take_pair(by=officers[0]) is None
    assert queries.desk(by=officers[0]).review is None
