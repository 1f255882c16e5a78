"""Putting the error of a linkage before the public, and taking it back.

Shares with their limits, never a count of a few or a person.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.reviewing.intervals import Interval
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.catalogue import services as catalogue
from infotrust.shared.catalogue.entries import CommunityError, LinkageErrorEntry, Share
from infotrust.shared.permissions import duties
from infotrust.stages.linkage.queries import accuracy

FEWEST_TOLD = 30  # answers of a community whose error is told: of fewer, a share gives away how many pairs it was


class TooFewAnswers(UserFacingError):
    """The error is not known well enough to be told."""


class NotPublic(UserFacingError):
    """There is nothing public to withdraw, or no reason to withdraw it."""


@transaction.atomic
def publish_error(number: int, *, by: User, at: datetime | None = None) -> None:
    """Show the error of the linkage run of that number to the public, as its review measures it now.

    Raises `NotPermitted`, `TooFewAnswers`, and `queries.accuracy.NotMeasured`.
    """
    duties.require("publish linkage error", by=by)
    at = at or timezone.now()
    found = accuracy.accuracy_of(number, by=by)
    precision, recall = _share(found.whole.precision), _share(found.whole.recall)
    if not found.may_be_told or precision is None or recall is None:
        raise TooFewAnswers(
            _("The error of linkage run %(number)d is not known well enough to be told.") % {"number": number},
            next_step=_("Have linkage officers look at more pairs."),
        )
    entry = LinkageErrorEntry(
        run=number,
        linked_on=timezone.localdate(found.run.finished_at),
        measured_on=timezone.localdate(found.measured_at),
        answers=found.whole.answers,
        precision=precision,
        recall=recall,
        agreed=_share(found.agreement.agreed) if found.agreement else None,
        communities=tuple(
            CommunityError(name, _share(one.precision), _share(one.recall))
            for name, one in found.by
            if one.answers >= FEWEST_TOLD and (one.precision or one.recall)
        ),
    )
    catalogue.show_linkage_error(entry, at=at)
    audit.record(
        Event.LINKAGE_ERROR_PUBLISHED,
        about=found.run.thing,
        by=by,
        at=at,
        answers=entry.answers,
        precision=precision.value,
        recall=recall.value,
    )


@transaction.atomic
def withdraw_error(number: int, *, reason: str, by: User, at: datetime | None = None) -> None:
    """Take back what the public reads about the error of that linkage run. The public page says when and why.

    Raises `NotPermitted`, and `NotPublic` where nothing is public or no reason is given.
    """
    duties.require("withdraw linkage error", by=by)
    at = at or timezone.now()
    found = accuracy.accuracy_of(number, by=by)
    public = accuracy.published_error(number)
    if public is None or public.withdrawn_at:
        raise NotPublic(
            _("Nothing about the error of linkage run %(number)d is public.") % {"number": number},
            next_step=_("There is nothing to withdraw."),
        )
    if not reason.strip():
        raise NotPublic(
            _("The error of linkage run %(number)d needs a reason to be withdrawn.") % {"number": number},
            next_step=_("Write it for the public: their page shows it."),
        )
    catalogue.withdraw_linkage_error(number, reason=reason, at=at)
    audit.record(Event.LINKAGE_ERROR_WITHDRAWN, about=found.run.thing, by=by, at=at)


def _share(interval: Interval | None) -> Share | None:
    if interval is None:
        return None
    return Share(*(round(part, 4) for part in (interval.value, interval.low, interval.high)))
