"""What the pages of a draft show: what a use case brings to it, its datasets, the uses of each field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from infotrust.core.policy.terms import Use
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import duties
from infotrust.stages.agreements import first_terms, queries
from infotrust.stages.agreements.services import beginning
from infotrust.stages.agreements.terms import USE_HELP, USE_TITLES
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.readiness import queries as readiness


@dataclass(frozen=True)
class FromUseCase:
    """What a use case brings to a draft, and what it names that no agreement can have."""

    case: Any
    initial: dict[str, Any]
    uses: tuple[tuple[str, int], ...]  # title of a dataset, fields taken over
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class MatrixRow:
    """A field in the matrix: the uses that its kind allows, each with whether it is chosen."""

    name: str
    title: str
    definition: str
    identifier: bool
    unavailable: bool
    laws: tuple[str, ...]
    uses: tuple[tuple[str, str, bool, bool], ...]  # code, title, offered, chosen


@dataclass(frozen=True)
class Matrix:
    agreement: Any
    dataset: Any
    rows: tuple[MatrixRow, ...]
    help: tuple[tuple[str, str], ...]
    included: bool
    # The digest of the uses that stand, for the page to carry.
    seen: str = ""


def from_use_case(number: int, *, by: User) -> FromUseCase:
    """Fill in the form of a draft from a use case; raises `NotPermitted`, `NoSuchPaper`."""
    case = readiness.read_use_case(number, by=by)
    uses = beginning.uses_of(case)
    titles = {dataset.code: dataset.title for dataset in inventory.datasets()}
    return FromUseCase(
        case,
        first_terms.of_use_case(case),
        tuple((titles[code], len(fields)) for code, fields in uses.items()),
        beginning.left_out(case),
    )


def to_start_from() -> list[Any]:
    """Agreements that counsel of every party approved: a new one may begin with their words."""
    return [one for one in queries.agreements() if one.approved_at]


def matrix(code: str, dataset: str, *, by: User, ticked: Mapping[str, Collection[str]] | None = None) -> Matrix:
    """The fields of a dataset and the uses chosen for them, or those just `ticked`, where the page comes back.

    Raises `NotPermitted`, `NotInInventory`.
    """
    duties.require("draft agreement", by=by)
    found = queries.agreement(code)
    there = queries.uses_by_field(found, dataset)
    chosen = there if ticked is None else ticked
    return Matrix(
        agreement=found,
        dataset=inventory.dataset(dataset),
        rows=tuple(matrix_row(field, frozenset(chosen.get(field.name, ()))) for field in inventory.fields(dataset)),
        help=tuple((str(USE_TITLES[use.value]), str(USE_HELP[use.value])) for use in Use),
        included=bool(there),
        seen=queries.uses_digest(there),
    )


def datasets_to_add(code: str, *, by: User) -> list[tuple[Any, int, bool]]:
    """Every dataset of the inventory, those of parties first: (dataset, fields agreed so far, whether a party's)."""
    duties.require("draft agreement", by=by)
    found = queries.agreement(code)
    parties = {party.agency_id for party in found.parties.all()}
    rows = [
        (one, len(queries.uses_by_field(found, one.code)), one.agency_id in parties) for one in inventory.datasets()
    ]
    return sorted(rows, key=lambda row: not row[2])


def matrix_row(field: Any, chosen: frozenset[str]) -> MatrixRow:
    """One field with the uses that its kind allows, those in `chosen` ticked."""
    unavailable = field.availability == "unavailable"
    never = {Use.AGGREGATE.value} if field.is_identifier else {Use.LINK.value}
    return MatrixRow(
        name=field.name,
        title=field.title,
        definition=field.definition,
        identifier=field.is_identifier,
        unavailable=unavailable,
        laws=tuple(field.law_classes),
        uses=tuple(
            (use.value, str(USE_TITLES[use.value]), not unavailable and use.value not in never, use.value in chosen)
            for use in Use
        ),
    )
