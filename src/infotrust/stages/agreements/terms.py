"""The choices of an agreement's forms, worded for the page; the codes are those of `core.policy.terms`."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from infotrust.core.policy.kinds import KINDS
from infotrust.core.policy.terms import PURPOSES, Level, Use
from infotrust.shared.permissions.terms import PURPOSE_TITLES

# The words of kinds.toml are those of the signed text, which is not translated.
KIND_CHOICES: list[tuple[str, str]] = [(kind.code, f"{kind.title} ({kind.short})") for kind in KINDS.values()]

LEVEL_CHOICES: list[tuple[str, Promise]] = [
    (Level.AGGREGATE.value, _("Counts only: nobody sees or takes a row about a person")),
    (Level.DEIDENTIFIED.value, _("De-identified rows: without any direct identifier")),
    (Level.LIMITED.value, _("Limited data set: dates, city, state and ZIP code may remain")),
    (Level.IDENTIFIED.value, _("Identified: rows with identifiers where a field is agreed for it")),
]

# How a signature was given that was not given here.
SIGNED_HOW: list[tuple[str, Promise]] = [
    ("ink", _("In ink, on paper")),
    ("service", _("By a signature service (ESIGN, eIDAS)")),
]

# Only what an agreement may contain: enforcement is not among the choices.
PURPOSE_CHOICES: list[tuple[str, Promise]] = [
    (code, PURPOSE_TITLES[code]) for code, purpose in PURPOSES.items() if not purpose.never
]

USE_TITLES: dict[str, Promise] = {
    Use.CONTRIBUTE.value: _("Contribute"),
    Use.LINK.value: _("Link"),
    Use.AGGREGATE.value: _("Count"),
    Use.EXTRACT.value: _("Extract"),
    Use.VIEW.value: _("See"),
}
USE_HELP: dict[str, Promise] = {
    Use.CONTRIBUTE.value: _("The agency sends this column."),
    Use.LINK.value: _("Linkage officers match records by it. Identifiers only."),
    Use.AGGREGATE.value: _("Analysts count by it; only protected tables leave."),
    Use.EXTRACT.value: _("Analysts take rows with it, as the level of identification allows."),
    Use.VIEW.value: _("Helpers see it for people they serve."),
}
