"""The picture of a field's life in the README is printed from the table of states."""

from pathlib import Path

import infotrust.stages.inventory as stage
from infotrust.stages.inventory.lifecycle import LIFECYCLE


def test_readme_shows_the_states_as_they_are():
    readme = Path(stage.__file__).with_name("README.md").read_text(encoding="utf-8")
    shown = readme.partition("<!-- diagram:begin -->")[2].partition("<!-- diagram:end -->")[0]
    assert shown.strip() == f"```mermaid\n{LIFECYCLE.diagram()}\n```"
