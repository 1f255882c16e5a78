"""Begin and finish waits; stand in for someone; remind.

A wait decides nothing: it says whose turn it is. The verbs of the stages, which begin and finish waits, ask permission
themselves and write the audit log.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import Agency, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import queries, words
from infotrust.shared.clocks.models import Cover, News, Reminder, Wait, WeeklyOnly
from infotrust.shared.clocks.queries import Letter
from infotrust.shared.clocks.words import describe

__all__ = ["begin", "cover", "describe", "end_cover", "finish", "finish_all", "moved", "remind"]

# What still waits is named again after a week, then weekly: one a day teaches people to delete them unread.
REMIND_AFTER, DUE_SOON = timedelta(days=7), timedelta(days=2)


def begin(
    *,
    about: str,
    process: str,
    step: str,
    title: str,
    address: str,
    agency: Agency | None = None,
    role: str = "",
    person: User | None = None,
    due_on: date | None = None,
    at: datetime | None = None,
) -> Wait:
    """Say that `step` of the thing labeled `about` waits for `person`, or for holders of `role` (in `agency`).

    Without `due_on` it is due within the days that its process gives the step, if it gives any. While such a wait is
    open, beginning it again changes its words and a due day that is given, never its beginning.
    """
    if person is None and not role and agency is None:
        raise ValueError("A wait needs a holder: a person, a role or an agency.")
    at = at or timezone.now()
    days = words.due_days(process, step)
    by_itself = timezone.localdate(at) + timedelta(days=days) if days else None
    found, _created = Wait.objects.update_or_create(
        about=about,
        step=step,
        holder=_holder(agency, role, person),
        until=None,
        defaults={
            "process": process,
            "title": title[:300],
            "address": address,
            "agency": agency,
            "role": str(role),
            "person": person,
            **({"due_on": due_on} if due_on or not days else {}),
        },
        create_defaults={
            "process": process,
            "title": title[:300],
            "address": address,
            "agency": agency,
            "role": str(role),
            "person": person,
            "due_on": due_on or by_itself,
            "since": at,
        },
    )
    return found


def finish(
    *,
    about: str,
    step: str,
    outcome: str = "",
    agency: Agency | None = None,
    person: User | None = None,
    at: datetime | None = None,
) -> int:
    """End the open waits of a step, of one agency or person where named; returns how many. None is no error."""
    open_waits = Wait.objects.filter(about=about, step=step, until__isnull=True)
    if agency is not None:
        open_waits = open_waits.filter(agency=agency)
    if person is not None:
        open_waits = open_waits.filter(person=person)
    return _end(open_waits, outcome, at)


def finish_all(*, about: str, outcome: str = "", at: datetime | None = None) -> int:
    """End everything that is open about a thing: it was withdrawn, or decided. Returns how many."""
    return _end(Wait.objects.filter(about=about, until__isnull=True), outcome, at)


def moved(*, about: str, address: str) -> int:
    """Say where a thing is found from now on; returns how many of its open waits lead there now."""
    return Wait.objects.filter(about=about, until__isnull=True).update(address=address)


def _end(waits: object, outcome: str, at: datetime | None) -> int:
    ended: int = waits.update(until=at or timezone.now(), outcome=outcome[:60])  # type: ignore[attr-defined]
    return ended


def _holder(agency: Agency | None, role: str, person: User | None) -> str:
    if person is not None:
        return f"person:{person.pk}"
    return f"{role or 'anyone'}@{agency.code if agency else 'trust'}"


@transaction.atomic
def cover(*, deputy: User, first_day: date, last_day: date, by: User, at: datetime | None = None) -> Cover:
    """Have `deputy` see what waits for `by` from one day to another, both included. Raises `UserFacingError`."""
    if last_day < first_day:
        raise UserFacingError(_("The last day is before the first."), next_step=_("Correct the dates."))
    if deputy.pk == by.pk:
        raise UserFacingError(_("Nobody stands in for themselves."), next_step=_("Choose a colleague."))
    if not deputy.is_active or deputy.agency_id != by.agency_id:
        raise UserFacingError(
            _("Only someone of your own agency can stand in for you."), next_step=_("Choose a colleague.")
        )
    found = Cover.objects.create(person=by, deputy=deputy, first_day=first_day, last_day=last_day)
    audit.record(
        Event.COVER_ARRANGED,
        about=f"user:{by.pk}",
        by=by,
        at=at,
        deputy=deputy.pk,
        first_day=first_day,
        last_day=last_day,
    )
    return found


@transaction.atomic
def end_cover(number: int, *, by: User, at: datetime | None = None) -> None:
    """Take back one's own arrangement. Raises `UserFacingError` where there is none."""
    found = Cover.objects.filter(pk=number, person=by).first()
    if found is None:
        raise UserFacingError(_("There is no such arrangement of yours."), next_step=_("See the list on this page."))
    found.delete()
    audit.record(Event.COVER_ENDED, about=f"user:{by.pk}", by=by, at=at, deputy=found.deputy_id)


def tell(
    people: Iterable[User], *, title: str, address: str, by: User | None = None, at: datetime | None = None
) -> int:
    """Tell people what happened to something they follow: on their desk, and in the next mail. Not whoever did it."""
    told = {one.pk: one for one in people if one.is_active and (by is None or one.pk != by.pk)}
    News.objects.bulk_create(
        News(person=one, title=title[:300], address=address, at=at or timezone.now()) for one in told.values()
    )
    return len(told)


@transaction.atomic
def choose_mail(*, daily: bool, by: User, at: datetime | None = None) -> None:
    """Have a mail on the day when something new waits, or only the weekly one."""
    if daily:
        WeeklyOnly.objects.filter(person=by).delete()
    else:
        WeeklyOnly.objects.get_or_create(person=by)
    change = "mail daily" if daily else "mail weekly"
    audit.record(Event.SETTING_CHANGED, about=f"user:{by.pk}", by=by, at=at, change=change)


def remind(at: datetime | None = None) -> int:
    """Send each person at most one e-mail a day: what is new, due soon or overdue, and weekly what still waits.

    Two workers may do this at one time: the row of the day is made first, and only who made it sends. A mail that
    cannot be sent is tried again at the next call, and holds up nobody else's. Returns how many were sent.
    """
    at = at or timezone.now()
    sent = 0
    for letter in queries.letters(at, after=REMIND_AFTER, soon=DUE_SOON):
        row, made = Reminder.objects.get_or_create(
            person=letter.person, day=timezone.localdate(at), defaults={"waits": len(letter.waits)}
        )
        if not made and row.sent:
            continue
        if _send(letter, at):
            sent += Reminder.objects.filter(pk=row.pk, sent=False).update(sent=True, waits=len(letter.waits), at=at)
    return sent


def _send(letter: Letter, at: datetime) -> bool:
    """A title may name an agreement, never a person whose data it is about; the pages are behind the sign-in."""
    turns = [f"- {queries.in_words(one, at).sentence}\n  {settings.TRUST_ADDRESS}{one.address}" for one in letter.waits]
    happened = [f"- {one.title}\n  {settings.TRUST_ADDRESS}{one.address}" for one in letter.news]
    parts = [_("Good day.")]
    if turns:
        parts += ["", _("This waits for you:"), "", *turns]
    if happened:
        parts += ["", _("This happened:"), "", *happened]
    parts += ["", _("You get at most one such mail a day. Fewer:"), f"{settings.TRUST_ADDRESS}/clocks/mail/"]
    try:
        return bool(
            send_mail(
                f"{settings.TRUST_NAME}: {_subject(len(turns), len(happened))}",
                "\n".join(parts),
                settings.DEFAULT_FROM_EMAIL,
                [letter.person.email],
            )
        )
    except OSError:
        return False


def _subject(turns: int, happened: int) -> str:
    if not turns:
        return ngettext("%(number)d thing happened", "%(number)d things happened", happened) % {"number": happened}
    return ngettext("%(number)d thing waits for you", "%(number)d things wait for you", turns) % {"number": turns}
