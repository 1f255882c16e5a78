"""How often a linkage is wrong: measured by what was drawn at random, with its limits, made public by the board."""

from __future__ import annotations

import random

import pytest

from infotrust.core.matching.reviewing.intervals import Interval
from infotrust.shared.audit import queries as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.catalogue import queries as catalogue
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.linkage import measures, queries, services
from infotrust.stages.linkage.models import LinkageRun, PairQuestion
from infotrust.stages.linkage.queries import NotMeasured
from infotrust.stages.linkage.services import NotPublic, TooFewAnswers
from tests.stages.linkage.conftest import CLIENTS, COUNTY, PUPILS

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
# Which child each record is about: forty are pupils and clients.
CHILD = {row["record_id"]: child for child, row in enumerate(PUPILS)} | {
    row["record_id"]: child for child, row in enumerate(CLIENTS, 40)
}


@pytest.fixture
def linked(agree, delivered, link) -> LinkageRun:
    agree()
    return link()


@pytest.fixture
def officers(town, make_user):
    return [town.officer, make_user("linkage_officer"), make_user("linkage_officer")]


def truly(question) -> bool:
    (_, one), (_, other) = question.pair.records
    return CHILD[one] == CHILD[other]


def look_at_all(officers, *, slips: float = 0.0, most: int = 10_000) -> None:
    """Every officer looks as long as there is something to look at, and errs by chance."""
    draw = random.Random(4)
    for officer in officers:
        while most and (question := services.take_pair(by=officer)) is not None:
            is_match = truly(question) != (draw.random() < slips)
            services.answer_pair(question.pk, verdict="match" if is_match else "no match", by=officer)
            most -= 1


def test_before_anyone_looked_nothing_is_claimed(linked, officers):
    found = queries.accuracy_of(linked.pk, by=officers[0])
    assert (found.whole.precision, found.whole.recall, found.agreement) == (None, None, None)
    assert found.drawn > 30
    assert not found.may_be_told


def test_a_linkage_without_an_error_is_found_to_be_right_within_its_limits(linked, officers):
    look_at_all(officers)
    found = queries.accuracy_of(linked.pk, by=officers[0])
    assert found.answered == found.drawn == found.whole.answers
    assert found.provisional == 0
    assert found.whole.precision.value == 1
    assert found.whole.recall.value == 1
    assert found.whole.precision.low > 0.8
    assert {name for name, _ in found.by} >= {"School Enrollment and Snap"}


def test_only_pairs_drawn_at_random_count(linked, officers):
    look_at_all(officers[:1])
    before = queries.accuracy_of(linked.pk, by=officers[0]).whole
    PairQuestion.objects.filter(stratum__isnull=True).delete()
    assert queries.accuracy_of(linked.pk, by=officers[0]).whole == before


def test_hard_pairs_that_wait_for_another_person_count_with_what_was_said(linked, officers):
    for question in PairQuestion.objects.filter(stratum__isnull=False).select_related("pair")[:4]:
        question.pair.needed = 2
        question.pair.save()
    look_at_all(officers[:1])
    found = queries.accuracy_of(linked.pk, by=officers[0])
    assert found.provisional >= 4
    assert found.answered == found.drawn


def test_how_far_two_people_agree_is_told_by_pairs_that_two_were_to_look_at(linked, officers):
    hard = list(PairQuestion.objects.select_related("pair")[:12])
    for question in hard:
        question.pair.needed = 2
        question.pair.save()
    look_at_all(officers)
    both = queries.accuracy_of(linked.pk, by=officers[0]).agreement
    assert both.pairs == PairQuestion.objects.filter(pair__needed=2).count() >= 12
    assert both.agreed.value == 1


def test_a_run_that_was_not_reviewed_is_said_so(linked, officers):
    with pytest.raises(NotMeasured):
        queries.accuracy_of(linked.pk + 7, by=officers[0])


@pytest.mark.parametrize("role", ["analyst", "steward", "helper"])
def test_those_who_do_not_follow_linkage_are_refused(linked, make_user, role):
    with pytest.raises(NotPermitted):
        queries.accuracy_of(linked.pk, by=make_user(role))


def test_the_board_tells_the_public_and_it_is_recorded(linked, officers, town, client):
    look_at_all(officers)
    if not queries.accuracy_of(linked.pk, by=officers[0]).may_be_told:
        pytest.fail("the town's review is too small to be told")
    client.force_login(town.schools.board_member, backend=BACKEND)
    assert "Show it to the public" in client.get(f"/linkage/{linked.pk}/accuracy/").content.decode()
    assert client.post(f"/linkage/{linked.pk}/accuracy/publish/").status_code == 302
    shown = catalogue.linkage_error()
    assert (shown.run, shown.precision["value"], shown.answers > 30) == (linked.pk, 1.0, True)
    assert audit.entries(event=Event.LINKAGE_ERROR_PUBLISHED).get().facts["precision"] == 1.0
    client.logout()
    page = client.get("/matching/").content.decode()
    told = {one["title"] for one in shown.communities}
    assert all(name in told for name, one in queries.accuracy_of(linked.pk, by=officers[0]).by if one.answers >= 30)
    assert all(title in page for title in told)
    assert "joined wrongly" in client.get("/").content.decode()


def test_nobody_else_tells_the_public_and_nothing_is_told_that_is_not_known(linked, officers, town, client):
    with pytest.raises(TooFewAnswers):
        services.publish_error(linked.pk, by=town.schools.board_member)
    for officer in (officers[0], town.schools.steward):
        client.force_login(officer, backend=BACKEND)
        assert client.post(f"/linkage/{linked.pk}/accuracy/publish/").status_code == 403
    assert catalogue.linkage_error() is None


def test_the_page_says_what_is_known_and_what_is_missing(linked, officers, client):
    client.force_login(officers[0], backend=BACKEND)
    address = f"/linkage/{linked.pk}/accuracy/"
    assert "Too few answers to say" in client.get(address).content.decode()
    look_at_all(officers)
    page = client.get(address).content.decode()
    assert "Every such pair was looked at." in page, "the town is so small that everything was drawn"
    assert "put before the public by a member of the governing board" in page or "can be told once" in page
    assert not any(row["birth_date"] in page for row in COUNTY)


# --- shares in words ---


def test_what_is_not_quite_all_is_never_told_as_all():
    assert [measures.percent(share) for share in (1.0, 0.99999, 0.5, 0.0001, 0.0)] == [
        "100.0",
        "99.9",
        "50.0",
        "0.1",
        "0.0",
    ]


def test_a_bar_begins_where_its_scale_does():
    told = measures.told(Interval(0.9, 0.8, 1.0), begins=0.5)
    assert (told.at, told.begin, told.width) == (80.0, 60.0, 40.0)
    assert measures.begins([Interval(0.9, 0.83, 1.0), None]) == 0.8
    assert measures.told(None) is None


# --- withdrawing what the public reads ---


@pytest.fixture
def public(linked, officers, town) -> LinkageRun:
    look_at_all(officers)
    services.publish_error(linked.pk, by=town.schools.board_member)
    return linked


def test_withdrawn_figures_are_gone_and_the_public_reads_when_and_why(public, town, client):
    client.force_login(town.schools.board_member, backend=BACKEND)
    assert "Withdraw the public figures" in client.get(f"/linkage/{public.pk}/accuracy/").content.decode()
    reason = "Two officers had looked at copies of the same pairs."
    assert client.post(f"/linkage/{public.pk}/accuracy/withdraw/", {"reason": reason}).status_code == 302
    page = client.get(f"/linkage/{public.pk}/accuracy/").content.decode()
    assert reason in page
    assert "Withdraw the public figures" not in page
    shown = catalogue.linkage_error()
    assert (shown.precision, shown.recall, shown.agreed, shown.communities) == ({}, {}, None, [])
    entry = audit.entries(event=Event.LINKAGE_ERROR_WITHDRAWN).get()
    assert entry.about == f"linkage:{public.pk}"
    client.logout()
    page = client.get("/matching/").content.decode()
    assert reason in page
    assert "taken back" in page
    assert "100" not in page.split("<main")[1].split("</main>")[0], "no figure is left"
    assert "joined wrongly" not in client.get("/").content.decode().split("<main")[1]


def test_without_a_reason_nothing_is_withdrawn_and_the_page_says_what_is_missing(public, town, client):
    client.force_login(town.schools.board_member, backend=BACKEND)
    refused = client.post(f"/linkage/{public.pk}/accuracy/withdraw/", {"reason": "  "})
    assert refused.status_code == 422
    assert "<details" in refused.content.decode()
    assert catalogue.linkage_error().withdrawn_at is None
    with pytest.raises(NotPublic):
        services.withdraw_error(public.pk, reason=" ", by=town.schools.board_member)


def test_figures_come_back_only_by_showing_them_anew(public, officers, town):
    services.withdraw_error(public.pk, reason="Counted twice.", by=officers[0])
    with pytest.raises(NotPublic, match="is public"):
        services.withdraw_error(public.pk, reason="Once more.", by=officers[0])
    services.publish_error(public.pk, by=town.schools.board_member)
    shown = catalogue.linkage_error()
    assert (shown.withdrawn_at, shown.withdrawn_reason, shown.precision["value"]) == (None, "", 1.0)


@pytest.mark.parametrize("role", ["analyst", "steward", "helper", "output_checker"])
def test_others_may_not_withdraw(public, make_user, role):
    with pytest.raises(NotPermitted):
        services.withdraw_error(public.pk, reason="No.", by=make_user(role))
    assert catalogue.linkage_error().withdrawn_at is None
