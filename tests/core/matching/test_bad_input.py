"""Bad input gives a clear message or a sane result, and nothing is dropped in silence."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.csv
import pytest
from rich.console import Console

from infotrust.cli import main
from infotrust.core.errors import UserFacingError
from infotrust.core.matching import link, summary
from infotrust.core.matching.reading.dates import DEFAULT
from infotrust.core.matching.reading.sources import SAYS_NOTHING

HALF = 120


def people() -> dict[str, list[str]]:
    """120 people, each twice."""
    random = Random(3)
    given = ("Ana", "Luis", "Mei", "Omar", "Grace", "Felix", "Nora", "Ivan", "Ruth", "Hugo")
    family = ("Cruz", "Chen", "Haddad", "Okafor", "Novak", "Garcia", "Lopez", "Smith", "Brown", "Patel")
    rows = [
        (
            random.choice(given) + random.choice(("a", "e", "o", "")),
            random.choice(family) + random.choice(("s", "ez", "")),
            f"{random.randint(1950, 2020)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}",
            f"{random.randint(1, 999)} {random.choice(('Elm', 'Oak', 'Mill'))} St",
            f"348{random.randint(0, 20):02d}",
        )
        for _ in range(HALF)
    ]
    names = ("first_name", "last_name", "dob", "address", "zip")
    return {name: list(column) * 2 for name, column in zip(names, zip(*rows, strict=True), strict=True)}


ALL = 2 * HALF


@pytest.mark.parametrize(
    "spoiled",
    [
        {"dob": [""] * ALL},
        {"dob": pa.nulls(ALL)},
        {"dob": ["2015-03-02"] * ALL},
        {"dob": ["9999-12-31"] * ALL},
        {"address": ["1 Elm St"] * ALL, "zip": ["34801"] * ALL},
        {"first_name": [name[0] for name in people()["first_name"]]},
        {"first_name": [name * 1_000 for name in people()["first_name"]]},
        {"first_name": [f"{name}\x01\r\n\u202e😀\u200b" for name in people()["first_name"]]},
        {"last_name": [f"محمد {name}" for name in people()["last_name"]]},
        {"dob": ["unknown" if place % 3 == 0 else day for place, day in enumerate(people()["dob"])]},
        {f"column_{number}": [str(number * place) for place in range(ALL)] for number in range(300)},
        {f"first_name_{number}": people()["first_name"] for number in range(300)},
    ],
    ids=["empty", "null", "one birthday", "year 9999", "one address", "initials", "5,000 letters", "control characters",
         "right to left", "mixed", "300 columns", "300 columns of names"],
)  # fmt: skip
def test_a_spoiled_column_spoils_nothing_else(spoiled: dict) -> None:
    result = link(pa.table(people() | spoiled))
    assert len(result.linkage.person) == ALL
    assert HALF - 3 <= result.persons <= HALF + 3


def test_a_column_that_says_the_same_of_everybody_is_named_in_the_summary() -> None:
    result = link(pa.table(people() | {"zip": ["34801"] * ALL, "dob": ["2015-03-02"] * ALL}))
    noted = [(one.what, one.step, one.records) for one in result.linkage.evidence.records.noted]
    assert ("zip", SAYS_NOTHING, ALL) in noted
    assert ("birth_date", DEFAULT, ALL) in noted
    console = Console(width=140, file=io.StringIO(), record=True)
    for table in summary.tables(result.linkage, ["table 1"]):
        console.print(table)
    assert SAYS_NOTHING in console.export_text()
    assert any(one["step"] == SAYS_NOTHING for one in result.manifest()["standardized"])


def test_one_row_is_one_person_and_the_same_table_twice_the_same_persons() -> None:
    table = pa.table(people()).slice(0, HALF)
    assert link(table.slice(0, 1)).persons == 1
    assert link(table.slice(0, 0)).persons == 0
    assert link([table, table]).linkage.person.tolist() == [*range(HALF), *range(HALF)]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({name: [values[0]] * 50 for name, values in people().items()}, "says the same"),
        ({name: [""] * 50 for name in people()}, "with values in it"),
        ({"wages": list(range(50)), "rate": [1.5] * 50}, "with values in it"),
    ],
)
def test_records_that_tell_nobody_apart_are_refused_with_the_reason(columns: dict, told: str) -> None:
    with pytest.raises(UserFacingError, match=told):
        link(pa.table(columns))


@pytest.mark.parametrize("values", [[["a"]] * ALL, [b"\xff\xfe"] * ALL, [{"a": 1}] * ALL])
def test_a_column_that_is_no_text_is_refused_by_its_name(values: list) -> None:
    with pytest.raises(UserFacingError, match="'x' holds"):
        link(pa.table(people() | {"x": values}), {"given_name": "x"})
    assert link(pa.table(people() | {"x": values})).persons == HALF


def test_record_numbers_that_name_no_record_are_refused_by_the_library_and_told_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = [str(place % 10) for place in range(ALL - 1)] + [""]
    table = pa.table(people() | {"no": numbers})
    with pytest.raises(UserFacingError, match="239 rows share a number with another row, 1 have none"):
        link(table, record_id="no")
    monkeypatch.chdir(tmp_path)
    pyarrow.csv.write_csv(table, "clinic.csv")
    assert main(["link", "clinic.csv", "--id", "no", "--out", "linked.csv"]) == 0
    assert "239 rows share their number with another row and 1 have" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("latin-1", "line 2, byte 6: not UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "zero byte")],
)
def test_a_file_of_another_encoding_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str, told: str
) -> None:
    (tmp_path / "clinic.csv").write_bytes("no,first_name\n1,José\n".encode(encoding))
    assert main(["link", str(tmp_path / "clinic.csv"), "--out", str(tmp_path / "linked.csv")]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "linked.csv").exists()
