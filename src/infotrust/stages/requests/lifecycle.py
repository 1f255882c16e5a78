"""The states of a data request and of a license, and the moves between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from infotrust.core.lifecycle import Lifecycle


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Checked for completeness")
    RETURNED = "returned", _("Returned with questions")
    IN_REVIEW = "in_review", _("With the custodians")
    DECISION = "awaiting_decision", _("Awaiting the decision")
    GRANTED = "granted", _("Granted")
    LICENSED = "licensed", _("Licensed")
    REFUSED = "refused", _("Not granted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


LIFECYCLE = Lifecycle(
    "request",
    {
        State.DRAFT: frozenset({State.SUBMITTED, State.WITHDRAWN}),
        State.SUBMITTED: frozenset({State.RETURNED, State.IN_REVIEW, State.WITHDRAWN}),
        State.RETURNED: frozenset({State.SUBMITTED, State.WITHDRAWN}),
        # The first custodian who asks for changes sends it back; the last answer sends it on.
        State.IN_REVIEW: frozenset({State.RETURNED, State.DECISION, State.WITHDRAWN}),
        State.DECISION: frozenset({State.GRANTED, State.REFUSED, State.WITHDRAWN}),
        State.GRANTED: frozenset({State.LICENSED, State.WITHDRAWN}),
        State.LICENSED: frozenset(),
        State.REFUSED: frozenset(),
        State.WITHDRAWN: frozenset(),
    },
)

EDITABLE = (State.DRAFT, State.RETURNED)
OVER = (State.LICENSED, State.REFUSED, State.WITHDRAWN)
# What the public sees: from the moment somebody other than the requester has to do something.
ON_ITS_WAY = (State.SUBMITTED, State.RETURNED, State.IN_REVIEW, State.DECISION, State.GRANTED)


class LicenseState(models.TextChoices):
    ISSUED = "issued", _("Waiting to be acknowledged")
    IN_FORCE = "in_force", _("In force")
    REPLACED = "replaced", _("Replaced by a newer version")
    ENDED = "ended", _("Ended")
    REVOKED = "revoked", _("Revoked")
    CLOSED = "closed", _("Closed: destroyed, with a certificate")


LICENSES = Lifecycle(
    "license",
    {
        # The first acknowledgment puts it into force, for whoever has acknowledged.
        LicenseState.ISSUED: frozenset({LicenseState.IN_FORCE, LicenseState.ENDED, LicenseState.REVOKED}),
        LicenseState.IN_FORCE: frozenset({LicenseState.REPLACED, LicenseState.ENDED, LicenseState.REVOKED}),
        LicenseState.ENDED: frozenset({LicenseState.CLOSED}),
        LicenseState.REVOKED: frozenset({LicenseState.CLOSED}),
        LicenseState.REPLACED: frozenset(),
        LicenseState.CLOSED: frozenset(),
    },
)

OPEN_LICENSES = (LicenseState.ISSUED, LicenseState.IN_FORCE)
TO_DESTROY = (LicenseState.ENDED, LicenseState.REVOKED)
