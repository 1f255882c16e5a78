"""Foster care: which children are removed from their homes, where they live then, and how it ends.

The hazard of a removal depends on causes that other agencies' data show too: a mother who was in care herself, a mother
under 20 at the birth, poverty, the parent's chronic need, an earlier removal. Nothing is painted on afterwards.
"""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Floats, Ints, choose
from infotrust.core.practice.life import homes, incomes, leaving, surnames
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import ADULT, GROUP_HOME, USUAL, State, Step
from infotrust.core.practice.ward import PLACEMENTS, REMOVALS, YEAR

KINSHIP, FOSTER, GROUP = range(len(PLACEMENTS))


def protect(state: State) -> None:
    """All that happens in foster care in this step."""
    end(state)
    change(state)
    remove(state)
    take_in(state)


# --- removals ---


def hazards(state: State, child: Ints) -> Floats:
    """Removals for each child and year."""
    persons, wanted = state.persons, state.parameters.life.care
    mother, father = persons.mother[child], persons.father[child]
    with_mother, with_father = state.together(child, mother), state.together(child, father)
    parent = np.where(with_mother, mother, np.where(with_father, father, -1))
    teen = (mother >= 0) & (persons.birth[child] - persons.birth[mother] < wanted.teen_below * YEAR)
    in_care = (mother >= 0) & (persons.placements[mother] > 0)
    ratio = incomes.ratios(state, persons.household[child])
    hazard = by_age(wanted.removal, state.age(child))
    hazard = hazard * by_age(wanted.income, ratio) * np.where(teen, wanted.teen_mother, 1.0)
    hazard *= np.where(in_care, wanted.mother_in_care, 1.0) * np.where(
        with_mother & with_father, 1.0, wanted.one_parent
    )
    hazard *= np.where(persons.placements[child] > 0, wanted.again, 1.0)
    hazard *= np.exp(wanted.need * np.where(parent >= 0, persons.need[parent], 0.0))
    return np.asarray(hazard * np.where(parent >= 0, 1.0, wanted.with_others))


def remove(state: State) -> None:
    """Remove children; brothers and sisters of one home share their luck, so that most go together."""
    persons = state.persons
    minors = _not_yet_grown(state, state.minors())
    usual = state.households.kind[persons.household[minors]] == USUAL
    child = state.idle(minors[(persons.placement[minors] < 0) & usual])
    luck = state.rng("removals").random(len(state.households))[persons.household[child]]
    gone = luck < -np.expm1(-hazards(state, child) * state.step.years)
    child = child[gone]
    day = state.rng("removal days").integers(state.step.first, state.step.end, len(state.households))
    reasons = {one: state.parameters.life.care.reasons[one] for one in REMOVALS}
    why = choose(state.rng("removal reasons").random(len(state.households)), reasons)
    home = persons.household[child]
    place(state, "removals", child, np.maximum(day[home], persons.birth[child] + 1), why[home])


def place(state: State, what: str, child: Ints, day: Ints, reason: Ints) -> None:
    """Place children with kin, in a foster home or in a group home; those of one home together."""
    persons, wanted, rng = state.persons, state.parameters.life.care, state.rng(f"placing {what}")
    kin = _kin_home(state, child)
    draw = rng.random(len(state.households))[persons.household[child]]
    old = (state.age(child) >= wanted.group_home_from) & (rng.random(len(child)) < wanted.group_home)
    kinship = (kin >= 0) & (draw < wanted.kin_takes_in)
    kind = np.where(kinship, KINSHIP, np.where(old, GROUP, FOSTER))
    family = _foster_homes(state, rng, len(state.households))[persons.household[child]]
    kind = np.where((kind == FOSTER) & ((family < 0) | (family == persons.household[child])), GROUP, kind)
    group = _group_home(state) if (kind == GROUP).any() else -1
    home = np.choose(kind, [kin, family, np.full(len(child), group)])
    state.rehome(child, home, day)
    rows = state.placements.add(
        len(child), child=child, first=persons.since[child], household=home, kind=kind, reason=reason
    )
    persons.placement[child] = rows
    persons.placements[child] += 1
    persons.alternates[child] = False
    persons.guardian[child] = state.heads()[home]
    persons.guardian[child[kind == GROUP]] = -1
    state.occupy(child)


def _kin_home(state: State, child: Ints) -> Ints:
    """The home of a grandparent, other than the child's; -1 without."""
    persons, found = state.persons, np.full(len(child), -1)
    adults = state.adults()
    for parent in (persons.father[child], persons.mother[child]):
        for column in (persons.father, persons.mother):
            kin = np.where(parent >= 0, column[parent], -1)
            home = persons.household[kin]
            fits = (kin >= 0) & persons.here[kin] & (home != persons.household[child])
            fits &= (state.households.kind[home] == USUAL) & (adults[home] > 0)
            fits &= ~state.together(kin, parent) & (persons.busy[kin] != state.step.number)
            found = np.where(fits, home, found)
    return found


def _foster_homes(state: State, rng: np.random.Generator, count: int) -> Ints:
    """`count` homes of people who take in foster children, drawn with some who already do."""
    wanted, persons = state.parameters.life.care, state.persons
    heads = state.heads()
    home = np.flatnonzero((heads >= 0) & (state.households.kind == USUAL))
    head = heads[home]
    age = state.age(head)
    fits = (age >= wanted.foster_parent_from) & (age < wanted.foster_parent_to)
    fits &= incomes.ratios(state, home) > wanted.foster_parent_income
    fits &= surnames.alike(state, "fosters", head) < wanted.fosters
    fits &= (persons.busy[head] != state.step.number) & (state.sizes()[home] <= wanted.largest_foster_home)
    home = home[fits]
    return home[rng.integers(0, len(home), count)] if len(home) else np.full(count, -1)


def _group_home(state: State) -> int:
    """The ward's group home for children, opened when first needed."""
    found = np.flatnonzero(state.households.kind == GROUP_HOME)
    if len(found):
        return int(found[0])
    home = state.open_households(1)
    state.households.kind[home] = GROUP_HOME
    homes.settle(state, "group home", home, state.step.first, np.zeros(1, dtype=np.int64))
    state.incomes.add(1, owner=home, first=state.step.first, ratio=1.0)
    return int(home[0])


def _not_yet_grown(state: State, who: Ints) -> Ints:
    """Those who stay below 18 in this step."""
    return np.asarray(who[state.persons.birth[who] > state.step.end - int(ADULT * YEAR)])


def begin(state: State) -> None:
    """The children who are in care on the first day."""
    now, years = state.step, state.parameters.life.care.mean_years
    state.step = Step(now.number, 0, now.first - int(years * YEAR), now.first, years)
    remove(state)
    state.step = now


# --- how it goes on ---


def _placed(state: State) -> Ints:
    here = state.here
    return state.idle(here[state.persons.placement[here] >= 0])


def end(state: State) -> None:
    """Children go back to a parent, are adopted, or grow up."""
    persons, wanted = state.persons, state.parameters.life.care
    child = _placed(state)
    age, row = state.age(child), persons.placement[child]
    since = (state.step.first - state.placements.first[row]) / YEAR
    parent = _parent_home(state, child)
    back = np.where(parent >= 0, by_age(wanted.reunified, since), 0.0)
    adopted = np.where(state.placements.kind[row] == GROUP, 0.0, by_age(wanted.adopted, since))
    adopted *= by_age(wanted.adopted_age, age)
    happens = state.happens("care ends", back + adopted)
    home_again = happens & (state.rng("how care ends").random(len(child)) * (back + adopted) < back)
    grown = (age >= ADULT) & ~happens
    day = state.days("end of care", len(child))
    _close(state, child[happens | grown], day[happens | grown])
    returns = home_again
    state.rehome(child[returns], parent[returns], day[returns])
    persons.guardian[child[returns]] = -1
    _adopt(state, child[happens & ~home_again], day[happens & ~home_again])
    _grow_up(state, child[grown], day[grown])


def _close(state: State, child: Ints, day: Ints) -> None:
    persons = state.persons
    row = persons.placement[child]
    state.placements.last[row] = np.maximum(day, state.placements.first[row] + 1)
    persons.placement[child] = -1
    state.occupy(child)


def _parent_home(state: State, child: Ints) -> Ints:
    """The household of the mother, else the father, where that parent is here and no child in care; -1 without."""
    persons, found = state.persons, np.full(len(child), -1)
    for parent in (persons.father[child], persons.mother[child]):
        fits = (parent >= 0) & persons.here[parent] & (persons.placement[parent] < 0)
        fits &= state.households.kind[persons.household[parent]] == USUAL
        fits &= persons.busy[parent] != state.step.number
        found = np.where(fits, persons.household[parent], found)
    return found


def _adopt(state: State, child: Ints, day: Ints) -> None:
    """Children stay where they are for good; most get the surname of those who adopt them."""
    persons, wanted = state.persons, state.parameters.life.care
    head = state.heads()[persons.household[child]]
    persons.guardian[child] = head
    renamed = (state.rng("adopted names").random(len(child)) < wanted.adopted_renamed) & (head != child)
    surnames.adopt(state, child[renamed], head[renamed], day[renamed])


def _grow_up(state: State, child: Ints, day: Ints) -> None:
    """Those who turn 18 in care stay with kin or a foster family, or have a home of their own from then on."""
    home = state.persons.household[child]
    alone = state.households.kind[home] == GROUP_HOME
    alone |= state.rng("on their own").random(len(child)) < state.parameters.life.care.on_their_own
    who, day = child[alone], day[alone]
    target = state.open_households(len(who))
    state.go(who, target, day)
    homes.open_homes(state, "own", target, day)


def change(state: State) -> None:
    """Some children are moved from one placement to another."""
    wanted, persons = state.parameters.life.care, state.persons
    child = _not_yet_grown(state, _placed(state))
    moved = child[state.happens("placement changes", np.full(len(child), wanted.placement_changes))]
    day = state.days("placement changes", len(moved))
    row = persons.placement[moved]
    reason = state.placements.reason[row]
    day = np.maximum(day, state.placements.first[row] + 1)
    _close(state, moved, day)
    place(state, "changes", moved, day, reason)
    persons.placements[moved] -= 1


# --- children without a grown person at home ---


def take_in(state: State) -> None:
    """Children in homes without an adult go to their other parent, to a grandparent, or into care."""
    persons = state.persons
    child = _not_yet_grown(state, state.minors())
    home = persons.household[child]
    child = child[(state.adults()[home] == 0) & (state.households.kind[home] == USUAL)]
    if not len(child):
        return
    alone_since = state.households.left[persons.household[child]]
    day = np.clip(alone_since, state.step.first, state.step.end - 1)
    parent = _parent_elsewhere(state, child)
    near = parent >= 0
    since = np.maximum(day, persons.since[parent])
    state.rehome(child[near], persons.household[parent[near]], since[near])
    left, when = child[~near], day[~near]
    grand = _kin_home(state, left)
    state.rehome(left[grand >= 0], grand[grand >= 0], when[grand >= 0])
    persons.guardian[left[grand >= 0]] = state.heads()[grand[grand >= 0]]
    rest, day = left[grand < 0], when[grand < 0]
    _without_kin(state, rest, day)


def _parent_elsewhere(state: State, child: Ints) -> Ints:
    """The mother, the father or a guardian who has another home with an adult; -1 without."""
    persons, found, adults = state.persons, np.full(len(child), -1), state.adults()
    for parent in (persons.guardian[child], persons.father[child], persons.mother[child]):
        home = persons.household[parent]
        fits = (parent >= 0) & persons.here[parent] & (adults[home] > 0)
        fits &= (state.households.kind[home] == USUAL) & (home != persons.household[child])
        found = np.where(fits, parent, found)
    return found


def _without_kin(state: State, child: Ints, day: Ints) -> None:
    """Some go to kin outside the county, the others into care. Children of one home share what happens to them."""
    persons, wanted = state.persons, state.parameters.life.care
    placed = persons.placement[child] >= 0
    draw = state.rng("kin far away").random(len(state.households))[persons.household[child]]
    away = (draw < wanted.kin_far_away) & ~placed
    leaving.depart_together(state, child[away], day[away])
    row = persons.placement[child[placed]]
    _close(state, child[placed], day[placed])
    reason = np.full(len(child), REMOVALS.index("abandonment"))
    reason[placed] = state.placements.reason[row]
    start = day.copy()
    start[placed] = state.placements.last[row]
    stays = ~away
    place(state, "alone", child[stays], start[stays], reason[stays])
