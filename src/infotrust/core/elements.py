"""The kinds of data element the trust knows: what a field means, not what it is called.

One vocabulary serves the inventory (what a steward declares), contracts (what goes to the vault and what to
the holdings) and matching (which columns identify a person). Names follow CEDS where CEDS has the element.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SemanticType(StrEnum):
    """What a field means. Codes are stable: they are stored in inventories and agreements."""

    GIVEN_NAME = "given_name"
    MIDDLE_NAME = "middle_name"
    FAMILY_NAME = "family_name"
    NAME_SUFFIX = "name_suffix"
    FULL_NAME = "full_name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    SSN = "ssn"
    LOCAL_ID = "local_id"
    STREET_ADDRESS = "street_address"
    CITY = "city"
    STATE = "state"
    ZIP_CODE = "zip_code"
    PHONE = "phone"
    EMAIL = "email"
    GUARDIAN_NAME = "guardian_name"
    RACE_ETHNICITY = "race_ethnicity"
    LANGUAGE = "language"
    TRACT = "tract"
    PROGRAM_CODE = "program_code"
    SITE_CODE = "site_code"
    GRADE = "grade"
    STATUS = "status"
    EVENT_DATE = "event_date"
    MEASURE = "measure"
    MONEY = "money"
    OTHER = "other"


@dataclass(frozen=True)
class Element:
    """`direct_identifier`: kept in the vault, never beside content (HIPAA 164.514(e)(2) lists the kinds).

    `links`: helps to tell whether two records are the same person.
    """

    type: SemanticType
    title: str
    direct_identifier: bool = False
    links: bool = False


ELEMENTS: dict[SemanticType, Element] = {
    element.type: element
    for element in (
        Element(SemanticType.GIVEN_NAME, "Given name", direct_identifier=True, links=True),
        Element(SemanticType.MIDDLE_NAME, "Middle name", direct_identifier=True, links=True),
        Element(SemanticType.FAMILY_NAME, "Family name", direct_identifier=True, links=True),
        Element(SemanticType.NAME_SUFFIX, "Name suffix", direct_identifier=True, links=True),
        Element(SemanticType.FULL_NAME, "Full name", direct_identifier=True, links=True),
        # A full date of birth goes to the vault: with a ZIP code and sex it names most people.
        Element(SemanticType.BIRTH_DATE, "Date of birth", direct_identifier=True, links=True),
        Element(SemanticType.SEX, "Sex", direct_identifier=True, links=True),
        Element(SemanticType.SSN, "Social Security number", direct_identifier=True, links=True),
        Element(SemanticType.LOCAL_ID, "The agency's own number for a person", direct_identifier=True),
        Element(SemanticType.STREET_ADDRESS, "Street address", direct_identifier=True, links=True),
        Element(SemanticType.CITY, "City", direct_identifier=True, links=True),
        Element(SemanticType.STATE, "State", direct_identifier=True),
        Element(SemanticType.ZIP_CODE, "ZIP code", direct_identifier=True, links=True),
        Element(SemanticType.PHONE, "Telephone number", direct_identifier=True, links=True),
        Element(SemanticType.EMAIL, "E-mail address", direct_identifier=True, links=True),
        Element(SemanticType.GUARDIAN_NAME, "Name of a parent or guardian", direct_identifier=True, links=True),
        Element(SemanticType.RACE_ETHNICITY, "Race or ethnicity"),
        Element(SemanticType.LANGUAGE, "Home language"),
        Element(SemanticType.TRACT, "Census tract"),
        Element(SemanticType.PROGRAM_CODE, "Program"),
        Element(SemanticType.SITE_CODE, "Site, school or provider"),
        Element(SemanticType.GRADE, "Grade"),
        Element(SemanticType.STATUS, "Status"),
        Element(SemanticType.EVENT_DATE, "Date of an event"),
        Element(SemanticType.MEASURE, "Number or score"),
        Element(SemanticType.MONEY, "Amount of money"),
        Element(SemanticType.OTHER, "Something else"),
    )
}


def is_direct_identifier(kind: str) -> bool:
    """Whether a field of this semantic type is kept in the vault."""
    return ELEMENTS[SemanticType(kind)].direct_identifier


class DataType(StrEnum):
    """How a value is written."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    CODE = "code"
    BOOLEAN = "boolean"


class Availability(StrEnum):
    """P20 WIN's three classes of a field."""

    OPEN = "open"
    RESTRICTED = "restricted"
    UNAVAILABLE = "unavailable"
