"""Bodies, their charters and seats: found, change a charter by a decision, fill and vacate seats, stand in."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infotrust.core.counting import Basis, Share
from infotrust.shared.accounts.models import Agency, Role, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision, NotPermitted, Reason
from infotrust.stages.governance import queries
from infotrust.stages.governance.lifecycle import State
from infotrust.stages.governance.models import Body, Charter, Delegation, Interest, Motion, Seat, Term
from infotrust.stages.governance.queries import permits
from infotrust.stages.governance.services import showing
from infotrust.stages.governance.services.calling import tell_members
from infotrust.stages.governance.services.ground import BoardRefused, await_votes
from infotrust.stages.governance.terms import Office, SeatKind


def about(body: Body) -> str:
    return f"body:{body.code}"


@transaction.atomic
def found_body(
    *,
    code: str,
    name: str,
    about: str,
    charter: str,
    share: str = Share.MAJORITY.value,
    basis: str = Basis.CAST.value,
    quorum_number: int = 0,
    quorum_percent: int = 50,
    one_vote_per_agency: bool = False,
    chair_decides_ties: bool = False,
    comment_days: int = 14,
    vote_days: int = 7,
    term_months: int = 36,
    decides_extensions: bool = False,
    names_public: bool = False,
    by: User,
    at: datetime | None = None,
) -> Body:
    """Found a body with the first version of its charter. Raises `NotPermitted` and `BoardRefused`."""
    duties.require("found boards", by=by)
    at = at or timezone.now()
    if Body.objects.filter(code=code).exists() or Body.objects.filter(name=name).exists():
        raise BoardRefused(
            _("There is already a body %(code)s or named %(name)s.") % {"code": code, "name": name},
            next_step=_("Choose another name."),
        )
    body = Body.objects.create(
        code=code, name=name.strip(), about=about.strip(), names_public=names_public, founded_at=at
    )
    rules = {
        "share": share,
        "basis": basis,
        "quorum_number": quorum_number,
        "quorum_percent": quorum_percent,
        "one_vote_per_agency": one_vote_per_agency,
        "chair_decides_ties": chair_decides_ties,
        "comment_days": comment_days,
        "vote_days": vote_days,
        "term_months": term_months,
        "decides_extensions": decides_extensions,
    }
    _write_charter(body, 1, charter, rules, None, by, at)
    _tell(Event.BODY_FOUNDED, body, by, at)
    return body


@transaction.atomic
def amend_charter(
    body: Body, *, motion: Motion, charter: str, by: User, at: datetime | None = None, **rules: object
) -> Charter:
    """Put a new version of the charter in force, by a motion that the body adopted for it (subject `body:CODE`).

    `rules` are those of `found_body`; what is not named stays. Votes that are open stay under the version they were
    opened under. Raises `NotPermitted`, and `BoardRefused` where the motion is not one that decided this.
    """
    at = at or timezone.now()
    permits.require_keeper(body, by=by, at=at)
    now = queries.charter(body)
    used = Charter.objects.filter(motion=motion).exists()
    if motion.state != State.ADOPTED or motion.body_id != body.pk or motion.subject != about(body) or used:
        raise BoardRefused(
            _("A charter is changed only by a motion about it that this body adopted, once."),
            next_step=_("Raise a motion about the charter, and name it when it is adopted."),
        )
    names = (
        "share", "basis", "quorum_number", "quorum_percent", "one_vote_per_agency", "chair_decides_ties",
        "comment_days", "vote_days", "term_months", "decides_extensions",
    )  # fmt: skip
    kept = {name: getattr(now, name) for name in names}
    made = _write_charter(body, now.version + 1, charter, kept | rules, motion, by, at)
    _tell(Event.CHARTER_CHANGED, body, by, at, version=made.version, motion=motion.label)
    return made


def _write_charter(
    body: Body, version: int, text: str, rules: dict[str, object], motion: Motion | None, by: User, at: datetime
) -> Charter:
    charter = Charter(body=body, version=version, text=text.strip(), motion=motion, adopted_by=by, adopted_at=at)
    for name, value in rules.items():
        setattr(charter, name, value)
    if not charter.text:
        raise BoardRefused(_("The charter has no text."), next_step=_("Write it: the public reads it."))
    try:
        charter.rule  # noqa: B018 - a rule that makes no sense is refused when it is made
    except ValueError:
        raise BoardRefused(
            _("The chair decides ties only where a majority of the votes cast decides, and a quorum is at most 100%."),
            next_step=_("Choose another rule."),
        ) from None
    charter.save()
    return charter


@transaction.atomic
def add_seat(
    body: Body,
    *,
    title: str,
    kind: str,
    agency: Agency | None = None,
    office: str = Office.MEMBER,
    votes: bool = True,
    by: User,
    at: datetime | None = None,
) -> Seat:
    """Add a seat: an agency's, the residents' or an expert's. Raises `NotPermitted` and `BoardRefused`."""
    at = at or timezone.now()
    permits.require_keeper(body, by=by, at=at)
    there = body.seats.filter(abolished_at__isnull=True)
    if there.filter(title=title.strip()).exists():
        raise BoardRefused(_("There is already a seat of this name."), next_step=_("Choose another name."))
    if office == Office.CHAIR and there.filter(office=Office.CHAIR).exists():
        raise BoardRefused(_("A body has one chair."), next_step=_("Make it a member’s seat."))
    if (kind == SeatKind.AGENCY) != (agency is not None):
        raise BoardRefused(
            _("An agency’s seat names its agency, and no other seat does."), next_step=_("Choose the agency, or none.")
        )
    seat = Seat.objects.create(
        body=body,
        title=title.strip(),
        kind=SeatKind(kind),
        agency=agency,
        office=Office(office),
        votes=votes,
        made_at=at,
    )
    _tell(Event.SEAT_CHANGED, body, by, at, seat=seat.pk, what="added")
    return seat


@transaction.atomic
def abolish_seat(seat: Seat, *, by: User, at: datetime | None = None) -> Seat:
    """Do away with a seat that nobody holds any more; what it voted stays. Raises `BoardRefused` while it is held."""
    at = at or timezone.now()
    permits.require_keeper(seat.body, by=by, at=at)
    today = timezone.localdate(at)
    if any((term.left_on or term.ends_on) >= today for term in seat.terms.all()):
        raise BoardRefused(_("Someone still holds this seat, or will."), next_step=_("End that term first."))
    if seat.body.motions.filter(state=State.VOTING).exists():
        raise BoardRefused(
            _("A vote of this body is open, and seats do not change while it is."), next_step=_("Wait for its close.")
        )
    seat.abolished_at = at
    seat.save()
    _tell(Event.SEAT_CHANGED, seat.body, by, at, seat=seat.pk, what="abolished")
    return seat


@transaction.atomic
def seat_someone(
    seat: Seat, *, holder: User, starts_on: date, ends_on: date, by: User, at: datetime | None = None
) -> Term:
    """Give a seat to someone for a term. Raises `NotPermitted`, and `BoardRefused` naming the rule that forbids it."""
    at = at or timezone.now()
    permits.require_keeper(seat.body, by=by, at=at)
    Seat.objects.select_for_update().get(pk=seat.pk)
    if holder.pk == by.pk:
        text = _("Nobody seats themselves: another keeper of the body’s seats does.")
        raise NotPermitted(Decision(False, (Reason("board:not-oneself", text),)), wanted="seat oneself")
    _require_dates(seat, starts_on, ends_on)
    _require_fit(seat, holder)
    _require_one_vote(seat, holder, starts_on, ends_on)
    term = Term.objects.create(seat=seat, holder=holder, starts_on=starts_on, ends_on=ends_on)
    _tell(Event.SEAT_FILLED, seat.body, by, at, seat=seat.pk, holder=holder.pk, until=ends_on)
    _votes_may_have_moved(seat.body, at)
    return term


def _require_dates(seat: Seat, starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise BoardRefused(_("The term ends before it begins."), next_step=_("Correct the dates."))
    charter = queries.charter(seat.body)
    last = _months_after(starts_on, charter.term_months)
    if ends_on >= last:
        raise BoardRefused(
            ngettext(
                "A term lasts at most %(months)d month (%(rule)s).",
                "A term lasts at most %(months)d months (%(rule)s).",
                charter.term_months,
            )
            % {"months": charter.term_months, "rule": queries.citation(charter)},
            next_step=_("Its last day can be %(day)s.") % {"day": date_format(last - timedelta(days=1))},
        )
    for term in seat.terms.all():
        if term.starts_on <= ends_on and starts_on <= (term.left_on or term.ends_on):
            raise BoardRefused(
                _("The seat %(seat)s is held on some of these days already.") % {"seat": seat.title},
                next_step=_("End that term first, or choose later dates."),
            )


def _months_after(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _require_fit(seat: Seat, someone: User) -> None:
    """A seat is held, and stood in for, by those it is for; those who run the trust's machinery have no vote on it."""
    problem = ""
    if not someone.is_active:
        problem = _("This account is closed.")
    elif seat.votes and not duties.may("vote on boards", by=someone):
        problem = str(duties.DUTIES["vote on boards"].plain)
    elif not seat.votes and not duties.may("read governance", by=someone):
        problem = _("Only someone with a role in the trust holds a seat.")
    elif seat.kind == SeatKind.AGENCY and someone.agency_id != seat.agency_id:
        problem = _("An agency’s seat is held by someone of that agency.")
    elif seat.kind == SeatKind.RESIDENT and Role.RESIDENT not in someone.roles:
        problem = _("A residents’ seat is held by a resident member.")
    if problem:
        raise BoardRefused(problem, next_step=_("Choose someone else for the seat %(seat)s.") % {"seat": seat.title})


def _require_one_vote(seat: Seat, someone: User, first: date, last: date) -> None:
    """Nobody acts for two voting seats of one body on one day, as holder or as delegate."""
    if not seat.votes:
        return
    for term in Term.objects.filter(seat__body=seat.body, seat__votes=True).prefetch_related("delegations"):
        held = term.holder_id == someone.pk and _meet(term.starts_on, term.left_on or term.ends_on, first, last)
        stands_in = any(
            one.delegate_id == someone.pk and one.ended_at is None and _meet(one.first_day, one.last_day, first, last)
            for one in term.delegations.all()
        )
        if held or stands_in:
            raise BoardRefused(
                _("One person acts for one voting seat of a body, and this person has one already."),
                next_step=_("Choose someone else for the seat %(seat)s.") % {"seat": seat.title},
            )


def _meet(first: date, last: date, other_first: date, other_last: date) -> bool:
    return first <= other_last and other_first <= last


@transaction.atomic
def end_term(term: Term, *, last_day: date, reason: str, by: User, at: datetime | None = None) -> Term:
    """End a term early: by its holder, or by a keeper of the body's seats. Raises `NotPermitted` and `BoardRefused`."""
    at = at or timezone.now()
    if term.holder_id != by.pk:
        permits.require_keeper(term.seat.body, by=by, at=at)
    if not reason.strip():
        raise BoardRefused(_("A term ends early only for a reason."), next_step=_("Write it."))
    if not term.starts_on <= last_day <= term.ends_on:
        raise BoardRefused(_("The last day is not within the term."), next_step=_("Choose a day within it."))
    term.left_on, term.left_reason = last_day, reason.strip()[:400]
    term.save()
    _tell(Event.SEAT_VACATED, term.seat.body, by, at, seat=term.seat_id, last_day=last_day)
    _votes_may_have_moved(term.seat.body, at)
    return term


@transaction.atomic
def name_delegate(
    term: Term,
    *,
    delegate: User,
    first_day: date,
    last_day: date,
    reason: str = "",
    by: User,
    at: datetime | None = None,
) -> Delegation:
    """Have someone stand in for the holder of a seat, on these days. Only the holder names a delegate.

    While it runs, the delegate acts and votes, and the holder does not. Raises `NotPermitted`, `BoardRefused`.
    """
    at = at or timezone.now()
    _require_holder(term, by)
    if last_day < first_day:
        raise BoardRefused(_("The last day is before the first."), next_step=_("Correct the dates."))
    if first_day < term.starts_on or last_day > (term.left_on or term.ends_on):
        raise BoardRefused(
            _("A delegate stands in only within the holder’s own term."),
            next_step=_("The term ends on %(day)s.") % {"day": date_format(term.left_on or term.ends_on)},
        )
    if delegate.pk == by.pk:
        raise BoardRefused(_("Nobody stands in for themselves."), next_step=_("Choose someone else."))
    running = [one for one in term.delegations.all() if one.ended_at is None]
    if any(_meet(one.first_day, one.last_day, first_day, last_day) for one in running):
        raise BoardRefused(
            _("On some of these days someone already stands in for this seat."), next_step=_("End that first.")
        )
    _require_fit(term.seat, delegate)
    _require_one_vote(term.seat, delegate, first_day, last_day)
    made = Delegation.objects.create(
        term=term, delegate=delegate, first_day=first_day, last_day=last_day, reason=reason.strip()[:200], named_at=at
    )
    _tell(Event.DELEGATE_NAMED, term.seat.body, by, at, seat=term.seat_id, delegate=delegate.pk, until=last_day)
    _votes_may_have_moved(term.seat.body, at)
    return made


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: User, at: datetime | None = None) -> Delegation:
    """End a delegation: the holder is back. The delegate's vote stands; the holder may change it before the close."""
    at = at or timezone.now()
    _require_holder(delegation.term, by)
    if delegation.ended_at is None:
        delegation.ended_at = at
        delegation.save()
        _tell(Event.DELEGATE_NAMED, delegation.term.seat.body, by, at, seat=delegation.term.seat_id, ended=True)
        _votes_may_have_moved(delegation.term.seat.body, at)
    return delegation


@transaction.atomic
def declare_interest(term: Term, *, words: str, subject: str = "", by: User, at: datetime | None = None) -> Interest:
    """Declare what a seat's holder, or someone close, gains or loses by. `subject` labels the thing, if any."""
    at = at or timezone.now()
    _require_holder(term, by)
    if not words.strip():
        raise BoardRefused(_("Nothing was declared."), next_step=_("Write what the interest is."))
    made = Interest.objects.create(term=term, words=words.strip()[:400], subject=subject.strip(), declared_at=at)
    _tell(Event.INTEREST_DECLARED, term.seat.body, by, at, seat=term.seat_id, subject=made.subject)
    return made


def _require_holder(term: Term, by: User) -> None:
    duties.require("read governance", by=by)
    if term.holder_id != by.pk:
        text = _("Only the holder of a seat speaks for it here.")
        raise NotPermitted(Decision(False, (Reason("board:not-its-holder", text),)), wanted=f"seat {term.seat_id}")


def _votes_may_have_moved(body: Body, at: datetime) -> None:
    """Someone else may act for a seat now: open votes wait for them, and they are asked to meetings."""
    for motion in queries.motions(body=body, states=[State.VOTING]):
        await_votes(motion, at=at)
    for meeting in queries.called(body):
        tell_members(meeting, at)


def _tell(event: Event, body: Body, by: User, at: datetime, **facts: object) -> None:
    audit.record(event, about=about(body), by=by, at=at, **facts)
    showing.show_body(body, at=at)
