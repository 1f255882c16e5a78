"""The true answers of the deliveries: what a count of the truth gives, and what the published questions' SQL gives."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import duckdb
import pytest
import yaml

from infotrust.core.practice import County, Span, load_parameters, make_deliveries
from infotrust.core.practice.deliveries.answers import OVERLAP, shelter_pupils
from tests.core.practice.deliveries.conftest import LATER, MARIGOLD, PERIOD

QUESTIONS = yaml.safe_load((MARIGOLD / "questions.yaml").read_text(encoding="utf-8"))["questions"]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_true_overlap_is_what_a_count_of_the_truth_gives(folders):
    answer = json.loads((folders[PERIOD] / "answers.json").read_text())["every-combination"]
    served: dict[str, set[str]] = {}
    for row in read(folders[PERIOD] / "truth.csv"):
        served.setdefault(row["person"], set()).add(row["dataset"])
    counted = Counter(tuple(name for name in OVERLAP if name in programs) for programs in served.values())
    counted.pop((), None)
    assert {tuple(row["programs"]): row["children"] for row in answer["rows"]} == counted
    assert answer["children"] == sum(counted.values())


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


@pytest.mark.parametrize("loaded", [(PERIOD,), (LATER, PERIOD)], ids=" and ".join)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["code"])
def test_true_answers_are_what_the_questions_give_when_every_record_has_its_true_person(
    folders, described, question, loaded
):
    connection = duckdb.connect(config={"preserve_insertion_order": "true", "threads": 1})
    for code, dataset in described.items():
        rows = " UNION ALL ".join(rows_of(dataset, folders[period], period) for period in loaded)
        connection.execute(f"CREATE VIEW {code.replace('-', '_')} AS {rows}")
    cursor = connection.execute(question["sql"])
    names = [column[0] for column in cursor.description]
    table = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    rows = json.loads((folders[PERIOD] / "answers.json").read_text())[question["code"]]["rows"]
    assert table
    assert sorted(map(str, table)) == sorted(str(row) for row in rows if row[question["measures"][0]])


# --- what the demonstration's own parameters are for ---


@pytest.fixture(scope="module")
def demonstrations():
    parameters = load_parameters(MARIGOLD / "parameters.yaml")
    return [make_deliveries(County(12_000, seed, Span(2022, 4), parameters)) for seed in (1, 2)]


def test_about_a_third_of_sheltered_pupils_are_unknown_to_homeless_services(demonstrations):
    found = [shelter_pupils(one) for one in demonstrations]
    pupils, unknown = sum(one["pupils"] for one in found), sum(one["unknown"] for one in found)
    assert pupils >= 120
    # Brothers and sisters are known or unknown together, about two in a family: the error is that of families.
    assert abs(unknown / pupils - 0.33) < 3 * (0.33 * 0.67 / (pupils / 2)) ** 0.5


def test_a_county_of_usual_parameters_has_few_pupils_in_shelters(demonstrations):
    usual = make_deliveries(County(12_000, 1, Span(2022, 4)))
    assert shelter_pupils(usual)["pupils"] < 0.2 * shelter_pupils(demonstrations[0])["pupils"]
