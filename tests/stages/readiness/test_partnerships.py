"""Who sits at the table, and what its steps are called."""

from __future__ import annotations

import pytest

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.clocks import queries as clocks
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.readiness import queries, services
from infotrust.stages.readiness.lifecycle import State
from infotrust.stages.readiness.services import ReadinessRefused

from .conftest import said


def test_only_its_own_people_read_a_partnership(town, talking):
    partnership = talking()
    for reader in (town.schools.program, town.health.program, town.facilitator):
        assert queries.partnership(partnership.pk, by=reader) == partnership
    for stranger in (town.schools.steward, town.university.program):
        with pytest.raises(NotPermitted):
            queries.partnership(partnership.pk, by=stranger)
        assert queries.partnerships_of(stranger) == []


def test_a_facilitator_takes_no_side(town, talking, make_user):
    partnership = talking(facilitator=False)
    inside = make_user("facilitator", "health")
    with pytest.raises(ReadinessRefused, match="works for one of the partners"):
        services.appoint_facilitator(partnership, facilitator=inside, by=town.schools.program)
    with pytest.raises(ReadinessRefused, match="is not a facilitator"):
        services.appoint_facilitator(partnership, facilitator=town.university.program, by=town.schools.program)
    services.change_partnership(
        partnership, title="Within", about="", configuration="two_programs", by=town.schools.program
    )
    services.appoint_facilitator(partnership, facilitator=inside, by=town.schools.program)


def test_somebody_who_once_spoke_for_a_partner_never_speaks_for_another(town, talking):
    partnership = talking(configuration="two_programs")
    services.add_person(partnership, person=town.schools.steward, by=town.schools.program)
    services.remove_person(partnership, person=town.schools.steward, by=town.schools.program)
    with pytest.raises(ReadinessRefused, match="once spoke, for another partner"):
        services.add_partner(partnership, contact=town.schools.steward, program="Preschool", by=town.schools.program)
    with pytest.raises(NotPermitted):
        queries.partnership(partnership.pk, by=town.schools.steward)


def test_a_partner_adds_only_people_of_its_own_agency(town, talking):
    partnership = talking()
    with pytest.raises(ReadinessRefused, match="does not work for Marigold Schools"):
        services.add_person(partnership, person=town.health.steward, by=town.schools.program)
    with pytest.raises(NotPermitted):
        services.add_person(partnership, person=town.health.steward, by=town.facilitator)


def test_an_intermediary_sits_at_the_table_without_contributing(town, talking):
    partnership = talking()
    services.add_partner(partnership, contact=town.university.program, contributes=False, by=town.health.program)
    assert [one.contributes for one in queries.partners(partnership)] == [True, True, False]
    guide = services.begin_guide(partnership, by=town.facilitator)
    assert len(queries.who_handed_in(guide)) == 3, "whoever sits at the table is asked"


def test_talking_takes_two_who_contribute_data(town):
    alone = services.open_partnership(title="Alone", configuration="two_agencies", by=town.schools.program)
    services.add_partner(alone, contact=town.university.program, contributes=False, by=town.schools.program)
    with pytest.raises(ReadinessRefused, match="at least 2"):
        services.begin_guide(alone, by=town.schools.program)
    within = services.open_partnership(title="Within", configuration="one_program", by=town.schools.program)
    services.begin_guide(within, by=town.schools.program)


def test_a_partner_who_comes_late_is_asked_too_and_nothing_opens_without_it(town, answering):
    guide = answering()
    services.answer(guide, said=said(), seen=1, hand_in=True, by=town.schools.program)
    services.add_partner(guide.partnership, contact=town.university.program, by=town.health.program)
    services.answer(guide, said=said(), seen=1, hand_in=True, by=town.health.program)
    with pytest.raises(queries.NotYetOpen):
        queries.sheets(guide, by=town.health.program)


def test_a_step_is_renamed_and_skipped_with_a_reason_but_never_the_guide(town, talking):
    partnership = talking()
    services.rename_activity(partnership, key="3a", title="Charter", by=town.health.program)
    services.skip_activity(partnership, key="4a", reason="Both carry the state ID.", by=town.schools.program)
    rows = queries.activities(partnership)
    assert (rows["3a"].title, rows["4a"].status, rows["4a"].reason) == (
        "Charter",
        "skipped",
        "Both carry the state ID.",
    )
    for key in ("2a", "2b"):
        with pytest.raises(ReadinessRefused, match="cannot be skipped"):
            services.skip_activity(partnership, key=key, reason="No time.", by=town.schools.program)
    with pytest.raises(ReadinessRefused, match="is empty"):
        services.skip_activity(partnership, key="4b", reason="  ", by=town.schools.program)


def test_what_waits_is_held_by_somebody_by_name_and_a_new_contact_takes_it_over(town, answering):
    guide = answering()
    assert [one.wait.step for one in clocks.waiting_for(town.health.program)] == ["answer the guide"]
    services.add_person(guide.partnership, person=town.health.steward, by=town.health.program)
    services.make_contact(guide.partnership, person=town.health.steward, by=town.health.program)
    assert clocks.waiting_for(town.health.program) == []
    assert [one.wait.step for one in clocks.waiting_for(town.health.steward)] == ["answer the guide"]


def test_a_closed_partnership_waits_for_nobody_until_it_is_opened_again(town, answering):
    guide = answering()
    partnership = guide.partnership
    services.close_partnership(partnership, reason="The grant ended.", by=town.facilitator)
    for person in (town.schools.program, town.health.program, town.facilitator):
        assert clocks.waiting_for(person) == []
    with pytest.raises(ReadinessRefused, match="closed"):
        services.answer(guide, said=said(), seen=1, by=town.schools.program)
    with pytest.raises(ImpossibleMove):
        services.rename_activity(partnership, key="3a", title="Charter", by=town.health.program)
    services.reopen_partnership(partnership, by=town.schools.program)
    assert partnership.state == State.TALKING
    assert [one.wait.step for one in clocks.waiting_for(town.health.program)] == ["answer the guide"]
