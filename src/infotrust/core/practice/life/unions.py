"""Unions: who begins to live with whom, who marries, who separates, and where they and their children then live."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Bools, Ints
from infotrust.core.practice.life import homes, incomes, leaving, surnames
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import ADULT, State
from infotrust.core.practice.ward import NEVER, YEAR

ROUNDS = 10  # how often those without a match look again, one place further
CHOOSY = 7  # in how many of these rounds some look only at those of like skill


def unite(state: State) -> None:
    """Single people find one another, move in together and some marry at once."""
    one, other = _pairs(state)
    if not len(one):
        return
    wanted, rng, day = state.parameters.life.unions, state.rng("unions"), state.days("unions", len(one))
    wed = rng.random(len(one)) < by_age(wanted.married_at_once, state.age(one))
    begin(state, one, other, day, wed)
    _move_in(state, one, other, day)
    surnames.marry(state, "weddings at once", one[wed], other[wed], day[wed])


def begin(state: State, one: Ints, other: Ints, day: Ints, married: Bools, last: Ints | int = NEVER) -> None:
    """Write down unions; those without an end are in force."""
    persons = state.persons
    rows = state.unions.add(len(one), one=one, other=other, first=day, last=last, married=married)
    lasts = np.broadcast_to(np.asarray(last), len(one)) == NEVER
    for me, you in ((one[lasts], other[lasts]), (other[lasts], one[lasts])):
        persons.partner[me], persons.union[me], persons.married[me] = you, rows[lasts], married[lasts]


def _single(state: State) -> Ints:
    here = state.here
    persons = state.persons
    usual = state.households.kind[persons.household[here]] == 0
    grown = persons.birth[here] < state.step.first - int(ADULT * YEAR)
    return state.idle(here[(persons.partner[here] < 0) & usual & grown])


def _parents(state: State) -> Bools:
    """For everybody, whether minor children live with them."""
    persons, minors = state.persons, state.minors()
    found = np.zeros(len(persons), dtype=bool)
    for parent in (persons.mother[minors], persons.father[minors]):
        found[parent[state.together(minors, parent)]] = True
    return found


def _pairs(state: State) -> tuple[Ints, Ints]:
    """Women and the men whom they find, and a few couples of one sex: near in age, mostly of one community, no kin."""
    persons, wanted = state.persons, state.parameters.life.unions
    single = _single(state)
    rate = by_age(wanted.formation, state.age(single)) * np.where(_parents(state)[single], wanted.with_children, 1.0)
    male, seeks = persons.male[single], state.happens("union formation", rate)
    own_sex = state.rng("own sex").random(len(single)) < wanted.same_sex
    taken = np.zeros(len(persons), dtype=bool)
    found = []
    for seek, pool, older in (
        (single[seeks & ~male & own_sex], single[~male], 0.0),
        (single[seeks & male & own_sex], single[male], 0.0),
        (single[seeks & ~male & ~own_sex], single[male], wanted.man_older),
    ):
        seek = seek[~taken[seek]]
        one, other = match(state, seek, pool[~taken[pool] & ~np.isin(pool, seek)], older)
        taken[one], taken[other] = True, True
        found.append((one, other))
    return np.concatenate([one for one, _ in found]), np.concatenate([other for _, other in found])


def match(state: State, seek: Ints, pool: Ints, older: float) -> tuple[Ints, Ints]:
    """For each of `seek` the person of `pool` nearest to the birthday looked for, for some one of like skill; nobody is
    found twice."""
    persons, wanted, rng = (
        state.persons,
        state.parameters.life.unions,
        state.rng(f"match {older} {seek[:1].sum()} {len(pool)}"),
    )
    gap = (older + wanted.man_older_spread * rng.standard_normal(len(seek))) * YEAR
    community = persons.community[seek]
    stranger = rng.random(len(seek)) < wanted.other_community
    choosy = rng.random(len(seek)) < wanted.choosy
    if not len(pool) or not len(seek):
        return seek[:0], pool[:0]
    anyone = persons.community[pool[rng.integers(0, len(pool), len(seek))]]
    community = np.where(stranger, anyone, community)
    large = 10**7
    pool = pool[np.lexsort((persons.birth[pool], persons.community[pool]))]
    key = persons.community[pool] * large + persons.birth[pool]
    place = np.searchsorted(key, community * large + persons.birth[seek] - gap.astype(np.int64))
    free, match = np.ones(len(pool), dtype=bool), np.full(len(seek), -1)
    for step in range(ROUNDS):
        waiting = np.flatnonzero(match < 0)
        spot = np.clip(place[waiting] + (step + 1) // 2 * (-1) ** step, 0, len(pool) - 1)
        fits = (
            free[spot]
            & _suits(state, seek[waiting], pool[spot])
            & (persons.community[pool[spot]] == community[waiting])
        )
        if step < CHOOSY:
            apart = np.abs(persons.skill[seek[waiting]] - persons.skill[pool[spot]])
            fits &= ~choosy[waiting] | (apart < wanted.like_skill)
        spot, waiting = spot[fits], waiting[fits]
        _, first = np.unique(spot, return_index=True)
        match[waiting[first]] = spot[first]
        free[spot[first]] = False
    got = match >= 0
    return seek[got], pool[match[got]]


def _suits(state: State, one: Ints, other: Ints) -> Bools:
    """Not too far apart in age, no near kin, not of one household."""
    persons = state.persons
    near = np.abs(persons.birth[one] - persons.birth[other]) < state.parameters.life.unions.widest_gap * YEAR
    kin = (persons.household[one] == persons.household[other]) | (one == other)
    for parent in (persons.mother, persons.father):
        kin |= (parent[one] >= 0) & (parent[one] == parent[other])
        kin |= (parent[one] == other) | (parent[other] == one)
    return np.asarray(near & ~kin)


def _move_in(state: State, one: Ints, other: Ints, day: Ints) -> None:
    """Couples live in her home, his home or a new one; whoever shares a home with other adults leaves it."""
    persons, rng = state.persons, state.rng("moving in")
    adults = state.adults()
    wanted = state.parameters.life.unions
    hers, his = adults[persons.household[one]] == 1, adults[persons.household[other]] == 1
    draw = rng.random(len(one))
    to_hers = hers & (draw < np.where(his, wanted.to_her_home, wanted.to_only_home))
    to_his = ~to_hers & his & (draw < np.where(hers, wanted.to_her_home + wanted.to_his_home, wanted.to_only_home))
    new = ~to_hers & ~to_his
    target = np.where(to_hers, persons.household[one], persons.household[other])
    target[new] = state.open_households(int(new.sum()))
    for movers, goes in ((one, ~to_hers), (other, ~to_his)):
        _go_alone(state, movers[goes], target[goes], day[goes])
    state.occupy(one)
    state.occupy(other)
    homes.open_homes(state, "unions", target[new], day[new])
    incomes.reckon(state, target[~new], day[~new])


def _go_alone(state: State, leaders: Ints, target: Ints, day: Ints) -> None:
    """Move without the partner, who does not live here yet or no longer."""
    partner = state.persons.partner[leaders].copy()
    state.persons.partner[leaders] = -1
    state.go(leaders, target, day)
    state.persons.partner[leaders] = partner


# --- marrying later, and separating ---


def _couples(state: State) -> tuple[Ints, Ints]:
    """Couples of whom both are here and nothing has happened to either in this step: woman first."""
    persons = state.persons
    here = state.here
    one = here[persons.partner[here] >= 0]
    other = persons.partner[one]
    first = np.where(persons.male[one] == persons.male[other], one < other, ~persons.male[one])
    idle = (persons.busy[one] != state.step.number) & (persons.busy[other] != state.step.number)
    keep = first & idle & persons.here[other]
    return one[keep], other[keep]


def wed(state: State) -> None:
    """Couples who live together marry."""
    wanted, persons = state.parameters.life.unions, state.persons
    one, other = _couples(state)
    rate = np.where(persons.married[one], 0.0, by_age(wanted.marriage, state.age(one)))
    now = state.happens("weddings", rate)
    one, other = one[now], other[now]
    day = state.days("weddings", len(one))
    state.unions.last[persons.union[one]] = day
    begin(state, one, other, day, np.ones(len(one), dtype=bool))
    state.occupy(one)
    state.occupy(other)
    surnames.marry(state, "weddings", one, other, day)


def separate(state: State) -> None:
    """Couples part: one leaves the home, and children of both live with one of them or with both in turn."""
    wanted, persons = state.parameters.life.unions, state.persons
    one, other = _couples(state)
    ratio = incomes.ratios(state, persons.household[one])
    rate = np.where(
        persons.married[one], by_age(wanted.divorce, state.age(one)), by_age(wanted.parting, state.age(one))
    )
    rate = rate * np.where(ratio < wanted.low_income_below, wanted.low_income, 1.0)
    now = state.happens("separations", rate) & state.together(one, other)
    part(state, one[now], other[now], state.days("separations", int(now.sum())))


def part(state: State, one: Ints, other: Ints, day: Ints) -> None:
    """End these unions on these days and the common home with them."""
    if not len(one):
        return
    persons, wanted, rng = state.persons, state.parameters.life.unions, state.rng("parting")
    guest_one, guest_other = state.with_parent(other), state.with_parent(one)  # who lives with the other's parents
    stays = np.where(guest_one == guest_other, rng.random(len(one)) < wanted.woman_stays, guest_other)
    leaver, stayer = np.where(stays, other, one), np.where(stays, one, other)
    married = persons.married[one].copy()
    state.unions.last[persons.union[one]] = day
    for people in (one, other):
        persons.partner[people], persons.union[people], persons.married[people] = -1, -1, False
    movers, row = _children_who_leave(state, one, other, leaver)
    old = persons.household[stayer].copy()
    leaving.start_anew(state, "separations", leaver, movers, row, day)
    state.occupy(one)
    state.occupy(other)
    incomes.reckon(state, old, day)
    surnames.divorce(state, one[married], day[married])


def _children_who_leave(state: State, one: Ints, other: Ints, leaver: Ints) -> tuple[Ints, Ints]:
    """Minor children who go with the one who leaves, and the place of their couple. Marks those who will alternate."""
    persons, wanted, rng = state.persons, state.parameters.life.unions, state.rng("custody")
    draw = rng.random(len(one))
    with_one = draw >= wanted.custody_of_father
    in_turn = draw >= 1 - wanted.custody_in_turn
    couple = np.full(len(persons), -1)
    couple[one], couple[other] = np.arange(len(one)), np.arange(len(one))
    minors = state.minors()
    minors = minors[persons.placement[minors] < 0]
    goes = np.full(len(persons), -1)
    mother, father = persons.mother[minors], persons.father[minors]
    hers, his = state.together(minors, mother), state.together(minors, father)
    hers, his = hers & (couple[mother] >= 0), his & (couple[father] >= 0)
    number = np.where(hers, couple[mother], np.where(his, couple[father], -1))
    ours = number >= 0
    minors, number, hers, his = minors[ours], number[ours], hers[ours], his[ours]
    both = hers & his & (number == couple[persons.father[minors]])
    keeper = np.where(both, np.where(with_one[number], one[number], other[number]), 0)
    keeper = np.where(both, keeper, np.where(hers, persons.mother[minors], persons.father[minors]))
    persons.alternates[minors[both & in_turn[number]]] = True
    leaves = keeper == leaver[number]
    goes[minors[leaves]] = number[leaves]
    young = state.minors()
    young = young[persons.placement[young] < 0]
    parent = persons.mother[young]
    follows = state.together(young, parent) & (goes[parent] >= 0) & (goes[young] < 0) & (couple[parent] < 0)
    goes[young[follows]] = goes[parent[follows]]
    who = np.flatnonzero(goes >= 0)
    return who, goes[who]


def alternate(state: State) -> None:
    """Children who live in turn with parents who have separated change over."""
    persons, wanted = state.persons, state.parameters.life.unions
    minors = state.minors()
    who = minors[persons.alternates[minors] & (persons.placement[minors] < 0)]
    mother, father = persons.mother[who], persons.father[who]
    apart = persons.here[mother] & persons.here[father] & (mother >= 0) & (father >= 0)
    apart &= persons.household[mother] != persons.household[father]
    persons.alternates[who[~apart]] = False
    apart &= (persons.busy[mother] != state.step.number) & (persons.busy[father] != state.step.number)
    who = state.idle(who[apart & state.happens("changeovers", np.full(len(who), wanted.changeovers))])
    to_father = persons.household[who] == persons.household[persons.mother[who]]
    parent = np.where(to_father, persons.father[who], persons.mother[who])
    state.rehome(who, persons.household[parent], state.days("changeovers", len(who)))
    state.occupy(who)
