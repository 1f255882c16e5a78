"""Words and choices of linkage: what people can say of a pair, what a field and a level of agreement are called.

The core's names for fields and levels are codes here; a code without a word is shown as it is.
"""

from __future__ import annotations

import re

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core.elements import SemanticType
from infotrust.core.matching import answers

QUESTIONS = 400  # pairs to look at after a linkage: half to measure it, half to put it right; two hours of work
NOTE_LENGTH = 300


class Verdict(TextChoices):
    """What someone who looked at two records can say; the codes are the core's."""

    MATCH = answers.Verdict.MATCH.value, gettext_lazy("Match")
    NO_MATCH = answers.Verdict.NO_MATCH.value, gettext_lazy("No match")
    CANNOT_TELL = answers.Verdict.CANNOT_TELL.value, gettext_lazy("Cannot tell")


class Communities(TextChoices):
    """How a review's sample tells communities apart. Linkage sees identifiers only: no race, language or program."""

    DATASETS = "datasets", gettext_lazy("By the two datasets the records are from")
    AREAS = "areas", gettext_lazy("By area: the first three digits of the ZIP code")


# Elements of a record as people read them, in this order, and the compared fields that each one tells.
SHOWN: dict[SemanticType, tuple[Promise, tuple[str, ...]]] = {
    SemanticType.GIVEN_NAME: (gettext_lazy("Given name"), ("given",)),
    SemanticType.MIDDLE_NAME: (gettext_lazy("Middle name"), ("middle",)),
    SemanticType.FAMILY_NAME: (gettext_lazy("Family name"), ("family",)),
    SemanticType.NAME_SUFFIX: (gettext_lazy("Name suffix"), ("suffix",)),
    SemanticType.FULL_NAME: (gettext_lazy("Full name"), ("given", "middle", "family", "suffix")),
    SemanticType.BIRTH_DATE: (gettext_lazy("Date of birth"), ("birth_date",)),
    SemanticType.SEX: (gettext_lazy("Sex"), ("sex",)),
    SemanticType.SSN: (gettext_lazy("Social Security number"), ("ssn",)),
    SemanticType.STREET_ADDRESS: (gettext_lazy("Street address"), ("house", "street", "unit")),
    SemanticType.CITY: (gettext_lazy("City"), ("city",)),
    SemanticType.ZIP_CODE: (gettext_lazy("ZIP code"), ("zip",)),
    SemanticType.PHONE: (gettext_lazy("Telephone number"), ("phone",)),
    SemanticType.EMAIL: (gettext_lazy("E-mail address"), ("email",)),
    SemanticType.GUARDIAN_NAME: (gettext_lazy("Name of a parent or guardian"), ("guardian",)),
}
FIELDS: dict[str, Promise] = {
    "given": gettext_lazy("Given name"),
    "middle": gettext_lazy("Middle name"),
    "family": gettext_lazy("Family name"),
    "suffix": gettext_lazy("Name suffix"),
    "birth_date": gettext_lazy("Date of birth"),
    "sex": gettext_lazy("Sex"),
    "ssn": gettext_lazy("Social Security number"),
    "house": gettext_lazy("House number"),
    "street": gettext_lazy("Street"),
    "unit": gettext_lazy("Unit"),
    "city": gettext_lazy("City"),
    "zip": gettext_lazy("ZIP code"),
    "phone": gettext_lazy("Telephone number"),
    "email": gettext_lazy("E-mail address"),
    "guardian": gettext_lazy("Parent or guardian"),
    "source": gettext_lazy("Datasets they are from"),
}
NOT_KNOWN, DIFFERENT = "not known", "different"
LEVELS: dict[str, Promise] = {
    NOT_KNOWN: gettext_lazy("not known in one of them"),
    DIFFERENT: gettext_lazy("different"),
    "slightly alike": gettext_lazy("slightly alike"),
    "alike": gettext_lazy("alike"),
    "nearly the same": gettext_lazy("nearly the same"),
    "same": gettext_lazy("the same"),
    "same, very common": gettext_lazy("the same, and very common"),
    "same, common": gettext_lazy("the same, and common"),
    "same, rare": gettext_lazy("the same, and rare"),
    "same, very rare": gettext_lazy("the same, and very rare"),
    "same, shared": gettext_lazy("the same, and others share it"),
    "one word the same": gettext_lazy("one word the same"),
    "swapped": gettext_lazy("given and family name swapped"),
    "short form": gettext_lazy("a short form of the other"),
    "one edit apart": gettext_lazy("one keystroke apart"),
    "two edits apart": gettext_lazy("two keystrokes apart"),
    "last four the same": gettext_lazy("the last four digits the same"),
    "one part the same": gettext_lazy("one part of the date the same"),
    "two parts the same": gettext_lazy("two parts of the date the same"),
    "two parts the same, one edit apart": gettext_lazy("two parts of the date the same, one keystroke apart"),
    "years within two": gettext_lazy("at most two years apart"),
    "same year": gettext_lazy("the same year"),
    "day and month swapped": gettext_lazy("day and month swapped"),
    "a generation apart": gettext_lazy("born a generation apart"),
    "same file": gettext_lazy("the same dataset"),
    "two files": gettext_lazy("two datasets"),
}
_FILES = re.compile(r"files (\d+) and (\d+)")


def field_word(field: str) -> str:
    return str(FIELDS.get(field, field))


def level_word(level: str) -> str:
    """How two records agree on a field, in words. The two datasets of a pair are seen anyway."""
    files = _FILES.fullmatch(level)
    if files:
        level = "same file" if files[1] == files[2] else "two files"
    return str(LEVELS.get(level, level))


def odds_words(weight: float) -> str:
    """A weight (log2 odds) as odds in round numbers: 10 is "about 1,000 to 1", -3 "about 1 to 8"."""
    if abs(weight) < 0.5:
        return _("about even odds")
    odds = 2.0 ** min(abs(weight), 60.0)
    told = f"{round(odds, -max(len(str(int(odds))) - 1, 0)) if odds >= 10 else round(odds):,.0f}"
    return (_("about %(odds)s to 1") if weight > 0 else _("about 1 to %(odds)s")) % {"odds": told}
