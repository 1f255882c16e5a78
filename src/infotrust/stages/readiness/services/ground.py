"""What every verb of a partnership stands on: one row held, one command allowed, one partner spoken for."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import commands, duties
from infotrust.shared.permissions.decision import Decision, NotPermitted, Reason
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.readiness.commands import COMMANDS
from infotrust.stages.readiness.lifecycle import LIFECYCLE, State
from infotrust.stages.readiness.models import Member, Partner, Partnership


class ReadinessRefused(UserFacingError):
    """Something is missing, or contradicts what is already there; the message says what to mend."""


def about(partnership: Partnership) -> str:
    return f"partnership:{partnership.pk}"


def address(name: str, *args: object) -> str:
    return reverse(f"readiness:{name}", args=args)


def lock(partnership: Partnership) -> None:
    """Hold the row until the transaction ends, and read it anew: two people may act at the same moment."""
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    partnership.refresh_from_db()


def move(partnership: Partnership, to: State) -> None:
    LIFECYCLE.require(partnership.state, to, thing=partnership.title)
    partnership.state = to
    partnership.save()


def may(partnership: Partnership, command: str, by: User) -> None:
    """Hold the partnership, and raise `NotPermitted` or `ImpossibleMove` unless `by` may give it this command now."""
    lock(partnership)
    at_the_table(partnership, by, command)
    commands.require(COMMANDS[command], state=partnership.state, thing=partnership.title, by=by)


def partner_of(partnership: Partnership, person: User) -> Partner | None:
    """Return the partner for which `person` speaks in this partnership."""
    found = (
        Member.objects.filter(partnership=partnership, user=person, left_at__isnull=True)
        .select_related("partner__agency")
        .first()
    )
    return found.partner if found else None


def at_the_table(partnership: Partnership, by: User, wanted: str) -> None:
    """Raise `NotPermitted` unless `by` is the facilitator or somebody of a partner."""
    if partnership.facilitator_id != by.pk and partner_of(partnership, by) is None:
        raise NotPermitted(stranger(partnership), wanted=wanted)


def spoken_for(partnership: Partnership, by: User, wanted: str) -> Partner:
    """Return the partner for which `by` speaks; raises `NotPermitted`."""
    found = partner_of(partnership, by)
    if found is None:
        raise NotPermitted(stranger(partnership), wanted=wanted)
    return found


def require_chair(partnership: Partnership, by: User, wanted: str) -> None:
    """Raise `NotPermitted` unless `by` is the facilitator, or there is none and `by` is somebody of a partner."""
    if partnership.facilitator_id is None:
        at_the_table(partnership, by, wanted)
    elif partnership.facilitator_id != by.pk:
        raise NotPermitted(
            _no("not-the-facilitator", _("The facilitator of this partnership does that.")), wanted=wanted
        )


def stranger(partnership: Partnership) -> Decision:
    return _no("not-at-the-table", _("You are not one of the people of this partnership."), str(partnership.pk))


def _no(rule: str, text: str, citation: str = "") -> Decision:
    return Decision(False, (Reason(rule, text, citation and f"partnership:{citation}"),))


def words(text: str, *, what: str, longest: int) -> str:
    """Return the text without spaces around it; raises `ReadinessRefused` where it is too long or missing."""
    text = text.strip()
    if not text:
        raise ReadinessRefused(_("%(what)s is empty.") % {"what": what}, next_step=_("Write it down."))
    return short(text, what=what, longest=longest)


def short(text: str, *, what: str, longest: int) -> str:
    text = text.strip()
    if len(text) > longest:
        raise ReadinessRefused(
            _("%(what)s has %(size)d characters; at most %(most)d fit.")
            % {"what": what, "size": len(text), "most": longest},
            next_step=_("Shorten it. Nothing was saved, and your words are still here."),
        )
    return text


def coming(day: date | None, at: datetime, *, what: str) -> date:
    """Return the day; raises `ReadinessRefused` where it is missing or past."""
    if day is None or day < timezone.localdate(at):
        raise ReadinessRefused(
            _("%(what)s is missing or in the past.") % {"what": what}, next_step=_("Choose today or a later day.")
        )
    return day


def require_reader(partnership: Partnership, by: User) -> None:
    """Raise `NotPermitted` unless `by` may read what was said: the facilitator and the partners' people."""
    duties.require("read partnerships", by=by)
    at_the_table(partnership, by, "read partnerships")


def note_change(partnership: Partnership, by: User | None, at: datetime | None, **facts: object) -> None:
    audit.record(Event.PARTNERSHIP_CHANGED, about=about(partnership), by=by, at=at, **facts)


def same(version: int, seen: int, *, yours: str, theirs: str) -> None:
    """Raise `SavedMeanwhile`, with both texts, unless the version that was seen is the one that stands."""
    if version != seen:
        raise SavedMeanwhile(
            _("Someone else saved this while you were writing."),
            yours=yours,
            theirs=theirs,
            next_step=_("Nothing of yours is lost. Compare both, put together what should stand, and save again."),
        )
