"""The words of the inventory: what a field's description consists of, and the rules every description keeps.

`FieldSpec` is the value that forms, example files and services exchange; `problems` is the one place that
says what is wrong with it, so that the page, the services and the example files cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core import law
from infotrust.core.elements import ELEMENTS, Availability, DataType, SemanticType, is_direct_identifier

# PostgreSQL cuts identifiers at 63 bytes; the same names become columns of views in DuckDB.
FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
DATE_PARTS = re.compile(r"%[Ymd]")
# Columns the trust adds itself; a field of the same name would hide them.
RESERVED_NAMES = frozenset({"record_id", "person_id", "dataset", "weight", "period"})
LONGEST_CODE = 60
MOST_CODES = 1000


class Sensitivity(models.IntegerChoices):
    """How much harm a field could do in the wrong hands. The class decides nothing alone: agreements do."""

    PUBLIC = 0, gettext_lazy("0: public already")
    LOW = 1, gettext_lazy("1: low, for example a school's code")
    PERSONAL = 2, gettext_lazy("2: personal, for example a home language")
    HIGH = 3, gettext_lazy("3: high, for example an SSN or where someone sleeps")


class UpdateFrequency(models.TextChoices):
    DAILY = "daily", gettext_lazy("Daily")
    WEEKLY = "weekly", gettext_lazy("Weekly")
    MONTHLY = "monthly", gettext_lazy("Monthly")
    QUARTERLY = "quarterly", gettext_lazy("Every three months")
    YEARLY = "yearly", gettext_lazy("Yearly")
    ONCE = "once", gettext_lazy("Once, no further deliveries")


class Unit(models.TextChoices):
    """What one row is."""

    PERSON = "person", gettext_lazy("A person")
    CHILD = "child", gettext_lazy("A child")
    HOUSEHOLD = "household", gettext_lazy("A household")
    ENROLLMENT = "enrollment", gettext_lazy("An enrollment in a program")
    EVENT = "event", gettext_lazy("An event or a service")


TYPE_LABELS: dict[str, Promise] = {
    DataType.TEXT: gettext_lazy("Text"),
    DataType.INTEGER: gettext_lazy("Whole number"),
    DataType.DECIMAL: gettext_lazy("Number with decimals"),
    DataType.DATE: gettext_lazy("Date"),
    DataType.CODE: gettext_lazy("Code from a list"),
    DataType.BOOLEAN: gettext_lazy("Yes or no"),
}
AVAILABILITY_LABELS: dict[str, Promise] = {
    Availability.OPEN: gettext_lazy("Open: may be asked for by any agreement"),
    Availability.RESTRICTED: gettext_lazy("Restricted: asked for with a reason, field by field"),
    Availability.UNAVAILABLE: gettext_lazy("Unavailable: never leaves the agency"),
}


def law_labels() -> dict[str, str]:
    """Return each regime of the law register by its code, as it is offered and shown to stewards."""
    return {code: f"{one.title} ({one.citation})" for code, one in law.regimes().items()}


SEMANTIC_LABELS: dict[str, str] = {kind.value: element.title for kind, element in ELEMENTS.items()}


@dataclass(frozen=True)
class FieldSpec:
    """The description of one field. `codes` maps each code to its meaning, in the order they are shown."""

    name: str
    title: str
    definition: str
    type: str = DataType.TEXT.value
    semantic: str = SemanticType.OTHER.value
    codes: dict[str, str] = field(default_factory=dict, hash=False)
    law_classes: tuple[str, ...] = ()
    sensitivity: int = 1
    availability: str = Availability.RESTRICTED.value
    required: bool = True
    key: bool = False
    date_format: str = ""

    @property
    def is_identifier(self) -> bool:
        return is_direct_identifier(self.semantic)


@dataclass(frozen=True)
class Problem:
    """Something wrong with a description: the part it is in (a field of `FieldSpec`) and how to mend it."""

    part: str
    text: str


def problems(spec: FieldSpec) -> list[Problem]:
    """Return what is wrong with `spec`, in the order a reader of the form would meet it."""
    return [*_words(spec), *_codes(spec), *_classes(spec), *_dates(spec)]


def _words(spec: FieldSpec) -> Iterator[Problem]:
    if not FIELD_NAME.fullmatch(spec.name):
        yield Problem("name", _("Use letters, digits and underscores, starting with a letter, at most 63 characters."))
    if spec.name.lower() in RESERVED_NAMES:
        yield Problem("name", _("The trust adds a column of this name itself. Choose another."))
    if not spec.title.strip():
        yield Problem("title", _("Give the field a title that a reader outside the agency understands."))
    if spec.type not in TYPE_LABELS:
        yield Problem("type", _("Choose how the value is written."))
    if spec.semantic not in SEMANTIC_LABELS:
        yield Problem("semantic", _("Choose what the field means."))


def _codes(spec: FieldSpec) -> Iterator[Problem]:
    if spec.type == DataType.CODE and not spec.codes:
        yield Problem("codes", _("A code field needs its list of codes, one on each line: code = meaning."))
    if spec.type != DataType.CODE and spec.codes:
        yield Problem("codes", _("Only a field of type “Code from a list” has codes. Remove them or change the type."))
    if len(spec.codes) > MOST_CODES:
        yield Problem("codes", _("A list holds at most %(most)d codes.") % {"most": MOST_CODES})
    for code, meaning in spec.codes.items():
        if not code or code != code.strip() or len(code) > LONGEST_CODE:
            yield Problem("codes", _("The code “%(code)s” is empty or too long.") % {"code": code[:LONGEST_CODE]})
        if not meaning.strip():
            yield Problem("codes", _("Say what the code “%(code)s” means.") % {"code": code})


def _classes(spec: FieldSpec) -> Iterator[Problem]:
    if unknown := [code for code in spec.law_classes if code not in law.regimes()]:
        yield Problem("law_classes", _("There is no class of law called “%(law)s”.") % {"law": unknown[0]})
    if spec.sensitivity not in Sensitivity.values:
        yield Problem("sensitivity", _("Choose a sensitivity from 0 to 3."))
    if spec.availability not in AVAILABILITY_LABELS:
        yield Problem("availability", _("Choose whether the field is open, restricted or unavailable."))
    elif spec.semantic in SEMANTIC_LABELS and spec.is_identifier and spec.availability == Availability.OPEN:
        yield Problem("availability", _("A field that identifies a person cannot be open. Choose restricted."))
    if spec.key and not spec.required:
        yield Problem("required", _("A key is needed in every row: mark the field as required."))


def _dates(spec: FieldSpec) -> Iterator[Problem]:
    if spec.type != DataType.DATE:
        if spec.date_format:
            yield Problem("date_format", _("Only a field of type “Date” has a date format."))
        return
    if sorted(DATE_PARTS.findall(spec.date_format)) != ["%Y", "%d", "%m"] or "%" in DATE_PARTS.sub(
        "", spec.date_format
    ):
        yield Problem("date_format", _("Choose the order in which year, month and day are written."))
