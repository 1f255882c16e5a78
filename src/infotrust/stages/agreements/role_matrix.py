"""Roles and expectations of one agreement: who is expected to do what, and the permission that this causes.

Expectations come from its clauses and the duties of the trust; permissions are counted in the table of everything
that the compiled policies allow, so the page cannot promise what the software refuses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.policy.book import PolicyBook, assemble
from infotrust.core.policy.clauses import clauses, compile_agreement
from infotrust.core.policy.table import Row, allowed_table
from infotrust.core.policy.terms import AgreementTerms
from infotrust.shared.accounts.models import Role, User
from infotrust.shared.permissions import duties
from infotrust.stages.agreements import queries
from infotrust.stages.agreements.terms import USE_TITLES


@dataclass(frozen=True)
class Expectation:
    """`clause`: where it is agreed (0: a duty of the trust). `permission`: what follows from it, in words."""

    role: str
    who: str
    expects: str
    clause: int
    permission: str


def matrix(code: str, *, by: User, at: datetime | None = None) -> tuple[object, tuple[Expectation, ...]]:
    """Return an agreement and its roles with what is expected of each; raises `NotPermitted`, `NoSuchAgreement`."""
    duties.require("read agreements", by=by)
    found = queries.agreement(code)
    terms = queries.terms_of(found)
    at = at or timezone.now()
    moment = max(at, datetime.fromtimestamp(terms.starts, tz=at.tzinfo))
    table = allowed_table(PolicyBook(*assemble([compile_agreement(terms)])), moment) if terms.shares else []
    return found, tuple(_expectations(terms, table))


def _expectations(terms: AgreementTerms, table: list[Row]) -> Iterable[Expectation]:
    number = {clause.key: clause.number for clause in clauses(terms)}
    parties = ", ".join(name for _code, name in terms.parties)
    if terms.shares:
        recipients = ", ".join(name for _code, name in terms.recipients)
        owners = ", ".join(sorted({dict(terms.parties).get(one.owner, one.owner) for one in terms.datasets}))
        data = (
            (
                Role.STEWARD,
                owners,
                _("Sends the agreed columns of the agency’s own datasets"),
                "contributions",
                "steward",
            ),
            (
                Role.LINKAGE_OFFICER,
                recipients,
                _("Finds which records are of one person"),
                "linking",
                "linkage_officer",
            ),
            (Role.ANALYST, recipients, _("Counts, and takes rows where that is agreed"), "purposes", "analyst"),
            (Role.HELPER, recipients, _("Serves people with what is agreed for that"), "purposes", "helper"),
        )
        for role, who, expects, key, asked in data:
            yield Expectation(str(role.label), who, expects, number[key], _permission(table, asked))
        publishing = _("Checks that no number stands for fewer than %(n)d people before anything is published")
        yield _duty(
            Role.OUTPUT_CHECKER,
            "",
            publishing % {"n": terms.publication_threshold},
            number["publication"],
            "check output",
        )
    yield _duty(Role.COUNSEL, parties, _("Reviews every text for the agency"), 0, "review agreement")
    yield _duty(Role.PRIVACY, parties, _("Reviews, may suspend, handles breaches"), 0, "suspend agreement")
    yield _duty(Role.SECURITY, parties, _("Reviews, may suspend at once"), 0, "suspend agreement")
    yield _duty(Role.PROGRAM, parties, _("Says whether it serves the program’s people"), 0, "comment agreement")
    yield _duty(Role.BOARD_MEMBER, parties, _("Signs, settles, ends"), number["ending"], "sign agreement")
    for clause in clauses(terms):
        if clause.chosen and clause.by_people:
            yield Expectation(
                _("Kept by people"), clause.kept_by, clause.plain, clause.number, _("none; people keep it")
            )


def _permission(table: list[Row], role: str) -> str:
    """Say which uses of how many fields the policies allow to a role."""
    fields: dict[str, set[tuple[str, str]]] = {}
    for who, _agency, use, _purpose, dataset, name in table:
        if who == role:
            fields.setdefault(use, set()).add((dataset, name))
    if not fields:
        return _("none under this agreement")
    return "; ".join(
        _("%(use)s: %(n)d fields") % {"use": USE_TITLES[use], "n": len(found)} for use, found in sorted(fields.items())
    )


def _duty(role: Role, who: str, expects: str, clause: int, duty: str) -> Expectation:
    return Expectation(str(role.label), who or _("the trust"), expects, clause, duties.DUTIES[duty].plain)
