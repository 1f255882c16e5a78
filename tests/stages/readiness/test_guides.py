"""The conversation along the guide: blind first, then side by side; feasible only where all would go on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.audit import queries as log
from infotrust.shared.clocks import queries as clocks
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.readiness import process, queries, services
from infotrust.stages.readiness.lifecycle import GuideState, State
from infotrust.stages.readiness.services import ReadinessRefused

from .conftest import said

SECRET = services.Said(1, "Our director is against it.", ("The vendor will not export.",))


def test_nobody_of_another_partner_reads_an_answer_before_all_have_handed_in(town, answering):
    guide = answering()
    services.answer(guide, said=said(5, leadership=SECRET), seen=1, hand_in=True, by=town.schools.program)
    for reader in (town.health.program, town.facilitator, town.schools.program):
        with pytest.raises(queries.NotYetOpen):
            queries.sheets(guide, by=reader)
        with pytest.raises(queries.NotYetOpen):
            queries.barriers(guide, by=reader)
    assert queries.own_sheet(guide, by=town.health.program).answers == {}
    assert queries.own_sheet(guide, by=town.facilitator) is None
    assert queries.barrier_statistics(by=town.health.program) == []
    assert [one.handed_in for one in queries.who_handed_in(guide)] == [True, False]


def test_the_log_and_the_clocks_tell_nothing_of_an_answer(town, answering):
    guide = answering()
    services.answer(guide, said=said(5, leadership=SECRET), seen=1, hand_in=True, by=town.schools.program)
    written = " ".join(entry.facts_text for entry in log.entries())
    waits = " ".join(one.sentence for one in clocks.waiting_for(town.health.program))
    for secret in (SECRET.comment, *SECRET.barriers):
        assert secret not in written
        assert secret not in waits
    assert '"place"' not in written


def test_a_partner_that_handed_in_may_take_it_back_until_the_last_one_hands_in(town, answering):
    guide = answering()
    services.answer(guide, said=said(5), seen=1, hand_in=True, by=town.schools.program)
    services.take_back(guide, by=town.schools.program)
    services.answer(guide, said=said(1), seen=2, hand_in=True, by=town.schools.program)
    services.answer(guide, said=said(2), seen=1, hand_in=True, by=town.health.program)
    with pytest.raises(ImpossibleMove):
        services.take_back(guide, by=town.schools.program)
    places = {str(one.sheet.partner): one.answers["timing"].place for one in queries.sheets(guide, by=town.facilitator)}
    assert places == {"Marigold Schools": 1, "Marigold Health": 2}


def test_the_last_answers_lay_all_of_them_side_by_side(town, side_by_side):
    guide = side_by_side()
    assert guide.state == GuideState.OPEN
    assert len(queries.sheets(guide, by=town.health.program)) == 2


def test_a_facilitator_may_keep_the_moment_of_opening_but_never_open_early(town, answering):
    guide = answering(opens="by_facilitator")
    services.answer(guide, said=said(5), seen=1, hand_in=True, by=town.schools.program)
    with pytest.raises(ReadinessRefused, match="Not every partner has handed in: Marigold Health"):
        services.lay_open(guide, by=town.facilitator)
    services.answer(guide, said=said(5), seen=1, hand_in=True, by=town.health.program)
    guide.refresh_from_db()
    assert guide.state == GuideState.ANSWERING
    assert [one.wait.step for one in clocks.waiting_for(town.facilitator)] == ["open the guide"]
    services.lay_open(guide, by=town.facilitator)
    assert guide.state == GuideState.OPEN


def test_handing_in_asks_for_a_mark_on_each_question(town, answering):
    guide = answering()
    some = {"purpose": services.Said(3), "timing": services.Said(None, "Ask the vendor.")}
    with pytest.raises(ReadinessRefused, match="Support from leaders, Timing, Technical ability"):
        services.answer(guide, said=some, seen=1, hand_in=True, by=town.schools.program)
    assert queries.own_sheet(guide, by=town.schools.program).answers == {}, "half of it was saved"
    services.answer(guide, said=some, seen=1, by=town.schools.program)
    assert queries.own_sheet(guide, by=town.schools.program).answers["timing"].comment == "Ask the vendor."


def test_two_colleagues_who_write_at_once_lose_nothing(town, answering):
    guide = answering()
    services.add_person(guide.partnership, person=town.schools.steward, by=town.schools.program)
    services.answer(guide, said={"timing": services.Said(4, "By summer.")}, seen=1, by=town.schools.program)
    with pytest.raises(SavedMeanwhile) as clash:
        services.answer(guide, said={"timing": services.Said(2, "Not before fall.")}, seen=1, by=town.schools.steward)
    assert "By summer." in clash.value.theirs
    assert "Not before fall." in clash.value.yours
    assert queries.own_sheet(guide, by=town.schools.program).answers["timing"].comment == "By summer."


def test_it_is_feasible_only_where_every_partner_would_go_on(town, concluded):
    guide = concluded("go_on")
    assert guide.verdict == State.FEASIBLE
    assert guide.partnership.state == State.FEASIBLE
    assert queries.activities(guide.partnership)["2a"].status == "done"


def test_not_yet_leaves_owned_tasks_and_a_day_to_meet_again(town, concluded):
    partnership = concluded("not_yet").partnership
    assert partnership.state == State.NOT_YET
    (task,) = queries.tasks(partnership)
    assert (task.person, task.barrier.kind) == (town.schools.program, "law")
    assert "take away a barrier" in [one.wait.step for one in clocks.waiting_for(town.schools.program)]
    (again,) = clocks.waiting_for(town.facilitator)
    assert (again.wait.step, again.wait.due_on) == ("meet again", partnership.reconvene_on)


def test_not_yet_is_not_concluded_while_a_barrier_has_no_owner_or_there_is_no_day(town, side_by_side):
    guide = side_by_side()
    services.say_view(guide, view="go_on", by=town.schools.program)
    with pytest.raises(ReadinessRefused, match="has said whether"):
        services.conclude(guide, by=town.facilitator)
    services.say_view(guide, view="not_yet", by=town.health.program)
    soon = timezone.localdate() + timedelta(days=9)
    with pytest.raises(ReadinessRefused, match="no owner yet"):
        services.conclude(guide, reconvene_on=soon, by=town.facilitator)
    (barrier,) = queries.barriers(guide, by=town.facilitator)
    reason = "Counsel answered this morning: the studies exception carries it."
    services.set_barrier_aside(guide, barrier=barrier.pk, kind="law", reason=reason, by=town.facilitator)
    for wrong in (None, timezone.localdate() - timedelta(days=1)):
        with pytest.raises(ReadinessRefused, match="day to meet again"):
            services.conclude(guide, reconvene_on=wrong, by=town.facilitator)
    services.conclude(guide, reconvene_on=soon, by=town.facilitator)
    assert guide.partnership.reconvene_on == soon


def test_a_partner_cannot_conclude_where_there_is_a_facilitator(town, side_by_side):
    guide = side_by_side()
    for people in (town.schools, town.health):
        services.say_view(guide, view="go_on", by=people.program)
    with pytest.raises(NotPermitted):
        services.conclude(guide, by=town.schools.program)
    services.appoint_facilitator(guide.partnership, facilitator=None, by=town.schools.program)
    services.conclude(guide, by=town.schools.program)
    assert guide.verdict == State.FEASIBLE


def test_partners_that_meet_again_begin_a_new_conversation_and_keep_the_old_one(town, concluded):
    first = concluded("not_yet")
    second = services.begin_guide(first.partnership, by=town.facilitator)
    assert (second.round, second.partnership.state, second.partnership.reconvene_on) == (2, State.TALKING, None)
    assert queries.sheets(queries.guide(first.partnership, by=town.facilitator, round=1), by=town.facilitator)
    with pytest.raises(queries.NotYetOpen):
        queries.sheets(second, by=town.facilitator)


def test_barriers_are_counted_over_all_partnerships(town, concluded):
    partnership = concluded("not_yet").partnership
    (count,) = queries.barrier_statistics(by=town.university.program)
    assert (count.title, count.named, count.partnerships, count.open, count.done) == (
        "Law or legal authority",
        1,
        1,
        1,
        0,
    )
    (task,) = queries.tasks(partnership)
    later = task.given_at + timedelta(days=12)
    services.settle_task(task, done=True, outcome="The studies exception.", by=town.schools.program, at=later)
    (count,) = queries.barrier_statistics(by=town.university.program)
    assert (count.open, count.done, count.median_days) == (0, 1, 12)


@pytest.mark.parametrize("place", [-1, 6])
def test_a_mark_beside_the_line_is_refused(town, answering, place):
    with pytest.raises(ReadinessRefused, match="not on the line"):
        services.answer(answering(), said={"timing": services.Said(place)}, seen=1, by=town.schools.program)


def test_the_guide_asks_the_five_questions_of_the_packet_each_with_its_considerations():
    assert [item.key for item in process.items()] == ["purpose", "leadership", "timing", "technical", "resources"]
    assert {len(item.consider) for item in process.items()} == {3}
    ends = [item.ends[1] for item in process.items()]
    assert ends == ["An in-depth understanding"] * 2 + ["Strongly agree"] * 3
