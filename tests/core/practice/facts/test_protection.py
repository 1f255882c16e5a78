"""Reports of abuse and neglect: their rates, whom they reach, and what report cards add."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.chance import Bools
from infotrust.core.practice.county import County
from infotrust.core.practice.days import FRIDAY, SATURDAY, weekday
from infotrust.core.practice.facts import foster
from infotrust.core.practice.facts.involved import OTHER_CHILD, PARENT, VICTIM, involved
from infotrust.core.practice.facts.protection import CAUSES, PHYSICAL, first_removals, removal_reports, reports
from infotrust.core.practice.facts.schooling import attendance, marks, schooling
from infotrust.core.practice.facts.strain import in_care, strain, was_in_care
from infotrust.core.practice.parameters import load_parameters
from infotrust.core.practice.ward import Ward

COUNTY = County(8_000, 3, Span(years=6))
REMOVAL, REPORT_CARD = CAUSES.index("removal"), CAUSES.index("report_card")


@pytest.fixture(scope="module")
def ward() -> Ward:
    return COUNTY.ward(0)


def child_years(ward: Ward) -> float:
    middles = [(period.first + period.last) // 2 for period in ward.span.periods]
    return float(sum((ward.age(ward.residents(on), on) < 18).sum() for on in middles))


def reported_by_five(ward: Ward) -> tuple[Bools, Bools]:
    """For each person: born early enough in the county to be followed, and reported as a victim by then."""
    people, every, named = ward.people, ward.of(reports), ward.of(involved)
    years = 1826
    cohort = (people.birth >= ward.span.first) & (people.birth + years <= ward.span.last) & (people.mother >= 0)
    cohort &= people.departure > people.birth + years
    early = (named.role == VICTIM) & (every.day[named.report] < people.birth[named.person] + years)
    found = np.zeros(len(ward), dtype=bool)
    found[named.person[early]] = True
    return cohort, found


def test_hotline_receives_about_57_calls_for_1000_children_and_year(ward: Ward) -> None:
    assert 0.048 < len(ward.of(reports).day) / child_years(ward) < 0.067


def test_about_half_are_screened_in_and_about_nine_of_1000_children_are_victims(ward: Ward) -> None:
    every, named = ward.of(reports), ward.of(involved)
    assert 0.45 < every.screened_in.mean() < 0.58
    assert not (every.substantiated & ~every.screened_in).any()
    assert 5 < 1000 * named.found.sum() / child_years(ward) < 13


def test_children_are_reported_while_they_are_children_and_here(ward: Ward) -> None:
    every = ward.of(reports)
    assert ward.present(every.child, every.day).all()
    assert (ward.age(every.child, every.day) < 18).all()
    assert (np.diff(every.day) >= 0).all()


def test_strained_families_are_reported_many_times_as_often(ward: Ward) -> None:
    every = ward.of(reports)
    middles = [(period.first + period.last) // 2 for period in ward.span.periods]
    children = [one[ward.age(one, on) < 18] for one, on in ((ward.residents(on), on) for on in middles)]
    strained = np.concatenate([strain(ward, one, on) for one, on in zip(children, middles, strict=True)])
    everyday = every.cause == 0
    ratio = every.strained[everyday].sum() / strained.sum() / ((~every.strained[everyday]).sum() / (~strained).sum())
    assert 0.06 < strained.mean() < 0.18
    assert ratio > 30


def test_brothers_and_sisters_share_the_strain_of_their_family(ward: Ward) -> None:
    on = ward.span.first + 700
    children = ward.residents(on)
    children = children[(ward.age(children, on) < 18) & (ward.people.mother[children] >= 0)]
    mother, strained = ward.people.mother[children], strain(ward, children, on)
    order = np.argsort(mother, kind="stable")
    pairs = mother[order][1:] == mother[order][:-1]
    alike = strained[order][1:][pairs] & strained[order][:-1][pairs]
    assert alike.sum() / strained[order][1:][pairs].sum() > 0.7


def test_children_of_young_mothers_are_reported_more_often() -> None:
    # Six years have few births by teen mothers whose children can be followed; mothers under 25 are enough.
    counts = np.zeros((2, 2))
    for seed in (3, 4, 5):
        ward = County(COUNTY.people, seed, COUNTY.span).ward(0)
        cohort, found = reported_by_five(ward)
        age = ward.age(np.maximum(ward.people.mother, 0), ward.people.birth)
        for row, group in enumerate((cohort & (age < 25), cohort & (age >= 25))):
            counts[row] += found[group].sum(), group.sum()
    young, older = counts[:, 0] / counts[:, 1]
    assert young > 1.2 * older


def test_each_removal_has_a_report_before_it(ward: Ward) -> None:
    every, kept, ends = ward.of(reports), ward.placements, ward.of(foster.ends)
    removed = first_removals(ward)
    removed = removed[(kept.first[removed] >= ward.span.first) & (kept.first[removed] <= ward.span.last)]
    assert len(removed) > 5
    assert (ends.report[removed] >= 0).all()
    before = ends.report[removed]
    assert (every.day[before] <= kept.first[removed]).all()
    assert every.screened_in[before].all()
    assert every.substantiated[before].all()
    child, day = removal_reports(ward)
    assert len(child) == len(day) <= len(kept.child)


def test_removed_children_are_alleged_victims_or_live_with_one(ward: Ward) -> None:
    every, named = ward.of(reports), ward.of(involved)
    removal = np.flatnonzero(every.cause == REMOVAL)
    of_removal = np.isin(named.report, removal)
    main = of_removal & (named.person == every.child[named.report])
    assert main.sum() == len(removal)
    assert (named.role[main] == VICTIM).all()


def test_nobody_is_reported_by_everyday_calls_while_in_care(ward: Ward) -> None:
    every = ward.of(reports)
    assert not in_care(ward, every.child, every.day)[every.cause == 0].any()


def test_mothers_who_were_in_care_are_known(ward: Ward) -> None:
    mothers = np.unique(ward.people.mother[ward.people.mother >= 0])
    share = was_in_care(ward, mothers, np.full(len(mothers), ward.span.last)).mean()
    assert 0.005 < share < 0.15
    assert not was_in_care(ward, np.array([-1]), np.array([ward.span.last])).any()


def test_every_report_names_its_child_once_and_at_most_one_perpetrator(ward: Ward) -> None:
    every, named = ward.of(reports), ward.of(involved)
    main = named.person == every.child[named.report]
    assert np.array_equal(named.report[main], np.arange(len(every.child)))
    assert (np.bincount(named.report[named.perpetrator]) <= 1).all()
    assert 0.75 < named.perpetrator.sum() / len(every.child) < 0.92
    assert 0.4 < (~ward.people.male[named.person[named.perpetrator]]).mean() < 0.68
    assert (named.role[named.perpetrator] >= PARENT).all()
    assert (ward.age(named.person, every.day[named.report])[named.role <= OTHER_CHILD] < 18).all()


def test_care_ends_as_the_childs_life_says(ward: Ward) -> None:
    kept, ends = ward.placements, ward.of(foster.ends)
    over = (kept.last <= ward.span.last) & (kept.first >= ward.span.first)
    assert (ends.outcome[over] >= 0).all()
    assert (ends.outcome[kept.last > ward.span.last] == foster.STILL).all()
    home = over & (ends.outcome == foster.REUNIFIED) & (ward.people.departure[kept.child] > kept.last)
    assert (ward.household(kept.child[home], kept.last[home]) != kept.household[home]).all()
    grown = ward.age(kept.child, kept.last)[over & (ends.outcome == foster.AGED_OUT)]
    assert (grown > 17.9).all()


def test_a_longer_county_has_the_same_reports_in_its_first_years(ward: Ward) -> None:
    longer = County(8_000, 3, Span(years=7)).ward(0)
    one, other = ward.of(reports), longer.of(reports)
    # The last weeks are left out: a removal after the end of the shorter county has its report in them.
    early, too = one.day < ward.span.last - 60, other.day < ward.span.last - 60
    for column in ("child", "day", "minute", "reporter", "allegation", "screened_in", "substantiated"):
        assert np.array_equal(getattr(one, column)[early], getattr(other, column)[too]), column


# --- report cards ---


def poor_cards_on_fridays(ward: Ward) -> tuple[float, int]:
    """Expected reports that report cards given out on a Friday bring, and how many such cards pupils of 5 to 11 had."""
    numbers = ward.parameters.protection.report_cards
    cards = ward.of(marks)
    pupil = ward.of(schooling).years.pupil[ward.of(attendance).row[cards.row]]
    age = ward.age(pupil, cards.release)
    young = (age >= 5) & (age < 12) & (weekday(cards.release) == FRIDAY)
    poor = young & (cards.mark.mean(axis=1) < numbers.poor_below)
    strained = strain(ward, pupil[poor], cards.release[poor])
    return float(numbers.friday * np.where(strained, 1.0, numbers.without_strain).sum()), int(young.sum())


def test_a_friday_report_card_makes_about_three_more_saturday_reports_for_each_usual_one(ward: Ward) -> None:
    every, factors = ward.of(reports), ward.parameters.protection.weekday_factor
    age = ward.age(every.child, every.day)
    school_days = np.concatenate([np.arange(one.first + 60, one.last + 1) for one in ward.span.periods])
    physical = (every.allegation == PHYSICAL) | (every.second == PHYSICAL)
    usual = (every.cause == 0) & physical & (age >= 5) & (age < 12) & np.isin(every.day, school_days)
    middles = [(period.first + period.last) // 2 for period in ward.span.periods]
    ages = [ward.age(ward.residents(on), on) for on in middles]
    pupils = np.mean([((one >= 5) & (one < 12)).sum() for one in ages])
    # All usual reports of such children, spread over the week as everyday reports are: those of a Saturday.
    on_saturday = usual.sum() / len(school_days) * factors["saturday"] * 7 / sum(factors.values()) / pupils
    expected, cards = poor_cards_on_fridays(ward)
    luck = 2 / np.sqrt(usual.sum())  # of some fifty usual reports: what their number may be off by
    assert 3 * (1 - luck) / 2 < expected / cards / on_saturday < 4.5 * (1 + luck)


def test_report_cards_bring_reports_on_the_next_day(tmp_path: Path) -> None:
    file = tmp_path / "more.yaml"
    file.write_text("protection: {report_cards: {friday: 0.3, other_days: 0.0}}")
    ward = COUNTY.ward(0)
    harsh = dataclasses.replace(ward, parameters=load_parameters(file), _facts={})
    every = harsh.of(reports)
    after = every.cause == REPORT_CARD
    assert after.sum() > 20
    assert (weekday(every.day[after]) == SATURDAY).all()
    assert (every.allegation[after] == PHYSICAL).all()
    expected, _ = poor_cards_on_fridays(harsh)
    assert abs(after.sum() - expected) < 4 * np.sqrt(expected)


def test_without_the_mechanism_no_report_follows_a_report_card(tmp_path: Path) -> None:
    file = tmp_path / "none.yaml"
    file.write_text("protection: {report_cards: {friday: 0.0, other_days: 0.0}}")
    ward = dataclasses.replace(COUNTY.ward(0), parameters=load_parameters(file), _facts={})
    assert not (ward.of(reports).cause == REPORT_CARD).any()
