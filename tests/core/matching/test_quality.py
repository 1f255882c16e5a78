"""Linking Marigold County's files without settings stays as good as it was measured. Measured 2026-11: pairwise F1
.956 to .997 at 2,000 people (six seeds; precision .950 or more, recall .962 or more), .993 at 6,000 people with twenty
given names and thirty family names."""

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pytest

from infotrust.core.matching import Source, command, link_tables
from infotrust.core.matching.evaluate import Quality, pairwise
from infotrust.core.matching.reading import files
from infotrust.core.matching.reading.recognize import choose_columns, recognize_columns
from infotrust.core.practice import County, load_parameters, write_deliveries

DEMONSTRATION = Path(__file__).parents[3] / "examples" / "marigold" / "parameters.yaml"


def source(name: str, table: pa.Table) -> Source:
    return Source(name, table, choose_columns(recognize_columns(table)))


def quality_in_marigold(folder: Path, people: int, seed: int) -> Quality:
    write_deliveries(County(people, seed, parameters=load_parameters(DEMONSTRATION)), folder)
    truth = command.labels(folder / "truth.csv")
    sources = [source(path.name, files.read_table(path)) for path in sorted(folder.glob("*-*.csv"))]
    sources.append(source("snap.csv", files.read_table(folder / "snap.csv")))
    linkage = link_tables(sources)
    keys = zip(linkage.source_index.tolist(), linkage.record_index.tolist(), strict=True)
    return pairwise(linkage.person, [truth[sources[place].name, str(row + 1)] for place, row in keys])


@pytest.mark.parametrize("seed", [1, 2])
def test_a_county_of_two_thousand_is_linked_as_well_as_measured(tmp_path: Path, seed: int) -> None:
    quality = quality_in_marigold(tmp_path / "county", 2_000, seed)
    assert quality.precision > 0.94
    assert quality.recall > 0.94


def test_people_with_few_distinct_names_are_neither_merged_nor_torn_apart() -> None:
    random = Random(1)
    given = [f"{start}{end}" for start in ("Mar", "Jos", "An", "Lu", "Em") for end in ("ia", "e", "na", "is")]
    family = [f"{a}{b}" for a in ("Gar", "Lop", "Smi", "Bro", "Oka", "Tan") for b in ("cia", "ez", "th", "wn", "for")]
    rows: dict[str, list[dict[str, str]]] = {"a": [], "b": []}
    truth: dict[str, list[int]] = {"a": [], "b": []}
    for person in range(3_000):
        known = {
            "first_name": random.choice(given),
            "last_name": random.choice(family),
            "birth_date": f"{random.randint(2005, 2020)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}",
            "street": f"{random.randint(1, 999)} {random.choice(('Elm', 'Oak', 'Lake', 'Hill'))} St",
            "zip": f"{34800 + random.randrange(12)}",
        }
        for name in rows:
            if random.random() < 0.7:
                moved = random.random() < 0.15
                rows[name].append(known | ({"street": f"{random.randint(1, 999)} Bay St"} if moved else {}))
                truth[name].append(person)
    linkage = link_tables([source(name, pa.Table.from_pylist(rows[name])) for name in rows])
    quality = pairwise(linkage.person, np.array(truth["a"] + truth["b"]))
    assert quality.precision > 0.94
    assert quality.recall > 0.94


def test_a_father_and_son_of_one_name_and_home_are_two_people(make_town) -> None:
    clinic, school = make_town(300, seed=6)
    home = {"given": "Hugo", "family": "Moreau", "street": "5 Bay Street", "zip": "34811", "home": "x"}
    fathers = [{"person": f"f{n}", "born": f"19{70 + n}-02-11", **home, "street": f"{n} Bay Street"} for n in range(9)]
    sons = [{**father, "person": f"s{n}", "born": f"20{10 + n}-09-30"} for n, father in enumerate(fathers)]
    added = [
        replace(source, table=pa.Table.from_pylist([*source.table.to_pylist(), *(
            {**row, "record": f"{source.name} {row['person']}"} for row in (*fathers, *sons)
        )]))
        for source in (clinic, school)
    ]  # fmt: skip
    linkage = link_tables(added)
    named = dict(zip([r for s in added for r in s.table["record"].to_pylist()], linkage.person.tolist(), strict=True))
    for n in range(9):
        assert named[f"clinic f{n}"] == named[f"school f{n}"]
        assert named[f"clinic s{n}"] == named[f"school s{n}"]
        assert named[f"clinic f{n}"] != named[f"clinic s{n}"]
