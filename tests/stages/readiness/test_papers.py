"""Writing together: versions, sign-off of one exact text by every partner, and what other stages are given."""

from __future__ import annotations

import pytest

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.clocks import queries as clocks
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.governance import queries as governance
from infotrust.stages.inventory import queries as inventory_queries
from infotrust.stages.inventory import services as inventory
from infotrust.stages.readiness import contents, queries, services
from infotrust.stages.readiness.lifecycle import PaperState, State
from infotrust.stages.readiness.services import ReadinessRefused


def test_a_use_case_is_final_when_every_partner_signed_it_off(town, use_case):
    paper = use_case()
    services.offer(paper, by=town.schools.program)
    assert [one.wait.step for one in clocks.waiting_for(town.health.program)] == ["sign off"]
    services.sign_off(paper, by=town.schools.program)
    with pytest.raises(queries.NoSuchPaper):
        queries.use_case(paper.number)
    services.sign_off(paper, by=town.health.program)
    assert (paper.state, paper.final_version) == (PaperState.FINAL, paper.version)
    asked = governance.four_questions(paper.label).asking
    assert (asked.version, asked.address) == (str(paper.version), f"/partnerships/use-cases/{paper.number}/")
    assert queries.activities(paper.partnership)["2b"].status == "done"
    assert clocks.waiting_for(town.health.program) == []


def test_other_stages_are_given_what_was_signed_off_and_nothing_later(town, signed_off):
    paper = signed_off()
    found = queries.use_case(paper.number)
    assert (found.label, found.datasets) == ("use-case:1", ("preschool", "part-c"))
    assert found.elements == (
        ("preschool", "child"),
        ("preschool", "score"),
        ("part-c", "child"),
        ("part-c", "score"),
    )
    assert [one.agency for one in found.contributors] == ["schools", "health"]
    assert found.benefits["schools"] == "Marigold Schools learns what becomes of its children."
    services.reopen_paper(paper, reason="A third question.", by=town.health.program)
    services.write_paper(paper, content={"questions": ["A new one?"]}, seen=paper.version, by=town.health.program)
    assert queries.use_case(paper.number) == found
    assert queries.activities(paper.partnership)["2b"].status == "to_do"
    services.offer(paper, by=town.health.program)
    for people in (town.schools, town.health):
        services.sign_off(paper, by=people.program)
    assert queries.use_case(paper.number).questions == ("A new one?",)


def test_a_contributor_who_gains_nothing_that_is_stated_blocks_sign_off(town, use_case):
    paper = use_case(benefits={})
    with pytest.raises(ReadinessRefused) as refused:
        services.offer(paper, by=town.schools.program)
    for name in ("Marigold Schools", "Marigold Health"):
        assert f"“What each partner gains” says nothing for {name}." in refused.value.next_step


def test_an_intermediary_needs_no_benefit_but_signs_off_too(town, concluded, use_case):
    paper = use_case()
    services.look_anew(paper.partnership, by=town.schools.program)
    services.add_partner(paper.partnership, contact=town.university.program, contributes=False, by=town.schools.program)
    services.offer(paper, by=town.schools.program)
    for people in (town.schools, town.health):
        services.sign_off(paper, by=people.program)
    assert paper.state == PaperState.SIGNING
    services.sign_off(paper, by=town.university.program)
    assert paper.state == PaperState.FINAL


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        ({"title": ""}, "“Title” is empty."),
        ({"questions": []}, "“Questions” is empty."),
        ({"datasets": []}, "“Data sets” names none."),
        ({"impacts": {}}, "“What could turn out badly for each partner” says nothing for Marigold Schools."),
    ],
)
def test_what_is_missing_is_named(town, use_case, left_out, says):
    assert says in queries.problems(use_case(**left_out))


def test_data_sets_that_are_not_in_the_inventory_yet_can_be_named_in_words(town, use_case):
    assert queries.problems(use_case(datasets=[], other_datasets=["Part C child outcomes"])) == []


def test_a_field_that_left_the_inventory_keeps_it_from_sign_off(town, use_case):
    paper = use_case()
    part_c = inventory_queries.dataset("part-c")
    inventory.retire_field(dataset=part_c, name="score", reason="Replaced.", by=town.health.steward)
    assert queries.problems(paper) == ["part-c has no field score in the inventory any more. Take it out."]


def test_a_data_set_nobody_knows_is_refused(town, use_case):
    with pytest.raises(ReadinessRefused, match="does not know nowhere"):
        use_case(datasets=["nowhere"])


def test_two_who_write_at_once_lose_nothing(town, use_case):
    paper = use_case()
    seen = paper.version
    services.write_paper(paper, content={"overview": "Health's words."}, seen=seen, by=town.health.program)
    with pytest.raises(SavedMeanwhile) as clash:
        services.write_paper(paper, content={"overview": "Schools' words."}, seen=seen, by=town.schools.program)
    assert "Health's words." in clash.value.theirs
    assert "Schools' words." in clash.value.yours
    assert queries.standing(paper).content["overview"] == "Health's words."


def test_a_save_that_changes_nothing_makes_no_version(town, use_case):
    paper = use_case()
    before = paper.version
    services.write_paper(paper, content=queries.standing(paper).content, seen=before, by=town.health.program)
    assert paper.version == before


def test_asking_for_changes_voids_the_sign_offs_and_is_kept_as_a_remark(town, use_case):
    paper = use_case()
    services.offer(paper, by=town.schools.program)
    services.sign_off(paper, by=town.schools.program)
    services.ask_for_changes(paper, text="Say who sees the tables first.", by=town.health.program)
    assert paper.state == PaperState.DRAFT
    assert not queries.standing(paper).sign_offs.exists()
    (remark,) = queries.feedback(paper)
    services.reply(paper, feedback=remark.pk, text="Added to the overview.", by=town.schools.program)
    assert queries.feedback(paper)[0].reply == "Added to the overview."
    services.offer(paper, by=town.schools.program)
    services.sign_off(paper, by=town.health.program)
    assert paper.state == PaperState.SIGNING, "the earlier sign-off counted for a later version"


def test_nobody_signs_off_what_they_did_not_see(town, use_case):
    paper = use_case()
    services.offer(paper, by=town.schools.program)
    with pytest.raises(ReadinessRefused, match="changed after you opened"):
        services.sign_off(paper, seen="0" * 64, by=town.schools.program)
    services.sign_off(paper, seen=queries.standing(paper).digest, by=town.schools.program)
    with pytest.raises(ReadinessRefused, match="signed off already"):
        services.sign_off(paper, by=town.schools.program)


def test_only_program_staff_stewards_and_board_members_sign_off(town, use_case):
    paper = use_case()
    services.add_person(paper.partnership, person=town.health.privacy, by=town.health.program)
    services.offer(paper, by=town.schools.program)
    for nobody in (town.health.privacy, town.facilitator):
        with pytest.raises(NotPermitted):
            services.sign_off(paper, by=nobody)


def test_a_use_case_waits_until_it_is_feasible_goals_do_not(town, talking):
    partnership = talking()
    assert partnership.state == State.TALKING
    with pytest.raises(ReadinessRefused, match="not found feasible"):
        services.start_paper(partnership, kind="use-case", by=town.schools.program)
    goals = services.start_paper(partnership, kind="goals", by=town.schools.program)
    with pytest.raises(ReadinessRefused, match="one already"):
        services.start_paper(partnership, kind="goals", by=town.health.program)
    services.withdraw_paper(goals, reason="Too early.", by=town.health.program)
    with pytest.raises(ImpossibleMove):
        services.write_paper(goals, content={"why": "Now."}, seen=1, by=town.schools.program)
    services.take_up_paper(goals, by=town.schools.program)


def test_signed_off_use_cases_stand_in_appendix_a_by_themselves(town, signed_off):
    paper = signed_off()
    assert [case.number for case in queries.use_cases_of(paper.partnership)] == [paper.number]


def test_the_sample_of_part_c_and_619_has_what_the_template_asks(town):
    sample = contents.sample("part-c-619")
    assert len(sample["questions"]) == 4
    assert sample["other_datasets"] == ["Part C child outcomes", "Part B 619 child outcomes"]
    assert {"title", "overview"} <= set(sample)


def test_the_use_case_asks_for_the_template_above_the_fold_and_the_rest_below():
    above = [one.key for one in contents.sections("use-case") if not one.more]
    assert above == ["title", "overview", "questions", "datasets", "other_datasets"]
    below = {one.key for one in contents.sections("use-case") if one.more}
    assert {"elements", "sharing", "benefits", "impacts", "consent"} <= below


@pytest.mark.parametrize("kind", ["goals", "use-case", "plan", "worksheet"])
def test_every_section_of_a_paper_has_a_kind_that_is_known(kind):
    assert {one.kind for one in contents.sections(kind)} <= set(contents.EMPTY)
    assert contents.whole(kind, {"title": "A", "strange": "B"})["title"] == "A"
    assert "strange" not in contents.whole(kind, {"strange": "B"})


def test_a_sign_off_is_handed_over_with_the_contact_and_waits_for_nobody_twice(town, use_case):
    paper = use_case()
    services.offer(paper, by=town.schools.program)
    services.add_person(paper.partnership, person=town.health.steward, by=town.health.program)
    services.make_contact(paper.partnership, person=town.health.steward, by=town.health.program)
    assert clocks.waiting_for(town.health.program) == []
    assert [one.wait.step for one in clocks.waiting_for(town.health.steward)] == ["sign off"]
    services.sign_off(paper, by=town.health.steward)
    assert clocks.waiting_for(town.health.steward) == []


def test_a_partnership_opened_again_waits_for_the_sign_offs_that_are_left(town, use_case):
    paper = use_case()
    services.offer(paper, by=town.schools.program)
    services.sign_off(paper, by=town.schools.program)
    services.close_partnership(paper.partnership, reason="The grant ended.", by=town.facilitator)
    assert clocks.waiting_for(town.health.program) == []
    services.reopen_partnership(paper.partnership, by=town.schools.program)
    assert "sign off" in [one.wait.step for one in clocks.waiting_for(town.health.program)]
    assert "sign off" not in [one.wait.step for one in clocks.waiting_for(town.schools.program)]
