"""The conversation along the discussion guide: each partner answers by itself, then all look at it together.

A sheet is read and written by its own partner only until every partner has handed in. No event of the audit log, no
wait and no error carries a place, a comment or a barrier.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import services as clocks
from infotrust.shared.permissions import commands
from infotrust.stages.readiness import process
from infotrust.stages.readiness.commands import GUIDE_COMMANDS
from infotrust.stages.readiness.lifecycle import GUIDE, GuideState, State
from infotrust.stages.readiness.models import Answer, Barrier, Guide, Partnership, Sheet
from infotrust.stages.readiness.services import asking
from infotrust.stages.readiness.services.activities import mark
from infotrust.stages.readiness.services.asking import ask_partner, sheet_label
from infotrust.stages.readiness.services.ground import (
    ReadinessRefused,
    about,
    at_the_table,
    coming,
    lock,
    may,
    move,
    require_chair,
    same,
    short,
    spoken_for,
    words,
)
from infotrust.stages.readiness.services.guide_words import Said, joint_words, meeting_words, said_on, said_words
from infotrust.stages.readiness.terms import (
    LONGEST_BARRIER,
    LONGEST_NOTE,
    MOST_BARRIERS,
    Opening,
    View,
)


@transaction.atomic
def begin_guide(
    partnership: Partnership,
    *,
    met_on: date | None = None,
    opens: str = Opening.BY_ITSELF,
    by: User,
    at: datetime | None = None,
) -> Guide:
    """Ask every partner where it stands. Raises `NotPermitted`, and `ReadinessRefused` with too few partners."""
    may(partnership, "begin guide", by)
    at = at or timezone.now()
    partners = list(partnership.partners.all())
    _enough(partnership, sum(one.contributes for one in partners))
    if opens not in Opening.values or (opens == Opening.BY_FACILITATOR and partnership.facilitator_id is None):
        raise ReadinessRefused(
            _("There is no facilitator to lay the answers side by side."),
            next_step=_("Choose a facilitator first, or let it open by itself."),
        )
    if partnership.guides.exclude(state=GuideState.CONCLUDED).exists():
        raise ReadinessRefused(_("A conversation is already under way."), next_step=_("Open it."))
    guide = Guide.objects.create(
        partnership=partnership,
        round=partnership.guides.count() + 1,
        opens=opens,
        met_on=met_on,
        attendees=_usual_attendees(partnership),
        begun_by=by,
        begun_at=at,
    )
    if partnership.state == State.NOT_YET:
        partnership.reconvene_on = None
        move(partnership, State.TALKING)
    for step in ("begin the guide", "meet again"):
        clocks.finish(about=about(partnership), step=step, outcome="begun", at=at)
    for partner in partners:
        ask_partner(Sheet.objects.create(guide=guide, partner=partner), at)
    _record(guide, by, at, what="begun")
    return guide


@transaction.atomic
def note_meeting(
    guide: Guide, *, met_on: date | None, attendees: str, seen: int, by: User, at: datetime | None = None
) -> Guide:
    """Write down when and who meets. Raises `NotPermitted`, `SavedMeanwhile`."""
    require(guide, "note the meeting", by)
    same(
        guide.version, seen, yours=meeting_words(met_on, attendees), theirs=meeting_words(guide.met_on, guide.attendees)
    )
    guide.met_on = met_on
    guide.attendees = short(attendees, what=_("The list of who took part"), longest=LONGEST_NOTE)
    guide.version += 1
    guide.save()
    _record(guide, by, at, what="meeting noted")
    return guide


@transaction.atomic
def answer(
    guide: Guide,
    *,
    said: Mapping[str, Said],
    seen: int,
    hand_in: bool = False,
    by: User,
    at: datetime | None = None,
) -> Sheet:
    """Keep what one's own partner says so far, by the key of each question; others cannot see it.

    `hand_in`: and hand it in, or neither. A question that `said` leaves out becomes unanswered again.
    Raises `NotPermitted`, `SavedMeanwhile`, and `ReadinessRefused` after the sheet was handed in.
    """
    sheet = _own_sheet(guide, "answer", by)
    _still_blank(sheet)
    if any(one.place is not None and not 0 <= one.place <= process.PLACES for one in said.values()):
        raise ReadinessRefused(_("That place is not on the line."), next_step=_("Choose one of the five."))
    same(sheet.version, seen, yours=said_words(said), theirs=said_words(said_on(sheet)))
    sheet.answers.all().delete()
    sheet.barriers.all().delete()
    for item in process.items():
        if item.key in said:
            _keep(sheet, item, said[item.key])
    sheet.version += 1
    sheet.save()
    _record(guide, by, at, what="answers kept", partner=sheet.partner.agency.code)
    if hand_in:
        _hand_in(guide, by=by, at=at)
    return sheet


@transaction.atomic
def hand_in(guide: Guide, *, by: User, at: datetime | None = None) -> Guide:
    """Hand in one's own partner's answers. The last one lays all of them side by side, unless the facilitator does.

    Raises `NotPermitted`, and `ReadinessRefused` while a question is unanswered.
    """
    sheet = _own_sheet(guide, "hand in", by)
    at = at or timezone.now()
    _still_blank(sheet)
    answered = set(sheet.answers.filter(place__isnull=False).values_list("item", flat=True))
    if left := [item.title for item in process.items() if item.key not in answered]:
        raise ReadinessRefused(
            _("Some questions have no answer yet: %(titles)s.") % {"titles": ", ".join(_(title) for title in left)},
            next_step=_("Mark a place for each, or “we cannot say yet”."),
        )
    sheet.handed_in_by, sheet.handed_in_at = by, at
    sheet.save()
    clocks.finish(about=sheet_label(sheet), step="answer the guide", outcome="handed in", at=at)
    _record(guide, by, at, what="handed in", partner=sheet.partner.agency.code)
    if guide.sheets.filter(handed_in_at__isnull=True).exists():
        return guide
    if guide.opens == Opening.BY_ITSELF or guide.partnership.facilitator_id is None:
        return _lay_open(guide, by, at)
    asking.ask_chair(guide.partnership, "open the guide", _("Lay the answers side by side"), at)
    return guide


@transaction.atomic
def take_back(guide: Guide, *, by: User, at: datetime | None = None) -> Sheet:
    """Take one's own partner's answers back to change them, while nobody else could read them."""
    sheet = _own_sheet(guide, "take back", by)
    if sheet.handed_in_at is None:
        raise ReadinessRefused(_("These answers are not handed in."), next_step=_("Change them as they are."))
    sheet.handed_in_by, sheet.handed_in_at = None, None
    sheet.save()
    clocks.finish(about=about(guide.partnership), step="open the guide", outcome="taken back", at=at)
    ask_partner(sheet, at or timezone.now())
    _record(guide, by, at, what="taken back", partner=sheet.partner.agency.code)
    return sheet


@transaction.atomic
def lay_open(guide: Guide, *, by: User, at: datetime | None = None) -> Guide:
    """Lay the answers side by side. Raises `NotPermitted`, and `ReadinessRefused` before every partner handed in."""
    require(guide, "lay open", by)
    require_chair(guide.partnership, by, "lay open")
    if missing := guide.sheets.filter(handed_in_at__isnull=True).select_related("partner__agency"):
        raise ReadinessRefused(
            _("Not every partner has handed in: %(names)s.")
            % {"names": "; ".join(str(one.partner) for one in missing)},
            next_step=_("Wait for them. Nobody can read an answer before that."),
        )
    return _lay_open(guide, by, at or timezone.now())


@transaction.atomic
def write_together(
    guide: Guide,
    *,
    joint: Mapping[str, str],
    reflection: str,
    next_steps: str,
    seen: int,
    by: User,
    at: datetime | None = None,
) -> Guide:
    """Write down what was said about each question, what all make of it, and what comes next.

    Raises `NotPermitted`, `SavedMeanwhile`, `ReadinessRefused`.
    """
    require(guide, "write together", by)
    same(
        guide.version,
        seen,
        yours=joint_words(joint, reflection, next_steps),
        theirs=joint_words(guide.joint, guide.reflection, guide.next_steps),
    )
    guide.joint = {
        item.key: short(joint.get(item.key, ""), what=_(item.title), longest=LONGEST_NOTE) for item in process.items()
    }
    guide.reflection = short(reflection, what=_("What we make of it"), longest=LONGEST_NOTE)
    guide.next_steps = short(next_steps, what=_("Next steps"), longest=LONGEST_NOTE)
    guide.version += 1
    guide.save()
    _record(guide, by, at, what="written together")
    return guide


@transaction.atomic
def say_view(guide: Guide, *, view: str, by: User, at: datetime | None = None) -> Sheet:
    """Say whether one's own partner would go on. Raises `NotPermitted`, `ReadinessRefused`."""
    sheet = _own_sheet(guide, "say view", by)
    if view not in View.values:
        raise ReadinessRefused(_("There is no such view."), next_step=_("Choose one of the two."))
    at = at or timezone.now()
    sheet.view, sheet.view_by = view, by
    sheet.save()
    clocks.finish(about=sheet_label(sheet), step="say its view", outcome=view, at=at)
    _record(guide, by, at, what="view", partner=sheet.partner.agency.code, view=view)
    if not guide.sheets.filter(view="").exists():
        asking.ask_chair(guide.partnership, "conclude the guide", _("Conclude the conversation"), at)
    return sheet


@transaction.atomic
def conclude(guide: Guide, *, reconvene_on: date | None = None, by: User, at: datetime | None = None) -> Guide:
    """Conclude: feasible where every partner would go on, else "not yet", with a day to meet again.

    For "not yet", each barrier is dealt with first: a task with an owner and a day, or set aside with a reason.
    Raises `NotPermitted`, `ReadinessRefused`.
    """
    require(guide, "conclude", by)
    require_chair(guide.partnership, by, "conclude")
    at, partnership = at or timezone.now(), guide.partnership
    views = {sheet.view for sheet in guide.sheets.all()}
    if "" in views:
        raise ReadinessRefused(
            _("Not every partner has said whether it would go on."), next_step=_("Ask the others to choose.")
        )
    verdict = State.FEASIBLE if views == {View.GO_ON} else State.NOT_YET
    if verdict == State.NOT_YET:
        _barriers_dealt_with(guide)
        partnership.reconvene_on = coming(reconvene_on, at, what=_("The day to meet again"))
    guide.verdict, guide.concluded_by, guide.concluded_at = verdict, by, at
    GUIDE.require(guide.state, GuideState.CONCLUDED, thing=str(guide))
    guide.state = GuideState.CONCLUDED
    guide.save()
    move(partnership, verdict)
    clocks.finish_all(about=about(partnership), outcome=verdict, at=at)
    if verdict == State.FEASIBLE:
        mark(partnership, "2a", True, by, at)
        asking.ask_for_use_case(partnership, at)
    else:
        asking.ask_to_meet_again(partnership, at)
    audit.record(
        Event.PARTNERSHIP_CONCLUDED, about=about(partnership), by=by, at=at, verdict=verdict, round=guide.round
    )
    return guide


_hand_in = hand_in  # `answer` has an argument of that name


# --- what the verbs stand on ---


def require(guide: Guide, command: str, by: User) -> None:
    """Hold the partnership and its guide; raise unless `by` is at the table and may give the command now."""
    lock(guide.partnership)
    guide.refresh_from_db(fields=[field.name for field in Guide._meta.local_fields if field.name != "partnership"])
    at_the_table(guide.partnership, by, command)
    commands.require(GUIDE_COMMANDS[command], state=guide.state, thing=str(guide), by=by)
    if not guide.partnership.is_open:
        raise ReadinessRefused(_("This partnership is closed."), next_step=_("Open it again first."))


def _own_sheet(guide: Guide, command: str, by: User) -> Sheet:
    require(guide, command, by)
    partner = spoken_for(guide.partnership, by, command)
    return guide.sheets.select_related("partner__agency", "partner__contact", "guide__partnership").get(partner=partner)


def _lay_open(guide: Guide, by: User, at: datetime) -> Guide:
    GUIDE.require(guide.state, GuideState.OPEN, thing=str(guide))
    guide.state, guide.opened_at = GuideState.OPEN, at
    guide.save()
    clocks.finish(about=about(guide.partnership), step="open the guide", outcome="open", at=at)
    for sheet in guide.sheets.select_related("partner__agency", "partner__contact"):
        asking.ask_for_view(sheet, at)
    _record(guide, by, at, what="laid side by side")
    return guide


def _keep(sheet: Sheet, item: process.Item, said: Said) -> None:
    if len(said.barriers) > MOST_BARRIERS:
        raise ReadinessRefused(
            _("%(title)s has more than %(most)d barriers.") % {"title": _(item.title), "most": MOST_BARRIERS},
            next_step=_("Put the ones that belong together on one line."),
        )
    about_what = _("The comment on “%(title)s”") % {"title": _(item.title)}
    comment = short(said.comment, what=about_what, longest=LONGEST_NOTE)
    Answer.objects.create(sheet=sheet, item=item.key, place=said.place, comment=comment)
    what = _("A barrier to “%(title)s”") % {"title": _(item.title)}
    Barrier.objects.bulk_create(
        Barrier(sheet=sheet, item=item.key, kind=item.barrier, words=words(line, what=what, longest=LONGEST_BARRIER))
        for line in said.barriers
    )


def _still_blank(sheet: Sheet) -> None:
    if sheet.handed_in_at is not None:
        raise ReadinessRefused(
            _("Your partner has already handed in."), next_step=_("Take the answers back to change them.")
        )


def _enough(partnership: Partnership, contributing: int) -> None:
    least = 1 if partnership.configuration == "one_program" else 2
    if contributing < least:
        raise ReadinessRefused(
            _("Only %(number)d of the partners here would contribute data; it takes at least %(least)d.")
            % {"number": contributing, "least": least},
            next_step=_("Bring another partner to the table."),
        )


def _usual_attendees(partnership: Partnership) -> str:
    """The people of the partnership, one on each line: name, organization, title."""
    lines = []
    if (leader := partnership.facilitator) is not None:
        lines.append(f"{leader.name}, {leader.agency.name if leader.agency else ''}, {_('facilitator')}")
    for member in partnership.members.filter(left_at__isnull=True).select_related("user", "partner__agency"):
        lines.append(", ".join(part for part in (member.user.name, str(member.partner), member.title) if part))
    return "\n".join(lines)


def _barriers_dealt_with(guide: Guide) -> None:
    open_ones = Barrier.objects.filter(sheet__guide=guide, task__isnull=True).count()
    if open_ones:
        raise ReadinessRefused(
            _("%(number)d of the barriers have no owner yet.") % {"number": open_ones},
            next_step=_("Give each an owner and a day, or set it aside with a reason."),
        )


def _record(guide: Guide, by: User, at: datetime | None, **facts: object) -> None:
    audit.record(Event.GUIDE_CHANGED, about=about(guide.partnership), by=by, at=at, round=guide.round, **facts)
