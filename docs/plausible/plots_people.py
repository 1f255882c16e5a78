"""Plots of the people: ages, names, births, deaths, homes, income, moves."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from docs.plausible.lives import AGE_GROUPS, DEATH_EDGES, INCOME_EDGES, Lives
from docs.plausible.style import COUNTY, PUBLISHED, SOFT, THIRD, county, drawing, published

FEWEST_NAMED = 300  # people of a decade and sex for whom a share is shown
AGES = [f"{age} to {age + 4}" for age in AGE_GROUPS[:-1]] + ["85 and over"]


def age_pyramid(lives: Lives, figures: dict[str, Any], path: Path) -> None:
    alt = (
        "Age pyramid of the county, women to the right and men to the left, in percent of all people. Open "
        "circles mark "
        "half of the share that the American Community Survey 2022 has for the age group; the bars lie close to them."
    )
    share = 100 * lives.age_sex / lives.people
    half = np.array(figures["age_shares"]["percent"]) / 2
    place = np.arange(len(AGES))
    with drawing(path, "Age pyramid", alt, size=(7.2, 4.6)) as axes:
        axes.barh(place, share[:, 0], height=0.78, color=COUNTY, label="Marigold County")
        axes.barh(place, -share[:, 1], height=0.78, color=COUNTY, alpha=0.65)
        published(axes, half, place, "United States 2022 (half of the age group)", ls="none")
        published(axes, -half, place, "", ls="none")
        axes.set_yticks(place, AGES)
        axes.set_ylim(-0.7, 20.6)
        axes.set_xticks([-4, -2, 0, 2, 4], ["4 %", "2 %", "0", "2 %", "4 %"])
        axes.set_xlabel("percent of all people")
        for side, sex in ((-2.6, "men"), (2.6, "women")):
            axes.text(side, 18.4, sex, ha="center", color=SOFT)
        axes.grid(axis="y", visible=False)
        axes.set_title("Age and sex")
        axes.legend(loc="upper right", fontsize=8, ncols=2)


def surnames(lives: Lives, figures: dict[str, Any], path: Path) -> None:
    alt = (
        "How many people of 100,000 have a surname, by the rank of the surname, both on logarithmic scales. The "
        "county's "
        "curve is drawn beside the 2010 Census, from 828 for the most common name to 12 for the thousandth."
    )
    counts = np.array([count for _, count in lives.surnames.most_common()])
    rank = np.arange(1, len(counts) + 1)
    shown = np.unique(np.clip(np.geomspace(1, len(counts), 120).astype(int), 1, len(counts))) - 1
    known = figures["surnames"]["per_100k"]
    with drawing(path, "Surnames by rank", alt) as axes:
        county(axes, rank[shown], 1e5 * counts[shown] / counts.sum(), marker="", lw=2.2)
        published(axes, list(known), list(known.values()), "United States, Census 2010")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xticks([1, 10, 100, 1000, 10000], ["1", "10", "100", "1,000", "10,000"])
        axes.set_yticks([1, 10, 100, 1000], ["1", "10", "100", "1,000"])
        axes.set_xlabel("rank of the surname")
        axes.set_ylabel("people of 100,000")
        axes.set_title("How common the common surnames are")
        axes.legend()


def top_ten(names: Counter[str]) -> float:
    """Percent of people who have one of the ten most common names."""
    return 100 * sum(count for _, count in names.most_common(10)) / max(1, names.total())


def given_names(lives: Lives, figures: dict[str, Any], path: Path) -> None:
    alt = (
        "Percent of people who have one of the ten most common given names of their decade of birth, boys and girls, "
        "beside the share of each year's births with that year's ten most common names in the Social Security "
        "data: about "
        "30 percent of boys born in the fifties, 8 percent of those born around 2010."
    )
    known = figures["given_names"]
    with drawing(path, "Top ten given names", alt, size=(7.2, 3.2), panels=2) as (left, right):
        for axes, sex in ((left, "boys"), (right, "girls")):
            firsts = sorted(
                first for first, which in lives.given if which == sex and lives.given[first, sex].total() > FEWEST_NAMED
            )
            published(axes, list(known[sex]), list(known[sex].values()), "Social Security, year by year")
            county(
                axes,
                [first + 5 for first in firsts],
                [top_ten(lives.given[first, sex]) for first in firsts],
                "Marigold County, ten years together",
            )
            axes.set_ylim(0, 36)
            axes.set_xlabel("year of birth")
            axes.set_title(sex.capitalize())
        left.set_ylabel("percent with a top-ten name")
        right.legend(fontsize=8)


def births(lives: Lives, figures: dict[str, Any], path: Path, first_year: int) -> None:
    alt = (
        "Left: births for 1,000 people in each school year beside the crude birth rates of 2016 to 2023, falling "
        "from 12.2 to "
        "10.7. Right: births for 1,000 women by the mother's age beside 2019 and 2022, highest from 30 to 34."
    )
    years = first_year + 0.5 + np.arange(lives.years)
    rate = 1000 * lives.births_by_year / lives.lived_by_year
    known = figures["births_per_1000"]["by_year"]
    with drawing(path, "Births", alt, size=(7.2, 3.3), panels=2) as (left, right):
        published(left, [year + 0.5 for year in known], list(known.values()), "United States")
        county(left, years + 0.5, rate)
        left.set_ylim(0, 15)
        left.set_ylabel("births for 1,000 people")
        left.set_title("Births by year")
        left.legend(loc="lower left", fontsize=8)
        ages = np.arange(10, 50, 5)
        fertility = figures["fertility"]
        published(right, ages + 2.5, fertility["in_2019"], "United States 2019")
        published(right, ages + 2.5, fertility["in_2022"], "United States 2022", ls="--", marker="D", ms=4)
        county(right, ages + 2.5, 1000 * births_by_age(lives))
        right.set_xlabel("mother's age")
        right.set_ylabel("births for 1,000 women")
        right.set_title("Age of mothers")
        right.legend(loc="upper left", fontsize=7.5)
        right.set_ylim(0, 125)


def births_by_age(lives: Lives) -> Any:
    """Births for each woman and year, ages 10-14, 15-19 ... 45-49."""
    ages = range(10, 50, 5)
    return np.array([lives.mothers[a : a + 5].sum() / lives.lived[a : a + 5, 0].sum() for a in ages])


def deaths_by_age(lives: Lives) -> Any:
    """Deaths for each person and year in the groups of DEATH_EDGES."""
    lived = lives.lived.sum(axis=1)
    return np.add.reduceat(lives.deaths, DEATH_EDGES) / np.add.reduceat(lived, DEATH_EDGES)


def deaths(lives: Lives, figures: dict[str, Any], path: Path) -> None:
    alt = (
        "Deaths for 100,000 people and year by age on a logarithmic scale, beside the United States in 2019: "
        "about 560 under one "
        "year, 13 from five to fourteen, 13,000 from 85 on. The county's line follows it."
    )
    labels = ["under 1", "1-4", "5-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85 +"]
    place = np.arange(len(labels))
    with drawing(path, "Deaths by age", alt, size=(7.2, 3.2)) as axes:
        published(axes, place, figures["deaths"]["in_2019"], "United States 2019")
        rates = 1e5 * deaths_by_age(lives)
        county(axes, place, np.where(rates > 0, rates, np.nan))
        axes.set_yscale("log")
        axes.set_xticks(place, labels)
        axes.set_yticks([10, 100, 1000, 10000], ["10", "100", "1,000", "10,000"])
        axes.set_xlabel("age")
        axes.set_ylabel("deaths for 100,000 people")
        axes.set_title("Deaths by age")
        axes.legend()


def homes(lives: Lives, figures: dict[str, Any], path: Path) -> None:
    alt = (
        "Left: percent of households by number of persons beside the Current Population Survey 2022. Right: "
        "percent of people "
        "below a multiple of the poverty level, all people beside the American Community Survey 2022, and children."
    )
    sizes = 100 * lives.household_size[1:] / lives.household_size.sum()
    below = 100 * np.cumsum(lives.income, axis=0) / lives.income.sum(axis=0)
    everybody = 100 * np.cumsum(lives.income.sum(axis=1)) / lives.income.sum()
    known = figures["income"]["below"]
    with drawing(path, "Households and income", alt, size=(7.2, 3.3), panels=2) as (left, right):
        place = np.arange(1, 8)
        left.bar(place, sizes, color=COUNTY, width=0.7, label="Marigold County")
        published(left, place, figures["household_size"]["percent"], "United States 2022", ls="none")
        left.set_xticks(place, ["1", "2", "3", "4", "5", "6", "7 +"])
        left.set_xlabel("persons in the household")
        left.set_ylabel("percent of households")
        left.set_title("Household size")
        left.legend(fontsize=8)
        edges = INCOME_EDGES[1:]
        county(right, edges, everybody[:-1])
        right.plot(edges, below[:-1, 1], color=THIRD, lw=1.4, ls="--", label="Marigold County, children")
        published(right, list(known), list(known.values()), "United States 2022, all people")
        right.set_xlabel("multiple of the poverty level")
        right.set_ylabel("percent of people below it")
        right.set_ylim(0, 100)
        right.set_title("Income")
        right.legend(fontsize=8, loc="upper left")


def moved_share(lives: Lives) -> Any:
    """Percent of the people of one year and over who lived elsewhere a year before, by age group."""
    known = lives.moved[:, :3]
    return 100 * known[:, 1:].sum(axis=1) / np.maximum(known.sum(axis=1), 1)


def movers(lives: Lives, figures: dict[str, Any], path: Path) -> None:
    alt = (
        "Percent of people who lived elsewhere a year before, by age, stacked from moves within the county and "
        "into it. Lines mark "
        "the national share of the American Community Survey, 12.6 percent, and of the Current Population Survey, 8.7."
    )
    total = np.maximum(lives.moved[:, :3].sum(axis=1), 1)
    within, into = 100 * lives.moved[:, 1] / total, 100 * lives.moved[:, 2] / total
    place = np.arange(len(AGES))
    with drawing(path, "Movers by age", alt, size=(7.2, 3.2)) as axes:
        axes.bar(place, within, color=COUNTY, label="moved within the county")
        axes.bar(place, into, bottom=within, color=COUNTY, alpha=0.5, label="moved into the county")
        for name, text in (
            ("american_community_survey", "ACS 2022, all ages"),
            ("current_population_survey", "CPS 2022, all ages"),
        ):
            axes.axhline(figures["movers"][name], color=PUBLISHED, lw=1.2, ls="--" if name.startswith("c") else "-")
            axes.text(17.4, figures["movers"][name] + 0.4, text, ha="right", color=SOFT, fontsize=8)
        axes.set_xticks(place[::2], [AGES[at].replace(" to ", "-").replace(" and over", " +") for at in place[::2]])
        axes.set_ylabel("percent in the last year")
        axes.set_xlabel("age")
        axes.set_title("People who lived elsewhere a year ago")
        axes.legend(fontsize=8)
