"""Where does a linkage err? Twins, siblings, a father and son of one name, namesakes, the people of a shelter; renamed
mothers, swapped names, newborns without a name: each kind with how often it is wrongly merged or split.

Made from Marigold County (`infotrust practice`), whose truth knows every mother, every birth and every mistake of a
record. `infotrust link` gets the agencies' tables as they are and no settings:

    ./run bench hard_cases                    # writes benchmarks/results/hard_cases.json
    ./run bench hard_cases --people 50000 --seed 2
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from infotrust import __version__
from infotrust.core.matching import Linkage, link
from infotrust.core.matching.reading.shared import keys_of
from infotrust.core.matching.reading.sources import Records, Source, stack_fields

RESULTS = Path(__file__).parent / "results" / "hard_cases.json"
PEOPLE, YEARS, SEED = 20_000, 10, 1
# The identity table of each agency that mostly serves families; adults meet them in Medicaid, SNAP and shelters.
TABLES = (
    "vital-records/births", "early-intervention/children", "preschool-special-education/children",
    "wic/participants", "schools/pupils", "snap/clients", "medicaid/members", "homeless-services/Client",
    "child-welfare/clients",
)  # fmt: skip
# Kind of record -> the mistakes of the practice county that make it one (core/practice/records/mechanisms.py).
MISTAKES = {
    "surname changed": ("maiden_name", "other_surname"),
    "one of two surnames": ("one_surname", "joined_surname", "reversed_surnames"),
    "given and family name swapped": ("swapped_names", "reversed_order"),
    "nickname": ("nickname",),
    "newborn without a name": ("unnamed_newborn",),
    "placeholder for a name": ("placeholder_name",),
    "written at a shared address": ("shared_address",),
    "birthday made up": ("default_birthday", "age_estimated"),
    "twins confused": ("twins_confused", "twins_merged"),
}
Pair = tuple[str, str]


@dataclass(frozen=True)
class Rivals:
    """Two people who look like one. pairs: both have records; merged: some found person has records of both."""

    kind: str
    pairs: int
    merged: int
    people: int
    split: int


@dataclass(frozen=True)
class Odd:
    """Records of one kind. ties: pairs of such a record with another of its person; missed: not found together; wrong:
    records whose found person has a record of somebody else."""

    kind: str
    records: int
    ties: int
    missed: int
    wrong: int


@dataclass(frozen=True)
class Known:
    """The county's truth about the linked records, in their order; and about people."""

    person: list[str]
    mistakes: list[frozenset[str]]
    birth: dict[str, str]
    mother: dict[str, str]
    father: dict[str, str]


def make_county(folder: Path, people: int, years: int, seed: int) -> None:
    words = ["--people", str(people), "--years", str(years), "--seed", str(seed), "--out", str(folder)]
    subprocess.run([sys.executable, "-m", "infotrust.cli", "practice", *words], check=True, stdout=subprocess.DEVNULL)


def read(county: Path, names: Iterable[str] = TABLES) -> tuple[dict[str, pa.Table], Known]:
    """The agencies' tables by name, and the truth about their rows."""
    tables, persons, mistakes = {}, [], []
    for name in names:
        agency, _, part = name.partition("/")
        table, truth = _csv(county / f"{name}.csv"), _csv(county / "truth" / "records" / f"{agency}-{part}.csv")
        key = table.column_names[0]
        at = pc.index_in(table[key], value_set=truth[key]).to_pylist()
        said = truth.take(pa.array(at)).to_pydict()
        tables[agency] = table.drop_columns([key])
        persons += [person or f"nobody {number}" for person, number in zip(said["person_id"], said[key], strict=True)]
        mistakes += [frozenset((one or "").split()) for one in said["mistakes"]]
    people = _csv(county / "truth" / "persons.csv").to_pydict()
    columns = ({p: value for p, value in zip(people["person_id"], people[name], strict=True) if value}
               for name in ("birth", "mother_id", "father_id"))  # fmt: skip
    return tables, Known(persons, mistakes, *columns)


def _csv(path: Path) -> pa.Table:
    with path.open("rb") as file:
        names = pyarrow.csv.open_csv(file).schema.names
    types = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    return pyarrow.csv.read_csv(path, convert_options=types)


def rivals(known: Known, linkage: Linkage, names: dict[str, Names]) -> list[Rivals]:
    """Every kind of rivals among the people who have records."""
    found_of: dict[str, set[int]] = defaultdict(set)
    for person, found in zip(known.person, linkage.person.tolist(), strict=True):
        found_of[person].add(found)
    return [_judged(kind, set(pairs), found_of) for kind, pairs in _kinds(known, names).items()]


def _judged(kind: str, pairs: set[Pair], found_of: dict[str, set[int]]) -> Rivals:
    people = {person for pair in pairs for person in pair}
    merged = sum(bool(found_of[one] & found_of[other]) for one, other in pairs)
    return Rivals(kind, len(pairs), merged, len(people), sum(len(found_of[person]) > 1 for person in people))


@dataclass(frozen=True)
class Names:
    """What most of a person's records say. shelters: shared addresses where some of them were written down."""

    given: str
    family: str
    shelters: frozenset[int]


def names_of(known: Known, fields: dict[str, list[str | None]], shelter: npt.NDArray[np.uint64]) -> dict[str, Names]:
    said: dict[str, list[int]] = defaultdict(list)
    for place, person in enumerate(known.person):
        said[person].append(place)

    def usual(field: str, places: list[int]) -> str:
        counted = Counter(word for place in places if (word := fields[field][place]))
        return max(sorted(counted), key=lambda word: counted[word]).split()[0] if counted else ""

    return {
        person: Names(
            usual("given", places), usual("family", places), frozenset(shelter[places][shelter[places] > 0].tolist())
        )
        for person, places in said.items()
    }


def _kinds(known: Known, names: dict[str, Names]) -> dict[str, Iterator[Pair]]:
    def grouped(keys: Iterator[tuple[object, str]]) -> Iterator[Pair]:
        groups = defaultdict(set)
        for key, person in keys:
            groups[key].add(person)
        for group in groups.values():
            yield from combinations(sorted(group), 2)

    children = [person for person in names if person in known.mother]
    parents = [(min(parent, child), max(parent, child)) for child in names
               for of in (known.mother, known.father) if (parent := of.get(child, "")) in names]  # fmt: skip
    same = [pair for pair in parents if names[pair[0]].given == names[pair[1]].given != ""]
    siblings = list(grouped((known.mother[child], child) for child in children))
    twins = [pair for pair in siblings if known.birth.get(pair[0]) == known.birth.get(pair[1])]
    alike = ((n.given, n.family, known.birth.get(person)) for person, n in names.items())
    namesakes = ((key, person) for key, person in zip(alike, names, strict=True) if all(key))
    return {
        "twins": iter(twins),
        "siblings": iter(set(siblings) - set(twins)),
        "parent and child of one given name": iter(same),
        "parent and child, other names": iter(set(parents) - set(same)),
        "namesakes born on one day": grouped(namesakes),
        "of one shared address": grouped((key, person) for person, n in names.items() for key in n.shelters),
    }


def odd_records(known: Known, linkage: Linkage) -> list[Odd]:
    """Every kind of odd records, all records last."""
    by_person: dict[str, list[int]] = defaultdict(list)
    by_found: dict[int, set[str]] = defaultdict(set)
    found = linkage.person.tolist()
    for place, (person, group) in enumerate(zip(known.person, found, strict=True)):
        by_person[person].append(place)
        by_found[group].add(person)
    kinds = {kind: [p for p, had in enumerate(known.mistakes) if had & set(of)] for kind, of in MISTAKES.items()}
    judged = []
    for kind, places in {**kinds, "all records": list(range(len(found)))}.items():
        ties = sum(len(by_person[known.person[place]]) - 1 for place in places)
        together = sum(found[place] == found[other] for place in places for other in by_person[known.person[place]])
        wrong = sum(len(by_found[found[place]]) > 1 for place in places)
        judged.append(Odd(kind, len(places), ties, ties - (together - len(places)), wrong))
    return judged


def judge(county: Path, names: Iterable[str] = TABLES) -> tuple[list[Rivals], list[Odd], Linkage]:
    """Link the county's tables without settings, and judge every kind."""
    tables, known = read(county, names)
    result = link(tables)
    assert result.linkage.evidence is not None
    records = result.linkage.evidence.records
    fields, shelter = as_delivered(result.sources, records)
    return (
        rivals(known, result.linkage, names_of(known, fields, shelter)),
        odd_records(known, result.linkage),
        result.linkage,
    )


def as_delivered(
    sources: tuple[Source, ...], records: Records
) -> tuple[dict[str, list[str | None]], npt.NDArray[np.uint64]]:
    """Given and family name of each record in the order of the sources, and the shared address it was written at (0:
    none)."""
    coded = stack_fields(sources)
    address, shared = keys_of("address", coded), records.shared.keys.get("address", np.empty(0, np.uint64))
    assert address is not None
    texts = {field: coded[field].values.take(pa.array(coded[field].codes, mask=coded[field].codes < 0)).to_pylist()
             for field in ("given", "family")}  # fmt: skip
    return texts, np.where(np.isin(address, shared), address, np.uint64(0))


def show(people: list[Rivals], records: list[Odd]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Two people who look like one", title_justify="left")
    for heading in ("kind", "pairs", "wrongly merged", "people", "split"):
        table.add_column(heading, justify="left" if heading == "kind" else "right", no_wrap=True)
    for one in people:
        table.add_row(
            one.kind, f"{one.pairs:,}", _of(one.merged, one.pairs), f"{one.people:,}", _of(one.split, one.people)
        )
    other = Table(title="Records that hide whose they are", title_justify="left")
    for heading in ("kind", "records", "ties to their person", "missed", "with somebody else"):
        other.add_column(heading, justify="left" if heading == "kind" else "right", no_wrap=True)
    for odd in records:
        other.add_row(
            odd.kind, f"{odd.records:,}", f"{odd.ties:,}", _of(odd.missed, odd.ties), _of(odd.wrong, odd.records)
        )
    console = Console(width=110)
    console.print(table)
    console.print(other)


def _of(part: int, whole: int) -> str:
    return f"{part:,} ({part / whole:.2%})" if whole else "-"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=PEOPLE, help="inhabitants of the county (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--county", type=Path, help="one that was made before; writes no results")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        county = arguments.county or Path(name) / "county"
        if not arguments.county:
            make_county(county, arguments.people, YEARS, arguments.seed)
        people, records, linkage = judge(county)
    show(people, records)
    if arguments.county:
        return
    RESULTS.write_text(
        json.dumps(
            {
                "infotrust": __version__, "people": arguments.people, "years": YEARS, "seed": arguments.seed,
                "records": len(linkage.person), "persons found": linkage.persons,
                "two people who look like one": [asdict(one) for one in people],
                "records that hide whose they are": [asdict(one) for one in records],
            },
            indent=2,
        )
        + "\n"
    )  # fmt: skip


if __name__ == "__main__":
    main()
