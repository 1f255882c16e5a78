"""What must hold in every ward, whatever its rates."""

from __future__ import annotations

import numpy as np
import pytest

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.life import births, make_ward
from infotrust.core.practice.life.state import State
from infotrust.core.practice.parameters import load_parameters
from infotrust.core.practice.place import make_place
from infotrust.core.practice.ward import ALWAYS, NEVER, PLACEMENTS, YEAR, Ward

PEOPLE, SEED = 5_000, 11


def ward_of(years: int, *, seed: int = SEED, number: int = 0, people: int = PEOPLE) -> Ward:
    span, parameters = Span(years=years), load_parameters()
    return make_ward(number, people, seed, span, parameters, make_place(20_000, seed, span, parameters))


@pytest.fixture(scope="module")
def ward() -> Ward:
    return ward_of(10)


def everyone(ward: Ward) -> np.ndarray:
    return np.arange(len(ward))


def some_days(ward: Ward) -> range:
    return range(ward.span.first, ward.span.last + 1, 73)


# --- births and parents ---


def test_mothers_are_12_to_50_years_older_than_their_children(ward: Ward) -> None:
    child = np.flatnonzero(ward.people.mother >= 0)
    mother = ward.people.mother[child]
    years = (ward.people.birth[child] - ward.people.birth[mother]) / YEAR
    assert len(child) > 1000
    assert years.min() >= 12
    assert years.max() <= 50
    assert not ward.people.male[mother].any()


def test_fathers_are_men_of_at_least_14_years(ward: Ward) -> None:
    child = np.flatnonzero(ward.people.father >= 0)
    father = ward.people.father[child]
    assert ward.people.male[father].all()
    assert (ward.people.birth[child] - ward.people.birth[father]).min() >= 14 * YEAR


def test_nobody_gives_birth_dead_or_away(ward: Ward) -> None:
    born = np.flatnonzero(ward.people.arrival == ward.people.birth)
    assert len(born) > 300
    assert ward.present(ward.people.mother[born], ward.people.birth[born]).all()


def test_newborns_live_with_their_mother_on_the_day_of_birth(ward: Ward) -> None:
    born = np.flatnonzero(ward.people.arrival == ward.people.birth)
    day = ward.people.birth[born]
    assert (ward.household(born, day) == ward.household(ward.people.mother[born], day)).all()


def test_children_of_one_mother_are_ten_months_apart_or_born_together(ward: Ward) -> None:
    child = np.flatnonzero(ward.people.mother >= 0)
    order = child[np.lexsort((ward.people.birth[child], ward.people.mother[child]))]
    same = ward.people.mother[order][1:] == ward.people.mother[order][:-1]
    gap = np.diff(ward.people.birth[order])[same]
    together = (ward.people.delivery[order][1:] == ward.people.delivery[order][:-1])[same]
    assert (gap[together & (ward.people.delivery[order][1:][same] >= 0)] == 0).all()
    assert gap[gap > 0].min() >= 280


def test_twins_share_a_birthday_and_a_mother(ward: Ward) -> None:
    twins = np.flatnonzero((ward.people.plurality > 1) & (ward.people.arrival == ward.people.birth))
    assert len(twins) > 4
    for delivery in np.unique(ward.people.delivery[twins]):
        who = np.flatnonzero(ward.people.delivery == delivery)
        assert len(set(ward.people.birth[who])) == 1
        assert len(set(ward.people.mother[who])) == 1
        assert len(who) == ward.people.plurality[who[0]]
        assert sorted(ward.people.birth_order[who]) == list(range(1, len(who) + 1))


def test_twins_are_of_one_sex_more_often_than_chance_would_have_it() -> None:
    span, parameters = Span(years=1), load_parameters()
    state = State(0, 1, span, parameters, None)
    boys = births._boys(state, np.repeat(np.arange(4000), 2), np.full(8000, 2), np.random.default_rng(1))
    assert 0.595 < (boys[::2] == boys[1::2]).mean() < 0.655  # half of those from two eggs, all of those from one


def test_brothers_and_sisters_have_different_given_names(ward: Ward) -> None:
    child = np.flatnonzero(ward.people.mother >= 0)
    pairs = set(zip(ward.people.mother[child], ward.people.given[child], strict=True))
    assert len(pairs) == len(child)


def test_a_junior_has_all_names_of_his_father_at_birth(ward: Ward) -> None:
    sons = np.flatnonzero(ward.people.suffix != "")
    father = ward.people.father[sons]
    assert len(sons) >= 10
    assert (ward.people.given[sons] == ward.people.given[father]).all()
    assert (ward.people.middle[sons] == ward.people.middle[father]).all()
    born = np.full(len(sons), ALWAYS)
    assert (ward.surname(sons, born)[0] == ward.surname(father, born)[0]).all()


# --- living ---


def test_people_leave_and_die_after_they_came_and_within_the_span(ward: Ward) -> None:
    people = ward.people
    assert (people.birth < people.death).all()
    assert (people.arrival < people.departure).all()
    assert (people.birth <= np.where(people.arrival == ALWAYS, NEVER, people.arrival)).all()
    ends = np.minimum(people.death, people.departure)
    assert (ends[ends < NEVER] >= ward.span.first).all()
    assert ends[ends < NEVER].max() <= ward.span.last + 1
    assert not ((people.death < NEVER) & (people.departure < NEVER)).any()


def test_everyone_has_one_household_and_address_on_each_day(ward: Ward) -> None:
    for spells in (ward.homes, ward.addresses, ward.surnames, ward.incomes):
        owner, first = spells.owner, spells.first
        assert ((owner[1:] > owner[:-1]) | ((owner[1:] == owner[:-1]) & (first[1:] > first[:-1]))).all()
    assert set(ward.homes.owner) == set(everyone(ward))
    assert set(ward.surnames.owner) == set(everyone(ward))
    for day in some_days(ward):
        who = ward.residents(day)
        assert (ward.home(who, day) >= 0).all()
        assert (ward.incomes.at(ward.household(who, day), day) >= 0).all()


def test_home_spells_lie_within_a_persons_time_here(ward: Ward) -> None:
    homes, people = ward.homes, ward.people
    begins = np.unique(homes.owner, return_index=True)[1]
    assert (homes.first[begins] == people.arrival).all()
    assert (homes.first <= np.minimum(people.death, people.departure)[homes.owner]).all()


def test_no_child_lives_without_a_grown_person_for_long(ward: Ward) -> None:
    group_homes = set(ward.placements.household[ward.placements.kind == PLACEMENTS.index("group_home")])
    for day in some_days(ward):
        who = ward.residents(day)
        home, age = ward.household(who, day), ward.age(who, day)
        grown = set(home[age >= 18])
        alone = [one for one in np.unique(home[age < 17.7]) if one not in grown and one not in group_homes]
        assert len(alone) <= 2 + len(ward) / 20_000


def test_moves_change_the_address_of_a_household(ward: Ward) -> None:
    owner, address = ward.addresses.owner, ward.addresses.address
    again = owner[1:] == owner[:-1]
    assert again.sum() > 300
    assert (address[1:][again] != address[:-1][again]).mean() > 0.99


# --- unions and names ---


def test_nobody_is_married_twice_at_once(ward: Ward) -> None:
    unions = ward.unions
    rows = np.arange(len(unions.one))
    who, row = np.concatenate([unions.one, unions.other]), np.concatenate([rows, rows])
    order = np.lexsort((unions.first[row], who))
    who, row = who[order], row[order]
    same = who[1:] == who[:-1]
    assert same.sum() > 30
    assert (unions.first[row[1:]] >= unions.last[row[:-1]])[same].all()
    assert (unions.first < unions.last).all()


def test_unions_end_when_one_of_them_dies(ward: Ward) -> None:
    unions, people = ward.unions, ward.people
    death = np.minimum(people.death[unions.one], people.death[unions.other])
    assert (unions.last <= death).all()
    assert (unions.last == death)[death < NEVER].any()


def test_couples_are_no_near_kin(ward: Ward) -> None:
    unions, people = ward.unions, ward.people
    for parent in (people.mother, people.father):
        one, other = parent[unions.one], parent[unions.other]
        assert not ((one == other) & (one >= 0)).any()
        assert not ((one == unions.other) | (other == unions.one)).any()


def test_grown_people_change_their_surname_only_by_a_union_or_its_end(ward: Ward) -> None:
    names, unions, people = ward.surnames, ward.unions, ward.people
    changed = np.flatnonzero((names.owner[1:] == names.owner[:-1]) & (names.first[1:] >= ward.span.first)) + 1
    changed = changed[names.first[changed] > people.arrival[names.owner[changed]]]
    grown = changed[names.first[changed] - people.birth[names.owner[changed]] > 19 * YEAR]
    assert len(grown) > 30
    days = {(who, day) for pair in (unions.one, unions.other) for ends in (unions.first, unions.last)
            for who, day in zip(pair, ends, strict=True)}  # fmt: skip
    assert all((who, day) in days for who, day in zip(names.owner[grown], names.first[grown], strict=True))


# --- care ---


def test_placed_children_live_where_they_are_placed(ward: Ward) -> None:
    placed = ward.placements
    here = np.flatnonzero((placed.first >= ward.span.first) & (placed.household >= 0))
    assert len(here) > 5
    child, day = placed.child[here], placed.first[here]
    assert (ward.household(child, day) == placed.household[here]).all()
    assert (placed.first < placed.last).all()
    assert (ward.age(child, day) < 18.0).all()
    assert ward.present(child, day).all()


def test_a_child_is_in_one_placement_at_a_time(ward: Ward) -> None:
    placed = ward.placements
    order = np.lexsort((placed.first, placed.child))
    same = placed.child[order][1:] == placed.child[order][:-1]
    assert (placed.first[order][1:] >= placed.last[order][:-1])[same].all()


# --- the same again ---


def columns(part: object) -> dict[str, np.ndarray]:
    return {name: getattr(part, name) for name in part.__dataclass_fields__}  # type: ignore[attr-defined]


def test_the_same_seed_makes_the_same_ward() -> None:
    one, two = ward_of(2), ward_of(2)
    for part in ("people", "surnames", "homes", "addresses", "incomes", "unions", "placements"):
        for name, values in columns(getattr(one, part)).items():
            assert np.array_equal(values, getattr(getattr(two, part), name)), f"{part}.{name}"


def test_another_seed_or_ward_has_other_people() -> None:
    one, other, next_door = ward_of(1), ward_of(1, seed=12), ward_of(1, number=1)
    count = min(len(one), len(other), len(next_door))
    for ward in (other, next_door):
        assert (one.people.birth[:count] == ward.people.birth[:count]).mean() < 0.1


def test_a_ward_of_more_years_is_the_same_in_its_first_years() -> None:
    short, long = ward_of(3), ward_of(4)
    count, end = len(short), short.span.last
    for name, values in columns(short.people).items():
        longer = getattr(long.people, name)[:count]
        if name in ("death", "departure"):
            longer = np.where(longer > end + 1, NEVER, longer)
            values = np.where(values > end + 1, NEVER, values)
        assert np.array_equal(values, longer), name
    assert (long.people.arrival[count:] > end).all()
    for part in ("surnames", "homes", "addresses", "incomes"):
        before = columns(getattr(short, part))
        after = columns(getattr(long, part))
        known = count if part in ("surnames", "homes") else short.households
        kept = (after["first"] <= end) & (after["owner"] < known)
        for name, values in before.items():
            assert np.array_equal(values, after[name][kept]), f"{part}.{name}"
    kept = (long.unions.first <= end) & (long.unions.one < count)
    assert np.array_equal(short.unions.one, long.unions.one[kept])
    assert np.array_equal(np.minimum(short.unions.last, end + 1), np.minimum(long.unions.last[kept], end + 1))
    kept = (long.placements.first <= end) & (long.placements.child < count)
    assert np.array_equal(short.placements.child, long.placements.child[kept])
