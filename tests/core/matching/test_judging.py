"""A linkage beside the truth: figures by group, where errors lie, and files that do not fit."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from infotrust.core.errors import UserFacingError
from infotrust.core.matching import evaluate
from infotrust.core.matching.judging import evaluate_files, judge

RECORDS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 2)), min_size=1, max_size=25)


@given(RECORDS)
def test_mistakes_are_counted_by_where_the_two_records_come_from(records: list[tuple[int, int, int]]) -> None:
    found, true, source = (np.array(column) for column in zip(*records, strict=True))
    told = evaluate.mistakes(found, true, source, 3)
    wrong, missed = np.zeros((3, 3), int), np.zeros((3, 3), int)
    for x, y in combinations(range(len(records)), 2):
        for counts, is_one in ((wrong, found[x] == found[y] and true[x] != true[y]),
                               (missed, found[x] != found[y] and true[x] == true[y])):  # fmt: skip
            for place in {(source[x], source[y]), (source[y], source[x])}:
                counts[place] += is_one
    assert (told.wrong == wrong).all()
    assert (told.missed == missed).all()
    assert told.split == sum(len({f for f, t, _ in records if t == person}) > 1 for person in set(true.tolist()))
    assert told.merged == sum(len({t for f, t, _ in records if f == group}) > 1 for group in set(found.tolist()))


@given(RECORDS)
def test_groups_of_records_make_up_the_whole(records: list[tuple[int, int, int]]) -> None:
    found, true, group = (np.array(column) for column in zip(*records, strict=True))
    standing = evaluate.standing(found, true)
    parts = [(int((group == code).sum()), standing.b_cubed(group == code)) for code in set(group.tolist())]
    whole = sum(count * part.recall for count, part in parts) / len(records)
    assert whole == pytest.approx(evaluate.b_cubed(found, true).recall)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six records of two files; one person is split, two are merged, one record has no truth and one no link."""
    (tmp_path / "linked.csv").write_text(
        "file,row,person,weight\na.csv,1,1,9\na.csv,2,2,\nb.csv,1,1,9\nb.csv,2,3,8\nb.csv,3,3,8\nb.csv,4,4,\n"
    )
    (tmp_path / "truth.csv").write_text(
        "row,person,file,community\n1,x,a.csv,north\n2,y,a.csv,north\n1,x,b.csv,south\n2,y,b.csv,south\n3,z,b.csv,\n"
        "9,q,b.csv,south\n"
    )
    return tmp_path


def told(folder: Path, **options: str) -> str:
    console = Console(record=True, width=140)
    assert evaluate_files(folder / "linked.csv", folder / "truth.csv", console=console, **options) == 0
    return console.export_text()


def test_the_page_says_how_right_it_is_and_where_the_errors_lie(folder: Path) -> None:
    text = told(folder)
    assert "5 records with known truth" in text
    assert "1 of 3 persons are split" in text
    assert "1 of 3 groups hold records of several persons" in text
    assert "1 linked records have no truth" in text
    assert "1 records of the truth are not in the linked file" in text
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if "b.csv" in line]
    assert sorted(cells) == [["a.csv", "b.csv", "0", "1"], ["b.csv", "b.csv", "1", "0"]]


def test_quality_is_told_by_a_column_of_the_truth_or_by_file(folder: Path) -> None:
    by_community = told(folder, by="community")
    assert "north" in by_community
    assert "(not given)" in by_community
    assert "a.csv" in told(folder, by="file")


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("truth.csv", "1,x,a.csv,north\n", "truth.csv, row 7: its record was named before"),
        ("linked.csv", "b.csv,4,9,\n", "linked.csv, row 7: its record was named before"),
        ("truth.csv", "5,,a.csv,north\n", "truth.csv, row 7: there is no person"),
        ("linked.csv", ",5,1,\n", "linked.csv, row 7: there is no file"),
    ],
)
def test_a_record_named_twice_or_without_a_person_is_refused(folder: Path, name: str, line: str, said: str) -> None:
    with (folder / name).open("a") as file:
        file.write(line)
    with pytest.raises(UserFacingError, match=said):
        judge(folder / "linked.csv", folder / "truth.csv")


def test_files_that_do_not_fit_are_told(folder: Path) -> None:
    with pytest.raises(UserFacingError, match="Neither file has a column 'county'") as problem:
        judge(folder / "linked.csv", folder / "truth.csv", by="county")
    assert "community" in problem.value.next_step
    (folder / "other.csv").write_text("file,row,person\nc.csv,1,x\n")
    with pytest.raises(UserFacingError, match=r"No record of linked\.csv is in other\.csv"):
        judge(folder / "linked.csv", folder / "other.csv")
    (folder / "bare.csv").write_text("file,person\nc.csv,x\n")
    with pytest.raises(UserFacingError, match=r"bare\.csv has no column 'row'"):
        judge(folder / "linked.csv", folder / "bare.csv")


def test_a_column_that_tells_single_people_apart_is_no_group(folder: Path) -> None:
    rows = "".join(f"b.csv,{row},{row}\n" for row in range(100))
    (folder / "linked.csv").write_text("file,row,person\n" + rows)
    (folder / "truth.csv").write_text(
        "file,row,person,name\n" + "".join(f"b.csv,{r},{r},someone {r}\n" for r in range(100))
    )
    with pytest.raises(UserFacingError, match="100 different values") as problem:
        judge(folder / "linked.csv", folder / "truth.csv", by="name")
    assert "someone" not in str(problem.value)
