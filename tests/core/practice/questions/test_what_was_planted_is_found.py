"""Every regularity that was planted is found again, in a county on whose seed no interval was set.

One county for all questions: what is found at its size is what the questions promise to whoever writes their own.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from infotrust.core.practice.county import County
from infotrust.core.practice.questions import Measured, load, measure
from infotrust.core.practice.writing import write_county

# The fewest inhabitants for which nearly all intervals are promised. Three need 250,000 or more, too many for a test.
PEOPLE = 100_000
SEED = 271_828

FINDS = [
    pytest.param(question.code, find.name, id=f"{question.code}: {find.says}")
    for question in load()
    for find in question.finds
    if find.people <= PEOPLE
]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Measured]:
    folder: Path = tmp_path_factory.mktemp("county") / "practice"
    write_county(County(PEOPLE, SEED), folder, form="parquet", workers=1)
    return {(one.question, one.find): one for one in measure(folder)}


@pytest.mark.parametrize(("question", "find"), FINDS)
def test_the_planted_regularity_is_found(measured: dict[tuple[str, str], Measured], question: str, find: str) -> None:
    found = measured[question, find]
    assert found.promised
    assert found.inside, f"{found.says} {found.value} is not within {found.low} to {found.high}."


def test_few_promises_need_a_larger_county() -> None:
    promised = [find.people for question in load() for find in question.finds]
    assert len([people for people in promised if people <= PEOPLE]) > 0.9 * len(promised)
