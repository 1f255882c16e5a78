"""Plots of the agencies' files: gaps, mistakes, duplicates, overlaps, costs, absence; and all checks at a glance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from docs.plausible.records import (
    Files,
    combinations,
    duplicates,
    missing_ssn,
    mistakes,
    name_slips_by_community,
    overlap,
)
from docs.plausible.style import (
    COUNTY,
    GRID,
    INK,
    LIGHT_SHADES,
    ON_DARK,
    ON_LIGHT,
    PUBLISHED,
    SHADES,
    SOFT,
    county,
    drawing,
    published,
    shaded,
)

MISTAKE_EDGES = np.array([0.1, 0.5, 1, 3, 10, 30])  # percent of records
OVERLAP_EDGES = np.array([1, 5, 15, 30, 50, 75])  # percent of people
LONGEST_LABEL = 72
SHORT = {
    "vital-records": "vital records",
    "early-intervention": "early intervention",
    "preschool-special-education": "preschool special ed.",
    "home-visiting": "home visiting",
    "wic": "WIC",
    "snap": "SNAP",
    "medicaid": "Medicaid",
    "homeless-services": "homeless services",
    "child-welfare": "child welfare",
    "crisis-center": "crisis center",
}


def short(agency: str) -> str:
    return SHORT.get(agency, agency)


def table_name(path: str) -> str:
    agency, _, name = path.partition("/")
    return f"{short(agency)}: {name.lower().replace('_', ' ')}"


def missing_numbers(files: Files, path: Path) -> None:
    found = sorted(missing_ssn(files).items(), key=lambda item: item[1][1])
    alt = (
        "Percent of records without a usable Social Security number, for each table that has a column for it: "
        + "; ".join(f"{table_name(name)} {100 * share:.0f}" for name, (_, share) in found)
    )
    with drawing(path, "Missing Social Security numbers", alt + ".", size=(7.2, 0.9 + 0.3 * len(found))) as axes:
        place = np.arange(len(found))
        axes.barh(place, [100 * share for _, (_, share) in found], height=0.66, color=COUNTY)
        for at, (_, (_, share)) in enumerate(found):
            axes.text(100 * share + 1, at, f"{100 * share:.1f}", va="center", fontsize=8.5, color=SOFT)
        axes.set_yticks(place, [table_name(name) for name, _ in found])
        axes.set_xlim(0, 105)
        axes.set_xlabel("percent of records")
        axes.grid(axis="y", visible=False)
        axes.set_title("Records without a usable Social Security number")


def mistake_rates(files: Files, path: Path) -> None:
    rates = mistakes(files)
    agencies = list(rates)
    words = sorted(
        {word for rate in rates.values() for word in rate} - {"records", "any"},
        key=lambda word: -max(rate.get(word, 0) for rate in rates.values()),
    )
    grid = np.array([[100 * rates[agency].get(word, 0) for agency in agencies] for word in words])
    alt = (
        f"Percent of each agency's records in which a mistake happened, for {len(words)} mechanisms in rows and "
        f"{len(agencies)} agencies in columns; darker means more often, figures stand from 2 percent on. Each "
        f"agency has "
        "a pattern of its own."
    )
    with drawing(path, "Mistakes by mechanism and agency", alt, size=(7.4, 1.4 + 0.2 * len(words))) as axes:
        shaded(axes, grid, MISTAKE_EDGES, SHADES)
        classes = np.searchsorted(MISTAKE_EDGES, grid, side="right")
        for row, column in np.argwhere(grid >= 1.95).tolist():
            color = ON_LIGHT if classes[row, column] < LIGHT_SHADES else ON_DARK
            text = f"{grid[row, column]:.0f}"
            axes.text(column + 0.5, row + 0.54, text, ha="center", va="center", fontsize=6.5, color=color)
        axes.set_xticks(
            np.arange(len(agencies)) + 0.5, [short(a) for a in agencies], rotation=40, ha="left", fontsize=8
        )
        axes.set_yticks(np.arange(len(words)) + 0.5, [word.replace("_", " ") for word in words], fontsize=7.5)


def communities(files: Files, path: Path) -> None:
    found = sorted(name_slips_by_community(files).items(), key=lambda item: item[1][1])
    alt = (
        "Percent of records with a slip in a name, by the community whose naming customs the family keeps: "
        + "; ".join(f"{name.replace('_', ' ')} {100 * share:.1f}" for name, (_, share) in found)
    )
    with drawing(path, "Slips in names by community", alt + ".", size=(7.2, 0.9 + 0.26 * len(found))) as axes:
        place = np.arange(len(found))
        shares = np.array([share for _, (_, share) in found])
        sizes = np.array([records for _, (records, _) in found])
        error = 196 * np.sqrt(shares * (1 - shares) / sizes)
        axes.errorbar(100 * shares, place, xerr=error, fmt="s", ms=5, color=COUNTY, ecolor=SOFT, elinewidth=1)
        axes.set_yticks(place, [name.replace("_", " ").capitalize() for name, _ in found])
        axes.set_xlim(0, None)
        axes.set_xlabel("percent of records of all agencies, with 95 percent intervals")
        axes.set_title("Slips in names: typing, hearing, reading, swapped parts")


def twice(files: Files, path: Path) -> None:
    found = sorted(duplicates(files).items(), key=lambda item: item[1][1])
    found = [item for item in found if item[1][1] > 0]
    alt = "Percent of records that are a second record of the same person within one agency: " + "; ".join(
        f"{table_name(name)} {100 * share:.1f}" for name, (_, share) in found
    )
    with drawing(path, "Duplicates within an agency", alt + ".", size=(7.2, 1.0 + 0.26 * len(found))) as axes:
        place = np.arange(len(found))
        axes.axvspan(8, 12, color=PUBLISHED, alpha=0.18, lw=0, label="hospitals' patient indexes, about (AHIMA)")
        axes.barh(place, [100 * share for _, (_, share) in found], height=0.66, color=COUNTY)
        axes.set_yticks(place, [table_name(name) for name, _ in found])
        axes.set_xlabel("percent of records")
        axes.grid(axis="y", visible=False)
        axes.set_title("People entered twice in one agency")
        axes.legend(fontsize=8, loc="lower right")


def overlaps(files: Files, path: Path, born: tuple[str, str]) -> None:
    agencies, shares, sizes = overlap(files, born)
    agencies = sorted((one for one in agencies if sizes[one] >= 20), key=lambda one: -sizes[one])
    grid = np.array([[100 * shares.get((one, other), 0) for other in agencies] for one in agencies])
    alt = (
        "For each pair of agencies, the percent of the people known to the agency in the row who are also known "
        "to the one in the "
        f"column, of people born from {born[0]} to {born[1]}. Darker means more; the diagonal is 100."
    )
    with drawing(path, "Who is known to whom", alt, size=(7.4, 0.9 + 0.34 * len(agencies))) as axes:
        shaded(axes, grid, OVERLAP_EDGES, SHADES)
        classes = np.searchsorted(OVERLAP_EDGES, grid, side="right")
        for row, column in np.argwhere(~np.eye(len(agencies), dtype=bool)).tolist():
            value = grid[row, column]
            text = f"{value:.0f}" if value >= 0.95 else f"{value:.1f}"
            color = ON_LIGHT if classes[row, column] < LIGHT_SHADES else ON_DARK
            axes.text(column + 0.5, row + 0.54, text, ha="center", va="center", fontsize=7.5, color=color)
        axes.set_xticks(
            np.arange(len(agencies)) + 0.5, [short(a) for a in agencies], rotation=40, ha="left", fontsize=8
        )
        axes.set_yticks(np.arange(len(agencies)) + 0.5, [f"{short(a)} ({sizes[a]:,})" for a in agencies], fontsize=8)


def combined(files: Files, path: Path, agencies: tuple[str, ...], born: tuple[str, str], most: int = 18) -> None:
    """An UpSet plot (Lex and others 2014): how many were known to exactly which agencies."""
    total, groups = combinations(files, agencies, born)
    shown = groups[:most]
    reached = {one: sum(n for known, n in groups if one in known) for one in agencies}
    order = sorted(agencies, key=lambda one: reached[one])
    alt = (
        f"Children born from {born[0]} to {born[1]} by exactly which programs ever knew them, the {len(shown)} "
        f"largest of "
        f"{len(groups)} combinations. The largest: "
        + "; ".join(
            f"{' and '.join(short(one) for one in known)} {100 * n / total:.0f} percent" for known, n in shown[:4]
        )
        + "."
    )
    with drawing(path, "Combinations of programs", alt, size=(7.4, 4.2), panels=(2, 1)) as (top, below):
        place = np.arange(len(shown))
        top.bar(place, [100 * n / total for _, n in shown], color=COUNTY, width=0.66)
        for at, (_, n) in enumerate(shown):
            top.text(at, 100 * n / total, f"{100 * n / total:.1f}", ha="center", va="bottom", fontsize=7, color=SOFT)
        top.set_ylabel("percent of children")
        top.set_title(f"Exactly which programs knew a child ({total:,} children)")
        top.set_xticks([])
        top.grid(axis="x", visible=False)
        for row in range(len(order)):
            below.plot(place, np.full(len(place), row), ls="none", marker="o", ms=4.5, color=GRID)
        for at, (known, _) in enumerate(shown):
            rows = [order.index(one) for one in known]
            below.plot([at] * len(rows), rows, color=COUNTY, marker="o", ms=4.5, lw=1.3)
        below.set_yticks(np.arange(len(order)), [f"{short(one)} ({reached[one]:,})" for one in order], fontsize=8)
        below.set_xticks([])
        below.grid(visible=False)
        below.set_xlim(top.get_xlim())
        for side in below.spines.values():
            side.set_visible(False)


def concentration(shares: Any, figures: dict[str, Any], path: Path) -> None:
    """`shares`: cost of each person, the most expensive first."""
    total = np.cumsum(shares) / np.sum(shares)
    people = np.arange(1, len(total) + 1) / len(total)
    alt = (
        f"Share of Medicaid spending of the most expensive members. In the county 5 percent of members have "
        f"{100 * np.interp(0.05, people, total):.0f} percent of the cost; the GAO found 48 percent in 2011."
    )
    shown = np.unique(np.clip((np.geomspace(1, len(total), 90)).astype(int), 1, len(total))) - 1
    known = figures["costs"]["top"]
    with drawing(path, "Concentration of Medicaid costs", alt, size=(7.2, 3.2)) as axes:
        county(axes, 100 * people[shown], 100 * total[shown], marker="", lw=2.2)
        published(
            axes,
            [100 * x for x in known],
            [100 * y for y in known.values()],
            "Medicaid-only enrollees, GAO-15-460",
            ls="none",
        )
        axes.set_xscale("log")
        axes.set_xticks([0.1, 1, 5, 10, 50, 100], ["0.1", "1", "5", "10", "50", "100"])
        axes.set_xlabel("percent of members, the most expensive first (logarithmic)")
        axes.set_ylabel("percent of the year's cost")
        axes.set_title("A few members carry most of the cost")
        axes.legend(loc="upper left")


def absence(rows: list[dict[str, Any]], figures: dict[str, Any], path: Path) -> None:
    """`rows`: year (first calendar year of the school year) and share of pupils chronically absent."""
    known = figures["chronic_absence"]["by_year"]
    alt = (
        "Percent of pupils who missed a tenth of their school days or more, by school year. Published: 16 "
        "percent in 2017-18, "
        "30 in 2021-22, 28 in 2022-23. The county's line rises in the same years."
    )
    with drawing(path, "Chronic absence", alt, size=(7.2, 3.0)) as axes:
        published(axes, list(known), list(known.values()), "United States")
        county(axes, [row["year"] for row in rows], [100 * row["share"] for row in rows])
        years = [row["year"] for row in rows]
        axes.set_xticks(years, [f"{year}-{(year + 1) % 100:02d}" for year in years], fontsize=8)
        axes.set_ylim(0, 36)
        axes.set_ylabel("percent of pupils")
        axes.set_title("Pupils who missed a tenth of their days or more")
        axes.legend(loc="upper left")


def at_a_glance(checks: list[tuple[str, float, float, float]], path: Path) -> None:
    """`checks`: what is compared, the county's figure, and the interval judged plausible."""
    inside = sum(low <= value <= high for _, value, low, high in checks)
    alt = (
        f"Each check's figure within the interval judged plausible, drawn from its lower end on the left to its "
        f"upper end on "
        f"the right: {inside} of {len(checks)} lie inside."
    )
    with drawing(path, "All checks at a glance", alt, size=(7.6, 0.8 + 0.168 * len(checks))) as axes:
        place = np.arange(len(checks))
        where = np.array([np.clip((value - low) / (high - low), -0.15, 1.15) for _, value, low, high in checks])
        good = (where >= 0) & (where <= 1)
        axes.axvspan(0, 1, color=COUNTY, alpha=0.1, lw=0)
        axes.plot(where[good], place[good], ls="none", marker="s", ms=4.5, color=COUNTY)
        axes.plot(where[~good], place[~good], ls="none", marker="x", ms=6, mew=2, color=PUBLISHED)
        axes.set_yticks(place, [_brief(says) for says, *_ in checks], fontsize=7)
        axes.set_xticks([0, 1], ["lower end", "upper end"])
        axes.set_xlim(-0.2, 1.2)
        axes.set_ylim(len(checks) - 0.4, -0.6)
        axes.grid(axis="x", visible=False)
        axes.tick_params(axis="y", colors=INK)


def _brief(says: str) -> str:
    return says if len(says) <= LONGEST_LABEL else says[: LONGEST_LABEL - 3].rstrip() + "..."
