"""What may be linked now: each dataset's identifiers, and for each one the rule that allows or refuses it.

Nothing is opened here. A field that no agreement lets be linked is left out; a dataset without any is left out whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from infotrust.core.elements import ELEMENTS, SemanticType
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import services as permissions
from infotrust.shared.permissions.decision import Decision
from infotrust.shared.permissions.services import FieldRequest
from infotrust.shared.vault import services as vault
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.inventory import queries as inventory

ACTION, PURPOSE = "link", "linkage"


@dataclass(frozen=True)
class PlannedField:
    """An identifier and what was decided about it. `decision.agreement` is the one it is used under."""

    name: str
    title: str
    semantic: SemanticType
    decision: Decision


@dataclass(frozen=True)
class PlannedDataset:
    """`rows` and `parts` are what lies in the vault now; none if nothing was delivered yet."""

    code: str
    title: str
    fields: tuple[PlannedField, ...]
    parts: tuple[str, ...]
    rows: int
    # Every agreement in force that covers the dataset: two datasets are compared in a figure only if they share one.
    under: tuple[str, ...] = ()

    @property
    def allowed(self) -> tuple[PlannedField, ...]:
        return tuple(field for field in self.fields if field.decision)

    @property
    def refused(self) -> tuple[PlannedField, ...]:
        return tuple(field for field in self.fields if not field.decision)

    @property
    def is_ready(self) -> bool:
        return bool(self.allowed and self.parts)

    @property
    def agreements(self) -> tuple[str, ...]:
        return tuple(sorted({field.decision.agreement for field in self.allowed}))

    def new_rows(self, read_before: Collection[str]) -> int:
        """How many rows lie in parts that the last run (whose parts these are) did not read."""
        parts = vault.current_parts(self.code)
        return sum(part.rows for part in parts if part.pk not in read_before)


def plan_linkage(*, by: User, at: datetime) -> list[PlannedDataset]:
    """Decide every identifier of every dataset that was delivered or may be linked, for `by` and now."""
    found = _decided({one.code: one.title for one in inventory.datasets()}, by=by, at=at)
    return [one for one in found if one.parts or one.allowed]


def plan_dataset(code: str, *, by: User, at: datetime) -> PlannedDataset:
    """The same for one dataset; raises `inventory.queries.NotInInventory`."""
    return _decided({code: inventory.dataset(code).title}, by=by, at=at)[0]


def _decided(described: Mapping[str, str], *, by: User, at: datetime) -> list[PlannedDataset]:
    wanted = [
        (code, field)
        for code in described
        for field in inventory.fields(code)
        if ELEMENTS[SemanticType(field.semantic)].links
    ]
    requests = [_request(by, code, field.name, at) for code, field in wanted]
    planned: dict[str, list[PlannedField]] = {code: [] for code in described}
    for (code, field), decision in zip(wanted, permissions.decide_all(requests), strict=True):
        planned[code].append(PlannedField(field.name, field.title, SemanticType(field.semantic), decision))
    return [_dataset(code, title, planned[code], at) for code, title in described.items()]


def require_allowed(planned: Sequence[PlannedDataset], *, by: User, at: datetime) -> str:
    """Raise `NotPermitted` unless every field is allowed now; record the access; return the policy version."""
    requests = [_request(by, one.code, field.name, at) for one in planned for field in one.allowed]
    decisions = permissions.require_all(requests, wanted="link records by these identifiers")
    return decisions[0].policy_version if decisions else ""


def require_fields(
    fields: Mapping[str, Sequence[PlannedField]], *, wanted: str, by: User, at: datetime
) -> tuple[Decision, ...]:
    """Raise `NotPermitted` unless these fields of each dataset may be used now; record the access."""
    requests = [_request(by, code, field.name, at) for code, some in fields.items() for field in some]
    return permissions.require_all(requests, wanted=wanted)


def still_allowed(planned: Sequence[PlannedDataset], *, by: User, at: datetime) -> bool:
    """Whether what the plan allowed is allowed at this moment too."""
    requests = [_request(by, one.code, field.name, at) for one in planned for field in one.allowed]
    return all(permissions.decide_all(requests))


def may_stay(dataset: str, at: datetime) -> bool:
    """Whether some agreement, in force or suspended, still lets at least one field of `dataset` be linked."""
    return any(
        ACTION in uses
        for code in agreements.kept_under(dataset, at)
        for uses in agreements.uses_by_field(agreements.agreement(code), dataset).values()
    )


def _dataset(code: str, title: str, fields: list[PlannedField], at: datetime) -> PlannedDataset:
    parts = vault.current_parts(code)
    return PlannedDataset(
        code,
        title,
        tuple(fields),
        tuple(part.pk for part in parts),
        sum(part.rows for part in parts),
        tuple(agreements.covering(code, at)),
    )


def _request(by: User, dataset: str, field: str, at: datetime) -> FieldRequest:
    return FieldRequest(actor=by, action=ACTION, dataset=dataset, field=field, purpose=PURPOSE, at=at)
