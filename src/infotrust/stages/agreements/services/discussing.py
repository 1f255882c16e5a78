"""Discussing an agreement clause by clause: comments in threads, each reviewer's word, one contact for each party.

None of it binds: approval by counsel stays the gate. A comment is settled by the party that raised it, whose contact
brings together what its program, privacy, security and legal people want.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import Agency, Role, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import commands, duties
from infotrust.stages.agreements import queries
from infotrust.stages.agreements.commands import COMMANDS
from infotrust.stages.agreements.models import Agreement, ClauseComment, Contact, RoleReview
from infotrust.stages.agreements.services import turns
from infotrust.stages.agreements.services.ground import AgreementRefused, about, lock, own_party
from infotrust.stages.agreements.services.reconciling import ask_to_reconcile

LONGEST_COMMENT = 8_000


@transaction.atomic
def comment(
    agreement: Agreement, *, clause: str, text: str, file_author: str = "", by: User, at: datetime | None = None
) -> ClauseComment:
    """Begin a thread on one clause (by its key), for the writer's own agency. `file_author`: who wrote it in Word.

    Raises `NotPermitted`, `ImpossibleMove`, and `AgreementRefused` for an empty or endless comment.
    """
    lock(agreement)
    party = own_party(agreement, "comment agreement", by)
    commands.require(COMMANDS["comment"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    if clause and clause not in {one.key for one in queries.clauses(agreement.code)}:
        raise AgreementRefused(
            _("%(code)s has no such clause any more.") % {"code": agreement.code},
            next_step=_("Comment on another clause; your words are still in the form."),
        )
    return _write(agreement, party.agency, clause, text, None, file_author, by, at or timezone.now())


@transaction.atomic
def answer(thread: int, *, text: str, by: User, at: datetime | None = None) -> ClauseComment:
    """Answer in a thread. Raises as `comment` does."""
    first = queries.thread(thread)
    lock(first.agreement)
    party = own_party(first.agreement, "comment agreement", by)
    commands.require(
        COMMANDS["comment"], state=first.agreement.state, thing=first.agreement.code, by=by, agency=party.agency
    )
    if first.settled_at:
        raise AgreementRefused(_("This thread is settled."), next_step=_("Begin a new one on the clause."))
    return _write(first.agreement, party.agency, first.clause, text, first, "", by, at or timezone.now())


@transaction.atomic
def settle(thread: int, *, outcome: str, by: User, at: datetime | None = None) -> ClauseComment:
    """Say how a thread ended; only the party that began it can. The last one ends the wait for that party.

    Raises `NotPermitted`, `ImpossibleMove`, and `AgreementRefused` without an outcome or where it is settled already.
    """
    first = queries.thread(thread)
    agreement, at = first.agreement, at or timezone.now()
    lock(agreement)
    duties.require("comment agreement", by=by, agency=first.agency)
    commands.require(COMMANDS["comment"], state=agreement.state, thing=agreement.code, by=by, agency=first.agency)
    if first.settled_at or not outcome.strip():
        raise AgreementRefused(
            _("This thread is settled.") if first.settled_at else _("Say in a few words how it was settled."),
            next_step=_("See the thread."),
        )
    first.settled_by, first.settled_at, first.outcome = by, at, outcome.strip()[:400]
    first.save()
    _record(agreement, by, at, "settled", first.clause, first.agency)
    ask_to_reconcile(agreement, at)
    return first


@transaction.atomic
def say(agreement: Agreement, *, content: bool, note: str = "", by: User, at: datetime | None = None) -> None:
    """Record what a privacy or security officer or program staff think of the text under review. It binds nobody.

    Raises `NotPermitted`, `ImpossibleMove`, and `AgreementRefused` for concerns without words.
    """
    lock(agreement)
    at = at or timezone.now()
    party = own_party(agreement, "comment agreement", by)
    commands.require(COMMANDS["say"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    if not content and not note.strip():
        raise AgreementRefused(_("A concern needs words."), next_step=_("Say what should change, and in which clause."))
    for role in (Role.PRIVACY, Role.SECURITY, Role.PROGRAM, Role.STEWARD, Role.COUNSEL):
        if role in by.roles:
            RoleReview.objects.update_or_create(
                agreement=agreement,
                agency=party.agency,
                role=role,
                text_version=agreement.text_version,
                defaults={"by": by, "at": at, "content": content, "note": note.strip()[:LONGEST_COMMENT]},
            )
            if role != Role.COUNSEL and role in turns.REVIEW_STEPS:
                turns.done(agreement, turns.REVIEW_STEPS[role], at, "content" if content else "concern", party.agency)
    _record(agreement, by, at, "content" if content else "concern", "", party.agency)


@transaction.atomic
def name_contact(agreement: Agreement, *, person: User, by: User, at: datetime | None = None) -> Contact:
    """Name who brings together what a party's people say. The contact may hand it on to a colleague.

    Raises `NotPermitted`, `ImpossibleMove`, and `AgreementRefused` for someone of another agency.
    """
    lock(agreement)
    at = at or timezone.now()
    known = Contact.objects.filter(agreement=agreement, agency=by.agency).first()
    if known is None or known.person_id != by.pk:
        own_party(agreement, "name contact", by)
        commands.require(COMMANDS["contact"], state=agreement.state, thing=agreement.code, by=by, agency=by.agency)
    elif agreement.state not in COMMANDS["contact"].states:
        commands.require(COMMANDS["contact"], state=agreement.state, thing=agreement.code, by=by, agency=by.agency)
    if person.agency_id != by.agency_id or not person.is_active:
        raise AgreementRefused(
            _("A party's contact works for that party."), next_step=_("Choose a colleague of your own agency.")
        )
    if known is None or known.person_id != person.pk:
        turns.done(agreement, turns.RECONCILE, at, "handed on", by.agency)
    made, _created = Contact.objects.update_or_create(
        agreement=agreement, agency=by.agency, defaults={"person": person, "named_by": by, "named_at": at}
    )
    audit.record(Event.AGREEMENT_CONTACT, about=about(agreement), by=by, at=at, person=person.pk)
    ask_to_reconcile(agreement, at)
    return made


def _write(
    agreement: Agreement,
    agency: Agency,
    clause: str,
    text: str,
    thread: ClauseComment | None,
    file_author: str,
    by: User,
    at: datetime,
) -> ClauseComment:
    text = text.strip()
    if not text or len(text) > LONGEST_COMMENT:
        raise AgreementRefused(
            _("The comment is empty.") if not text else _("The comment is too long."),
            next_step=_("Write it in at most %(most)s letters.") % {"most": f"{LONGEST_COMMENT:,}"},
        )
    made = ClauseComment.objects.create(
        agreement=agreement,
        agency=agency,
        clause=clause,
        text=text,
        thread=thread,
        file_author=file_author[:120],
        text_version=agreement.text_version,
        by=by,
        at=at,
    )
    _record(agreement, by, at, "comment", clause, agency)
    ask_to_reconcile(agreement, at)
    return made


def _record(agreement: Agreement, by: User, at: datetime, what: str, clause: str, agency: Agency) -> None:
    audit.record(
        Event.AGREEMENT_COMMENTED, about=about(agreement), by=by, at=at, what=what, clause=clause, party=agency.code
    )
