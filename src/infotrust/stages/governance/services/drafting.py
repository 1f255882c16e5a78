"""Minutes drafted from what was recorded: who was there, what was decided and how each seat voted, what was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from infotrust.stages.governance import queries
from infotrust.stages.governance.models import AgendaItem, Meeting, Motion
from infotrust.stages.governance.terms import CHOICE_WORDS, WHY_WORDS


@dataclass(frozen=True)
class Drafted:
    words: str
    heading: bool = False


def draft(meeting: Meeting) -> Iterator[Drafted]:
    """Yield the passages of the minutes, in order. Seats are named, and people only to the body itself."""
    starts = timezone.localtime(meeting.starts_at)
    yield Drafted(
        _("The %(body)s met on %(when)s, %(place)s.")
        % {"body": meeting.body.name, "when": date_format(starts, "DATETIME_FORMAT"), "place": meeting.place}
    )
    yield Drafted(_("Who was there"), heading=True)
    there = {one.seat_id for one in meeting.attendances.all()}
    seats = [now.seat for now in queries.seats(meeting.body, starts.date())]
    present, absent = [one for one in seats if one.pk in there], [one for one in seats if one.pk not in there]
    yield Drafted(_("There: %(seats)s.") % {"seats": "; ".join(one.title for one in present) or _("nobody")})
    if absent:
        yield Drafted(_("Not there: %(seats)s.") % {"seats": "; ".join(one.title for one in absent)})
    for item in meeting.items.all():
        yield from _item(item)


def _item(item: AgendaItem) -> Iterator[Drafted]:
    yield Drafted(str(item), heading=True)
    if item.motion:
        yield from _motion(queries.motion(item.motion.pk))
    if item.notes:
        yield from (Drafted(part.strip()) for part in item.notes.split("\n\n") if part.strip())


def _motion(motion: Motion) -> Iterator[Drafted]:
    yield Drafted(motion.text)
    if motion.conditions:
        yield Drafted(_("Conditions: %(conditions)s") % {"conditions": motion.conditions})
    for recusal in motion.recusals.all():
        yield Drafted(
            _("The seat %(seat)s took no part: %(reason)s") % {"seat": recusal.seat.title, "reason": recusal.reason}
        )
    if motion.result is None:
        yield Drafted(_("State: %(state)s.") % {"state": motion.get_state_display()})
        return
    result = motion.result
    numbers = {name: result[name] for name in ("yes", "no", "abstained")}
    yield Drafted(
        f"{motion.get_state_display()}: "
        + _("for %(yes)d, against %(no)d, abstained %(abstained)d.") % numbers
        + f" {WHY_WORDS[result['why']]}"
    )
    for ballot in queries.ballots(motion):
        said = f"{ballot.seat.title}: {CHOICE_WORDS[ballot.choice]}."
        yield Drafted(f"{said} {ballot.reasons}".strip())
