"""People who leave a home without all others: grown children, guests, separated partners, the old."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Bools, Ints
from infotrust.core.practice.life import deaths, homes, incomes
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import ADULT, ELDERS_HOME, USUAL, State
from infotrust.core.practice.ward import YEAR

OLD = 70  # years of age from which people are looked at here; the rates begin with it


def leave_home(state: State) -> None:
    """Unpartnered adults, and guests with their families, leave a home in which another adult stays."""
    persons, wanted = state.persons, state.parameters.life.leaving
    who = _may_leave(state)
    age, with_parent = state.age(who), state.with_parent(who)
    rate = np.where(with_parent, by_age(wanted.parents, age), by_age(wanted.others, age))
    rate = np.where(persons.guest[who], wanted.guests, rate)
    who = who[state.happens("leaving", rate)]
    day = state.days("leaving", len(who))
    away = state.rng("leaving far").random(len(who)) < by_age(wanted.far_away, state.age(who))
    away &= persons.partner[who] < 0
    depart(state, who[away], day[away])
    who, day = who[~away], day[~away]
    persons.guest[who] = False
    target = _shared_homes(state, "sharing", who, persons.partner[who] < 0)
    state.go(who, target, day)
    homes.open_homes(state, "leaving", *_first(target, day))


def _may_leave(state: State) -> Ints:
    """Adults of usual households who are not its oldest, have no partner or are guests, and are idle."""
    persons = state.persons
    here = state.here
    heads = state.heads()
    who = here[(persons.partner[here] < 0) | (persons.guest[here] & ~persons.male[here])]
    home = persons.household[who]
    grown = persons.birth[who] <= state.step.first - int(ADULT * YEAR)
    usual = state.households.kind[home] == USUAL
    child_of_head = heads[home] != who
    who = who[grown & usual & child_of_head]
    partner = persons.partner[who]
    partner_head = (partner >= 0) & (heads[persons.household[who]] == partner)
    return state.idle(who[~partner_head])


def _shared_homes(state: State, what: str, who: Ints, alone: Bools) -> Ints:
    """A new household for each person; some of those who are alone share one with others near in age."""
    wanted, rng = state.parameters.life.leaving, state.rng(what)
    share = (rng.random(len(who)) < by_age(wanted.share_a_home, state.age(who))) & alone
    order = np.argsort(np.where(share, state.persons.birth[who], 0), kind="stable")
    sharing = share[order]
    rank = np.cumsum(sharing) - 1
    starts = ~sharing | (rank % wanted.people_who_share == 0)
    groups = np.empty(len(who), dtype=np.int64)
    groups[order] = np.cumsum(starts) - 1
    return np.asarray(state.open_households(int(groups.max(initial=-1)) + 1)[groups])


def _first(households: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Each household once, with the first of its days."""
    order = np.lexsort((day, households))
    found, row = np.unique(households[order], return_index=True)
    return found, day[order][row]


def start_anew(state: State, what: str, leaver: Ints, children: Ints, row: Ints, day: Ints) -> None:
    """The separated go to their parents, away, or to a home of their own, with the `children` of each `row`."""
    wanted, rng = state.parameters.life.leaving, state.rng(f"anew {what}")
    draw = rng.random(len(leaver))
    parents_home = parents_households(state, leaver)
    to_parents = (parents_home >= 0) & (draw < wanted.back_to_parents)
    accompanied = np.bincount(row, minlength=len(leaver)) > 0
    away = ~to_parents & ~accompanied & (draw > 1 - wanted.separated_far_away)
    new = ~to_parents & ~away
    target = np.where(to_parents, parents_home, -1)
    target[new] = _shared_homes(state, f"sharing {what}", leaver[new], ~accompanied[new])
    depart(state, leaver[away], day[away])
    stays = ~away
    state.rehome(leaver[stays], target[stays], day[stays])
    state.rehome(children, target[row], day[row])
    homes.open_homes(state, what, *_first(target[new], day[new]))
    incomes.reckon(state, target[to_parents], day[to_parents])


def parents_households(state: State, who: Ints) -> Ints:
    """The home of each person's mother, else father, where it is another than the person's; -1 without."""
    persons, found = state.persons, np.full(len(who), -1)
    for parent in (persons.father[who], persons.mother[who]):
        near = (parent >= 0) & persons.here[parent] & (persons.household[parent] != persons.household[who])
        near &= state.households.kind[persons.household[parent]] == USUAL
        found = np.where(near, persons.household[parent], found)
    return found


def depart(state: State, leaders: Ints, day: Ints) -> None:
    """Leaders leave the county with all who follow them."""
    if not len(leaders):
        return
    who, row = state.followers(leaders)
    depart_together(state, who, day[row])


def depart_together(state: State, who: Ints, day: Ints) -> None:
    """Persons leave the county; those who only just came to their home stay there for a day."""
    day = np.maximum(day, state.persons.since[who] + 1)
    state.persons.departure[who] = day
    deaths.remove(state, who, day)


def double_up(state: State) -> None:
    """Families with little income, and old people alone, move in with kin for a while or for good."""
    persons, wanted = state.persons, state.parameters.life.leaving
    heads = state.heads()
    homes_now = np.flatnonzero((heads >= 0) & (state.households.kind == USUAL))
    head = heads[homes_now]
    ratio, age = incomes.ratios(state, homes_now), state.age(head)
    target = parents_households(state, head)
    rate = np.where(target >= 0, by_age(wanted.doubles_up, age), 0.0)
    rate *= np.where(ratio < wanted.low_income_below, wanted.low_income, 1.0)
    lone = np.where(persons.partner[head] < 0, 1.0, wanted.couples)
    moves = state.happens("doubling up", rate * lone)
    moves &= (persons.busy[head] != state.step.number) & (state.adults()[homes_now] <= 2)
    moves &= ~_hosts(homes_now[moves], target[moves], moves)
    head, target = head[moves], target[moves]
    day = state.days("doubling up", len(head))
    state.go(head, target, day)
    for people in (head, persons.partner[head][persons.partner[head] >= 0]):
        persons.guest[people] = True
    incomes.reckon(state, np.unique(target), state.step.end - 1)


def _hosts(moving: Ints, target: Ints, moves: Bools) -> Bools:
    """Of those who move, whether their hosts move themselves."""
    clash = np.zeros(len(moves), dtype=bool)
    clash[np.flatnonzero(moves)] = np.isin(target, moving)
    return clash


# --- old age ---


def grow_old(state: State) -> None:
    """Old people without a partner move to a home for the aged, or in with a son or daughter."""
    persons, wanted = state.persons, state.parameters.life.leaving
    here = state.here
    old = state.idle(here[(persons.partner[here] < 0) & (state.age(here) >= OLD)])
    old = old[state.households.kind[persons.household[old]] == USUAL]
    rooms = np.flatnonzero((state.households.kind == ELDERS_HOME) & (state.sizes() > 0))
    child_home = _childrens_homes(state, old)
    age = state.age(old)
    to_home = by_age(wanted.homes_for_the_aged, age) * (len(rooms) > 0)
    to_child = np.where(child_home >= 0, by_age(wanted.to_their_children, age), 0.0)
    goes = state.happens("old age", to_home + to_child)
    old, child_home, share = old[goes], child_home[goes], (to_home / np.maximum(to_home + to_child, 1e-12))[goes]
    rng = state.rng("where the old go")
    room = rooms[rng.integers(0, len(rooms), len(old))] if len(rooms) else child_home
    target = np.where(rng.random(len(old)) < share, room, child_home)
    alone = state.sizes()[persons.household[old]] == 1  # who brings up others stays
    old, target = old[alone], target[alone]
    day = state.days("old age", len(old))
    state.rehome(old, target, day)
    state.occupy(old)
    incomes.reckon(state, *latest(target, day))


def _childrens_homes(state: State, parents: Ints) -> Ints:
    """The home of a son or daughter of each person, where it is another one and nothing happened there; -1 without."""
    persons, here = state.persons, state.here
    home = np.full(len(persons), -1)
    child = here[state.age(here) >= state.parameters.life.leaving.takes_in_parents_from]
    child = child[
        (persons.busy[child] != state.step.number) & (state.households.kind[persons.household[child]] == USUAL)
    ]
    for parent in (persons.father[child], persons.mother[child]):
        known = parent >= 0
        home[parent[known]] = persons.household[child[known]]
    return np.where(home[parents] == persons.household[parents], -1, home[parents])


def latest(households: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Each household once, with the last of its days."""
    order = np.lexsort((day, households))
    last = np.ones(len(order), dtype=bool)
    last[:-1] = households[order][1:] != households[order][:-1]
    return households[order][last], day[order][last]
