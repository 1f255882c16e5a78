"""Words and choices of requests: outcomes, the review rubric, the texts a license begins with."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from infotrust.core.errors import NotThere, UserFacingError
from infotrust.shared.words import SavedMeanwhile


class Outcome(TextChoices):
    SUPPORT = "support", _("Supports it")
    CHANGES = "changes", _("Asks for changes")
    AGAINST = "against", _("Is against it")


class Grade(TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


# The five points by which AISP suggests that custodians weigh a request, in our own words.
RUBRIC: dict[str, str | Promise] = {
    "priorities": _("Does it serve what our agency wants to know or to improve?"),
    "protections": _("Are the people in the data well protected?"),
    "expertise": _("Can this team do it?"),
    "reliable": _("Are our records good enough for this question?"),
    "resources": _("Do we have the time and the people to support it?"),
}

OUTPUTS = _("Only tables that passed the trust’s disclosure check leave. Nobody copies, photographs or retypes a row.")
PUBLICATION = _(
    "The agencies whose data was used see each result thirty days before it is published, and are named. No published "
    "number lets anyone work out a number that is too small to be shown."
)
TRUST_ENVIRONMENT = _("The data is used in the trust’s own closed room only. No row is taken out.")


class NoSuchRequest(NotThere):
    """There is no request or license of that number, or it is not theirs to see."""


class RequestIncomplete(UserFacingError):
    """A request, an answer or a license lacks something; the message says what."""


class AttachmentRefused(UserFacingError):
    """A file that cannot be attached."""


__all__ = [
    "OUTPUTS",
    "PUBLICATION",
    "RUBRIC",
    "TRUST_ENVIRONMENT",
    "AttachmentRefused",
    "Grade",
    "NoSuchRequest",
    "Outcome",
    "RequestIncomplete",
    "SavedMeanwhile",
]
