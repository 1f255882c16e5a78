"""Births to the county's residents as they truly were: parents, pregnancy, and the newborn's health.

Children of the founding families have a birth too where they were born here, up to `years_before` years before the
first day, so that pupils of the first years can be found among the births. Whoever moves in later has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, chances, choose, normal
from infotrust.core.practice.days import years_of
from infotrust.core.practice.facts.health import medicaid_members
from infotrust.core.practice.facts.odds import moved, together
from infotrust.core.practice.facts.parents import husbands, schooling_of
from infotrust.core.practice.facts.prenatal_wic import prenatal_wic
from infotrust.core.practice.ward import ALWAYS, DISABILITIES, LANGUAGES, RACES, YEAR, Ward

PAYERS = ("medicaid", "private", "self_pay", "other")
ANOMALIES = ("none", "down_syndrome", "heart", "cleft", "limb_or_spine", "other")
INFECTIONS = ("none", "chlamydia", "gonorrhea", "syphilis", "hepatitis_b", "hepatitis_c")
_PREGNANCY = 270  # days

# Disabilities that a preterm birth makes more likely; looked at from the child's side.
_FORETOLD = ("developmental_delay", "intellectual", "sensory", "physical")


@dataclass(frozen=True)
class Births:
    """One element for each birth, twins apart, in the order of persons. -1 where there is no such person."""

    child: Ints
    mother: Ints
    father: Ints  # by nature or marriage, whether or not the certificate names him
    on: Ints
    order: Ints  # the mother's live births in this county's families, this one included
    mother_age: Floats
    married: Bools
    acknowledged: Bools  # paternity, where the mother is not married
    mother_schooling: Ints  # place in parents.SCHOOLING
    father_schooling: Ints
    mother_worked: Bools  # in the year before the birth
    father_worked: Bools
    income: Floats  # of the household, as a multiple of the poverty level
    payer: Ints  # place in PAYERS
    trimester: Ints  # in which prenatal care began: 1 to 3, 0 for none
    wic: Bools  # the mother received WIC in the pregnancy
    smoked: Bools
    infection: Ints  # place in INFECTIONS: present or treated in the pregnancy
    weeks: Ints  # of gestation, obstetric estimate
    grams: Ints
    intensive_care: Bools
    ventilated: Bools
    anomaly: Ints  # place in ANOMALIES
    breastfed: Bools  # at discharge
    hospital: Ints  # place in the county's hospitals
    address: Ints  # where the mother lived on the day
    tract: Ints

    def __len__(self) -> int:
        return len(self.child)

    @property
    def father_named(self) -> Bools:
        """Whether the certificate names a legal father: the husband, or a man who acknowledged the child."""
        return np.asarray((self.father >= 0) & (self.married | self.acknowledged))

    def row_of(self, who: Ints) -> Ints:
        """The birth of each person, -1 for those born elsewhere or before the records begin."""
        if len(self) == 0:
            return np.full(len(who), -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.child, who), len(self) - 1)
        return np.where(self.child[place] == who, place, -1)


@dataclass(frozen=True)
class _Deliveries:
    """Chances that belong to a delivery: twins share what their mother did and had."""

    ward: Ward
    mother: Ints
    on: Ints

    def chance(self, what: str) -> Floats:
        return chances(f"birth: {what}", self.ward.seed, self.ward.number, self.mother, self.on)


def births(ward: Ward) -> Births:
    """All births that vital records hold."""
    numbers, people = ward.parameters.birth_certificates, ward.people
    child = _born_here(ward)
    mother, on = people.mother[child], people.birth[child]
    married, husband = husbands(ward, mother, on)
    father = np.where((people.father[child] < 0) & married, husband, people.father[child])
    income = ward.income(child, on)
    schooling = schooling_of(ward, mother, on)
    once = _Deliveries(ward, mother, on)
    payer = _payers(once, income, numbers)
    causes = _causes(ward, child, mother, income, schooling, payer)
    trimester = _prenatal_care(once, causes, numbers)
    causes["smoked"] = _smoked(once, causes, on, numbers)
    causes["late_care"] = trimester != 1
    weeks = _gestation(once, causes, people.plurality[child], numbers)
    intensive = ward.chance("birth: intensive care", child) < _by_weeks(weeks, numbers.intensive_care)
    # Only in intensive care are newborns ventilated for hours; `ventilated` is a share of all births of the week.
    ventilated = _by_weeks(weeks, numbers.ventilated) / np.maximum(_by_weeks(weeks, numbers.intensive_care), 1e-9)
    address, tract = _homes(ward, child, income)
    worked = np.where(income < 1, float(numbers.worked_poor_odds), 1.0)
    return Births(
        child=child,
        mother=mother,
        father=father,
        on=on,
        order=ward.of(birth_order)[child],
        mother_age=(on - people.birth[mother]) / YEAR,
        married=married,
        acknowledged=_acknowledged(once, father, married, numbers),
        mother_schooling=schooling,
        father_schooling=schooling_of(ward, father, on),
        mother_worked=once.chance("mother worked") < moved(numbers.mother_worked, worked),
        father_worked=once.chance("father worked") < moved(numbers.father_worked, worked),
        income=income,
        payer=payer,
        trimester=trimester,
        wic=_wic(once, payer, income, numbers),
        smoked=causes["smoked"],
        infection=_infections(once, causes, numbers),
        weeks=weeks,
        grams=_weights(ward, child, weeks, causes, numbers),
        intensive_care=intensive,
        ventilated=intensive & (ward.chance("birth: ventilated", child) < ventilated),
        anomaly=_anomalies(ward, child, numbers),
        breastfed=once.chance("breastfed") < moved(numbers.breastfed, together(causes, numbers.breastfed_odds)),
        hospital=_hospitals(ward, once, tract, numbers),
        address=address,
        tract=tract,
    )


def _born_here(ward: Ward) -> Ints:
    """Newborns of the county's years, and children of founding families who were born here before."""
    numbers, people = ward.parameters.birth_certificates, ward.people
    newborn = (people.birth >= ward.span.first) & (people.arrival == people.birth)
    earliest = ward.span.first - int(numbers.years_before * YEAR)
    founding = (people.birth < ward.span.first) & (people.birth >= earliest) & (people.arrival == ALWAYS)
    same = ward.chance("birth: here", people.mother, people.birth) < numbers.founding_born_here
    return np.flatnonzero((people.mother >= 0) & (newborn | (founding & same)))


def _causes(ward: Ward, child: Ints, mother: Ints, income: Floats, schooling: Ints, payer: Ints) -> dict[str, Bools]:
    people = ward.people
    age = (people.birth[child] - people.birth[mother]) / YEAR
    race = people.race[mother]
    return {
        "poor": income < 2,
        "teen": age < 20,
        "young": (age >= 20) & (age < 25),
        "older": age >= 35,
        "no_insurance": payer == PAYERS.index("self_pay"),
        "no_english": people.language[mother] != LANGUAGES.index("eng"),
        "black": race == RACES.index("black"),
        "hispanic": race == RACES.index("hispanic"),
        "asian": race == RACES.index("asian"),
        "college": schooling == 3,
        "disabled": _any_disabled(ward, child, mother),
    }


def _any_disabled(ward: Ward, child: Ints, mother: Ints) -> Bools:
    """Whether a child of the delivery has a disability that goes with an early birth: twins are born together."""
    disabled = np.isin(ward.people.disability[child], [DISABILITIES.index(name) for name in _FORETOLD])
    _, delivery = np.unique(mother * 10**7 + ward.people.birth[child], return_inverse=True)
    return np.asarray(np.bincount(delivery, weights=disabled) > 0)[delivery]


def birth_order(ward: Ward) -> Ints:
    """Which of the mother's births each person is, from 1: her children in the ward, by birthday, twins in their order.

    0 for those whose mother is unknown.
    """
    people = ward.people
    siblings = np.flatnonzero(people.mother >= 0)
    siblings = siblings[np.lexsort((people.birth_order[siblings], people.birth[siblings], people.mother[siblings]))]
    mother = people.mother[siblings]
    place = np.arange(len(mother))
    begins = np.diff(mother, prepend=-1) != 0
    found = np.zeros(len(ward), dtype=np.int64)
    found[siblings] = place - np.maximum.accumulate(np.where(begins, place, 0)) + 1
    return found


def _acknowledged(once: _Deliveries, father: Ints, married: Bools, numbers: Any) -> Bools:
    """Unmarried fathers acknowledge more often where they live with the mother on the day."""
    ward, known = once.ward, np.maximum(father, 0)
    at_home = ward.household(known, once.on) == ward.household(once.mother, once.on)
    likely = np.where(at_home, numbers.acknowledged_at_home, numbers.acknowledged_elsewhere)
    return np.asarray((father >= 0) & ~married & (once.chance("acknowledged") < likely))


def _payers(once: _Deliveries, income: Floats, numbers: Any) -> Ints:
    """Medicaid where it covers the mother on the day; before the first day its members are not known, but drawn."""
    low, high = income < numbers.medicaid_income_limit, income >= numbers.medicaid_near_limit
    likely = np.where(low, numbers.medicaid_low, np.where(high, numbers.medicaid_high, numbers.medicaid_near))
    covered = once.ward.of(medicaid_members).covers(once.mother, once.on)
    medicaid = np.where(once.on >= once.ward.span.first, covered, once.chance("medicaid") < likely)
    others = choose(once.chance("other payer"), dict(numbers.other_payers))
    names = np.array([PAYERS.index(name) for name in numbers.other_payers])
    return np.where(medicaid, PAYERS.index("medicaid"), names[others]).astype(np.int64)


def _wic(once: _Deliveries, payer: Ints, income: Floats, numbers: Any) -> Bools:
    """Whether the mother had WIC; drawn where the pregnancy began before the first day."""
    eligible = (payer == PAYERS.index("medicaid")) | (income < numbers.wic_income_limit)
    drawn = eligible & (once.chance("wic") < numbers.wic_takes_part)
    received = once.ward.of(prenatal_wic).received(once.mother, once.on)
    return np.where(once.on >= once.ward.span.first + _PREGNANCY, received, drawn)


def _prenatal_care(once: _Deliveries, causes: dict[str, Bools], numbers: Any) -> Ints:
    first = moved(numbers.first_trimester, together(causes, numbers.first_trimester_odds))
    later = np.array([int(name) for name in numbers.later_care])[
        choose(once.chance("later care"), dict(numbers.later_care))
    ]
    return np.where(once.chance("prenatal care") < first, 1, later).astype(np.int64)


def _smoked(once: _Deliveries, causes: dict[str, Bools], on: Ints, numbers: Any) -> Bools:
    fading = np.exp(-numbers.smoking_falls * (years_of(on) - numbers.smoking_year))
    share = moved(numbers.smoked, together(causes, numbers.smoked_odds))
    return np.asarray(once.chance("smoked") < np.minimum(share * fading, 0.9))


def _infections(once: _Deliveries, causes: dict[str, Bools], numbers: Any) -> Ints:
    share = moved(numbers.infection, together(causes, numbers.infection_odds))
    which = choose(once.chance("which infection"), dict(numbers.infections)) + 1
    return np.where(once.chance("infection") < share, which, 0).astype(np.int64)


def _gestation(once: _Deliveries, causes: dict[str, Bools], plurality: Ints, numbers: Any) -> Ints:
    """Completed weeks: whether the birth is early follows from its causes; how early does not."""
    base = np.array([numbers.preterm[min(int(count), 3)] for count in (1, 1, 2, 3)])[np.minimum(plurality, 3)]
    early = once.chance("preterm") < moved(base, together(causes, numbers.preterm_odds))
    chance = once.chance("weeks")
    weeks = np.array([int(week) for week in numbers.term_weeks])[choose(chance, dict(numbers.term_weeks))]
    before = np.array([int(week) for week in numbers.preterm_weeks])[choose(chance, dict(numbers.preterm_weeks))]
    return np.where(early, before, weeks).astype(np.int64)


def _weights(ward: Ward, child: Ints, weeks: Ints, causes: dict[str, Bools], numbers: Any) -> Ints:
    """Grams: the median for the week, moved by what holds for the child, with a spread in proportion."""
    table = np.array([(int(week), grams) for week, grams in numbers.median_grams.items()])
    median = np.interp(weeks, table[:, 0], table[:, 1])
    holds = causes | {"girl": ~ward.people.male[child], "multiple": ward.people.plurality[child] > 1}
    spread = normal(ward.chance("birth: weight", child), ward.chance("birth: weight too", child))
    grams = median * together(holds, numbers.grams_factors) * np.exp(numbers.grams_spread * np.clip(spread, -3, 3))
    return np.asarray(np.clip(np.round(grams), 300, 6000), dtype=np.int64)


def _by_weeks(weeks: Ints, shares: Any) -> Floats:
    """The share for each week; the table names the first week from which a share holds."""
    first = np.array([int(week) for week in shares])
    return np.array(list(shares.values()))[np.searchsorted(first, weeks, side="right") - 1]


def _anomalies(ward: Ward, child: Ints, numbers: Any) -> Ints:
    share = np.array([numbers.anomaly[name] for name in DISABILITIES])[ward.people.disability[child]]
    usual = choose(ward.chance("birth: which anomaly", child), dict(numbers.anomalies)) + 1
    intellectual = ward.people.disability[child] == DISABILITIES.index("intellectual")
    which = np.where(intellectual, ANOMALIES.index("down_syndrome"), usual)
    return np.where(ward.chance("birth: anomaly", child) < share, which, 0).astype(np.int64)


def _homes(ward: Ward, child: Ints, income: Floats) -> tuple[Ints, Ints]:
    """Where the mother lived. Families moved before the county's first day too: those homes are drawn here."""
    on = ward.people.birth[child]
    row = ward.home(child, on)
    address, tract = ward.addresses.address[row].copy(), ward.addresses.tract[row].copy()
    years = np.maximum(ward.span.first - on, 0) / YEAR
    stayed = np.exp(-ward.parameters.birth_certificates.founding_moves * years)
    mother = ward.people.mother[child]
    moved_since = np.flatnonzero((years > 0) & (ward.chance("birth: moved since", mother, on) >= stayed))
    who = mother[moved_since]
    tract[moved_since] = ward.place.draw_tract(
        ward.chance("birth: tract", who, on[moved_since]), income[moved_since], ward.people.community[who]
    )
    address[moved_since] = ward.place.draw_address(
        ward.chance("birth: address", who, on[moved_since]), tract[moved_since]
    )
    return address, tract


def _hospitals(ward: Ward, once: _Deliveries, tract: Ints, numbers: Any) -> Ints:
    """Near hospitals more often than far ones, by the size of their maternity wards."""
    place, hospitals = ward.place, ward.place.hospitals
    miles = np.hypot(
        place.x[:, None] - place.x[hospitals.tract][None, :], place.y[:, None] - place.y[hospitals.tract][None, :]
    )
    pull = hospitals.share[None, :] * np.exp(-miles / numbers.hospital_miles)
    edges = np.cumsum(pull / pull.sum(axis=1, keepdims=True), axis=1)
    chosen = (once.chance("hospital")[:, None] >= edges[tract]).sum(axis=1)
    return np.asarray(np.minimum(chosen, len(hospitals.code) - 1), dtype=np.int64)
