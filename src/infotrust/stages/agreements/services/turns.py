"""Whose turn it is with an agreement: every waiting day belongs to a named step and holder (`shared/clocks`)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.shared.accounts import queries as accounts
from infotrust.shared.accounts.models import Agency, Role, User
from infotrust.shared.clocks import services as clocks
from infotrust.shared.permissions import duties
from infotrust.stages.agreements.models import Agreement, Joining

PROCESS = "agreement"
# Who looks at a text at the same time. Counsel's approval is the gate; the others say what they see.
REVIEW_STEPS: dict[str, str] = {
    Role.COUNSEL: "counsel review",
    Role.PRIVACY: "privacy review",
    Role.SECURITY: "security review",
    Role.PROGRAM: "program review",
}
ASK_BOARD = "ask board"
SIGNATURE, CONFIRM = "signature", "confirm signature"
RECONCILE, DECIDE = "reconcile comments", "decide proposals"
# The turns of a joining memo, before the edition's own.
JOINING = "joining"
SEND, TAKE_UP = "send memo", "take up memo"
# What a joining may take from the day it is sent.
JOINED_WITHIN = timedelta(days=30)
DISPUTE, LOOK_AGAIN, NOTICE = "settle dispute", "regular review", "breach notice"


def ask_reviewers(agreement: Agreement, at: datetime) -> None:
    """Start the clock of every reviewer of every party; only of those roles that someone of the agency holds."""
    for party in agreement.parties.select_related("agency"):
        for role, step in REVIEW_STEPS.items():
            if role == Role.COUNSEL or accounts.people(agency=party.agency.code, role=role).exists():
                _begin(agreement, step, _("Review %(title)s"), at, agency=party.agency, role=role)


def ask_to_ask_board(agreement: Agreement, at: datetime, *, again: bool) -> None:
    title = _("Put %(title)s before its board again, or reopen it") if again else _("Put %(title)s before its board")
    for party in agreement.parties.select_related("agency"):
        _begin(agreement, ASK_BOARD, title, at, agency=party.agency, role=Role.STEWARD)


def ask_signers(agreement: Agreement, at: datetime) -> None:
    for party in agreement.parties.select_related("agency").filter(signed_at__isnull=True):
        _begin(agreement, SIGNATURE, _("Sign %(title)s"), at, agency=party.agency, role=Role.BOARD_MEMBER)


def ask_to_confirm(agreement: Agreement, agency: Agency, at: datetime) -> None:
    """Ask the second person: a board member of the party that handed a signature in, or counsel of another one."""
    for party in agreement.parties.select_related("agency"):
        role = Role.BOARD_MEMBER if party.agency_id == agency.pk else Role.COUNSEL
        _begin(agreement, CONFIRM, _("Confirm a signature under %(title)s"), at, agency=party.agency, role=role)


def tell_parties(agreement: Agreement, what: str, at: datetime, by: User | None) -> None:
    """Tell each party's people who look after an agreement what became of it: on their desks, and by mail."""
    roles = (Role.STEWARD, Role.COUNSEL, Role.PRIVACY, Role.BOARD_MEMBER)
    people = [
        one
        for party in agreement.parties.select_related("agency")
        for role in roles
        for one in accounts.people(agency=party.agency.code, role=role)
    ]
    title = _("%(code)s, %(title)s: %(what)s") % {"code": agreement.code, "title": agreement.title, "what": what}
    clocks.tell(people, title=title, address=reverse("agreements:agreement", args=[agreement.code]), by=by, at=at)


def ask_contact(agreement: Agreement, agency: Agency, person: User | None, at: datetime) -> None:
    """Ask a party's contact; where none is named, its counsel, who may name one."""
    title = _("Settle comments on %(title)s")
    role = "" if person else Role.COUNSEL
    _begin(agreement, RECONCILE, title, at, agency=agency, role=role, person=person, page="discussion")


def ask_to_decide(agreement: Agreement, at: datetime) -> None:
    """Ask whoever drafted it; where that person no longer can, the stewards of every party."""
    title, drafter = _("Decide what Word files propose for %(title)s"), agreement.drafted_by
    if drafter.is_active and duties.may("draft agreement", by=drafter):
        _begin(agreement, DECIDE, title, at, person=drafter, page="proposals")
        return
    for party in agreement.parties.select_related("agency"):
        _begin(agreement, DECIDE, title, at, agency=party.agency, role=Role.STEWARD, page="proposals")


def ask_to_look_again(agreement: Agreement, at: datetime) -> None:
    for party in agreement.parties.all():
        _begin(
            agreement,
            LOOK_AGAIN,
            _("Say whether %(title)s still fits"),
            at,
            agency=party.agency,
            role=Role.BOARD_MEMBER,
        )


def ask_to_settle(agreement: Agreement, at: datetime, due_on: date) -> None:
    for party in agreement.parties.select_related("agency"):
        title = _("Settle the dispute about %(title)s")
        _begin(agreement, DISPUTE, title, at, agency=party.agency, role=Role.BOARD_MEMBER, due_on=due_on)


def ask_for_notice(agreement: Agreement, agency: Agency, at: datetime, due_on: date | None) -> None:
    title = _("Send the notices of the breach of %(title)s")
    _begin(agreement, NOTICE, title, at, agency=agency, role=Role.PRIVACY, due_on=due_on)


def ask_to_send(memo: Joining, at: datetime) -> None:
    _begin_for(memo, SEND, _("Send the memo by which %(agency)s joins %(code)s"), at, memo.agency, Role.BOARD_MEMBER)


def ask_to_take_up(memo: Joining, agreement: Agreement, at: datetime) -> None:
    title = _("Take up the wish of %(agency)s to join %(code)s")
    for party in agreement.parties.select_related("agency"):
        _begin_for(memo, TAKE_UP, title, at, party.agency, Role.STEWARD)


def memo_done(memo: Joining, step: str, at: datetime, outcome: str) -> None:
    clocks.finish(about=f"joining:{memo.pk}", step=step, outcome=outcome, at=at)


def memo_all_done(memo: Joining, at: datetime, outcome: str) -> None:
    clocks.finish_all(about=f"joining:{memo.pk}", outcome=outcome, at=at)


def _begin_for(memo: Joining, step: str, title: str, at: datetime, agency: Agency, role: str) -> None:
    clocks.begin(
        about=f"joining:{memo.pk}",
        process=JOINING,
        step=step,
        title=title % {"agency": memo.agency.name, "code": memo.joins},
        address=reverse("agreements:joining", args=[memo.pk]),
        agency=agency,
        role=role,
        due_on=timezone.localdate(memo.sent_at + JOINED_WITHIN) if memo.sent_at else None,
        at=at,
    )


def done(agreement: Agreement, step: str, at: datetime, outcome: str, agency: Agency | None = None) -> None:
    clocks.finish(about=_about(agreement), step=step, agency=agency, outcome=outcome, at=at)


def over(agreement: Agreement, at: datetime, outcome: str, address: str = "") -> None:
    """End what waits of an agreement that is over, but not a dispute or a notice: those are owed all the same.

    `address`: where it is found from now on, where an amendment took its name.
    """
    for step in (*REVIEW_STEPS.values(), ASK_BOARD, SIGNATURE, RECONCILE, DECIDE, CONFIRM, LOOK_AGAIN):
        done(agreement, step, at, outcome)
    if address:
        clocks.moved(about=_about(agreement), address=address)


def all_done(agreement: Agreement, at: datetime, outcome: str) -> None:
    clocks.finish_all(about=_about(agreement), outcome=outcome, at=at)


def _begin(
    agreement: Agreement,
    step: str,
    title: str,
    at: datetime,
    *,
    agency: Agency | None = None,
    role: str = "",
    person: User | None = None,
    due_on: date | None = None,
    page: str = "agreement",
) -> None:
    clocks.begin(
        about=_about(agreement),
        process=PROCESS,
        step=step,
        title=title % {"title": _called(agreement)},
        address=reverse(f"agreements:{page}", args=[agreement.code]),
        agency=agency,
        role=role,
        person=person,
        due_on=due_on,
        at=at,
    )


def _called(agreement: Agreement) -> str:
    """Its title; of an amendment, also of what it is one: waits keep the label that it had as a draft."""
    if agreement.amends is None:
        return agreement.title
    named = {"title": agreement.title, "code": agreement.lineage, "n": agreement.edition}
    return _("%(title)s (amendment: edition %(n)d of %(code)s)") % named


def _about(agreement: Agreement) -> str:
    return agreement.label
