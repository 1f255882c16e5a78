"""The county's eligibility system for food assistance: clients, their households' cases and certifications, benefits.

Social Security numbers are checked against federal records; names are in capitals. A recertification letter that comes
back marks an address that is no longer true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.agencies.records_of import numbered
from infotrust.core.practice.agencies.register import RACE_ABOUT, ROOM, Register
from infotrust.core.practice.agencies.words import listed, worded, yes_no
from infotrust.core.practice.chance import Ints, Texts
from infotrust.core.practice.days import last_days, months_of
from infotrust.core.practice.facts.benefits import (
    RECERTIFICATION,
    RENEWED,
    RUNNING,
    Certifications,
    monthly_benefit,
    snap_certifications,
    usual_benefit,
)
from infotrust.core.practice.facts.households import home_languages
from infotrust.core.practice.facts.members import members
from infotrust.core.practice.groups import turns
from infotrust.core.practice.records.numbers import permuted
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import NEVER, Ward

AGENCY = "snap"
KIND_CODES = {"F": "with children under 18", "A": "adults", "E": "only elderly or disabled members"}
STEP_CODES = {"I": "first application or after a longer time", "R": "recertification", "B": "back after a missed date"}
END_CODES = {"": "still runs", "RC": "certified again", "NR": "recertification missed", "OI": "over the income limit",
             "MV": "household dissolved or left the county"}  # fmt: skip
ROLE_CODES = {"H": "head of the household", "C": "child under 18", "A": "another adult"}
QUARTERS = 4 * 2100  # quarters of all years up to 2099
MIDDLE_AGE = 40.0  # the adult nearest to it heads the household

CLIENTS = Layout(
    AGENCY,
    "clients",
    "Members of households that were ever certified for food assistance",
    "client_number",
    {
        "client_number": "the department's number for a person",
        "case_number": "the latest case the person belonged to",
        "last_name": "family name, in capitals",
        "first_name": "given name, in capitals",
        "middle_initial": "first letter of the middle name; often missing",
        "birth_date": "YYYYMMDD, as on the application",
        "sex": "M, F or U (unknown)",
        "ssn": "Social Security number, nine digits, where the person has one",
        "race": RACE_ABOUT,
        "head_of_household": "last and first name of a child's parent or of the one who keeps the household",
        "street": "mailing address at the latest certification",
        "city": "city",
        "zip": "ZIP code",
        "phone": "ten digits",
    },
    identity=True,
)
CASES = Layout(
    AGENCY,
    "cases",
    "Households that were ever certified",
    "case_number",
    {
        "case_number": "the department's number for a household",
        "language": "language of letters: EN English, OT another",
        "opened_on": "first day of the first certification",
        "closed_on": "last day with benefits; empty while the case is open",
        "close_reason": listed(END_CODES),
    },
)
CERTIFICATIONS = Layout(
    AGENCY,
    "certifications",
    "Certifications: for how long a household was found eligible, and on which income",
    "certification_number",
    {
        "certification_number": "number of the certification; its year is that of the application",
        "case_number": "whose certification it is",
        "step": listed(STEP_CODES),
        "household_kind": listed(KIND_CODES),
        "applied_on": "day of the application or of the recertification form",
        "certified_from": "first day",
        "certified_to": "last day, as certified",
        "ended_on": "last day with benefits; empty while it runs",
        "end_reason": listed(END_CODES),
        "mail_returned": "Y where the letter about recertification came back, else N",
        "household_size": "persons counted",
        "gross_income": "dollars a month",
        "net_income": "dollars a month after deductions",
        "monthly_benefit": "dollars a month at the beginning, without emergency allotments",
    },
)
MEMBERS = Layout(
    AGENCY,
    "certification_members",
    "Who was counted in each certification",
    "member_number",
    {
        "member_number": "number of the entry",
        "certification_number": "the certification",
        "client_number": "the person",
        "role": listed(ROLE_CODES),
    },
)
ISSUANCES = Layout(
    AGENCY,
    "issuances",
    "Benefits issued to each case in each quarter",
    "issuance_number",
    {
        "issuance_number": "number of the entry",
        "case_number": "the household",
        "quarter": "first day of the calendar quarter",
        "months": "months of the quarter with benefits",
        "amount": "dollars issued in the quarter, emergency allotments included",
    },
)
LAYOUTS = (CLIENTS, CASES, CERTIFICATIONS, MEMBERS, ISSUANCES)


@dataclass(frozen=True)
class _Members:
    """Who was counted in which certification."""

    certification: Ints  # row of `Certifications`
    who: Ints


def _counted(ward: Ward, held: Certifications) -> _Members:
    """Everybody in the household on the first day; for those of before the county began, on its first day.

    Of those certified again, on the day before: the office looked at them in the month that ended then.
    """
    day = np.maximum(held.first - (held.step == RECERTIFICATION), ward.span.first)
    return _Members(*members(ward, held.household, day))


def tables(ward: Ward) -> Iterator[Table]:
    held = ward.of(snap_certifications)
    counted = _counted(ward, held)
    who, row = _latest_of(counted, held)
    register = Register(ward, AGENCY, who, held.applied[row], "C{:08d}")
    case = np.zeros(len(ward), dtype=np.int64)
    case[who] = held.household[row]
    yield _clients(register, case)
    yield _cases(ward, held)
    numbers = numbered(ward, "snap certifications", held.applied, "{}{:08d}")
    yield _certifications(ward, held, numbers)
    yield _certification_members(register, held, counted, numbers)
    yield _issuances(ward, held)


def _latest_of(counted: _Members, held: Certifications) -> tuple[Ints, Ints]:
    """Each person once, with the row of the latest certification."""
    order = np.lexsort((held.first[counted.certification], counted.who))
    who, row = counted.who[order], counted.certification[order]
    last = np.append(who[1:] != who[:-1], True) if len(who) else np.zeros(0, dtype=bool)
    return who[last], row[last]


def case_numbers(ward: Ward, household: Ints) -> Texts:
    """Eight digits for each household, distinct in the county."""
    found = permuted(ward.number * ROOM + household, 10**4, 10**4, "snap cases", ward.seed)
    return np.array([f"{number:08d}" for number in found.tolist()], dtype=object)


def _clients(register: Register, case: Ints) -> Table:
    """`case` is the household of each person's latest certification."""
    ward, sheet = register.ward, register.sheet
    given, family = sheet.given_and_family()
    street, city, zip_code = sheet.address()
    columns = {
        "client_number": register.keys,
        "case_number": case_numbers(ward, case[sheet.who]),
        "last_name": family,
        "first_name": given,
        "middle_initial": sheet.middle(initial=True),
        "birth_date": sheet.birth_dates("%Y%m%d"),
        "sex": sheet.sex("M", "F", "U"),
        "ssn": sheet.ssn(),
        "race": register.race(ward.parameters.snap.race_unknown),
        "head_of_household": sheet.parent(family_first=True),
        "street": street,
        "city": city,
        "zip": zip_code,
        "phone": sheet.phone("{}{:03d}{:04d}"),
    }
    return Table(CLIENTS, columns, sheet.who, sheet.mistakes)


def _cases(ward: Ward, held: Certifications) -> Table:
    household, first = np.unique(held.household, return_index=True)
    last = np.append(first[1:], len(held.first)) - 1
    over = (held.end[last] != RUNNING) & ~((held.end[last] == RENEWED) & (held.ended[last] >= ward.span.last))
    columns = {
        "case_number": case_numbers(ward, household),
        "language": np.where(ward.of(home_languages).other[household], "OT", "EN").astype(object),
        "opened_on": day_column(held.first[first]),
        "closed_on": day_column(np.where(over, held.ended[last], NEVER)),
        "close_reason": np.where(over, worded(list(END_CODES), held.end[last]), ""),
    }
    return Table(CASES, columns)


def _certifications(ward: Ward, held: Certifications, numbers: Texts) -> Table:
    benefit = usual_benefit(ward, held.first, held.size, held.net)
    columns = {
        "certification_number": numbers,
        "case_number": case_numbers(ward, held.household),
        "step": worded(list(STEP_CODES), held.step),
        "household_kind": worded(list(KIND_CODES), held.kind),
        "applied_on": day_column(held.applied),
        "certified_from": day_column(held.first),
        "certified_to": day_column(held.last),
        "ended_on": day_column(held.ended),
        "end_reason": worded(list(END_CODES), held.end),
        "mail_returned": yes_no(held.mail_returned),
        "household_size": held.size,
        "gross_income": held.gross.astype(np.int64),
        "net_income": held.net.astype(np.int64),
        "monthly_benefit": benefit.astype(np.int64),
    }
    return Table(CERTIFICATIONS, columns)


def _certification_members(register: Register, held: Certifications, counted: _Members, numbers: Texts) -> Table:
    ward, row, who = register.ward, counted.certification, counted.who
    on = held.applied[row]
    child = ward.age(who, on) < 18
    order = np.lexsort((np.abs(ward.age(who, on) - MIDDLE_AGE), child, row))
    head = np.zeros(len(who), dtype=bool)
    head[order[np.flatnonzero(np.diff(row[order], prepend=-1))]] = True
    turn = np.arange(len(row)) - np.searchsorted(row, row)  # `row` is sorted
    columns = {
        "member_number": texts_joined(numbers[row], turn),
        "certification_number": numbers[row],
        "client_number": register.number(who, on),
        "role": np.where(head, "H", np.where(child, "C", "A")).astype(object),
    }
    return Table(MEMBERS, columns)


def texts_joined(texts: Texts, number: Ints) -> Texts:
    """Each text with a two-digit number behind it."""
    return np.asarray(texts + worded([f"-{one:02d}" for one in range(100)], np.minimum(number, 99)))


def _issuances(ward: Ward, held: Certifications) -> Table:
    """Months with benefits, at the amounts in force, added up by case and quarter."""
    start = np.maximum(months_of(held.first), months_of(np.array(ward.span.first)))
    end = months_of(np.minimum(np.minimum(held.ended, held.last), ward.span.last))
    months = np.maximum(end - start + 1, 0)
    row = np.repeat(np.arange(len(start)), months)
    month = start[row] + turns(months)
    last = last_days(month)
    amount = monthly_benefit(ward, last, held.size[row], held.net[row])
    # The first month of a household that was not on the rolls is paid from the day of the application.
    share = np.clip((last - held.first[row] + 1) / (last - last_days(month - 1)), 0, 1)
    amount = np.floor(amount * share)
    quarter = held.household[row] * QUARTERS + month // 3
    found, place = np.unique(quarter, return_inverse=True)
    household, number = np.divmod(found, QUARTERS)
    case = case_numbers(ward, np.arange(ward.households))[household] if len(found) else np.empty(0, dtype=object)
    columns = {
        "issuance_number": case + worded([f"-{one // 4:04d}Q{one % 4 + 1}" for one in range(QUARTERS)], number),
        "case_number": case,
        "quarter": day_column(last_days(number * 3 - 1) + 1),
        "months": np.bincount(place, minlength=len(found)).astype(np.int64),
        "amount": np.bincount(place, weights=amount, minlength=len(found)).astype(np.int64),
    }
    return Table(ISSUANCES, columns)
