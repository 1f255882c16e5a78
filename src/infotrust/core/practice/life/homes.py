"""Where households live: their addresses and telephones, and moves of whole households within the county."""

from __future__ import annotations

from typing import Any

import numpy as np

from infotrust.core.practice.chance import Floats, Ints
from infotrust.core.practice.life import incomes
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import USUAL, State

FIRST_PHONE, PHONES = 2_000_000, 8_000_000  # seven digits, the first of them 2 to 9


def settle(state: State, what: str, households: Ints, day: Any, community: Ints, *, new_phone: Any = True) -> None:
    """Give households an address, by income and community, and another telephone where `new_phone` is true."""
    rng, count = state.rng(f"addresses {what}"), len(households)
    tract = state.place.draw_tract(rng.random(count), incomes.ratios(state, households), community)
    address = state.place.draw_address(rng.random(count), tract)
    place = state.households
    phone = np.where(new_phone, phones(rng, count), place.phone[households])
    place.tract[households], place.address[households], place.phone[households] = tract, address, phone
    state.addresses.add(count, owner=households, first=day, address=address, tract=tract, phone=phone)


def phones(rng: np.random.Generator, count: int) -> Ints:
    return rng.integers(FIRST_PHONE, FIRST_PHONE + PHONES, count)


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
    """Moves within the county for each household and year, by age of its oldest person and income."""
    wanted = state.parameters.life.moves
    low = incomes.ratios(state, households) < wanted.low_income_below
    rate = by_age(wanted.within_county, state.age(heads))
    return np.asarray(rate * np.where(low, wanted.low_income, 1.0))
