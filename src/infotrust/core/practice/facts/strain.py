"""Families under strain: the cause behind most reports of abuse and neglect. And who is or was in foster care."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints
from infotrust.core.practice.facts.members import in_force
from infotrust.core.practice.facts.odds import logistic
from infotrust.core.practice.facts.substance import substance_use
from infotrust.core.practice.ward import Spells, Ward


def strain(ward: Ward, child: Ints, on: Ints | int) -> Bools:
    """Whether each child's family is under heavy strain on the day. Children of one mother share their luck."""
    numbers = ward.parameters.protection.strain
    on = np.broadcast_to(np.asarray(on, dtype=np.int64), child.shape)
    mother = ward.people.mother[child]
    known = np.maximum(mother, 0)
    income = ward.income(child, on)
    terms = numbers.base + _of_mother(ward, child, mother, on)
    terms = terms + np.where(income < 1, numbers.poor, np.where(income < 2, numbers.near_poor, 0.0))
    family = np.where(mother >= 0, known, child)
    return np.asarray(ward.chance("family strain", family) < logistic(terms))


def _of_mother(ward: Ward, child: Ints, mother: Ints, on: Ints) -> Floats:
    numbers = ward.parameters.protection.strain
    known = np.maximum(mother, 0)
    birth = ward.people.birth[child]
    age = ward.age(known, birth)
    young = np.where(age < 20, numbers.mother_under_20, np.where(age < 25, numbers.mother_under_25, 0.0))
    terms = young + numbers.mother_in_care * was_in_care(ward, mother, birth) + numbers.need * ward.people.need[known]
    terms = terms + numbers.substance * ward.of(substance_use).at(known, on)
    return np.asarray(np.where(mother >= 0, terms, 0.0))


def in_care(ward: Ward, child: Ints, on: Ints) -> Bools:
    """Whether each child is in foster care on the day."""
    return in_force(*ward.of(_care), child, on)


def _care(ward: Ward) -> tuple[Spells, Ints]:
    order = np.lexsort((ward.placements.first, ward.placements.child))
    return Spells(ward.placements.child[order], ward.placements.first[order]), ward.placements.last[order]


def was_in_care(ward: Ward, who: Ints, on: Ints) -> Bools:
    """Whether each person (nobody: -1) was ever removed before the day, in the county's years or before them."""
    first = np.full(len(ward), np.iinfo(np.int64).max)
    np.minimum.at(first, ward.placements.child, ward.placements.first)
    return np.asarray((who >= 0) & (first[np.maximum(who, 0)] < on))
