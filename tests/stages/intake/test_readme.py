"""The README shows what the code knows: states and the tables of rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from infotrust.core.contracts import FILE_RULES, ROW_RULES
from infotrust.stages.intake.lifecycle import LIFECYCLE

README = Path(__file__).resolve().parents[3] / "src/infotrust/stages/intake/README.md"


def between(name: str) -> str:
    return README.read_text(encoding="utf-8").split(f"<!-- {name}:begin -->")[1].split(f"<!-- {name}:end -->")[0]


def test_diagram_is_the_lifecycles_own():
    assert between("diagram").strip() == f"```mermaid\n{LIFECYCLE.diagram()}\n```"


@pytest.mark.parametrize(("name", "rules"), [("file-rules", FILE_RULES), ("row-rules", ROW_RULES)])
def test_tables_of_rules_are_complete_and_current(name, rules):
    shown = [line.split(" | ")[:2] for line in between(name).strip().splitlines()[2:]]
    assert [(code.strip("| `"), what.removesuffix(" |")) for code, what in shown] == [
        (code, rule.what) for code, rule in rules.items()
    ]
