"""What the pages of the law register show. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from infotrust.core.policy.book import Rule
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import duties, laws
from infotrust.shared.permissions import services as permissions
from infotrust.stages.agreements import queries
from infotrust.stages.inventory import queries as inventory


@dataclass(frozen=True)
class Held:
    """A dataset with fields that the law governs, and the agreements in force that cover it."""

    code: str
    title: str
    agency: str
    fields: int
    agreements: tuple[str, ...]


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


def _held(code: str) -> list[Held]:
    found = []
    for dataset in inventory.datasets():
        fields = sum(code in field.law_classes for field in inventory.fields(dataset.code))
        if fields:
            covering = tuple(queries.covering(dataset.code))
            found.append(Held(dataset.code, dataset.title, dataset.agency.name, fields, covering))
    return found
