"""States of a generation of the register, of a review, and of a pair that people look at.

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


class ReviewState(TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class PairState(TextChoices):
    OPEN = "open", _("To be looked at")
    SETTLED = "settled", _("Settled")
    GONE = "gone", _("A record of it is gone")


LIFECYCLE = Lifecycle(
    "linkage run",
    {
        State.ASKED.value: frozenset({State.IN_USE.value}),
        State.IN_USE.value: frozenset({State.REPLACED.value}),
        State.REPLACED.value: frozenset(),
    },
)
# A review is closed by the next linkage, or when records it asks about leave the register.
REVIEW = Lifecycle(
    "review", {ReviewState.OPEN.value: frozenset({ReviewState.CLOSED.value}), ReviewState.CLOSED.value: frozenset()}
)
# A pair is settled by its answers, and open again when one of them is taken back. Where a record is no longer in the
# vault it cannot be looked at, until a later linkage has it again.
PAIR = Lifecycle(
    "pair",
    {
        PairState.OPEN.value: frozenset({PairState.SETTLED.value, PairState.GONE.value}),
        PairState.SETTLED.value: frozenset({PairState.OPEN.value}),
        PairState.GONE.value: frozenset({PairState.OPEN.value}),
    },
)
