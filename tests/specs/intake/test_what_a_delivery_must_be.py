"""What happens to a file an agency sends.

Each example shows a small file and what becomes of it. The contract of these examples has four columns: the pupil's
number (the key), the last name, the date of birth (month/day/year) and the grade (KG, 01 or 02). Half of the rows may
be bad.
"""

from __future__ import annotations

import io

import pytest

from infotrust.core.contracts import Column, Contract, FileRefused, check, narrow
from infotrust.core.elements import DataType, SemanticType

CONTRACT = Contract(
    dataset="school-enrollment",
    title="School enrollment",
    version="1",
    agreements=("DSA-2026-01",),
    columns=(
        Column("pupil", DataType.TEXT, SemanticType.LOCAL_ID, key=True),
        Column("last_name", DataType.TEXT, SemanticType.FAMILY_NAME),
        Column("born", DataType.DATE, SemanticType.BIRTH_DATE, date_format="%m/%d/%Y"),
        Column("grade", DataType.CODE, SemanticType.GRADE, codes=("KG", "01", "02")),
    ),
    most_rejected=0.5,
)


def outcome(text: str) -> str:
    """Return what the trust would say about a file with this text: one line for each rejected row, then the count."""
    rows = "\n".join(line.strip() for line in text.strip().splitlines())
    try:
        checking = check(io.BytesIO(rows.encode()), CONTRACT, name="pupils.csv")
        rejected = [row for batch in checking for row in batch.rejected.to_pylist()]
        report = checking.finish()
    except FileRefused as refusal:
        return f"refused: {refusal.what}"
    lines = [f"line {row['line']}: {row['reasons'].strip(':')}" for row in rejected]
    return "; ".join([*lines, f"{report.accepted} accepted"])


EXAMPLES = {
    "A good file is accepted, whatever the order of its columns": (
        """
        grade,pupil,last_name,born
        KG,1001,Lee,09/14/2020
        01,1002,Diaz,03/02/2019
        """,
        "2 accepted",
    ),
    "A bad row is set aside; the others are accepted": (
        """
        pupil,last_name,born,grade
        1001,Lee,09/14/2020,KG
        1002,Diaz,14/09/2019,01
        1003,Roy,03/02/2019,02
        """,
        "line 3: born:value.not_date; 2 accepted",
    ),
    "A row says everything that is wrong with it": (
        """
        pupil,last_name,born,grade
        1001,Lee,09/14/2020,KG
        1002,,03/02/2019,3rd
        """,
        "line 3: last_name:value.missing grade:value.not_in_codes; 1 accepted",
    ),
    "A pupil's number occurs once: the first row is kept": (
        """
        pupil,last_name,born,grade
        1001,Lee,09/14/2020,KG
        1001,Lee,09/14/2020,01
        """,
        "line 3: pupil:key.repeated; 1 accepted",
    ),
    "A row with a cell too many is set aside, because its cells cannot be told apart": (
        """
        pupil,last_name,born,grade
        1001,Lee,09/14/2020,KG
        1002,Diaz, Jr,03/02/2019,01
        """,
        "line 3: row.ragged; 1 accepted",
    ),
    "What a spreadsheet would run as a formula is set aside": (
        """
        pupil,last_name,born,grade
        1001,Lee,09/14/2020,KG
        1002,=HYPERLINK("http://x"),03/02/2019,01
        """,
        "line 3: last_name:value.formula; 1 accepted",
    ),
    "A file in which most rows are bad is refused": (
        """
        pupil,last_name,born,grade
        1001,Lee,2020-09-14,KG
        1002,Diaz,2019-03-02,01
        1003,Roy,03/02/2019,02
        """,
        "refused: pupils.csv: 2 of 3 rows were rejected, more than the 50 percent the contract allows. "
        "Most often: The value is not a date in the agreed form, in column born.",
    ),
    "A file without a required column is refused": (
        """
        pupil,last_name,grade
        1001,Lee,KG
        """,
        "refused: pupils.csv, line 1: The header lacks 1 column(s) that the contract requires: born. "
        "0 column(s) have names the contract does not know.",
    ),
    "A file with semicolons is refused, and told so": (
        """
        pupil;last_name;born;grade
        1001;Lee;09/14/2020;KG
        """,
        "refused: pupils.csv, line 1: The columns seem to be separated by semicolons; the contract says commas.",
    ),
    "A file without a header is refused, and its first line is not repeated to anyone": (
        """
        1001,Lee,09/14/2020,KG
        1002,Diaz,03/02/2019,01
        """,
        "refused: pupils.csv, line 1: None of the agreed columns is named in the first line, "
        "which should be the header.",
    ),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_becomes_of_a_file(example):
    text, expected = EXAMPLES[example]
    assert outcome(text) == expected


def test_columns_that_were_not_agreed_are_dropped_at_the_door():
    file = b"pupil,last_name,born,grade,diagnosis\n1001,Lee,09/14/2020,KG,asthma\n"
    narrowed = narrow(io.BytesIO(file), "pupils.csv", CONTRACT)
    passed = b"".join(narrowed)
    assert narrowed.dropped == ("diagnosis",)
    assert passed == b"line,trouble,pupil,last_name,born,grade\r\n2,,1001,Lee,09/14/2020,KG\r\n"
