"""What each agency writes down, under which headings, and how carelessly.

Rates are the chance for one record; a record that was taken down in haste has several times as many mistakes as one
that was not (`HASTE`). They were chosen, not measured: near pseudopeople's defaults for names and dates, and higher for
homeless services, whose staff often take what they are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .sightings import BIRTHS, HOMELESS, MEDICAID, SCHOOLS, SNAP, WIC

HASTE = 0.9  # standard deviation of the logarithm of a record's carelessness

# The chance of each slip where an agency has no rate of its own.
USUAL = {
    "given_slip": 0.020, "given_missing": 0.003, "given_initial": 0.004, "given_short": 0.35, "given_middle": 0.010,
    "placeholder": 0.0, "family_slip": 0.022, "family_missing": 0.002, "family_half": 0.25, "family_mothers": 0.004,
    "names_swapped": 0.005, "middle_missing": 0.35, "middle_initial": 0.75, "middle_slip": 0.01, "suffix_missing": 0.5,
    "date_missing": 0.004, "date_swapped": 0.008, "date_slip": 0.012, "date_first": 0.004,
    "sex_missing": 0.010, "sex_wrong": 0.004,
    "ssn_missing": 0.15, "ssn_four": 0.03, "ssn_slip": 0.015, "ssn_relative": 0.008, "ssn_placeholder": 0.004,
    "address_missing": 0.03, "address_slip": 0.020, "unit_missing": 0.25, "street_short": 0.2, "po_box": 0.015,
    "address_old": 0.12, "address_shelter": 0.0,
    "phone_missing": 0.15, "phone_slip": 0.012, "phone_changed": 0.25, "phone_other": 0.04,
}  # fmt: skip


@dataclass(frozen=True)
class Agency:
    """columns: what is written -> its heading. date: a strftime pattern. upper: names and streets in capitals."""

    columns: Mapping[str, str]
    date: str = "%Y-%m-%d"
    upper: bool = False
    sexes: tuple[str, str] = ("F", "M")
    dashes: bool = False  # in Social Security numbers
    phone: str = "{}-{}-{}"
    rates: Mapping[str, float] = field(default_factory=dict)

    def rate(self, slip: str) -> float:
        return self.rates.get(slip, USUAL[slip])


_LINE = {"line": "address", "city": "city", "zip": "zip"}
_PARTS = {"house": "house_number", "street": "street", "unit": "unit", "city": "city", "zip": "zip_code"}

AGENCIES: dict[int, Agency] = {
    BIRTHS: Agency(
        {"given": "child_first_name", "middle": "child_middle_name", "family": "child_last_name", "date": "birth_date",
         "sex": "sex", **_LINE},
        upper=True,
        rates={"placeholder": 0.05, "family_mothers": 0.12, "given_slip": 0.008, "family_slip": 0.010,
               "middle_missing": 0.05, "middle_initial": 0.0, "given_short": 0.0, "date_slip": 0.002,
               "date_swapped": 0.001, "date_missing": 0.0, "address_old": 0.02},
    ),
    SCHOOLS: Agency(
        {"given": "first_name", "middle": "middle_name", "family": "last_name", "date": "date_of_birth",
         "sex": "gender", **_LINE, "phone": "phone"},
        date="%m/%d/%Y",
        rates={"given_short": 0.5, "given_slip": 0.015},
    ),
    WIC: Agency(
        {"given": "FirstName", "middle": "MI", "family": "LastName", "date": "DOB", "sex": "Sex", "ssn": "SSN",
         **_PARTS, "phone": "Phone"},
        sexes=("Female", "Male"), phone="({}) {}-{}",
        rates={"middle_initial": 1.0, "ssn_missing": 0.6, "given_slip": 0.028, "family_slip": 0.03},
    ),
    MEDICAID: Agency(
        {"given": "member_first", "middle": "member_mi", "family": "member_last", "date": "member_dob",
         "sex": "sex_cd", "ssn": "member_ssn", **_PARTS, "phone": "phone_no"},
        date="%Y%m%d", upper=True, phone="{}{}{}",
        rates={"middle_initial": 1.0, "ssn_missing": 0.05, "ssn_four": 0.0, "address_old": 0.2, "given_short": 0.1},
    ),
    SNAP: Agency(
        {"given": "given_name", "middle": "middle_initial", "family": "surname", "suffix": "suffix", "date": "dob",
         "sex": "sex", "ssn": "ssn", **_LINE, "phone": "telephone"},
        date="%m/%d/%Y", dashes=True,
        rates={"middle_initial": 1.0, "ssn_missing": 0.08, "suffix_missing": 0.3},
    ),
    HOMELESS: Agency(
        {"given": "First_Name", "middle": "Middle_Name", "family": "Last_Name", "suffix": "Name_Suffix", "date": "DOB",
         "sex": "Gender", "ssn": "SSN", **_PARTS, "phone": "Mobile"},
        sexes=("Woman", "Man"),
        rates={"given_slip": 0.055, "family_slip": 0.06, "given_short": 0.7, "given_initial": 0.012,
               "middle_missing": 0.7, "date_missing": 0.02, "date_slip": 0.03, "date_swapped": 0.012,
               "date_first": 0.04, "ssn_missing": 0.35, "ssn_four": 0.5, "ssn_slip": 0.03, "address_missing": 0.45,
               "address_shelter": 0.6, "phone_missing": 0.5, "names_swapped": 0.01, "sex_missing": 0.03},
    ),
}  # fmt: skip
