"""From a draft to an output: who may do what, what is asked for at each run, and what is kept."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.core.questions import Limits, QueryFailed, QueryRefused
from infotrust.shared.audit.models import Entry
from infotrust.shared.jobs import services as jobs
from infotrust.shared.jobs.models import Job
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import services as agreements
from infotrust.stages.analysis import enclave, queries, services
from infotrust.stages.analysis.enclave import NothingToRead
from infotrust.stages.analysis.lifecycle import State
from infotrust.stages.analysis.models import Output, Question
from infotrust.stages.analysis.terms import Draft, QuestionIncomplete
from infotrust.stages.inventory import queries as inventory_queries
from infotrust.stages.inventory import services as inventory

from .conftest import CLIENTS, PUPILS, QUESTION, USES, connect, load


def draft_of(**changes) -> Draft:
    plain = QUESTION | changes
    return Draft(**{name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()})


def test_an_approved_question_gives_the_counts_of_people_not_records(town, agree, loaded, approved):
    agree()
    output = services.run_question(approved(), by=town.analyst)
    assert output.columns == ["grade", "known", "pupils"]
    assert sorted(map(tuple, output.rows)) == [("1", "no", 2), ("K", "no", 1), ("K", "yes", 1)]
    assert output.digest == services.table_digest(output.columns, output.rows)


def test_the_manifest_names_all_that_made_the_output(town, agree, loaded, approved):
    agree()
    question = approved()
    manifest = services.run_question(question, by=town.analyst).manifest
    assert manifest["agreement"] == "DSA-1"
    assert manifest["policy_version"] == "1"
    assert manifest["generations"] == {"homeless-clients": 1, "register": 1, "school-enrollment": 1}
    assert manifest["sql_digest"] == question.sql_digest
    assert manifest["records"] == {"school_enrollment": 5, "homeless_clients": 4}
    assert [(each["dataset"], each["field"]) for each in manifest["decisions"]] == question.fields_read


def test_every_field_read_is_asked_for_and_recorded(town, agree, loaded, approved):
    agree()
    output = services.run_question(approved(), by=town.analyst)
    allowed = {entry.about: entry.facts for entry in Entry.objects.filter(event="access.allowed")}
    assert allowed["dataset:school-enrollment"]["fields"] == ["grade", "residence"]
    assert allowed["dataset:homeless-clients"]["fields"] == ["project"]
    run = Entry.objects.get(event="question.run")
    assert run.facts["output"] == output.pk
    assert "rows" not in run.facts


def test_a_question_without_an_agreement_in_force_is_refused_with_its_rule(town, loaded, approved):
    with pytest.raises(NotPermitted) as refused:
        services.run_question(approved(), by=town.analyst)
    assert refused.value.decision.reasons
    assert not Output.objects.exists()


def test_a_field_that_was_not_agreed_for_counting_stops_the_run(town, agree, loaded, approved):
    agree(uses=USES | {"homeless-clients": {"client_id": {"contribute"}, "project": {"contribute"}}})
    with pytest.raises(NotPermitted):
        services.run_question(approved(), by=town.analyst)


def test_another_purpose_is_refused(town, agree, loaded, approved):
    agree()
    with pytest.raises(NotPermitted):
        services.run_question(approved(purpose="program_evaluation"), by=town.analyst)


def test_an_analyst_of_an_agency_that_receives_nothing_is_refused(town, agree, loaded, approved):
    agree()
    with pytest.raises(NotPermitted):
        services.run_question(approved(), by=town.outsider)


def test_two_agreements_do_not_add_up(town, agree, loaded, approved):
    agree("DSA-1", uses={"school-enrollment": USES["school-enrollment"]})
    agree("DSA-2", uses={"homeless-clients": USES["homeless-clients"]})
    with pytest.raises(NotPermitted):
        services.run_question(approved(agreements=["DSA-1", "DSA-2"]), by=town.analyst)


def test_an_agreement_that_ended_stops_the_next_run(town, agree, loaded, approved):
    agreement, question = agree(), approved()
    services.run_question(question, by=town.analyst)
    agreements.end(agreement, reason="The board decided so.", by=town.staff["schools"]["board_member"])
    with pytest.raises(NotPermitted):
        services.run_question(question, by=town.analyst)


def test_an_agreement_that_ends_during_the_run_leaves_no_output(town, agree, loaded, approved):
    agreement, question = agree(), approved()

    def end_it(name: str) -> None:
        if name == "Checking the table":
            agreements.end(agreement, reason="In between.", by=town.staff["schools"]["board_member"])

    with pytest.raises(NotPermitted):
        services.run_question(question, by=town.analyst, step=end_it)
    assert not Output.objects.exists()


def test_only_an_approved_question_runs(town, agree, loaded, drafted):
    agree()
    with pytest.raises(NotPermitted, match="approved"):
        services.run_question(drafted(), by=town.analyst)


def test_only_analysts_run(town, agree, loaded, approved):
    agree()
    with pytest.raises(NotPermitted):
        services.run_question(approved(), by=town.board)


def test_nothing_delivered_is_said_plainly(town, agree, approved):
    agree()
    with pytest.raises(NothingToRead, match="No delivery"):
        services.run_question(approved(), by=town.analyst)


def test_nothing_linked_is_said_plainly(town, agree, approved):
    agree()
    load("school-enrollment", PUPILS, ("grade", "residence"))
    load("homeless-clients", CLIENTS, ("project",))
    with pytest.raises(NothingToRead, match="linked"):
        services.run_question(approved(), by=town.analyst)


def test_a_field_that_was_never_delivered_is_named(town, agree, approved):
    agree()
    connect(
        load("school-enrollment", [(p, g) for p, g, _ in PUPILS], ("grade",))
        + load("homeless-clients", CLIENTS, ("project",))
    )
    with pytest.raises(NothingToRead, match="residence"):
        services.run_question(approved(), by=town.analyst)


def test_records_that_were_not_linked_are_counted_in_the_manifest(town, agree, approved):
    agree()
    pairs = load("school-enrollment", PUPILS, ("grade", "residence")) + load("homeless-clients", CLIENTS, ("project",))
    connect([pair for pair in pairs if pair[1] != "b"])
    manifest = services.run_question(approved(), by=town.analyst).manifest
    assert manifest["unlinked"] == {"school_enrollment": 1, "homeless_clients": 0}


def test_a_limit_stops_the_run_and_keeps_nothing(town, agree, loaded, approved):
    agree()
    with pytest.raises(QueryFailed, match="more than 1 rows"):
        services.run_question(approved(), by=town.analyst, limits=Limits(rows=1))
    assert not Output.objects.exists()


def test_the_job_runs_the_question_once_even_if_it_is_resumed(town, agree, loaded, approved):
    agree()
    question = approved()
    job = services.start_run(question, by=town.analyst)
    assert jobs.run_waiting() == 1
    job.refresh_from_db()
    assert job.state == "done"
    assert Output.objects.get().job == job.pk
    assert services.run_question(question, by=town.analyst, job=job.pk) == Output.objects.get()


def test_a_run_that_is_refused_is_not_even_queued(town, loaded, approved):
    with pytest.raises(NotPermitted):
        services.start_run(approved(), by=town.analyst)


def test_the_output_is_announced_inside_the_transaction(town, agree, loaded, approved):
    agree()
    question = approved()

    def object_to_it(**_named):
        raise RuntimeError("no")

    services.output_ready.connect(object_to_it)
    try:
        with pytest.raises(RuntimeError):
            services.run_question(question, by=town.analyst)
    finally:
        services.output_ready.disconnect(object_to_it)
    assert not Output.objects.exists()
    assert not Entry.objects.filter(event="question.run").exists()


def test_the_author_cannot_approve_even_as_a_board_member(town, drafted):
    town.analyst.roles_held.create(role="board_member")
    question = services.submit_question(drafted(), by=town.analyst)
    author = type(town.analyst).objects.get(pk=town.analyst.pk)
    with pytest.raises(NotPermitted, match="other than its author"):
        services.approve_question(question, by=author)


def test_the_database_refuses_self_approval_too(town, drafted):
    question = drafted()
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(approved_by=question.drafted_by)


def test_a_change_of_an_approved_question_is_a_new_version(town, approved):
    first = approved()
    second = services.change_question(first, draft_of(title="Another title?"), by=town.colleague)
    first.refresh_from_db()
    assert (first.state, second.state, second.version) == (State.APPROVED, State.DRAFT, 2)
    assert first.title == QUESTION["title"]
    assert queries.question("shelter-pupils") == first
    services.submit_question(second, by=town.colleague)
    services.approve_question(second, by=town.board)
    first.refresh_from_db()
    assert first.state == State.RETIRED
    assert queries.question("shelter-pupils").version == 2


def test_a_submitted_question_that_is_changed_is_a_draft_again(town, drafted):
    question = services.submit_question(drafted(), by=town.analyst)
    changed = services.change_question(question, draft_of(title="Changed?"), by=town.colleague)
    assert (changed.state, changed.version, changed.drafted_by) == (State.DRAFT, 1, town.colleague)
    with pytest.raises(ImpossibleMove):
        services.approve_question(changed, by=town.board)


def test_only_one_version_is_written_at_a_time(town, drafted):
    drafted()
    with pytest.raises(QuestionIncomplete, match="already has a version"):
        drafted()


def test_a_question_is_sent_back_with_a_comment(town, drafted):
    question = services.submit_question(drafted(), by=town.analyst)
    with pytest.raises(QuestionIncomplete):
        services.send_back(question, by=town.board, comment=" ")
    back = services.send_back(question, by=town.board, comment="Say which shelters.")
    assert (back.state, back.comment) == (State.DRAFT, "Say which shelters.")


@pytest.mark.parametrize("role", ["board_member", "steward", "helper", "output_checker", "administrator"])
def test_only_analysts_draft(town, make_user, role):
    with pytest.raises(NotPermitted):
        services.draft_question(**QUESTION, by=make_user(role, "schools"))


def test_a_statement_outside_the_views_is_not_kept(town, drafted):
    with pytest.raises(QueryRefused, match="no permitted view"):
        drafted(sql="SELECT count(DISTINCT person_id) AS pupils FROM persons")
    assert not Question.objects.exists()


def test_an_identifier_is_not_in_any_view(town, drafted):
    assert "pupil_id" not in enclave.schema().columns["school_enrollment"]
    with pytest.raises(QueryRefused):
        drafted(sql=QUESTION["sql"].replace("residence", "pupil_id"))


def test_free_text_cannot_be_a_category(town, drafted):
    shown = "note AS grade, residence AS known, count(DISTINCT person_id) AS pupils"
    sql = f"SELECT {shown} FROM school_enrollment GROUP BY 1, 2"
    with pytest.raises(QueryRefused, match="not a list of codes"):
        drafted(sql=sql)


def test_what_is_declared_is_what_the_statement_gives(town, drafted):
    with pytest.raises(QuestionIncomplete, match="categories grade, known"):
        drafted(dimensions=["grade"], sentence="", figures={})


@pytest.mark.parametrize(
    "missing", ["title", "meaning", "unit", "period", "population", "agreements", "limits", "purpose", "code"]
)
def test_a_question_without_its_words_is_not_kept(town, drafted, missing):
    with pytest.raises(QuestionIncomplete):
        drafted(**{missing: [] if isinstance(QUESTION[missing], list) else ""})


def test_a_sentence_needs_its_figures(town, drafted):
    with pytest.raises(QuestionIncomplete, match="not complete"):
        drafted(sentence="{some} of {all} pupils")


def test_enforcement_is_not_a_purpose(town, drafted):
    with pytest.raises(QuestionIncomplete):
        drafted(purpose="enforcement")


def test_a_question_whose_field_was_retired_is_not_run(town, agree, loaded, approved):
    agree()
    question = approved()
    inventory.retire_field(
        dataset=inventory_queries.dataset("homeless-clients"),
        name="project",
        reason="No longer kept",
        by=town.staff["homeless-services"]["steward"],
    )
    with pytest.raises((QueryRefused, NotPermitted)):
        services.run_question(question, by=town.analyst)


def test_readiness_says_for_each_field_what_stands_in_the_way(town, agree, approved):
    agree(uses=USES | {"homeless-clients": {"client_id": {"contribute"}, "project": {"contribute"}}})
    now = queries.readiness(approved(), by=town.analyst)
    assert not now.possible
    assert {(each.name, bool(each.decision)) for each in now.fields} == {
        ("grade", True),
        ("residence", True),
        ("project", False),
    }
    assert all(each.decision.reasons for each in now.fields if not each.decision)


def test_outputs_are_seen_by_analysts_and_checkers_only(town, agree, loaded, approved):
    agree()
    output = services.run_question(approved(), by=town.analyst)
    assert queries.output(output.pk, by=town.checker) == output
    with pytest.raises(NotPermitted):
        queries.output(output.pk, by=town.board)
    assert queries.outputs_of("shelter-pupils", by=town.board) == []


def test_no_count_reaches_the_log_or_the_job(town, agree, loaded, approved):
    agree()
    services.start_run(approved(), by=town.analyst)
    jobs.run_waiting()
    output = Output.objects.get()
    assert output.rows
    job = Job.objects.get(kind=services.RUN)
    told = [entry.facts_text for entry in Entry.objects.filter(about=output.question.about)] + [json.dumps(job.result)]
    assert len(told) > 1
    # Neither the table nor a row of it, however it is spaced, and no category with its count.
    for row in output.rows:
        assert not [text for text in told if json.dumps(row, separators=(",", ":")) in text.replace(" ", "")]
    keys = {key for text in told for key in _keys(json.loads(text))}
    assert not keys & {"counts", *output.measures, *output.dimensions}


def _keys(value):
    """Every key at any depth of a JSON value."""
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in _keys(inner)}
    if isinstance(value, list):
        return {key for inner in value for key in _keys(inner)}
    return set()
