"""Bringing partners to a table: open a partnership, who takes part, what its steps are called, close it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import Role, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import services as clocks
from infotrust.shared.permissions import duties
from infotrust.stages.readiness import process
from infotrust.stages.readiness.lifecycle import GuideState, PaperState, State
from infotrust.stages.readiness.models import ActivityRow, Member, Partner, Partnership, Sheet
from infotrust.stages.readiness.services.activities import mark
from infotrust.stages.readiness.services.asking import (
    ask_for_view,
    ask_owner,
    ask_partner,
    ask_to_begin,
    ask_to_sign_off,
    ask_to_write,
    ask_whoever_leads,
    sheet_label,
    signed_off_by,
)
from infotrust.stages.readiness.services.ground import (
    ReadinessRefused,
    may,
    move,
    note_change,
    partner_of,
    spoken_for,
    words,
)
from infotrust.stages.readiness.services.ground import about as about_partnership
from infotrust.stages.readiness.services.seating import join, put_in_the_chair, seat
from infotrust.stages.readiness.terms import LONGEST_NOTE, Configuration


@transaction.atomic
def open_partnership(
    *,
    title: str,
    about: str = "",
    configuration: str,
    facilitator: User | None = None,
    program: str = "",
    by: User,
    at: datetime | None = None,
) -> Partnership:
    """Begin to talk. Who opens it is the first partner's contact, or, where they are a facilitator, its facilitator.

    Raises `NotPermitted`, and `ReadinessRefused` without a title or for a facilitator who is not one.
    """
    duties.require("open partnership", by=by)
    at = at or timezone.now()
    if configuration not in Configuration.values:
        raise ReadinessRefused(_("There is no such kind of partnership."), next_step=_("Choose one of the three."))
    made = Partnership.objects.create(
        title=words(title, what=_("The title"), longest=200),
        about=about.strip()[:LONGEST_NOTE],
        configuration=configuration,
        opened_by=by,
        opened_at=at,
    )
    ActivityRow.objects.bulk_create(
        ActivityRow(partnership=made, key=one.key, title=_(one.title)) for one in process.activities().values()
    )
    if facilitator is None and Role.FACILITATOR in by.roles:
        facilitator = by
    if facilitator != by:
        seat(made, contact=by, program=program, contributes=True, by=by, at=at)
    if facilitator is not None:
        put_in_the_chair(made, facilitator)
    audit.record(Event.PARTNERSHIP_OPENED, about=about_partnership(made), by=by, at=at, configuration=configuration)
    ask_to_begin(made, at)
    return made


@transaction.atomic
def change_partnership(
    partnership: Partnership, *, title: str, about: str, configuration: str, by: User, at: datetime | None = None
) -> Partnership:
    """Give it another title, description or configuration. Raises `NotPermitted`, `ReadinessRefused`."""
    may(partnership, "change", by)
    if configuration not in Configuration.values:
        raise ReadinessRefused(_("There is no such kind of partnership."), next_step=_("Choose one of the three."))
    partnership.title = words(title, what=_("The title"), longest=200)
    partnership.about, partnership.configuration = about.strip()[:LONGEST_NOTE], configuration
    partnership.save()
    note_change(partnership, by, at, what="described")
    return partnership


@transaction.atomic
def add_partner(
    partnership: Partnership,
    *,
    contact: User,
    program: str = "",
    contributes: bool = True,
    by: User,
    at: datetime | None = None,
) -> Partner:
    """Bring a partner to the table: the agency of its contact, or one program of it.

    `contributes=False` is an intermediary, such as a university that links for the others: it contributes no data and
    gets no access to any by sitting here. Raises `NotPermitted`, `ReadinessRefused`.
    """
    may(partnership, "add partner", by)
    at = at or timezone.now()
    running = partnership.guides.exclude(state=GuideState.CONCLUDED).first()
    if running and running.state == GuideState.OPEN:
        raise ReadinessRefused(
            _("The answers of the discussion guide are already side by side."),
            next_step=_("Conclude the conversation first; the new partner takes part in the next one."),
        )
    made = seat(partnership, contact=contact, program=program, contributes=contributes, by=by, at=at)
    if running:
        ask_partner(Sheet.objects.create(guide=running, partner=made), at)
    note_change(partnership, by, at, what="partner added", partner=made.agency.code, contributes=contributes)
    return made


@transaction.atomic
def add_person(
    partnership: Partnership, *, person: User, title: str = "", by: User, at: datetime | None = None
) -> Member:
    """Add a colleague to one's own partner. Raises `NotPermitted`, and `ReadinessRefused` for someone of elsewhere."""
    may(partnership, "add person", by)
    partner = spoken_for(partnership, by, "add person")
    made = join(partnership, partner, person, title, by, at or timezone.now())
    note_change(partnership, by, at, what="person added", partner=partner.agency.code, person=f"user:{person.pk}")
    return made


@transaction.atomic
def remove_person(partnership: Partnership, *, person: User, by: User, at: datetime | None = None) -> None:
    """Take a colleague off one's own partner; its contact stays. Raises `NotPermitted`, `ReadinessRefused`."""
    may(partnership, "remove person", by)
    partner = spoken_for(partnership, by, "remove person")
    if partner.contact_id == person.pk:
        raise ReadinessRefused(
            _("%(name)s is the contact of this partner.") % {"name": person.name},
            next_step=_("Make somebody else the contact first."),
        )
    gone = Member.objects.filter(partner=partner, user=person, left_at__isnull=True)
    if not gone.update(left_at=at or timezone.now()):
        raise ReadinessRefused(_("That person is not one of yours here."), next_step=_("Reload the page."))
    note_change(partnership, by, at, what="person left", partner=partner.agency.code, person=f"user:{person.pk}")


@transaction.atomic
def make_contact(partnership: Partnership, *, person: User, by: User, at: datetime | None = None) -> Partner:
    """Let another colleague answer for one's own partner; what waits for the contact waits for them then."""
    may(partnership, "add person", by)
    partner = spoken_for(partnership, by, "add person")
    if partner_of(partnership, person) != partner:
        raise ReadinessRefused(
            _("The contact must be one of this partner’s people."), next_step=_("Add the person first.")
        )
    before, at = partner.contact, at or timezone.now()
    partner.contact = person
    partner.save()
    for sheet in Sheet.objects.filter(guide__partnership=partnership, partner=partner, handed_in_at__isnull=True):
        clocks.finish(about=sheet_label(sheet), step="answer the guide", person=before, outcome="handed over", at=at)
        ask_partner(sheet, at)
    for sheet in _without_view(partnership).filter(partner=partner):
        clocks.finish(about=sheet_label(sheet), step="say its view", person=before, outcome="handed over", at=at)
        ask_for_view(sheet, at)
    for paper in partnership.papers.filter(state=PaperState.SIGNING):
        if not signed_off_by(paper, partner):
            clocks.finish(about=paper.label, step="sign off", person=before, outcome="handed over", at=at)
            ask_to_sign_off(paper, partner, at)
    note_change(partnership, by, at, what="contact", partner=partner.agency.code, person=f"user:{person.pk}")
    return partner


@transaction.atomic
def appoint_facilitator(
    partnership: Partnership, *, facilitator: User | None, by: User, at: datetime | None = None
) -> Partnership:
    """Choose who leads the conversation and takes no side; None for nobody.

    Raises `NotPermitted`, `ReadinessRefused`.
    """
    may(partnership, "appoint facilitator", by)
    put_in_the_chair(partnership, facilitator)
    ask_whoever_leads(partnership, at or timezone.now())
    note_change(partnership, by, at, what="facilitator", person=f"user:{facilitator.pk}" if facilitator else "")
    return partnership


@transaction.atomic
def close_partnership(partnership: Partnership, *, reason: str, by: User, at: datetime | None = None) -> Partnership:
    """Stop talking. What was said is kept; what waited for anyone waits no longer. Raises `ReadinessRefused`."""
    may(partnership, "close", by)
    at = at or timezone.now()
    partnership.closed_because = words(reason, what=_("The reason"), longest=400)
    partnership.closed_by, partnership.closed_at, partnership.reconvene_on = by, at, None
    move(partnership, State.CLOSED)
    clocks.finish_all(about=about_partnership(partnership), outcome="closed", at=at)
    for sheet in Sheet.objects.filter(guide__partnership=partnership):
        clocks.finish_all(about=sheet_label(sheet), outcome="closed", at=at)
    for paper in partnership.papers.all():
        clocks.finish_all(about=paper.label, outcome="closed", at=at)
    for task in partnership.tasks.all():
        clocks.finish_all(about=f"partnership-task:{task.pk}", outcome="closed", at=at)
    audit.record(
        Event.PARTNERSHIP_CLOSED, about=about_partnership(partnership), by=by, at=at, reason=partnership.closed_because
    )
    return partnership


@transaction.atomic
def reopen_partnership(partnership: Partnership, *, by: User, at: datetime | None = None) -> Partnership:
    """Talk again after all. Raises `NotPermitted`, `ImpossibleMove`."""
    may(partnership, "reopen", by)
    at = at or timezone.now()
    partnership.closed_by, partnership.closed_at, partnership.closed_because = None, None, ""
    move(partnership, State.TALKING)
    running = partnership.guides.exclude(state=GuideState.CONCLUDED).first()
    if running is None:
        ask_to_begin(partnership, at)
    else:
        for sheet in running.sheets.filter(handed_in_at__isnull=True):
            ask_partner(sheet, at)
        for sheet in _without_view(partnership):
            ask_for_view(sheet, at)
    for task in partnership.tasks.filter(state="open"):
        ask_owner(task, at)
    for paper in partnership.papers.filter(state=PaperState.DRAFT):
        ask_to_write(paper, paper.started_by, at)
    for paper in partnership.papers.filter(state=PaperState.SIGNING):
        for partner in partnership.partners.select_related("agency", "contact"):
            if not signed_off_by(paper, partner):
                ask_to_sign_off(paper, partner, at)
    note_change(partnership, by, at, what="reopened")
    return partnership


def _without_view(partnership: Partnership) -> QuerySet[Sheet]:
    """The sheets that lie side by side, and whose partner has not said yet whether to go on."""
    open_guides = partnership.guides.filter(state=GuideState.OPEN)
    return Sheet.objects.filter(guide__in=open_guides, view="").select_related("partner__agency", "partner__contact")


@transaction.atomic
def look_anew(partnership: Partnership, *, by: User, at: datetime | None = None) -> Partnership:
    """Talk again about what was once found feasible. Raises `NotPermitted`, `ImpossibleMove`."""
    may(partnership, "look anew", by)
    move(partnership, State.TALKING)
    mark(partnership, "2a", False, by, at)
    ask_to_begin(partnership, at or timezone.now())
    note_change(partnership, by, at, what="looked at anew")
    return partnership
