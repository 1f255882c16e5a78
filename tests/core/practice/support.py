"""A small ward made by hand: enough people, homes and names to write records of, without the county around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice import names
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.chance import choose
from infotrust.core.practice.parameters import load_parameters
from infotrust.core.practice.ward import (
    ALWAYS,
    NEVER,
    Addresses,
    Homes,
    Incomes,
    People,
    Placements,
    Surnames,
    Unions,
    Ward,
)

SPAN = Span(2016, 3)


@dataclass(frozen=True)
class Streets:
    """Writes addresses out as `Place` does."""

    def street(self, address: Any) -> Any:
        return np.array(
            [f"{100 + n % 9000} Oak Street{f' Apt {n % 40}' if n % 3 == 0 else ''}" for n in address], dtype=object
        )

    def city_of(self, address: Any) -> Any:
        return np.full(len(address), "Marigold", dtype=object)

    def zip_of(self, address: Any) -> Any:
        return np.full(len(address), "34801", dtype=object)


def small_ward(families: int = 600, seed: int = 7, number: int = 0, span: Span = SPAN) -> Ward:
    """A ward of households with a mother, a father and two children each; the children of every fifth are twins.

    Persons are numbered by family: mother, father, first and second child. The second home begins in the middle.
    """
    parameters = load_parameters()
    rng = np.random.default_rng([seed, number])
    family = np.repeat(np.arange(families), 4)
    role = np.tile(np.arange(4), families)
    child = role >= 2
    twins = child & (family % 5 == 0)
    community = choose(rng.random(families), parameters.communities.shares)[family]
    born = span.first - rng.integers(25 * 365, 45 * 365, families * 4)
    born = np.where(child, span.first + rng.integers(-3000, 900, families * 4), born)
    born = np.where(twins & (role == 3), np.roll(born, 1), born)
    male = np.where(child, rng.random(families * 4) < 0.51, role == 1)
    year = 1970 + (born - 719_163) // 365
    given = names.given_names(rng.random(len(role)), community, male, year)
    middle = names.given_names(rng.random(len(role)), community, male, year)
    mothers = np.where(child, family * 4, -1)
    surname = names.family_names(rng.random(families), community[::4])[family]
    other = names.family_names(rng.random(families), community[::4])[family]
    second = np.where((community == 2) & (rng.random(families)[family] < 0.6) & (other != surname), other, "")
    count = len(role)
    people = People(
        birth=born,
        death=np.full(count, NEVER),
        arrival=np.where(born > span.first, born, ALWAYS),
        departure=np.full(count, NEVER),
        male=male,
        community=community,
        race=np.zeros(count, dtype=np.int64),
        language=np.zeros(count, dtype=np.int64),
        mother=mothers,
        father=np.where(child, family * 4 + 1, -1),
        delivery=np.where(twins, family, -1),
        plurality=np.where(twins, 2, 1),
        birth_order=np.where(twins, role - 1, 1),
        disability=np.zeros(count, dtype=np.int64),
        need=rng.normal(size=count),
        given=given,
        middle=np.where(rng.random(count) < 0.8, middle, ""),
        suffix=np.where(male & (rng.random(count) < 0.05), "Jr", ""),
    )
    who = np.arange(count)
    wives = who[(role == 0) & (family % 2 == 0)]
    maiden = names.family_names(rng.random(len(wives)), community[wives])
    owner = np.concatenate([who, wives])
    texts = np.concatenate([surname, surname[wives]])
    texts[wives] = maiden
    order = np.argsort(owner, kind="stable")
    day = np.concatenate([born, np.full(len(wives), span.first + 100)])
    seconds = np.concatenate([second, second[wives]])
    surnames = Surnames(owner[order], day[order], texts[order], seconds[order])
    home = np.arange(families)
    addresses = Addresses(
        np.repeat(home, 2),
        np.tile([ALWAYS, span.first + 500], families),
        rng.integers(0, 50_000, families * 2),
        np.zeros(families * 2, dtype=np.int64),
        np.arange(families * 2),
    )
    nobody, never = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return Ward(
        number, seed, span, parameters, Streets(), people, surnames, Homes(who, born, family), addresses,
        Incomes(home, np.full(families, ALWAYS), np.full(families, 2.0)),
        Unions(nobody, nobody, never, never, nobody.astype(bool)),
        Placements(nobody, never, never, nobody, nobody, nobody), families,
    )  # fmt: skip
