"""What care Medicaid pays for: a claim for each stay, visit, fill or month of care of a member, and its costs.

Most members need little; a few carry most of the cost. That is not set anywhere: it follows from lasting conditions
that add claims each year, from people who differ in use, from long-term care by the month, costly drugs, newborns in
intensive care, the last half year of life and rare catastrophes, and from amounts with a long tail.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from infotrust.core.practice.calendar import Period
from infotrust.core.practice.chance import Bools, Floats, Ints, chances, choose, counts, normal
from infotrust.core.practice.days import SATURDAY, weekday, workday
from infotrust.core.practice.facts.births import births
from infotrust.core.practice.facts.conditions import Conditions, conditions
from infotrust.core.practice.facts.health import DIED, Members, medicaid_members
from infotrust.core.practice.facts.households import pregnancies
from infotrust.core.practice.groups import turns
from infotrust.core.practice.ward import YEAR, Ward

TYPES = ("IP", "OP", "ED", "PR", "RX", "BH", "LT")
IP, OP, ED, PR, RX, BH, LT = range(7)
# What a claim is paid by: its type, or one of these.
PRICES = (*TYPES, "NH", "DI", "SD", "DE", "NB", "NI", "CA")
NH, DI, SD, DE, NB, NI, CA = range(7, 14)
DIAGNOSES = (
    "FAC", "RSP", "EAR", "INF", "INJ", "SKN", "DIG", "SYM", "EYE", "MUS", "GEN", "NVS", "CIR", "END", "MBD", "NEO",
    "PRG", "PNL",
)  # fmt: skip
OF_CONDITION = {
    "asthma": "RSP", "diabetes": "END", "heart": "CIR", "lung": "RSP", "kidney": "GEN", "cancer": "NEO",
    "serious_mental_illness": "MBD", "depression_anxiety": "MBD", "substance_use": "MBD", "specialty_drug": "MUS",
    "disability": "NVS", "long_term_care": "FAC",
}  # fmt: skip
UNKNOWN = -1  # a diagnosis yet to be found
ADULT, OLD, LAST_DAYS, MONTH = 19.0, 65.0, 180, 365.25 / 12
MOST_IN_A_YEAR = 60.0  # claims of one type for one reason
FIRST_VISIT = 0.25  # share of a pregnancy after which prenatal visits begin
DOLLARS_OF = date(2016, 7, 1).toordinal()


@dataclass(frozen=True)
class Claims:
    """One element for each claim, by day of service."""

    who: NDArray[np.int32]
    type: NDArray[np.int8]  # place in TYPES
    price: NDArray[np.int8]  # place in PRICES
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    diagnosis: NDArray[np.int8]  # place in DIAGNOSES
    billed: NDArray[np.float32]  # dollars
    paid: NDArray[np.float32]  # dollars; 0 for a denied claim
    denied: Bools

    def __len__(self) -> int:
        return len(self.who)


@dataclass
class _Rows:
    """Claims before they are priced. `key` is a number of the claim's own, from which all its chances come."""

    key: Ints
    who: Ints
    type: Ints
    price: Ints
    first: Ints
    last: Ints
    diagnosis: Ints

    @classmethod
    def joined(cls, parts: list[_Rows]) -> _Rows:
        return cls(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)))

    def where(self, kept: Bools | Ints) -> _Rows:
        return _Rows(*(getattr(self, one.name)[kept] for one in fields(self)))


@dataclass(frozen=True)
class _Segments:
    """Membership spells cut at the first of each July, those of one school year."""

    who: Ints
    first: Ints
    last: Ints
    died: Bools
    age: Floats  # in the middle

    @property
    def years(self) -> Floats:
        return (self.last - self.first + 1) / YEAR


def claims(ward: Ward) -> Claims:
    """All claims of members in the county's years."""
    members, known = ward.of(medicaid_members), ward.of(conditions)
    parts = [_year(ward, members, known, period) for period in ward.span.periods]
    rows = _Rows.joined([*parts, *_of_births(ward, members)])
    rows = rows.where((rows.first >= ward.span.first) & (rows.first <= ward.span.last))
    rows = rows.where(np.argsort(rows.first, kind="stable"))
    gone = np.minimum(ward.people.death, ward.people.departure)[rows.who]
    rows.last = np.maximum(np.minimum(rows.last, gone), rows.first)
    return _priced(ward, rows)


def _segments(ward: Ward, members: Members, period: Period) -> _Segments:
    first, last = np.maximum(members.first, period.first), np.minimum(members.last, period.last)
    now = first <= last
    who, first, last = members.owner[now], first[now], last[now]
    died = (members.reason[now] == DIED) & (members.last[now] <= period.last)
    return _Segments(who, first, last, died, ward.age(who, (first + last) // 2))


# --- the claims of a year ---


def _year(ward: Ward, members: Members, known: Conditions, period: Period) -> _Rows:
    numbers, cut = ward.parameters.medicaid_care, _segments(ward, members, period)
    use = cut.years * _use(ward, numbers, cut.who, period.number)
    age = _age_group(numbers, cut.age)
    parts = []
    for kind in range(LT):
        usual = np.array([group[TYPES[kind]] for group in numbers.usual.values()])[age]
        parts.append(_drawn(ward, "usual", cut, np.arange(len(cut.who)), usual * use, kind, kind, UNKNOWN))
    for name, more in numbers.because_of.items():
        ill = np.flatnonzero(known.has(name, cut.who, cut.last))
        for kind in range(LT):
            if more.get(TYPES[kind], 0):
                price = {("kidney", OP): DI, ("specialty_drug", RX): SD}.get((name, kind), kind)
                diagnosis = DIAGNOSES.index(OF_CONDITION[name])
                parts.append(_drawn(ward, name, cut, ill, more[TYPES[kind]] * use[ill], kind, price, diagnosis))
    every, rare = np.arange(len(cut.who)), cut.years * numbers.catastrophes
    parts.append(_drawn(ward, "catastrophe", cut, every, rare, IP, CA, DIAGNOSES.index("INJ")))
    rows = _Rows.joined([*parts, _last_half_year(ward, cut)])
    rows = _on_office_days(_with_nights(ward, _explained(ward, rows)), members)
    return _Rows.joined([rows, _months_of_care(ward, known, cut)])


def _use(ward: Ward, numbers: Any, who: Ints, year: int) -> Floats:
    """How much more each member uses than others of the same age and illness; 1 on average of those without need."""
    differs = numbers.differs
    person = normal(ward.chance("care of a person", who), ward.chance("care of a person, too", who))
    once = normal(ward.chance("care of a year", who, year), ward.chance("care of a year, too", who, year))
    spread = differs["person"] * person + differs["year"] * once
    middle = (differs["person"] ** 2 + differs["year"] ** 2) / 2
    return np.asarray(np.exp(differs["need"] * ward.people.need[who] + spread - middle))


def _age_group(numbers: Any, age: Floats) -> Ints:
    starts = [numbers.from_age[name] for name in numbers.usual]
    return np.clip(np.searchsorted(starts, age, side="right") - 1, 0, len(starts) - 1)


def _drawn(
    ward: Ward, why: str, cut: _Segments, place: Ints, mean: Floats, kind: int, price: int, diagnosis: int
) -> _Rows:
    """Claims of one type for the segments in `place`, on days all alike."""
    what = f"claims {why} {TYPES[kind]}"
    chance, mean = ward.chance(what, cut.who[place], cut.first[place]), np.minimum(mean, MOST_IN_A_YEAR)
    some = np.flatnonzero(chance >= np.exp(-mean))
    row, key = _keyed(ward, what, cut, place[some], counts(chance[some], mean[some]))
    day = cut.first[row] + (chances("day", ward.seed, key) * (cut.last[row] - cut.first[row] + 1)).astype(np.int64)
    count = len(row)
    return _Rows(key, cut.who[row], _all(kind, count), _all(price, count), day, day, _all(diagnosis, count))


def _keyed(ward: Ward, what: str, cut: _Segments, place: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Each segment in `place` as often as it has claims, and a key for each of these."""
    row = np.repeat(place, count)
    return row, _keys(ward, what, cut.who[row], cut.first[row], turns(count))


def _keys(ward: Ward, what: str, who: Ints, *more: Ints) -> Ints:
    return np.asarray(ward.chance(what, who, *more) * 2.0**53, dtype=np.int64)


def _all(value: int, count: int) -> Ints:
    return np.full(count, value, dtype=np.int64)


def _last_half_year(ward: Ward, cut: _Segments) -> _Rows:
    """Stays before a death."""
    dying = np.flatnonzero(cut.died)
    what = "claims before death"
    found = counts(ward.chance(what, cut.who[dying]), ward.parameters.medicaid_care.before_death)
    row, key = _keyed(ward, what, cut, dying, found)
    before = (chances("day", ward.seed, key) ** 2 * LAST_DAYS).astype(np.int64)
    day = np.maximum(cut.last[row] - before, cut.first[row])
    count = len(row)
    return _Rows(key, cut.who[row], _all(IP, count), _all(IP, count), day, day, _all(UNKNOWN, count))


def _explained(ward: Ward, rows: _Rows) -> _Rows:
    """Diagnoses for claims that no lasting condition explains; nobody is in hospital for a routine visit."""
    open_rows = np.flatnonzero(rows.diagnosis == UNKNOWN)
    child = ward.age(rows.who[open_rows], rows.first[open_rows]) < ADULT
    chance = chances("diagnosis", ward.seed, rows.key[open_rows])
    shares = ward.parameters.medicaid_care.diagnoses
    for group, where in ((shares.children, child), (shares.adults, ~child)):
        codes = np.array([DIAGNOSES.index(name) for name in group])
        rows.diagnosis[open_rows[where]] = codes[choose(chance[where], dict(group))]
    routine = (rows.diagnosis == DIAGNOSES.index("FAC")) & ((rows.type == IP) | (rows.type == ED))
    rows.diagnosis[routine] = DIAGNOSES.index("SYM")
    rows.diagnosis[(rows.type == BH)] = DIAGNOSES.index("MBD")
    return rows


def _with_nights(ward: Ward, rows: _Rows) -> _Rows:
    stays = np.flatnonzero(rows.type == IP)
    nights = counts(chances("nights", ward.seed, rows.key[stays]), ward.parameters.medicaid_care.nights["usual"])
    rows.last = rows.first.copy()
    rows.last[stays] += 1 + nights
    return rows


def _on_office_days(rows: _Rows, members: Members) -> _Rows:
    """Offices and pharmacies are closed on Saturdays and Sundays: such visits were before, within the spell."""
    office = np.isin(rows.type, (PR, BH, RX, OP))
    day = np.where(office, workday(rows.first), rows.first)
    moved = np.flatnonzero(day != rows.first)
    outside = moved[~members.covers(rows.who[moved], day[moved])]
    weekend = weekday(rows.first[outside]) >= SATURDAY
    day[outside] = rows.first[outside] + np.where(weekend, 7 - weekday(rows.first[outside]), 0)
    rows.last = np.maximum(rows.last - rows.first + day, day)
    rows.first = day
    covered = np.ones(len(day), dtype=bool)
    covered[outside] = members.covers(rows.who[outside], day[outside])
    return rows.where(covered)


def _months_of_care(ward: Ward, known: Conditions, cut: _Segments) -> _Rows:
    """A claim for each month in a nursing home or with daily services at home."""
    numbers = ward.parameters.medicaid_care
    care = known.has("long_term_care", cut.who, cut.last)
    home = known.has("disability", cut.who, cut.last) & (cut.age < OLD)
    home &= ward.chance("services at home", cut.who) < numbers.services_at_home
    place = np.flatnonzero(care | home)
    nursing = care[place] & (ward.chance("nursing home", cut.who[place]) < numbers.in_nursing_home)
    held = np.ceil((cut.last[place] - cut.first[place] + 1) / MONTH).astype(np.int64)
    row, number = np.repeat(np.arange(len(place)), held), turns(held)
    first = cut.first[place][row] + (number * MONTH).astype(np.int64)
    last = np.minimum(cut.first[place][row] + ((number + 1) * MONTH).astype(np.int64) - 1, cut.last[place][row])
    price = np.where(nursing, NH, LT)[row]
    diagnosis = np.where(care[place], DIAGNOSES.index("FAC"), DIAGNOSES.index("NVS"))[row]
    key = _keys(ward, "claims of care", cut.who[place][row], first)
    return _Rows(key, cut.who[place][row], _all(LT, len(row)), price, first, last, diagnosis)


# --- births ---


def _of_births(ward: Ward, members: Members) -> list[_Rows]:
    """Prenatal visits, the delivery, and the newborns' first stay."""
    held, numbers = ward.of(pregnancies), ward.parameters.medicaid_care
    visits = counts(ward.chance("prenatal visits", held.first_child), numbers.prenatal_visits)
    row = np.repeat(np.arange(len(visits)), visits)
    key = _keys(ward, "prenatal visit", held.first_child[row], turns(visits))
    share = FIRST_VISIT + (1 - FIRST_VISIT) * chances("day", ward.seed, key)
    day = (held.conceived[row] + share * (held.born - 1 - held.conceived)[row]).astype(np.int64)
    prg, pnl = DIAGNOSES.index("PRG"), DIAGNOSES.index("PNL")
    before = _Rows(key, held.mother[row], _all(PR, len(row)), _all(PR, len(row)), day, day, _all(prg, len(row)))
    count = len(held.mother)
    key = _keys(ward, "delivery", held.first_child)
    delivery = _Rows(key, held.mother, _all(IP, count), _all(DE, count), held.born, held.born + 2, _all(prg, count))
    child, intensive, nights = _newborns(ward)
    born, count = ward.people.birth[child], len(child)
    price = np.where(intensive, NI, NB)
    newborn = _Rows(_keys(ward, "newborn", child), child, _all(IP, count), price, born, born + nights, _all(pnl, count))
    parts = (_on_office_days(before, members), delivery, newborn)
    return [part.where(members.covers(part.who, part.first)) for part in parts]


def _newborns(ward: Ward) -> tuple[Ints, Bools, Ints]:
    """Children born in the county's years, whether they were in intensive care, and nights in hospital."""
    people, known, nights = ward.people, ward.of(births), ward.parameters.medicaid_care.nights
    child = np.flatnonzero((people.mother >= 0) & (people.birth >= ward.span.first))
    row = known.row_of(child)
    intensive = (row >= 0) & known.intensive_care[np.maximum(row, 0)] if len(known.child) else row >= 0
    long = -np.log1p(-ward.chance("nights in intensive care", child)) * nights["intensive_care"]
    usual = 1 + counts(ward.chance("nights of a newborn", child), nights["newborn"])
    return child, np.asarray(intensive), np.where(intensive, 2 + long, usual).astype(np.int64)


# --- prices ---


def _priced(ward: Ward, rows: _Rows) -> Claims:
    """Dollars for each claim."""
    numbers = ward.parameters.medicaid_care
    median = np.array([numbers.median[name] for name in PRICES])[rows.price]
    spread = np.array([numbers.spread[name] for name in PRICES])[rows.price]
    years = (rows.first - DOLLARS_OF) / YEAR
    paid = median * np.exp(spread * _standard(ward, "paid", rows.key)) * (1 + numbers.growth) ** years
    medicare = (ward.age(rows.who, rows.first) >= OLD) & (rows.type != LT)
    paid *= np.where(medicare, numbers.beside_medicare, 1.0)
    operated = (rows.price == DE) & (chances("cesarean", ward.seed, rows.key) < numbers.cesarean)
    paid *= np.where(operated, numbers.cesarean_costs, 1.0)
    over = numbers.billed["times"] * np.exp(numbers.billed["spread"] * _standard(ward, "billed", rows.key))
    refused = (chances("denied", ward.seed, rows.key) < numbers.denied) & (rows.type != LT)
    return Claims(
        rows.who.astype(np.int32),
        rows.type.astype(np.int8),
        rows.price.astype(np.int8),
        rows.first.astype(np.int32),
        rows.last.astype(np.int32),
        rows.diagnosis.astype(np.int8),
        np.round(paid * np.maximum(over, 1.0), 2).astype(np.float32),
        np.where(refused, 0, np.round(paid, 2)).astype(np.float32),
        refused,
    )


def _standard(ward: Ward, what: str, key: Ints) -> Floats:
    return normal(chances(what, ward.seed, key), chances(f"{what} too", ward.seed, key))
