"""`infotrust check-delivery` says at the partner's site what the trust would say."""

from __future__ import annotations

import pytest

from infotrust.cli import main
from tests.core.contracts.conftest import HEADER, ROW, file_of


@pytest.fixture
def run(tmp_path, contract, capsys):
    (tmp_path / "contract.yaml").write_text(contract.to_odcs(), encoding="utf-8")

    def run(data: bytes, *options: str) -> tuple[int, str]:
        (tmp_path / "pupils.csv").write_bytes(data)
        code = main(
            ["check-delivery", str(tmp_path / "pupils.csv"), "--contract", str(tmp_path / "contract.yaml"), *options]
        )
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_good_file_exits_0(run):
    code, said = run(file_of(ROW).getvalue())
    assert code == 0
    assert "pupils.csv: the trust would take this file; 1 of 1 rows would be accepted, 0 rejected." in said


def test_rejected_rows_are_told_by_line_and_column_and_never_by_value(run, tmp_path):
    lines = tmp_path / "lines.csv"
    bad = "P2,Zebedee,31/12/2015,,KG,,,,x"
    code, said = run(file_of(ROW + ",x", bad, header=HEADER + ",extra").getvalue(), "--rejected", str(lines))
    assert code == 1
    assert "would be dropped before anything is stored: extra" in said
    assert "1 row in column born: The value is not a date in the agreed form." in said
    assert "Line 3." in said
    assert "Zebedee" not in said
    assert "31/12" not in said
    assert lines.read_text(encoding="utf-8").splitlines() == ["line,reasons", "3,born:value.not_date"]


def test_refused_file_exits_2_with_its_place(run):
    code, said = run(file_of("P1,Zebe\0dee,,,,,,").getvalue())
    assert code == 2
    assert "pupils.csv, line 2, column last_name: The file has a zero byte" in said
    assert "Zebe" not in said


def test_missing_file_and_wrong_contract_are_explained(tmp_path, contract, capsys):
    (tmp_path / "contract.yaml").write_text(contract.to_odcs(), encoding="utf-8")
    nowhere, wrong = tmp_path / "no.csv", tmp_path / "wrong.yaml"
    assert main(["check-delivery", str(nowhere), "--contract", str(tmp_path / "contract.yaml")]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err
    wrong.write_text("a: 1\n", encoding="utf-8")
    assert main(["check-delivery", str(wrong), "--contract", str(wrong)]) == 2
    assert "The contract cannot be read" in capsys.readouterr().err
