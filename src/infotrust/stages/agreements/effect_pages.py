"""Who gains and who loses what by an agreement, and what is destroyed at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.policy.book import PolicyBook, assemble
from infotrust.core.policy.clauses import compile_agreement
from infotrust.core.policy.table import Change, Comparison, allowed_table, compare
from infotrust.core.policy.terms import AgreementTerms
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import duties
from infotrust.shared.permissions import services as permissions
from infotrust.shared.permissions.terms import PURPOSE_TITLES
from infotrust.stages.agreements import queries
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.terms import USE_TITLES


@dataclass(frozen=True)
class ChangeRow:
    """One line of "what signing changes", in words."""

    who: str
    what: str
    purpose: str
    dataset: str
    fields: str


@dataclass(frozen=True)
class Effects:
    """Who gains and who loses what by a step, and the number of the version compared with."""

    gained: tuple[ChangeRow, ...]
    lost: tuple[ChangeRow, ...]
    version: int


@dataclass(frozen=True)
class Loss:
    """What becomes of one dataset when the agreement ends."""

    dataset: str
    everything: bool
    fields: tuple[str, ...]
    kept_by: tuple[str, ...]


def effects(terms: AgreementTerms, *, at: datetime, without: bool = False) -> Effects:
    """Compare what is allowed now with what will be once this agreement is in force (`without`: once it has ended)."""
    current = permissions.current_version()
    others = [queries.terms_of(one) for one in queries.agreements() if one.state == State.IN_FORCE]
    wanted = [one for one in others if one.code != terms.code] + ([] if without else [terms])
    policies, entities = assemble(map(compile_agreement, wanted))
    book = PolicyBook(policies, entities)
    key = f"agreements-effects:{current.digest if current else ''}:{book.digest}"
    found: Comparison | None = cache.get(key)
    if found is None:
        moment = max(at, datetime.fromtimestamp(terms.starts, tz=at.tzinfo))
        found = compare(current.table if current else [], allowed_table(book, moment))
        cache.set(key, found, 3600)
    names = {agency.agency.code: agency.agency.name for one in queries.agreements() for agency in one.recipients.all()}
    names |= {code: name for one in (*others, terms) for code, name in (*one.parties, *one.recipients)}
    return Effects(
        tuple(_worded(change, names) for change in found.gained),
        tuple(_worded(change, names) for change in found.lost),
        current.number if current else 0,
    )


def losses(code: str, *, by: User, at: datetime | None = None) -> tuple[tuple[Loss, ...], date]:
    """What is destroyed when the agreement ends now, dataset by dataset, and by which day."""
    duties.require("read agreements", by=by)
    at = at or timezone.now()
    found = queries.agreement(code)
    others = [one for one in queries.in_force(at) if one.code != code]
    lost = []
    for part in found.datasets.all():
        elsewhere = {one.code: set(uses) for one in others if (uses := queries.uses_by_field(one, part.dataset.code))}
        kept = set().union(*elsewhere.values())
        names = tuple(field.name for field in part.fields.all() if field.name not in kept)
        lost.append(Loss(part.dataset.code, not elsewhere, names, tuple(elsewhere)))
    return tuple(lost), timezone.localdate(at + timedelta(days=found.retention_days))


def _worded(change: Change, names: dict[str, str]) -> ChangeRow:
    roles = {
        "analyst": _("Analysts"),
        "helper": _("Helpers"),
        "linkage_officer": _("Linkage officers"),
        "steward": _("Data stewards"),
        "none": _("Everyone else"),
    }
    return ChangeRow(
        who=_("%(role)s of %(agencies)s")
        % {"role": roles[change.role], "agencies": ", ".join(names.get(code, code) for code in change.agencies)},
        what=str(USE_TITLES[change.use]),
        purpose=str(PURPOSE_TITLES.get(change.purpose, "")),
        dataset=change.dataset,
        fields=", ".join(change.fields),
    )
