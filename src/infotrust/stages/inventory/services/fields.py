"""Fields: added, described anew, taken out of use and put back. A field is never renamed or deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import duties
from infotrust.stages.inventory.lifecycle import LIFECYCLE, State
from infotrust.stages.inventory.models import Dataset, Field, FieldCode
from infotrust.stages.inventory.services.rules import DescriptionRefused, named, require_sound_fields
from infotrust.stages.inventory.services.showing import finish_change, lock
from infotrust.stages.inventory.terms import FieldSpec, Problem

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


@transaction.atomic
def add_field(*, dataset: Dataset, spec: FieldSpec, by: User, at: datetime | None = None) -> Field:
    """Add a field at the end of the dataset. Raises `NotPermitted`, `DescriptionRefused`."""
    duties.require("edit inventory", by=by, agency=dataset.agency)
    at = at or timezone.now()
    dataset = lock(dataset)
    taken = dataset.fields.filter(name__iexact=spec.name).first()
    if taken is not None:
        raise DescriptionRefused(named(dataset.code, spec.name), [Problem("name", _taken_text(taken))])
    require_sound_fields(dataset.code, [spec])
    last = dataset.fields.order_by("-position").values_list("position", flat=True).first() or 0
    field = write_field(Field(dataset=dataset, name=spec.name, position=last + 1), spec)
    finish_change(dataset, by=by, at=at, added=spec.name)
    return field


@transaction.atomic
def change_field(*, dataset: Dataset, spec: FieldSpec, by: User, at: datetime | None = None) -> Field:
    """Describe the field called `spec.name` anew. Which parts changed is recorded, and law and sensitivity with values.

    Raises `NotPermitted`, `DescriptionRefused`, and `UserFacingError` where the dataset has no such field in use.
    """
    duties.require("edit inventory", by=by, agency=dataset.agency)
    at = at or timezone.now()
    dataset = lock(dataset)
    field = _field_of(dataset, spec.name)
    _require_in_use(field)
    require_sound_fields(dataset.code, [spec])
    before = field.spec()
    spec = replace(spec, name=field.name)
    if before == spec and list(before.codes.items()) == list(spec.codes.items()):
        return field
    write_field(field, spec)
    finish_change(dataset, by=by, at=at, field=field.name, **_differences(before, spec))
    return field


@transaction.atomic
def retire_field(*, dataset: Dataset, name: str, reason: str, by: User, at: datetime | None = None) -> Field:
    """Take a field out of use: no agreement drafted from now on can ask for it. It stays readable.

    Raises `NotPermitted`, `DescriptionRefused` without a reason, and `UserFacingError` for a field not in use.
    """
    duties.require("edit inventory", by=by, agency=dataset.agency)
    at = at or timezone.now()
    if not reason.strip():
        raise DescriptionRefused(named(dataset.code, name), [Problem("reason", _("Say why the field is retired."))])
    dataset = lock(dataset)
    field = _field_of(dataset, name)
    LIFECYCLE.require(field.state, State.RETIRED, thing=named(dataset.code, name))
    field.state, field.retired_by, field.retired_at, field.retired_because = State.RETIRED, by, at, reason.strip()
    field.save()
    finish_change(dataset, by=by, at=at, retired=field.name)
    return field


@transaction.atomic
def reinstate_field(*, dataset: Dataset, name: str, by: User, at: datetime | None = None) -> Field:
    """Put a retired field back in use. Raises `NotPermitted`, and `UserFacingError` where it is not retired."""
    duties.require("edit inventory", by=by, agency=dataset.agency)
    at = at or timezone.now()
    dataset = lock(dataset)
    field = _field_of(dataset, name)
    LIFECYCLE.require(field.state, State.IN_USE, thing=named(dataset.code, name))
    field.state, field.retired_by, field.retired_at, field.retired_because = State.IN_USE, None, None, ""
    field.save()
    finish_change(dataset, by=by, at=at, reinstated=field.name)
    return field


def write_field(field: Field, spec: FieldSpec) -> Field:
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


def _taken_text(field: Field) -> str:
    if field.in_use:
        return _("The dataset already has a field of this name. Change that one, or choose another name.")
    return _("A retired field has this name. Put it back in use instead.")


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
