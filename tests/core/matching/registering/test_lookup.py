"""One record, looked up: by the same steps as one that arrives, and told apart from several persons and from nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from infotrust.core.elements import SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching.registering.linking import link_to_register
from infotrust.core.matching.registering.lookup import Answered, Desk, standard_record
from infotrust.core.matching.registering.register import Register

GIVEN, FAMILY, BORN = SemanticType.GIVEN_NAME, SemanticType.FAMILY_NAME, SemanticType.BIRTH_DATE


@pytest.fixture(scope="module")
def town(make_town):
    return make_town(300)


@pytest.fixture(scope="module")
def register(town, tmp_path_factory) -> Register:
    folder = tmp_path_factory.mktemp("registers") / "r"
    link_to_register(folder, town)
    return Register.open(folder)


@pytest.fixture(scope="module")
def desk(register) -> Desk:
    return Desk(register.held)


@pytest.fixture(scope="module")
def persons(register) -> dict[str, str]:
    table = register.table()
    return dict(zip(table["record_id"].to_pylist(), table["person"].to_pylist(), strict=True))


def asked(row, *, but=()) -> dict[SemanticType, str]:
    said = {GIVEN: row["given"], FAMILY: row["family"], BORN: row["born"], SemanticType.STREET_ADDRESS: row["street"],
            SemanticType.ZIP_CODE: row["zip"]}  # fmt: skip
    return {kind: value for kind, value in said.items() if kind not in but}


def test_a_record_of_the_register_is_found_as_its_own_person(town, desk, persons) -> None:
    rows = town[0].table.slice(0, 150).to_pylist()
    found = [desk.lookup(asked(row)) for row in rows]
    right = sum(one.person == persons[row["record"]] for one, row in zip(found, rows, strict=True))
    assert right / len(rows) > 0.97
    alike = [one.candidates[0].agreement["birth_date"] == "same" for one in found if one.person]
    assert sum(alike) / len(alike) > 0.97


def test_how_a_name_is_written_changes_nothing(town, desk) -> None:
    row = town[0].table.slice(3, 1).to_pylist()[0]
    plainly = desk.lookup(asked(row))
    shouted = {GIVEN: f" {row['given'].upper()} ", FAMILY: f"{row['family'].upper()} JR."}
    assert desk.lookup(asked(row) | shouted) == plainly


def test_values_the_register_never_saw_are_compared_too(town, desk, persons) -> None:
    row = town[0].table.slice(5, 1).to_pylist()[0]
    slip = desk.lookup(asked(row) | {FAMILY: row["family"].replace("e", "ee").replace("a", "aa")})
    assert slip.person == persons[row["record"]]
    assert "same" not in slip.candidates[0].agreement["family"]
    assert desk.lookup(asked(row)).candidates[0].agreement["family"].startswith("same")


def test_a_stranger_is_nobody(desk) -> None:
    stranger = {GIVEN: "Zebulon", FAMILY: "Quartermain", BORN: "1931-02-03", SemanticType.ZIP_CODE: "99501"}
    assert desk.lookup(stranger).answered is Answered.NOBODY


def test_too_little_is_told_as_such(desk) -> None:
    assert desk.lookup({SemanticType.SEX: "F"}).answered is Answered.TOO_LITTLE
    assert desk.lookup({GIVEN: "BABY BOY"}) == desk.lookup({GIVEN: ""})


def test_the_order_of_questions_changes_no_answer(town, desk, register) -> None:
    rows = town[1].table.slice(0, 20).to_pylist()
    forwards = [desk.lookup(asked(row)) for row in rows]
    backwards = [Desk(register.held).lookup(asked(row)) for row in reversed(rows)]
    assert forwards == backwards[::-1]


def test_an_element_that_records_are_not_linked_by_is_named(desk) -> None:
    with pytest.raises(UserFacingError, match="not linked by"):
        standard_record({SemanticType.GRADE: "7"})


def test_a_register_without_a_model_says_what_to_do(make_town, tmp_path) -> None:
    source = make_town(5)[0]
    link_to_register(tmp_path / "r", [replace(source, table=source.table.slice(0, 1))])
    with pytest.raises(UserFacingError, match="too few records"):
        Desk(Register.open(tmp_path / "r").held)
