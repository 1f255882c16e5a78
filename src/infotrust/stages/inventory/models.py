"""Sources, datasets, fields and codes, as the agencies that own them describe them. No value about a client is here."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from infotrust.core.elements import ELEMENTS, Availability, DataType, SemanticType
from infotrust.stages.inventory.lifecycle import State
from infotrust.stages.inventory.terms import FieldSpec, Sensitivity, Unit, UpdateFrequency

TYPES = [kind.value for kind in DataType]
SEMANTICS = [kind.value for kind in SemanticType]
AVAILABILITIES = [kind.value for kind in Availability]
IDENTIFIERS = [kind.value for kind, element in ELEMENTS.items() if element.direct_identifier]


class Source(models.Model):
    """A system in which an agency keeps records for a program."""

    about_people: ClassVar[dict[str, str]] = {"contact": "public", "registered_by": "public"}

    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="sources")
    code = models.SlugField(_("short name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    program = models.CharField(_("program it serves"), max_length=200, blank=True)
    system = models.CharField(_("system"), max_length=200, blank=True)
    vendor = models.CharField(_("vendor"), max_length=200, blank=True)
    authority = models.TextField(_("authority to share"), blank=True)
    # An office address, published in the catalogue: not a way to reach a client.
    contact = models.EmailField(_("contact for questions"), blank=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.name


class Dataset(models.Model):
    """What an agency could share: one kind of row from one source. `version` counts its changes."""

    about_people: ClassVar[dict[str, str]] = {"registered_by": "public", "changed_by": "public"}

    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="datasets")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="datasets")
    code = models.SlugField(_("short name"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("what it holds, in plain words"), blank=True)
    unit = models.CharField(_("one row is"), max_length=20, choices=Unit.choices, blank=True)
    period = models.CharField(_("period covered"), max_length=100, blank=True)
    update_frequency = models.CharField(_("updated"), max_length=20, choices=UpdateFrequency.choices, blank=True)
    lag = models.CharField(_("how late it is"), max_length=100, blank=True)
    quality_note = models.TextField(_("what to know about its quality"), blank=True)
    whose_data_is_missing = models.TextField(_("whose data is missing"), blank=True)
    version = models.PositiveIntegerField(default=1)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ("title",)
        verbose_name = _("dataset")
        verbose_name_plural = _("datasets")
        constraints = (
            models.CheckConstraint(condition=models.Q(version__gte=1), name="inventory_dataset_version_from_1"),
            models.CheckConstraint(
                condition=models.Q(changed_at__gte=models.F("registered_at")), name="inventory_dataset_changed_after"
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="inventory_dataset_has_title"),
            models.CheckConstraint(
                condition=models.Q(unit__in=["", *Unit.values]), name="inventory_dataset_known_unit"
            ),
            models.CheckConstraint(
                condition=models.Q(update_frequency__in=["", *UpdateFrequency.values]),
                name="inventory_dataset_known_frequency",
            ),
        )

    def __str__(self) -> str:
        return self.title


class Field(models.Model):
    """One column of a dataset. A field is never renamed or deleted: it is retired and another one added."""

    about_people: ClassVar[dict[str, str]] = {"retired_by": "public"}

    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="fields")
    position = models.PositiveIntegerField()
    name = models.CharField(_("name of the column"), max_length=63)
    title = models.CharField(_("title"), max_length=200)
    definition = models.TextField(_("definition"), blank=True)
    type = models.CharField(_("type"), max_length=20, default=DataType.TEXT.value)
    semantic = models.CharField(_("what it means"), max_length=40, default=SemanticType.OTHER.value)
    law_classes = models.JSONField(_("laws that govern it"), default=list, blank=True)
    sensitivity = models.PositiveSmallIntegerField(_("sensitivity"), choices=Sensitivity.choices, default=1)
    availability = models.CharField(_("availability"), max_length=20, default=Availability.RESTRICTED.value)
    required = models.BooleanField(_("filled in every row"), default=True)
    key = models.BooleanField(_("part of the key"), default=False)
    date_format = models.CharField(_("how dates are written"), max_length=20, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.IN_USE)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_because = models.CharField(_("why it was retired"), max_length=300, blank=True)

    class Meta:
        ordering = ("dataset", "position")
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        constraints = (
            # Lower: the names become columns of views in DuckDB, where case does not distinguish.
            models.UniqueConstraint("dataset", Lower("name"), name="inventory_field_name_once"),
            models.CheckConstraint(condition=models.Q(type__in=TYPES), name="inventory_field_known_type"),
            models.CheckConstraint(condition=models.Q(semantic__in=SEMANTICS), name="inventory_field_known_semantic"),
            models.CheckConstraint(
                condition=models.Q(availability__in=AVAILABILITIES), name="inventory_field_known_availability"
            ),
            models.CheckConstraint(
                condition=models.Q(sensitivity__gte=0, sensitivity__lte=3), name="inventory_field_sensitivity_0_3"
            ),
            models.CheckConstraint(
                condition=models.Q(key=False) | models.Q(required=True), name="inventory_field_key_is_required"
            ),
            models.CheckConstraint(
                condition=~models.Q(semantic__in=IDENTIFIERS) | ~models.Q(availability=Availability.OPEN.value),
                name="inventory_field_identifier_not_open",
            ),
            models.CheckConstraint(
                condition=models.Q(type=DataType.DATE.value) | models.Q(date_format=""),
                name="inventory_field_date_format_of_dates",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.IN_USE, retired_by__isnull=True, retired_at__isnull=True)
                | models.Q(state=State.RETIRED, retired_by__isnull=False, retired_at__isnull=False),
                name="inventory_field_retired_who_when",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def codes(self) -> dict[str, str]:
        """Each code and its meaning, in the order they are shown."""
        return {row.code: row.meaning for row in self.code_rows.all()}

    @property
    def is_identifier(self) -> bool:
        return self.semantic in IDENTIFIERS

    @property
    def in_use(self) -> bool:
        return self.state == State.IN_USE

    def spec(self) -> FieldSpec:
        return FieldSpec(
            name=self.name,
            title=self.title,
            definition=self.definition,
            type=self.type,
            semantic=self.semantic,
            codes=self.codes,
            law_classes=tuple(self.law_classes),
            sensitivity=self.sensitivity,
            availability=self.availability,
            required=self.required,
            key=self.key,
            date_format=self.date_format,
        )


class FieldCode(models.Model):
    """A code a field may hold, and what it means."""

    about_people: ClassVar[dict[str, str]] = {}

    field = models.ForeignKey(Field, on_delete=models.CASCADE, related_name="code_rows")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    meaning = models.CharField(max_length=300)

    class Meta:
        ordering = ("field", "position")
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        constraints = (
            models.UniqueConstraint(fields=("field", "code"), name="inventory_code_once"),
            models.CheckConstraint(condition=~models.Q(code=""), name="inventory_code_not_empty"),
            models.CheckConstraint(condition=~models.Q(meaning=""), name="inventory_code_has_meaning"),
        )

    def __str__(self) -> str:
        return self.code
