from __future__ import annotations

from pathlib import Path

import infotrust.stages.agreements as stage
from infotrust.stages.agreements.lifecycle import LIFECYCLE


def test_the_picture_in_the_readme_is_printed_from_the_table_of_moves():
    readme = (Path(stage.__file__).parent / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("<!-- diagram:begin -->")[2].partition("<!-- diagram:end -->")[0]
    assert shown.strip() == f"```mermaid\n{LIFECYCLE.diagram()}\n```"
