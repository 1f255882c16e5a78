"""The same tables on Spark and on one machine: the same persons, and the same weights to the last digit.

All that needs a session is in this file, so that tests that run side by side start one only.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from infotrust.cli import main
from infotrust.core.elements import SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching import Options, Source
from infotrust.core.matching.comparing import candidates, index
from infotrust.core.matching.comparing.rules import parse_rule, refuse_too_many
from infotrust.core.matching.persons.merging import hang_together
from infotrust.core.matching.reading.files import read_table
from infotrust.core.matching.reading.recognize import choose_columns, recognize_columns
from infotrust.core.matching.spark import FrameSource, by_rules, link_dataframes
from infotrust.core.matching.spark.components import components_of
from infotrust.core.matching.spark.driver import Kept
from infotrust.core.matching.spark.finding import pairs_row
from infotrust.core.matching.spark.scoring import SCORED
from tests.core.matching.spark.conftest import assert_same

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]


def test_a_practice_countys_agencies_are_linked_as_on_one_machine(link_both, tmp_path: Path) -> None:
    county = tmp_path / "county"
    words = ["--people", "1500", "--years", "2", "--seed", "5", "--agencies", "schools,medicaid,snap,vital-records"]
    assert main(["practice", *words, "--out", str(county)]) == 0
    sources = []
    for table in ("schools/pupils", "medicaid/members", "snap/clients", "vital-records/births"):
        rows = read_table(county / f"{table}.csv")
        sources.append(Source(table, rows, choose_columns(recognize_columns(rows))))
    local, person, weight = link_both(sources, block=300)
    assert len(person) > 3 * 300
    assert 0.2 * len(person) < local.persons < 0.9 * len(person)
    assert_same(local, person, weight)


def test_hard_records_are_linked_as_on_one_machine(make_town, link_both, monkeypatch) -> None:
    """Days before months, a default date, made-up numbers, a shared address, doubled records and fifty copies, a full
    name, a constant column, a file that holds each person once, and the share of information that is asked of
    candidates, and the narrower keys that are gone through, only among many records."""
    monkeypatch.setattr(candidates, "ALL_SHARES_UP_TO", 100)
    monkeypatch.setattr(index, "STEPS", 1_000)
    monkeypatch.setattr(index, "STEPS_PER_RECORD", 100)
    clinic, school = make_town(230)
    rows = school.table.to_pylist()
    rows += [dict(row) for row in rows[:40]]
    for n, row in enumerate(rows):
        year, month, day = row["born"].split("-")
        row["born"] = f"01/01/20{n % 2:02d}" if n % 9 == 0 else f"{day}/{month}/{year}"
        row["ssn"] = f"{900 + n % 50}-{15 + n % 30:02d}-{n:04d}" if n % 3 == 0 else f"{n % 600 + 100}-22-{n:04d}"
        if n % 12 == 0:
            row |= {"street": "1 Refuge Road", "zip": "34800"}
    rows += [dict(rows[at]) for at in (5, 8) for _ in range(45)]  # of these some stand for others
    patients = clinic.table.to_pylist()[:60]
    registry = [
        {"who": f"{row['given']} {row['family']}", "born": row["born"], "sex": "F",
         "mail": f"{n % 9}@x.org" if n % 3 else None}
        for n, row in enumerate(patients)
    ]  # fmt: skip
    columns = {
        SemanticType.FULL_NAME: "who", SemanticType.BIRTH_DATE: "born", SemanticType.SEX: "sex",
        SemanticType.EMAIL: "mail",
    }  # fmt: skip
    sources = [
        replace(clinic, unique=True),
        Source("school", pa.Table.from_pylist(rows), {**school.columns, SemanticType.SSN: "ssn"}),
        Source("registry", pa.Table.from_pylist(registry), columns),
    ]
    local, person, weight = link_both(sources, block=137)
    assert candidates.least_share(len(person)) > 0
    records = local.evidence.records
    assert [bool(habits.default_dates) for habits in records.habits] == [False, True, False]
    assert [habits.day_first for habits in records.habits] == [False, True, False]
    assert not records.habits[1].made_up
    assert records.spare.sum() >= 50
    assert len(records.shared.keys["address"])
    assert_same(local, person, weight)


def test_a_few_records_are_compared_whole_a_set_threshold_is_kept_and_a_killed_worker_changes_nothing(
    make_town, link_both, tmp_path: Path
) -> None:
    local, person, weight = link_both(make_town(20), options=Options(threshold=-2.0), block=10, dying=True)
    assert (tmp_path / "died").exists(), "a Python process of Spark was killed while it read"
    assert len(person) < candidates.COMPARE_ALL_UP_TO
    assert_same(local, person, weight)


def test_what_cannot_be_linked_is_refused_before_anything_runs(spark, tmp_path: Path) -> None:
    frame = spark.createDataFrame(pa.table({"id": ["a", "a", "b"], "first": ["Ana", "Eva", "Ivo"]}))
    source = FrameSource("clinic", frame, {SemanticType.GIVEN_NAME: "first"}, row="id")

    def refused(*sources: FrameSource) -> str:
        with pytest.raises(UserFacingError) as said:
            link_dataframes(spark, sources, work=str(tmp_path / "work"))
        return str(said.value)

    assert "There is no table" in refused()
    assert "'nr'" in refused(replace(source, row="nr"))
    assert "'given'" in refused(replace(source, columns={SemanticType.GIVEN_NAME: "given"}))
    assert "name each row once" in refused(source)


def test_blocking_rules_bring_together_what_they_do_on_one_machine(make_town, link_both) -> None:
    clinic, school = make_town(120)
    rows = school.table.to_pylist()
    rows += [dict(rows[3]) for _ in range(45)]  # of these some stand for others
    sources = [clinic, replace(school, table=pa.Table.from_pylist(rows), record_id=None)]
    chosen = tuple(parse_rule(rule) for rule in ("family[:4] and birth_date", "given and zip", "birth_date"))
    local, person, weight = link_both(sources, options=Options(rules=chosen), block=90)
    assert 0 < local.persons < len(person)
    assert_same(local, person, weight)
    with pytest.raises(UserFacingError, match="needs 'ssn', which these records do not have"):
        link_both(sources, options=Options(rules=(parse_rule("ssn"),)), block=90)


def test_rules_that_make_too_many_pairs_are_refused_with_the_worst_of_them(spark, tmp_path: Path) -> None:
    rows = [(rule, key, place) for rule, key, last in ((0, 7, 4), (1, 8, 3), (1, 9, 6)) for place in range(last)]
    keys = spark.createDataFrame(rows, "rule int, key long, place long")
    rules = (parse_rule("given"), parse_rule("family"))
    told = by_rules.pairs_of_rules(keys, len(rules))
    assert told == ([6, 18], [4, 6])
    with pytest.raises(UserFacingError, match="make 24 pairs, more than 20: 'family' alone 18, its largest block 6"):
        refuse_too_many(rules, *told, 20)


def test_a_single_record_is_a_person(spark, tmp_path: Path) -> None:
    frame = spark.createDataFrame(pa.table({"id": [7], "first": ["Ana"], "born": ["2001-02-03"]}))
    columns = {SemanticType.GIVEN_NAME: "first", SemanticType.BIRTH_DATE: "born"}
    found = link_dataframes(spark, [FrameSource("clinic", frame, columns, row="id")], work=str(tmp_path / "work"))
    assert found.toArrow().to_pylist() == [{"source": "clinic", "row": 7, "person": 0, "weight": None}]


def test_a_long_chain_a_star_and_chance_hang_together_as_on_one_machine(spark, tmp_path: Path) -> None:
    random = Random(4)
    n, size = 400, 130
    order = random.sample(range(40), 40)
    edges = [*pairwise(order), *((200, leaf) for leaf in range(201, 230))]
    edges += [(random.randrange(230, n), random.randrange(230, n)) for _ in range(60)]
    edges = sorted({(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]})
    first, second = (np.array([edge[side] for edge in edges], np.int32) for side in (0, 1))
    odds = np.array([-3.0 if random.random() < 0.02 else 2.0 for _ in edges], np.float32)
    rows = [
        pairs_row(part, first[first // size == part], second[first // size == part], odds=odds[first // size == part])
        for part in np.unique(first // size)
    ]
    scored = spark.createDataFrame(pa.Table.from_batches(rows), SCORED)
    found = components_of(scored, -1.0, Kept(spark, str(tmp_path))).toArrow().to_pydict()
    whole = hang_together(n, first[odds >= -1], second[odds >= -1])
    tied = np.flatnonzero(np.bincount(whole, minlength=n)[whole] > 1)
    assert sorted(zip(found["place"], found["component"], strict=True)) == list(
        zip(tied.tolist(), whole[tied].tolist(), strict=True)
    )
