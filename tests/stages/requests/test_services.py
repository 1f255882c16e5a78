"""What the verbs of a request promise: nothing typed is lost, nobody answers alone or twice, everything is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.audit import queries as log
from infotrust.shared.catalogue import queries as catalogue
from infotrust.shared.clocks import queries as waits
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.inventory import queries as inventory_queries
from infotrust.stages.inventory import services as inventory
from infotrust.stages.requests import checks, queries, services
from infotrust.stages.requests.lifecycle import State
from infotrust.stages.requests.terms import NoSuchRequest, RequestIncomplete

from .conftest import GRADED, sections

WRONG = (
    ({"benefit": ""}, "project"),
    ({"fields": []}, "data"),
    ({"period_to": "2024-12-31"}, "data"),
    ({"ends_on": "2020-01-01"}, "safety"),
    ({"destroy_on": "2026-01-01"}, "safety"),
    ({"ends_on": "soon"}, "safety"),
    ({"conflicts": "yes"}, "people"),
    ({"environment": "own"}, "safety"),
    ({"kind": "research"}, "study"),
    ({"level": "deidentified"}, "identifying"),
    ({"fields": ["school-enrollment/gone"]}, "data"),
    ({"fields": ["no-such-dataset/grade"]}, "data"),
    ({"fields": ["school-enrollment/pupil_id"]}, "data"),
)


class TestDraft:
    def test_each_saving_is_kept_and_the_newest_stands(self, town, begun):
        request = begun(only=("project",))
        saved = services.save_section(
            request, key="project", answers={"title": "Another title"}, seen=1, window="other", by=town.requester
        )
        assert saved.version == 2
        assert [one.answers["title"] for one in request.saved.filter(section="project")] == [
            "Another title", "Do children in shelters change schools more often?",
        ]  # fmt: skip
        assert queries.request(request.code).title == "Another title"

    def test_who_saves_second_is_shown_both_versions_and_nothing_is_kept(self, town, begun):
        request = begun(only=("project",))
        services.save_section(request, key="project", answers={"title": "First"}, seen=1, window="a", by=town.requester)
        with pytest.raises(SavedMeanwhile) as raised:
            services.save_section(
                request, key="project", answers={"title": "Second"}, seen=1, window="b", by=town.requester
            )
        assert "Second" in raised.value.yours
        assert "First" in raised.value.theirs
        assert queries.request(request.code).answers["title"] == "First"

    def test_the_same_words_saved_twice_are_no_conflict(self, town, begun):
        request = begun(only=("project",))
        services.save_section(request, key="project", answers={"title": "Same"}, seen=1, window="a", by=town.requester)
        services.save_section(request, key="project", answers={"title": "Same"}, seen=1, window="b", by=town.requester)

    def test_a_window_that_saves_as_its_writer_types_does_not_stand_in_its_own_way(self, town, begun):
        request = begun(only=("project",))
        for text in ("A", "A t", "A title"):
            services.save_section(
                request, key="project", answers={"title": text}, seen=1, window="w", by=town.requester
            )
        assert queries.request(request.code).answers["title"] == "A title"
        assert request.saved.filter(section="project").count() == 2

    def test_an_answer_that_is_too_long_is_refused_by_name_and_length_not_by_its_words(self, town, begun):
        request = begun(only=())
        with pytest.raises(RequestIncomplete) as raised:
            services.save_section(
                request, key="project", answers={"summary": "secret " * 1000}, seen=0, by=town.requester
            )
        assert "Summary for residents" in raised.value.what
        assert "secret" not in str(raised.value)

    def test_an_answer_that_is_not_offered_is_refused(self, town, begun):
        with pytest.raises(RequestIncomplete):
            services.save_section(
                begun(only=()), key="project", answers={"purpose": "enforcement"}, seen=0, by=town.requester
            )

    def test_nobody_else_writes_in_it_or_sees_it(self, town, begun):
        request = begun(only=("project",))
        with pytest.raises(NotPermitted):
            services.save_section(request, key="project", answers={"title": "Mine"}, seen=1, by=town.analyst)
        with pytest.raises(NoSuchRequest):
            queries.request(request.code, by=town.board)

    def test_what_is_hidden_by_another_answer_keeps_its_words(self, town, begun):
        request = begun(only=("project",), kind="research")
        services.save_section(request, key="study", answers={"investigator": "Dr. A"}, seen=0, by=town.requester)
        services.save_section(request, key="project", answers={"kind": "program"}, seen=1, by=town.requester)
        assert queries.request(request.code).answers["investigator"] == "Dr. A"


class TestNeverAskedTwice:
    def test_a_second_request_remembers_what_the_first_said_about_the_requester(self, town, at_state):
        first = at_state(State.SUBMITTED)
        second = services.begin_request(by=town.requester)
        assert second.answers["expertise"] == "Two such reports."
        assert second.prefilled["expertise"] == f"request:{first.code}"
        assert "title" not in second.answers

    def test_someone_elses_answers_are_not_remembered(self, town, at_state):
        at_state(State.SUBMITTED)
        assert services.begin_request(by=town.analyst).answers == {}

    def test_agencies_and_laws_follow_from_the_fields(self, begun):
        request = begun()
        assert [one.code for one in queries.contributing(request)] == ["homeless-services", "schools"]
        assert queries.laws_of(request.wanted) == ["ferpa", "hmis"]


class TestCompleteness:
    def test_a_complete_request_lacks_nothing(self, begun):
        assert checks.problems(begun(), at=timezone.now()) == []

    def test_what_is_missing_or_contradicts_itself_is_said_where_it_is_mended(self, begun):
        request = begun()
        whole = request.answers
        for changes, section in WRONG:
            request.answers = whole | changes
            assert section in {one.section for one in checks.problems(request, at=timezone.now())}, changes

    def test_a_request_that_lacks_something_is_not_submitted(self, town, begun):
        with pytest.raises(RequestIncomplete) as raised:
            services.submit(begun(benefit=""), by=town.requester)
        assert "Who benefits" in raised.value.what

    def test_a_field_that_leaves_the_inventory_stops_the_submission_by_name(self, town, begun):
        request = begun()
        inventory.retire_field(
            dataset=inventory_queries.dataset("school-enrollment"), name="grade", reason="Gone.",
            by=town.staff["schools"]["steward"],
        )  # fmt: skip
        (problem,) = checks.problems(request, at=timezone.now())
        assert "grade" in problem.sentence


class TestReview:
    def test_all_custodians_are_asked_at_the_same_time(self, at_state):
        request = at_state(State.IN_REVIEW)
        holders = {(one.wait.agency.code, one.wait.role) for one in waits.open_of(request.about)}
        assert holders == {("schools", "steward"), ("homeless-services", "steward")}

    def test_the_last_answer_sends_it_on(self, town, at_state):
        request = at_state(State.IN_REVIEW)
        request = services.answer(request, outcome="support", rubric=GRADED, by=town.privacy)
        assert request.state == State.IN_REVIEW
        request = services.answer(
            request, outcome="support", rubric=GRADED, by=town.staff["homeless-services"]["steward"]
        )
        assert request.state == State.DECISION
        assert {one.wait.role for one in waits.open_of(request.about)} == {"board_member"}

    def test_it_goes_back_once_with_every_agencys_questions(self, town, at_state):
        request = at_state(State.IN_REVIEW)
        request = services.answer(request, outcome="changes", rubric=GRADED, comment="Why grade?", by=town.privacy)
        assert request.state == State.IN_REVIEW
        other = town.staff["homeless-services"]["steward"]
        request = services.answer(request, outcome="support", rubric=GRADED, by=other)
        assert request.state == State.RETURNED
        assert [one.wait.person for one in waits.open_of(request.about)] == [town.requester]

    def test_an_agency_can_change_its_answer_until_the_last_one_came(self, town, at_state):
        request = at_state(State.IN_REVIEW)
        services.answer(request, outcome="against", rubric=GRADED, comment="No.", by=town.privacy)
        services.answer(request, outcome="support", rubric=GRADED, by=town.staff["schools"]["steward"])
        (kept,) = request.answered.all()
        assert kept.outcome == "support"

    def test_an_objection_says_why_and_the_rubric_is_answered_whole(self, town, at_state):
        request = at_state(State.IN_REVIEW)
        with pytest.raises(RequestIncomplete):
            services.answer(request, outcome="changes", rubric=GRADED, comment=" ", by=town.privacy)
        with pytest.raises(RequestIncomplete):
            services.answer(request, outcome="support", rubric={"priorities": {"grade": "yes"}}, by=town.privacy)

    def test_an_agency_whose_fields_are_not_asked_for_does_not_answer(self, make_user, at_state):
        with pytest.raises(NotPermitted):
            services.answer(
                at_state(State.IN_REVIEW), outcome="support", rubric=GRADED, by=make_user("steward", "health")
            )

    def test_an_answer_to_what_was_changed_meanwhile_is_refused(self, town, at_state):
        request = at_state(State.IN_REVIEW)
        with pytest.raises(RequestIncomplete):
            services.answer(request, outcome="support", rubric=GRADED, seen="0" * 64, by=town.privacy)

    def test_a_steward_does_not_review_their_own_request(self, town, begun):
        steward = town.staff["schools"]["steward"]
        request = services.submit(begun(by=steward), by=steward)
        request = services.send_to_custodians(request, by=town.office)
        with pytest.raises(NotPermitted):
            services.answer(request, outcome="support", rubric=GRADED, by=steward)

    def test_a_new_submission_is_answered_anew_and_its_changes_are_known(self, town, at_state):
        request = at_state(State.RETURNED)
        services.save_section(
            request,
            key="method",
            answers=sections()["method"] | {"methods": "A table by grade."},
            seen=1,
            by=town.requester,
        )
        request = services.submit(request, by=town.requester)
        assert request.round == 2
        assert [one.answers["methods"] for one in request.submissions.all()] == ["A table by grade.", "A table."]


class TestDecision:
    def test_it_is_granted_when_every_agency_grants_it(self, at_state):
        assert at_state(State.GRANTED).state == State.GRANTED

    def test_one_agency_that_does_not_grant_ends_it_with_its_reason(self, at_state):
        request = at_state(State.REFUSED)
        assert request.reason == "Too early."
        assert not waits.open_of(request.about)

    def test_no_board_decides_twice_for_the_others(self, town, at_state):
        request = at_state(State.DECISION)
        request = services.decide(request, grant=True, by=town.board)
        request = services.decide(request, grant=True, by=town.board)
        assert request.state == State.DECISION

    def test_a_refusal_after_the_end_is_refused(self, town, at_state):
        request = at_state(State.GRANTED)
        with pytest.raises(ImpossibleMove):
            services.decide(request, grant=False, reason="Late.", by=town.board)


class TestPublicQueue:
    def test_a_draft_is_nobodys_business(self, begun):
        begun()
        assert not catalogue.requests_waiting().exists()

    def test_the_queue_shows_stage_and_agencies_and_no_name(self, town, at_state):
        request = at_state(State.IN_REVIEW)
        (shown,) = catalogue.requests_waiting()
        assert (shown.code, shown.stage, shown.requester) == (request.code, "in_review", "")
        assert shown.expected_on is None
        assert len(shown.agencies) == 2

    def test_a_name_is_shown_where_its_owner_agreed(self, town, at_state):
        at_state(State.SUBMITTED, show_name="yes")
        (shown,) = catalogue.requests_waiting()
        assert town.requester.name in shown.requester

    def test_a_date_is_promised_once_enough_requests_went_through(self, town, at_state):
        for _number in range(waits.ENOUGH):
            at_state(State.REFUSED)
        at_state(State.IN_REVIEW)
        assert catalogue.requests_waiting().get().expected_on is not None

    def test_the_day_since_when_stays_while_the_stage_stays(self, town, at_state):
        request = at_state(State.IN_REVIEW)
        shown = catalogue.requests_waiting().get()
        services.answer(
            request, outcome="support", rubric=GRADED, by=town.privacy, at=timezone.now() + timedelta(days=3)
        )
        assert catalogue.requests_waiting().get().since == shown.since


def test_everything_is_in_the_log(town, at_state):
    request = at_state(State.GRANTED)
    events = [entry.event for entry in log.entries(about=request.about)]
    assert {
        "request.begun", "request.saved", "request.submitted", "request.sent", "request.reviewed", "request.decided",
        "request.granted",
    } <= set(events)  # fmt: skip
