"""The agencies' files: keys, dates and codes as described, mistakes at their rates, the truth and the true answers."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import datetime
from math import sqrt
from pathlib import Path

import duckdb
import numpy as np
import pytest
import yaml

from infotrust import cli
from infotrust.core.errors import UserFacingError
from infotrust.core.practice_old import Parameters, make_county, make_files, write_files
from infotrust.core.practice_old.agencies import FILES, File
from infotrust.core.practice_old.files import OVERLAP
from infotrust.core.practice_old.parameters import Habits

MARIGOLD = Path(__file__).parents[3] / "examples" / "marigold"


@pytest.fixture(scope="module")
def described() -> dict[str, dict]:
    datasets = yaml.safe_load((MARIGOLD / "datasets.yaml").read_text(encoding="utf-8"))["datasets"]
    return {dataset["code"]: dataset for dataset in datasets}


@pytest.fixture(scope="module")
def county():
    return make_county(20_000, seed=7)


@pytest.fixture(scope="module")
def files(county) -> dict[str, File]:
    return make_files(county)


@pytest.fixture(scope="module")
def folder(county, tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("practice") / "county"
    write_files(county, made)
    return made


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("dataset", list(FILES))
def test_columns_are_those_the_inventory_describes(files, described, dataset):
    assert list(files[dataset].columns) == [field["name"] for field in described[dataset]["fields"]]
    assert [field["name"] for field in described[dataset]["fields"] if field.get("key")] == [files[dataset].key]


@pytest.mark.parametrize("dataset", list(FILES))
def test_values_are_as_described_except_in_the_rows_meant_to_be_rejected(files, described, dataset):
    file = files[dataset]
    good = file.rejected == ""
    for field in described[dataset]["fields"]:
        values = file.columns[field["name"]][good]
        if field.get("required", True):
            assert all(values), field["name"]
        present = [value for value in values if value]
        assert max(len(value) for value in present) <= 200
        if field.get("type") == "code":
            assert set(present) <= set(field["codes"]), field["name"]
        if field.get("type") == "date":
            assert all(datetime.strptime(value, field["date_format"]) for value in set(present))
        if field.get("type") in ("integer", "decimal"):
            assert all(float(value) >= 0 for value in present), field["name"]


@pytest.mark.parametrize("dataset", list(FILES))
def test_keys_are_unique_and_a_few_rows_break_the_contract(files, dataset):
    file = files[dataset]
    keys = [key for key in file.columns[file.key] if key]
    assert len(set(keys)) == len(keys)
    spoiled = int((file.rejected != "").sum())
    assert spoiled == max(1, round(0.001 * len(file)))
    assert (file.rejected != "")[file.columns[file.key] == ""].all()


def test_same_seed_writes_the_same_bytes(county, folder, tmp_path):
    again = write_files(make_county(20_000, seed=7), tmp_path / "again")
    assert again == json.loads((folder / "manifest.json").read_text())
    other = write_files(make_county(20_000, seed=8), tmp_path / "other")
    assert other["sha256"] != again["sha256"]


def test_truth_names_the_person_of_each_record(files, folder):
    truth = read(folder / "truth.csv")
    for dataset, file in files.items():
        rows = read(folder / f"{dataset}.csv")
        mine = [row for row in truth if row["dataset"] == dataset]
        assert [row["key"] for row in mine] == [row[file.key] for row in rows]
        assert [int(row["row"]) for row in mine] == list(range(1, len(rows) + 1))
        assert [int(row["person"]) for row in mine] == file.sheet.who.tolist()


def test_records_without_a_mistake_say_what_the_person_is_called(files):
    for file in files.values():
        person = file.sheet.county.person
        first = list(file.columns)[[n.endswith("first") or "first_name" in n for n in file.columns].index(True)]
        checked = 0
        for row in range(len(file)):
            if not file.sheet.mistakes[row]:
                assert file.columns[first][row].upper() == person.given[file.sheet.who[row]].upper()
                checked += 1
        assert checked > len(file) / 4


def expected(county, file: File, mechanism: str) -> float:
    """The share of a file's records that bear a mistake, where it does not depend on the name."""
    return getattr(county.parameters.habits[file.dataset], mechanism)


@pytest.mark.parametrize(
    "mechanism", ["sex_wrong", "sex_missing", "address_missing", "ssn_missing", "ssn_last_four", "birth_date_missing"]
)
def test_mistakes_happen_at_the_rate_of_the_parameters(county, files, mechanism):
    for file in files.values():
        rate = expected(county, file, mechanism)
        if mechanism.startswith("ssn") and "ssn" not in file.columns:
            continue
        if mechanism == "birth_date_missing" and rate == 0:
            continue
        found = sum(mechanism in noted for noted in file.sheet.mistakes) / len(file)
        assert abs(found - rate) < 4.5 * sqrt(rate * (1 - rate) / len(file)) + 1 / len(file), file.dataset


def test_slips_are_more_common_in_less_familiar_names():
    county = make_county(60_000, seed=4)
    file = make_files(county)["school-enrollment"]
    community = county.person.community[file.sheet.who]
    slipped = np.array(["keying" in noted or "phonetic" in noted for noted in file.sheet.mistakes])
    assert slipped[community == "vietnamese"].mean() > 1.4 * slipped[community == "english"].mean()


def test_borrowed_numbers_belong_to_someone_of_the_household(files):
    file = files["homeless-clients"]
    county = file.sheet.county
    borrowed = 0
    for row, noted in enumerate(file.sheet.mistakes):
        ssn = file.columns["ssn"][row]
        if "ssn_borrowed" in noted and len(ssn) == 9 and "ssn_slip" not in noted:
            home = np.flatnonzero(county.person.household == county.person.household[file.sheet.who[row]])
            assert int(ssn) in county.ssn(home)
            borrowed += 1
    assert borrowed


def test_clean_numbers_are_the_persons_own(files):
    for name in ("snap", "homeless-clients"):
        file = files[name]
        own = file.sheet.county.ssn(file.sheet.who)
        mistaken = [any(mistake.startswith("ssn") for mistake in noted) for noted in file.sheet.mistakes]
        assert not all(mistaken)
        for row, wrong in enumerate(mistaken):
            assert wrong or file.columns["ssn"][row] == f"{own[row]:09d}"


def test_twins_are_confused_with_each_other():
    habits = {name: replace(kept, twins_confused=1.0) for name, kept in Parameters().habits.items()}
    file = make_files(make_county(20_000, seed=7, parameters=replace(Parameters(), habits=habits)))["school-enrollment"]
    person = file.sheet.county.person
    confused = [row for row, noted in enumerate(file.sheet.mistakes) if noted == ["twins_confused"]]
    assert len(confused) > 20
    for row in confused:
        who = file.sheet.who[row]
        twins = np.flatnonzero(person.delivery == person.delivery[who])
        assert file.columns["first_name"][row] in set(person.given[twins]) - {person.given[who]}


def test_without_habits_every_record_is_right():
    habits = {name: Habits(bad_rows=0.0) for name in FILES}
    files = make_files(make_county(2_000, seed=2, parameters=replace(Parameters(), habits=habits)))
    noted = Counter(mistake for file in files.values() for row in file.sheet.mistakes for mistake in row)
    assert set(noted) == {"stale_address"}  # the family moved; nobody made a mistake
    assert all((file.rejected == "").all() for file in files.values())


def naive_overlap(folder: Path) -> dict[tuple[str, ...], int]:
    served: dict[str, set[str]] = {}
    for row in read(folder / "truth.csv"):
        served.setdefault(row["person"], set()).add(row["dataset"])
    rows = Counter(tuple(name for name in OVERLAP if name in programs) for programs in served.values())
    rows.pop((), None)
    return rows


def test_true_overlap_is_what_a_count_of_the_truth_gives(folder):
    answer = json.loads((folder / "answers.json").read_text())["every-combination"]
    assert {tuple(row["programs"]): row["children"] for row in answer["rows"]} == naive_overlap(folder)
    assert answer["children"] == sum(row["children"] for row in answer["rows"])


def typed(field: dict) -> str:
    name, value = field["name"], f"nullif(file.{field['name']}, '')"
    if field.get("type") == "date":
        return f"CAST(strptime({value}, '{field['date_format']}') AS DATE) AS {name}"
    kind = "DOUBLE" if field.get("type") in ("integer", "decimal") else "VARCHAR"
    return f"CAST({value} AS {kind}) AS {name}"


def rows_of(dataset: dict, folder: Path, period: str) -> str:
    """A dataset's rows of one delivery as the enclave shows them, but under the true persons."""
    columns = [typed(field) for field in dataset["fields"] if field.get("semantic") not in ("birth_date", "ssn")]
    code = dataset["code"]
    return (
        f"SELECT person AS person_id, '{period}' AS period, {', '.join(columns)} "
        f"FROM (SELECT *, row_number() OVER () AS row FROM read_csv('{folder / code}.csv', all_varchar=true)) AS file "
        f"JOIN read_csv('{folder / 'truth.csv'}', all_varchar=true) AS truth "
        f"ON truth.dataset = '{code}' AND CAST(truth.row AS BIGINT) = file.row"
    )


def view_of(dataset: dict, deliveries: dict[str, Path]) -> str:
    rows = " UNION ALL ".join(rows_of(dataset, folder, period) for period, folder in deliveries.items())
    return f"CREATE VIEW {dataset['code'].replace('-', '_')} AS {rows}"


@pytest.fixture(scope="module")
def later_folder(county, tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("practice") / "later"
    write_files(county, made, "2026-27")
    return made


@pytest.mark.parametrize("loaded", [("2025-26",), ("2026-27", "2025-26")], ids=" and ".join)
@pytest.mark.parametrize("code", ["program-overlap", "shelter-pupils"])
def test_true_answers_are_what_the_questions_give_when_every_record_has_its_true_person(
    folder, later_folder, described, code, loaded
):
    questions = yaml.safe_load((MARIGOLD / "questions.yaml").read_text(encoding="utf-8"))["questions"]
    question = next(one for one in questions if one["code"] == code)
    connection = duckdb.connect(config={"preserve_insertion_order": "true", "threads": 1})
    folders = {"2025-26": folder, "2026-27": later_folder}
    for dataset in described.values():
        connection.execute(view_of(dataset, {period: folders[period] for period in loaded}))
    cursor = connection.execute(question["sql"])
    names = [column[0] for column in cursor.description]
    table = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    rows = json.loads((folder / "answers.json").read_text())[code]["rows"]
    assert sorted(map(str, table)) == sorted(str(row) for row in rows if row[question["measures"][0]])


def test_programs_overlap_and_shelters_are_large_enough_to_publish(folder):
    answers = json.loads((folder / "answers.json").read_text())
    several = [row["children"] for row in answers["every-combination"]["rows"] if len(row["programs"]) > 1]
    assert sum(count >= 11 for count in several) >= 7
    assert answers["shelter-pupils"]["pupils"] >= 60


def test_about_a_third_of_sheltered_pupils_are_unknown_to_homeless_services():
    totals = [make_answers(seed)["shelter-pupils"] for seed in range(4)]
    unknown, pupils = sum(one["unknown"] for one in totals), sum(one["pupils"] for one in totals)
    # Brothers and sisters are known or unknown together, about two in a family: the error is that of families.
    assert abs(unknown / pupils - 0.33) < 3.5 * sqrt(0.33 * 0.67 / (pupils / 2))


def make_answers(seed: int) -> dict:
    from infotrust.core.practice_old.files import answers

    return answers(make_files(make_county(20_000, seed=seed)))


def test_share_unknown_to_homeless_services_follows_the_parameter():
    programs = replace(Parameters().programs, unknown_to_homeless_services=0.0, school_wrong_shelter=0.0)
    county = make_county(20_000, seed=7, parameters=replace(Parameters(), programs=programs))
    from infotrust.core.practice_old.files import answers

    assert answers(make_files(county))["shelter-pupils"]["unknown"] == 0


def test_next_year_delivers_the_same_people_with_changes(county, files):
    later = make_files(county, "2026-27")
    before, after = files["school-enrollment"], later["school-enrollment"]
    old, new = key_rows(before), key_rows(after)
    stay = old.keys() & new.keys()
    assert 0.75 * len(old) < len(stay) < 0.97 * len(old)  # some left school
    assert len(new.keys() - old.keys()) > 100  # new pupils
    assert all(before.sheet.who[old[key]] == after.sheet.who[new[key]] for key in stay)
    assert all(
        before.columns["sex"][old[key]] == after.columns["sex"][new[key]]
        for key in stay
        if both_good(before, after, old[key], new[key])
    )
    moved = sum(before.columns["street"][old[key]] != after.columns["street"][new[key]] for key in stay)
    assert 0.05 * len(stay) < moved < 0.35 * len(stay)


@pytest.mark.parametrize("dataset", list(FILES))
def test_number_of_a_record_stays_with_its_person_from_year_to_year(county, files, dataset):
    before, after = files[dataset], make_files(county, "2027-28")[dataset]
    old, new = key_rows(before), key_rows(after)
    stay = old.keys() & new.keys()
    assert len(stay) > 0.2 * len(old)
    assert all(before.sheet.who[old[key]] == after.sheet.who[new[key]] for key in stay)


def key_rows(file: File) -> dict[str, int]:
    return {key: row for row, key in enumerate(file.columns[file.key]) if key}


def both_good(before: File, after: File, old: int, new: int) -> bool:
    return before.rejected[old] == "" and after.rejected[new] == ""


def test_unknown_period_is_refused(county, tmp_path):
    for period in ("1999-00", "2025-27", "2030-31", "soon"):
        with pytest.raises(UserFacingError, match="no period"):
            write_files(county, tmp_path / "out", period)
    assert list(tmp_path.iterdir()) == []


def test_folder_with_other_files_is_left_alone(county, tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(UserFacingError, match="already holds"):
        write_files(county, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_interrupted_writing_leaves_nothing_that_looks_whole(tmp_path, monkeypatch):
    from infotrust.core.practice_old import files as module

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_write_json", full)
    with pytest.raises(UserFacingError, match="No space left"):
        write_files(make_county(500, seed=1), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_command_writes_a_county_and_refuses_a_folder_in_use(tmp_path, capsys):
    out = tmp_path / "out"
    assert cli.main(["practice", "--people", "500", "--seed", "3", "--out", str(out)]) == 0
    assert {path.name for path in out.iterdir()} == {
        *(f"{name}.csv" for name in FILES),
        "truth.csv",
        "answers.json",
        "manifest.json",
    }
    assert cli.main(["practice", "--people", "500", "--out", str(out)]) == 2
    assert "already holds files" in capsys.readouterr().err
