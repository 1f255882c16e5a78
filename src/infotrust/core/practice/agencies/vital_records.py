"""Vital records: certificates of birth, with what they say of the parents, and certificates of death.

Hospitals send certificates within days, so that some newborns have no name yet. Each certificate is written once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from infotrust.core.practice.agencies.records_of import numbered
from infotrust.core.practice.agencies.register import RACE_ABOUT, RACE_CODES
from infotrust.core.practice.agencies.words import worded, yes_no
from infotrust.core.practice.chance import Ints, Texts
from infotrust.core.practice.facts.births import ANOMALIES, INFECTIONS, PAYERS, Births, births
from infotrust.core.practice.facts.deaths import CAUSES, MANNERS, Deaths, deaths
from infotrust.core.practice.facts.parents import SCHOOLING
from infotrust.core.practice.records.mechanisms import BIT
from infotrust.core.practice.records.naming import cased, full_names
from infotrust.core.practice.records.sheet import Sheet
from infotrust.core.practice.tables import Layout, Table, day_column
from infotrust.core.practice.ward import LANGUAGES, Ward

AGENCY = "vital-records"

BIRTHS = Layout(
    AGENCY,
    "births",
    "Certificates of birth of residents' children, up to ten years before the county's first year",
    "certificate",
    {
        "certificate": "number of the certificate; its year is that of the birth",
        "given_name": "given name; BABY BOY and the like where there was none yet",
        "middle_name": "middle name",
        "family_name": "family name",
        "suffix": "Jr, II, III",
        "birth_date": "YYYY-MM-DD",
        "sex": "M, F or U (not recorded)",
        "registered_on": "day on which the certificate was registered",
        "hospital": "code of the hospital",
        "mother_name": "mother's name on the day",
        "mother_age": "mother's age in full years",
        "mother_race": RACE_ABOUT,
        "mother_education": f"schooling completed: {', '.join(SCHOOLING)}",
        "mother_worked": "Y if she worked in the year before the birth",
        "mother_language": f"language at home: {', '.join(LANGUAGES)} (ISO 639-3; oth another)",
        "married": "Y if the mother is married",
        "paternity_acknowledged": "Y if an unmarried father acknowledged the child; empty if the mother is married",
        "father_name": "name of the legal father; empty where the certificate names none",
        "father_age": "father's age in full years; empty as above",
        "father_education": "as the mother's; empty as above",
        "father_worked": "as the mother's; empty as above",
        "payer": f"who pays the delivery: {', '.join(PAYERS)}",
        "prenatal_care_trimester": "trimester in which prenatal care began, 1 to 3; 0 for none",
        "wic": "Y if the mother received WIC in the pregnancy",
        "smoked": "Y if she smoked in the pregnancy",
        "infection": f"an infection present or treated in the pregnancy: {', '.join(INFECTIONS)}",
        "birth_order": "which of the mother's live births this is",
        "plurality": "1 single, 2 twins, 3 triplets",
        "order_in_delivery": "1 for the firstborn of the delivery",
        "gestation_weeks": "completed weeks, obstetric estimate",
        "birth_weight_grams": "grams",
        "intensive_care": "Y if admitted to neonatal intensive care",
        "ventilated": "Y if ventilated for more than six hours",
        "congenital_anomaly": f"{', '.join(ANOMALIES)}",
        "breastfed": "Y if breastfed at discharge",
        "street": "mother's home",
        "city": "city",
        "zip": "ZIP code",
        "tract": "census tract of the home, geocoded by the registrar",
    },
    identity=True,
)
PARENTS = Layout(
    AGENCY,
    "parents",
    "Parents as certificates of birth name them: one row for each parent and certificate",
    "parent_record",
    {
        "parent_record": "the certificate's number, and M for the mother, F for the father",
        "certificate": "the certificate of birth",
        "role": "mother or father",
        "given_name": "given name",
        "middle_name": "middle name",
        "family_name": "family name on the day",
        "family_name_at_birth": "family name at the parent's own birth",
        "birth_date": "YYYY-MM-DD",
        "ssn": "Social Security number, where given",
    },
    identity=True,
)
DEATHS = Layout(
    AGENCY,
    "deaths",
    "Certificates of death of residents",
    "certificate",
    {
        "certificate": "number of the certificate; its year is that of the death",
        "given_name": "given name",
        "middle_name": "middle name",
        "family_name": "family name",
        "suffix": "Jr, II, III",
        "birth_date": "YYYY-MM-DD",
        "sex": "M, F or U (not recorded)",
        "ssn": "Social Security number, as the family gave it",
        "race": RACE_ABOUT,
        "death_date": "day of death",
        "age_years": "age in full years; 0 for infants",
        "age_days": "age in days of infants; empty for all others",
        "cause": f"group of causes: {', '.join(CAUSES)}",
        "manner": f"{', '.join(MANNERS)}",
        "street": "last home",
        "city": "city",
        "zip": "ZIP code",
        "tract": "census tract of the last home",
    },
    identity=True,
)
LAYOUTS = (BIRTHS, PARENTS, DEATHS)


def tables(ward: Ward) -> Iterator[Table]:
    born = ward.of(births)
    certificates = numbered(ward, "birth certificate", born.on, "{}-{:08d}")
    yield _births(ward, born, certificates)
    yield _parents(ward, born, certificates)
    yield _deaths(ward, ward.of(deaths))


def _births(ward: Ward, born: Births, certificates: Texts) -> Table:
    people, numbers = ward.people, ward.parameters.birth_certificates
    late = ward.chance("registered late", born.child) < numbers.registered_late
    days = 1 + (5 * ward.chance("registered", born.child)).astype(np.int64)
    registered = born.on + np.where(late, days * 8, days)
    sheet = Sheet(ward, AGENCY, born.child, registered, as_of=ward.span.last)
    given, family = sheet.given_and_family()
    named = born.father_named
    home = ward.addresses.address[ward.home(born.child, born.on)]
    street, city, zip_code = sheet.address(np.where(born.address != home, born.address, -1))
    sheet.mistakes &= ~BIT["shared_address"]  # the home of that day, not somebody else's
    father_age = np.where(named, ward.age(np.maximum(born.father, 0), born.on), -1)
    columns = {
        "certificate": certificates,
        "given_name": given,
        "middle_name": sheet.middle(),
        "family_name": family,
        "suffix": sheet.suffix(),
        "birth_date": sheet.birth_dates("%Y-%m-%d"),
        "sex": sheet.sex("M", "F", "U"),
        "registered_on": day_column(registered),
        "hospital": ward.place.hospitals.code[born.hospital],
        "mother_name": full_names(sheet, born.mother, family_first=False),
        "mother_age": born.mother_age.astype(np.int64),
        "mother_race": _races(ward, born.mother),
        "mother_education": worded(SCHOOLING, born.mother_schooling),
        "mother_worked": yes_no(born.mother_worked),
        "mother_language": worded(LANGUAGES, people.language[born.mother]),
        "married": yes_no(born.married),
        "paternity_acknowledged": np.where(born.married, "", yes_no(born.acknowledged)).astype(object),
        "father_name": full_names(sheet, np.where(named, born.father, -1), family_first=False),
        "father_age": _filled(father_age.astype(np.int64), named),
        "father_education": worded(SCHOOLING, np.where(named, born.father_schooling, -1)),
        "father_worked": np.where(named, yes_no(born.father_worked), "").astype(object),
        "payer": worded(PAYERS, born.payer),
        "prenatal_care_trimester": born.trimester,
        "wic": yes_no(born.wic),
        "smoked": yes_no(born.smoked),
        "infection": worded(INFECTIONS, born.infection),
        "birth_order": born.order,
        "plurality": people.plurality[born.child],
        "order_in_delivery": people.birth_order[born.child],
        "gestation_weeks": born.weeks,
        "birth_weight_grams": born.grams,
        "intensive_care": yes_no(born.intensive_care),
        "ventilated": yes_no(born.ventilated),
        "congenital_anomaly": worded(ANOMALIES, born.anomaly),
        "breastfed": yes_no(born.breastfed),
        "street": street,
        "city": city,
        "zip": zip_code,
        "tract": ward.place.code[born.tract],
    }
    return Table(BIRTHS, columns, who=born.child, mistakes=sheet.mistakes)


def _filled(values: Ints, there: np.ndarray) -> np.ma.MaskedArray:
    return np.ma.MaskedArray(values, mask=~there)


def _races(ward: Ward, who: Ints) -> Texts:
    return np.asarray(np.array(RACE_CODES, dtype=object)[ward.people.race[who]])


def _parents(ward: Ward, born: Births, certificates: Texts) -> Table:
    """A parent's rows are written anew for each certificate, so that each has its own slips."""
    fathers = np.flatnonzero(born.father_named)
    who = np.concatenate([born.mother, born.father[fathers]])
    row = np.concatenate([np.arange(len(born)), fathers])
    father = np.arange(len(who)) >= len(born)
    sheet = Sheet(ward, AGENCY, who, born.on[row], copy=born.on[row] * 4 + ward.people.birth_order[born.child[row]])
    sheet.mistakes &= ~BIT["entered_twice"]  # one row for each certificate, as it should be
    given, family = sheet.given_and_family()
    own, _ = ward.surname(who, ward.people.birth[who])
    certificate = certificates[row]
    columns = {
        "parent_record": certificate + np.where(father, "-F", "-M").astype(object),
        "certificate": certificate,
        "role": worded(("mother", "father"), father.astype(np.int64)),
        "given_name": given,
        "middle_name": sheet.middle(),
        "family_name": family,
        "family_name_at_birth": cased(sheet, own),
        "birth_date": sheet.birth_dates("%Y-%m-%d"),
        "ssn": sheet.ssn(),
    }
    return Table(PARENTS, columns, who=who, mistakes=sheet.mistakes)


def _deaths(ward: Ward, died: Deaths) -> Table:
    sheet = Sheet(ward, AGENCY, died.person, np.maximum(died.on - 1, ward.people.birth[died.person]))
    given, family = sheet.given_and_family()
    street, city, zip_code = sheet.address()
    days = died.on - ward.people.birth[died.person]
    columns = {
        "certificate": numbered(ward, "death certificate", died.on, "D{}-{:08d}"),
        "given_name": given,
        "middle_name": sheet.middle(),
        "family_name": family,
        "suffix": sheet.suffix(),
        "birth_date": sheet.birth_dates("%Y-%m-%d"),
        "sex": sheet.sex("M", "F", "U"),
        "ssn": sheet.ssn(),
        "race": _races(ward, died.person),
        "death_date": day_column(died.on),
        "age_years": died.age.astype(np.int64),
        "age_days": _filled(days, died.age < 1),
        "cause": worded(CAUSES, died.cause),
        "manner": worded(MANNERS, died.manner),
        "street": street,
        "city": city,
        "zip": zip_code,
        "tract": ward.place.code[ward.tract(died.person, sheet.on)],
    }
    return Table(DEATHS, columns, who=died.person, mistakes=sheet.mistakes)
