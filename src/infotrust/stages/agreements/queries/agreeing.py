"""What agreements say: for other stages by code and dataset, as contracts, thresholds and terms.

Only agreements in force at the moment asked about count. What the pages show is in `pages`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.contracts import Column, Contract
from infotrust.core.documents import Document
from infotrust.core.elements import Availability, DataType, SemanticType
from infotrust.core.errors import NotThere, UserFacingError
from infotrust.core.policy import clauses as core_clauses
from infotrust.core.policy.clauses import Clause
from infotrust.core.policy.terms import AgreementTerms, ChosenClause, DatasetTerm, FieldTerm, Use, digest
from infotrust.shared.permissions import services as permissions
from infotrust.stages.agreements import papers
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.models import (
    Agreement,
    AgreementClause,
    AgreementDataset,
    KindName,
    LibraryEntry,
)
from infotrust.stages.inventory import queries as inventory


class NoSuchAgreement(NotThere):
    """Nobody has drafted this."""


class NoAgreementInForce(UserFacingError):
    """No agreement lets this dataset be contributed or used."""


def agreement(code: str) -> Agreement:
    """Return the agreement called `code`, in any state; raises `NoSuchAgreement`."""
    found = _whole().filter(code=code).first() or _whole().filter(**_edition(code)).first()
    if found is None:
        raise NoSuchAgreement(
            _("There is no agreement called %(code)s.") % {"code": code},
            next_step=_("See the list of agreements for those there are."),
        )
    return found


def _edition(code: str) -> dict[str, Any]:
    """An edition that took its place is called by the plain name; its earlier address still leads to it."""
    name, _dash, number = code.rpartition("-v")
    return {"lineage": name, "edition": int(number)} if name and number.isdigit() else {"pk": None}


def editions(agreement: Agreement) -> list[Agreement]:
    """Return every edition of an agreement, the oldest first: those before, the one in force, one in the making."""
    name = agreement.lineage or agreement.code
    return list(_whole().filter(Q(code=name) | Q(lineage=name)).order_by("edition"))


def agreements() -> list[Agreement]:
    return list(_whole())


def in_force(at: datetime | None = None) -> list[Agreement]:
    """Return the agreements in force on the day of `at`, by code."""
    day = timezone.localdate(at)
    return list(_whole().filter(state=State.IN_FORCE, starts_on__lte=day, ends_on__gte=day))


def covering(dataset: str, at: datetime | None = None) -> list[str]:
    """Return the codes of the agreements in force that cover a dataset."""
    return [one.code for one in in_force(at) if any(part.dataset.code == dataset for part in one.datasets.all())]


def kept_under(dataset: str, at: datetime | None = None) -> list[str]:
    """Return the codes of the agreements under which data of `dataset` is kept: in force, or suspended.

    A suspended agreement gives nobody access; but nothing is destroyed while it can go on.
    """
    return [one.code for one in _keeping(at) if any(part.dataset.code == dataset for part in one.datasets.all())]


def kept_fields(dataset: str, at: datetime | None = None) -> set[str]:
    """Return the names of the fields of `dataset` that are kept: agreed in force, or suspended."""
    return _contributed(dataset, _keeping(at))


def kept(at: datetime | None = None) -> list[str]:
    """Return the codes of the agreements that have not ended: in force, or suspended, which can go on."""
    return [one.code for one in _keeping(at)]


def _keeping(at: datetime | None) -> list[Agreement]:
    day = timezone.localdate(at)
    states = [State.IN_FORCE, State.SUSPENDED]
    return list(_whole().filter(state__in=states, starts_on__lte=day, ends_on__gte=day))


def agreed_fields(dataset: str, at: datetime | None = None) -> set[str]:
    """Return the names of the fields of `dataset` that some agreement in force lets be contributed."""
    return _contributed(dataset, in_force(at))


def _contributed(dataset: str, agreements: Iterable[Agreement]) -> set[str]:
    return {
        field.name
        for one in agreements
        for part in one.datasets.all()
        if part.dataset.code == dataset
        for field in part.fields.all()
        if field.contribute
    }


def threshold(agreement_codes: Iterable[str]) -> int:
    """Return the strictest publication threshold of these agreements, in any state and any edition.

    What was learned under an agreement stays protected by it after its end. Raises `NoSuchAgreement` for a code
    nobody knows, and `NoAgreementInForce` for no codes at all: nothing is published under no agreement.
    """
    codes = set(agreement_codes)
    found = dict(Agreement.objects.filter(code__in=codes).values_list("code", "publication_threshold"))
    earlier = Agreement.objects.filter(lineage__in=codes, state=State.SUPERSEDED)
    stricter = list(earlier.values_list("publication_threshold", flat=True))
    if unknown := sorted(codes - set(found)):
        raise NoSuchAgreement(
            _("There is no agreement called %(code)s.") % {"code": unknown[0]},
            next_step=_("See the list of agreements for those there are."),
        )
    if not found:
        raise NoAgreementInForce(
            _("A publication threshold was asked for under no agreement."),
            next_step=_("Name the agreements under which the numbers were made."),
        )
    return max([*found.values(), *stricter])


def contract_in_force(dataset: str, at: datetime | None = None) -> Contract:
    """Return what a delivery of `dataset` must look like: the union of the columns agreed for contribution.

    Raises `NoAgreementInForce` if no agreement lets the dataset be contributed, or none agrees on its key column:
    without the key, rows cannot be told apart and nothing can be loaded.
    """
    codes, names = covering(dataset, at), agreed_fields(dataset, at)
    fields = [field for field in inventory.fields(dataset) if field.name in names and _available(field.availability)]
    if not codes or not fields:
        raise NoAgreementInForce(
            _("No agreement in force lets %(dataset)s be contributed.") % {"dataset": dataset},
            next_step=_("Wait until an agreement that covers it is signed by every party, or draft one."),
        )
    keys = {field.name for field in inventory.fields(dataset) if field.key}
    if not keys or not keys <= {field.name for field in fields}:
        raise NoAgreementInForce(
            _("No agreement in force lets the key of %(dataset)s be contributed.") % {"dataset": dataset},
            next_step=_("Agree on its key column too: without it, rows cannot be told apart."),
        )
    version = permissions.current_version()
    return Contract(
        dataset=dataset,
        title=inventory.dataset(dataset).title,
        version=str(version.number if version else 0),
        agreements=tuple(codes),
        columns=tuple(_column(field) for field in fields),
    )


def _available(availability: str) -> bool:
    return availability != Availability.UNAVAILABLE.value


def _column(field: object) -> Column:
    """Turn a field of the inventory into a column of a contract."""
    spec = field.spec()  # type: ignore[attr-defined]
    return Column(
        name=spec.name,
        type=DataType(spec.type),
        semantic=SemanticType(spec.semantic),
        required=spec.required or spec.key,
        key=spec.key,
        codes=tuple(spec.codes),
        date_format=spec.date_format or "%Y-%m-%d",
        title=spec.title,
    )


def terms_of(agreement: Agreement) -> AgreementTerms:
    """Return an agreement's rows as the values from which its text and its policies are made."""
    return AgreementTerms(
        code=agreement.lineage or agreement.code,
        title=agreement.title,
        why=agreement.why,
        parties=tuple((party.agency.code, party.agency.name) for party in agreement.parties.all()),
        recipients=tuple((row.agency.code, row.agency.name) for row in agreement.recipients.all()),
        purposes=tuple(row.purpose for row in agreement.purposes.all()),
        level=agreement.level,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        retention_days=agreement.retention_days,
        publication_threshold=agreement.publication_threshold,
        datasets=tuple(_dataset_term(part) for part in agreement.datasets.all()),
        zone=settings.TIME_ZONE,
        strictest=agreement.strictest,
        kind=agreement.kind,
        binding=agreement.binding,
        under=agreement.under.code if agreement.under else "",
        chosen=tuple(_chosen(clause) for clause in agreement.clauses.all()),
    )


def digest_of(agreement: Agreement) -> str:
    """Return the digest of the text as it stands: what a reviewer or signer says to have seen."""
    return core_clauses.text_digest(terms_of(agreement))


def _chosen(clause: AgreementClause) -> ChosenClause:
    """A list comes back from JSON as one; in terms, nothing can be changed."""
    values = {code: tuple(value) if isinstance(value, list) else value for code, value in clause.terms.items()}
    return ChosenClause(
        key=clause.key,
        version=clause.library_version,
        heading=clause.heading,
        text=clause.text,
        plain=clause.plain,
        terms=tuple(sorted(values.items())),
        kept_by=clause.kept_by,
        cite=clause.cite,
    )


def library_entries(key: str = "") -> list[LibraryEntry]:
    """Return the clauses that this trust added to the library, the oldest version first."""
    found = LibraryEntry.objects.order_by("key", "version")
    return list(found.filter(key=key) if key else found)


def kind_names() -> dict[str, str]:
    return dict(KindName.objects.values_list("kind", "name"))


def machine_terms(agreement: Agreement) -> dict[str, Any]:
    """Return the values of the terms that a machine keeps of its chosen clauses, by code."""
    return {code: value for clause in agreement.clauses.all() for code, value in clause.terms.items()}


def dataset_term(code: str, uses: Mapping[str, Collection[str]]) -> DatasetTerm:
    """Return a dataset of the inventory with uses by field, as a part of terms; raises `NotInInventory`."""
    return _term(inventory.dataset(code), {name: frozenset(chosen) for name, chosen in uses.items()})


def _dataset_term(part: AgreementDataset) -> DatasetTerm:
    return _term(part.dataset, {field.name: field.uses for field in part.fields.all()})


def _term(dataset: Any, agreed: Mapping[str, frozenset[str]]) -> DatasetTerm:
    uses = dict(agreed)
    fields = [
        FieldTerm(
            name=field.name,
            semantic=field.semantic,
            uses=uses.pop(field.name, frozenset()),
            law_classes=tuple(field.law_classes),
            # A retired field is no longer in use: what was agreed about it is not given away by that.
            available=_available(field.availability) and field.in_use,
            title=field.title,
        )
        for field in inventory.all_fields(dataset.code)
    ]
    gone = [FieldTerm(name, SemanticType.OTHER, kept, available=False) for name, kept in uses.items()]
    return DatasetTerm(dataset.code, dataset.title, dataset.agency.code, tuple(fields + gone))


def uses_by_field(agreement: Agreement, dataset: str) -> dict[str, Collection[str]]:
    """Return the uses agreed for each field of a dataset, for the matrix; empty where the dataset is not in it."""
    for part in agreement.datasets.all():
        if part.dataset.code == dataset:
            return {field.name: [use.value for use in Use if use in field.uses] for field in part.fields.all()}
    return {}


def linked_datasets(agreement: Agreement) -> set[str]:
    """Return the codes of the datasets whose records are linked by some field."""
    return {part.dataset.code for part in agreement.datasets.all() if any(field.link for field in part.fields.all())}


def uses_digest(uses: Mapping[str, Collection[str]]) -> str:
    """Return the digest of what `uses_by_field` returned, for a page to carry."""
    return digest({name: sorted(map(str, chosen)) for name, chosen in uses.items() if chosen})


def _whole() -> QuerySet[Agreement]:
    parts = AgreementDataset.objects.select_related("dataset", "dataset__agency").prefetch_related("fields")
    return (
        Agreement.objects.select_related("drafted_by", "ended_by", "under", "based_on", "amends")
        .prefetch_related("parties__agency", "parties__approved_by", "parties__signed_by", "recipients__agency")
        .prefetch_related("parties__elsewhere__by")
        .prefetch_related("purposes", "clauses", Prefetch("datasets", queryset=parts))
        .order_by("code")
    )


def paper(agreement: Agreement) -> Document:
    """Return an agreement, read by `agreement`, as the document that goes out as Word or PDF."""
    terms = terms_of(agreement)
    return papers.paper(
        terms,
        version=agreement.text_version,
        digest=core_clauses.text_digest(terms),
        signatures=papers.signature_blocks(list(agreement.parties.all())),
    )


def clauses(code: str) -> tuple[Clause, ...]:
    """Return the numbered clauses of an agreement, each with the rule it compiles to."""
    return core_clauses.clauses(terms_of(agreement(code)))


def policy_version() -> int:
    """Return the number of the policy version in force; 0 before the first."""
    version = permissions.current_version()
    return version.number if version else 0
