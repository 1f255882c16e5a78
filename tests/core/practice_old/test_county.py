"""The county is the same for the same seed, as large as asked for, and made of plausible families."""

from __future__ import annotations

import numpy as np
import pytest

from infotrust.core.errors import UserFacingError
from infotrust.core.practice_old import make_county
from infotrust.core.practice_old.county import ADDRESSES_KEPT, BASE, HORIZON, UNCHANGED, YEAR, County
from infotrust.core.practice_old.parameters import Families, Parameters, Programs


@pytest.fixture(scope="module")
def county() -> County:
    return make_county(20_000, seed=7)


@pytest.mark.parametrize("people", [200, 201, 1_999, 5_000])
def test_county_has_as_many_people_as_asked_for(people):
    county = make_county(people, seed=3)
    assert int((county.person.birth <= BASE).sum()) == people


def test_same_seed_makes_the_same_county_and_another_seed_another():
    first, again, other = make_county(2_000, seed=5), make_county(2_000, seed=5), make_county(2_000, seed=6)
    for name in ("birth", "given", "first_surname", "household", "renamed_on"):
        assert np.array_equal(getattr(first.person, name), getattr(again.person, name))
    assert np.array_equal(first.addresses, again.addresses)
    assert not np.array_equal(first.person.birth[:200], other.person.birth[:200])


def test_every_household_has_one_head_and_comes_in_order(county):
    person = county.person
    assert np.array_equal(person.household[person.head], np.arange(len(county.household.income)))
    assert (np.diff(person.household) >= 0).all()


def test_parents_live_with_their_children_and_are_old_enough(county):
    person = county.person
    has = person.mother >= 0
    assert np.array_equal(person.household[has], person.household[person.mother[has]])
    age = (person.birth[has] - person.birth[person.mother[has]]) / YEAR
    assert age.min() > 13
    assert age.max() < 46
    assert 26 < np.median(age) < 32


def test_twins_share_birthday_and_household_and_are_about_31_of_1000_newborns():
    county = make_county(60_000, seed=2)
    person = county.person
    pairs = np.flatnonzero((person.delivery[1:] == person.delivery[:-1]) & (person.delivery[1:] >= 0)) + 1
    assert np.array_equal(person.birth[pairs], person.birth[pairs - 1])
    assert np.array_equal(person.household[pairs], person.household[pairs - 1])
    share = 2 * len(pairs) / person.child.sum()
    assert 0.024 < share < 0.039  # 31 per 1,000, give or take four standard errors


def test_brothers_and_sisters_have_different_names(county):
    person = county.person
    kids = np.flatnonzero(person.child)
    names = {(int(person.household[kid]), person.given[kid]) for kid in kids}
    assert len(names) == len(kids)


def test_sons_named_like_their_father_bear_a_suffix(county):
    person = county.person
    juniors = np.flatnonzero(person.child & (person.suffix == "Jr"))
    assert len(juniors) > 10
    for son in juniors:
        father = person.father[son]
        assert (person.given[son], person.first_surname[son]) == (person.given[father], person.first_surname[father])


def test_surnames_change_at_a_known_day_and_only_then(county):
    changed = np.flatnonzero(county.person.renamed_on != UNCHANGED)
    assert len(changed) > 500
    before, _ = county.surname_parts(changed, county.person.renamed_on[changed] - 1)
    after, _ = county.surname_parts(changed, county.person.renamed_on[changed])
    assert np.array_equal(before, county.person.first_surname[changed])
    assert np.array_equal(after, county.person.new_surname[changed])


def test_hispanic_families_use_two_surnames_the_fathers_and_the_mothers(county):
    person = county.person
    two = np.flatnonzero(person.child & (person.second_surname != "") & (person.father >= 0) & (person.mother >= 0))
    assert len(two) > 100
    assert set(person.community[two]) == {"hispanic"}
    assert np.array_equal(person.first_surname[two], person.first_surname[person.father[two]])
    assert np.array_equal(person.second_surname[two], person.first_surname[person.mother[two]])


def test_addresses_change_with_moves_and_poorer_families_move_more(county):
    homes = np.arange(len(county.household.income))
    now = county.slot(homes, np.full(len(homes), BASE))
    then = county.slot(homes, np.full(len(homes), BASE - 365))
    assert (then >= now).all()
    assert then.max() < ADDRESSES_KEPT
    moved = then > now
    poor = county.household.income < county.parameters.programs.low_income
    assert 0.08 < moved[~poor].mean() < 0.14
    assert 0.17 < moved[poor].mean() < 0.27


def test_no_two_people_share_a_number_and_none_was_ever_issued(county):
    numbers = county.ssn(np.arange(len(county)))
    assert len(set(numbers.tolist())) == len(county)
    assert ((numbers // 10**6 >= 900) & (numbers // 10**4 % 100 < 50)).all()


def test_shares_of_ages_are_like_a_county(county):
    age = (BASE - county.person.birth[county.person.birth <= BASE]) / YEAR
    assert 0.19 < (age < 18).mean() < 0.28
    assert 0.09 < (age >= 65).mean() < 0.22
    assert county.person.birth.max() <= HORIZON


@pytest.mark.parametrize(("people", "seed"), [(0, 1), (199, 1), (6_000_000, 1), (500, -1)])
def test_impossible_county_is_refused(people, seed):
    with pytest.raises(UserFacingError):
        make_county(people, seed=seed)


def test_share_above_one_is_refused_by_name():
    with pytest.raises(UserFacingError, match=r"programs\.pre_k is 1\.5"):
        Parameters(programs=Programs(pre_k=1.5))


def test_shares_that_do_not_add_up_are_refused_by_name():
    with pytest.raises(UserFacingError, match=r"families\.births_wanted add up to 0\.9"):
        Parameters(families=Families(births_wanted=(0.5, 0.4, 0.0, 0.0, 0.0)))
