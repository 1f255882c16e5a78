"""Link data nobody here wrote: WIC, Social Security and tax files from pseudopeople's sample, beside Splink.

pseudopeople (University of Washington) simulates a population and writes administrative files about it with realistic
mistakes. Its `simulant_id` is the truth: it is taken out of the files before anything is linked.

    ./run bench link_pseudopeople            # writes benchmarks/results/link_pseudopeople.json

`infotrust link` gets the files as they are and no settings. Splink gets the same values already standardized, the
comparisons of its tutorial for these kinds of column, and blocking rules written for these files. It is clustered at
its tutorial's p >= .95 and at the cut that the truth shows to be its best (of seven), which nobody knows in earnest.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from infotrust.core.matching import command, evaluate
from infotrust.core.matching.reading import files
from infotrust.core.matching.reading.recognize import choose_columns, recognize_columns
from infotrust.core.matching.reading.sources import Source, read_records

YEAR, SEED = 2020, 1
CUT, OTHER_CUTS = 0.95, (0.5, 0.8, 0.99, 0.999, 0.9999, 0.99999)
RESULTS = Path(__file__).parent / "results" / "link_pseudopeople.json"
FILES = {
    "wic.csv": "generate_women_infants_and_children",
    "ssa.csv": "generate_social_security",
    "w2_1099.csv": "generate_taxes_w2_and_1099",
    "1040.csv": "generate_taxes_1040",
}
TRUTH_COLUMNS = ["simulant_id", "household_id"]  # pseudopeople's own knowledge, in no agency's file


def write_files(folder: Path) -> dict[str, int]:
    """Generate the four files and truth.csv (file, row, person); return their sizes."""
    import pseudopeople

    truth, sizes = [], {}
    for name, generate in FILES.items():
        table = getattr(pseudopeople, generate)(year=YEAR, seed=SEED)
        sizes[name] = len(table)
        rows = np.arange(1, len(table) + 1)
        truth.append(pd.DataFrame({"file": name, "row": rows, "person": table["simulant_id"].astype(str)}))
        table.drop(columns=[column for column in TRUTH_COLUMNS if column in table]).to_csv(folder / name, index=False)
    pd.concat(truth).to_csv(folder / "truth.csv", index=False)
    return sizes


def run_infotrust(folder: Path, cache: Path, names: Iterable[str] = FILES) -> dict[str, float]:
    """Run the command as a person would and time it; `cache` holds numba's compiled loops."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "infotrust.cli", "link", *names, "--out", "linked.csv", "--manifest", "manifest.json"],
        cwd=folder, env={**os.environ, "NUMBA_CACHE_DIR": str(cache)}, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": round(time.perf_counter() - begun, 1), "cpu_seconds": round(cpu, 1)}


def quality(found: list[str], truth: list[str]) -> dict[str, dict[str, float]]:
    measures = {"pairwise": evaluate.pairwise(found, truth), "b_cubed": evaluate.b_cubed(found, truth)}
    return {
        name: {"precision": round(q.precision, 4), "recall": round(q.recall, 4), "f1": round(q.f1, 4)}
        for name, q in measures.items()
    }


def standardized(folder: Path) -> pd.DataFrame:
    """The values as infotrust standardizes them, one row per record: what Splink is given."""
    sources = []
    for name in FILES:
        table = files.read_table(folder / name)
        sources.append(Source(name, table, choose_columns(recognize_columns(table))))
    records = read_records(sources)
    columns = {
        field: coded.values.take(pa.array(coded.codes, mask=coded.codes < 0)).to_pylist()
        for field, coded in records.fields.items()
    }
    frame = pd.DataFrame(columns)
    frame["middle"] = frame["middle"].str[:1]
    frame["birth_date"] = [
        f"{v[:4]}-{v[4:6]}-{v[6:]}" if isinstance(v, str) and v.isdigit() else None for v in frame["birth_date"]
    ]
    frame["file"] = [list(FILES)[source] for source in records.source]
    frame["row"] = records.row + 1
    frame["unique_id"] = np.arange(len(frame))
    return frame


def run_splink(frame: pd.DataFrame) -> tuple[dict[str, float], dict[float, dict[int, str]]]:
    """Train, predict and cluster with Splink; return times and, for each cut, unique_id -> cluster."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    begun, cpu = time.perf_counter(), time.process_time()
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("given"),
            cl.NameComparison("family"),
            cl.ExactMatch("middle"),
            cl.DateOfBirthComparison("birth_date", input_is_string=True),
            cl.DamerauLevenshteinAtThresholds("ssn", [1, 2]),
            cl.JaroWinklerAtThresholds("street", [0.9]),
            cl.ExactMatch("house"),
            cl.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("ssn"), block_on("given", "family"), block_on("given", "birth_date"),
            block_on("family", "birth_date"), block_on("family", "house", "street"),
            block_on("given", "house", "street"),
        ],
    )  # fmt: skip
    api = DuckDBAPI()
    linker = Linker(api.register(frame), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("ssn"), block_on("given", "family", "birth_date")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("ssn"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("given", "family"))
    predictions = linker.inference.predict(threshold_match_probability=0.5)
    clusters = {cut: _splink_clusters(linker, predictions, cut) for cut in (CUT,)}
    times = {
        "seconds": round(time.perf_counter() - begun, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
    }
    clusters |= {cut: _splink_clusters(linker, predictions, cut) for cut in OTHER_CUTS}
    return times, clusters


def _splink_clusters(linker: Any, predictions: Any, cut: float) -> dict[int, str]:
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, threshold_match_probability=cut)
    table = clusters.as_pandas_dataframe()
    return dict(zip(table["unique_id"], table["cluster_id"].astype(str), strict=True))


def compare_splink(folder: Path) -> dict[str, dict]:
    frame = standardized(folder)
    times, clusters = run_splink(frame)
    truth = command.labels(folder / "truth.csv")
    true = [truth[name, str(row)] for name, row in zip(frame["file"], frame["row"], strict=True)]
    by_cut = {cut: [found[record] for record in frame["unique_id"]] for cut, found in clusters.items()}
    qualities = {cut: quality(labels, true) for cut, labels in by_cut.items()}
    best = max(qualities, key=lambda cut: qualities[cut]["b_cubed"]["f1"])
    return {
        "Splink, p >= .95": {"quality": qualities[CUT], **times, "persons_found": len(set(by_cut[CUT]))},
        "Splink, best cut": {"quality": qualities[best], **times, "persons_found": len(set(by_cut[best])), "cut": best},
    }


def machine() -> dict[str, str | int]:
    model = platform.processor() or platform.machine()
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return {"processor": model, "cores": os.cpu_count() or 1, "memory_gb": memory, "system": platform.system()}


def show(results: dict) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{sum(results['records'].values()):,} records of {results['persons']:,} persons")
    for heading in ("", "pairwise precision", "recall", "F1", "B-cubed F1", "seconds", "CPU seconds"):
        table.add_column(heading, justify="right" if heading else "left")
    for name in ("infotrust, no settings", "Splink, p >= .95", "Splink, best cut"):
        if name in results:
            found = results[name]
            pair, b3 = found["quality"]["pairwise"], found["quality"]["b_cubed"]
            figures = (pair["precision"], pair["recall"], pair["f1"], b3["f1"])
            table.add_row(name, *(f"{x:.4f}" for x in figures), str(found["seconds"]), str(found["cpu_seconds"]))
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, help="write the files into this folder and leave them there")
    parser.add_argument("--without-splink", action="store_true")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.getLogger("splink").setLevel(logging.CRITICAL)
    with contextlib.ExitStack() as stack:
        folder = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        cache = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sizes = write_files(folder)
        first = run_infotrust(folder, cache)
        again = run_infotrust(folder, cache)
        found, truth, _ = command.matched_labels(folder / "linked.csv", folder / "truth.csv")
        results: dict = {
            "what": f"pseudopeople's sample, year {YEAR}, seed {SEED}, default noise; truth: simulant_id",
            "records": sizes,
            "persons": len(set(truth)),
            "infotrust, no settings": {
                "quality": quality(found, truth), **again, "first run, compiling": first,
                "persons_found": len(set(found)),
            },
        }  # fmt: skip
        if not arguments.without_splink:
            results |= compare_splink(folder)
        packages = ("infotrust", "pseudopeople", "splink", "numba", "numpy", "pandas", "pyarrow", "duckdb")
        results["machine"] = machine()
        results["versions"] = {"python": platform.python_version(), **{name: version(name) for name in packages}}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    show(results)


if __name__ == "__main__":
    main()
