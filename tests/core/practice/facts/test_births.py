"""Births: who has one, what twins share, and what follows from a low income."""

from __future__ import annotations

import numpy as np
import pytest

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.facts.births import PAYERS, Births, birth_order, births
from infotrust.core.practice.facts.deaths import deaths
from infotrust.core.practice.facts.health import medicaid_members
from infotrust.core.practice.facts.parents import SCHOOLING, husbands, schooling_of
from infotrust.core.practice.ward import ALWAYS, YEAR, Ward

PEOPLE = 6_000


@pytest.fixture(scope="module")
def ward() -> Ward:
    return County(PEOPLE, seed=5, span=Span(years=5)).ward(0)


@pytest.fixture(scope="module")
def born(ward: Ward) -> Births:
    return ward.of(births)


def test_every_newborn_of_the_countys_years_has_a_birth_and_nobody_who_moved_in(ward: Ward, born: Births) -> None:
    people = ward.people
    here = (people.arrival == people.birth) & (people.birth >= ward.span.first)
    assert here.sum() > 200
    assert np.isin(np.flatnonzero(here), born.child).all()
    came = (people.arrival != people.birth) & (people.arrival != ALWAYS)
    assert came.sum() > 200
    assert not came[born.child].any()


def test_most_founding_children_have_a_birth_and_some_were_born_elsewhere(ward: Ward, born: Births) -> None:
    people = ward.people
    founding = np.flatnonzero((people.arrival == ALWAYS) & (people.birth >= ward.span.first - int(8 * YEAR)))
    known = founding[people.mother[founding] >= 0]
    share = np.isin(known, born.child).mean()
    assert 0.6 < share < 0.85


def test_twins_share_what_their_mother_did_but_not_their_weight(ward: Ward, born: Births) -> None:
    many = np.flatnonzero(ward.people.plurality[born.child] > 1)
    order = many[np.lexsort((born.mother[many], born.on[many]))]
    pairs = (born.mother[order][1:] == born.mother[order][:-1]) & (born.on[order][1:] == born.on[order][:-1])
    one, other = order[:-1][pairs], order[1:][pairs]
    assert len(one) >= 5
    for column in ("weeks", "payer", "trimester", "wic", "smoked", "mother_schooling", "hospital", "address"):
        assert (getattr(born, column)[one] == getattr(born, column)[other]).all(), column
    assert (born.grams[one] != born.grams[other]).mean() > 0.9
    assert (born.order[one] != born.order[other]).all()


def test_birth_order_counts_the_mothers_children(ward: Ward) -> None:
    order, people = ward.of(birth_order), ward.people
    second = np.flatnonzero(order == 2)
    first = {int(people.mother[child]): int(people.birth[child]) for child in np.flatnonzero(order == 1)}
    assert len(second) > 100
    assert all(first[int(people.mother[child])] <= people.birth[child] for child in second)


def test_a_father_is_named_only_where_he_is_married_to_the_mother_or_acknowledged_the_child(born: Births) -> None:
    assert not (born.father_named & (born.father < 0)).any()
    assert not (born.acknowledged & born.married).any()
    alone = ~born.married & ~born.acknowledged
    assert alone.sum() > 20
    assert not born.father_named[alone].any()


def test_medicaid_pays_where_it_covers_the_mother_on_the_day(ward: Ward, born: Births) -> None:
    within = np.flatnonzero(born.on >= ward.span.first)
    covered = ward.of(medicaid_members).covers(born.mother[within], born.on[within])
    assert 0.2 < covered.mean() < 0.7
    assert ((born.payer[within] == PAYERS.index("medicaid")) == covered).all()


def test_early_and_light_births_come_near_the_national_shares(ward: Ward, born: Births) -> None:
    assert 0.07 < (born.weeks < 37).mean() < 0.14  # NCHS 2022: 10.4 percent
    assert 0.05 < (born.grams < 2500).mean() < 0.12  # 8.6 percent
    assert 0.70 < (born.trimester == 1).mean() < 0.86  # 77.0 percent
    twins = ward.people.plurality[born.child] == 2
    assert (born.weeks[twins] < 37).mean() > 3 * (born.weeks[~twins] < 37).mean()


def test_poor_mothers_come_to_care_later_and_smoke_more(born: Births) -> None:
    poor = born.income < 2
    assert (born.trimester[poor] == 1).mean() < (born.trimester[~poor] == 1).mean() - 0.05
    assert born.smoked[poor].mean() > born.smoked[~poor].mean()


def test_nobody_below_21_has_a_degree(ward: Ward) -> None:
    who = np.flatnonzero(ward.people.mother >= 0)
    reached = schooling_of(ward, who, ward.people.birth[who] + int(20.5 * YEAR))
    assert reached.max() < SCHOOLING.index("bachelor")
    assert schooling_of(ward, who, ward.people.birth[who] + int(30 * YEAR)).max() == SCHOOLING.index("bachelor")


def test_husband_and_wife_are_married_to_each_other(ward: Ward) -> None:
    who = np.flatnonzero(ward.present(np.arange(len(ward)), ward.span.first))
    married, partner = husbands(ward, who, np.full(len(who), ward.span.first))
    assert married.mean() > 0.2
    wed = who[married]
    back = husbands(ward, partner[married], np.full(len(wed), ward.span.first))[1]
    assert (back == wed).all()


def test_the_dead_were_residents_and_infants_die_of_infants_causes(ward: Ward) -> None:
    died = ward.of(deaths)
    assert len(died.person) > 100
    assert (ward.people.death[died.person] == died.on).all()
    assert (ward.people.departure[died.person] > died.on).all()
    assert ((died.on >= ward.span.first) & (died.on <= ward.span.last)).all()
    old = died.age >= 65
    assert old.mean() > 0.5
    assert died.cause[old].min() >= 3  # neither perinatal, congenital nor sudden infant death


def test_a_longer_county_has_the_same_births() -> None:
    short, long = (County(3_000, seed=8, span=Span(years=years)).ward(0).of(births) for years in (3, 4))
    last = Span(years=3).last
    for column in ("weeks", "grams", "payer", "trimester", "mother_schooling", "wic", "address", "order"):
        assert (getattr(short, column) == getattr(long, column)[long.on <= last]).all(), column


def test_newborns_are_ventilated_in_intensive_care_only(born: Births) -> None:
    assert born.ventilated.any()
    assert born.intensive_care[born.ventilated].all()


def test_grown_people_of_all_ages_can_die_by_suicide_overdose_and_homicide(ward: Ward) -> None:
    groups = ward.parameters.death_certificates.causes
    for name in ("from_15", "from_35", "from_65"):
        assert {"suicide", "overdose", "homicide"} <= set(groups[name]), name
