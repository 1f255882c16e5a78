"""Early intervention and preschool special education: who is found, when help begins, and what it does."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.facts.development import development, rate_of_help
from infotrust.core.practice.facts.early import EXITS, RESULTS, THIRD, part_c, part_c_referrals
from infotrust.core.practice.facts.noticing import CHANNELS, SENDERS, sends_electronically
from infotrust.core.practice.facts.preschool import kindergarten_day, preschool
from infotrust.core.practice.ward import NEVER, Ward

PEOPLE = 12_000


@pytest.fixture(scope="module")
def ward() -> Ward:
    return County(PEOPLE, seed=6, span=Span(years=6)).ward(0)


def test_nobody_is_served_after_the_third_birthday_or_away(ward: Ward) -> None:
    served, people = ward.of(part_c), ward.people
    third = people.birth[served.child] + THIRD
    assert len(served.child) > 80
    assert (served.on < third).all()
    over = served.last < NEVER
    assert (served.last[over] <= third[over]).all()
    assert (served.last >= served.on).all()
    assert (served.last[~over] == NEVER).all()
    assert (third[~over] > ward.span.last).all()
    assert ward.present(served.child, served.on).all()


def test_help_only_follows_contact_and_evaluation(ward: Ward) -> None:
    found = ward.of(part_c_referrals)
    served = found.result == RESULTS.index("served")
    assert served.sum() == len(ward.of(part_c).child)
    assert (found.on[served] <= found.contacted[served]).all()
    assert (found.contacted[served] <= found.evaluated[served]).all()
    assert (found.evaluated[served] <= found.closed[served]).all()
    lost = found.result == RESULTS.index("lost")
    assert lost.sum() > 50
    assert (found.contacted[lost] == NEVER).all()
    assert (found.contacted[~found.arrived] == NEVER).all()


def test_faxes_get_lost_and_electronic_referrals_do_not(ward: Ward) -> None:
    found = ward.of(part_c_referrals)
    fax, electronic = (found.channel == CHANNELS.index(name) for name in ("fax", "electronic"))
    assert fax.sum() > 100
    assert 0.15 < 1 - found.arrived[fax].mean() < 0.35
    assert 1 - found.arrived[electronic].mean() < 0.08


def test_about_one_referral_in_three_leads_to_services(ward: Ward) -> None:
    closed = ward.of(part_c_referrals).result
    share = (closed[closed > 0] == RESULTS.index("served")).mean()
    assert 0.2 < share < 0.42  # Atkins and others 2020: 34 percent


def test_a_child_is_referred_again_only_after_the_referral_before_came_to_nothing(ward: Ward) -> None:
    found = ward.of(part_c_referrals)
    again = found.row[1:] == found.row[:-1]
    assert again.sum() > 50
    assert (found.on[1:][again] > found.closed[:-1][again]).all()
    assert (found.result[:-1][again] != RESULTS.index("served")).all()


def test_children_who_are_further_behind_are_served_more_often(ward: Ward) -> None:
    children, served = ward.of(development), ward.of(part_c)
    within = np.zeros(len(children), dtype=bool)
    within[served.row] = True
    behind = children.lag > 1.5
    assert within[behind].mean() > 5 * within[~behind].mean()
    boys = ward.people.male[served.child].mean()
    assert 0.5 < boys < 0.75


def test_help_works_better_the_earlier_it_begins_and_never_less_than_none(ward: Ward) -> None:
    children, numbers = ward.of(development), ward.parameters.development
    rows = np.arange(len(children))
    at = [rate_of_help(children, rows, np.full(len(rows), age), numbers) for age in (0.5, 1.5, 2.9, 4.0)]
    assert all((earlier > later).all() for earlier, later in pairwise(at))
    assert (at[-1] > numbers.fades_alone).all()


def test_children_who_left_part_c_as_eligible_go_on_to_preschool(ward: Ward) -> None:
    served, later = ward.of(part_c), ward.of(preschool)
    third = ward.people.birth[served.child] + THIRD
    time = third < ward.span.last - 300
    eligible = served.child[(served.exit == EXITS.index("part_b")) & time]
    assert len(eligible) > 15
    assert np.isin(eligible, later.child).mean() > 0.8
    assert np.isin(later.child[later.from_part_c], served.child).all()


def test_preschool_begins_at_three_and_ends_with_kindergarten(ward: Ward) -> None:
    later = ward.of(preschool)
    age = ward.age(later.child, later.on)
    assert len(later.child) > 100
    assert age.min() > 2.98
    assert age.max() < 6
    assert (later.last >= later.on).all()
    assert (np.minimum(later.last, NEVER) <= np.maximum(kindergarten_day(ward.people.birth[later.child]), 0))[
        later.last < NEVER
    ].all()
    new = ~later.from_part_c
    assert ward.age(later.child[new], later.on[new]).mean() > ward.age(later.child[~new], later.on[~new]).mean() + 0.2


@pytest.mark.parametrize(
    ("birth", "day"),
    [("2015-09-01", 2020), ("2015-09-02", 2021), ("2016-02-29", 2021), ("2015-12-31", 2021), ("2016-08-31", 2021)],
)
def test_kindergarten_begins_in_the_august_before_the_sixth_birthday(birth: str, day: int) -> None:
    found = kindergarten_day(np.array([date.fromisoformat(birth).toordinal()]))
    assert date.fromordinal(int(found[0])).year == day
    assert date.fromordinal(int(found[0])).month == 8


def test_ratings_are_from_one_to_seven_and_only_long_service_is_rated_at_the_exit(ward: Ward) -> None:
    for served in (ward.of(part_c), ward.of(preschool)):
        assert served.entry.min() >= 1
        assert served.entry.max() <= 7
        rated = served.exit_rating[:, 0] > 0
        assert rated.sum() > 30
        assert (served.last[rated] - served.on[rated] >= 183).all()
        assert (served.exit_rating[~rated] == 0).all()


def test_an_office_that_sends_electronically_goes_on_doing_so(ward: Ward) -> None:
    for sender in ("hospital", "doctor", "home_visiting", "child_welfare", "wic"):
        offices = np.arange(12 if sender == "home_visiting" else 60)
        years = [date(year, 10, 1).toordinal() for year in range(2016, 2022)]
        sends = np.stack([sends_electronically(ward, sender, offices, np.full(len(offices), day)) for day in years])
        assert (sends[1:] >= sends[:-1]).all()
        assert sends[-1].sum() > sends[0].sum()
        assert sender in SENDERS


def test_a_longer_county_has_the_same_referrals_and_plans() -> None:
    short, long = (County(6_000, seed=8, span=Span(years=years)).ward(0) for years in (3, 4))
    last = short.span.last
    one, other = short.of(part_c_referrals), long.of(part_c_referrals)
    assert (one.on == other.on[other.on <= last]).all()
    assert (one.sender == other.sender[other.on <= last]).all()
    known = one.closed < NEVER
    assert (one.result[known] == other.result[other.on <= last][known]).all()
    first, second = short.of(part_c), long.of(part_c)
    same = second.on <= last
    assert (first.child == second.child[same]).all()
    assert (first.entry == second.entry[same]).all()
    over = first.last < NEVER
    assert (first.exit[over] == second.exit[same][over]).all()
    assert (first.exit_rating[over] == second.exit_rating[same][over]).all()
    young, old = short.of(preschool), long.of(preschool)
    assert (young.on == old.on[old.on <= last]).all()
