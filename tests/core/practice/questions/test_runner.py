"""Questions: well formed, answered from the files of either format, and never silently left out."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from infotrust.core.errors import UserFacingError
from infotrust.core.practice import questions
from infotrust.core.practice.agencies import CODES, systems
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.parameters import load_parameters
from infotrust.core.practice.public_facts import LAYOUTS as PUBLIC
from infotrust.core.practice.questions import Find, Question, library
from infotrust.core.practice.writing import write_county

QUESTIONS = questions.load()
TABLES = {layout.path for system in systems().values() for layout in system.LAYOUTS} | {one.path for one in PUBLIC}

OVERLAP = Question(
    code="a-test",
    title="Pupils whom child welfare knows",
    asks="How many?",
    reads=("schools/pupils", "child-welfare/clients", "place/tracts"),
    mechanism="None.",
    parameters=(),
    sql="SELECT 'both' AS who, count(DISTINCT person_id) AS persons, DATE '2016-07-01' AS since, 1 / 3 AS third "
    "FROM schools.pupils SEMI JOIN child_welfare.clients USING (person_id);",
    finds=(
        Find("some", "There are some.", "SELECT any_value(persons) FROM answer", 1, 10_000, 200),
        Find("all", "It is everybody.", "SELECT any_value(persons) FROM answer", 10_000, 20_000, 200),
        Find("later", "Not promised here.", "SELECT NULL", 0, 1, 100_000),
    ),
)


@pytest.fixture(scope="module", params=["csv", "parquet"])
def county(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county") / "practice"
    made = County(1500, 1, Span(years=2))
    write_county(made, folder, form=request.param, agencies=("schools", "child-welfare"), workers=1)
    return folder


# --- the questions themselves ---


def test_there_are_questions() -> None:
    assert len(QUESTIONS) > 10


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.code)
def test_a_question_reads_tables_there_are_and_names_parameters_there_are(question: Question) -> None:
    assert set(question.reads) <= TABLES
    parameters = load_parameters()
    for path in question.parameters:
        value = parameters
        for name in path.split("."):
            assert name in value or int(name) in value, path
            value = value[name] if name in value else value[int(name)]
    assert question.asks.endswith("?")
    assert question.mechanism


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.code)
def test_a_find_states_an_interval_that_can_fail(question: Question) -> None:
    assert question.finds
    for find in question.finds:
        assert math.isfinite(find.low)
        assert math.isfinite(find.high)
        assert find.low < find.high


# --- asking ---


def clients(monkeypatch: pytest.MonkeyPatch) -> Question:
    """The test's own question, with child welfare's table of persons by its name."""
    layout = next(one for one in systems(["child-welfare"])["child-welfare"].LAYOUTS if one.identity)
    table = layout.path.partition("/")[2]
    sql = OVERLAP.sql.replace("child_welfare.clients", f"child_welfare.{table}")
    one = Question(**{**vars(OVERLAP), "sql": sql, "reads": ("schools/pupils", layout.path, "place/tracts")})
    monkeypatch.setattr(questions, "load", lambda: (one,))
    return one


def test_persons_are_found_across_agencies(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = clients(monkeypatch)
    answers = questions.answer(county)["answers"]
    (row,) = answers[asked.code]["rows"]
    assert row["persons"] > 5
    assert row["since"] == "2016-07-01"
    assert row["third"] == 0.333333
    json.dumps(answers)


def test_a_find_says_whether_it_lies_in_its_interval(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clients(monkeypatch)
    some, everybody, later = questions.measure(county)
    assert some.inside
    assert some.promised
    assert not everybody.inside
    assert (later.value, later.inside, later.promised) == (None, False, False)


def test_questions_whose_tables_were_not_written_are_named(county: Path) -> None:
    told = json.loads((county / "truth/answers.json").read_text())
    assert set(told["answers"]) | set(told["unanswered"]) == {one.code for one in QUESTIONS}
    for question in QUESTIONS:
        others = {
            path for path in question.reads if path.partition("/")[0] not in ("schools", "child-welfare", "place")
        }
        assert (question.code in told["unanswered"]) == bool(others)
        if others:
            assert set(told["unanswered"][question.code]["missing"]) == others


def test_answers_are_the_same_when_asked_again(county: Path) -> None:
    assert questions.answer(county) == json.loads((county / "truth/answers.json").read_text())


def test_what_duckdb_kept_is_removed(county: Path, tmp_path: Path) -> None:
    questions.measure(county, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_sql_that_does_not_run_names_its_question(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Question(**{**vars(OVERLAP), "sql": "SELECT x FROM nowhere", "reads": ()})
    monkeypatch.setattr(questions, "load", lambda: (broken,))
    with pytest.raises(ValueError, match=r"questions/a-test\.yaml"):
        questions.answer(county)


def test_a_folder_without_a_county_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError, match="holds no practice county"):
        questions.measure(tmp_path)


def test_every_agency_is_asked_about_or_asked_for() -> None:
    """No agency's tables are there for nothing: each is read by some question."""
    asked = {path.partition("/")[0] for question in QUESTIONS for path in question.reads}
    assert set(CODES) - asked == set()


def test_a_question_that_needs_more_memory_than_there_is_is_named_not_fatal(
    county: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A county of millions is whole even where one of its questions cannot be answered on this machine."""
    greedy = replace(
        OVERLAP, code="greedy", sql="SELECT list(a.range) AS all FROM range(30000000) a GROUP BY a.range % 2"
    )
    monkeypatch.setattr(questions, "load", lambda: (greedy, OVERLAP))
    monkeypatch.setattr(library, "MEMORY", "60MB")
    told = questions.answer(county, tmp_path)
    assert list(told["answers"]) == ["a-test"]
    assert "memory" in told["unanswered"]["greedy"]["needs"]
