"""The county as a place: tracts that differ as stated, addresses that can be found, services where they were put."""

from __future__ import annotations

import numpy as np
import pytest

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.chance import chances
from infotrust.core.practice.parameters import load_parameters
from infotrust.core.practice.place import INCOME_EDGES, MEASURES, Place, make_place
from infotrust.core.practice.streets import LOTS, ROOM, UNIT_WORDS, street_names

PARAMETERS = load_parameters()
HOUSEHOLDS = 40_000


@pytest.fixture(scope="module")
def place() -> Place:
    return make_place(200_000, 1, Span(), PARAMETERS)


@pytest.fixture(scope="module")
def tract(place: Place) -> np.ndarray:
    """Tracts of households whose incomes are shared out as the parameters say."""
    who = np.arange(HOUSEHOLDS)
    income, community = drawn()
    return place.draw_tract(chances("tract", 1, who), income, community)


def drawn() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    shares = list(PARAMETERS.place.income.shares.values())
    middle = np.array([0.5, 1.5, 3.0, 6.0])
    communities = list(PARAMETERS.communities.shares.values())
    return middle[rng.choice(4, HOUSEHOLDS, p=shares)], rng.choice(len(communities), HOUSEHOLDS, p=communities)


def neighbors(place: Place) -> np.ndarray:
    away = np.hypot(place.x[:, None] - place.x, place.y[:, None] - place.y)
    np.fill_diagonal(away, np.inf)
    return away.argmin(axis=1)


# --- the landscape ---


def test_the_same_arguments_make_the_same_place(place: Place) -> None:
    again = make_place(200_000, 1, Span(), PARAMETERS)
    assert (again.rent == place.rent).all()
    assert (again.mix == place.mix).all()
    other = make_place(200_000, 2, Span(), PARAMETERS)
    assert not np.allclose(other.poverty, place.poverty)


def test_a_longer_county_has_the_same_first_years(place: Place) -> None:
    longer = make_place(200_000, 1, Span(years=13), PARAMETERS)
    for name in MEASURES:
        assert (getattr(longer, name)[:, :10] == getattr(place, name)).all()
    assert longer.prek_sites.code.tolist() == place.prek_sites.code.tolist()
    assert (longer.prek_sites.tract == place.prek_sites.tract).all()


def test_a_shorter_county_has_only_the_pre_k_sites_opened_in_its_years(place: Place) -> None:
    shorter = make_place(200_000, 1, Span(years=2), PARAMETERS).prek_sites
    assert (shorter.opened < 2018).all()
    assert (shorter.tract == place.prek_sites.tract[: len(shorter.tract)]).all()
    assert len(shorter.tract) < len(place.prek_sites.tract)


@pytest.mark.parametrize("people", [200, 24_000, 1_000_000])
def test_there_is_a_tract_for_four_thousand_people_and_six_at_least(people: int) -> None:
    made = make_place(people, 1, Span(years=1), PARAMETERS)
    assert made.tracts == max(6, round(people / 4000))
    assert len(set(made.code)) == made.tracts


def test_communities_and_incomes_add_up_to_the_countys(place: Place) -> None:
    shares = np.array(list(PARAMETERS.communities.shares.values()))
    assert place.mix.sum(axis=1) == pytest.approx(1)
    assert place.share @ place.mix == pytest.approx(shares, abs=1e-6)
    low = sum(list(PARAMETERS.place.income.shares.values())[:2])
    assert place.share @ place.poverty == pytest.approx(low, abs=1e-6)


def test_poverty_clusters_in_neighborhoods(place: Place) -> None:
    near = np.corrcoef(place.poverty, place.poverty[neighbors(place)])[0, 1]
    assert near > 0.4


def test_black_and_white_people_live_apart_as_in_a_metropolitan_county(place: Place) -> None:
    codes = list(PARAMETERS.communities.shares)
    black, white = (place.share * place.mix[:, codes.index(code)] for code in ("black", "english"))
    apart = np.abs(black / black.sum() - white / white.sum()).sum() / 2
    assert 0.4 < apart < 0.65


def test_each_measure_goes_with_poverty_as_stated_and_with_no_other_beyond_that(place: Place) -> None:
    """The parts of the measures that are not poverty are uncorrelated, so that a regression can tell them apart."""
    logs = {name: np.log(getattr(place, name)).mean(axis=1) for name in MEASURES}
    poverty = np.log(place.poverty / (1 - place.poverty))
    own = {}
    for name, values in logs.items():
        stated = PARAMETERS.place[name].poverty
        assert np.corrcoef(values, poverty)[0, 1] == pytest.approx(stated, abs=0.15), name
        own[name] = values - np.polyval(np.polyfit(poverty, values, 1), poverty)
    between = np.corrcoef(np.stack(list(own.values())))
    assert np.abs(between - np.eye(len(MEASURES))).max() < 0.25


def test_tracts_change_from_year_to_year_around_their_own_level(place: Place) -> None:
    crime = np.log(place.violent_crime)
    change = np.diff(crime, axis=1)
    assert 0.05 < change.std() < 0.3
    assert np.corrcoef(crime[:, 0], crime[:, -1])[0, 1] > 0.8


def test_rents_rise_as_stated(place: Place) -> None:
    rise = np.log(np.median(place.rent[:, -1]) / np.median(place.rent[:, 0])) / 9
    assert rise == pytest.approx(PARAMETERS.place.rent.growth, abs=0.01)


# --- where households settle ---


def test_households_settle_by_size_income_and_community(place: Place, tract: np.ndarray) -> None:
    income, community = drawn()
    count = np.bincount(tract, minlength=place.tracts)
    assert count / HOUSEHOLDS == pytest.approx(place.share, rel=0.35)
    low = np.bincount(tract, weights=income < INCOME_EDGES[1], minlength=place.tracts) / count
    assert np.corrcoef(low, place.poverty)[0, 1] > 0.97
    assert 1.1 < np.polyfit(place.poverty, low, 1)[0] < 2.0  # movers sort more than residents (`movers_sort`)
    black = np.bincount(tract, weights=community == 1, minlength=place.tracts) / count
    assert np.corrcoef(black, place.mix[:, 1])[0, 1] > 0.97


def test_low_incomes_fit_poor_tracts_and_high_ones_others(place: Place) -> None:
    poor, rich = int(place.poverty.argmax()), int(place.poverty.argmin())
    tract, ratio = np.array([poor, poor, rich, rich]), np.array([0.5, 6.0, 0.5, 6.0])
    fit = place.fit(tract, ratio)
    assert fit[0] > 1.3
    assert fit[3] > 1.3
    assert fit[1] < 0.8
    assert fit[2] < 0.8


@pytest.mark.parametrize("chance", [0.0, 1 - 2**-53])
def test_the_ends_of_a_chance_fall_into_a_tract_and_onto_an_address(place: Place, chance: float) -> None:
    kinds = len(PARAMETERS.communities.shares)
    ends = np.full(kinds, chance)
    tract = place.draw_tract(ends, np.full(kinds, 3.0), np.arange(kinds))
    assert ((tract >= 0) & (tract < place.tracts)).all()
    every = np.arange(place.tracts)
    assert (place.tract_of(place.draw_address(np.full(place.tracts, chance), every)) == every).all()


# --- addresses ---


def test_an_address_lies_in_the_tract_it_was_drawn_for(place: Place, tract: np.ndarray) -> None:
    address = place.draw_address(chances("address", 1, np.arange(HOUSEHOLDS)), tract)
    assert (place.tract_of(address) == tract).all()
    assert (place.zip_of(address) == place.zip[tract]).all()
    assert (place.city_of(address) == place.city[tract]).all()


def test_street_town_and_number_tell_the_tract(place: Place, tract: np.ndarray) -> None:
    """What an analyst does with place/streets: find the tract of a written address."""
    streets = place.streets
    block = np.arange(len(streets.block_street))
    found = {
        (streets.names[street], hundred, city)
        for street, hundred, city in zip(
            streets.block_street, streets.block_hundred, place.city[streets.block_tract], strict=True
        )
    }
    assert len(found) == len(block)
    address = place.draw_address(chances("address", 1, np.arange(HOUSEHOLDS)), tract)
    number, _ = streets.number_and_unit(address)
    assert (number // LOTS == streets.block_hundred[address // ROOM]).all()


def test_written_addresses_are_as_many_as_addresses(place: Place, tract: np.ndarray) -> None:
    address = place.draw_address(chances("address", 1, np.arange(HOUSEHOLDS)), tract)
    written = set(zip(place.street(address), place.city_of(address), strict=True))
    assert len(written) == len(np.unique(address))


def test_a_written_address_has_a_number_a_street_and_perhaps_a_unit(place: Place, tract: np.ndarray) -> None:
    address = place.draw_address(chances("address", 1, np.arange(HOUSEHOLDS)), tract)
    words = [text.split() for text in place.street(address)]
    assert all(one[0].isdecimal() and int(one[0]) >= 100 for one in words)
    units = np.mean([any(word in UNIT_WORDS for word in one[2:]) for one in words])
    apartments = PARAMETERS.place.buildings["small"] + PARAMETERS.place.buildings["large"]
    assert units == pytest.approx(apartments, abs=0.06)


def test_apartment_houses_have_many_homes_at_one_number(place: Place, tract: np.ndarray) -> None:
    address = place.draw_address(chances("address", 1, np.arange(HOUSEHOLDS)), tract)
    number, unit = place.streets.number_and_unit(np.unique(address))
    block = np.unique(address) // ROOM
    _, homes = np.unique(np.stack([block, number])[:, unit > 0], axis=1, return_counts=True)
    assert homes.max() > 8


def test_few_households_share_an_address_by_chance(place: Place, tract: np.ndarray) -> None:
    """80,000 households would live in this county; half of them are drawn here."""
    address = place.draw_address(chances("address", 1, np.arange(HOUSEHOLDS)), tract)
    _, homes = np.unique(address, return_counts=True)
    assert homes[homes > 1].sum() / HOUSEHOLDS < 0.12


def test_a_street_runs_through_several_tracts(place: Place) -> None:
    pairs = np.unique(np.stack([place.streets.block_street, place.streets.block_tract]), axis=1)
    assert np.median(np.bincount(pairs[0])) >= 3


def test_towns_have_street_names_in_common_but_none_twice() -> None:
    first, second = street_names(300, 1, 0), street_names(300, 1, 1)
    assert len(set(first)) == len(set(second)) == 300
    assert set(first) & set(second)


def test_zip_codes_are_of_groups_never_given_out(place: Place) -> None:
    assert all(code[:3] in ("348", "345", "343", "353", "419", "428", "429") and len(code) == 5 for code in place.zip)
    for code in set(place.zip):
        assert len(set(place.city[place.zip == code])) == 1


# --- services ---


def test_every_tract_has_a_school_of_each_level_that_stands_in_its_area(place: Place) -> None:
    every = np.arange(place.tracts)
    for level in ("E", "M", "H"):
        school = place.school_of(every, level)
        assert (place.schools.level[school] == level).all()
        assert (place.school_of(place.schools.tract[school], level) == school).all()
    assert len(set(place.schools.code)) == len(place.schools.code)
    assert len(set(place.schools.name)) == len(place.schools.name)


def test_a_stated_share_of_low_income_tracts_has_no_pre_k_site(place: Place) -> None:
    wanted = PARAMETERS.place.prek
    needy = np.flatnonzero(place.poverty >= wanted.low_income_tract)
    without = np.setdiff1d(needy, place.prek_sites.tract)
    assert len(without) == round(len(needy) * wanted.low_income_without)
    assert len(without) > 0


def test_pre_k_has_about_the_stated_seats(place: Place) -> None:
    wanted = PARAMETERS.place.prek
    seats = wanted.seats_for_a_child * wanted.children * 200_000
    assert place.prek_sites.seats.sum() == pytest.approx(seats, rel=0.3)


def test_shelters_of_victim_services_are_in_no_homeless_information_system() -> None:
    shelters = make_place(2_000_000, 1, Span(years=1), PARAMETERS).shelters
    victims = shelters.kind == 3
    assert victims.any()
    assert not shelters.in_hmis[victims].any()
    assert shelters.in_hmis[~victims].mean() == pytest.approx(PARAMETERS.place.shelters.in_hmis, abs=0.12)


def test_the_smallest_county_has_a_shelter_of_each_kind_and_two_hospitals() -> None:
    small = make_place(200, 1, Span(years=1), PARAMETERS)
    assert sorted(small.shelters.kind) == [0, 1, 2, 3]
    assert len(small.hospitals.code) == 2
    assert small.hospitals.share.sum() == pytest.approx(1)


def test_every_community_whose_neighborhoods_are_described_is_one_of_the_county() -> None:
    assert set(PARAMETERS.place.community_in_poverty) <= set(PARAMETERS.communities.shares)
