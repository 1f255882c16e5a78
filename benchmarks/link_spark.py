"""What the linkage on Spark sends between machines and keeps on disk, stage by stage, and whether it is one machine's.

    PYTHONPATH=benchmarks .venv-dev/bin/python benchmarks/link_spark.py --records 5000 --records 15000

In the environment of `./run check`, which has pyspark; `--results FILE` also writes everything as JSON.
The files are those of generated.py. Spark runs on this machine (`local[2]`); what its stages wrote for others to read
is taken from its own event log, the size of what is kept from the disk. The same files are linked on one machine, and
persons and weights are compared. docs/explanation/linking-100-million-records.md goes on from these figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import generated
import numpy as np
import pyarrow as pa
import pyarrow.parquet
from protocols.machine import machine

from infotrust.core.matching import Linkage, Options, Source, link_tables
from infotrust.core.matching.reading.recognize import choose_columns, recognize_columns
from infotrust.core.matching.spark import FrameSource, link_dataframes, local_session

CORES = 2
SHUFFLED = "internal.metrics.shuffle.write.bytesWritten"
SPILLED = "internal.metrics.diskBytesSpilled"


def sources_of(folder: Path) -> list[Source]:
    found = []
    for path in sorted(folder.glob("*.parquet")):
        if path.stem != "truth":
            table = pyarrow.parquet.read_table(path)
            found.append(Source(path.stem, table, choose_columns(recognize_columns(table))))
    return found


def on_spark(sources: list[Source], folder: Path) -> dict[str, Any]:
    """Link on Spark in `folder`; returns what each step shuffled and kept, and the persons."""
    events = folder / "events"
    events.mkdir()
    settings = {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": events.as_uri(),
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.compress": "false",
    }
    spark = local_session(folder, cores=CORES, memory="3g", settings=settings)
    rows = folder / "rows"
    rows.mkdir()
    frames = []
    for source in sources:  # as a cluster would: from Parquet, with the number of each row
        numbered = source.table.append_column("row number", pa.array(np.arange(source.table.num_rows)))
        pyarrow.parquet.write_table(numbered, rows / f"{source.name}.parquet", row_group_size=50_000)
        frame = spark.read.parquet(str(rows / f"{source.name}.parquet"))
        frames.append(FrameSource(source.name, frame, source.columns, row="row number"))
    start, before = time.perf_counter(), processor_seconds()
    found = link_dataframes(spark, frames, work=str(folder / "work")).toArrow()
    seconds, after = time.perf_counter() - start, processor_seconds()
    spark.stop()
    kept = {path.name.replace("-", " "): sum(file.stat().st_size for file in path.glob("*.parquet"))
            for path in (folder / "work").iterdir()}  # fmt: skip
    return {
        "found": found,
        "seconds": round(seconds, 1),
        "cpu_seconds": {name: round(after[name] - before.get(name, 0), 1) for name in sorted(after)},
        "kept_bytes": kept,
        "steps": list(steps_of(next(events.iterdir()))),
    }


def steps_of(log: Path) -> Iterator[dict[str, Any]]:
    """What the stages of each step wrote for others to read, from Spark's event log."""
    step_of: dict[int, str] = {}
    sums: dict[str, dict[str, int]] = defaultdict(lambda: {"shuffled": 0, "largest": 0, "spilled": 0})
    for line in log.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["Event"] == "SparkListenerJobStart":
            step = event.get("Properties", {}).get("spark.job.description", "")
            step_of |= dict.fromkeys(event["Stage IDs"], step)
        if event["Event"] == "SparkListenerStageCompleted":
            info = event["Stage Info"]
            values = {
                one["Name"]: int(one["Value"]) for one in info["Accumulables"] if one["Name"] in (SHUFFLED, SPILLED)
            }
            step = sums[step_of.get(info["Stage ID"], "")]
            step["shuffled"] += values.get(SHUFFLED, 0)
            step["largest"] = max(step["largest"], values.get(SHUFFLED, 0))
            step["spilled"] += values.get(SPILLED, 0)
    for name, step in sums.items():
        yield {"step": name, **step}


def processor_seconds() -> dict[str, float]:
    """CPU seconds so far of this process and its children, by the name of the program."""
    ticks = os.sysconf("SC_CLK_TCK")
    parent, spent = {}, {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = place.read_text()
        except OSError:
            continue
        name, numbers = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :].split()
        number = int(place.parent.name)
        parent[number] = int(numbers[1])
        spent[number] = ("java" if "java" in name else "python", sum(map(int, numbers[11:15])) / ticks)
    sums: dict[str, float] = defaultdict(float)
    for number, (name, seconds) in spent.items():
        above = number
        while above and above != os.getpid():
            above = parent.get(above, 0)
        if above:
            sums[name] += seconds
    return dict(sums)


def same(local: Linkage, found: pa.Table, sources: list[Source]) -> bool:
    """Whether persons and weights are the same, to the last digit."""
    start = dict(
        zip((s.name for s in sources), np.append(0, np.cumsum([s.table.num_rows for s in sources])), strict=False)
    )
    begins = np.array([start[name] for name in found["source"].to_pylist()])
    order = np.argsort(begins + found["row"].to_numpy())
    person, weight = (found[name].to_numpy()[order] for name in ("person", "weight"))
    _, first, number = np.unique(person, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return bool((rank[number] == local.person).all() and np.array_equal(weight, local.weight, equal_nan=True))


def measure(records: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generated.write_files(records, 1, folder / "files")
        sources = sources_of(folder / "files")
        result = on_spark(sources, folder)
        local = link_tables(sources, options=Options())
        found = result.pop("found")
        return {
            "records": records,
            "persons": local.persons,
            "same_persons_and_weights": same(local, found, sources),
            **result,
            "one_machine": {step.name: {"cpu_seconds": step.cpu_seconds, **step.counts} for step in local.report.steps},
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, action="append")
    parser.add_argument("--results", type=Path)
    arguments = parser.parse_args()
    results = {
        "machine": machine(),
        "versions": {
            "python": platform.python_version(),
            "pyspark": version("pyspark"),
            "infotrust": version("infotrust"),
        },
        "master": f"local[{CORES}]",
        "runs": [measure(records) for records in arguments.records or [5_000, 15_000]],
    }
    if arguments.results:
        arguments.results.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    for run in results["runs"]:
        print(f"{run['records']:,} records: same as one machine: {run['same_persons_and_weights']}; {run['seconds']} s")
        for step in run["steps"]:
            print(f"  {step['step'] or 'other':22s} {step['shuffled'] / run['records']:10,.0f} bytes a record shuffled")


if __name__ == "__main__":
    main()
