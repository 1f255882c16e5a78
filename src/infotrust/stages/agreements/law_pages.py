"""What the pages of the law register show. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from infotrust.core.elements import SemanticType
from infotrust.core.policy.book import Rule
from infotrust.core.policy.classes import TERMS, ColumnSpec, Term, classify
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import duties, laws
from infotrust.shared.permissions import services as permissions
from infotrust.stages.agreements import queries
from infotrust.stages.inventory import queries as inventory

WHY = {
    "direct-identifier": _("tells who the person is"),
    "made-from-identifier": _("is a code made from what tells who the person is"),
    "date-finer-than-year": _("is a date that is finer than a year"),
    "place-smaller-than-state": _("is a place smaller than a state"),
}


@dataclass(frozen=True)
class Held:
    """A dataset with fields that the law governs, and the agreements in force that cover it."""

    code: str
    title: str
    agency: str
    fields: int
    agreements: tuple[str, ...]


@dataclass(frozen=True)
class Sorted:
    """Fields of a dataset, and the class that a table of those chosen truly is."""

    dataset: str
    fields: tuple[tuple[str, str, bool], ...]  # name, title, chosen
    term: Term | None
    because: tuple[tuple[str, str], ...]  # title of the field, why in words


@dataclass(frozen=True)
class RegimePage:
    reviewed: laws.Reviewed
    rules: tuple[Rule, ...]
    held: tuple[Held, ...]
    why_not_confirm: str


def register(*, by: User) -> tuple[laws.Reviewed, ...]:
    """Every regime with its reviews. Raises `NotPermitted`."""
    duties.require("read law register", by=by)
    return laws.register()


def regime_page(code: str, *, by: User) -> RegimePage:
    """One regime: what it says, the rules that keep it, and what it governs. Raises `NotPermitted`, `NoSuchRegime`."""
    duties.require("read law register", by=by)
    found = laws.reviewed(code)
    _version, book = permissions.current_book()
    decision = duties.may("confirm law", by=by, agency=by.agency)
    return RegimePage(
        found,
        tuple(rule for rule in book.rules.values() if rule.law == code and "/strictest/" not in rule.id),
        tuple(_held(code)),
        "" if decision else decision.reasons[0].plain,
    )


def sort_fields(dataset: str, chosen: Sequence[str], *, by: User) -> Sorted:
    """Say which class a table with these fields of a dataset is. Raises `NotPermitted`, `NotInInventory`."""
    duties.require("read law register", by=by)
    fields = inventory.fields(inventory.dataset(dataset).code)
    kept = [field for field in fields if field.name in chosen]
    titles = {field.name: field.title for field in fields}
    found = classify([ColumnSpec(field.name, SemanticType(field.semantic)) for field in kept]) if kept else None
    return Sorted(
        dataset,
        tuple((field.name, field.title, field in kept) for field in fields),
        TERMS[found.data_class] if found else None,
        tuple((titles[one.column], str(WHY[one.rule])) for one in found.because) if found else (),
    )


def _held(code: str) -> list[Held]:
    found = []
    for dataset in inventory.datasets():
        fields = sum(code in field.law_classes for field in inventory.fields(dataset.code))
        if fields:
            covering = tuple(queries.covering(dataset.code))
            found.append(Held(dataset.code, dataset.title, dataset.agency.name, fields, covering))
    return found
