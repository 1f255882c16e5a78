"""The answers on child welfare and high utilizers, from the files: they are what truly happened in the ward."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from infotrust.core.practice import questions
from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.facts.births import births
from infotrust.core.practice.facts.claims import claims
from infotrust.core.practice.facts.crisis import MODES, contacts
from infotrust.core.practice.facts.dispatch import SUBJECT, calls, named
from infotrust.core.practice.facts.involved import VICTIM, involved
from infotrust.core.practice.facts.justice import bookings
from infotrust.core.practice.facts.protection import CAUSES, reports
from infotrust.core.practice.parameters import load_parameters
from infotrust.core.practice.writing import write_county

AGENCIES = ("vital-records", "schools", "medicaid", "child-welfare", "police", "jail", "crisis-center")
SPAN = Span(years=6)
FIVE = 1826  # days


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """A county in which report cards on a Friday bring a hundred times as many reports."""
    file = tmp_path_factory.mktemp("parameters") / "more.yaml"
    file.write_text("protection: {report_cards: {friday: 0.25, other_days: 0.0}}")
    return County(3_000, 4, SPAN, load_parameters(file))


@pytest.fixture(scope="module")
def answers(county: County, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("county") / "practice"
    write_county(county, folder, form="parquet", agencies=AGENCIES, workers=1)
    return {code: one["rows"] for code, one in questions.answer(folder)["answers"].items()}


def row(rows: list[dict[str, Any]], **wanted: str) -> dict[str, Any]:
    (found,) = (one for one in rows if all(one[name] == value for name, value in wanted.items()))
    return found


def test_children_reported_by_five_are_those_of_the_facts(county: County, answers: dict[str, Any]) -> None:
    ward = county.ward(0)
    born, every, who = ward.of(births), ward.of(reports), ward.of(involved)
    cohort = born.child[(born.on >= ward.span.first) & (born.on + FIVE <= every.day.max())]
    early = (who.role == VICTIM) & (every.day[who.report] < ward.people.birth[who.person] + FIVE)
    reported = np.isin(cohort, who.person[early]).mean()
    found = row(answers["births-child-welfare"], children="all children")
    # A few certificates have a wrong birth date, or one on the edge of five years.
    assert abs(found["births"] - len(cohort)) <= 0.03 * len(cohort)
    assert abs(found["reported"] - reported) < 0.02
    assert found["substantiated"] <= found["investigated"] <= found["reported"]


def test_children_are_counted_once_by_their_mothers_age(answers: dict[str, Any]) -> None:
    rows = answers["births-child-welfare"]
    everybody = row(rows, children="all children")["births"]
    assert sum(one["births"] for one in rows) == 2 * everybody
    assert sum(one["births"] for one in answers["teen-mothers-in-care"]) == everybody


def test_costs_are_those_of_the_facts(county: County, answers: dict[str, Any]) -> None:
    ward = county.ward(0)
    costs, period = ward.parameters.unit_costs, ward.span.periods[-1]
    dollars = np.zeros((4, len(ward)))

    def add(system: int, person: Any, day: Any, amount: Any) -> None:
        within = (day >= period.first) & (day <= period.last)
        np.add.at(dollars[system], person[within], np.broadcast_to(amount, day.shape)[within])

    every, who = ward.of(calls), ward.of(named)
    about = who.role == SUBJECT
    add(0, who.person[about], every.day[who.call[about]], costs.police_call)
    jailed = ward.of(bookings)
    add(1, jailed.person, jailed.day, costs.jail_booking)
    days = np.minimum(jailed.last, period.last) - np.maximum(jailed.day, period.first) + 1
    np.add.at(dollars[1], jailed.person, np.maximum(days, 0) * costs.jail_day)
    crisis = ward.of(contacts)
    one = np.array([costs[f"crisis_{mode}"] for mode in MODES])[crisis.mode]
    known = crisis.named
    add(2, crisis.person[known], crisis.day[known], (one + crisis.nights * costs.crisis_night)[known])
    paid = ward.of(claims)
    add(3, paid.who.astype(np.int64), paid.first, paid.paid.astype(np.float64))

    rows = [one for one in answers["high-utilizers"] if one["systems"] == "all four systems"]
    people = (dollars > 0).any(axis=0)
    total = dollars.sum(axis=0)[people]
    top = np.sort(total)[::-1][: int(np.ceil(0.05 * len(total)))]
    found = row(rows, who="costliest 5 %")
    assert sum(one["people"] for one in rows) == people.sum()
    assert found["people"] == len(top)
    assert sum(one["dollars"] for one in rows) == pytest.approx(total.sum(), rel=1e-4)
    assert found["share_of_cost"] == pytest.approx(top.sum() / total.sum(), abs=1e-4)


def test_punished_children_are_counted_on_the_saturday(county: County, answers: dict[str, Any]) -> None:
    every = county.ward(0).of(reports)
    punished = (every.cause == CAUSES.index("report_card")).sum()
    found = row(answers["report-cards-friday"], day="Saturday", kind="after the report card")
    other = row(answers["report-cards-friday"], day="Saturday", kind="other")
    # Pupils of 11 may be in grade 6, and brothers and sisters are named with them.
    assert 0.6 * punished < found["reports"] < 1.7 * punished
    assert found["reports_per_100000_pupil_days"] > 40 * other["reports_per_100000_pupil_days"]


def test_days_of_pupils_add_up(answers: dict[str, Any]) -> None:
    rows = answers["report-cards-friday"]
    saturdays = sum(one["pupil_days"] for one in rows if one["day"] == "Saturday")
    others = sum(one["pupil_days"] for one in rows if one["day"] == "Tuesday to Friday")
    assert 3.9 < others / saturdays < 4.1
