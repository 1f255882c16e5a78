"""The life of a field: in use, or retired. A retired field stays on the page, so that old agreements can be read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from infotrust.core.lifecycle import Lifecycle


class State(models.TextChoices):
    IN_USE = "in_use", _("In use")
    RETIRED = "retired", _("Retired")


# Retired fields may come back: a retirement by mistake is put right without inventing a second field.
LIFECYCLE = Lifecycle(
    "field",
    {
        State.IN_USE.value: frozenset({State.RETIRED.value}),
        State.RETIRED.value: frozenset({State.IN_USE.value}),
    },
)
