"""Where households live: their addresses and telephones, and moves of whole households within the county."""

from __future__ import annotations

from typing import Any

import numpy as np

from infotrust.core.practice.chance import Floats, Ints
from infotrust.core.practice.life.incomes import ratios
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import State

PHONES = 8_000_000  # seven digits, the first of them 2 to 9


def settle(state: State, what: str, households: Ints, day: Any, community: Ints, *, new_phone: Any = True) -> None:
    """Give households an address, by income and community, and mostly keep the telephone where `new_phone` is false."""
    if not len(households):
        return
    rng, count = state.rng(f"addresses {what}"), len(households)
    tract = state.place.draw_tract(rng.random(count), ratios(state, households), community)
    address = state.place.draw_address(rng.random(count), tract)
    phone = rng.integers(2_000_000, 2_000_000 + PHONES, count)
    place = state.households
    phone = np.where(new_phone, phone, place.phone[households])
    place.tract[households], place.address[households], place.phone[households] = tract, address, phone
    place.since[households] = day
    state.addresses.add(count, owner=households, first=day, address=address, tract=tract, phone=phone)


def move(state: State) -> None:
    """Whole households move within the county."""
    heads = state.heads()
    settled = np.flatnonzero((heads >= 0) & (state.households.kind == 0))
    rate = move_rate(state, settled, heads[settled])
    goes = settled[state.happens("moves", rate)]
    head = heads[goes]
    free = state.persons.busy[head] != state.step.number
    goes, head = goes[free], head[free]
    keeps = state.rng("moves phone").random(len(goes)) < state.parameters.life.moves.keeps_phone
    settle(state, "moves", goes, state.days("moves", len(goes)), state.persons.community[head], new_phone=~keeps)


def move_rate(state: State, households: Ints, heads: Ints) -> Floats:
    wanted = state.parameters.life.moves
    low = ratios(state, households) < wanted.low_income_below
    rate = by_age(wanted.within_county, state.age(heads)) * np.where(low, wanted.low_income, 1.0)
    return rate
