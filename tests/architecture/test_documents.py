"""What the documents say is what the code does; and nothing of anyone's machine is in the tree."""

from __future__ import annotations

import importlib
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STAGES = ROOT / "src" / "infotrust" / "stages"
WITH_STATES = sorted(path.parent.name for path in STAGES.glob("*/lifecycle.py"))
DIAGRAM = re.compile(r"<!-- diagram:begin -->\n+```mermaid\n(.*?)\n```\n+<!-- diagram:end -->", re.DOTALL)
# Written in pieces, so that this file does not contain what it looks for.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"py" + r"pi\.org/simple",
            r"files\.python" + r"hosted",
            r"registry\.npm" + r"js",
            r"\bindex" + r"-url\s*=",
            r"(?<![\w.])/" + r"root/",
            r"(?<![\w.])/" + r"home/[a-z]",
            r"(?<![\w.])/" + r"work/",
            r"(?<![\w.])/Users/" + r"[a-z]",
        ]
    )
)


@pytest.mark.parametrize("stage", sorted(path.name for path in STAGES.iterdir() if (path / "apps.py").exists()))
def test_every_stage_has_a_readme(stage):
    text = (STAGES / stage / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# ")


@pytest.mark.parametrize("stage", WITH_STATES)
def test_the_diagram_of_a_stage_is_printed_from_its_table_of_moves(stage):
    printed = importlib.import_module(f"infotrust.stages.{stage}.lifecycle").LIFECYCLE.diagram()
    found = DIAGRAM.search((STAGES / stage / "README.md").read_text(encoding="utf-8"))
    assert found, f"the README of {stage} has no diagram between the two comments"
    assert found[1] == printed


@pytest.mark.parametrize("stage", WITH_STATES)
def test_further_diagrams_of_a_stage_are_printed_from_their_tables_of_moves(stage):
    module = importlib.import_module(f"infotrust.stages.{stage}.lifecycle")
    readme = (STAGES / stage / "README.md").read_text(encoding="utf-8")
    marks = re.findall(
        r"<!-- diagram (\w+):begin -->\n+```mermaid\n(.*?)\n```\n+<!-- diagram \1:end -->", readme, re.DOTALL
    )
    assert len(marks) == len(re.findall(r"<!-- diagram \w+:begin -->", readme)), "a diagram was never printed"
    for name, drawn in marks:
        assert drawn == getattr(module, name).diagram()


def tracked() -> list[Path]:
    """The files under version control, and those about to be."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_no_registry_and_no_path_of_anyones_machine_is_in_the_tree():
    found = []
    for path in tracked():
        if "vendor" in path.parts:
            continue  # kept as published, with its own checksums
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in FORBIDDEN.finditer(text)]
    assert not found
