"""Write six agencies' files about one made-up population, thousands to millions of records, and the truth beside them.

    python benchmarks/generated.py --records 1000000 --seed 1 --out files

makes births, schools, wic, medicaid, snap and homeless_services as Parquet (or `--format csv`), each in an order that
says nothing, and truth.parquet (file, row from 1, person). No file has the person in it. The same seed and size make
the same files.

Each agency has its own headings, formats and carelessness (inventing/agencies.py). Households share surname, address
and telephone; they move, and others move in; women and children change surnames; there are twins, fathers and sons of
one name, short forms, newborns called BABY BOY, numbers borrowed from the mother, and namesakes as often as the
published tables of names make them (inventing/people.py). How hard that is for a linker: see the docs page
explanation/how-matching-compares.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from inventing import agencies, dwellings, filling, people, sightings

from infotrust.core.practice.chance import Ints

RECORDS_OF_A_HOUSEHOLD = 2.7  # about; more households are made when they turn out too few
DWELLINGS_OF_A_HOUSEHOLD = 1.15
PAGE = 200_000  # records that are made at a time


def write_files(records: int, seed: int, folder: Path, ending: str = "parquet") -> dict[str, int]:
    """Write the six files and truth.parquet; return the number of records in each file, by its name."""
    folder.mkdir(parents=True, exist_ok=True)
    population, homes, there, seen = _drawn(records, seed)
    sizes, truth = {}, []
    for agency, name in enumerate(sightings.NAMES):
        rows = np.flatnonzero(seen.agency == agency)
        rows = rows[np.random.default_rng([seed, 4, agency]).permutation(len(rows))]
        pages = (
            filling.fill(
                filling.Page(
                    agencies.AGENCIES[agency], population, homes, there, seen.person[part], seen.day[part],
                    np.random.default_rng([seed, 5, agency, number]),
                )
            )
            for number, part in enumerate(_parts(rows))
        )  # fmt: skip
        file = f"{name}.{ending}"
        _write(pages, folder / file)
        sizes[file] = len(rows)
        truth.append(
            pa.table({
                "file": pa.array([file]).dictionary_encode().take(pa.array(np.zeros(len(rows), np.int32))),
                "row": np.arange(1, len(rows) + 1),
                "person": seen.person[rows],
            })
        )  # fmt: skip
    pyarrow.parquet.write_table(pa.concat_tables(truth).unify_dictionaries(), folder / "truth.parquet")
    return sizes


def _drawn(records: int, seed: int) -> tuple[people.People, people.Homes, dwellings.Dwellings, sightings.Sightings]:
    """A population that has at least so many records, and the first so many of them."""
    households = int(records / RECORDS_OF_A_HOUSEHOLD) + 200
    while True:
        there = dwellings.build(int(households * DWELLINGS_OF_A_HOUSEHOLD), seed)
        population, homes = people.invent(households, len(there), seed)
        seen = sightings.see(population, homes, seed)
        if len(seen) >= records:
            return (
                population,
                homes,
                there,
                sightings.Sightings(seen.person[:records], seen.agency[:records], seen.day[:records]),
            )
        households = int(households * 1.02 * records / len(seen))


def _parts(rows: Ints) -> list[Ints]:
    return [rows[start : start + PAGE] for start in range(0, len(rows), PAGE)]


def _write(pages: Iterator[pa.Table], path: Path) -> None:
    writer = None
    for page in pages:
        if writer is None:
            if path.suffix == ".csv":
                writer = pyarrow.csv.CSVWriter(path, page.schema)
            else:
                writer = pyarrow.parquet.ParquetWriter(path, page.schema)
        writer.write_table(page)
    if writer is not None:
        writer.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    parser.add_argument("--format", choices=("parquet", "csv"), default="parquet")
    arguments = parser.parse_args()
    sizes = write_files(arguments.records, arguments.seed, arguments.out, arguments.format)
    print(", ".join(f"{name} {size:,}" for name, size in sizes.items()))


if __name__ == "__main__":
    main()
