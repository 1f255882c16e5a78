"""The WIC clinics' system: women, infants and children under five, their certifications, measurements and nursing.

Staff write names as they hear them; a mother and her children share a family number.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from infotrust.core.practice.agencies.records_of import numbered
from infotrust.core.practice.agencies.register import RACE_ABOUT, ROOM, Register, latest
from infotrust.core.practice.agencies.words import listed, worded, yes_no
from infotrust.core.practice.chance import Floats, Ints, Texts, normal
from infotrust.core.practice.facts.births import births
from infotrust.core.practice.facts.wic import INFANT, PREGNANT, WEEK, WicCertifications, nursing, wic_certifications
from infotrust.core.practice.records.numbers import permuted
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import LANGUAGES, Ward

AGENCY = "wic"
CATEGORY_CODES = {"P": "pregnant", "B": "breastfeeding", "N": "postpartum, not breastfeeding", "I": "infant",
                  "C": "child from one to under five"}  # fmt: skip
END_CODES = {"": "still runs", "EX": "ran out", "LV": "stayed away", "MV": "moved away or died"}
PROOF_CODES = {"I": "income papers", "M": "Medicaid membership", "S": "SNAP membership"}
BLOOD_FROM = 0.75  # years of age (7 CFR 246.7(e)(1)(ii): no blood test before nine months)
ANEMIA = 11.0  # grams per deciliter (CDC, Recommendations to Prevent and Control Iron Deficiency, 1998)
GROWN = 12.0  # years; younger participants are measured as children
FULL_TERM_GRAMS, GRAMS_SPREAD = 3300, 520  # birth weight and its spread: small newborns stay smaller than others
FROM_BIRTH = 0.5  # how much of a child's size is that of the newborn (correlation)

PARTICIPANTS = Layout(
    AGENCY,
    "participants",
    "Women, infants and children who were ever certified",
    "participant_id",
    {
        "participant_id": "the program's number for a person",
        "family_id": "number of the family: a mother and her children",
        "first_name": "given name, as staff wrote it",
        "last_name": "family name, as staff wrote it",
        "birth_date": "MM/DD/YYYY",
        "sex": "M, F or U (unknown)",
        "race_ethnicity": RACE_ABOUT,
        "language": f"language of the interview: {', '.join(LANGUAGES)}",
        "mother_name": "name of the mother or other guardian of an infant or child",
        "street": "home at the latest certification",
        "city": "city",
        "zip": "ZIP code",
        "phone": "telephone",
    },
    identity=True,
)
CERTIFICATIONS = Layout(
    AGENCY,
    "certifications",
    "Certifications: from when to when a person may take part, and as what",
    "certification_number",
    {
        "certification_number": "number of the certification; its year is that of the first day",
        "participant_id": "the person",
        "category": listed(CATEGORY_CODES),
        "certified_on": "first day",
        "certified_to": "last day, as certified",
        "ended_on": "last day on which the person took part; empty while it runs",
        "end_reason": listed(END_CODES),
        "proof": f"what showed that the income is low enough: {listed(PROOF_CODES)}",
    },
)
MEASUREMENTS = Layout(
    AGENCY,
    "measurements",
    "Weight, height and blood at each certification",
    "certification_number",
    {
        "certification_number": "the certification at which the person was measured",
        "participant_id": "the person",
        "measured_on": "day",
        "height_cm": "height, or length of an infant, in centimeters",
        "weight_kg": "weight in kilograms",
        "hemoglobin": "grams per deciliter; empty where no blood was taken (infants under nine months)",
        "anemia": "Y below 11 grams per deciliter, N; empty where no blood was taken",
    },
)
BREASTFEEDING = Layout(
    AGENCY,
    "breastfeeding",
    "Breastfeeding of each certified infant, as told by the mother",
    "participant_id",
    {
        "participant_id": "the infant",
        "begun": "Y where ever breastfed, else N",
        "weeks": "weeks of breastfeeding up to the last contact",
        "weeks_only": "weeks of nothing but breast milk",
        "goes_on": "Y where still breastfed at the last contact, else N",
    },
)
LAYOUTS = (PARTICIPANTS, CERTIFICATIONS, MEASUREMENTS, BREASTFEEDING)


def tables(ward: Ward) -> Iterator[Table]:
    held = ward.of(wic_certifications)
    register = Register(ward, AGENCY, *latest(held.who, held.first), "W{:08d}")
    yield _participants(register)
    numbers = numbered(ward, "wic certifications", held.first, "{}{:08d}")
    yield _certifications(register, held, numbers)
    yield _measurements(register, held, numbers)
    yield _breastfeeding(register, held)


def _participants(register: Register) -> Table:
    sheet, ward = register.sheet, register.ward
    given, family = sheet.given_and_family()
    street, city, zip_code = sheet.address()
    child = ward.age(sheet.who, sheet.on) < GROWN
    columns = {
        "participant_id": register.keys,
        "family_id": _families(ward, sheet.who, sheet.on),
        "first_name": given,
        "last_name": family,
        "birth_date": sheet.birth_dates("%m/%d/%Y"),
        "sex": sheet.sex("M", "F", "U"),
        "race_ethnicity": register.race(ward.parameters.wic.race_unknown),
        "language": worded(LANGUAGES, ward.people.language[sheet.who]),
        "mother_name": np.where(child, sheet.parent(), ""),
        "street": street,
        "city": city,
        "zip": zip_code,
        "phone": sheet.phone("({}) {:03d}-{:04d}"),
    }
    return Table(PARTICIPANTS, columns, sheet.who, sheet.mistakes)


def _families(ward: Ward, who: Ints, on: Ints) -> Texts:
    """A number for each mother; children who do not live with theirs have that of their household."""
    mother = ward.people.mother[who]
    together = (mother >= 0) & (ward.household(np.maximum(mother, 0), on) == ward.household(who, on))
    child = ward.age(who, on) < GROWN
    own = np.where(child, np.where(together, mother, -1), who)
    place = np.where(own >= 0, own * 2, ward.household(who, on) * 2 + 1)
    found = permuted(ward.number * 2 * ROOM + place, 10**4, 10**4, "wic families", ward.seed)
    return np.array([f"F{number:08d}" for number in found.tolist()], dtype=object)


def _certifications(register: Register, held: WicCertifications, numbers: Texts) -> Table:
    columns = {
        "certification_number": numbers,
        "participant_id": register.number(held.who, held.first),
        "category": worded(list(CATEGORY_CODES), held.category),
        "certified_on": day_column(held.first),
        "certified_to": day_column(held.last),
        "ended_on": day_column(held.ended),
        "end_reason": worded(list(END_CODES), held.end),
        "proof": worded(list(PROOF_CODES), held.adjunct),
    }
    return Table(CERTIFICATIONS, columns)


# --- measurements ---


def _measurements(register: Register, held: WicCertifications, numbers: Texts) -> Table:
    ward, wanted = register.ward, register.ward.parameters.wic
    age = ward.age(held.who, held.first)
    height, weight = _children_sizes(ward, held.who, age)
    grown = age >= GROWN
    women = wanted.woman
    tall, heavy = _own(ward, "wic height", held.who), _own(ward, "wic weight", held.who)
    height = np.where(grown, women["height"] + women["height_spread"] * tall, height)
    heavier = np.exp(women["weight_spread"] / women["weight"] * heavy)
    weight = np.where(grown, women["weight"] * heavier + _gained(ward, held), weight)
    blood = wanted.hemoglobin["mean"] + wanted.hemoglobin["spread"] * _own(ward, "wic blood", held.who, held.first)
    taken = age >= BLOOD_FROM
    columns = {
        "certification_number": numbers,
        "participant_id": register.number(held.who, held.first),
        "measured_on": day_column(held.first),
        "height_cm": np.round(height, 1),
        "weight_kg": np.round(weight, 1),
        "hemoglobin": np.where(taken, np.round(blood, 1), np.nan),
        "anemia": np.where(taken, yes_no(np.round(blood, 1) < ANEMIA), ""),
    }
    return Table(MEASUREMENTS, columns)


def _gained(ward: Ward, held: WicCertifications) -> Floats:
    """Kilograms by which a woman's weight differs from her usual one: by how far she is pregnant, and by chance."""
    wanted = ward.parameters.wic
    to_birth = held.last - int(wanted.postpartum_days["pregnant"]) - held.first
    passed = np.clip(1 - to_birth / ward.parameters.medicaid.pregnancy_days["single"], 0, 1)
    pregnant = wanted.woman_gains["pregnancy"] * passed * (held.category == PREGNANT)
    return np.asarray(pregnant + wanted.woman_gains["spread"] * _own(ward, "wic gains", held.who, held.first))


def _own(ward: Ward, what: str, who: Ints, *more: Ints) -> Floats:
    return normal(ward.chance(what, who, *more), ward.chance(f"{what} too", who, *more))


def _children_sizes(ward: Ward, who: Ints, age: Floats) -> tuple[Floats, Floats]:
    """Centimeters and kilograms of children by age; who was born small stays smaller."""
    wanted, known = ward.parameters.wic, ward.of(births)
    row = known.row_of(who)
    grams = np.where(row >= 0, known.grams[np.maximum(row, 0)], FULL_TERM_GRAMS) if len(known.child) else 0 * who
    born = np.clip((grams - FULL_TERM_GRAMS) / GRAMS_SPREAD, -4, 4) * (row >= 0)
    rest = np.sqrt(1 - FROM_BIRTH**2)
    tall = FROM_BIRTH * born + rest * _own(ward, "wic height", who)
    heavy = 0.6 * tall + 0.8 * _own(ward, "wic weight", who)
    height = _at(wanted.height_at, age) * (1 + wanted.height_spread * tall)
    return height, _at(wanted.weight_at, age) * np.exp(wanted.weight_spread * heavy)


def _at(table: dict[int, float], age: Floats) -> Floats:
    """The value at each age in years, on straight lines; growth is fast at first, so by the root of the age."""
    ages = sorted(table)
    return np.interp(np.sqrt(np.maximum(age, 0)), np.sqrt(ages), [table[one] for one in ages])


def _breastfeeding(register: Register, held: WicCertifications) -> Table:
    ward, infants = register.ward, np.flatnonzero(held.category == INFANT)
    record = register.record(held.who[infants], held.first[infants])
    record, place = np.unique(record, return_index=True)
    row = infants[place]
    who = held.who[row]
    contact = np.minimum(np.minimum(held.ended, held.last)[row], ward.span.last)
    weeks_old = np.maximum((contact - ward.people.birth[who]) // WEEK, 0)
    known = ward.of(nursing)
    weeks = np.minimum(np.ceil(known.weeks[who]).astype(np.int64), weeks_old)
    columns = {
        "participant_id": register.keys[record],
        "begun": yes_no(known.weeks[who] > 0),
        "weeks": weeks,
        "weeks_only": np.minimum(known.exclusive[who].astype(np.int64), weeks),
        "goes_on": yes_no(known.weeks[who] > weeks_old),
    }
    return Table(BREASTFEEDING, columns)
