"""How a change of a dataset ends: a new version, an entry in the log, the public catalogue, and who hears of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import Signal

from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.catalogue import services as catalogue
from infotrust.shared.catalogue.entries import DatasetEntry, FieldEntry
from infotrust.stages.inventory.lifecycle import State
from infotrust.stages.inventory.models import Dataset, Field, Source

# Sent inside the transaction, with `dataset_code`, `by`, `at`: who compiled a policy from the old description hears it.
dataset_changed = Signal()


def lock(dataset: Dataset) -> Dataset:
    """The dataset as it is now, held until the transaction ends, so that two stewards' changes queue up."""
    return Dataset.objects.select_for_update().get(pk=dataset.pk)


def take(thing: Source | Dataset, parts: dict[str, str]) -> list[str]:
    """Take over the parts that differ; return their names."""
    changed = [part for part, value in parts.items() if getattr(thing, part) != value]
    for part in changed:
        setattr(thing, part, parts[part])
    return changed


def finish_change(dataset: Dataset, *, by: User, at: datetime, **facts: Any) -> None:
    dataset.version += 1
    dataset.changed_by, dataset.changed_at = by, at
    dataset.save()
    audit.record(Event.DATASET_CHANGED, about=f"dataset:{dataset.code}", by=by, at=at, version=dataset.version, **facts)
    show(dataset, at=at)
    dataset_changed.send(sender=Dataset, dataset_code=dataset.code, by=by, at=at)


def show(dataset: Dataset, *, at: datetime) -> None:
    """Show the dataset, as it is described now, in the public catalogue."""
    catalogue.show_dataset(public_entry(dataset), at=at)


def public_entry(dataset: Dataset) -> DatasetEntry:
    """What the public sees of a dataset: its description and its fields in use."""
    fields = dataset.fields.filter(state=State.IN_USE).order_by("position").prefetch_related("code_rows")
    return DatasetEntry(
        code=dataset.code,
        title=dataset.title,
        description=dataset.description,
        agency=dataset.agency.name,
        agency_code=dataset.agency.code,
        unit=dataset.get_unit_display(),
        period=dataset.period,
        update_frequency=dataset.get_update_frequency_display(),
        lag=dataset.lag,
        quality_note=dataset.quality_note,
        whose_data_is_missing=dataset.whose_data_is_missing,
        fields=tuple(_public_field(field) for field in fields),
    )


def _public_field(field: Field) -> FieldEntry:
    return FieldEntry(
        name=field.name,
        title=field.title,
        definition=field.definition,
        type=field.type,
        availability=field.availability,
        law_classes=tuple(field.law_classes),
        codes=field.codes,
        sensitivity=field.sensitivity,
        identifier=field.is_identifier,
    )
