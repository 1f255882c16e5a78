"""Whose turn it is, how long steps take, and when something can honestly be expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infotrust.shared.accounts.models import Role, User
from infotrust.shared.clocks import words
from infotrust.shared.clocks.models import Cover, News, Reminder, Wait, WeeklyOnly
from infotrust.shared.permissions import duties

DAY = 24 * 60 * 60
# Below five finished waits a median says more about chance than about the step.
ENOUGH = 5
# What is older than three days is new to nobody: a trust that begins to send mail does not send everything at once.
FRESH = timedelta(days=3)
# How long news stand on the desk.
SHOWN = timedelta(days=14)


@dataclass(frozen=True)
class InWords:
    """A wait for a page: `days` counts whole days from its beginning to its end or to now."""

    wait: Wait
    step: str
    holder: str
    days: int
    open: bool
    overdue: bool

    @property
    def sentence(self) -> str:
        since = ngettext("for %(days)d day", "for %(days)d days", self.days) % {"days": self.days}
        due = _(", due %(day)s") % {"day": date_format(self.wait.due_on)} if self.wait.due_on else ""
        return f"{self.wait.title} ({self.step}, {since}{due})"


@dataclass(frozen=True)
class Duration:
    """How long a step took: `finished` waits, their median and ninth decile in days; `open` ones now."""

    process: str
    step: str
    finished: int
    median: float | None
    slowest_tenth: float | None
    open: int

    @property
    def process_title(self) -> str:
        return words.process_title(self.process)

    @property
    def step_title(self) -> str:
        return words.step_title(self.process, self.step)


def of(about: str, at: datetime | None = None) -> tuple[InWords, ...]:
    """Return the waits of a thing, the oldest first, those that are over and those that are open."""
    return tuple(in_words(wait, at) for wait in _whole().filter(about=about))


def open_of(about: str, at: datetime | None = None) -> tuple[InWords, ...]:
    return tuple(one for one in of(about, at) if one.open)


@dataclass(frozen=True)
class Waited:
    """The steps of a thing, the oldest first. `days`: whole days in which at least one of them waited."""

    steps: tuple[InWords, ...]
    days: int


def waited(*about: str, at: datetime | None = None) -> Waited:
    """Return the waits of a thing that has one or more labels: its own, and those of what was asked about it."""
    now = at or timezone.now()
    steps = tuple(in_words(wait, now) for wait in _whole().filter(about__in=about))
    return Waited(steps, int(_covered((one.wait.since, one.wait.until or now) for one in steps) // DAY))


def _covered(spans: Iterable[tuple[datetime, datetime]]) -> float:
    """Return how many seconds lie in at least one span; what overlaps counts once."""
    found, reached = 0.0, None
    for begins, ends in sorted(spans):
        begins = begins if reached is None else max(begins, reached)
        found += max((ends - begins).total_seconds(), 0.0)
        reached = ends if reached is None else max(ends, reached)
    return found


def in_words(wait: Wait, at: datetime | None = None) -> InWords:
    now = at or timezone.now()
    end = wait.until or now
    return InWords(
        wait=wait,
        step=words.step_title(wait.process, wait.step),
        holder=_holder(wait),
        days=int((end - wait.since).total_seconds() // DAY),
        open=wait.until is None,
        overdue=bool(wait.due_on and wait.until is None and wait.due_on < timezone.localdate(now)),
    )


def waiting_for(user: User, at: datetime | None = None) -> list[InWords]:
    """Return what waits for `user`: theirs, their roles', and that of people they stand in for; overdue first."""
    covered = Cover.objects.filter(
        deputy=user, first_day__lte=timezone.localdate(at), last_day__gte=timezone.localdate(at)
    )
    people = [user, *(row.person for row in covered.select_related("person", "person__agency"))]
    found = _whole().filter(until__isnull=True).filter(_held_by(people)).distinct()
    shown = [in_words(wait, at) for wait in found]
    return sorted(shown, key=lambda one: (not one.overdue, one.wait.due_on or date.max, one.wait.since))


@dataclass(frozen=True)
class Letter:
    """What one mail to one person is about: their turns, and what happened since the last mail."""

    person: User
    waits: tuple[Wait, ...]
    news: tuple[News, ...]


def letters(at: datetime, *, after: timedelta, soon: timedelta) -> Iterator[Letter]:
    """Each person with something to write to them about, at most once a day.

    On the day: what began since the last mail, unless they asked for weekly mail only, and what became due within
    `soon`. Else what has waited for `after`, once in that time.
    """
    today = timezone.localdate(at)
    weekly = set(WeeklyOnly.objects.values_list("person_id", flat=True))
    last = {one.person_id: one for one in Reminder.objects.filter(sent=True).order_by("day")}
    for person in User.objects.filter(is_active=True).select_related("agency"):
        before = last.get(person.pk)
        if before is not None and before.day >= today:
            continue
        told = at - FRESH if before is None else max(at - FRESH, before.at or _end_of(before.day))
        daily, again = person.pk not in weekly, before is None or before.day <= today - after
        waits = [one.wait for one in waiting_for(person, at)]
        fresh = {one.pk for one in waits if daily and one.since > told}
        due = {one.pk: one.due_on - soon for one in waits if one.due_on and one.due_on <= today + soon}
        old = {one.pk for one in waits if at - one.since >= after}
        news = tuple(News.objects.filter(person=person, at__gt=told, at__lte=at))
        newly_due = any(before is None or before.day < since for since in due.values())
        if fresh or newly_due or (again and (old or due)) or (news and (daily or again)):
            yield Letter(person, tuple(one for one in waits if one.pk in fresh | set(due) | old), news)


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


def news_of(user: User, at: datetime | None = None) -> tuple[News, ...]:
    """Return what happened lately to what `user` follows, the newest first."""
    return tuple(News.objects.filter(person=user, at__gt=(at or timezone.now()) - SHOWN))


def wants_daily(user: User) -> bool:
    return not WeeklyOnly.objects.filter(person=user).exists()


def durations(*, by: User, process: str = "") -> tuple[Duration, ...]:
    """Return how long each step took and takes, in the order of the process; raises `NotPermitted`."""
    duties.require("see clocks", by=by)
    return _durations(process)


def open_now(*, by: User, at: datetime | None = None) -> tuple[InWords, ...]:
    """Everything that waits for anyone, the longest first; raises `NotPermitted`."""
    duties.require("see clocks", by=by)
    return tuple(in_words(wait, at) for wait in _whole().filter(until__isnull=True))


def covers(user: User, at: datetime | None = None) -> QuerySet[Cover]:
    """Return who stands in for `user` now or later."""
    return Cover.objects.filter(person=user, last_day__gte=timezone.localdate(at)).select_related("deputy")


def expected(process: str, steps: Sequence[str], *, at: datetime | None = None) -> date | None:
    """Return the day by which `steps`, one after another from now, are done if they take their median time.

    None where a step has been finished fewer than five times: an invented date would be worse than none.
    """
    known = {one.step: one.median for one in _durations(process)}
    days = [known.get(step) for step in steps]
    if any(one is None for one in days):
        return None
    return timezone.localdate(at) + timedelta(days=ceil(sum(one for one in days if one is not None)))


def _durations(process: str) -> tuple[Duration, ...]:
    spans: dict[tuple[str, str], list[float]] = defaultdict(list)
    waiting: dict[tuple[str, str], int] = defaultdict(int)
    rows = Wait.objects.filter(process=process) if process else Wait.objects.all()
    for name, step, since, until in rows.values_list("process", "step", "since", "until"):
        spans[name, step]  # a step is listed as soon as someone waits in it
        if until is None:
            waiting[name, step] += 1
        else:
            spans[name, step].append((until - since).total_seconds() / DAY)
    found = [_duration(key, sorted(days), waiting[key]) for key, days in spans.items()]
    return tuple(sorted(found, key=_in_order))


def _duration(key: tuple[str, str], days: list[float], waiting: int) -> Duration:
    enough = len(days) >= ENOUGH
    return Duration(
        *key,
        finished=len(days),
        median=quantile(days, 0.5) if enough else None,
        slowest_tenth=quantile(days, 0.9) if enough else None,
        open=waiting,
    )


def _in_order(one: Duration) -> tuple[Any, ...]:
    known = words.PROCESSES.get(one.process)
    steps = list(known.steps) if known else []
    return (one.process_title, steps.index(one.step) if one.step in steps else len(steps), one.step)


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of ascending values by linear interpolation (Hyndman and Fan's type 7)."""
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _held_by(people: Iterable[User]) -> Q:
    found = Q(pk__in=())
    for person in people:
        found |= Q(person=person)
        in_reach = Q(agency__isnull=True) | Q(agency_id=person.agency_id)
        found |= Q(person__isnull=True) & Q(role__in=person.roles) & in_reach
        if person.agency_id is not None:
            found |= Q(person__isnull=True, role="", agency_id=person.agency_id)
    return found


def _holder(wait: Wait) -> str:
    if wait.person is not None:
        return wait.person.name
    role = str(Role(wait.role).label) if wait.role else _("Anyone")
    return _("%(role)s of %(agency)s") % {"role": role, "agency": wait.agency.name} if wait.agency else role


def _whole() -> QuerySet[Wait]:
    return Wait.objects.select_related("agency", "person", "person__agency")
