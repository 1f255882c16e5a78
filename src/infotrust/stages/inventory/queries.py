"""What the inventory knows: for other stages by code, for the pages with the reader's duty checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core import law
from infotrust.core.elements import DataType
from infotrust.core.errors import NotThere
from infotrust.shared.accounts.models import Agency, User
from infotrust.shared.catalogue import queries as catalogue
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision
from infotrust.stages.inventory.lifecycle import State
from infotrust.stages.inventory.models import Dataset, Field, Source
from infotrust.stages.inventory.terms import (
    AVAILABILITY_LABELS,
    SEMANTIC_LABELS,
    TYPE_LABELS,
    Sensitivity,
)


class NotInInventory(NotThere):
    """Nobody has registered this."""


def dataset(code: str) -> Dataset:
    """Return the dataset called `code`; raises `NotInInventory`."""
    found = Dataset.objects.select_related("agency", "source").filter(code=code).first()
    if found is None:
        raise NotInInventory(
            _("There is no dataset called %(code)s in the inventory.") % {"code": code},
            next_step=_("Ask the agency's data steward to register it."),
        )
    return found


def datasets() -> list[Dataset]:
    """Every dataset, by title."""
    return list(Dataset.objects.select_related("agency", "source").order_by("title"))


def datasets_of(agency: Agency) -> list[Dataset]:
    return list(Dataset.objects.select_related("agency", "source").filter(agency=agency).order_by("title"))


def fields(code: str) -> list[Field]:
    """The fields in use of the dataset called `code`, in the dataset's order, with their codes."""
    return list(_fields().filter(dataset__code=code, state=State.IN_USE))


def all_fields(code: str) -> list[Field]:
    """The fields in use and the retired ones."""
    return list(_fields().filter(dataset__code=code))


def every_field() -> list[Field]:
    """The fields in use of every dataset, with their datasets and agencies."""
    return list(_fields().filter(state=State.IN_USE))


def field(code: str, name: str) -> Field:
    """The field `name` of the dataset called `code`, in use or retired; raises `NotInInventory`."""
    found = _fields().filter(dataset__code=code, name=name).first()
    if found is None:
        raise NotInInventory(
            _("The dataset %(code)s has no field called %(name)s.") % {"code": code, "name": name},
            next_step=_("See the dataset's page for the fields it has."),
        )
    return found


def sources_of(agency: Agency | None) -> list[Source]:
    return list(Source.objects.filter(agency=agency).order_by("name"))


def source(code: str) -> Source:
    """Return the source called `code`; raises `NotInInventory`."""
    found = Source.objects.select_related("agency").filter(code=code).first()
    if found is None:
        raise NotInInventory(
            _("There is no source called %(code)s in the inventory.") % {"code": code},
            next_step=_("Register the source first."),
        )
    return found


def _fields() -> QuerySet[Field]:
    return Field.objects.select_related("dataset__agency").prefetch_related("code_rows").order_by("dataset", "position")


@dataclass(frozen=True)
class Completeness:
    """How much of a description is there. `gaps` says in words what is missing, the most useful first."""

    filled: int
    total: int
    gaps: tuple[str, ...]

    @property
    def percent(self) -> int:
        # Rounded down: 100 means that nothing is missing.
        return self.filled * 100 // self.total if self.total else 0

    @property
    def missing(self) -> int:
        return self.total - self.filled

    @property
    def complete(self) -> bool:
        return self.filled == self.total


def completeness(dataset: Dataset, fields: list[Field]) -> Completeness:
    """Count the parts of a description that are there: the dataset's own, and for each field definition, law, codes."""
    own = {
        _("Say what the dataset holds, in plain words."): dataset.description,
        _("Say what one row is."): dataset.unit,
        _("Say which period it covers."): dataset.period,
        _("Say how often it is updated."): dataset.update_frequency,
        _("Say how late it is."): dataset.lag,
        _("Say what to know about its quality."): dataset.quality_note,
        _("Say whose data is missing."): dataset.whose_data_is_missing,
        _("Name the agency's authority to share it."): dataset.source.authority,
        _("Describe at least one field."): fields,
        _("Mark the field that is the key of a row."): [field for field in fields if field.key],
    }
    gaps = [text for text, value in own.items() if not value]
    undefined = [field.name for field in fields if not field.definition.strip()]
    lawless = [field.name for field in fields if not field.law_classes]
    codeless = [field.name for field in fields if field.type == DataType.CODE and not field.codes]
    if undefined:
        gaps.append(_("Define: %(names)s.") % {"names": ", ".join(undefined)})
    if lawless:
        gaps.append(_("Name the law that governs: %(names)s.") % {"names": ", ".join(lawless)})
    if codeless:
        gaps.append(_("List the codes of: %(names)s.") % {"names": ", ".join(codeless)})
    total = len(own) + 2 * len(fields) + sum(field.type == DataType.CODE for field in fields)
    missing = sum(not value for value in own.values()) + len(undefined) + len(lawless) + len(codeless)
    return Completeness(total - missing, total, tuple(gaps))


@dataclass(frozen=True)
class DatasetRow:
    """A line of the list of datasets."""

    dataset: Dataset
    fields: int
    identifiers: int
    completeness: Completeness
    own: bool


@dataclass(frozen=True)
class Overview:
    """The list of datasets: the reader's own agency first."""

    own: tuple[DatasetRow, ...]
    others: tuple[DatasetRow, ...]
    sources: tuple[Source, ...]
    may_register: Decision


def overview(*, by: User) -> Overview:
    """Every dataset for the page of `by`; raises `NotPermitted`."""
    duties.require("read inventory", by=by)
    in_use = Prefetch("fields", queryset=_fields().filter(state=State.IN_USE), to_attr="in_use")
    found = (
        Dataset.objects.select_related("agency", "source").prefetch_related(in_use).order_by("agency__name", "title")
    )
    rows = [_row(dataset, by) for dataset in found]
    return Overview(
        own=tuple(row for row in rows if row.own),
        others=tuple(row for row in rows if not row.own),
        sources=tuple(sources_of(by.agency)),
        may_register=duties.may("edit inventory", by=by, agency=by.agency),
    )


def _row(dataset: Dataset, by: User) -> DatasetRow:
    fields: list[Field] = dataset.in_use  # type: ignore[attr-defined]
    return DatasetRow(
        dataset=dataset,
        fields=len(fields),
        identifiers=sum(field.is_identifier for field in fields),
        completeness=completeness(dataset, fields),
        own=dataset.agency_id == by.agency_id,
    )


@dataclass(frozen=True)
class Sharing:
    """An agreement in force that covers the dataset, as the public register shows it."""

    code: str
    title: str
    recipients: tuple[str, ...]
    ends_on: date
    uses: dict[str, tuple[str, ...]]


def sharing(code: str) -> list[Sharing]:
    """The agreements in force over the dataset called `code`: who may see which of its fields, and until when."""
    found = []
    for agreement in catalogue.agreements_in_force():
        for shared in agreement.datasets:
            if shared["code"] == code:
                uses = {name: tuple(use) for name, use in shared["uses"].items()}
                who = tuple(agreement.recipients or agreement.parties)
                found.append(Sharing(agreement.code, agreement.title, who, agreement.ends_on, uses))
    return found


USE_LABELS = {
    "contribute": gettext_lazy("delivered"),
    "link": gettext_lazy("used to link records"),
    "aggregate": gettext_lazy("counted in tables"),
    "extract": gettext_lazy("given to researchers without names"),
    "view": gettext_lazy("shown to helpers"),
}


@dataclass(frozen=True)
class SharedField:
    """A field under an agreement, and what it may be used for, in words."""

    agreement: str
    title: str
    uses: tuple[str, ...]


def _shared_field(name: str, agreements: list[Sharing]) -> tuple[SharedField, ...]:
    return tuple(
        SharedField(one.code, one.title, tuple(str(USE_LABELS.get(use, use)) for use in _in_order(one.uses[name])))
        for one in agreements
        if one.uses.get(name)
    )


def _in_order(uses: tuple[str, ...]) -> list[str]:
    return sorted(uses, key=lambda use: list(USE_LABELS).index(use) if use in USE_LABELS else len(USE_LABELS))


@dataclass(frozen=True)
class FieldRow:
    """A field as the dataset's page shows it: its labels in words, and who may use it for what."""

    field: Field
    meaning: str
    type: str
    availability: str
    sensitivity: str
    laws: tuple[str, ...]
    shared: tuple[SharedField, ...]


def _field_row(field: Field, agreements: list[Sharing]) -> FieldRow:
    return FieldRow(
        field=field,
        meaning=SEMANTIC_LABELS[field.semantic],
        type=str(TYPE_LABELS[field.type]),
        availability=str(AVAILABILITY_LABELS[field.availability]).partition(":")[0],
        sensitivity=str(Sensitivity(field.sensitivity).label).partition(",")[0],
        laws=tuple(law.short_titles().get(code, code) for code in field.law_classes),
        shared=_shared_field(field.name, agreements),
    )


@dataclass(frozen=True)
class DatasetPage:
    """What the page of one dataset shows."""

    dataset: Dataset
    fields: tuple[FieldRow, ...]
    retired: tuple[Field, ...]
    completeness: Completeness
    sharing: tuple[Sharing, ...]
    may_edit: Decision


def dataset_page(code: str, *, by: User) -> DatasetPage:
    """The dataset called `code` for the page of `by`; raises `NotPermitted`, `NotInInventory`."""
    duties.require("read inventory", by=by)
    found = dataset(code)
    every = all_fields(code)
    in_use = [field for field in every if field.in_use]
    agreements = sharing(code)
    return DatasetPage(
        dataset=found,
        fields=tuple(_field_row(field, agreements) for field in in_use),
        retired=tuple(field for field in every if not field.in_use),
        completeness=completeness(found, in_use),
        sharing=tuple(agreements),
        may_edit=duties.may("edit inventory", by=by, agency=found.agency),
    )


@dataclass(frozen=True)
class FieldPage:
    """A field for the form of a steward of its agency."""

    dataset: Dataset
    field: Field
    shared: tuple[SharedField, ...]


def field_page(code: str, name: str, *, by: User) -> FieldPage:
    """The field `name` for the form of `by`; raises `NotPermitted` unless `by` may describe it, `NotInInventory`."""
    found = field(code, name)
    require_edit(found.dataset.agency, by=by)
    return FieldPage(found.dataset, found, _shared_field(name, sharing(code)))


def require_edit(agency: Agency | None, *, by: User) -> Agency:
    """Return `agency` if `by` may describe its datasets, else raise `NotPermitted`: no form is shown in vain."""
    duties.require("edit inventory", by=by, agency=agency)
    if agency is None:
        raise TypeError("the duty is agency-bound, so a permitted reader has an agency")
    return agency
