"""A board's say: an agreement can be put under one, and is then signed only when it adopted this very text.

The four questions are asked of every text that is sent for review, and again of the next one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.models import Agreement
from infotrust.stages.agreements.services import turns
from infotrust.stages.agreements.services.ground import AgreementRefused, about, lock, may_change
from infotrust.stages.governance import queries as governance
from infotrust.stages.governance import services as boards
from infotrust.stages.governance.lifecycle import OPEN


@transaction.atomic
def put_under_board(agreement: Agreement, *, board: str, by: User, at: datetime | None = None) -> Agreement:
    """Have the board called `board` decide before it is signed; "" for none. Drafts only.

    Raises `NotPermitted`, `NoSuchBody`, `ImpossibleMove`.
    """
    may_change(agreement, by)
    agreement.board = governance.body(board).code if board else ""
    agreement.save(update_fields=["board"])
    audit.record(Event.AGREEMENT_CHANGED, about=about(agreement), by=by, at=at, what="board", board=board)
    return agreement


@transaction.atomic
def ask_board(agreement: Agreement, *, why: str = "", by: User, at: datetime | None = None) -> Any:
    """Raise the motion that the board adopt the text as it stands. Returns the motion.

    Raises `NotPermitted`, `MotionRefused` where one about it is open, and `AgreementRefused` where there is no board or
    no text yet.
    """
    lock(agreement)
    if not agreement.board:
        raise AgreementRefused(
            _("No board decides on %(code)s.") % {"code": agreement.code}, next_step=_("Choose one in the draft.")
        )
    if agreement.state not in {State.IN_REVIEW, State.AWAITING_SIGNATURES}:
        raise AgreementRefused(
            _("%(code)s has no text that a board could adopt now.") % {"code": agreement.code},
            next_step=_("Send it for review first."),
        )
    named = {"code": agreement.code, "title": agreement.title, "version": agreement.text_version}
    return boards.raise_motion(
        body=agreement.board,
        title=_("Adopt %(code)s: %(title)s") % named,
        text=_("That %(code)s, “%(title)s”, be signed in its text %(version)d.") % named,
        subject=agreement.label,
        subject_version=str(agreement.text_version),
        address=_page(agreement),
        why=why or agreement.why,
        by=by,
        at=at,
    )


def ask_four_questions(agreement: Agreement, *, by: User, at: datetime) -> None:
    """Ask of the text that was just sent for review: is it legal, ethical, a good idea, and who decides."""
    boards.ask_four_questions(
        agreement.label,
        agreement.text_version,
        title=f"{agreement.code}: {agreement.title}",
        address=_page(agreement),
        by=by,
        at=at,
    )


def ask_who_is_next(agreement: Agreement, at: datetime) -> None:
    """Begin the waits of whoever is next after counsel, and end those of others.

    The signers once the board, if one decides, adopted this text. Until then, while a motion about it is open, the
    board (the motion has waits of its own); else the stewards, who can ask it.
    """
    if not missing_decision(agreement):
        turns.done(agreement, turns.ASK_BOARD, at, "adopted")
        turns.ask_signers(agreement, at)
        return
    turns.done(agreement, turns.SIGNATURE, at, "the board decides first")
    if is_asked(agreement):
        turns.done(agreement, turns.ASK_BOARD, at, "asked")
    else:
        turns.ask_to_ask_board(agreement, at, again=decision_of(agreement) is not None)


def is_asked(agreement: Agreement) -> bool:
    """Whether a motion before its board asks to adopt the text as it stands; one about an earlier text does not."""
    text = str(agreement.text_version)
    return any(
        one.state in OPEN and one.body.code == agreement.board and one.subject_version == text
        for one in governance.of_subject(agreement.label)
    )


def board_moved(*, subject: str, at: datetime) -> None:
    """A motion about an agreement was raised, withdrawn or decided: someone else may be next."""
    kind, _colon, name = subject.partition(":")
    if kind == "agreement":
        waiting = Agreement.objects.select_for_update().filter(code=name, state=State.AWAITING_SIGNATURES)
        for agreement in waiting.exclude(board=""):
            ask_who_is_next(agreement, at)


def decision_of(agreement: Agreement) -> Any:
    """Return what the board of an agreement decided last about this edition; none where it decided nothing."""
    return governance.decision_on(agreement.label, body=agreement.board) if agreement.board else None


def missing_decision(agreement: Agreement) -> str:
    """Return why the board still keeps it from being signed; empty where it does not."""
    if not agreement.board:
        return ""
    named = {"board": governance.body(agreement.board).name, "code": agreement.code}
    decision = decision_of(agreement)
    if decision is None:
        return _("The %(board)s has not decided on %(code)s.") % named
    if not decision.adopted:
        return _("The %(board)s did not adopt %(code)s.") % named
    if decision.subject_version != str(agreement.text_version):
        return _("The %(board)s adopted an earlier text of %(code)s.") % named
    return ""


def require_decision(agreement: Agreement) -> None:
    """Raise `AgreementRefused` unless the board, if one decides, adopted this text."""
    if missing := missing_decision(agreement):
        raise AgreementRefused(missing, next_step=_("Raise a motion on its page, and wait for the vote."))


def _page(agreement: Agreement) -> str:
    return reverse("agreements:agreement", args=[agreement.code])
