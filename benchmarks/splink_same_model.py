"""One model, trained by Splink, worked off by Splink and here: the same links, in what time?

    ./run bench splink_same_model          # a million records; writes benchmarks/results/splink_same_model.json
    ./run bench splink_same_model --records 100000 --no-results

Splink trains on a sample of 100,000 records and saves its model; each tool then reads the same JSON and the same table
of standardized values (benchmarks/generated.py), finds the pairs at p >= .95, and joins what hangs together. Each runs
in a process of its own, twice by turns; the better of the two counts. Measured is from the table in memory to the
groups.
Splink is also given the model with Levenshtein in place of Damerau-Levenshtein, which is slow in DuckDB. The third
model is the one that `infotrust link --effort fast` learns, written for Splink: it loads there and gives the same links
(without the rival that Splink does not know, members of one home).
"""

from __future__ import annotations

import argparse
import json
import logging
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from protocols.machine import machine

RESULTS = Path(__file__).parent / "results" / "splink_same_model.json"
RECORDS, SEED, SAMPLE, PROBABILITY = 1_000_000, 1, 100_000, 0.95
COLUMNS = ("given", "family", "middle", "birth_date", "ssn", "street", "house", "zip", "sex")


def write_records(records: int, seed: int, folder: Path) -> None:
    """records.parquet: standardized values, one row for each record, in the canonical order; sample.parquet."""
    from generated import write_files

    from infotrust.core.matching.reading import files
    from infotrust.core.matching.reading.recognize import choose_columns, recognize_columns
    from infotrust.core.matching.reading.sources import Source, read_records

    sources = []
    for name in write_files(records, seed, folder / "files"):
        table = files.read_table(folder / "files" / name)
        sources.append(Source(name, table, choose_columns(recognize_columns(table))))
    found = read_records(sources)
    columns: dict[str, Any] = {"unique_id": np.arange(len(found))}
    from infotrust.core.matching.fellegi_sunter import effort, splink
    from infotrust.core.matching.fellegi_sunter.fields import with_full_names

    fields = with_full_names(found.fields)
    model = effort.learned(effort.prepare(found))
    settings = splink.write_settings(replace(model, link_type="dedupe_only"))
    (folder / "fast.json").write_text(json.dumps(settings))
    for field in sorted({*COLUMNS, *model.columns}):
        coded = fields[field]
        coded_column = pa.DictionaryArray.from_arrays(pa.array(coded.codes, mask=coded.codes < 0), coded.values)
        columns[field] = coded_column.cast(pa.string())
    table = pa.table(columns)
    pq.write_table(table, folder / "records.parquet")
    chosen = np.sort(np.random.default_rng(seed).choice(len(table), min(SAMPLE, len(table)), replace=False))
    pq.write_table(table.take(chosen), folder / "sample.parquet")


def train(folder: Path) -> None:
    """Train with Splink on the sample; write model.json, and the same with Levenshtein, levenshtein.json."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("given"),
            cl.NameComparison("family"),
            cl.DamerauLevenshteinAtThresholds("birth_date", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("ssn", [1, 2]),
            cl.JaroWinklerAtThresholds("street", [0.9]),
            *[cl.ExactMatch(field) for field in ("middle", "house", "zip", "sex")],
        ],
        blocking_rules_to_generate_predictions=[
            block_on("ssn"),
            block_on("given", "family"),
            block_on("family", "birth_date"),
            block_on("given", "birth_date"),
            block_on("birth_date", "zip"),
            block_on("house", "street", "given"),
            block_on("substr(given, 1, 2)", "substr(family, 1, 4)", "zip"),
        ],
    )
    table = DuckDBAPI().register(pq.read_table(folder / "sample.parquet"), dataset_display_name="sample")
    linker = Linker(table, settings, log_level=logging.CRITICAL)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("ssn"), block_on("given", "family", "birth_date")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("ssn"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("given", "family"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth_date"))
    linker.misc.save_model_to_json(str(folder / "model.json"), overwrite=True)
    text = (folder / "model.json").read_text()
    (folder / "levenshtein.json").write_text(text.replace("damerau_levenshtein(", "levenshtein("))


def run_splink(folder: Path, model: str) -> dict[str, Any]:
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI()
    api._con.execute(f"CREATE TABLE records AS SELECT * FROM read_parquet('{folder / 'records.parquet'}')")
    table = api.register("records", dataset_display_name="records")
    begun = _clock()
    linker = Linker(table, str(folder / model), log_level=logging.CRITICAL)
    predictions = linker.inference.predict(threshold_match_probability=PROBABILITY)
    predicted = _clock()
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, PROBABILITY)
    figures = _figures(begun, predicted)
    links = predictions.as_duckdbpyrelation().project("unique_id_l, unique_id_r, match_weight").to_arrow_table()
    groups = clusters.as_duckdbpyrelation().project("unique_id, cluster_id").to_arrow_table().sort_by("unique_id")
    return _kept(folder / "splink", links, groups["cluster_id"].to_numpy(), figures)


def run_ours(folder: Path, model: str) -> dict[str, Any]:
    from infotrust.core.matching.fellegi_sunter import link, splink
    from infotrust.core.matching.fellegi_sunter.model import weight_of
    from infotrust.core.matching.fellegi_sunter.values import columns_of

    table = pq.read_table(folder / "records.parquet")
    fitted = splink.read_file(folder / model, as_splink=True).model
    few = link.score_blocks(fitted, columns_of(table.slice(0, 100), fitted.columns), threshold=0.0)
    link.components(100, few)  # by now all is compiled, or loaded
    begun = _clock()
    columns = columns_of(table, fitted.columns)
    coded = _clock()
    links = link.score_blocks(fitted, columns, threshold=weight_of(PROBABILITY))
    predicted = _clock()
    groups = link.components(table.num_rows, links)
    figures = _figures(begun, predicted) | {"cpu_seconds_coding": round(coded[1] - begun[1], 2)}
    figures["pairs_scored"] = sum(links.looked_at)
    kept = pa.table({"unique_id_l": links.left, "unique_id_r": links.right, "match_weight": links.weight})
    return _kept(folder / "ours", kept, groups, figures)


def _clock() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _figures(begun: tuple[float, float], predicted: tuple[float, float]) -> dict[str, Any]:
    now = _clock()
    return {
        "cpu_seconds": round(now[1] - begun[1], 2),
        "cpu_seconds_pairs": round(predicted[1] - begun[1], 2),
        "cpu_seconds_groups": round(now[1] - predicted[1], 2),
        "seconds": round(now[0] - begun[0], 2),
    }


def _kept(place: Path, links: pa.Table, groups: Any, figures: dict[str, Any]) -> dict[str, Any]:
    pq.write_table(links, place.with_suffix(".links"))
    np.save(place.with_suffix(".groups.npy"), np.unique(groups, return_inverse=True)[1])
    # Not getrusage: its peak is the parent's, which made the records, until this process outgrows it.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak = int(status["VmHWM"].split()[0]) / 1e6
    return figures | {"links": len(links), "groups": len(np.unique(groups)), "peak_gb": round(peak, 2)}


MODELS = {
    "model.json": "trained by Splink, Damerau-Levenshtein",
    "levenshtein.json": "trained by Splink, Levenshtein",
    "fast.json": "learned by --effort fast, written for Splink",
}
TOOLS = {"splink": run_splink, "infotrust": run_ours}


def in_a_process_of_its_own(tool: str, folder: Path, model: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, __file__, "--tool", tool, "--folder", str(folder), "--model", model],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def compared(folder: Path) -> dict[str, Any]:
    """How far the two agree: shared links of all links, the largest difference in weight, and shared groups."""
    packed, weights = [], []
    for name in ("splink.links", "ours.links"):
        links = pq.read_table(folder / name)
        one, other = (links[side].to_numpy().astype(np.int64) for side in ("unique_id_l", "unique_id_r"))
        keys = np.minimum(one, other) << 32 | np.maximum(one, other)
        order = np.argsort(keys)
        packed.append(keys[order])
        weights.append(links["match_weight"].to_numpy()[order])
    both, at, other_at = np.intersect1d(*packed, return_indices=True)
    either = len(packed[0]) + len(packed[1]) - len(both)
    groups = [np.load(folder / name) for name in ("splink.groups.npy", "ours.groups.npy")]
    pairs = len(np.unique(groups[0].astype(np.int64) << 32 | groups[1]))
    return {
        "links_of_both": len(both),
        "links_of_either": either,
        "links_shared": round(len(both) / either, 6),
        "largest_difference_of_weight": round(float(np.abs(weights[0][at] - weights[1][other_at]).max()), 6),
        "same_groups": len(np.unique(groups[0])) == len(np.unique(groups[1])) == pairs,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=RECORDS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--no-results", action="store_true", help="only show the figures")
    parser.add_argument("--keep", type=Path, help="keep (and take again) the records and models in this folder")
    parser.add_argument("--tool", choices=TOOLS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--model", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.tool:
        print(json.dumps(TOOLS[arguments.tool](arguments.folder, arguments.model)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "records.parquet").exists():
            write_records(arguments.records, arguments.seed, folder)
        if not (folder / "levenshtein.json").exists():
            train(folder)
        results: dict[str, Any] = {}
        for model, name in MODELS.items():
            measured: dict[str, list[dict[str, Any]]] = {tool: [] for tool in TOOLS}
            for _ in range(arguments.rounds):
                for tool, runs in measured.items():
                    runs.append(in_a_process_of_its_own(tool, folder, model))
            best = {tool: min(runs, key=lambda run: run["cpu_seconds"]) for tool, runs in measured.items()}
            results[name] = best | compared(folder)
            print(name, json.dumps(results[name], indent=2))
    if arguments.no_results:
        return
    packages = ("infotrust", "splink", "duckdb", "numba", "numpy", "pyarrow")
    versions = {"python": platform.python_version(), **{name: version(name) for name in packages}}
    about = {
        "what": "One model trained by Splink 5 worked off by Splink and here, at p >= .95, then connected components",
        "records": arguments.records,
        "seed": arguments.seed,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({**about, **results, "machine": machine(), "versions": versions}, indent=2) + "\n")


if __name__ == "__main__":
    main()
