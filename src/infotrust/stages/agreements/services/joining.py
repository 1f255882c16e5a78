"""An agency asks to join an agreement in force: the memo, the executive board, a party that takes it up.

Taking it up drafts the next edition with the newcomer in it and sends it for review. From there on the edition's own
rules hold: the governing board adopts its text, every party reviews and signs, and the last signature lets it in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.policy.terms import digest
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import commands, duties
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.agreements import checks, joinable, queries
from infotrust.stages.agreements.commands import JOINING_COMMANDS
from infotrust.stages.agreements.lifecycle import JOINING, JoiningState, State
from infotrust.stages.agreements.models import Joining, Party, Recipient
from infotrust.stages.agreements.services import boards, turns
from infotrust.stages.agreements.services.agreeing import discard_for
from infotrust.stages.agreements.services.drafting import add_dataset, check_uses, submit_for_review
from infotrust.stages.agreements.services.ground import AgreementRefused, not_a_party
from infotrust.stages.agreements.services.living import amend
from infotrust.stages.governance import queries as governance
from infotrust.stages.governance import services as governing
from infotrust.stages.inventory import queries as inventory

LONGEST = 8_000


@transaction.atomic
def begin_joining(
    joins: str,
    *,
    words: Mapping[str, str],
    receives: bool = False,
    executive_board: str = "",
    governing_board: str = "",
    by: User,
    at: datetime | None = None,
) -> Joining:
    """Begin the memo by which the agency of `by` asks to join the agreement called `joins`; see `write_joining`.

    Raises `NotPermitted`, `NoSuchAgreement`, and `AgreementRefused` where the agreement is not in force, the agency is
    a party already, or another memo of it is open.
    """
    duties.require("write joining memo", by=by, agency=by.agency)
    agreement = queries.agreement(joins)
    name = agreement.lineage or agreement.code
    agreement = queries.agreement(name)
    if agreement.state != State.IN_FORCE:
        raise AgreementRefused(
            _("%(code)s is not in force, so nobody can join it.") % {"code": name},
            next_step=_("Choose an agreement in force."),
        )
    if agreement.parties.filter(agency=by.agency).exists():
        raise AgreementRefused(
            _("Your agency is a party to %(code)s already.") % {"code": name},
            next_step=_("Amend it to change what you share."),
        )
    if Joining.objects.filter(joins=name, agency=by.agency, closed_at__isnull=True).exists():
        raise AgreementRefused(
            _("Your agency has asked to join %(code)s already.") % {"code": name}, next_step=_("Go on with that memo.")
        )
    memo = Joining(joins=name, agency=by.agency, written_by=by, written_at=at or timezone.now())
    _say(memo, words, receives, executive_board, governing_board or agreement.board)
    memo.save()
    audit.record(Event.JOINING_WRITTEN, about=about(memo), by=by, at=at, joins=name, agency=memo.agency.code)
    return memo


@transaction.atomic
def write_joining(
    memo: Joining,
    *,
    words: Mapping[str, str],
    receives: bool = False,
    executive_board: str = "",
    governing_board: str = "",
    seen: int = 0,
    by: User,
    at: datetime | None = None,
) -> Joining:
    """Write what the memo says: `words` by the names of `joinable.PARTS`. `seen`: the version the form began with.

    Raises `NotPermitted`, `ImpossibleMove`, `AgreementRefused`, and `SavedMeanwhile` where someone else saved first.
    """
    _may_write(memo, by)
    if seen and seen != memo.version:
        raise SavedMeanwhile(
            _("Someone else saved this memo after you opened it."),
            yours="\n\n".join(words.get(part.name, "") for part in joinable.PARTS),
            theirs="\n\n".join(getattr(memo, part.name) for part in joinable.PARTS),
            next_step=_("Compare, then save again."),
        )
    _say(memo, words, receives, executive_board, governing_board)
    _saved(memo, by, at, "words")
    return memo


@transaction.atomic
def offer_dataset(
    memo: Joining, *, dataset: str, uses: Mapping[str, Collection[str]], by: User, at: datetime | None = None
) -> Joining:
    """Offer a dataset of the newcomer: the uses of each field, none to take it out. Called again, it replaces them.

    Raises `NotPermitted`, `ImpossibleMove`, `NotInInventory`, and `AgreementRefused` for another agency's dataset.
    """
    _may_write(memo, by)
    if inventory.dataset(dataset).agency != memo.agency:
        raise AgreementRefused(
            _("%(dataset)s belongs to another agency.") % {"dataset": dataset},
            next_step=_("Offer your own agency's datasets."),
        )
    agreed = {name: frozenset(map(str, chosen)) for name, chosen in uses.items() if chosen}
    check_uses(dataset, agreed)
    memo.uses = {code: kept for code, kept in memo.uses.items() if code != dataset}
    if agreed:
        memo.uses[dataset] = {name: sorted(chosen) for name, chosen in agreed.items()}
    _saved(memo, by, at, "fields", dataset=dataset)
    return memo


@transaction.atomic
def send_joining(memo: Joining, *, seen: str = "", by: User, at: datetime | None = None) -> Joining:
    """Stand by the memo for one's agency and send it: to the executive board, or to the parties where there is none.

    `seen`: the digest of the words that the page showed. Raises `NotPermitted`, `ImpossibleMove`, `AgreementRefused`.
    """
    _lock(memo)
    at = at or timezone.now()
    _require("send", memo, by)
    said = digest(memo.said())
    if seen and seen != said:
        raise AgreementRefused(
            _("The memo changed after you opened this page."), next_step=_("Read it again, then send it.")
        )
    if missing := joinable.missing(memo):
        raise AgreementRefused(_("The memo is not complete."), next_step=" ".join(missing))
    agreement = queries.agreement(memo.joins)
    if wrong := checks.problems(joinable.with_newcomer(agreement, memo), timezone.localdate(at)):
        raise AgreementRefused(
            _("%(code)s cannot take it in like this.") % {"code": memo.joins}, next_step=" ".join(wrong)
        )
    memo.text_digest, memo.sent_by, memo.sent_at = said, by, at
    turns.memo_done(memo, turns.SEND, at, "sent")
    audit.record(Event.JOINING_SENT, about=about(memo), by=by, at=at, text=said, board=memo.executive_board)
    if memo.executive_board:
        _move(memo, JoiningState.BOARD)
        _ask_executive_board(memo, by, at)
        return memo
    _move(memo, JoiningState.WELCOME)
    turns.ask_to_take_up(memo, agreement, at)
    return memo


@transaction.atomic
def take_up_joining(memo: Joining, *, by: User, at: datetime | None = None) -> Joining:
    """Draft, for a party, the next edition with the newcomer, send it for review, and ask the governing board.

    Raises `NotPermitted`, `ImpossibleMove`, and `AgreementRefused` where an amendment is being drafted already.
    """
    _lock(memo)
    at = at or timezone.now()
    agreement = queries.agreement(memo.joins)
    duties.require("draft agreement", by=by)
    if not agreement.parties.filter(agency=by.agency).exists():
        raise NotPermitted(not_a_party(agreement), wanted="draft agreement")
    _require("take up", memo, by)
    edition = amend(agreement, reason=_("%(agency)s joins.") % {"agency": memo.agency.name}, by=by, at=at)
    Party.objects.create(agreement=edition, agency=memo.agency)
    if memo.receives and not edition.recipients.filter(agency=memo.agency).exists():
        Recipient.objects.create(agreement=edition, agency=memo.agency)
    if memo.governing_board:
        edition.board = memo.governing_board
        edition.save(update_fields=["board"])
    for dataset, uses in memo.uses.items():
        add_dataset(edition, dataset=dataset, uses=uses, by=by, at=at)
    submit_for_review(edition, by=by, at=at)
    memo.edition, memo.taken_up_by, memo.taken_up_at = edition, by, at
    _move(memo, JoiningState.PARTIES)
    turns.memo_done(memo, turns.TAKE_UP, at, "taken up")
    audit.record(Event.JOINING_MOVED, about=about(memo), by=by, at=at, what="taken up", edition=edition.code)
    if edition.board:
        boards.ask_board(edition, why=memo.why, by=by, at=at)
    return memo


@transaction.atomic
def decline_joining(memo: Joining, *, reason: str, by: User, at: datetime | None = None) -> Joining:
    """Say for a party that the newcomer does not join; the edition drafted for it is discarded.

    Raises `NotPermitted`, `ImpossibleMove`, and `AgreementRefused` without a reason.
    """
    _lock(memo)
    agreement = queries.agreement(memo.joins)
    duties.require("decline joining memo", by=by, agency=by.agency)
    if not agreement.parties.filter(agency=by.agency).exists():
        raise NotPermitted(not_a_party(agreement), wanted="decline joining memo")
    commands.require(JOINING_COMMANDS["decline"], state=memo.state, thing=about(memo), by=by, agency=by.agency)
    _close(memo, JoiningState.DECLINED, _reason(reason), by, at or timezone.now())
    return memo


@transaction.atomic
def take_back_joining(memo: Joining, *, reason: str, by: User, at: datetime | None = None) -> Joining:
    """Take the memo back for the agency that wrote it. Raises as `decline_joining`."""
    _lock(memo)
    _require("take back", memo, by)
    _close(memo, JoiningState.TAKEN_BACK, _reason(reason), by, at or timezone.now())
    return memo


# --- what follows from what boards and parties do (connected in web/reactions) ---


def joining_decided(*, subject: str, state: str, by: User | None, at: datetime) -> None:
    """A board decided about a memo, or about the edition by which someone joins."""
    kind, _colon, name = subject.partition(":")
    if kind == "joining" and name.isdecimal():
        memo = Joining.objects.select_for_update().filter(pk=int(name), state=JoiningState.BOARD).first()
        if memo is not None:
            _after_executive_board(memo, state, by, at)
    elif kind == "agreement" and state == "rejected":
        for memo in Joining.objects.select_for_update().filter(edition__code=name, state=JoiningState.PARTIES):
            _close(memo, JoiningState.DECLINED, _("The governing board rejected it."), by, at)


def joining_in_force(*, agreement_code: str, by: User | None, at: datetime) -> None:
    """The edition with the newcomer is in force: it has joined."""
    found = Joining.objects.select_for_update().filter(edition__code=agreement_code, state=JoiningState.PARTIES)
    for memo in found:
        _close(memo, JoiningState.JOINED, _("Every party signed."), by, at)


def joinings_end(*, agreement_code: str, by: User | None, at: datetime) -> None:
    """The agreement ended: nobody joins it any more."""
    found = Joining.objects.select_for_update().filter(joins=agreement_code, closed_at__isnull=True)
    for memo in found:
        _close(memo, JoiningState.DECLINED, _("The agreement ended."), by, at)


def _after_executive_board(memo: Joining, state: str, by: User | None, at: datetime) -> None:
    audit.record(Event.JOINING_MOVED, about=about(memo), by=by, at=at, what=f"executive board: {state}")
    if state == "adopted":
        _move(memo, JoiningState.WELCOME)
        turns.ask_to_take_up(memo, queries.agreement(memo.joins), at)
    elif state == "rejected":
        _close(memo, JoiningState.DECLINED, _("The executive board rejected it."), by, at)
    else:
        # No quorum: nothing was decided, and the memo can be mended and sent anew.
        _move(memo, JoiningState.DRAFT)
        turns.ask_to_send(memo, at)


def _ask_executive_board(memo: Joining, by: User, at: datetime) -> None:
    named = {"agency": memo.agency.name, "code": memo.joins}
    governing.raise_motion(
        body=memo.executive_board,
        title=_("Let %(agency)s ask to join %(code)s") % named,
        text=_("That the parties to %(code)s take up the wish of %(agency)s to join it, as its memo says.") % named,
        subject=about(memo),
        subject_version=str(memo.version),
        address=page(memo),
        why=memo.why,
        by=by,
        at=at,
    )


def _close(memo: Joining, state: JoiningState, reason: str, by: User | None, at: datetime) -> None:
    edition = memo.edition
    memo.closed_by, memo.closed_at, memo.close_reason = by, at, reason
    _move(memo, state)
    turns.memo_all_done(memo, at, state.value)
    for motion in governance.of_subject(about(memo)):
        if by is not None and motion.raised_by_id == by.pk and motion.state in {"raised", "reviewed", "comment"}:
            governing.withdraw(motion, reason=reason, by=by, at=at)
    if edition is not None and state != JoiningState.JOINED:
        discard_for(edition, reason=reason, by=by, at=at)
    audit.record(Event.JOINING_CLOSED, about=about(memo), by=by, at=at, outcome=state.value, reason=reason)


def _say(memo: Joining, words: Mapping[str, str], receives: bool, executive: str, governing_board: str) -> None:
    for part in joinable.PARTS:
        setattr(memo, part.name, _words(words.get(part.name, "")))
    if not memo.why:
        raise AgreementRefused(_("The memo does not say why."), next_step=_("Write why your agency wants to join."))
    memo.receives = receives
    memo.executive_board = governance.body(executive).code if executive else ""
    memo.governing_board = governance.body(governing_board).code if governing_board else ""


def _saved(memo: Joining, by: User, at: datetime | None, what: str, **facts: Any) -> None:
    memo.version += 1
    memo.save()
    audit.record(Event.JOINING_WRITTEN, about=about(memo), by=by, at=at, what=what, version=memo.version, **facts)
    if not joinable.missing(memo):
        turns.ask_to_send(memo, at or timezone.now())


def _may_write(memo: Joining, by: User) -> None:
    _lock(memo)
    _require("write", memo, by)


def _require(name: str, memo: Joining, by: User) -> None:
    agency = by.agency if name == "take up" else memo.agency
    commands.require(JOINING_COMMANDS[name], state=memo.state, thing=about(memo), by=by, agency=agency)


def _move(memo: Joining, to: JoiningState) -> None:
    JOINING.require(memo.state, to, thing=about(memo))
    memo.state = to
    memo.save()


def _lock(memo: Joining) -> None:
    Joining.objects.select_for_update().get(pk=memo.pk)
    memo.refresh_from_db()


def about(memo: Joining) -> str:
    return f"joining:{memo.pk}"


def page(memo: Joining) -> str:
    return reverse("agreements:joining", args=[memo.pk])


def _words(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST:
        raise AgreementRefused(
            _("One of these texts is longer than %(most)s letters.") % {"most": f"{LONGEST:,}"},
            next_step=_("Say it shorter, and attach the rest to the agreement."),
        )
    return text


def _reason(words: str) -> str:
    if not words.strip():
        raise AgreementRefused(_("This needs a reason."), next_step=_("Write why, in plain words."))
    return words.strip()[:400]
