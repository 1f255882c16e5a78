"""What happened before people entered the ward: marriages, absent fathers, earlier addresses, time in foster care."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Bools, Ints, choose
from infotrust.core.practice.life import homes, incomes, unions
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import ADULT, USUAL, State
from infotrust.core.practice.ward import ALWAYS, REMOVALS, YEAR


def unite(state: State, who: Ints) -> None:
    """Write down since when couples live together, and who of them are married."""
    persons, wanted, rng = state.persons, state.parameters.life.past, state.rng("past unions")
    one = who[(persons.partner[who] >= 0) & ~persons.male[who]]
    other, now = persons.partner[one], state.step.first
    married = rng.random(len(one)) < by_age(wanted.married, state.age(one))
    younger = np.maximum(persons.birth[one], persons.birth[other]) + int(ADULT * YEAR)
    wedding = persons.birth[one] + ((wanted.wedding_age + wanted.wedding_spread * rng.standard_normal(len(one))) * YEAR)
    moved_in = now - rng.exponential(wanted.cohabits, len(one)) * YEAR
    latest = now - int(wanted.latest_union)
    recent = latest - rng.random(len(one)) * wanted.recent_weddings * YEAR
    first = np.where(married, np.where(wedding < latest, wedding, recent), moved_in)
    first = np.clip(first, np.minimum(younger, latest), latest).astype(np.int64)
    unions.begin(state, one, other, first, married)


def link_absent_fathers(state: State, who: Ints) -> None:
    """Some lone mothers' children have their father elsewhere in the ward; some of those couples were married."""
    persons, wanted, rng = state.persons, state.parameters.life.past, state.rng("absent fathers")
    child = who[(persons.mother[who] >= 0) & (persons.father[who] < 0) & (state.age(who) < ADULT)]
    mothers = np.unique(persons.mother[child])
    mothers = mothers[(persons.partner[mothers] < 0) & (rng.random(len(mothers)) < wanted.father_nearby)]
    men = who[persons.male[who] & (persons.partner[who] < 0) & (state.age(who) >= ADULT)]
    found, men = unions.match(state, mothers, men, state.parameters.life.unions.man_older)
    father = np.full(len(persons), -1)
    father[found] = men
    child = child[father[persons.mother[child]] >= 0]
    old = persons.birth[child] - persons.birth[father[persons.mother[child]]] > wanted.youngest_absent_father * YEAR
    persons.father[child[old]] = father[persons.mother[child[old]]]
    _ended(state, found, child[old])


def _ended(state: State, mothers: Ints, children: Ints) -> None:
    """The unions of these mothers, from before the first child to some time after the last."""
    persons, wanted, rng = state.persons, state.parameters.life.past, state.rng("ended unions")
    mothers = np.intersect1d(mothers, persons.mother[children])
    last, father = np.full(len(persons), ALWAYS), np.full(len(persons), -1)
    eldest = np.full(len(persons), state.step.first)
    np.maximum.at(last, persons.mother[children], persons.birth[children])
    np.minimum.at(eldest, persons.mother[children], persons.birth[children])
    father[persons.mother[children]] = persons.father[children]
    before = rng.uniform(wanted.together_before_child["least"], wanted.together_before_child["most"], len(mothers))
    first = eldest[mothers] - (before * YEAR).astype(np.int64)
    room = state.step.first - int(wanted.latest_union) - last[mothers]
    end = last[mothers] + (rng.random(len(mothers)) * np.maximum(room, 1)).astype(np.int64)
    married = rng.random(len(mothers)) < wanted.lone_mothers_were_married
    grown = (first - persons.birth[mothers] > ADULT * YEAR) & (end > first)
    mothers, first, end, married = mothers[grown], first[grown], end[grown], married[grown]
    unions.begin(state, mothers, father[mothers], first, married, end)


def earlier_addresses(state: State) -> None:
    """Where households of the first day lived before: one or two addresses in the years before."""
    wanted, rng, now = state.parameters.life.past, state.rng("past addresses"), state.step.first
    heads = state.heads()
    usual = np.flatnonzero((heads >= 0) & (state.households.kind == USUAL))
    head = heads[usual]
    years = rng.exponential(1 / homes.move_rate(state, usual, head))
    moved = (years < wanted.years_of_addresses) & (years + 0.2 < state.age(head))
    _moved_on(state, "past addresses", usual[moved], now - 1 - (years[moved] * YEAR).astype(np.int64))


def _moved_on(state: State, what: str, households: Ints, day: Ints) -> None:
    """Households came to their present address on `day`; before it they had another."""
    place, log, rng = state.households, state.addresses, state.rng(what)
    row = np.full(len(place), -1)
    row[log.owner] = np.arange(len(log))
    log.first[row[households]] = day
    tract = state.place.draw_tract(
        rng.random(len(households)),
        incomes.ratios(state, households),
        state.persons.community[state.heads()[households]],
    )
    address = state.place.draw_address(rng.random(len(households)), tract)
    phone = np.where(
        rng.random(len(households)) < state.parameters.life.moves.keeps_phone,
        place.phone[households],
        homes.phones(state, len(households)),
    )
    log.add(len(households), owner=households, first=ALWAYS, address=address, tract=tract, phone=phone)


def earlier_care(state: State, who: Ints) -> None:
    """Adults of the first day who were in foster care as children: for how long, how long ago."""
    persons, wanted, rng = state.persons, state.parameters.life.past, state.rng("earlier care")
    young = who[(state.age(who) >= ADULT) & (state.age(who) < wanted.care_known_to_age)]
    share = wanted.were_in_care * np.where(_teen_mothers(state, young), wanted.teen_mothers_in_care, 1.0)
    share = share * np.exp(wanted.need_in_care * persons.need[young])
    young = young[rng.random(len(young)) < share]
    start = persons.birth[young] + (rng.uniform(0, wanted.care_began_to_age, len(young)) * YEAR).astype(np.int64)
    length = rng.exponential(state.parameters.life.care.mean_years, len(young)) * YEAR
    longest = persons.birth[young] + int(ADULT * YEAR)
    end = np.minimum(start + int(wanted.shortest_care) + length.astype(np.int64), longest)
    reasons = {one: state.parameters.life.care.reasons[one] for one in REMOVALS}
    kind = choose(rng.random(len(young)), state.parameters.life.care.kinds)
    reason = choose(rng.random(len(young)), reasons)
    state.placements.add(len(young), child=young, first=start, last=end, kind=kind, reason=reason)
    persons.placements[young] += 1


def _teen_mothers(state: State, who: Ints) -> Bools:
    """Whether persons are women who had a child before 20."""
    persons = state.persons
    child = np.flatnonzero(persons.mother >= 0)
    teen_below = state.parameters.life.care.teen_below
    early = persons.birth[child] - persons.birth[persons.mother[child]] < teen_below * YEAR
    teen = np.zeros(len(persons), dtype=bool)
    teen[persons.mother[child[early]]] = True
    return np.asarray(teen[who])
