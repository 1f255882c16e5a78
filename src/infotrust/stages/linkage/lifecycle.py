"""The life of a generation of the register: asked for, in use, replaced by the next one.

How far a run is while it is only asked for, and whether it failed, is the state of its background job.
"""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from infotrust.core.lifecycle import Lifecycle


class State(TextChoices):
    ASKED = "asked", _("Asked for")
    IN_USE = "in_use", _("In use")
    REPLACED = "replaced", _("Replaced")


class Kind(TextChoices):
    LINKING = "linking", _("Records were linked")
    REMOVAL = "removal", _("Records were removed")


LIFECYCLE = Lifecycle(
    "linkage run",
    {
        State.ASKED.value: frozenset({State.IN_USE.value}),
        State.IN_USE.value: frozenset({State.REPLACED.value}),
        State.REPLACED.value: frozenset(),
    },
)
