"""What the access page shows: why something can or cannot be seen, and who may do what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from infotrust.core.policy.book import Request
from infotrust.shared.accounts.models import Role, User
from infotrust.shared.permissions import duties, services
from infotrust.shared.permissions.decision import Decision
from infotrust.shared.permissions.models import PolicyVersion

SELF = "self"


@dataclass(frozen=True)
class Asked:
    """A question about access. `who` is `self`, or a role for which `agency` (short name) is asked."""

    dataset: str
    field: str
    action: str
    purpose: str
    agreement: str = ""
    who: str = SELF
    agency: str = ""


@dataclass(frozen=True)
class Subjects:
    """What can be asked about: the fields, agreements and agencies of the version in force."""

    fields: dict[str, tuple[str, ...]]
    agreements: tuple[str, ...]
    agencies: tuple[str, ...]
    version: str


@dataclass(frozen=True)
class DutyRow:
    verb: str
    plain: str
    roles: tuple[str, ...]
    own_agency: bool
    mine: bool


def subjects(*, by: User) -> Subjects:
    """Return what can be asked about; raises `NotPermitted`."""
    duties.require("ask about access", by=by)
    version, book = services.current_book()
    return Subjects(
        {dataset: tuple(sorted(names)) for dataset, names in sorted(book.fields.items())},
        tuple(sorted(book.agreements)),
        book.agencies,
        version,
    )


def why(asked: Asked, *, by: User, at: datetime | None = None) -> Decision:
    """Decide a question as it would be decided in earnest, without opening anything; raises `NotPermitted`.

    For `self`, by the reader's own roles, training and sign-in; for a role, as if trained and signed in by two steps.
    """
    duties.require("ask about access", by=by)
    at = at or timezone.now()
    if asked.who == SELF:
        return services.decide(
            services.FieldRequest(by, asked.action, asked.dataset, asked.field, asked.purpose, asked.agreement, at)
        )
    version, book = services.current_book()
    verdict = book.decide(
        Request(
            agency=asked.agency,
            roles=frozenset({asked.who}),
            action=asked.action,
            dataset=asked.dataset,
            field=asked.field,
            purpose=asked.purpose,
            at=at,
            agreement=asked.agreement,
            trained=True,
            two_step=True,
            serving=asked.who == Role.HELPER,
        )
    )
    return Decision(verdict.allowed, tuple(map(services.reason_of, verdict.rules)), version, verdict.agreement)


def duty_table(*, by: User) -> tuple[DutyRow, ...]:
    """Return who may do what, each duty with whether it is the reader's; raises `NotPermitted`."""
    duties.require("ask about access", by=by)
    return tuple(
        DutyRow(
            verb,
            duty.plain,
            tuple(str(Role(role).label) for role in Role.values if role in duty.roles),
            duty.own_agency,
            bool(duty.roles & by.roles),
        )
        for verb, duty in duties.DUTIES.items()
    )


def versions(*, by: User, most: int = 10) -> list[PolicyVersion]:
    """Return the newest policy versions, without their text; raises `NotPermitted`."""
    duties.require("ask about access", by=by)
    return list(PolicyVersion.objects.defer("policies", "entities", "table").select_related("published_by")[:most])
