"""What partners can rely on while they talk about linking, as a program manager may read it.

In these examples the schools talk with the health department; a facilitator of neither leads the conversation. A
university helps and has no data of its own.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from infotrust.core.errors import UserFacingError
from infotrust.shared.permissions import services as permissions
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.readiness import queries, services
from tests.stages.readiness.conftest import said

HONEST = services.Said(1, "Our director is against it.", ("The vendor will not export.",))


def others_can_read(guide, *readers) -> bool:
    for reader in readers:
        try:
            queries.sheets(guide, by=reader)
        except queries.NotYetOpen:
            continue
        return True
    return False


# --- You can be honest: nobody reads your answers before they have given theirs ---


def test_what_the_schools_say_is_not_read_by_health_or_the_facilitator_before_health_has_answered(town, answering):
    guide = answering()
    services.answer(guide, said=said(4, leadership=HONEST), seen=1, hand_in=True, by=town.schools.program)
    assert not others_can_read(guide, town.health.program, town.facilitator)
    services.answer(guide, said=said(2), seen=1, hand_in=True, by=town.health.program)
    assert others_can_read(guide, town.health.program)


def test_you_can_change_your_mind_until_the_last_partner_hands_in(town, answering):
    guide = answering()
    services.answer(guide, said=said(4), seen=1, hand_in=True, by=town.schools.program)
    services.take_back(guide, by=town.schools.program)
    services.answer(guide, said=said(2), seen=2, hand_in=True, by=town.schools.program)


def test_saying_that_you_cannot_say_yet_is_an_answer(town, answering):
    guide = answering()
    unsure = services.Said(0)
    services.answer(guide, said=said(3, technical=unsure), seen=1, hand_in=True, by=town.schools.program)


# --- Nothing commits you ---


def test_however_far_the_partners_got_nobody_may_use_a_field_of_anyone(town, signed_off):
    """A use case that both have signed off lets nobody see, link or count anything. Only an agreement does."""
    case = queries.use_case(signed_off().number)
    for dataset, field in case.elements:
        for use in ("link", "aggregate", "extract", "view"):
            asked = permissions.FieldRequest(town.health.program, use, dataset, field, "planning", at=timezone.now())
            assert not permissions.decide(asked).allowed


def test_sitting_at_the_table_gives_the_university_no_data(town, talking):
    partnership = talking()
    services.add_partner(partnership, contact=town.university.program, contributes=False, by=town.schools.program)
    assert [one.contributes for one in queries.partners(partnership)] == [True, True, False]


# --- One "not yet" is enough, and it leads somewhere ---


def test_one_partner_who_says_not_yet_is_not_outvoted(town, concluded):
    assert concluded("not_yet").verdict == "not_yet"


def test_not_yet_means_that_somebody_works_on_it_until_a_day(town, concluded):
    partnership = concluded("not_yet").partnership
    (task,) = queries.tasks(partnership)
    assert task.person == town.schools.program
    assert task.due_on >= timezone.localdate()
    assert partnership.reconvene_on > timezone.localdate()


def test_the_facilitator_cannot_call_it_feasible_over_a_partners_head(town, side_by_side):
    guide = side_by_side()
    services.say_view(guide, view="go_on", by=town.schools.program)
    with pytest.raises(UserFacingError, match="Not every partner has said"):
        services.conclude(guide, by=town.facilitator)
    with pytest.raises(NotPermitted):
        services.say_view(guide, view="go_on", by=town.facilitator)


# --- Everyone who gives data gains something, and says so ---


def test_a_use_case_in_which_health_gains_nothing_cannot_be_signed_off(town, use_case):
    paper = use_case()
    schools, health = (str(one.pk) for one in queries.partners(paper.partnership))
    services.write_paper(
        paper, content={"benefits": {schools: "We learn a lot."}}, seen=paper.version, by=town.schools.program
    )
    with pytest.raises(UserFacingError) as refused:
        services.offer(paper, by=town.schools.program)
    assert refused.value.next_step == "“What each partner gains” says nothing for Marigold Health."
    assert health not in queries.standing(paper).content["benefits"]


def test_you_sign_off_the_text_you_read_and_not_a_later_one(town, use_case):
    paper = use_case()
    services.offer(paper, by=town.schools.program)
    read = queries.standing(paper).digest
    services.sign_off(paper, by=town.schools.program)
    services.ask_for_changes(paper, text="Name the years.", by=town.health.program)
    content = {"overview": "From 2024 to 2026."}
    services.write_paper(paper, content=content, seen=paper.version, by=town.health.program)
    services.offer(paper, by=town.health.program)
    with pytest.raises(UserFacingError, match="changed after you opened"):
        services.sign_off(paper, seen=read, by=town.schools.program)


# --- A barrier is counted without telling who has it ---


def test_everyone_sees_how_often_a_kind_of_barrier_is_met_and_nobody_elses_words(town, concluded):
    concluded("not_yet")
    (count,) = queries.barrier_statistics(by=town.university.program)
    assert (count.title, count.named) == ("Law or legal authority", 1)
    assert "FERPA" not in repr(count)


def test_the_day_to_meet_again_is_in_the_future(town, side_by_side):
    guide = side_by_side()
    for people, view in ((town.schools, "go_on"), (town.health, "not_yet")):
        services.say_view(guide, view=view, by=people.program)
    (barrier,) = queries.barriers(guide, by=town.facilitator)
    services.set_barrier_aside(guide, barrier=barrier.pk, kind="law", reason="Settled.", by=town.facilitator)
    with pytest.raises(UserFacingError, match="missing or in the past"):
        services.conclude(guide, reconvene_on=timezone.localdate() - timedelta(days=1), by=town.facilitator)
