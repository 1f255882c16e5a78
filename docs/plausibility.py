"""Write docs/explanation/practice-county-plausibility.md: Marigold County beside published figures, with plots.

    PYTHONPATH=src .venv-dev/bin/python docs/plausibility.py --people 100000

makes the county in a temporary folder and takes a few minutes; `--county FOLDER` reads one that `infotrust practice`
wrote. Run it again whenever a parameter changes: a test compares the fingerprint of the parameters with the page's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "practice-county-plausibility.md"

sys.path.insert(0, str(ROOT))

from docs.plausible.look import look  # noqa: E402  (the path comes first)
from docs.plausible.page import write_page  # noqa: E402
from infotrust.core.practice import County, Span, load_parameters, write_county  # noqa: E402

PEOPLE = 100_000


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=PEOPLE, help="inhabitants of the county that is made")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--county", type=Path, metavar="FOLDER", help="read this county instead of making one")
    parser.add_argument("--out", type=Path, default=PAGE, metavar="PAGE", help="default: %(default)s")
    chosen = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = chosen.county
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "county"
            write_county(County(chosen.people, chosen.seed, Span(), load_parameters()), folder, form="parquet")
        write_page(look(folder), chosen.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
