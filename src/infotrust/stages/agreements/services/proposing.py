"""Words that came back in a Word file: proposals to accept or refuse, remarks as comments. Nothing changes alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.documents import read_word
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import commands, duties
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import papers, queries, reading_back
from infotrust.stages.agreements.commands import COMMANDS
from infotrust.stages.agreements.models import Agreement, ClauseComment, Proposal
from infotrust.stages.agreements.reading_back import Sent
from infotrust.stages.agreements.services import discussing, texts, wording
from infotrust.stages.agreements.services.ground import AgreementRefused, about, lock, not_a_party, own_party
from infotrust.stages.agreements.services.reconciling import ask_to_reconcile

MOST_WISHES = 200


@dataclass(frozen=True)
class BroughtBack:
    """What one file brought: words to decide about, wishes to change the terms, comments from its margin."""

    proposals: int
    wishes: int
    comments: int


@transaction.atomic
def bring_back(agreement: Agreement, *, content: bytes, by: User, at: datetime | None = None) -> BroughtBack:
    """Read an edited Word file and keep what it wants as proposals; its margin becomes comments on clauses.

    Proposals of the same agency that are still open are replaced: its newest file is what it wants. Raises
    `NotPermitted`, `ImpossibleMove`, `NotAWordFile`, and `AgreementRefused` for a file that came from elsewhere.
    """
    lock(agreement)
    at = at or timezone.now()
    party = own_party(agreement, "comment agreement", by)
    commands.require(COMMANDS["propose"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    whole = queries.agreement(agreement.code)
    now = texts.sent_today(whole)
    found = reading_back.read_back(content, _base(whole, content, now), now)
    if len(found.wishes) > MOST_WISHES:
        raise AgreementRefused(
            _("This file differs in more than %(most)d places.") % {"most": MOST_WISHES},
            next_step=_("Download the Word file anew and edit that."),
        )
    Proposal.objects.filter(agreement=agreement, agency=party.agency, answer=Proposal.Answer.OPEN).delete()
    digest = hashlib.sha256(content).hexdigest()
    Proposal.objects.bulk_create(
        Proposal(
            agreement=agreement,
            agency=party.agency,
            kind=wish.kind,
            clause=wish.clause,
            before=wish.before,
            heading=wish.heading[:120],
            text=wish.text[: wording.LONGEST_CLAUSE],
            plain=wish.plain[: wording.LONGEST_CLAUSE],
            file_digest=digest,
            stamp=wish.stamp,
            by=by,
            at=at,
        )
        for wish in found.wishes
    )
    ask_to_reconcile(agreement, at, "replaced by a newer file")
    known = set(ClauseComment.objects.filter(agreement=agreement).values_list("clause", "text"))
    new = [one for one in found.remarks if (one.key, one.text) not in known]
    for remark in new:
        discussing.comment(agreement, clause=remark.key, text=remark.text, file_author=remark.author, by=by, at=at)
    wishes = sum(wish.kind == reading_back.TERMS for wish in found.wishes)
    audit.record(
        Event.AGREEMENT_COMMENTED,
        about=about(agreement),
        by=by,
        at=at,
        what="Word file brought back",
        file=digest,
        proposals=len(found.wishes),
        comments=len(new),
    )
    return BroughtBack(len(found.wishes) - wishes, wishes, len(new))


@transaction.atomic
def decide_proposal(
    number: int, *, accept: bool, reason: str = "", seen: str = "", by: User, at: datetime | None = None
) -> Proposal:
    """Accept or refuse what a Word file proposed. Accepted words are written into the draft as people's own words.

    A wish to change the terms is accepted by changing them in their form; deciding it here only says so. `seen`: the
    stamp of the clause as it stands, from someone who saw that others had changed it. Raises `NotPermitted`,
    `ImpossibleMove`, and `AgreementRefused` for a refusal without a reason, a second decision, or words of others that
    nobody saw.
    """
    proposal = queries.proposal(number)
    agreement, at = proposal.agreement, at or timezone.now()
    duties.require("draft agreement", by=by)
    lock(agreement)
    if agreement.drafted_by_id != by.pk and not agreement.parties.filter(agency=by.agency).exists():
        raise NotPermitted(not_a_party(agreement), wanted="draft agreement")
    command = COMMANDS["accept" if accept else "refuse"]
    commands.require(command, state=agreement.state, thing=agreement.code, by=by)
    proposal.refresh_from_db()
    if proposal.answer != Proposal.Answer.OPEN:
        raise AgreementRefused(_("This is decided already."), next_step=_("See how, on the page of proposals."))
    if not accept and not reason.strip():
        raise AgreementRefused(_("A refusal needs a reason."), next_step=_("Say in a few words why."))
    if accept:
        _nobody_overwritten(agreement, proposal, seen)
        _write(agreement, proposal, by, at)
    proposal.answer = Proposal.Answer.ACCEPTED if accept else Proposal.Answer.REFUSED
    proposal.decided_by, proposal.decided_at, proposal.reason = by, at, reason.strip()[:400]
    proposal.save()
    audit.record(
        Event.AGREEMENT_CHANGED,
        about=about(agreement),
        by=by,
        at=at,
        what=f"proposal {proposal.answer}",
        clause=proposal.clause,
        proposed_by=proposal.agency.code,
    )
    ask_to_reconcile(agreement, at, "decided")
    return proposal


def _write(agreement: Agreement, proposal: Proposal, by: User, at: datetime) -> None:
    match proposal.kind:
        case Proposal.Kind.REWORD:
            there = agreement.clauses.filter(key=proposal.clause).first()
            wording.write_clause(
                agreement,
                key=proposal.clause,
                heading=proposal.heading,
                text=proposal.text,
                plain=proposal.plain or proposal.text,
                kept_by=(there.kept_by if there else "") or _("the parties"),
                by=by,
                at=at,
            )
        case Proposal.Kind.ADD:
            heading = proposal.heading or _("Added by %(party)s") % {"party": proposal.agency.name}
            words = {"heading": heading, "text": proposal.text, "plain": proposal.text}
            wording.write_clause(agreement, **words, kept_by=_("the parties"), by=by, at=at)
        case Proposal.Kind.REMOVE:
            wording.drop_clause(agreement, key=proposal.clause, by=by, at=at)


def _base(agreement: Agreement, content: bytes, now: Sent) -> Sent:
    """Return the text that a file was made from; a file without any of our marks cannot be compared by clause."""
    paragraphs = read_word(content)
    marks = {papers.part_key(papers.TEXT, clause.key) for clause in now.clauses}
    if not marks & {key for key, _text in paragraphs}:
        raise AgreementRefused(
            _("This file does not carry the marks of %(code)s: it was not made here, or they were lost.")
            % {"code": agreement.code},
            next_step=_("Download the Word file of this agreement, edit that, and bring it back."),
        )
    if (base := texts.made_from(agreement, paragraphs, now)) is None:
        raise AgreementRefused(
            _("Nobody can tell which text of %(code)s this file was made from: its fingerprint is not in it.")
            % {"code": agreement.code},
            next_step=_("Download the Word file as it is today, make your changes in that, and bring it back."),
        )
    return base


def _nobody_overwritten(agreement: Agreement, proposal: Proposal, seen: str) -> None:
    """Words that others gave the clause since are replaced only by someone who saw them (`seen`: their stamp)."""
    if proposal.kind not in {Proposal.Kind.REWORD, Proposal.Kind.REMOVE}:
        return
    now = next((one for one in queries.clauses(agreement.code) if one.key == proposal.clause), None)
    if now is not None and reading_back.stamp_of(now) not in {proposal.stamp, seen}:
        raise AgreementRefused(
            _("“%(heading)s” has other words now than those this proposal was written over.")
            % {"heading": now.heading},
            next_step=_("Compare both on the page of proposals, then decide again. Nothing has changed."),
        )
