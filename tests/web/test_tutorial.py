"""What the tutorial of the first agreement names is there: each word on a page, each login, each command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from infotrust.core import law
from infotrust.core.policy.terms import PURPOSES

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = (ROOT / "docs/tutorials/first-conversation-to-signature.md").read_text(encoding="utf-8")
# Whatever the pages say stands in quotation marks somewhere: in a template, in a form, in data.
SAID = "\n".join(
    path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "src/infotrust").rglob("*"))
    if path.suffix in {".html", ".py", ".toml"} and "migrations" not in path.parts
)
ON_PAGES = sorted({" ".join(words.split()) for words in re.findall(r"(?<!\*)\*([^*\n][^*]*?)\*(?!\*)", TUTORIAL)})


@pytest.mark.parametrize("words", [words for words in ON_PAGES if words != "in italics"])
def test_what_it_calls_a_page_or_a_button_is_called_so(words):
    assert re.search(rf"[\"'>“%}}]{re.escape(words)}(?=[\"'<”.:{{ ]|$)", SAID, re.MULTILINE), words


def test_its_logins_are_people_of_the_county():
    people = yaml.safe_load((ROOT / "examples/marigold/people.yaml").read_text(encoding="utf-8"))["people"]
    named = set(re.findall(r"`([\w.]+@[\w.]+)`", TUTORIAL))
    assert len(named) >= 9
    assert named <= {person["email"] for person in people}
    assert {"Miriam Castellano", "Leila Haddad"} <= {person["name"] for person in people}


def test_its_commands_exist():
    commands = re.findall(r"^    (\S+) (\w+)", TUTORIAL, re.MULTILINE)
    assert commands == [("./run", "demo")]
    assert re.search(r"^demo\)", (ROOT / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert (ROOT / "src/infotrust/shared/audit/management/commands/verify-audit.py").exists() or "verify-audit" in SAID


def test_the_law_it_cites_is_in_the_register_and_its_tables_in_the_county():
    assert "research" in PURPOSES
    cites = " ".join(str(regime) for regime in law.regimes().values())
    assert "303.414" in cites
    datasets = yaml.safe_load((ROOT / "examples/marigold/datasets.yaml").read_text(encoding="utf-8"))["datasets"]
    assert {"school-enrollment", "early-intervention"} <= {dataset["code"] for dataset in datasets}


def test_what_it_says_of_the_countys_own_agreements_is_so():
    found = yaml.safe_load((ROOT / "examples/marigold/agreements.yaml").read_text(encoding="utf-8"))
    since = {one["kind"]: set(one["then"]) for one in (*found["above"], *found["beside"])}
    assert since == {"mou": {"amended"}, "baa": {"suspended"}, "nda": {"disputed"}}
