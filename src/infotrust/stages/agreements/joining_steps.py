"""The steps of joining in order (memo, boards, privacy, vote, all sign): where each stands, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import Role
from infotrust.stages.agreements import queries
from infotrust.stages.agreements.lifecycle import OPEN_JOININGS, JoiningState
from infotrust.stages.governance import queries as governance


@dataclass(frozen=True)
class Step:
    """`stands`: done, now, later, skipped or refused. `said`: by whom and when, or who is next."""

    title: str
    stands: str
    said: str
    address: str = ""


def steps(memo: Any) -> list[Step]:
    """The steps in their order. What the boards and the parties did is asked where it is known, never copied."""
    return [_sent(memo), *_executive(memo), _taken_up(memo), _privacy(memo), _vote(memo), _signatures(memo)]


def _sent(memo: Any) -> Step:
    title = _("%(agency)s sends the memo") % {"agency": memo.agency.name}
    if memo.sent_at and memo.state != JoiningState.DRAFT:
        return Step(title, "done", _who_when(memo.sent_by, memo.sent_at))
    return Step(title, *_waits(memo, JoiningState.DRAFT, _("Its board member sends it.")))


def _executive(memo: Any) -> list[Step]:
    if not memo.executive_board:
        return []
    name = governance.body(memo.executive_board).name
    title = _("The %(board)s lets it ask") % {"board": name}
    subject = f"joining:{memo.pk}"
    about = governance.of_subject(subject)
    address = f"/governance/motions/{about[0].pk}/" if about else ""
    decision = governance.decision_on(subject, body=memo.executive_board)
    if decision is not None and memo.state != JoiningState.DRAFT:
        day = date_format(decision.decided_on)
        stands, words = ("done", _("adopted")) if decision.adopted else ("refused", _("not adopted"))
        return [Step(title, stands, f"{words}, {day}", address)]
    return [Step(title, *_waits(memo, JoiningState.BOARD, _("Its motion is before the board.")), address)]


def _taken_up(memo: Any) -> Step:
    title = _("A party takes it up and drafts the edition with it")
    if memo.taken_up_at and memo.edition:
        address = f"/agreements/{memo.edition.code}/"
        return Step(title, "done", _who_when(memo.taken_up_by, memo.taken_up_at), address)
    return Step(title, *_waits(memo, JoiningState.WELCOME, _("A data steward or counsel of a party does.")))


def _privacy(memo: Any) -> Step:
    title = _("Privacy officers say what they see")
    if not memo.edition:
        return Step(title, *_waits(memo, JoiningState.PARTIES, ""))
    said = [one for one in queries.role_reviews(memo.edition) if one.role == Role.PRIVACY]
    words = "; ".join(
        f"{one.agency.name}: {_('content') if one.content else _('has concerns')}, {_day(one.at)}" for one in said
    )
    if memo.state == JoiningState.JOINED:
        return Step(title, "done" if said else "skipped", words or _("Nobody was asked, or nobody said anything."))
    return Step(title, *_waits(memo, JoiningState.PARTIES, words or _("None has said anything yet.")))


def _vote(memo: Any) -> Step:
    board = memo.edition.board if memo.edition else memo.governing_board
    if not board:
        return Step(_("No governing board votes on it"), "skipped", _("Counsel and board members of the parties do."))
    title = _("The %(board)s votes") % {"board": governance.body(board).name}
    if not memo.edition:
        return Step(title, *_waits(memo, JoiningState.PARTIES, ""))
    # The motion keeps the label that the edition had while it was voted on.
    subject = f"agreement:{memo.edition.lineage}-v{memo.edition.edition}"
    about, decision = governance.of_subject(subject), governance.decision_on(subject, body=board)
    address = f"/governance/motions/{about[0].pk}/" if about else ""
    if decision is not None and decision.subject_version == str(memo.edition.text_version):
        stands, words = ("done", _("adopted")) if decision.adopted else ("refused", _("not adopted"))
        return Step(title, stands, f"{words}, {date_format(decision.decided_on)}", address)
    return Step(title, *_waits(memo, JoiningState.PARTIES, _("Its motion is before the board.")), address)


def _signatures(memo: Any) -> Step:
    title = _("All sign")
    if not memo.edition:
        return Step(title, *_waits(memo, JoiningState.PARTIES, ""))
    parties = list(memo.edition.parties.select_related("agency", "signed_by"))
    signed = [f"{one.agency.name} ({_who_when(one.signed_by, one.signed_at)})" for one in parties if one.signed_at]
    missing = [one.agency.name for one in parties if not one.signed_at]
    words = "; ".join(
        part
        for part in (
            _("signed: %(who)s") % {"who": ", ".join(signed)} if signed else "",
            _("still to sign: %(who)s") % {"who": ", ".join(missing)} if missing else "",
        )
        if part
    )
    if not missing:
        return Step(title, "done", words)
    return Step(title, *_waits(memo, JoiningState.PARTIES, words))


def _waits(memo: Any, state: JoiningState, words: str) -> tuple[str, str]:
    """Where a step stands that is not done: now, later, or never."""
    order = [JoiningState.DRAFT, JoiningState.BOARD, JoiningState.WELCOME, JoiningState.PARTIES]
    if memo.state not in OPEN_JOININGS:
        return "skipped", _("It did not come to this.")
    if memo.state == state:
        return "now", words
    return ("later", "") if order.index(JoiningState(memo.state)) < order.index(state) else ("skipped", "")


def _who_when(who: Any, when: datetime | None) -> str:
    return _("%(who)s, %(day)s") % {"who": who.name, "day": _day(when)} if who and when else ""


def _day(when: datetime) -> str:
    return date_format(timezone.localdate(when))
