"""Whom a report of abuse or neglect is about: the children and adults of the home, and fathers elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.chance import Bools, Ints
from infotrust.core.practice.facts.members import members
from infotrust.core.practice.facts.protection import ADULT, ALLEGATIONS, Reports, reports
from infotrust.core.practice.facts.strain import in_care
from infotrust.core.practice.ward import Ward

ROLES = ("victim", "other_child", "parent", "caregiver", "father_elsewhere")
LONGEST_LEAD = 60  # days from a report to the removal that follows from it, at most
VICTIM, OTHER_CHILD, PARENT, CAREGIVER, FATHER_ELSEWHERE = range(len(ROLES))


@dataclass(frozen=True)
class Involved:
    """One element for each person named in a report, in order of the reports."""

    report: Ints  # place in `Reports`
    person: Ints
    role: Ints  # place in ROLES
    perpetrator: Bools  # alleged to have done it: one adult of the home at most
    found: Bools  # for a victim: the agency found it to be so


def involved(ward: Ward) -> Involved:
    every = ward.of(reports)
    report, person = members(ward, every.household, every.day)
    role = _roles(ward, every, report, person)
    alleged = _alleged(ward, every, report, person, role)
    fathers = _fathers_elsewhere(ward, every, report, person)
    report = np.concatenate([report, fathers])
    person = np.concatenate([person, ward.people.father[every.child[fathers]]])
    role = np.concatenate([role, np.full(len(fathers), FATHER_ELSEWHERE)])
    alleged = np.concatenate([alleged, np.zeros(len(fathers), dtype=np.bool_)])
    found = every.substantiated[report] & (role == VICTIM)
    sibling = person != every.child[report]
    luck = ward.chance("report: sibling found", person, every.day[report])
    removed = in_care(ward, person, every.day[report] + LONGEST_LEAD) & (role == VICTIM)
    found &= ~sibling | removed | (luck < ward.parameters.protection.sibling_victims)
    order = np.lexsort((role, report))
    return Involved(report[order], person[order], role[order], alleged[order], found[order])


def _roles(ward: Ward, every: Reports, report: Ints, person: Ints) -> Ints:
    child, day = every.child[report], every.day[report]
    minor = ward.age(person, day) < ADULT
    shares = np.array([ward.parameters.protection.siblings[name] for name in ALLEGATIONS])[every.allegation[report]]
    victim = (person == child) | (ward.chance("report: sibling", person, day) < shares)
    parent = (person == ward.people.mother[child]) | (person == ward.people.father[child])
    children = np.where(victim, VICTIM, OTHER_CHILD)
    return np.where(parent, PARENT, np.where(minor, children, CAREGIVER)).astype(np.int64)


def _alleged(ward: Ward, every: Reports, report: Ints, person: Ints, role: Ints) -> Bools:
    """In most reports the adult with the lowest chance, where a mother's is divided by her weight; else somebody who
    does not live in the home."""
    adult = np.flatnonzero(role >= PARENT)
    draw = ward.chance("report: perpetrator", person[adult], every.day[report[adult]])
    mother = person[adult] == ward.people.mother[every.child[report[adult]]]
    draw = np.where(mother, draw / ward.parameters.protection.mother_alleged, draw)
    draw = np.where(role[adult] == CAREGIVER, draw / ward.parameters.protection.caregiver_alleged, draw)
    order = adult[np.lexsort((draw, report[adult]))]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = report[order][1:] != report[order][:-1]
    luck = ward.chance("report: somebody of the home", every.child, every.day)[report[order]]
    alleged = np.zeros(len(report), dtype=np.bool_)
    alleged[order[first & (luck < ward.parameters.protection.alleged_in_home)]] = True
    return alleged


def _fathers_elsewhere(ward: Ward, every: Reports, report: Ints, person: Ints) -> Ints:
    """The reports that name a father who does not live in the home."""
    father = ward.people.father[every.child]
    at_home = np.zeros(len(father), dtype=np.bool_)
    at_home[report[person == father[report]]] = True
    known = np.flatnonzero((father >= 0) & ~at_home)
    known = known[ward.present(father[known], every.day[known])]
    luck = ward.chance("report: other father", every.child[known], every.day[known])
    return np.asarray(known[luck < ward.parameters.protection.other_father_named])
