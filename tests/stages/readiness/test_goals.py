"""From goals to elements: whose data answers a question; and what each partner can do."""

from __future__ import annotations

import subprocess
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.documents import pdf
from infotrust.shared.clocks import queries as clocks
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.inventory import queries as inventory_queries
from infotrust.stages.inventory import services as inventory
from infotrust.stages.readiness import capacity, library, papers, queries, services
from infotrust.stages.readiness.services import ReadinessRefused

KEYS = [area.key for area in capacity.areas()]


@pytest.fixture
def asked(town, talking, inventory_of_two):
    """`asked(("part-c", "score"), ("", ""))`: one question that needs these fields, "" meaning not found."""

    def make(*fields: tuple[str, str]):
        partnership = talking()
        goal = services.add_goal(partnership, text="More children do well.", by=town.schools.program)
        question = services.add_question(partnership, goal=goal.pk, text="How do they fare?", by=town.health.program)
        for dataset, field in fields:
            services.add_need(
                partnership,
                question=question.pk,
                text="Outcomes",
                dataset=dataset,
                field=field,
                by=town.schools.program,
            )
        return partnership

    return make


def verdict(partnership, by):
    ((row,),) = [goal.questions for goal in queries.tree(partnership, by=by)]
    return row


def test_our_own_data_answers_it(town, asked):
    partnership = asked(("part-c", "score"), ("part-c", "child"))
    assert verdict(partnership, town.health.program).words == "Our own data answers it."
    assert verdict(partnership, town.schools.program).words == "Marigold Health’s data alone answers it."


def test_only_both_together_answer_it(town, asked):
    row = verdict(asked(("part-c", "score"), ("preschool", "score")), town.health.program)
    assert (row.verdict, [one.code for one in row.agencies]) == ("together", ["health", "schools"])


def test_a_field_that_never_leaves_or_left_the_inventory_answers_nothing(town, asked):
    partnership = asked(("preschool", "lunch"), ("part-c", "score"))
    part_c = inventory_queries.dataset("part-c")
    inventory.retire_field(dataset=part_c, name="score", reason="Replaced.", by=town.health.steward)
    row = verdict(partnership, town.health.program)
    assert [need.status for need in row.needs] == ["unavailable", "gone"]
    assert row.verdict == "missing"


def test_what_an_agency_elsewhere_holds_names_whom_to_bring(town, asked):
    partnership = asked(("part-c", "score"))
    other = town.university
    source = inventory.register_source(agency=other.agency, code="lab", name="Lab", by=other.steward)
    field = inventory_queries.field("part-c", "score").spec()
    inventory.register_dataset(
        agency=other.agency, source=source, code="lab", title="Lab", fields=[field], by=other.steward
    )
    ((row,),) = [goal.questions for goal in queries.tree(partnership, by=town.health.program)]
    services.choose_field(partnership, need=row.needs[0].need.pk, dataset="lab", field="score", by=town.health.program)
    assert verdict(partnership, town.health.program).words == (
        "Bring another agency to the table: Marigold University hold what it needs."
    )


def test_what_nobody_was_found_to_hold_comes_with_what_may_be_it(town, asked):
    partnership = asked()
    ((row,),) = [goal.questions for goal in queries.tree(partnership, by=town.health.program)]
    assert row.words == "Say what data it needs."
    services.add_need(partnership, question=row.question.pk, text="Outcome score", by=town.health.program)
    (need,) = verdict(partnership, town.health.program).needs
    assert need.status == "missing"
    assert {(one.dataset, one.field) for one in need.suggestions} == {("preschool", "score"), ("part-c", "score")}


def test_a_question_of_the_library_brings_its_needs(town, asked):
    partnership = asked()
    (goal,) = queries.tree(partnership, by=town.health.program)
    services.add_question(partnership, goal=goal.goal.pk, entry=1, by=town.health.program)
    (_own, taken) = queries.tree(partnership, by=town.health.program)[0].questions
    assert taken.question.words == library.entries()[1].words
    assert len(taken.needs) == len(library.entries()[1].needs)


def test_a_use_case_begins_with_the_elements_that_the_questions_need(town, asked):
    partnership = asked(("part-c", "score"), ("preschool", "score"))
    assert queries.elements_of(partnership) == {"part-c": ["score"], "preschool": ["score"]}


@given(
    st.lists(st.sampled_from(["birth", "date", "score", "the"]), max_size=6), st.text("birth date scores", max_size=30)
)
def test_closeness_is_a_share_of_the_telling_words_that_were_asked_for(wanted, described):
    found = library.closeness(" ".join(wanted), (described,))
    asked = {word for word in wanted if word not in library.SILENT}
    said = library.terms(described)
    assert found == (len({word.rstrip("s") for word in asked} & said) / len(asked) if asked else 0)


def levels(**changes):
    return dict.fromkeys(KEYS, 2) | changes


def assess(partnership, by, **changes):
    return services.assess(partnership, levels=levels(**changes), notes={}, seen=0, by=by)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "automatic"),
        ({"technology": 1}, "upload"),
        ({"transform": 1}, "upload"),
        ({"transform": 0}, "pull"),
        ({"technical": 0}, "pull"),
        ({"security": 0}, "at_home"),
        ({"security": 0, "transform": 0}, "at_home"),
        ({"security": None}, ""),
    ],
)
def test_what_a_partner_can_do_suggests_a_way_of_exchanging_data(changes, code):
    assert capacity.suggest(levels(**changes)).code == code


@given(st.fixed_dictionaries({key: st.sampled_from([None, 0, 1, 2]) for key in KEYS}))
def test_a_suggestion_never_sends_what_cannot_be_sent_safely(known):
    mode = capacity.suggest(known)
    assert (mode.code == "") == any(known[key] is None for key in ("security", "technology", "transform", "technical"))
    if known["security"] == 0:
        assert mode.code in ("", "at_home")
    assert {area.key for area in capacity.gaps(known)} == {key for key, level in known.items() if level in (0, 1)}


def test_a_gap_becomes_a_task_money_to_find_or_the_part_of_another(town, talking):
    partnership = talking()
    assess(partnership, town.schools.program, legal=0, funding=1, transform=0)
    soon = timezone.localdate() + timedelta(days=20)
    services.remedy(
        partnership,
        area="legal",
        kind="task",
        text="Ask the city's counsel.",
        person=town.schools.program,
        due_on=soon,
        by=town.schools.program,
    )
    assert "take away a barrier" in [one.wait.step for one in clocks.waiting_for(town.schools.program)]
    services.remedy(partnership, area="funding", kind="funding", text="20 days of staff time.", by=town.schools.program)
    health = next(one for one in queries.partners(partnership) if one.agency == town.health.agency)
    services.remedy(
        partnership,
        area="transform",
        kind="swap",
        text="Health brings our file into form.",
        taken_by=health.pk,
        by=town.schools.program,
    )
    row = queries.capacities(partnership, by=town.health.program)[0]
    assert {gap.area.key: gap.remedy.kind for gap in row.gaps} == {
        "legal": "task",
        "funding": "funding",
        "transform": "swap",
    }
    with pytest.raises(ReadinessRefused, match="no gap"):
        services.remedy(partnership, area="skills", kind="funding", text="None.", by=town.schools.program)
    with pytest.raises(ReadinessRefused, match="given for that already"):
        services.remedy(partnership, area="legal", kind="funding", text="None.", by=town.schools.program)


def test_two_who_assess_at_once_lose_nothing(town, talking):
    partnership = talking()
    assess(partnership, town.schools.program)
    with pytest.raises(SavedMeanwhile) as clash:
        services.assess(partnership, levels=levels(legal=0), notes={"legal": "None."}, seen=0, by=town.schools.program)
    assert "Legal staff: We have nothing. None." in clash.value.yours
    assert "Legal staff: We have enough." in clash.value.theirs


def test_the_worksheet_begins_with_everything_that_is_known(town, signed_off):
    paper = signed_off()
    partnership = paper.partnership
    assess(partnership, town.schools.program, funding=0)
    services.remedy(partnership, area="funding", kind="funding", text="20 days of staff time.", by=town.schools.program)
    begun = papers.prefilled(partnership, "worksheet", by=town.schools.program)
    assert begun["questions"] == list(queries.use_case(paper.number).questions)
    assert begun["elements"] == {"preschool": ["child", "score"], "part-c": ["child", "score"]}
    assert begun["cost"] == "Marigold Schools: 20 days of staff time."
    assert begun["transmission"] == "Marigold Schools: A standing extract that is sent by itself"
    made = services.start_paper(partnership, kind="worksheet", content=begun, by=town.schools.program)
    assert queries.standing(made).content["datasets"] == ["part-c", "preschool"]


def test_the_brief_for_leaders_is_one_page_however_much_was_written(town, signed_off, tmp_path):
    long = "This is a long sentence about children and the programs that serve them. " * 40
    paper = signed_off(overview=long, questions=[long[:400]] * 12)
    services.reopen_paper(paper, reason="More words.", by=town.schools.program)
    texts = {str(one.pk): long for one in queries.partners(paper.partnership)}
    much = {"benefits": texts, "impacts": texts, "other_datasets": [long[:400]] * 5}
    services.write_paper(paper, content=much, seen=paper.version, by=town.schools.program)
    services.offer(paper, by=town.schools.program)
    for people in (town.schools, town.health):
        services.sign_off(paper, by=people.program)
    goals = services.start_paper(paper.partnership, kind="goals", by=town.schools.program)
    services.write_paper(goals, content={"why": long, "title": "Goals"}, seen=1, by=town.schools.program)
    file = tmp_path / "brief.pdf"
    file.write_bytes(pdf(papers.brief_document(paper.partnership)))
    told = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert "Pages:           1\n" in told


def test_there_is_no_brief_before_there_is_something_to_tell(town, talking):
    with pytest.raises(ReadinessRefused, match="nothing yet to tell leaders"):
        papers.brief_document(talking())


def test_the_pages_lead_from_a_goal_to_a_use_case(town, concluded, inventory_of_two, client):
    partnership = concluded("go_on").partnership
    client.force_login(town.schools.program)

    def post(name, data, *args):
        return client.post(reverse(f"readiness:{name}", args=[partnership.pk, *args]), data)

    def get(name, *args):
        return client.get(reverse(f"readiness:{name}", args=[partnership.pk, *args]))

    post("goals", {"text": "More children do well."})
    (goal,) = queries.tree(partnership, by=town.schools.program)
    post("add-question", {"entry": "2"}, goal.goal.pk)
    row = verdict(partnership, town.schools.program)
    first = row.needs[0].need
    assert "Outcome scores" in get("need-field", first.pk).content.decode()
    post("need-field", {"where": "part-c.score"}, first.pk)
    assert "Marigold Health holds it" in get("goals").content.decode()
    post("add-need", {"text": "Scores at five", "where": "preschool.score"}, row.question.pk)
    post("remove", {}, "need", row.needs[1].need.pk)
    assert "Only together: Marigold Health, Marigold Schools." in get("goals").content.decode()
    begun = post("start", {"start": "goals"}, "use-case")
    content = queries.standing(queries.only_paper(partnership, "use-case")).content
    assert begun.status_code == 302
    assert content["elements"] == {"part-c": ["score"], "preschool": ["score"]}
    told = {f"level-{key}": "2" for key in KEYS} | {"seen": 0, "level-legal": "0"}
    assert post("our-capacity", told).status_code == 302
    assert post("gap", {"kind": "funding", "text": "Ten days of counsel."}, "legal").status_code == 302
    text = get("capacity").content.decode()
    assert "A standing extract that is sent by itself" in text
    assert "Ten days of counsel." in text
    assert get("gap", "skills").status_code == 404


def test_the_pages_of_goals_and_capacity_begin_with_whose_turn_it_is(town, talking, client):
    partnership = talking()
    client.force_login(town.schools.program)

    def turn(name):
        return client.get(reverse(f"readiness:{name}", args=[partnership.pk])).context["turn"]

    assert turn("goals").sentence == "Write the first goal. Everyone at the table can."
    goal = services.add_goal(partnership, text="More children do well.", by=town.schools.program)
    assert "Add a question" in turn("goals").sentence
    services.add_question(partnership, goal=goal.pk, text="How do they fare?", by=town.schools.program)
    assert "1 question still lacks data" in turn("goals").sentence
    assert turn("capacity").action == "Say it"
    assess(partnership, town.schools.program, legal=0)
    assert "1 of your areas has too little" in turn("capacity").sentence
    services.remedy(partnership, area="legal", kind="funding", text="Ten days.", by=town.schools.program)
    assert turn("capacity").sentence == "Waiting for Marigold Health to say what they can do."
