"""Who lives with whom and whose child one is, as `infotrust link --relations` tells it, beside Marigold County's truth.

    ./run bench relations                    # writes benchmarks/results/relations.json

A pair counts as a household when both lived in one at one time; a parent, when the truth says so. Only persons that the
linked tables have count. A found person is taken for the one most of its records are of.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import hard_cases
import pyarrow.csv
from hard_cases import PEOPLE, SEED, YEARS, Known, Pair

from infotrust import __version__
from infotrust.core.matching import link
from infotrust.core.matching.relations.table import Relations

RESULTS = Path(__file__).parent / "results" / "relations.json"


def judge(county: Path) -> dict[str, Any]:
    """Link the county's tables without settings; precision and recall of every relation."""
    tables, known = hard_cases.read(county)
    result = link(tables)
    told, true = result.relations(), usual_person(known, result.linkage.person.tolist())
    linked = set(known.person)
    mothers, fathers = ({(of[child], child) for child in of if {child, of[child]} <= linked}
                        for of in (known.mother, known.father))  # fmt: skip
    said = {role: {(true[one.person], true[one.child]) for one in told.parents if one.role == role}
            for role in ("mother", "father", "guardian")}  # fmt: skip
    return {
        "records": len(known.person),
        "persons": len(linked),
        "mother": agreement(said["mother"], mothers),
        "father": agreement(said["father"], fathers),
        "parent, in any role": agreement(set().union(*said.values()), mothers | fathers),
        "living together": agreement(together(told, true), truly_together(county, linked)),
    }


def usual_person(known: Known, found: list[int]) -> dict[int, str]:
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for person, group in zip(known.person, found, strict=True):
        counted[group][person] += 1
    return {group: max(sorted(persons), key=lambda one: persons[one]) for group, persons in counted.items()}


def together(told: Relations, true: dict[int, str]) -> set[Pair]:
    members = defaultdict(set)
    for one in told.members:
        members[one.household].add(true[one.person])
    return {pair for household in members.values() for pair in combinations(sorted(household), 2)}


def truly_together(county: Path, linked: set[str]) -> set[Pair]:
    spells = defaultdict(list)
    for row in pyarrow.csv.read_csv(county / "truth" / "households.csv").to_pylist():
        if str(row["person_id"]) in linked:
            begin, end = str(row["first"] or ""), str(row["last"] or "9999")
            spells[row["household_id"]].append((str(row["person_id"]), begin, end))
    return {
        (min(one, other), max(one, other))
        for household in spells.values()
        for (one, begin, end), (other, their_begin, their_end) in combinations(household, 2)
        if one != other and begin <= their_end and their_begin <= end
    }


def agreement(said: set[Pair], true: set[Pair]) -> dict[str, float]:
    right = len(said & true)
    return {"told": len(said), "true": len(true), "precision": round(right / max(len(said), 1), 4),
            "recall": round(right / max(len(true), 1), 4)}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=PEOPLE, help="inhabitants of the county (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--county", type=Path, help="one that was made before; writes no results")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        county = arguments.county or Path(name) / "county"
        if not arguments.county:
            hard_cases.make_county(county, arguments.people, YEARS, arguments.seed)
        judged = judge(county)
    shown = {"infotrust": __version__, "people": arguments.people, "years": YEARS, "seed": arguments.seed, **judged}
    print(json.dumps(shown, indent=2))
    if not arguments.county:
        RESULTS.write_text(json.dumps(shown, indent=2) + "\n")


if __name__ == "__main__":
    main()
