"""More records than memory: the copy behind the closed doors spills, encrypted, and the counts are right."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from infotrust.core import vaulting
from infotrust.core.questions import Limits, View, lock, run

RECORDS, PEOPLE = 1_000_000, 400_000
CODES = np.array(["up to four", "five or more", "secret-code-in-clear"])


@pytest.mark.slow
def test_a_question_over_more_records_than_memory_is_answered(tmp_path, monkeypatch):
    draw = np.random.default_rng(5)
    # One household code for each person, so that nobody is in two categories.
    person = draw.integers(0, PEOPLE, RECORDS)
    code = draw.integers(0, 3, PEOPLE)[person]
    record = np.array([f"{number:032x}" for number in range(RECORDS)])
    parts = []
    for name, table in {
        "rows": pa.table({"record_id": record, "household": CODES[code]}),
        "register": pa.table({"record_id": record, "person_id": np.char.mod("person-%d", person)}),
    }.items():
        key = vaulting.new_data_key()
        vaulting.write_table(tmp_path / f"{name}.parquet", table, key)
        parts.append([(tmp_path / f"{name}.parquet", key)])
    spill = tmp_path / "spill"
    con = vaulting.connect(temporary=spill)
    spilled: list[bytes] = []

    def look_at_the_disk(connection):
        spilled.extend(path.read_bytes() for path in spill.glob("*") if path.is_file())
        connection.execute("SET enable_external_access = false")

    monkeypatch.setattr("infotrust.core.questions.enclave._shut", look_at_the_disk)
    locked = lock(
        "SELECT household, count(DISTINCT person_id) AS people FROM snap GROUP BY household", {"snap": ["household"]}
    )
    answer = run(
        locked,
        connection=con,
        views=(View("snap", ("household",), vaulting.attach_parts(con, parts[0])),),
        register=vaulting.attach_parts(con, parts[1]),
        limits=Limits(memory="120MB", threads=1),
    )
    expected = {CODES[each]: len(np.unique(person[code == each])) for each in range(3)}
    assert {row["household"]: row["people"] for row in answer.table.to_pylist()} == expected
    assert spilled, "nothing was spilled: the test has too little data to show anything"
    assert not any(b"secret-code-in-clear" in part or b"person-1" in part for part in spilled)
