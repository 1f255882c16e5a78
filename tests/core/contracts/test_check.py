"""Which rows are accepted, with which types, and why the others are not."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.contracts import Check, Column, Contract, FileRefused, KeyIndex, check, hash_keys, narrow
from infotrust.core.elements import DataType, SemanticType
from tests.core.contracts.conftest import COLUMNS, HEADER, ROW, file_of


def passed(stream, contract: Contract, **options) -> tuple[list[dict], list[dict], Check]:
    checking = check(stream, contract, name="a.csv", **options)
    accepted, rejected = [], []
    for batch in checking:
        accepted += batch.accepted.to_pylist()
        rejected += batch.rejected.to_pylist()
    return accepted, rejected, checking


def test_values_get_their_types(contract):
    accepted, rejected, _ = passed(file_of(ROW), contract)
    assert rejected == []
    assert accepted == [
        {
            "pupil_id": "P1",
            "last_name": "Lee",
            "born": date(2015, 9, 14),
            "phone": "+1 704 555 0100",
            "grade": "KG",
            "days": 3,
            "owed": -2.5,
            "lunch": True,
        }
    ]


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        ("P2,Lee,09/14/2015,,KG,,", "row.ragged"),
        ("P2,Lee,09/14/2015,,KG,,,,x", "row.ragged"),
        (",Lee,09/14/2015,,KG,,,", "pupil_id:key.empty"),
        ("P1,Lee,09/14/2015,,KG,,,", "pupil_id:key.repeated"),
        ("P2,  ,09/14/2015,,KG,,,", "last_name:value.missing"),
        (f"P2,{'x' * 41},09/14/2015,,KG,,,", "last_name:value.too_long"),
        ("P2,Lee,2015-09-14,,KG,,,", "born:value.not_date"),
        ("P2,Lee,02/30/2015,,KG,,,", "born:value.not_date"),
        ("P2,Lee,09/14/2015,,03,,,", "grade:value.not_in_codes"),
        ("P2,Lee,09/14/2015,,KG,1.5,,", "days:value.not_integer"),
        ("P2,Lee,09/14/2015,,KG,99999999999999999999,,", "days:value.not_integer"),
        ("P2,Lee,09/14/2015,,KG,,$5,", "owed:value.not_number"),
        ("P2,Lee,09/14/2015,,KG,,1e309,", "owed:value.not_number"),
        ("P2,Lee,09/14/2015,,KG,,,maybe", "lunch:value.not_boolean"),
        ("P2,=1+1,09/14/2015,,KG,,,", "last_name:value.formula"),
        ("P2, =1+1,09/14/2015,,KG,,,", "last_name:value.formula"),
        ("P2,@SUM(A1),09/14/2015,,KG,,,", "last_name:value.formula"),
        ("P2,-cmd|'/C calc'!A0,09/14/2015,,KG,,,", "last_name:value.formula"),
        ("P2,+A1,09/14/2015,,KG,,,", "last_name:value.formula"),
        ("P2,\tLee,09/14/2015,,KG,,,", "last_name:value.formula"),
        ('P2,"\rLee",09/14/2015,,KG,,,', "last_name:value.formula"),
        ("=P2,Lee,09/14/2015,,KG,,,", "pupil_id:value.formula"),
        ("P2,,nope,,XX,,,", "last_name:value.missing born:value.not_date grade:value.not_in_codes"),
    ],
)
def test_bad_row_is_rejected_with_every_reason(row, reasons, contract):
    accepted, rejected, checking = passed(file_of(ROW, row), contract)
    assert len(accepted) == 1
    assert [(each["line"], each["reasons"].strip(":")) for each in rejected] == [(3, reasons)]
    assert checking.report.rows == 2


@pytest.mark.parametrize(
    "row",
    [
        "P2,O'Brien-Smith,09/14/2015,-704 555,KG,-3,+2.5,FALSE",
        "P2,Lee,09/14/2015,(704) 555-0100,KG,,,",
        'P2,"Lee, Jr",09/14/2015,,KG,,,',
        'P2,"Ann ""Bo"" Lee",09/14/2015,,KG,,,',
        'P2,"Lee\nof two lines",09/14/2015,,KG,,,',
        "P2,Peña 李,09/14/2015,,KG,,,",
    ],
)
def test_unusual_but_honest_values_pass(row, contract):
    accepted, rejected, _ = passed(file_of(ROW, row), contract)
    assert rejected == []
    assert len(accepted) == 2


def test_lines_are_those_of_the_senders_file(contract):
    stream = file_of(ROW, "", 'P2,"two\nlines",09/14/2015,,KG,,,', "P3,Lee,x,,KG,,,", "P4,Lee,09/14/2015,,KG,,,")
    _accepted, rejected, checking = passed(stream, contract)
    assert [each["line"] for each in rejected] == [6]
    assert [(each.column, each.code, each.lines) for each in checking.report.reasons] == [
        ("born", "value.not_date", (6,))
    ]


def test_ragged_row_keeps_no_cell_because_an_unagreed_one_may_have_slipped_in(contract):
    stream = file_of(f"{ROW},SECRET", "P2,SECRET", header=HEADER + ",unagreed")
    narrowed = b"".join(narrow(stream, "a.csv", contract))
    assert b"SECRET" not in narrowed
    assert b"unagreed" not in narrowed


def test_dropped_and_absent_columns_are_reported(contract):
    stream = file_of("x,P1,Lee,09/14/2015,KG,y", header="a,pupil_id,last_name,born,grade,")
    narrowed = narrow(stream, "a.csv", contract)
    assert narrowed.dropped == ("a", "6")
    assert narrowed.absent == ("phone", "days", "owed", "lunch")


def test_byte_order_mark_and_windows_line_ends_are_accepted(contract):
    data = b"\xef\xbb\xbf" + file_of(ROW, "").getvalue().replace(b"\n", b"\r\n")
    narrowed = narrow(io.BytesIO(data), "a.csv", contract)
    accepted = sum(batch.accepted.num_rows for batch in Check(narrowed, contract, "a.csv"))
    assert accepted == 1
    assert narrowed.notes == ("note.bom", "note.blank_lines")


def test_too_many_rejected_rows_refuse_the_file_at_the_contracts_share(contract):
    bad = "P{},Lee,x,,KG,,,"
    *_, half = passed(file_of(ROW, bad.format(2)), contract)
    assert half.finish().rejected == 1
    *_, more = passed(file_of(ROW, bad.format(2), bad.format(3)), contract)
    with pytest.raises(FileRefused, match="2 of 3 rows were rejected, more than the 50 percent"):
        more.finish()


def test_repeated_key_is_found_across_batches(contract):
    rows = [f"P{n % 70},Lee,09/14/2015,,KG,,," for n in range(100)]
    accepted, rejected, _ = passed(file_of(*rows), contract, batch_rows=7)
    assert len(accepted) == 70
    assert [each["line"] for each in rejected] == list(range(72, 102))


CELLS = st.text(alphabet='a1,"\n\r ;=é-', max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=12), st.integers(1, 4))
def test_check_agrees_with_a_naive_reading(rows, batch_rows):
    """Reference: csv.DictReader, a set of keys and plain Python rules."""
    columns = (
        Column("k", DataType.TEXT, SemanticType.LOCAL_ID, key=True, max_length=4),
        Column("v", DataType.INTEGER, SemanticType.MEASURE, required=False, max_length=4),
    )
    contract = Contract("d", "D", "1", ("A",), columns, most_rejected=1)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["k", "unagreed", "v"])
    writer.writerows([key, "x", value] for key, value in rows)
    accepted, rejected, _ = passed(io.BytesIO(out.getvalue().encode()), contract, batch_rows=batch_rows)
    seen: set[str] = set()
    expected = Counter()
    for key, value in rows:
        plain, number = key.strip(), value.strip()
        good_number = number == "" or (number.lstrip("+-").isascii() and _is_integer(number))
        fresh = plain not in seen
        if plain:
            seen.add(plain)
        fine = plain and len(plain) <= 4 and len(number) <= 4 and good_number and fresh and not _is_formula(key)
        expected["accepted" if fine else "rejected"] += 1
    assert (len(accepted), len(rejected)) == (expected["accepted"], expected["rejected"])


def _is_integer(text: str) -> bool:
    digits = text[1:] if text[:1] in "+-" else text
    return digits.isdigit()


def _is_formula(cell: str) -> bool:
    text = cell.strip()
    if cell[:1] in ("\t", "\r") and text:
        return True
    if text[:1] in ("+", "-"):
        return not all(sign in "0123456789 ()./,-" for sign in text[1:])
    return text[:1] in ("=", "@")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), max_size=9), max_size=8))
def test_key_index_agrees_with_a_set(batches):
    index, seen = KeyIndex(), {}
    for batch in batches:
        hashes = hash_keys([[str(each) for each in batch]], b"s")
        expected = []
        for each in batch:
            expected.append(each in seen)
            seen.setdefault(each, len(seen))
        assert index.add(hashes).tolist() == expected
    every = list(range(35))
    found = index.find(hash_keys([[str(each) for each in every]], b"s")).tolist()
    assert [each >= 0 for each in found] == [each in seen for each in every]
    assert len({each for each in found if each >= 0}) == len(seen) == len(index)


def test_keys_of_two_columns_are_not_confused():
    first = hash_keys([["ab", "a"], ["c", "bc"]], b"s")
    assert (first[0] != first[1]).any()


def test_contract_survives_its_yaml(contract):
    assert Contract.from_odcs(contract.to_odcs()) == contract


def test_contract_yaml_is_of_the_open_standard(contract):
    text = contract.to_odcs()
    assert "apiVersion: v3.1.0" in text
    assert "kind: DataContract" in text
    assert "format: MM/dd/yyyy" in text


@pytest.mark.parametrize(
    "text", ["", "[]", "a: [", "kind: DataContract", "id: x\nschema:\n- properties:\n  - name: a\n"]
)
def test_what_is_no_contract_is_refused(text):
    with pytest.raises(Exception, match="contract cannot be read"):
        Contract.from_odcs(text)


def test_date_text_is_iso_for_the_vault(contract):
    batch = next(iter(check(file_of(ROW), contract, name="a.csv")))
    assert batch.text["born"].to_pylist() == ["2015-09-14"]
    assert batch.accepted.schema.field("born").type == pa.date32()
    assert batch.accepted["born"].to_pylist() == [datetime(2015, 9, 14).date()]
    assert [column.name for column in COLUMNS] == batch.accepted.column_names
