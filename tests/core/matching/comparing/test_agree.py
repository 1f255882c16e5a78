"""How two birth dates agree, in words."""

import numpy as np
import pyarrow as pa
import pytest

from infotrust.core.elements import SemanticType
from infotrust.core.matching import Source
from infotrust.core.matching.comparing.candidates import Pairs
from infotrust.core.matching.comparing.compare import agreement, plan_comparisons
from infotrust.core.matching.reading.sources import read_records


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("1980-02-11", "2014-09-30", "a generation apart"),
        ("1980-02-11", "1993-09-30", "a generation apart"),
        ("1980-02-11", "1992-09-30", "different"),
        ("1980-02-11", "1880-02-11", "two parts the same, one edit apart"),  # a century is a slip, not a generation
        ("1916-05-04", "2016-05-04", "two parts the same"),
        ("1980-02-11", "1990-12-11", "one part the same"),
        ("1980-02-11", "1981-09-30", "years within two"),
        ("2014-09-03", "2014-03-09", "day and month swapped"),
    ],
)
def test_two_birth_dates(one: str, other: str, said: str) -> None:
    table = pa.table({"given": ["Hugo", "Hugo"], "born": [one, other]})
    columns = {SemanticType.GIVEN_NAME: "given", SemanticType.BIRTH_DATE: "born"}
    plan = plan_comparisons(read_records([Source("people", table, columns)]))
    at = next(place for place, comparison in enumerate(plan.comparisons) if comparison.field == "birth_date")
    pair = Pairs(np.array([0], np.int32), np.array([1], np.int32))
    assert plan.comparisons[at].levels[agreement(plan, pair)[0, at]] == said
