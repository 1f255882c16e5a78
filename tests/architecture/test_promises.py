"""SECURITY.md may only name modules and tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`((?:tests|shared|core|stages|web|portal)/[\w./]+)(?:::(\w+))?`")


def test_security_names_only_what_exists() -> None:
    named = NAMED.findall((ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    assert len(named) > 15
    for path, test in named:
        places = [ROOT / path, ROOT / "src" / "infotrust" / path]
        found = next((place for place in places if place.exists()), None)
        assert found is not None, f"SECURITY.md names {path}, which does not exist"
        if test:
            assert f"def {test}(" in found.read_text(encoding="utf-8"), (
                f"SECURITY.md names {test}, which does not exist"
            )


def test_each_of_the_nine_promises_has_a_proof_or_says_not_yet() -> None:
    rows = re.findall(r"^\| (\d) \|(.*)\|$", (ROOT / "SECURITY.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [number for number, _ in rows] == [str(number) for number in range(1, 10)]
    for number, row in rows:
        _, kept_by, proved_by, not_yet = row.split("|")
        assert (kept_by.strip() and proved_by.strip()) or "Not yet" in not_yet, f"promise {number} has no proof"
