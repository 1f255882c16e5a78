"""The rules of `.importlinter` hold, and each of them bites: a violation planted in a copy of the package is found."""

from __future__ import annotations

import ast
import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "infotrust"
RULES = configparser.ConfigParser()
RULES.read(ROOT / ".importlinter")
NAMES = {
    section.rpartition(":")[2]: RULES[section]["name"]
    for section in RULES.sections()
    if section.startswith("importlinter:contract:")
}
# For each contract: a module that is planted, and what it must not import.
PLANTED = {
    "shape": ("shared.audit", "infotrust.stages.inventory.queries"),
    "flow": ("stages.inventory", "infotrust.stages.release.queries"),
    "core-order": ("core.matching", "infotrust.core.policy"),
    "shared-order": ("shared.accounts", "infotrust.shared.catalogue.queries"),
    "plain-core": ("core.contracts", "django.db"),
    "separation": ("stages.release", "infotrust.shared.vault.services"),
    "linkers-see-no-content": ("stages.linkage", "infotrust.shared.holdings.services"),
    "storage": ("stages.analysis", "infotrust.shared.storage.services"),
    "public-side": ("portal", "infotrust.stages.agreements.queries"),
    "thin-views": ("stages.intake", "infotrust.stages.intake.models"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter in `folder` on the package that is importable from there."""
    environment = os.environ | {"PYTHONPATH": str(folder if folder != ROOT else ROOT / "src"), "COLUMNS": "400"}
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def copied(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / ".importlinter", folder)
    shutil.copytree(PACKAGE, folder / "infotrust", ignore=lambda _, names: [n for n in names if not keeps(n)])
    return folder


def keeps(name: str) -> bool:
    """Only modules and folders matter here; static files and templates would only take time."""
    return name.endswith(".py") or ("." not in name and name not in {"__pycache__", "static", "templates", "locale"})


@pytest.fixture(scope="module")
def report(copied) -> str:
    for contract, (place, forbidden) in PLANTED.items():
        name = f"planted_{contract.replace('-', '_')}.py"
        (copied / "infotrust" / place.replace(".", "/") / name).write_text(f"import {forbidden}\n")
    stranger = copied / "infotrust" / "stages" / "stranger"
    stranger.mkdir()
    (stranger / "__init__.py").write_text('"""A stage that nobody put in order."""\n')
    done = lint(copied)
    assert done.returncode != 0, done.stdout + done.stderr
    return done.stdout


def test_the_rules_hold():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_has_its_planted_violation():
    assert set(PLANTED) == set(NAMES)


@pytest.mark.parametrize("contract", sorted(NAMES))
def test_a_planted_violation_breaks_its_contract(report, contract):
    found = section_of(report, NAMES[contract])
    assert f"planted_{contract.replace('-', '_')}" in found


def test_a_folder_nobody_put_in_order_breaks_the_contract(report):
    assert "stranger" in section_of(report, NAMES["flow"])


def section_of(report: str, name: str) -> str:
    """What the report says about one broken contract."""
    _, heading, rest = report.partition(f"{name}\n{'-' * len(name)}\n")
    assert heading, f"the contract {name!r} is not reported as broken"
    others = [rest.find(f"\n{other}\n{'-' * len(other)}\n") for other in NAMES.values()]
    return rest[: min([at for at in others if at >= 0], default=len(rest))]


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


def imported(path: Path) -> set[str]:
    """Every module a file names in an import, at the top, inside a function, or for types only."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_no_stage_opens_another_stages_models():
    strangers = []
    for path in modules():
        own = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for name in imported(path):
            parts = name.split(".")
            foreign = parts[:2] == ["infotrust", "stages"] and len(parts) >= 4 and parts[3] == "models"
            if foreign and not own.startswith(f"infotrust.stages.{parts[2]}."):
                strangers.append(f"{own} imports {name}")
    assert not strangers


def test_the_core_and_the_command_line_import_no_django():
    for path in modules():
        if path.is_relative_to(PACKAGE / "core") or path.is_relative_to(PACKAGE / "cli") or path.name == "cli.py":
            assert not [name for name in imported(path) if name.split(".")[0] == "django"], path
