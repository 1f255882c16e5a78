"""The true answers to what the demonstration asks, counted from persons instead of records.

A record that intake will reject still counts: its person was served. `every-combination` takes the four programs as
they are; the others follow the definitions of examples/marigold/questions.yaml (a test compares).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import numpy as np

from infotrust.core.practice.deliveries.extracts import Delivery
from infotrust.core.practice.facts.enrollment import GRADES

Deliveries = Mapping[str, Delivery]

OVERLAP = ("school-enrollment", "early-intervention", "home-visiting", "snap")
EARLY_GRADES = ("PK", "KG", "01", "02")

# Early intervention, home visiting, early grades of school: as the published question names the combinations.
COMBINATIONS = {
    (True, True, True): "all three",
    (True, True, False): "early intervention and home visiting",
    (True, False, True): "early intervention and school",
    (False, True, True): "home visiting and school",
    (True, False, False): "early intervention only",
    (False, True, False): "home visiting only",
    (False, False, True): "school only",
}


def answers(deliveries: Deliveries) -> dict[str, Any]:
    """The answer to each question, by its code."""
    return {
        "program-overlap": program_overlap(deliveries),
        "shelter-pupils": shelter_pupils(deliveries),
        "every-combination": every_combination(deliveries),
    }


def _served(delivery: Delivery, column: str = "", values: Collection[str] = ()) -> set[int]:
    """The persons of a delivery, or those with one of `values` in `column` of any of their rows."""
    who = delivery.person
    return set((who[np.isin(delivery.columns[column].astype(str), list(values))] if column else who).tolist())


def _visited(delivery: Delivery) -> set[int]:
    return set(delivery.person[delivery.columns["visits"].astype(np.int64) >= 1].tolist())


def program_overlap(deliveries: Deliveries) -> dict[str, Any]:
    """Distinct young children for each combination of early intervention, home visiting and the early grades."""
    early = _served(deliveries["early-intervention"], "eligibility", ("delay", "condition"))
    visited = _visited(deliveries["home-visiting"])
    pupils = _served(deliveries["school-enrollment"], "grade", EARLY_GRADES)
    food = _served(deliveries["snap"])
    counts = Counter(
        (COMBINATIONS[child in early, child in visited, child in pupils], "yes" if child in food else "no")
        for child in early | visited | pupils
    )
    rows = [{"programs": of, "food_assistance": food, "children": n} for (of, food), n in sorted(counts.items())]
    return {"children": sum(counts.values()), "rows": rows}


def every_combination(deliveries: Deliveries) -> dict[str, Any]:
    """Distinct children for each combination of the four programs that serves at least one child."""
    served = {name: _served(deliveries[name]) for name in OVERLAP}
    children = set().union(*served.values())
    counts = Counter(tuple(name for name in OVERLAP if child in served[name]) for child in children)
    rows = [{"programs": list(programs), "children": count} for programs, count in sorted(counts.items())]
    return {"children": len(children), "rows": rows}


def school_level(grade: str) -> str:
    """elementary up to grade 5, middle 6 to 8, high 9 to 12."""
    place = GRADES.index(grade)
    return "elementary" if place <= GRADES.index("05") else "middle" if place <= GRADES.index("08") else "high"


def shelter_pupils(deliveries: Deliveries) -> dict[str, Any]:
    """Distinct pupils whom schools recorded in a shelter, by school level, known or not to homeless services."""
    school, known = deliveries["school-enrollment"], _known(deliveries["homeless-clients"])
    grades: dict[int, str] = {}
    for row in np.flatnonzero(school.columns["nighttime_residence"] == "shelter").tolist():
        person, grade = int(school.person[row]), str(school.columns["grade"][row])
        grades[person] = max(grade, grades.get(person, grade), key=GRADES.index)
    counts = Counter((school_level(grade), person in known) for person, grade in grades.items())
    return {
        "pupils": len(grades),
        "unknown": sum(count for (_, is_known), count in counts.items() if not is_known),
        "rows": [
            {"school_level": level, "known": "yes" if is_known else "no", "pupils": counts[level, is_known]}
            for level in ("elementary", "high", "middle")
            for is_known in (False, True)
        ],
    }


def _known(clients: Delivery) -> set[int]:
    """The persons with a stay that began in the three school years up to the period."""
    since = date(date.fromordinal(clients.period.last).year - 3, 7, 1).isoformat()
    return set(clients.person[clients.columns["entry_date"].astype(str) >= since].tolist())
