"""More records for a register of a million, and one record looked up in it.

    ./run bench incremental                          # writes benchmarks/results/incremental.json
    ./run bench incremental --records 100000 --new 1000 --compare --results benchmarks/results/incremental-100k.json

Six agencies' files about one made-up population (generated.py). All but some thousand records, drawn at random, make a
register; the others are then added to it, all in: opening the register, standardizing, finding candidates, comparing,
grouping, keeping identifiers, writing the next generation to the disk. Each time from a copy of the register, in a
process that has compiled its loops before. CPU seconds count both cores; wall seconds suffer from whatever else runs.
`same persons` is the share of the persons (groups of records) that linking all records at once finds too.

Then records of the files are looked up one by one in the register of all, from their raw values to the answer.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import generated
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet
from protocols.machine import machine

from infotrust.core.matching import evaluate
from infotrust.core.matching.comparing.rules import parse_rule
from infotrust.core.matching.pipeline import Options
from infotrust.core.matching.reading.recognize import choose_columns, recognize_columns
from infotrust.core.matching.reading.sources import Source
from infotrust.core.matching.registering import Desk, Linked, Refit, Register, link_to_register
from infotrust.core.matching.registering.command import records_of

RESULTS = Path(__file__).parent / "results" / "incremental.json"
TIMES = 3
# The rules of the benchmarks' fast runs: what six agencies' files about families have in common.
RULES = ("ssn", "given and birth_date", "family and birth_date", "given and family and zip", "phone and given")
ROW = "row of its file"


def sources_of(folder: Path) -> list[Source]:
    """The generated files, their columns recognized; a record's id is its row."""
    sources = []
    for path in sorted(folder.glob("*.parquet")):
        if path.stem == "truth":
            continue
        table = pyarrow.parquet.read_table(path)
        columns = choose_columns(recognize_columns(table))
        table = table.append_column(ROW, pa.array(np.arange(1, table.num_rows + 1)))
        sources.append(Source(path.name, table, columns, record_id=ROW))
    return sources


def parted(sources: Sequence[Source], new: int, seed: int) -> tuple[list[Source], list[Source]]:
    """So many of the records at random, and the others: (others, those)."""
    total = sum(source.table.num_rows for source in sources)
    chosen = np.zeros(total, bool)
    chosen[np.random.default_rng(seed).choice(total, new, replace=False)] = True
    most, few, begin = [], [], 0
    for source in sources:
        here = chosen[begin : begin + source.table.num_rows]
        most.append(replace(source, table=source.table.filter(pa.array(~here))))
        few.append(replace(source, table=source.table.filter(pa.array(here)).combine_chunks()))
        begin += source.table.num_rows
    return most, few


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, {
        "seconds": round(time.perf_counter() - wall, 3), "cpu_seconds": round(time.process_time() - cpu, 3)
    }  # fmt: skip


def groups_of(register: Register) -> set[int]:
    """What each person's records are, as one number: a sum of the records' keys hardly ever meets another."""
    held = register.held
    there = np.flatnonzero(held.there)
    sums = np.zeros(held.header.persons, np.uint64)
    np.add.at(sums, held.person[there], held.key[there])
    return set(sums[np.unique(held.person[there])].tolist())


def quality(register: Register, truth: pa.Table) -> dict[str, float]:
    table = register.table()
    named = pc.binary_join_element_wise(
        table["source"].cast(pa.large_string()), table["record_id"], pa.scalar(" ", pa.large_string())
    )
    true = pc.binary_join_element_wise(
        truth["file"].cast(pa.large_string()), truth["row"].cast(pa.large_string()), pa.scalar(" ", pa.large_string())
    )
    person = truth["person"].take(pc.index_in(named, value_set=true.combine_chunks()))
    found = table["person"].combine_chunks().dictionary_encode().indices.to_numpy()
    figures = evaluate.b_cubed(found, person.to_numpy())
    return {"precision": round(figures.precision, 4), "recall": round(figures.recall, 4), "f1": round(figures.f1, 4)}


def copied(folder: Path) -> Path:
    copy = folder.with_name(f"{folder.name}-copy")
    shutil.rmtree(copy, ignore_errors=True)
    subprocess.run(["cp", "-a", "--sparse=always", str(folder), str(copy)], check=True)
    return copy


def measure_adding(folder: Path, few: Sequence[Source]) -> tuple[dict[str, Any], Path]:
    """Add the same records to a copy of the register, several times; the first time compiles."""
    runs: list[dict[str, Any]] = []
    copy = folder
    for _ in range(TIMES + 1):
        copy = copied(folder)
        linked, spent = timed(lambda copy=copy: link_to_register(copy, few, refit=Refit.NEVER))
        runs.append(spent | {"steps": steps_of(linked)})
    best = min(runs[1:], key=lambda run: run["cpu_seconds"])
    return {
        "records": linked.new,
        "cpu_seconds, each run": [run["cpu_seconds"] for run in runs[1:]],
        "seconds, each run": [run["seconds"] for run in runs[1:]],
        "steps of the quickest, CPU seconds": best["steps"],
        "first run, with compiling": {name: runs[0][name] for name in ("seconds", "cpu_seconds")},
        "events": {f"{change}, {cause}": count for (change, cause), count in sorted(linked.counted.items())},
    }, copy


def steps_of(linked: Linked) -> dict[str, float]:
    return {step.name: round(step.cpu_seconds, 3) for step in linked.steps}


def measure_lookup(register: Register, few: Sequence[Source], most: int = 5_000) -> dict[str, Any]:
    """Look the records up that were added: each is in the register, so that its person is known."""
    desk, ready = timed(lambda: Desk(register.held))
    table = register.table()
    who = dict(zip(zip(table["source"].to_pylist(), table["record_id"].to_pylist(), strict=True),
                   table["person"].to_pylist(), strict=True))  # fmt: skip
    asked = [
        (who[source.name, str(row)], record)
        for source in few
        for row, record in zip(source.table[ROW].to_pylist(), records_of(source), strict=True)
    ]
    np.random.default_rng(1).shuffle(asked)  # type: ignore[arg-type]
    wall, cpu, answered, right = [], [], Counter[str](), 0
    for person, record in asked[: most + 100]:
        begun, spent = time.perf_counter(), time.thread_time()
        found = desk.lookup(record)
        cpu.append(time.thread_time() - spent)
        wall.append(time.perf_counter() - begun)
        answered[found.answered.value] += 1
        right += found.person == person
    return {
        "looked up": len(wall),
        "wall milliseconds": percentiles(wall[100:]),
        "CPU milliseconds": percentiles(cpu[100:]),
        "answered": dict(answered),
        "its own person": right,
        "making ready": ready,
    }


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    return {
        name: round(float(np.quantile(seconds, share)) * 1000, 2)
        for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("most", 1.0))
    }


def one_way(
    options: Options, sources: Sequence[Source], truth: pa.Table, new: int, work: Path, *, compare: bool
) -> dict[str, Any]:
    """Make, add, look up, compare with linking at once."""
    most, few = parted(sources, new, seed=1)
    folder = work / "register"
    shutil.rmtree(folder, ignore_errors=True)
    made, making = timed(lambda: link_to_register(folder, most, options=options))
    adding, copy = measure_adding(folder, few)
    size = sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())
    register = Register.open(copy)
    lookups = measure_lookup(register, few)
    measured = {
        "register of": made.records,
        "made": making | {"steps, CPU seconds": steps_of(made)},
        "size on disk, MB": round(size / 2**20),
        "added": adding,
        "B-cubed, added": quality(register, truth),
        "one record": lookups,
    }
    return measured | (compared(copy, truth) if compare else {})


def compared(copy: Path, truth: pa.Table) -> dict[str, Any]:
    """The register beside all its records linked at once."""
    added = groups_of(Register.open(copy))
    whole, again = timed(lambda: link_to_register(copy, [], refit=Refit.ALWAYS))
    register = Register.open(copy)
    at_once = groups_of(register)
    return {
        "same persons as linking all at once": round(len(added & at_once) / len(at_once), 5),
        "B-cubed, all at once": quality(register, truth),
        "all linked again": again | {"records": whole.records, "persons": whole.persons},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--new", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", type=Path, help="files that generated.py made, with their truth")
    parser.add_argument("--ways", nargs="+", default=["default", "by rules"], choices=("default", "by rules"))
    parser.add_argument("--compare", action="store_true", help="link all at once too, and count the same persons")
    parser.add_argument("--results", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        files = arguments.files or Path(name) / "files"
        if not arguments.files:
            generated.write_files(arguments.records, arguments.seed, files)
        sources, truth = sources_of(files), pyarrow.parquet.read_table(files / "truth.parquet")
        ways = {
            "default": Options(),
            "by rules": Options(rules=tuple(parse_rule(rule) for rule in RULES)),
        }
        results = {
            "what": f"{arguments.new:,} new records for a register of the others, and one record looked up",
            "records": truth.num_rows,
            **{
                way: one_way(ways[way], sources, truth, arguments.new, Path(name), compare=arguments.compare)
                for way in arguments.ways
            },
            "blocking rules": RULES,
            "peak memory, MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "machine": machine(),
            "versions": {name: version(name) for name in ("infotrust", "numba", "numpy", "pyarrow")}
            | {"python": platform.python_version()},
        }
    arguments.results.write_text(json.dumps(results, indent=2, default=str) + "\n")
    print(json.dumps(results, indent=2, default=str))


if __name__ == "__main__":
    main()
