"""One small contract with a column of each kind."""

from __future__ import annotations

import io

import pytest

from infotrust.core.contracts import Column, Contract
from infotrust.core.elements import DataType, SemanticType

COLUMNS = (
    Column("pupil_id", DataType.TEXT, SemanticType.LOCAL_ID, key=True, max_length=20),
    Column("last_name", DataType.TEXT, SemanticType.FAMILY_NAME, max_length=40),
    Column("born", DataType.DATE, SemanticType.BIRTH_DATE, date_format="%m/%d/%Y"),
    Column("phone", DataType.TEXT, SemanticType.PHONE, required=False),
    Column("grade", DataType.CODE, SemanticType.GRADE, codes=("KG", "01", "02")),
    Column("days", DataType.INTEGER, SemanticType.MEASURE, required=False),
    Column("owed", DataType.DECIMAL, SemanticType.MONEY, required=False),
    Column("lunch", DataType.BOOLEAN, SemanticType.STATUS, required=False),
)
HEADER = "pupil_id,last_name,born,phone,grade,days,owed,lunch"
ROW = "P1,Lee,09/14/2015,+1 704 555 0100,KG,3,-2.50,yes"


@pytest.fixture
def contract() -> Contract:
    return Contract("school-enrollment", "School enrollment", "7", ("DSA-1", "DSA-2"), COLUMNS, most_rejected=0.5)


def file_of(*lines: str, header: str = HEADER) -> io.BytesIO:
    return io.BytesIO("\n".join([header, *lines, ""]).encode())
