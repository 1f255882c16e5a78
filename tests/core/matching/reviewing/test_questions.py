"""Questions go out as a file and come back as answers: the next linkage is better, the last one measured."""

from __future__ import annotations

import csv
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from infotrust.core.errors import UserFacingError
from infotrust.core.matching import Source, command
from infotrust.core.matching.answers import Verdict
from infotrust.core.matching.persons import told
from infotrust.core.matching.pipeline import Linkage, link_tables
from infotrust.core.matching.reading import files
from infotrust.core.matching.reviewing.accuracy import measure
from infotrust.core.matching.reviewing.questions import (
    cells_of,
    check_questions_out,
    questions_of,
    questions_table,
    write_questions,
)
from infotrust.core.matching.reviewing.telling import accuracy_table

Town = Callable[..., list[Source]]
Asked = tuple[list[Source], Linkage, list[str]]


@pytest.fixture(scope="module")
def town(make_town: Town) -> Asked:
    sources = [Source(one.name, one.table, one.columns) for one in make_town(300, seed=5)]  # records named by row
    people = [person for source in sources for person in source.table["person"].to_pylist()]
    return sources, link_tables(sources), people


def write(town: Asked, path: Path, *, answers: tuple[told.Answer, ...] = (), with_values: bool = False) -> None:
    sources, _, _ = town
    linkage = link_tables(sources, answers=answers)
    rows, review = questions_of(linkage, sources, answers, count=120)
    write_questions(questions_table(rows, review, linkage, sources, with_values=with_values), path)


def fill_in(town: Asked, path: Path, *, wrong: int = 0) -> None:
    """As someone does in a spreadsheet who knows everybody, and errs in the first `wrong` pairs."""
    sources, _, people = town
    begin = {"clinic": 0, "school": sources[0].table.num_rows}
    with path.open(encoding="utf-8", newline="") as read:
        rows = list(csv.DictReader(read))
    for at, row in enumerate(row for row in rows if not row["verdict"]):
        one, other = (people[begin[row[f"file_{end}"]] + int(row[f"row_{end}"]) - 1] for end in "12")
        row["verdict"] = "Match" if (one == other) != (at < wrong) else "no match"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_a_filled_in_file_measures_the_linkage_and_is_the_next_one_s_answers(town: Asked, tmp_path: Path) -> None:
    path, again = tmp_path / "questions.csv", tmp_path / "again.csv"
    write(town, path)
    assert measure(cells_of(path)).answers == 0
    fill_in(town, path)
    accuracy = measure(cells_of(path))
    assert accuracy.answers >= 50
    assert accuracy.precision is not None
    assert accuracy.precision.low > 0.8
    assert accuracy.pairs > 10 * accuracy.answers, "each drawn pair stands for many"
    answers = told.read_answers(path, ["clinic", "school"])
    assert len(answers) >= 90
    write(town, again, answers=answers)
    kept = told.read_answers(again, ["clinic", "school"])
    assert set(kept) == set(answers), "one file is enough for the next linkage"
    fresh = files.read_table(again)["verdict"].to_pylist().count("")
    assert fresh > 0


def test_no_value_is_in_it_unless_asked_for_and_only_its_owner_may_read_it(town: Asked, tmp_path: Path) -> None:
    plain, full = tmp_path / "plain.csv", tmp_path / "full.csv"
    write(town, plain)
    write(town, full, with_values=True)
    streets = set(town[0][0].table["street"].to_pylist())
    assert not any(street in plain.read_text() for street in streets)
    table = files.read_table(full)
    assert {"street_address_1", "street_address_2", "birth_date_1", "given_name_2"} <= set(table.column_names)
    row = table.slice(0, 1).to_pylist()[0]
    source = next(one for one in town[0] if one.name == row["file_1"])
    assert row["street_address_1"] == source.table["street"][int(row["row_1"]) - 1].as_py()
    assert stat.S_IMODE(full.stat().st_mode) == 0o600


def test_a_doubted_answer_is_asked_once_more_and_said(town: Asked, tmp_path: Path) -> None:
    sources, linkage, people = town
    path, again = tmp_path / "questions.csv", tmp_path / "again.csv"
    write(town, path)
    fill_in(town, path)
    answers = list(told.read_answers(path, ["clinic", "school"]))
    assert linkage.evidence is not None
    sure = next(
        (x, y)
        for x in range(sources[0].table.num_rows)
        for y in range(sources[0].table.num_rows, len(people))
        if linkage.person[x] == linkage.person[y] and linkage.weight[x] > 9
    )
    wrong = told.Answer(
        ("clinic", str(sure[0] + 1)), ("school", str(sure[1] - sources[0].table.num_rows + 1)), Verdict.NO_MATCH
    )
    answers = [one for one in answers if {one.one, one.other} != {wrong.one, wrong.other}]
    write(town, again, answers=(*answers, wrong))
    rows = files.read_table(again).to_pylist()
    same = [
        row
        for row in rows
        if ("clinic", str(row["row_1"])) == wrong.one and ("school", str(row["row_2"])) == wrong.other
    ]
    assert sorted(row["verdict"] for row in same) == ["", "no match"]


def test_a_file_with_answers_in_it_is_not_written_over(town: Asked, tmp_path: Path) -> None:
    path = tmp_path / "questions.csv"
    write(town, path)
    check_questions_out(path, [])
    fill_in(town, path)
    with pytest.raises(UserFacingError, match="may hold answers"):
        check_questions_out(path, [])
    with pytest.raises(UserFacingError, match="another part"):
        check_questions_out(tmp_path / "new.csv", [tmp_path / "new.csv"])


def test_columns_that_were_changed_are_told_and_others_say_nothing(town: Asked, tmp_path: Path) -> None:
    path = tmp_path / "questions.csv"
    write(town, path)
    path.write_text(path.read_text().replace('"no"', '"perhaps"'))
    with pytest.raises(UserFacingError, match="not as they were written"):
        cells_of(path)
    path.write_text("file_1,row_1,file_2,row_2,verdict\nclinic,1,school,1,match\n")
    assert cells_of(path) == []


def test_the_command_writes_questions_and_tells_what_answers_did(town: Asked, tmp_path: Path) -> None:
    sources, _, _ = town
    for source in sources:
        files.write_table(source.table, tmp_path / f"{source.name}.csv")
    inputs = [tmp_path / f"{source.name}.csv" for source in sources]
    console = Console(record=True, width=200)
    asked = tmp_path / "asked.csv"
    command.link_files(
        inputs, out=tmp_path / "linked.csv", ignore=["person", "home"], review=asked, questions=60, console=console
    )
    assert "It holds no value" in console.export_text()
    asked.write_text(asked.read_text().replace("clinic.csv", "clinic").replace("school.csv", "school"))
    fill_in(town, asked)
    asked.write_text(asked.read_text().replace("clinic", "clinic.csv").replace("school", "school.csv"))
    command.link_files(inputs, out=tmp_path / "linked.csv", ignore=["person", "home"], answers=asked, console=console)
    said = console.export_text()
    assert "drawn at random" in said
    assert "answers" in said
    assert accuracy_table(cells_of(asked)).row_count >= 1
