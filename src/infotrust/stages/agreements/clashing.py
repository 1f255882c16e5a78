"""What two people chose at once, in words, so that whoever was too late sees what stands now beside what they chose."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from infotrust.core.policy.terms import AgreementTerms, Use
from infotrust.stages.agreements.terms import LEVEL_CHOICES, PURPOSE_CHOICES, USE_TITLES


def terms_in_words(
    *,
    title: str,
    why: str,
    parties: Sequence[str],
    recipients: Sequence[str],
    purposes: Sequence[str],
    level: str,
    starts_on: date,
    ends_on: date,
    retention_days: int,
    publication_threshold: int,
    strictest: bool,
) -> str:
    """Return terms one to a line. `parties` and `recipients` are names."""
    wanted = dict(PURPOSE_CHOICES)
    lines = {
        _("Title"): title,
        _("Why"): why,
        _("Parties"): ", ".join(sorted(parties)),
        _("Recipients"): ", ".join(sorted(recipients)),
        _("Purposes"): ", ".join(str(wanted.get(code, code)) for code in sorted(purposes)),
        _("Level of identification"): str(dict(LEVEL_CHOICES).get(level, level)),
        _("First day"): starts_on.isoformat(),
        _("Last day"): ends_on.isoformat(),
        _("Days until destruction after its end"): str(retention_days),
        _("Smallest number published"): str(publication_threshold),
        _("The strictest law holds for every field"): _("yes") if strictest else _("no"),
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items())


def of(terms: AgreementTerms) -> str:
    """Return the terms of an agreement in the same words."""
    names: dict[str, Any] = {
        name: getattr(terms, name)
        for name in ("title", "why", "purposes", "level", "starts_on", "ends_on", "retention_days")
    }
    return terms_in_words(
        **names,
        publication_threshold=terms.publication_threshold,
        strictest=terms.strictest,
        parties=[name for _code, name in terms.parties],
        recipients=[name for _code, name in terms.recipients],
    )


def uses_in_words(uses: Mapping[str, Collection[str]]) -> str:
    """Return the uses of fields, one field to a line, those without a use left out."""
    order = [use.value for use in Use]
    chosen = {
        name: [str(USE_TITLES[use]) for use in order if use in set(map(str, uses[name]))] for name in sorted(uses)
    }
    return "\n".join(f"{name}: {', '.join(titles)}" for name, titles in chosen.items() if titles)
