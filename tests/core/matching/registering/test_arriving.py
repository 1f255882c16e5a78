"""Records that arrive are read as their sources are read one by one."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from infotrust.core.elements import SemanticType
from infotrust.core.matching import Source
from infotrust.core.matching.reading.sources import stack_fields
from infotrust.core.matching.registering.arriving import standardized


def test_sources_read_at_once_say_what_they_say_one_by_one(make_town) -> None:
    clinic, school = make_town(80)
    whole = pa.table({
        "name": ["Cruz, Ana Maria", "Luis Cruz Jr", None], "born": ["31/12/2015", "1/2/2016", ""],
        "no": ["12", "7", None], "street": ["Elm St", "Oak Ave", None],
    })  # fmt: skip
    columns = {
        SemanticType.FULL_NAME: "name", SemanticType.BIRTH_DATE: "born", SemanticType.STREET_ADDRESS: ("no", "street"),
    }  # fmt: skip
    sources = [
        clinic,
        Source("desk", whole, columns, day_first=True),
        replace(school, columns={kind: one for kind, one in school.columns.items() if kind != "zip_code"}),
        replace(clinic, table=clinic.table.slice(0, 3)),
    ]
    at_once, one_by_one = standardized(sources), stack_fields(sources)
    assert at_once.keys() == one_by_one.keys()
    for field, coded in at_once.items():
        expected = one_by_one[field]
        assert coded.values.take(pa.array(coded.codes, mask=coded.codes < 0)).equals(
            expected.values.take(pa.array(expected.codes, mask=expected.codes < 0))
        ), field
    assert standardized([]) == {}
