"""How often things happen in a ward of 20,000, beside the published figures that the parameters file names.

Intervals hold the published figure and about three standard errors of a ward of this size.
"""

from __future__ import annotations

import numpy as np
import pytest

from infotrust.core.practice.calendar import Period, Span
from infotrust.core.practice.life import make_ward
from infotrust.core.practice.parameters import load_parameters
from infotrust.core.practice.place import make_place
from infotrust.core.practice.ward import NEVER, YEAR, Ward

PEOPLE, SEED = 20_000, 3


@pytest.fixture(scope="module")
def wards() -> list[Ward]:
    span, parameters = Span(), load_parameters()
    place = make_place(2 * PEOPLE, SEED, span, parameters)
    return [make_ward(number, PEOPLE, SEED, span, parameters, place) for number in range(2)]


@pytest.fixture(scope="module")
def ward(wards: list[Ward]) -> Ward:
    return wards[0]


def middle(period: Period) -> int:
    return (period.first + period.last) // 2


def person_years(ward: Ward, low: float, high: float, *, women: bool = False) -> int:
    count = 0
    for period in ward.span.periods:
        who = ward.residents(middle(period))
        age = ward.age(who, middle(period))
        count += int(((age >= low) & (age < high) & ~(ward.people.male[who] & women)).sum())
    return count


def newborns(ward: Ward) -> np.ndarray:
    return np.flatnonzero(ward.people.arrival == ward.people.birth)


def partners(ward: Ward, day: int, *, married: bool = False) -> np.ndarray:
    unions = ward.unions
    now = (unions.first <= day) & (unions.last > day) & (unions.married | (not married))
    has = np.zeros(len(ward), dtype=bool)
    has[unions.one[now]] = has[unions.other[now]] = True
    return has


def test_a_ward_keeps_its_size_and_ages(ward: Ward) -> None:
    first, last = ward.residents(ward.span.first), ward.residents(ward.span.last)
    assert PEOPLE * 0.995 <= len(first) <= PEOPLE * 1.002
    assert 0.95 <= len(last) / len(first) <= 1.10
    edges = [0, 5, 18, 25, 35, 45, 55, 65, 75, 120]
    published = np.array([6.0, 16.3, 9.2, 13.9, 12.7, 12.7, 12.9, 9.7, 6.7])  # ACS 2019, table S0101, about
    for who, day in ((first, ward.span.first), (last, ward.span.last)):
        shares = 100 * np.histogram(ward.age(who, day), edges)[0] / len(who)
        assert np.abs(shares - published).max() < 3.0, shares


def test_births_deaths_and_teen_births_are_as_frequent_as_published(ward: Ward) -> None:
    born = newborns(ward)
    age = (ward.people.birth[born] - ward.people.birth[ward.people.mother[born]]) / YEAR
    assert 50 <= 1000 * len(born) / person_years(ward, 15, 45, women=True) <= 62  # NCHS 2016 to 2023: 54.5 to 62
    assert 11 <= 1000 * (age < 20).sum() / person_years(ward, 15, 20, women=True) <= 23  # NCHS: 13 to 20
    deaths = int((ward.people.death < NEVER).sum())
    assert 8.2 <= 1000 * deaths / person_years(ward, 0, 120) <= 10.6  # NCHS 2016 to 2023: 8.5 to 10.4


def test_twins_are_about_31_of_1000_newborns(wards: list[Ward]) -> None:
    plurality = np.concatenate([one.people.plurality[newborns(one)] for one in wards])
    assert len(plurality) > 3000
    assert 22 <= 1000 * (plurality == 2).mean() <= 41  # NCHS 2022: 31.1


def test_boys_and_unmarried_mothers_have_their_share_of_births(ward: Ward) -> None:
    born = newborns(ward)
    assert 0.48 <= ward.people.male[born].mean() <= 0.54
    mother, day = ward.people.mother[born], ward.people.birth[born]
    unions = ward.unions
    unmarried = 0
    for one, when in zip(mother, day, strict=True):
        mine = ((unions.one == one) | (unions.other == one)) & unions.married
        unmarried += not (mine & (unions.first <= when) & (unions.last > when)).any()
    assert 0.36 <= unmarried / len(born) <= 0.47  # NCHS 2022: 39.8 %


def test_one_person_in_eight_lives_elsewhere_a_year_later(ward: Ward) -> None:
    moved = stayed = came = 0
    for period in ward.span.periods:
        who = np.arange(len(ward))
        who = who[ward.present(who, period.first) & ward.present(who, period.last)]
        homes = [ward.addresses.address[ward.home(who, day)] for day in (period.first, period.last)]
        moved, stayed = moved + int((homes[0] != homes[1]).sum()), stayed + len(who)
        arrival = ward.people.arrival[ward.residents(period.last)]
        newcomer = ward.people.birth[ward.residents(period.last)] < period.first
        came += int((newcomer & (arrival > period.first)).sum())
    assert 0.10 <= (moved + came) / (stayed + came) <= 0.145  # ACS 2019: 13.7 %; CPS 2022: 8.7 %


def test_people_are_married_partnered_and_part_as_often_as_published(ward: Ward) -> None:
    unions, people = ward.unions, ward.people
    for day in (ward.span.first, ward.span.last):
        who = ward.residents(day)
        grown, middle_aged = ward.age(who, day) >= 15, (ward.age(who, day) >= 30) & (ward.age(who, day) < 65)
        assert 0.43 <= partners(ward, day, married=True)[who[grown]].mean() <= 0.53  # ACS 2019, S1201: 48 %
        assert 0.62 <= partners(ward, day)[who[middle_aged]].mean() <= 0.74
    ended = unions.married & (unions.last < NEVER) & (unions.last >= ward.span.first)
    ended &= (people.death[unions.one] != unions.last) & (people.death[unions.other] != unions.last)
    assert 1.5 <= 1000 * ended.sum() / person_years(ward, 0, 120) <= 3.2  # NCHS 2019: 2.7 divorces of 1,000 people


def test_incomes_are_spread_as_published(ward: Ward) -> None:
    day = ward.span.first + 900
    who = ward.residents(day)
    ratio, child = ward.income(who, day), ward.age(who, day) < 18
    assert 0.08 <= (ratio < 1).mean() <= 0.14  # Census P60: 10.5 to 12.7 %
    assert 0.23 <= (ratio < 2).mean() <= 0.33  # Census P60: 26 to 30 %
    assert (ratio[child] < 1).mean() > (ratio[~child] < 1).mean()


def test_low_income_stays_with_people_and_with_places(ward: Ward) -> None:
    now, later = ward.span.first + 100, ward.span.first + 100 + 730
    who = np.arange(len(ward))
    who = who[ward.present(who, now) & ward.present(who, later)]
    before, after = np.log(ward.income(who, now)), np.log(ward.income(who, later))
    assert 0.55 < np.corrcoef(before, after)[0, 1] < 0.95
    low = (ward.income(who, now) < 2).astype(float)
    tract = ward.tract(who, now)
    share = np.bincount(tract, weights=low, minlength=ward.place.tracts) / np.maximum(np.bincount(tract), 1)
    assert np.corrcoef(share, ward.place.poverty)[0, 1] > 0.7


def test_tracts_keep_their_shares_of_low_income_households_over_ten_years(wards: list[Ward]) -> None:
    place = wards[0].place
    for day in (wards[0].span.first, wards[0].span.last):
        low, every = np.zeros(place.tracts), np.zeros(place.tracts)
        for ward in wards:
            home = np.unique(ward.household(ward.residents(day), day))
            tract = ward.addresses.tract[ward.addresses.at(home, day)]
            every += np.bincount(tract, minlength=place.tracts)
            low += np.bincount(tract[ward.household_income(home, day) < 2], minlength=place.tracts)
        assert 0.75 < np.polyfit(place.poverty, low / every, 1)[0] < 1.25
        assert np.abs(low / every - place.poverty).mean() < 0.06


def test_households_stay_as_large_and_as_often_of_one_person(wards: list[Ward]) -> None:
    for day in (wards[0].span.first, wards[0].span.last):
        homes = [ward.household(ward.residents(day), day) for ward in wards]
        sizes = np.concatenate([np.bincount(one)[np.unique(one)] for one in homes])
        assert 2.3 <= sizes.mean() <= 2.6  # CPS 2022: 2.50
        assert 0.25 <= (sizes == 1).mean() <= 0.31  # CPS 2022: 29 %


def test_children_are_poor_and_live_with_two_parents_as_often_as_published(wards: list[Ward]) -> None:
    for day in (wards[0].span.first, wards[0].span.last):
        poor = both = grown = children = young = 0
        for ward in wards:
            who = ward.residents(day)
            age, home = ward.age(who, day), np.full(len(ward), -1)
            home[who] = ward.household(who, day)
            with_mother, with_father = (
                (parent[who] >= 0) & (home[parent[who]] == home[who])
                for parent in (ward.people.mother, ward.people.father)
            )
            child, twenties = age < 18, (age >= 25) & (age < 35)
            poor, children = poor + int((ward.income(who, day)[child] < 1).sum()), children + int(child.sum())
            both += int((with_mother & with_father)[child].sum())
            grown, young = grown + int((with_mother | with_father)[twenties].sum()), young + int(twenties.sum())
        assert 0.125 <= poor / children <= 0.20  # ACS 2016 to 2022: 16.3 to 19.5 %; CPS 14.4 to 18.0 %
        assert 0.60 <= both / children <= 0.72  # CPS 2022: 70 % with two parents, a parent's partners among them
        assert 0.12 <= grown / young <= 0.21  # CPS 2019 to 2022, table AD-1: about 16 to 18 %


def test_about_five_of_1000_children_are_in_foster_care(ward: Ward) -> None:
    placed, in_care, children = ward.placements, 0, 0
    for period in ward.span.periods:
        day = middle(period)
        now = (placed.first <= day) & (placed.last > day) & ward.present(placed.child, day)
        in_care += int((now & (ward.age(placed.child, day) < 18)).sum())
        who = ward.residents(day)
        children += int((ward.age(who, day) < 18).sum())
    assert 2.5 <= 1000 * in_care / children <= 8.5  # AFCARS 2021: 5.3


def test_children_of_teen_mothers_and_of_mothers_once_in_care_are_removed_more_often(wards: list[Ward]) -> None:
    """The planted cause: each of the two raises the hazard of a removal."""
    counts, start = np.zeros((3, 2)), wards[0].span.first
    for ward in wards:
        people, placed = ward.people, ward.placements
        child = np.flatnonzero((people.mother >= 0) & (people.birth > start - 8 * 366))
        teen = people.birth[child] - people.birth[people.mother[child]] < 20 * YEAR
        first = np.full(len(ward), NEVER)
        np.minimum.at(first, placed.child, placed.first)
        in_care = first[people.mother[child]] < people.birth[child]
        removed = np.isin(child, placed.child[placed.first >= start])
        for row, group in enumerate((~teen & ~in_care, teen & ~in_care, in_care)):
            counts[row] += removed[group].sum(), group.sum()
    usual, teen_mother, mother_in_care = counts[:, 0] / counts[:, 1]
    assert teen_mother > 1.8 * usual
    assert mother_in_care > 2.0 * usual


def test_some_wives_take_and_some_give_back_a_name(ward: Ward) -> None:
    unions, names = ward.unions, ward.surnames
    weddings = unions.married & (unions.first >= ward.span.first) & ~ward.people.male[unions.one]
    weddings &= unions.first > ward.people.arrival[unions.one]
    wives, day = unions.one[weddings], unions.first[weddings]
    row_before, row_after = names.at(wives, day - 1), names.at(wives, day)
    assert 0.6 <= (row_before != row_after).mean() <= 0.9
    assert any("-" in name for name in names.family[row_after])


def test_kin_live_in_other_households_too(ward: Ward) -> None:
    day = ward.span.first
    who = ward.residents(day)
    grown = who[ward.age(who, day) >= 25]
    mother = ward.people.mother[grown]
    known = mother >= 0
    apart = known.copy()
    apart[known] = ward.household(grown[known], day) != ward.household(mother[known], day)
    assert 0.12 <= apart.mean() <= 0.45


def test_fathers_and_grown_sons_share_all_names(ward: Ward) -> None:
    sons = np.flatnonzero((ward.people.suffix != "") & (ward.people.birth < ward.span.first - 18 * YEAR))
    assert len(sons) > 30
    assert (ward.people.given[sons] == ward.people.given[ward.people.father[sons]]).all()
