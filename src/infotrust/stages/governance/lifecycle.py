"""A motion is raised, looked at, commented on, voted on and decided. What was decided is only ever superseded."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from infotrust.core.lifecycle import Lifecycle


class State(models.TextChoices):
    RAISED = "raised", _("Raised")
    REVIEWED = "reviewed", _("Taken up")
    COMMENT = "comment", _("Open for comment")
    VOTING = "voting", _("Being voted on")
    ADOPTED = "adopted", _("Adopted")
    REJECTED = "rejected", _("Rejected")
    LAPSED = "lapsed", _("Lapsed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUPERSEDED = "superseded", _("Superseded")


LIFECYCLE = Lifecycle(
    "motion",
    {
        State.RAISED: frozenset({State.REVIEWED, State.WITHDRAWN}),
        # Straight to the vote only where the charter asks for no comment, or for a reason that the public reads.
        State.REVIEWED: frozenset({State.COMMENT, State.VOTING, State.WITHDRAWN}),
        State.COMMENT: frozenset({State.VOTING, State.WITHDRAWN}),
        # A vote that was opened is brought to its end. Without a quorum the motion lapses and may be raised anew.
        State.VOTING: frozenset({State.ADOPTED, State.REJECTED, State.LAPSED}),
        State.ADOPTED: frozenset({State.SUPERSEDED}),
        State.REJECTED: frozenset(),
        State.LAPSED: frozenset(),
        State.WITHDRAWN: frozenset(),
        State.SUPERSEDED: frozenset(),
    },
)

OPEN = frozenset({State.RAISED, State.REVIEWED, State.COMMENT, State.VOTING})
DECIDED = frozenset({State.ADOPTED, State.REJECTED, State.LAPSED, State.SUPERSEDED})
# From here on everyone may read it: what is only raised may still be a slip of the pen.
PUBLIC = frozenset(State) - {State.RAISED}


class MeetingState(models.TextChoices):
    CALLED = "called", _("Called")
    HELD = "held", _("Held")
    APPROVED = "approved", _("Minutes approved")
    PUBLISHED = "published", _("Minutes published")
    CANCELED = "canceled", _("Canceled")


MEETING_LIFECYCLE = Lifecycle(
    "meeting",
    {
        MeetingState.CALLED: frozenset({MeetingState.HELD, MeetingState.CANCELED}),
        # The minutes are drafted from what was recorded when the meeting is over, and mended until they are approved.
        MeetingState.HELD: frozenset({MeetingState.APPROVED}),
        MeetingState.APPROVED: frozenset({MeetingState.PUBLISHED}),
        MeetingState.PUBLISHED: frozenset(),
        MeetingState.CANCELED: frozenset(),
    },
)
