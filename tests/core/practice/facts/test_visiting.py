"""Home visits and referrals between programs."""

from __future__ import annotations

import numpy as np
import pytest

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.facts.development import development
from infotrust.core.practice.facts.noticing import CHANNELS, SENDERS
from infotrust.core.practice.facts.referring import OUTCOMES, RECEIVERS, Sent, sent
from infotrust.core.practice.facts.visiting import MODELS, Enrollments, enrollments, screenings, visits
from infotrust.core.practice.ward import NEVER, YEAR, Ward


@pytest.fixture(scope="module")
def ward() -> Ward:
    return County(12_000, seed=10, span=Span(years=6)).ward(0)


@pytest.fixture(scope="module")
def enrolled(ward: Ward) -> Enrollments:
    return ward.of(enrollments)


@pytest.fixture(scope="module")
def referred(ward: Ward) -> Sent:
    return ward.of(sent)


def test_twins_are_enrolled_together(ward: Ward, enrolled: Enrollments) -> None:
    people = ward.people
    many = enrolled.child[people.plurality[enrolled.child] > 1]
    assert len(many) >= 2
    family = dict(zip(enrolled.child.tolist(), enrolled.family.tolist(), strict=True))
    for child in many:
        together = np.flatnonzero((people.mother == people.mother[child]) & (people.birth == people.birth[child]))
        assert {family.get(int(one)) for one in together} == {family[int(child)]}


def test_poor_and_young_mothers_are_visited_more_often(ward: Ward, enrolled: Enrollments) -> None:
    children = ward.of(development)
    mother = ward.people.mother[children.child]
    known = np.flatnonzero((mother >= 0) & (children.birth >= ward.span.first))
    visited = np.isin(children.child[known], enrolled.child)
    poor, teen = children.poor[known], ward.age(mother[known], children.birth[known]) < 20
    assert 0.04 < visited.mean() < 0.2
    assert visited[poor].mean() > 2.5 * visited[~poor].mean()
    assert visited[teen].mean() > 2 * visited[~teen].mean()


def test_nurses_begin_before_the_birth_and_end_at_two(ward: Ward, enrolled: Enrollments) -> None:
    nurse = enrolled.model == MODELS.index("NUR")
    birth = ward.people.birth[enrolled.child]
    assert nurse.sum() > 20
    assert (enrolled.on[nurse] < birth[nurse]).all()
    assert (enrolled.last[nurse & (enrolled.last < NEVER)] - birth[nurse & (enrolled.last < NEVER)]).max() <= 2 * YEAR


def test_visits_fall_within_the_enrollment_on_days_of_work(ward: Ward, enrolled: Enrollments) -> None:
    made = ward.of(visits)
    assert len(made.on) > 1000
    assert (made.on >= enrolled.on[made.enrollment]).all()
    assert (made.on <= enrolled.last[made.enrollment]).all()
    assert ((made.on - 1) % 7 < 5).all()
    first = made.order == 0
    assert (made.on[first] == enrolled.on[made.enrollment[first]]).all()
    assert first.sum() == len(np.unique(enrolled.family))


def test_low_scores_go_with_a_lag(ward: Ward, enrolled: Enrollments) -> None:
    found, children = ward.of(screenings), ward.of(development)
    child = found.months > 0
    lag = children.lag[enrolled.row[found.enrollment[child]]]
    positive = found.positive[child]
    assert positive.sum() > 15
    assert lag[positive].mean() > lag[~positive].mean() + 0.5
    assert found.score[child][positive].max() < found.score[child][~positive].min()
    mothers = found.score[~child]
    assert ((mothers >= 10) == found.positive[~child]).all()


def test_only_families_who_were_reached_have_a_contact(referred: Sent) -> None:
    lost = referred.outcome == OUTCOMES.index("lost")
    started = referred.outcome == OUTCOMES.index("started")
    assert min(lost.sum(), started.sum()) > 50
    assert (referred.contacted[lost] == NEVER).all()
    assert (referred.contacted[started] < NEVER).all()
    assert (referred.contacted >= referred.on).all()
    closed = referred.closed < NEVER
    assert (referred.outcome[~closed] == OUTCOMES.index("waiting")).all()


def test_electronic_referrals_of_visitors_are_followed_up_more_often(ward: Ward, referred: Sent) -> None:
    mine = (referred.sender == SENDERS.index("home_visiting")) & (referred.on < ward.span.last - 90)
    contacted = referred.contacted - referred.on <= 45
    by = {name: contacted[mine & (referred.channel == CHANNELS.index(name))] for name in ("electronic", "fax")}
    assert min(map(len, by.values())) > 25
    assert by["electronic"].mean() > by["fax"].mean() + 0.2


def test_visitors_refer_children_to_early_intervention_and_mothers_elsewhere(ward: Ward, referred: Sent) -> None:
    early = referred.receiver == RECEIVERS.index("early_intervention")
    assert (ward.age(referred.client[early], referred.on[early]) < 3).all()
    assert (ward.age(referred.client[~early], referred.on[~early]) > 11).all()
    assert early.sum() > 30


def test_a_longer_county_has_the_same_visits() -> None:
    short, long = (County(5_000, seed=8, span=Span(years=years)).ward(0) for years in (3, 4))
    last = short.span.last
    # Visits to women whose child was not born yet are only known in the longer one.
    one, other = (_visits_until(ward, last) for ward in (short, long))
    assert len(one) > 300
    assert one == other
    sent_short, sent_long = short.of(sent), long.of(sent)
    # So are those who enroll later: in the shorter county, nothing came of their referral.
    enrolled = long.of(enrollments)
    later = enrolled.child[enrolled.on > last]
    born = (sent_long.on <= last) & (long.people.birth[sent_long.about] <= last) & ~np.isin(sent_long.about, later)
    known = ~np.isin(sent_short.about, later)
    assert known.sum() > 0.9 * len(known)
    assert (sent_short.on[known] == sent_long.on[born]).all()
    assert (sent_short.channel[known] == sent_long.channel[born]).all()


def _visits_until(ward: Ward, last: int) -> list[tuple[int, int]]:
    made, child = ward.of(visits), ward.of(enrollments).child
    who = child[made.enrollment]
    keep = (made.on <= last) & (ward.people.birth[who] <= last)
    return sorted(zip(who[keep].tolist(), made.on[keep].tolist(), strict=True))
