"""The planted regularities of the early years are found in a county that did not set their intervals."""

from __future__ import annotations

from pathlib import Path

import pytest

from infotrust.core.practice.county import County
from infotrust.core.practice.questions import Measured, load, measure
from infotrust.core.practice.writing import write_county

CODES = ("early-intervention-and-preschool", "program-combinations", "referral-follow-up", "strong-start")
PEOPLE = 20_000
QUESTIONS = [question for question in load() if question.code in CODES]
FINDS = [(question.code, find.name) for question in QUESTIONS for find in question.finds if find.people <= PEOPLE]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Measured]:
    folder: Path = tmp_path_factory.mktemp("county") / "out"
    agencies = {path.partition("/")[0] for question in QUESTIONS for path in question.reads} - {"place"}
    write_county(County(PEOPLE, seed=41), folder, form="parquet", agencies=agencies, workers=1)
    return {(one.question, one.find): one for one in measure(folder, codes=CODES)}


def test_all_questions_of_the_early_years_are_there() -> None:
    assert {question.code for question in QUESTIONS} == set(CODES)


@pytest.mark.parametrize(("question", "find"), FINDS)
def test_the_planted_regularity_is_found(measured: dict[tuple[str, str], Measured], question: str, find: str) -> None:
    found = measured[question, find]
    assert found.promised
    assert found.inside, f"{found.says} {found.value} is not within {found.low} to {found.high}."
