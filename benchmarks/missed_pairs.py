"""How often the limits of "pairs missed" hold what was truly missed, on data that the estimate was not made with.

    ./run bench missed_pairs                 # writes benchmarks/results/missed_pairs.json

`explaining/missed.py` was calibrated on practice counties of seeds 1 to 6, generated files of seeds 1 to 4, FEBRL and
one pseudopeople population. Here: other seeds and sizes of the first two (FEBRL has no other). Each is linked with all
it says, and without numbers, without addresses, and with names, dates of birth and sex alone.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import generated
import numpy as np
import pyarrow.parquet as pq
from protocols import febrl, marigold

from infotrust import __version__
from infotrust.core.elements import SemanticType
from infotrust.core.matching import Linkage, Source, link_tables, profiling
from infotrust.core.matching.explaining.missed import Missed, missed_pairs

RESULTS = Path(__file__).parent / "results" / "missed_pairs.json"
SEEDS = range(11, 19)
PLACE = {SemanticType.STREET_ADDRESS, SemanticType.CITY, SemanticType.ZIP_CODE}
WITHOUT = {
    "all it says": set(),
    "no numbers": {SemanticType.SSN},
    "no addresses": PLACE,
    "names and birth dates": PLACE
    | {SemanticType.SSN, SemanticType.PHONE, SemanticType.EMAIL, SemanticType.GUARDIAN_NAME},
}


def data(folder: Path, seeds: range) -> Iterator[tuple[str, str, Path]]:
    """(family, name, folder) of each set, made when it is asked for."""
    for seed in seeds:
        for family, make in (
            ("county of 5,000", lambda place, seed: marigold.write_files(place, seed, people=5_000)),
            ("county of 2,000", lambda place, seed: marigold.write_files(place, seed, people=2_000)),
            ("generated 20,000", lambda place, seed: generated.write_files(20_000, seed, place)),
        ):
            place = folder / f"{family}-{seed}"
            place.mkdir()
            make(place, seed)
            yield family, f"{family}, seed {seed}", place
    for family, make in (("FEBRL 3", febrl.three), ("FEBRL 4", febrl.four)):
        place = folder / family
        place.mkdir()
        make(place, 1)
        yield f"{family} (calibrated on)", family, place


def judge(folder: Path, without: set[SemanticType]) -> dict[str, Any]:
    """Link the files and compare what was missed with what was estimated."""
    read = profiling.sources_of(
        profiling.read_tables(sorted(path for path in folder.iterdir() if path.stem != "truth"))
    )
    sources = [
        replace(source, columns={what: name for what, name in source.columns.items() if what not in without})
        for source, _, _ in read
    ]
    linkage = link_tables(sources)
    told, missed = (
        missed_pairs(linkage.evidence, cut=linkage.report.cut),
        truly_missed(linkage, sources, folder / "truth.parquet"),
    )
    return {
        "missed": int(missed.sum()),
        "estimate": round(told.missed.value),
        "low": round(told.missed.low, 1),
        "high": round(told.missed.high, 1),
        "held": bool(told.missed.low <= missed.sum() <= told.missed.high),
        "between": held_between(told, missed, [source.name for source in sources]),
    }


def truly_missed(linkage: Linkage, sources: list[Source], truth: Path) -> np.ndarray:
    """Pairs of one true person that were not put together, by their two sources: int64 [sources, sources]."""
    told = pq.read_table(truth).to_pydict()
    person = dict(zip(zip(told["file"], told["row"], strict=True), told["person"], strict=True))
    names = [source.name for source in sources]
    true = [
        person[names[source], row + 1]
        for source, row in zip(linkage.source_index.tolist(), linkage.record_index.tolist(), strict=True)
    ]
    records: dict[str, list[int]] = {}
    for place, one in enumerate(true):
        records.setdefault(one, []).append(place)
    missed = np.zeros((len(names), len(names)), np.int64)
    for places in records.values():
        for at, one in enumerate(places):
            for other in places[at + 1 :]:
                if linkage.person[one] != linkage.person[other]:
                    x, y = sorted((linkage.source_index[one], linkage.source_index[other]))
                    missed[x, y] += 1
    return missed


def held_between(told: Missed, missed: np.ndarray, names: list[str]) -> dict[str, int]:
    """Of the pairs of sources, how many limits hold what was missed between them."""
    at = {name: place for place, name in enumerate(names)}
    held = [
        one.missed.low <= missed[tuple(sorted(at[name] for name in one.sources))] <= one.missed.high
        for one in told.between
    ]
    return {"held": sum(map(bool, held)), "of": len(held)}


def summed(runs: list[dict[str, Any]]) -> dict[str, Any]:
    ratios = np.array([(run["missed"] + 0.5) / (run["estimate"] + 0.5) for run in runs])
    between = [run["between"] for run in runs]
    return {
        "linkages": len(runs),
        "limits held": sum(run["held"] for run in runs),
        "truth / estimate, median": round(float(np.median(ratios)), 2),
        "truth / estimate, least": round(float(ratios.min()), 2),
        "truth / estimate, most": round(float(ratios.max()), 2),
        "pairs of sources": sum(one["of"] for one in between),
        "limits held between sources": sum(one["held"] for one in between),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="of each family (default: %(default)s)")
    arguments = parser.parse_args()
    runs: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as name:
        for family, named, folder in data(Path(name), SEEDS[: arguments.seeds]):
            for what, without in WITHOUT.items():
                run = judge(folder, without)
                print(f"{named}, {what}: {run}", flush=True)
                runs.setdefault(f"{family}: {what}", []).append(run)
    shown = {"infotrust": __version__, "by": {family: summed(found) for family, found in runs.items()}}
    print(json.dumps(shown, indent=1))
    if arguments.seeds == len(SEEDS):
        RESULTS.write_text(json.dumps(shown, indent=1) + "\n")


if __name__ == "__main__":
    main()
