from __future__ import annotations

from pathlib import Path

import infotrust.stages.readiness as stage
from infotrust.shared.permissions import commands
from infotrust.stages.readiness.commands import TABLES


def test_the_tables_in_the_readme_are_printed_from_the_commands():
    readme = (Path(stage.__file__).parent / "README.md").read_text(encoding="utf-8")
    for name, (listed, states) in TABLES.items():
        shown = readme.partition(f"<!-- commands {name}:begin -->")[2].partition(f"<!-- commands {name}:end -->")[0]
        assert shown.strip() == commands.table(listed, states)
