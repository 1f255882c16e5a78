"""Where households live: their addresses and telephones, and moves of whole households within the county."""

from __future__ import annotations

from typing import Any

import numpy as np

from infotrust.core.practice.chance import Floats, Ints
from infotrust.core.practice.life import incomes
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import USUAL, State


def settle(
    state: State,
    what: str,
    households: Ints,
    day: Any,
    community: Ints,
    *,
    new_phone: Any = True,
    changed: float = 0.0,
) -> None:
    """Give households an address, by income and community, and another telephone where `new_phone` is true.

    `changed`: spread of the logarithm of what their income has changed by since they came to this address.
    """
    rng, count = state.rng(f"addresses {what}"), len(households)
    ratio = incomes.ratios(state, households) * np.exp(changed * rng.standard_normal(count))
    tract = state.place.draw_tract(rng.random(count), ratio, community)
    address = state.place.draw_address(rng.random(count), tract)
    place = state.households
    phone = np.where(new_phone, phones(state, count), place.phone[households])
    place.tract[households], place.address[households], place.phone[households] = tract, address, phone
    state.addresses.add(count, owner=households, first=day, address=address, tract=tract, phone=phone)


def phones(state: State, count: int) -> Ints:
    """The next telephones of the ward, by number."""
    first, state.phones = state.phones, state.phones + count
    return np.arange(first, first + count)


def open_homes(state: State, what: str, households: Ints, day: Ints) -> None:
    """Address and income of new households, whose people have just come together."""
    heads = state.heads()[households]
    lived_in = heads >= 0
    households, heads, day = households[lived_in], heads[lived_in], day[lived_in]
    settle(state, what, households, day, state.persons.community[heads])
    incomes.reckon(state, households, day)


def move(state: State) -> None:
    """Whole households move within the county."""
    heads = state.heads()
    settled = np.flatnonzero((heads >= 0) & (state.households.kind == USUAL))
    settled = settled[state.persons.busy[heads[settled]] != state.step.number]
    goes = settled[state.happens("moves", move_rate(state, settled, heads[settled]))]
    keeps = state.rng("moves phone").random(len(goes)) < state.parameters.life.moves.keeps_phone
    community = state.persons.community[heads[goes]]
    settle(state, "moves", goes, state.days("moves", len(goes)), community, new_phone=~keeps)


def move_rate(state: State, households: Ints, heads: Ints) -> Floats:
    """Moves within the county for each household and year, by age of its oldest person and income, and more frequent
    where its income is rare in its tract: rents are too high, or better homes can be had elsewhere."""
    wanted, ratio = state.parameters.life.moves, incomes.ratios(state, households)
    rate = by_age(wanted.within_county, state.age(heads))
    rate = rate * np.where(ratio < wanted.low_income_below, wanted.low_income, 1.0)
    fit = state.place.fit(state.households.tract[households], ratio)
    return np.asarray(rate * np.minimum(fit**-wanted.misfits, wanted.most_for_misfits))
