"""A release is submitted, checked by someone else, approved or returned, published, and may be withdrawn."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from infotrust.core.lifecycle import Lifecycle


class State(models.TextChoices):
    SUBMITTED = "submitted", _("Waiting for a checker")
    CHECKING = "checking", _("Being checked")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned to its author")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# A returned release is not mended: its author runs the question again and submits the new output.
LIFECYCLE = Lifecycle(
    "release",
    {
        State.SUBMITTED: frozenset({State.CHECKING}),
        State.CHECKING: frozenset({State.APPROVED, State.RETURNED}),
        State.APPROVED: frozenset({State.PUBLISHED}),
        State.RETURNED: frozenset(),
        State.PUBLISHED: frozenset({State.WITHDRAWN}),
        State.WITHDRAWN: frozenset(),
    },
)

CHECKLIST = {
    "once": _("Each person is counted in one row only, so that the totals are true sums."),
    "sentence": _("The sentence says what the table says, and no more."),
    "words": _("A reader who knows nothing of the programs can understand the title, the groups and the definitions."),
    "limits": _("What the answer does not tell you is said."),
    "findings": _("I have read every finding and judged it."),
}
