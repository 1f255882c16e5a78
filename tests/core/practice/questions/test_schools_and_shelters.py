"""The planted regularities of schools and homeless services are found in a county that did not set their intervals."""

from __future__ import annotations

from pathlib import Path

import pytest

from infotrust.core.practice.county import County
from infotrust.core.practice.questions import Measured, load, measure
from infotrust.core.practice.writing import write_county

CODES = ("absence-and-places", "chronic-absence", "pupils-in-shelters", "prek-sites")
PEOPLE = 25_000
FINDS = [
    (question.code, find.name)
    for question in load()
    if question.code in CODES
    for find in question.finds
    if find.people <= PEOPLE
]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Measured]:
    folder: Path = tmp_path_factory.mktemp("county") / "out"
    county = County(PEOPLE, seed=31)
    write_county(county, folder, form="parquet", agencies=["schools", "homeless-services"], workers=1, progress=None)
    return {(one.question, one.find): one for one in measure(folder, codes=CODES)}


@pytest.mark.parametrize(("question", "find"), FINDS)
def test_the_planted_regularity_is_found(measured: dict[tuple[str, str], Measured], question: str, find: str) -> None:
    found = measured[question, find]
    assert found.promised
    assert found.inside, f"{found.says} {found.value} is not within {found.low} to {found.high}."
