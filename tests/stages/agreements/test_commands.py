"""Every command, by every role, in every state of an agreement: nothing succeeds outside the table, by any route."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from infotrust.core.documents import word
from infotrust.shared.accounts.models import Role
from infotrust.shared.permissions.duties import DUTIES
from infotrust.stages.agreements import queries, services
from infotrust.stages.agreements.commands import COMMANDS
from infotrust.stages.agreements.lifecycle import OVER, State
from infotrust.stages.agreements.models import (
    Agreement,
    Breach,
    BreachNotice,
    ClauseComment,
    Dispute,
    Paper,
    Party,
    Proposal,
    SignatureElsewhere,
    Suspension,
)
from tests.tables import exhaust

BEGUN = {State.IN_FORCE, State.SUSPENDED, State.SUPERSEDED, State.ENDED, State.EXPIRED}
SIGNED = BEGUN | {State.SIGNED}
# Each duty of the table is held by one of these; security officers and program staff hold none that the others do not.
ROLES = tuple(role.value for role in Role if role in {"steward", "counsel", "board_member", "privacy"})


@pytest.fixture
def whole(town, signed):
    """A signed agreement with a clause of the parties' own, a thread, a proposal, a dispute and a breach."""
    agreement = signed()
    by, own = town.schools.counsel, {"agreement": agreement, "agency": town.schools.agency}
    thread = ClauseComment.objects.create(**own, clause="term", text="Hm.", text_version=1, by=by)
    proposal = Proposal.objects.create(**own, kind="add", text="We drink tea.", file_digest="0" * 64, by=by)
    dispute = Dispute.objects.create(**own, what="Late data", by=by)
    breach = Breach.objects.create(**own, what="Lost", discovered_on=timezone.localdate(), by=by)
    closable = Breach.objects.create(**own, what="Found", discovered_on=timezone.localdate(), by=by)
    notice = BreachNotice.objects.create(breach=breach, agency=town.schools.agency, to="All", text="Sorry")
    copy = {"kind": "signed_copy", "text_digest": agreement.text_digest, "sha256": "0" * 64, "content": b"%PDF-"}
    given = SignatureElsewhere.objects.create(
        **{**own, "agency": town.homeless.agency},
        paper=Paper.objects.create(**own, **copy, name="a.pdf", by=by),
        text_digest=agreement.text_digest,
        how="ink",
        signer="Ada Stone",
        signer_title="Chair",
        signed_on=timezone.localdate(),
        by=by,
    )
    return agreement, {
        "given": given.pk,
        "thread": thread.pk,
        "proposal": proposal.pk,
        "dispute": dispute.pk,
        "breach": closable.pk,
        "notice": (breach.pk, notice.pk),
    }


def put(agreement, state, digest, town):
    """Put the agreement into a state as the database allows it, without going the way there."""
    parties = Party.objects.filter(agreement=agreement)
    none = {"signed_by": None, "signed_at": None, "signed_digest": ""}
    if state not in SIGNED:
        parties.update(**none)
    if state in {State.DRAFT, State.IN_REVIEW}:
        parties.update(approved_by=None, approved_at=None, approved_digest="")
    Agreement.objects.filter(pk=agreement.pk).update(
        state=state,
        text_digest="" if state in {State.DRAFT, State.DISCARDED} else digest,
        in_force_at=timezone.now() if state in BEGUN else None,
        ended_at=timezone.now() if state in OVER else None,
    )
    if state == State.SUSPENDED:
        Suspension.objects.create(agreement=agreement, agency=town.schools.agency, reason="x", by=town.schools.counsel)
    return Agreement.objects.get(pk=agreement.pk)


def test_nothing_succeeds_outside_the_table(town, whole, make_user, client):
    agreement, made = whole
    digest = agreement.text_digest
    content = word(queries.paper(queries.agreement("DSA-1")))
    later, today = agreement.ends_on + timedelta(days=365), timezone.localdate()
    copy = b"%PDF-1.7 ink %%EOF"
    facts = {"how": "ink", "signer": "Ada Stone", "signer_title": "Chair"}
    signed_copy = {"name": "a.pdf", "content": copy, "signed_on": today, **facts}
    breach_facts = {"what": "Lost", "datasets": ["school-enrollment"], "discovered_on": today}
    verbs = {
        "change": lambda it, by: services.choose_clause(it, key="own-costs", by=by),
        "submit": lambda it, by: services.submit_for_review(it, by=by),
        "review": lambda it, by: services.review(it, approve=True, by=by),
        "comment": lambda it, by: services.comment(it, clause="term", text="Hm.", by=by),
        "say": lambda it, by: services.say(it, content=True, by=by),
        "contact": lambda it, by: services.name_contact(it, person=town.schools.program, by=by),
        "propose": lambda it, by: services.bring_back(it, content=content, by=by),
        "accept": lambda it, by: services.decide_proposal(made["proposal"], accept=True, by=by),
        "refuse": lambda it, by: services.decide_proposal(made["proposal"], accept=False, reason="No.", by=by),
        "reopen": lambda it, by: services.reopen(it, reason="A field.", by=by),
        "sign": lambda it, by: services.sign(it, by=by),
        "hand in": lambda it, by: services.hand_in(it, **signed_copy, by=by),
        "confirm signature": lambda it, by: services.decide_signature(made["given"], checked=services.CHECKS, by=by),
        "attach": lambda it, by: services.attach_signed_copy(it, name="a.pdf", content=copy, by=by),
        "amend": lambda it, by: services.amend(it, reason="More.", by=by),
        "renew": lambda it, by: services.renew(it, ends_on=later, reason="On.", by=by),
        "suspend": lambda it, by: services.suspend(it, reason="Doubts.", by=by),
        "resume": lambda it, by: services.resume(it, by=by),
        "dispute": lambda it, by: services.raise_dispute(it, what="Late.", by=by),
        "settle dispute": lambda it, by: services.settle_dispute(made["dispute"], outcome="Paid.", by=by),
        "confirm": lambda it, by: services.confirm(it, by=by),
        "breach": lambda it, by: services.report_breach(it, **breach_facts, by=by),
        "correct breach": lambda it, by: services.correct_breach(made["breach"], **breach_facts, by=by),
        "notice": lambda it, by: services.deal_with_notice(made["notice"][1], by=by),
        "close breach": lambda it, by: services.close_breach(made["breach"], outcome="Found.", by=by),
        "end": lambda it, by: services.end(it, reason="Over.", by=by),
        "discard": lambda it, by: services.discard(it, reason="Nothing came of it.", by=by),
    }
    assert set(verbs) == set(COMMANDS)
    sure = {"sure": "on"}
    pages = {
        "change": ("choose", ["own-costs"], {"x": "1"}),
        "submit": ("submit", [], {}),
        "review": ("review", [], {"answer": "approve", "seen": digest}),
        "comment": ("discuss", ["term"], {"text": "Hm."}),
        "say": ("say", [], {"content": "yes"}),
        "contact": ("contact", [], {"person": town.schools.program.pk}),
        "propose": ("back", [], {"file": content}),
        "accept": ("decide", [made["proposal"]], {"answer": "accept"}),
        "refuse": ("decide", [made["proposal"]], {"answer": "refuse", "reason": "No."}),
        "reopen": ("reopen", [], {"reason": "A field."}),
        "sign": ("sign", [], {"password": "correct-horse-42", "read": "on", "seen": digest}),
        "hand in": ("hand-in", [], {"file": copy, **facts, "signed_on": today.isoformat()}),
        "confirm signature": ("look", [made["given"]], dict.fromkeys(services.CHECKS, "on")),
        "attach": ("attach", [], {"file": copy}),
        "amend": ("step", ["amend"], {"reason": "More."}),
        "renew": ("step", ["renew"], {"reason": "On.", "ends_on": later.isoformat()}),
        "suspend": ("step", ["suspend"], {"reason": "Doubts."}),
        "resume": ("step", ["resume"], sure),
        "dispute": ("step", ["dispute"], {"words": "Late."}),
        "settle dispute": ("settle-dispute", [made["dispute"]], {"words": "Paid."}),
        "confirm": ("step", ["confirm"], sure),
        "breach": ("step", ["breach"], {"what": "Lost", "discovered_on": today.isoformat()}),
        "correct breach": (
            "correct-breach",
            [made["breach"]],
            {"what": "Lost", "discovered_on": today.isoformat()},
        ),
        "notice": ("notice", list(made["notice"]), {"text": "Sorry"}),
        "close breach": ("breach", [made["breach"]], {"words": "Found."}),
        "end": ("end", [], {"reason": "Over.", "confirm": "on"}),
        "discard": ("discard", [], {"reason": "Nothing came of it."}),
    }
    assert set(pages) == set(COMMANDS)

    def post(name, it, by):
        """A right role in each wrong state, a stranger in each right one: what is wrong twice is refused by either."""
        if by.roles == {Role.REQUESTER} if it.state not in COMMANDS[name].states else by.roles != {Role.REQUESTER}:
            return
        if it.state not in COMMANDS[name].states and by.roles != {min(DUTIES[COMMANDS[name].duty].roles & set(ROLES))}:
            return
        address, more, data = pages[name]
        filled = {
            key: SimpleUploadedFile("a", value) if isinstance(value, bytes) else value for key, value in data.items()
        }
        client.force_login(by)
        client.post(reverse(f"agreements:{address}", args=[it.code, *more]), {**filled, "full_name": by.name})

    people = {}
    allowed = exhaust(
        COMMANDS,
        State.values,
        make=lambda state: put(agreement, state, digest, town),
        actor=lambda role: people.setdefault(role, make_user(role, "schools")),
        give=lambda name, it, by: verbs[name](it, by),
        post=post,
        roles=(*ROLES, Role.REQUESTER.value),
    )
    assert allowed > 100
