"""What a version of the policies allows, as a table; and who gains and who loses when another takes its place.

The table is made by asking the policies themselves, once for each role, agency, use, purpose and kind of field, for a
trained person with two-step sign-in who serves the person concerned: the widest reading, so that nothing is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from infotrust.core.policy.book import PolicyBook, Request
from infotrust.core.policy.terms import PURPOSES, Use, digest

# The roles a rule can tell apart; every other role is allowed no more than "someone without a role".
ROLES = ("analyst", "helper", "linkage_officer", "steward", "none")
OUTSIDER = "outside the trust"

Row = list[str]  # role, agency, use, purpose, dataset, field


@dataclass(frozen=True)
class Change:
    """People of these agencies in this role gain (or lose) this use of these fields of a dataset, for this purpose."""

    role: str
    use: str
    purpose: str
    dataset: str
    fields: tuple[str, ...]
    agencies: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    gained: tuple[Change, ...]
    lost: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.gained or self.lost)


def allowed_table(book: PolicyBook, at: datetime) -> list[Row]:
    """Return every combination that `book` allows at the moment `at`, sorted; what is not in it is refused.

    Asks first what is refused to everyone (a rule that does not look at who asks), then the rest for each role and
    agency: the same table as asking everything, in a tenth of the time.
    """
    open_to_some = _open_to_some(book, at)
    keys, requests = [], []
    for role in ROLES:
        for agency in (*book.agencies, OUTSIDER):
            for names, request in open_to_some:
                keys.append((role, agency, names))
                requests.append(replace(request, roles=_roles(role), agency=agency))
    verdicts = book.decide_all(requests)
    allowed = {
        (role, agency, request.action, request.purpose, request.dataset, name)
        for (role, agency, names), request, verdict in zip(keys, requests, verdicts, strict=True)
        if verdict.allowed
        for name in names
    }
    return [list(row) for row in sorted(allowed)]


def _open_to_some(book: PolicyBook, at: datetime) -> list[tuple[tuple[str, ...], Request]]:
    """Return the requests that no rule refuses to everyone, each with the fields it stands for."""
    asked = [
        (names, Request("", frozenset(), use, dataset, names[0], purpose, at, code, True, True, True))
        for (dataset, _kind), names in book.kinds().items()
        for code, datasets in book.agreements.items()
        if dataset in datasets
        for use, purpose in _uses()
    ]
    verdicts = book.decide_all([request for _names, request in asked])
    return [
        pair
        for pair, verdict in zip(asked, verdicts, strict=True)
        if verdict.allowed or all(rule.personal for rule in verdict.rules)
    ]


def _roles(role: str) -> frozenset[str]:
    return frozenset() if role == "none" else frozenset({role})


def _uses() -> list[tuple[str, str]]:
    # No rule asks what a contribution is for.
    asking = (Use.VIEW, Use.LINK, Use.EXTRACT, Use.AGGREGATE)
    return [(Use.CONTRIBUTE.value, ""), *((use.value, purpose) for use in asking for purpose in PURPOSES)]


def table_digest(table: Sequence[Row]) -> str:
    return digest(list(table))


def compare(before: Iterable[Row], after: Iterable[Row]) -> Comparison:
    """Return who gains and who loses what, gathered so that a person can read and sign it off."""
    old, new = {tuple(row) for row in before}, {tuple(row) for row in after}
    return Comparison(_gather(new - old), _gather(old - new))


def _gather(rows: set[tuple[Any, ...]]) -> tuple[Change, ...]:
    fields: dict[tuple[str, ...], set[str]] = {}
    for role, agency, use, purpose, dataset, name in rows:
        fields.setdefault((role, use, purpose, dataset, agency), set()).add(name)
    agencies: dict[tuple[str, str, str, str, tuple[str, ...]], set[str]] = {}
    for (role, use, purpose, dataset, agency), names in fields.items():
        agencies.setdefault((role, use, purpose, dataset, tuple(sorted(names))), set()).add(agency)
    return tuple(
        Change(role, use, purpose, dataset, names, tuple(sorted(who)))
        for (role, use, purpose, dataset, names), who in sorted(agencies.items())
    )
