"""Sources and datasets: registered by a steward of the agency that owns them, and described anew when they change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from infotrust.shared.accounts.models import Agency, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import duties
from infotrust.stages.inventory.models import Dataset, Field, Source
from infotrust.stages.inventory.services.fields import write_field
from infotrust.stages.inventory.services.rules import (
    require_free,
    require_known,
    require_sound_dataset,
    require_sound_fields,
    require_sound_source,
)
from infotrust.stages.inventory.services.showing import dataset_changed, finish_change, lock, show, take
from infotrust.stages.inventory.terms import FieldSpec

SOURCE_PARTS = ("name", "program", "system", "vendor", "authority", "contact")
DATASET_PARTS = (
    "title",
    "description",
    "unit",
    "period",
    "update_frequency",
    "lag",
    "quality_note",
    "whose_data_is_missing",
)


@transaction.atomic
def register_source(
    *,
    agency: Agency,
    code: str,
    name: str,
    program: str = "",
    system: str = "",
    vendor: str = "",
    authority: str = "",
    contact: str = "",
    by: User,
    at: datetime | None = None,
) -> Source:
    """Register a system in which `agency` keeps records. Raises `NotPermitted`, `DescriptionRefused`."""
    duties.require("edit inventory", by=by, agency=agency)
    at = at or timezone.now()
    parts = {"program": program, "system": system, "vendor": vendor, "authority": authority, "contact": contact}
    require_sound_source(code, name, contact)
    require_free(Source, code)
    source = Source.objects.create(agency=agency, code=code, name=name, registered_by=by, registered_at=at, **parts)
    audit.record(Event.SOURCE_REGISTERED, about=f"source:{code}", by=by, at=at, agency=agency.code)
    return source


@transaction.atomic
def change_source(source: Source, *, by: User, at: datetime | None = None, **parts: str) -> Source:
    """Change what is said about a source (`SOURCE_PARTS`), and show its datasets anew.

    Raises `NotPermitted`, `DescriptionRefused`.
    """
    duties.require("edit inventory", by=by, agency=source.agency)
    at = at or timezone.now()
    require_known(parts, SOURCE_PARTS)
    changed = take(source, parts)
    require_sound_source(source.code, source.name, source.contact)
    if changed:
        source.save()
        audit.record(Event.SOURCE_CHANGED, about=f"source:{source.code}", by=by, at=at, parts=changed)
        for dataset in source.datasets.select_related("agency", "source"):
            show(dataset, at=at)
    return source


@transaction.atomic
def register_dataset(
    *,
    agency: Agency,
    source: Source,
    code: str,
    title: str,
    description: str = "",
    unit: str = "",
    period: str = "",
    update_frequency: str = "",
    lag: str = "",
    quality_note: str = "",
    whose_data_is_missing: str = "",
    fields: Sequence[FieldSpec] = (),
    by: User,
    at: datetime | None = None,
) -> Dataset:
    """Register a dataset of `agency` with its fields, and show it in the public catalogue.

    Raises `NotPermitted`; `DescriptionRefused` where the source is another agency's, the short name is taken, or a
    field breaks a rule of `terms.problems`.
    """
    duties.require("edit inventory", by=by, agency=agency)
    at = at or timezone.now()
    dataset = Dataset(agency=agency, source=source, code=code, registered_by=by, registered_at=at)
    dataset.title, dataset.description, dataset.unit, dataset.period = title, description, unit, period
    dataset.update_frequency, dataset.lag = update_frequency, lag
    dataset.quality_note, dataset.whose_data_is_missing = quality_note, whose_data_is_missing
    dataset.changed_by, dataset.changed_at = by, at
    require_sound_dataset(dataset)
    require_free(Dataset, code)
    require_sound_fields(code, fields)
    dataset.save()
    for position, spec in enumerate(fields, start=1):
        write_field(Field(dataset=dataset, name=spec.name, position=position), spec)
    audit.record(
        Event.DATASET_REGISTERED,
        about=f"dataset:{code}",
        by=by,
        at=at,
        agency=agency.code,
        source=source.code,
        fields=[spec.name for spec in fields],
    )
    show(dataset, at=at)
    dataset_changed.send(sender=Dataset, dataset_code=code, by=by, at=at)
    return dataset


@transaction.atomic
def change_dataset(dataset: Dataset, *, by: User, at: datetime | None = None, **parts: str) -> Dataset:
    """Change what is said about a dataset (`DATASET_PARTS`); what stays the same is not recorded as a change.

    Raises `NotPermitted`, `DescriptionRefused`.
    """
    duties.require("edit inventory", by=by, agency=dataset.agency)
    at = at or timezone.now()
    require_known(parts, DATASET_PARTS)
    dataset = lock(dataset)
    changed = take(dataset, parts)
    require_sound_dataset(dataset)
    if changed:
        finish_change(dataset, by=by, at=at, parts=changed)
    return dataset
