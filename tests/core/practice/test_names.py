"""Names are as common as published counts say, keep their long tail, and belong to communities and years."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from infotrust.core.practice import namelists, names
from infotrust.core.practice.chance import choose
from infotrust.core.practice.parameters import load_parameters

ENGLISH, BLACK, HISPANIC, VIETNAMESE = 0, 1, 2, 3
MANY = 60_000
EVEN = (np.arange(MANY) + 0.5) / MANY  # chances that are met exactly as often as their share says


def everybody(place: int) -> np.ndarray:
    return np.full(MANY, place)


def given(community: int, male: bool, year: int) -> Counter[str]:
    return Counter(names.given_names(EVEN, everybody(community), np.full(MANY, male), everybody(year)))


@pytest.fixture(scope="module")
def county() -> Counter[str]:
    """Surnames of a county of 200,000 households."""
    rng = np.random.default_rng(1)
    community = choose(rng.random(200_000), load_parameters().communities.shares)
    return Counter(names.family_names(rng.random(200_000), community))


def test_communities_stand_in_the_order_of_the_parameters():
    assert tuple(load_parameters().communities.shares) == names.COMMUNITIES


# 2010 Census, File B: Smith 0.83, Johnson 0.66, Williams 0.55, Brown 0.49, Garcia 0.40 per cent of all people.
@pytest.mark.parametrize(
    ("name", "percent"), [("Smith", 0.83), ("Johnson", 0.66), ("Williams", 0.55), ("Brown", 0.49), ("Garcia", 0.40)]
)
def test_common_surnames_have_about_their_share_of_the_census(county, name, percent):
    assert 100 * county[name] / county.total() == pytest.approx(percent, rel=0.3)


def test_a_thousand_surnames_cover_two_fifths_and_many_families_stand_alone(county):
    covered = sum(count for _, count in county.most_common(1000)) / county.total()
    assert 0.36 < covered < 0.48
    assert sum(count == 1 for count in county.values()) > 10_000


# Social Security Administration, national baby names: the top name of the decade, per cent of its sex.
@pytest.mark.parametrize(
    ("male", "year", "name", "percent"),
    [
        (True, 1955, "James", 4.2),
        (False, 1955, "Mary", 3.3),
        (True, 1995, "Michael", 2.4),
        (False, 1985, "Jessica", 2.7),
    ],
)
def test_top_names_of_a_decade_have_about_their_share(male, year, name, percent):
    assert 100 * given(ENGLISH, male, year)[name] / MANY == pytest.approx(percent, rel=0.25)


def test_names_of_the_2020s_are_spread_wider_than_those_of_the_1950s():
    assert given(ENGLISH, True, 1955).most_common(1)[0][1] > 3 * given(ENGLISH, True, 2023).most_common(1)[0][1]
    assert len(given(ENGLISH, False, 2023)) > 2 * len(given(ENGLISH, False, 1955))


def test_each_decade_has_names_of_its_time():
    assert given(ENGLISH, False, 1935)["Shirley"] > 100 * max(given(ENGLISH, False, 2015)["Shirley"], 1) / 2
    assert given(ENGLISH, True, 2018)["Liam"] > 20 * max(given(ENGLISH, True, 1965)["Liam"], 1)


def test_nguyen_is_a_quarter_of_vietnamese_surnames_and_rare_elsewhere():
    vietnamese = Counter(names.family_names(EVEN, everybody(VIETNAMESE)))
    english = Counter(names.family_names(EVEN, everybody(ENGLISH)))
    assert 0.20 < vietnamese["Nguyen"] / MANY < 0.35
    assert english["Nguyen"] / MANY < 0.001


def test_black_and_hispanic_names_follow_their_own_counts():
    black, english = (
        Counter(names.family_names(EVEN, everybody(BLACK))),
        Counter(names.family_names(EVEN, everybody(ENGLISH))),
    )
    assert black["Washington"] > 20 * max(english["Washington"], 1)
    assert given(HISPANIC, True, 1985)["Jose"] > 10 * max(given(ENGLISH, True, 1985)["Jose"], 1)


def test_some_families_write_accents_and_particles_and_others_do_not():
    found = Counter(names.family_names(EVEN, everybody(HISPANIC)))
    share = load_parameters().naming.own_spelling
    for plain, own in (("Munoz", "Muñoz"), ("Delacruz", "De La Cruz")):
        assert found[own] / (found[own] + found[plain]) == pytest.approx(share, abs=0.1)


def test_rare_surnames_are_made_up_and_no_name_of_the_census_table():
    census = set(namelists._census()["everybody"])
    for code in names.COMMUNITIES:
        assert not census & set(namelists._tail(code).names)


def test_every_community_names_everybody_in_each_decade():
    chance = np.linspace(0, 1, 50, endpoint=False)
    for place in range(len(names.COMMUNITIES)):
        for year in (1900, 1935, 1990, 2026):
            for male in (True, False):
                arguments = chance, np.full(50, place), np.full(50, male), np.full(50, year)
                assert all(names.given_names(*arguments))
                assert all(names.middle_names(*arguments))
        assert all(names.family_names(chance, np.full(50, place)))


def test_name_depends_on_ones_own_chance_only():
    rng = np.random.default_rng(3)
    chance, community = rng.random(500), rng.integers(0, 12, 500)
    male, year = rng.random(500) < 0.5, rng.integers(1930, 2026, 500)
    together = names.given_names(chance, community, male, year)
    alone = names.given_names(chance[7:9], community[7:9], male[7:9], year[7:9])
    assert list(alone) == list(together[7:9])


def test_parameters_change_who_bears_a_rare_name():
    class Naming:
        rare_surnames = {"english": 0.0}
        own_spelling = 0.0

    common = set(namelists._census()["everybody"])
    assert set(names.family_names(EVEN, everybody(ENGLISH), Naming)) <= common


def test_nicknames_are_other_names_and_there_are_hundreds():
    short = names.nicknames()
    assert len(short) > 400
    assert short["William"][0] == "Will"
    for name, forms in short.items():
        assert forms
        assert name not in forms


# 2010 Census, File B: people whose name fewer than 2,000 bear.
@pytest.mark.parametrize(("community", "rare"), [(BLACK, 0.164), (HISPANIC, 0.178), (11, 0.296)])
def test_rare_surnames_have_the_share_that_the_census_counted(community, rare):
    common = namelists._census()["everybody"]
    own = namelists._spellings("surnames").values()
    drawn = Counter(names.family_names(EVEN, everybody(community)))
    found = sum(count for name, count in drawn.items() if name not in common and name not in own)
    assert found / MANY == pytest.approx(rare, abs=0.01)
