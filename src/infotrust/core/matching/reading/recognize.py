"""What a column means, by its name and by what is in it; and which columns of a file speak for the person.

A name alone is not believed: a column named like a birth date whose values are no dates is left out, with that reason.
Content alone is believed only where it is unmistakable. Reasons name columns and shares, never a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.elements import ELEMENTS, SemanticType
from infotrust.core.matching.reading import standardize
from infotrust.core.matching.reading.sources import ADDRESS_PARTS

_LOOKED_AT = 400  # distinct values of a column; a share of them is then known to 5 %, and one near 0 or 1 to 2 %
_ENOUGH = 0.5  # share of them that must fit what the name says; agencies' files are not clean
_UNMISTAKABLE = 0.95  # share that must fit when the name says nothing
_FEW = 20  # distinct values below which content alone says nothing

# Words in a column's name that say whose it is. The person's own:
_OWN = frozenset(
    {
        "child", "client", "student", "pupil", "patient", "member", "person", "participant", "infant", "applicant",
        "customer", "recipient", "enrollee", "mailing", "home", "residential", "residence", "legal", "current",
        "primary", "participants", "filer", "taxpayer", "resident", "address", "addr",
    }
)  # fmt: skip
# Someone else's, or a place's; an event's date is no birth date.
_OTHER = frozenset(
    {
        "employer", "spouse", "dependent", "emergency", "provider", "school", "site", "agency", "worker", "teacher",
        "doctor", "physician", "caseworker", "contact", "hospital", "facility", "shelter", "program", "preparer",
        "payer", "landlord", "sibling", "partner", "event", "company", "vendor", "clinic", "center", "previous",
        "prior", "former", "maiden", "alias", "nickname", "preferred",
    }
)  # fmt: skip
_GUARDIAN = frozenset(
    {
        "guardian",
        "parent",
        "mother",
        "father",
        "caregiver",
        "caretaker",
        "madre",
        "padre",
    }
)

_NAMES: dict[SemanticType, tuple[str, ...]] = {
    SemanticType.GIVEN_NAME: (
        "first_name", "first", "firstname", "fname", "given", "given_name", "givenname", "forename", "f_name",
        "name_first", "first_nm", "fst_nm", "nombre",
    ),
    SemanticType.FAMILY_NAME: (
        "last_name", "last", "lastname", "lname", "family_name", "familyname", "surname", "l_name", "name_last",
        "last_nm", "lst_nm", "apellido", "apellidos",
    ),
    SemanticType.MIDDLE_NAME: (
        "middle_name", "middle_initial", "middle", "mname", "mi", "m_name", "minit", "middlename", "mid_name",
        "middle_nm", "middle_init",
    ),
    SemanticType.NAME_SUFFIX: ("suffix", "name_suffix", "suffix_name"),
    SemanticType.FULL_NAME: ("full_name", "fullname", "name", "nm", "full_nm"),
    SemanticType.BIRTH_DATE: (
        "dob", "birth_date", "date_of_birth", "birthdate", "birthday", "bdate", "b_date", "birth_dt", "dob_dt",
        "date_birth", "bday", "d_o_b", "birth", "fecha_nacimiento", "fecha_de_nacimiento",
    ),
    SemanticType.SEX: ("sex", "gender", "sex_code", "gender_code", "sexo", "sex_at_birth", "sex_cd", "gender_cd"),
    SemanticType.SSN: (
        "ssn", "social_security_number", "social_security_no", "ss_number", "ss_no", "soc_sec_id", "soc_sec_no",
        "ssn_itin", "ssn_id", "itin", "social_security", "social_security_num",
    ),
    SemanticType.CITY: ("city", "town", "suburb", "municipality", "city_name", "ciudad"),
    SemanticType.STATE: ("state", "state_code", "st", "state_name"),
    SemanticType.ZIP_CODE: (
        "zip", "zipcode", "zip_code", "postal_code", "postcode", "zip5", "post_code", "postalcode", "zip_cd",
    ),
    SemanticType.PHONE: (
        "phone", "telephone", "phone_number", "tel", "mobile", "cell", "cell_phone", "phone_no", "telephone_number",
    ),
    SemanticType.EMAIL: ("email", "e_mail", "email_address", "email_addr"),
}  # fmt: skip
_BY_NAME = {name: kind for kind, names in _NAMES.items() for name in names}
_ADDRESS_NAMES = {
    "street_number": 0, "house_number": 0, "house_no": 0, "street_no": 0, "house": 0, "street_num": 0, "house_num": 0,
    "": 1, "line_1": 1, "line1": 1, "1": 1, "street": 1, "street_name": 1, "street_address": 1, "address1": 1,
    "addr1": 1, "street_1": 1, "domicilio": 1,
    "unit": 2, "unit_number": 2, "apt": 2, "apartment": 2, "apt_no": 2, "apt_number": 2, "line_2": 2, "line2": 2,
    "2": 2, "address2": 2, "addr2": 2, "unit_no": 2,
    "po_box": 3, "pobox": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Recognition:
    """type: None when the column is left out; part: place among ADDRESS_PARTS; fits: share of values that agree."""

    column: str
    type: SemanticType | None
    how: str
    reason: str
    part: int = 1
    fits: float = 0.0

    @property
    def meaning(self) -> str:
        if self.type is None:
            return ""
        title = ELEMENTS[self.type].title
        return f"{title} ({ADDRESS_PARTS[self.part]})" if self.type == SemanticType.STREET_ADDRESS else title


def recognize_columns(table: pa.Table) -> dict[str, Recognition]:
    """Column name -> what it means and why. Looks at up to 400 distinct values of each column."""
    recognized = {column: _recognize(column, _some_values(table[column])) for column in table.column_names}
    said = {found.type for found in recognized.values()}
    for column, found in recognized.items():
        if found.how == "content" and any(
            other.type == found.type and other.how != "content" for other in recognized.values()
        ):
            recognized[column] = Recognition(column, None, "content", "another column is named for this")
    if {SemanticType.GIVEN_NAME, SemanticType.FAMILY_NAME} <= said:
        for column, found in recognized.items():
            if found.type == SemanticType.FULL_NAME:
                recognized[column] = Recognition(column, None, "name", "the name is also given in parts")
    return recognized


def choose_columns(recognized: dict[str, Recognition]) -> dict[SemanticType, str | tuple[str, ...]]:
    """One column for each meaning: the one whose values fit best, the first among equals; an address in its parts."""
    chosen: dict[SemanticType, str | tuple[str, ...]] = {}
    for kind in SemanticType:
        columns = [found for found in recognized.values() if found.type == kind]
        if not columns:
            continue
        if kind == SemanticType.STREET_ADDRESS:
            best = [
                max((c for c in columns if c.part == part), key=lambda c: c.fits, default=None) for part in range(4)
            ]
            chosen[kind] = tuple(found.column if found else "" for found in best)
        else:
            chosen[kind] = max(columns, key=lambda found: (found.how != "content", round(found.fits, 2))).column
    return chosen


def element_named(column: str) -> SemanticType | None:
    """What a column of this name would mean, going by the name alone."""
    return _by_name(column)[0]


def _recognize(column: str, values: Sequence[str]) -> Recognition:
    if not values:
        return Recognition(column, None, "empty", "no values in it")
    named, part, whose = _by_name(column)
    if whose:
        return Recognition(column, None, "name", whose)
    if named is not None:
        fits = _share(values, _FITS[named])
        if named == SemanticType.STREET_ADDRESS and part != 1:
            fits = 1.0
        if fits >= _ENOUGH:
            reason = f"name, and {fits:.0%} of its values"
            return Recognition(column, named, "name and content", reason, part, fits)
        return Recognition(
            column,
            None,
            "content",
            f"named like {ELEMENTS[named].title.lower()}, but {1 - fits:.0%} of its values do not look like it",
        )
    if len(values) >= _FEW:
        for kind, look in _LOOKS.items():
            fits = _share(values, look)
            if fits >= _UNMISTAKABLE:
                return Recognition(column, kind, "content", f"{fits:.0%} of its values", 1, fits)
    return Recognition(column, None, "", "nothing says that it identifies a person")


def _by_name(column: str) -> tuple[SemanticType | None, int, str]:
    """(meaning, address part, or why it is not this person's)."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column)
    words = [word for word in re.split(r"[^a-z0-9]+", standardize.plain(parted)) if word]
    about_address = bool({"address", "addr"} & set(words))
    own = [word for word in words if word not in _OWN]
    if _GUARDIAN & set(own) or "_".join(words) == "head_of_household":
        rest = "_".join(word for word in own if word not in _GUARDIAN | {"or", "full"})
        if rest in ("", "name", "head_of_household"):
            return SemanticType.GUARDIAN_NAME, 1, ""
        if _BY_NAME.get(rest) in (SemanticType.PHONE, SemanticType.EMAIL):  # a child is reached through a parent
            return _BY_NAME[rest], 1, ""
        return None, 1, "named for a parent or guardian"
    other = next((word for word in words if word in _OTHER), None)
    if other:
        return None, 1, f"named for something else ({other})"
    rest, whole = "_".join(own), "_".join(words)
    for name in (whole, rest, rest.removeprefix("last_")):
        if name in _BY_NAME:
            return _BY_NAME[name], 1, ""
    if rest in _ADDRESS_NAMES and (about_address or rest not in ("", "1", "2", "line_1", "line_2")):
        return SemanticType.STREET_ADDRESS, _ADDRESS_NAMES[rest], ""
    return None, 1, ""


def _some_values(column: pa.ChunkedArray) -> list[str]:
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return []
    text = column.slice(0, 50_000).cast(pa.string())
    distinct = pc.unique(pc.drop_null(pc.utf8_trim_whitespace(text)))
    return [value for value in distinct.slice(0, _LOOKED_AT).to_pylist() if value]


def _share(values: Sequence[str], fits: Callable[[str], bool]) -> float:
    """Share of the values that fit; those that stand for nothing (UNKNOWN) do not count."""
    told = [value for value in values if standardize.plain(value) not in standardize.NOTHING]
    return sum(map(fits, told)) / len(told) if told else 0.0


def _is_name(value: str) -> bool:
    return not re.search(r"[\d@/]", value) and bool(re.search(r"[^\W\d_]", value)) and len(value.split()) <= 5


def _is_date(value: str) -> bool:
    text = standardize.birth_date(value) or standardize.birth_date(value, day_first=True)
    return bool(text and re.fullmatch(r"(18|19|20)\d\d[01]\d[0-3]\d", text)) or standardize.plain(value) in (
        "01/01/1900",
    )


def _is_sex(value: str) -> bool:
    return standardize.sex(value) is not None or standardize.plain(value) in ("u", "other", "o", "9", "0", "3")


_FITS: dict[SemanticType, Callable[[str], bool]] = {
    SemanticType.GIVEN_NAME: _is_name,
    SemanticType.FAMILY_NAME: _is_name,
    SemanticType.MIDDLE_NAME: _is_name,
    SemanticType.NAME_SUFFIX: lambda value: standardize.suffix(value) is not None,
    SemanticType.FULL_NAME: lambda value: _is_name(value) and len(value.split()) >= 2,
    SemanticType.GUARDIAN_NAME: _is_name,
    SemanticType.BIRTH_DATE: _is_date,
    SemanticType.SEX: _is_sex,
    SemanticType.SSN: lambda value: bool(re.fullmatch(r"[\dxX*]{3}-?[\dxX*]{2}-?\d{4}|\d{4}|\d{7,9}", value)),
    SemanticType.STREET_ADDRESS: lambda value: bool(re.search(r"[^\W\d_]{2}", value)),
    SemanticType.CITY: _is_name,
    SemanticType.STATE: _is_name,
    SemanticType.ZIP_CODE: lambda value: bool(
        re.fullmatch(r"\d{3,5}(\.0)?|\d{5}-?\d{4}|[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d", value)
    ),
    SemanticType.PHONE: lambda value: 7 <= len(re.sub(r"\D", "", value)) <= 15,
    SemanticType.EMAIL: lambda value: bool(re.fullmatch(r"\S+@\S+", value)),
}
# Content that no other column has. Names and dates are not among them: a provider's name looks like a person's.
_LOOKS: dict[SemanticType, Callable[[str], bool]] = {
    SemanticType.SSN: lambda value: bool(re.fullmatch(r"(?!000|666)\d{3}-\d{2}-\d{4}", value)),
    SemanticType.EMAIL: lambda value: bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", value)),
    SemanticType.PHONE: lambda value: bool(re.fullmatch(r"(\+?1[ -])?\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}", value)),
}
