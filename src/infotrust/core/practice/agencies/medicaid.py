"""The state's Medicaid system for members of the county: who they are, spells of eligibility, claims, providers.

Names and addresses are those of the latest renewal. A claim is what was billed and paid for one stay, visit, fill or
month of care.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from infotrust.core.practice.agencies.records_of import numbered
from infotrust.core.practice.agencies.register import RACE_ABOUT, Register
from infotrust.core.practice.agencies.words import listed, worded
from infotrust.core.practice.chance import Ints
from infotrust.core.practice.days import ordinals, years_of
from infotrust.core.practice.facts.claims import BH, DIAGNOSES, ED, IP, LT, OP, PR, RX, TYPES, Claims, claims
from infotrust.core.practice.facts.health import Members, medicaid_members
from infotrust.core.practice.groups import turns
from infotrust.core.practice.records.numbers import permuted
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import LANGUAGES, Ward

AGENCY = "medicaid"
AID_CODES = {"": "none", "CH": "child", "CP": "child, separate program for somewhat higher incomes (CHIP)",
             "PW": "pregnant or postpartum woman", "AD": "adult up to 138 percent of the poverty level",
             "DI": "disabled", "AG": "aged 65 and over", "FC": "child in foster care"}  # fmt: skip
END_CODES = {"": "still a member", "IN": "income too high", "PW": "renewal papers missing", "AG": "age",
             "PR": "time after the birth ended", "FC": "foster care ended", "MV": "moved away", "DE": "died",
             "CC": "went on in another category"}  # fmt: skip
TYPE_CODES = {"IP": "inpatient stay", "OP": "outpatient hospital", "ED": "emergency department",
              "PR": "professional (office) visit", "RX": "pharmacy", "BH": "behavioral health",
              "LT": "long-term care, a month in a nursing home or with daily services at home"}  # fmt: skip
DIAGNOSIS_CODES = {
    "FAC": "routine care, supervision", "RSP": "respiratory", "EAR": "ear", "INF": "infectious", "INJ": "injury",
    "SKN": "skin", "DIG": "digestive", "SYM": "symptoms", "EYE": "eye", "MUS": "muscles and bones",
    "GEN": "kidney and genital", "NVS": "nervous system", "CIR": "heart and blood vessels", "END": "diabetes, hormones",
    "MBD": "mental and behavioral", "NEO": "cancer", "PRG": "pregnancy and birth", "PNL": "newborn",
}  # fmt: skip
KINDS = {"H": "hospital", "O": "office or clinic", "P": "pharmacy", "B": "behavioral health", "L": "long-term care"}
KIND_OF_TYPE = {IP: 0, OP: 0, ED: 0, PR: 1, RX: 2, BH: 3, LT: 4}
LEADS = 9 * 10**9  # no real provider number begins with a 9
MOST = 10**6  # providers of a kind
CLAIMS_OF_A_DAY = 2000  # in one ward, at most

MEMBERS = Layout(
    AGENCY,
    "members",
    "People who were ever members; some have two numbers",
    "medicaid_id",
    {
        "medicaid_id": "the program's number for a person",
        "first_name": "given name at the latest renewal",
        "middle_initial": "first letter of the middle name; often missing",
        "last_name": "family name at the latest renewal",
        "suffix": "Jr, Sr, III",
        "birth_date": "YYYY-MM-DD",
        "sex": "M, F or U (unknown)",
        "ssn": "Social Security number, nine digits; newborns and others may have none on file",
        "race_ethnicity": RACE_ABOUT,
        "language": f"language of letters: {', '.join(LANGUAGES)}",
        "guardian_name": "parent of a child, as on the application",
        "street": "home at the latest renewal",
        "city": "city",
        "zip": "ZIP code",
        "phone": "telephone",
    },
    identity=True,
)
ELIGIBILITY = Layout(
    AGENCY,
    "eligibility",
    "Spells of membership in one aid category",
    "span_number",
    {
        "span_number": "number of the spell; its year is that of its first day",
        "medicaid_id": "whose spell it is",
        "aid_category": listed({code: said for code, said in AID_CODES.items() if code}),
        "begins": "first day",
        "ends": "last day; empty while it lasts",
        "end_reason": listed(END_CODES),
        "renewed_on": "last day on which the agency looked at the member's income and address",
    },
)
CLAIMS = Layout(
    AGENCY,
    "claims",
    "Claims: one for each stay, visit, fill of a quarter, or month of long-term care",
    "claim_id",
    {
        "claim_id": "number of the claim; begins with the year of service",
        "medicaid_id": "for whom",
        "type": listed(TYPE_CODES),
        "from_date": "first day of service",
        "to_date": "last day of service",
        "diagnosis": f"group of the main diagnosis: {listed(DIAGNOSIS_CODES)}",
        "provider": "number of the provider",
        "billed": "dollars asked",
        "paid": "dollars paid; 0 for a denied claim",
        "status": "P paid, D denied",
    },
)
PROVIDERS = Layout(
    AGENCY,
    "providers",
    "Providers of the county that claims name",
    "provider",
    {"provider": "number of the provider", "kind": listed(KINDS), "zip": "ZIP code"},
)
LAYOUTS = (MEMBERS, ELIGIBILITY, CLAIMS, PROVIDERS)


def tables(ward: Ward) -> Iterator[Table]:
    held = ward.of(medicaid_members)
    last = np.append(held.owner[1:] != held.owner[:-1], True) if len(held.owner) else np.zeros(0, dtype=bool)
    register = Register(ward, AGENCY, held.owner[last], held.renewed[last], "M{:09d}")
    yield _members(register)
    yield _eligibility(register, held)
    yield _claims(register, held, ward.of(claims))
    if ward.number == 0:  # the county's providers stand once among the parts that the wards give
        yield _providers(ward)


def _members(register: Register) -> Table:
    sheet, people = register.sheet, register.ward.people
    given, family = sheet.given_and_family()
    street, city, zip_code = sheet.address()
    child = register.ward.age(sheet.who, sheet.on) < 18
    columns = {
        "medicaid_id": register.keys,
        "first_name": given,
        "middle_initial": sheet.middle(initial=True),
        "last_name": family,
        "suffix": sheet.suffix(),
        "birth_date": sheet.birth_dates("%Y-%m-%d"),
        "sex": sheet.sex("M", "F", "U"),
        "ssn": sheet.ssn(),
        "race_ethnicity": register.race(register.ward.parameters.medicaid.race_unknown),
        "language": worded(LANGUAGES, people.language[sheet.who]),
        "guardian_name": np.where(child, sheet.parent(), ""),
        "street": street,
        "city": city,
        "zip": zip_code,
        "phone": sheet.phone("{}-{:03d}-{:04d}"),
    }
    return Table(MEMBERS, columns, sheet.who, sheet.mistakes)


def _eligibility(register: Register, held: Members) -> Table:
    columns = {
        "span_number": numbered(register.ward, "medicaid eligibility", held.first, "{}{:08d}"),
        "medicaid_id": register.number(held.owner, held.first),
        "aid_category": worded(list(AID_CODES), held.category),
        "begins": day_column(held.first),
        "ends": day_column(held.last),
        "end_reason": worded(list(END_CODES), held.reason),
        "renewed_on": day_column(held.renewed),
    }
    return Table(ELIGIBILITY, columns)


def _claims(register: Register, held: Members, found: Claims) -> Table:
    """A claim goes to the number under which the member's spell of that day stands."""
    who, first = found.who.astype(np.int64), found.first.astype(np.int64)
    begins = held.first[held.at(who, first)]
    columns = {
        "claim_id": _claim_numbers(register.ward, first),
        "medicaid_id": register.number(who, begins),
        "type": worded(TYPES, found.type.astype(np.int64)),
        "from_date": day_column(first),
        "to_date": day_column(found.last.astype(np.int64)),
        "diagnosis": worded(DIAGNOSES, found.diagnosis.astype(np.int64)),
        "provider": _provider_of(register.ward, who, first, found.type.astype(np.int64)),
        "billed": np.round(found.billed.astype(np.float64), 2),
        "paid": np.round(found.paid.astype(np.float64), 2),
        "status": np.where(found.denied, "D", "P").astype(object),
    }
    return Table(CLAIMS, columns)


def _claim_numbers(ward: Ward, day: Ints) -> Ints:
    """The year, and nine digits in no order: of the day of the year and of the claim among the ward's of that day."""
    year = years_of(day)
    begins = np.searchsorted(day, day, side="left")  # `day` is sorted
    turn = np.arange(len(day)) - begins
    if len(turn) and int(turn.max()) >= CLAIMS_OF_A_DAY:
        raise ValueError(f"More than {CLAIMS_OF_A_DAY} claims of a day in one ward; make the wards smaller.")
    of_year = day - ordinals((year - 1970).astype("datetime64[Y]"))
    number = (ward.number * CLAIMS_OF_A_DAY + turn) * 366 + of_year
    return np.asarray(year * 10**10 + permuted(number, 10**5, 10**5, "medicaid claims", ward.seed))


# --- providers ---


def _providers_of(ward: Ward) -> list[int]:
    """How many there are of each of KINDS."""
    per_1000 = ward.parameters.medicaid_care.providers
    thousands = ward.place.people / 1000
    others = [max(2, round(per_1000[TYPES[kind]] * thousands)) for kind in (PR, RX, BH, LT)]
    return [len(ward.place.hospitals.code), *others]


def _provider_of(ward: Ward, who: Ints, day: Ints, kind: Ints) -> Ints:
    """Mostly the member's usual one of the kind, else another on the day."""
    group = np.array([KIND_OF_TYPE[place] for place in range(len(TYPES))])[kind]
    count = np.array(_providers_of(ward))[group]
    usual = ward.chance("usual provider", who, group)
    other = ward.chance("other provider", who, group, day)
    seen = ward.chance("provider", who, group, day, 1) < ward.parameters.medicaid_care.usual_provider
    place = (np.where(seen | (kind == LT), usual, other) * count).astype(np.int64)
    return np.asarray(LEADS + group * MOST + 1 + place)


def _providers(ward: Ward) -> Table:
    counts = np.array(_providers_of(ward))
    group = np.repeat(np.arange(len(counts)), counts)
    place = turns(counts)
    tract = (ward.chance("provider's tract", group, place) * ward.place.tracts).astype(np.int64)
    columns = {
        "provider": LEADS + group * MOST + 1 + place,
        "kind": worded(list(KINDS), group),
        "zip": ward.place.zip[tract],
    }
    return Table(PROVIDERS, columns)
