"""Bodies, charters in force, and who acts for which seat on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infotrust.core.counting import Basis, Share
from infotrust.core.errors import NotThere
from infotrust.shared.accounts.models import User
from infotrust.stages.governance.models import Body, Charter, Delegation, Seat, Term
from infotrust.stages.governance.terms import Office


class NoSuchBody(NotThere):
    """No body, seat or term of that name or number."""


@dataclass(frozen=True)
class SeatNow:
    """A seat on a day: its term and delegation where there are any, and who acts for it (None: it is vacant)."""

    seat: Seat
    term: Term | None = None
    delegation: Delegation | None = None

    @property
    def holder(self) -> User | None:
        return self.term.holder if self.term else None

    @property
    def actor(self) -> User | None:
        """The delegate while one is named, else the holder. An account that was closed leaves the seat vacant."""
        found = self.delegation.delegate if self.delegation else self.holder
        return found if found is not None and found.is_active else None

    @property
    def vacant(self) -> bool:
        return self.actor is None

    @property
    def until(self) -> date | None:
        return (self.term.left_on or self.term.ends_on) if self.term else None


@dataclass(frozen=True)
class Standing:
    """What someone is on a body on a day: the voting seat they act for, and the offices they hold."""

    seats: tuple[SeatNow, ...] = ()

    @property
    def voting(self) -> SeatNow | None:
        return next((now for now in self.seats if now.seat.votes), None)

    @property
    def presides(self) -> bool:
        return any(now.seat.office in (Office.CHAIR, Office.SECRETARY) for now in self.seats)

    @property
    def offices(self) -> frozenset[str]:
        return frozenset(now.seat.office for now in self.seats)


def bodies() -> list[Body]:
    """Return every body, in the order in which they were founded."""
    return list(Body.objects.all())


def body(code: str) -> Body:
    """Return the body called `code`; raises `NoSuchBody`."""
    found = Body.objects.filter(code=code).first()
    if found is None:
        raise NoSuchBody(
            _("There is no body called %(code)s.") % {"code": code}, next_step=_("See the list of bodies.")
        )
    return found


def charter(body: Body) -> Charter:
    """Return the charter in force: the newest version."""
    found = body.charters.order_by("-version").first()
    if found is None:
        raise NoSuchBody(_("%(body)s has no charter.") % {"body": body.name}, next_step=_("Found it anew."))
    return found


def citation(charter: Charter) -> str:
    """How a rule of a charter is quoted."""
    return _("Charter of the %(body)s, version %(version)d") % {"body": charter.body.name, "version": charter.version}


def seats(body: Body, on: date | None = None) -> list[SeatNow]:
    """Return the seats there are, the chair and secretary first, with who holds and acts for each on the day."""
    day = on or timezone.localdate()
    found = body.seats.filter(abolished_at__isnull=True).select_related("agency", "body")
    terms = Term.objects.select_related("holder", "holder__agency").prefetch_related(
        Prefetch("delegations", queryset=Delegation.objects.select_related("delegate", "delegate__agency"))
    )
    order = {Office.CHAIR: 0, Office.SECRETARY: 1}
    now = [_now(each, day) for each in found.prefetch_related(Prefetch("terms", queryset=terms))]
    return sorted(now, key=lambda each: (order.get(Office(each.seat.office), 2), each.seat.pk))


def _now(seat: Seat, day: date) -> SeatNow:
    term = next((one for one in seat.terms.all() if one.starts_on <= day <= (one.left_on or one.ends_on)), None)
    if term is None:
        return SeatNow(seat)
    running = [one for one in term.delegations.all() if one.ended_at is None and one.first_day <= day <= one.last_day]
    return SeatNow(seat, term, running[-1] if running else None)


def standing(body: Body, user: User, on: date | None = None) -> Standing:
    """Return what `user` is on the body on the day (today where none is given)."""
    return Standing(tuple(now for now in seats(body, on) if now.actor is not None and now.actor.pk == user.pk))


def seat(number: int) -> Seat:
    """Return the seat, also one that was abolished; raises `NoSuchBody`."""
    found = Seat.objects.select_related("body", "agency").filter(pk=number).first()
    if found is None:
        raise NoSuchBody(_("There is no such seat."), next_step=_("See the seats of the body."))
    return found


def term(number: int) -> Term:
    """Return the term of office; raises `NoSuchBody`."""
    found = Term.objects.select_related("seat__body", "holder").filter(pk=number).first()
    if found is None:
        raise NoSuchBody(_("There is no such term of office."), next_step=_("See the seats of the body."))
    return found


def terms_of(body: Body) -> QuerySet[Term]:
    """Every term there was, the newest first."""
    return Term.objects.filter(seat__body=body).select_related("seat", "holder").order_by("-starts_on", "-pk")


def rules_in_words(charter: Charter) -> list[str]:
    """Return the rules that a vote is counted by, one plain sentence each."""
    percent, number = charter.quorum_percent, charter.quorum_number
    rules = [_enough(charter)]
    if number:
        rules.append(
            ngettext("At least %(number)d seat must take part.", "At least %(number)d seats must take part.", number)
            % {"number": number}
        )
    if percent:
        rules.append(
            _("At least %(percent)d of 100 seats must take part. Empty seats count too.") % {"percent": percent}
        )
    if charter.one_vote_per_agency:
        rules.append(_("Each agency has one vote, however many seats it has. Each resident’s seat has its own vote."))
    if charter.chair_decides_ties:
        rules.append(_("When there is a tie, the chair’s vote decides."))
    rules.append(_("A seat that stands to gain or lose takes no part, and does not count as present."))
    rules.append(_comment(charter.comment_days))
    if charter.decides_extensions:
        rules.append(_("A license under an agreement that this board decides on is extended only as it decides."))
    return rules


def _enough(charter: Charter) -> str:
    cast = charter.basis == Basis.CAST
    words = {
        Share.MAJORITY.value: _("More votes for it than against it adopt a motion. Abstentions do not count.")
        if cast
        else _("More than half of all voting seats must be for a motion."),
        Share.TWO_THIRDS.value: _("Two of three votes must be for a motion. Abstentions do not count.")
        if cast
        else _("Two of three of all voting seats must be for a motion."),
        Share.ALL.value: _("One vote against a motion stops it. Abstentions do not count.")
        if cast
        else _("Every voting seat must be for a motion."),
    }
    return words[charter.share]


def _comment(days: int) -> str:
    if not days:
        return _("The board may vote without asking the public first.")
    return ngettext(
        "Before each vote, anyone can comment for at least %(days)d day, and each comment gets a reply.",
        "Before each vote, anyone can comment for at least %(days)d days, and each comment gets a reply.",
        days,
    ) % {"days": days}
