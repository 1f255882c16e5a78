"""Verbs of the inventory: register a source or a dataset, and change what is said about a dataset or a field.

Each verb asks `permissions.duties`, keeps the rules of `terms.problems`, records what changed (never a value about
a person: there is none here) and shows the new description in the public catalogue within the same transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import Agency, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.catalogue import services as catalogue
from infotrust.shared.catalogue.entries import DatasetEntry, FieldEntry
from infotrust.shared.permissions import duties
from infotrust.stages.inventory.lifecycle import LIFECYCLE, State
from infotrust.stages.inventory.models import Dataset, Field, FieldCode, Source
from infotrust.stages.inventory.terms import FieldSpec, Problem, Unit, UpdateFrequency, problems

# Sent inside the transaction, with `dataset_code`, `by`, `at`: who compiled a policy from the old description hears it.
dataset_changed = Signal()

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
FIELD_PARTS = (
    "title",
    "definition",
    "type",
    "semantic",
    "sensitivity",
    "availability",
    "required",
    "key",
    "date_format",
)


class DescriptionRefused(UserFacingError):
    """A description breaks a rule of the inventory. `problems` names each part and how to mend it."""

    def __init__(self, thing: str, found: Sequence[Problem]) -> None:
        self.problems = tuple(found)
        super().__init__(
            _("%(thing)s cannot be described like this.") % {"thing": thing},
            next_step=" ".join(f"{problem.part}: {problem.text}" for problem in found),
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
    _require_sound_source(code, name, contact)
    _require_free(Source, code)
    source = Source.objects.create(agency=agency, code=code, name=name, registered_by=by, registered_at=at, **parts)
    audit.record(Event.SOURCE_REGISTERED, about=f"source:{code}", by=by, at=at, agency=agency.code)
    return source


@transaction.atomic
def change_source(source: Source, *, by: User, at: datetime | None = None, **parts: str) -> Source:
    """Change what is said about a source (`SOURCE_PARTS`), and show its datasets anew."""
    duties.require("edit inventory", by=by, agency=source.agency)
    at = at or timezone.now()
    _require_known(parts, SOURCE_PARTS)
    changed = _take(source, parts)
    _require_sound_source(source.code, source.name, source.contact)
    if changed:
        source.save()
        audit.record(Event.SOURCE_CHANGED, about=f"source:{source.code}", by=by, at=at, parts=changed)
        for dataset in source.datasets.select_related("agency", "source"):
            _show(dataset, at=at)
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
    _require_sound_dataset(dataset)
    _require_free(Dataset, code)
    _require_sound_fields(code, fields)
    dataset.save()
    for position, spec in enumerate(fields, start=1):
        _write_field(Field(dataset=dataset, name=spec.name, position=position), spec)
    audit.record(
        Event.DATASET_REGISTERED,
        about=f"dataset:{code}",
        by=by,
        at=at,
        agency=agency.code,
        source=source.code,
        fields=[spec.name for spec in fields],
    )
    _show(dataset, at=at)
    dataset_changed.send(sender=Dataset, dataset_code=code, by=by, at=at)
    return dataset


@transaction.atomic
def change_dataset(dataset: Dataset, *, by: User, at: datetime | None = None, **parts: str) -> Dataset:
    """Change what is said about a dataset (`DATASET_PARTS`); what stays the same is not recorded as a change."""
    duties.require("edit inventory", by=by, agency=dataset.agency)
    at = at or timezone.now()
    _require_known(parts, DATASET_PARTS)
    dataset = _locked(dataset)
    changed = _take(dataset, parts)
    _require_sound_dataset(dataset)
    if changed:
        _finish_change(dataset, by=by, at=at, parts=changed)
    return dataset


@transaction.atomic
def add_field(*, dataset: Dataset, spec: FieldSpec, by: User, at: datetime | None = None) -> Field:
    """Add a field at the end of the dataset. Raises `NotPermitted`, `DescriptionRefused`."""
    duties.require("edit inventory", by=by, agency=dataset.agency)
    at = at or timezone.now()
    dataset = _locked(dataset)
    taken = dataset.fields.filter(name__iexact=spec.name).first()
    if taken is not None:
        raise DescriptionRefused(_named(dataset.code, spec.name), [Problem("name", _taken_text(taken))])
    _require_sound_fields(dataset.code, [spec])
    last = dataset.fields.order_by("-position").values_list("position", flat=True).first() or 0
    field = _write_field(Field(dataset=dataset, name=spec.name, position=last + 1), spec)
    _finish_change(dataset, by=by, at=at, added=spec.name)
    return field


@transaction.atomic
def change_field(*, dataset: Dataset, spec: FieldSpec, by: User, at: datetime | None = None) -> Field:
    """Describe the field called `spec.name` anew. Which parts changed is recorded, and law and sensitivity with values.

    Raises `NotPermitted`, `DescriptionRefused`, and `UserFacingError` where the dataset has no such field in use.
    """
    duties.require("edit inventory", by=by, agency=dataset.agency)
    at = at or timezone.now()
    dataset = _locked(dataset)
    field = _field_of(dataset, spec.name)
    _require_in_use(field)
    _require_sound_fields(dataset.code, [spec])
    before = field.spec()
    spec = replace(spec, name=field.name)
    if before == spec and list(before.codes.items()) == list(spec.codes.items()):
        return field
    _write_field(field, spec)
    _finish_change(dataset, by=by, at=at, field=field.name, **_differences(before, spec))
    return field


@transaction.atomic
def retire_field(*, dataset: Dataset, name: str, reason: str, by: User, at: datetime | None = None) -> Field:
    """Take a field out of use: no agreement drafted from now on can ask for it. It stays readable."""
    duties.require("edit inventory", by=by, agency=dataset.agency)
    at = at or timezone.now()
    if not reason.strip():
        raise DescriptionRefused(_named(dataset.code, name), [Problem("reason", _("Say why the field is retired."))])
    dataset = _locked(dataset)
    field = _field_of(dataset, name)
    LIFECYCLE.require(field.state, State.RETIRED, thing=_named(dataset.code, name))
    field.state, field.retired_by, field.retired_at, field.retired_because = State.RETIRED, by, at, reason.strip()
    field.save()
    _finish_change(dataset, by=by, at=at, retired=field.name)
    return field


@transaction.atomic
def reinstate_field(*, dataset: Dataset, name: str, by: User, at: datetime | None = None) -> Field:
    """Put a retired field back in use."""
    duties.require("edit inventory", by=by, agency=dataset.agency)
    at = at or timezone.now()
    dataset = _locked(dataset)
    field = _field_of(dataset, name)
    LIFECYCLE.require(field.state, State.IN_USE, thing=_named(dataset.code, name))
    field.state, field.retired_by, field.retired_at, field.retired_because = State.IN_USE, None, None, ""
    field.save()
    _finish_change(dataset, by=by, at=at, reinstated=field.name)
    return field


def _locked(dataset: Dataset) -> Dataset:
    """The dataset as it is now, held until the transaction ends, so that two stewards' changes queue up."""
    return Dataset.objects.select_for_update().get(pk=dataset.pk)


def _finish_change(dataset: Dataset, *, by: User, at: datetime, **facts: Any) -> None:
    dataset.version += 1
    dataset.changed_by, dataset.changed_at = by, at
    dataset.save()
    audit.record(Event.DATASET_CHANGED, about=f"dataset:{dataset.code}", by=by, at=at, version=dataset.version, **facts)
    _show(dataset, at=at)
    dataset_changed.send(sender=Dataset, dataset_code=dataset.code, by=by, at=at)


def _field_of(dataset: Dataset, name: str) -> Field:
    field = dataset.fields.filter(name=name).first()
    if field is None:
        raise UserFacingError(
            _("Dataset %(dataset)s has no field %(field)s.") % {"dataset": dataset.code, "field": name},
            next_step=_("Add the field first."),
        )
    return field


def _require_in_use(field: Field) -> None:
    if not field.in_use:
        raise UserFacingError(
            _("The field %(field)s is retired.") % {"field": field.name},
            next_step=_("Put it back in use before you change it."),
        )


def _write_field(field: Field, spec: FieldSpec) -> Field:
    for part in FIELD_PARTS:
        setattr(field, part, getattr(spec, part))
    field.law_classes = list(spec.law_classes)
    field.save()
    field.code_rows.all().delete()
    FieldCode.objects.bulk_create(
        FieldCode(field=field, position=position, code=code, meaning=meaning)
        for position, (code, meaning) in enumerate(spec.codes.items(), start=1)
    )
    return field


def _differences(before: FieldSpec, after: FieldSpec) -> dict[str, Any]:
    parts = [*FIELD_PARTS, "law_classes", "codes"]
    changed = [part for part in parts if getattr(before, part) != getattr(after, part)]
    facts: dict[str, Any] = {"parts": changed or ["codes"]}
    # What decides who may see a field is kept with both its values, so that the log alone can answer for it.
    for part in ("type", "semantic", "law_classes", "sensitivity", "availability"):
        if part in changed:
            facts[part] = {"before": _plain(getattr(before, part)), "after": _plain(getattr(after, part))}
    return facts


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _take(thing: Source | Dataset, parts: dict[str, str]) -> list[str]:
    changed = [part for part, value in parts.items() if getattr(thing, part) != value]
    for part in changed:
        setattr(thing, part, parts[part])
    return changed


def _require_known(parts: dict[str, str], known: Sequence[str]) -> None:
    if unknown := set(parts) - set(known):
        raise TypeError(f"no such part: {sorted(unknown)}")


def _require_free(model: type[Source] | type[Dataset], code: str) -> None:
    if model.objects.filter(code=code).exists():
        text = _("This short name is taken. Choose another.")
        raise DescriptionRefused(code, [Problem("code", text)])


def _slug_problems(code: str) -> list[Problem]:
    try:
        validate_slug(code)
    except ValidationError:
        return [Problem("code", _("Use small letters, digits and hyphens for the short name."))]
    return [] if code == code.lower() else [Problem("code", _("Use small letters in the short name."))]


def _require_sound_source(code: str, name: str, contact: str) -> None:
    found = _slug_problems(code)
    if not name.strip():
        found.append(Problem("name", _("Give the source a name.")))
    if contact:
        try:
            validate_email(contact)
        except ValidationError:
            found.append(Problem("contact", _("Give an e-mail address of the office that answers questions.")))
    if found:
        raise DescriptionRefused(code, found)


def _require_sound_dataset(dataset: Dataset) -> None:
    found = _slug_problems(dataset.code)
    if dataset.source.agency_id != dataset.agency_id:
        found.append(Problem("source", _("The source belongs to another agency. Choose one of your own.")))
    if not dataset.title.strip():
        found.append(Problem("title", _("Give the dataset a title.")))
    if dataset.unit not in ("", *Unit.values):
        found.append(Problem("unit", _("Choose what one row is.")))
    if dataset.update_frequency not in ("", *UpdateFrequency.values):
        found.append(Problem("update_frequency", _("Choose how often the dataset is updated.")))
    if found:
        raise DescriptionRefused(dataset.code, found)


def _require_sound_fields(dataset: str, specs: Sequence[FieldSpec]) -> None:
    for name, times in Counter(spec.name.lower() for spec in specs).items():
        if times > 1:
            raise DescriptionRefused(_named(dataset, name), [Problem("name", _("Two fields have this name."))])
    for spec in specs:
        if found := problems(spec):
            raise DescriptionRefused(_named(dataset, spec.name), found)


def _named(dataset: str, field: str) -> str:
    return _("The field %(field)s of %(dataset)s") % {"field": field, "dataset": dataset}


def _taken_text(field: Field) -> str:
    if field.in_use:
        return _("The dataset already has a field of this name. Change that one, or choose another name.")
    return _("A retired field has this name. Put it back in use instead.")


def _show(dataset: Dataset, *, at: datetime) -> None:
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
