"""Households that leave the county and households that come to it."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.life import arriving, incomes, leaving
from infotrust.core.practice.life.rates import by_age
from infotrust.core.practice.life.state import USUAL, State


def emigrate(state: State) -> None:
    """Whole households leave the county, unless a child is placed with them."""
    persons, wanted = state.persons, state.parameters.life.migration
    heads, minors = state.heads(), state.minors()
    placed = np.zeros(len(state.households), dtype=bool)
    placed[persons.household[minors[persons.placement[minors] >= 0]]] = True
    here = state.here
    placed[persons.household[here[persons.busy[here] == state.step.number]]] = True
    usual = np.flatnonzero((heads >= 0) & (state.households.kind == USUAL) & ~placed)
    head = heads[usual]
    ratio = incomes.ratios(state, usual)
    rate = by_age(wanted.out, state.age(head)) * np.where(ratio < wanted.low_income_below, wanted.low_income, 1.0)
    rate = rate * np.where(state.sizes()[usual] == 1, wanted.alone, 1.0)
    goes = state.happens("emigration", rate)
    day = np.full(len(state.households), -1)
    day[usual[goes]] = state.days("emigration", int(goes.sum()))
    who = here[day[persons.household[here]] >= 0]
    leaving.depart_together(state, who, day[persons.household[who]])


def immigrate(state: State) -> None:
    """Households come to the county: younger than those who live there, and many of one person."""
    wanted, rng = state.parameters.life.migration, state.rng("immigration")
    mean = wanted.come * len(state.here) * state.step.years
    arriving.arrive(state, int(rng.poisson(mean)))
