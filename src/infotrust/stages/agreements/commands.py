"""What may be done to an agreement, in which state and by whom. Services obey it, pages ask it, the README shows it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices

from infotrust.shared.permissions.commands import Command, listed
from infotrust.stages.agreements.lifecycle import OPEN_JOININGS, JoiningState, State

DRAFTING = frozenset({State.DRAFT.value})
REVIEWING = frozenset({State.IN_REVIEW.value})
BEFORE_SIGNED = frozenset({State.IN_REVIEW.value, State.AWAITING_SIGNATURES.value})
DISCUSSING = DRAFTING | REVIEWING
BEFORE_FORCE = DRAFTING | BEFORE_SIGNED
SIGNABLE = frozenset({State.AWAITING_SIGNATURES.value, State.SIGNED.value, State.IN_FORCE.value})
LIVING = frozenset({State.SIGNED.value, State.IN_FORCE.value, State.SUSPENDED.value})
RUNNING = frozenset({State.IN_FORCE.value, State.SUSPENDED.value})
ONCE_RUNNING = RUNNING | {State.ENDED.value, State.EXPIRED.value, State.SUPERSEDED.value}

AWAITED = frozenset({State.AWAITING_SIGNATURES.value})

OF_A_PARTY = "for a party"
ONCE_EACH = "for a party, once until it resumes"
OWN_SUSPENSION = "for the party that suspended it"
OWN_DISPUTE = "for the party that raised it"
NOTICED = "for a party, once every notice is sent or was not needed"
SECOND = "for a party, by someone else than who handed it in"
STILL_OPEN = "for a party, until the breach is closed"
OWN_NOTICE = "for the party that owes it"
OWN_DRAFT = "who drafted it, or for a party"

COMMANDS: dict[str, Command] = listed(
    Command("change", "draft agreement", DRAFTING, "Change terms, fields and clauses", OWN_DRAFT),
    Command("submit", "draft agreement", DRAFTING, "Send for review", OWN_DRAFT),
    Command("review", "review agreement", REVIEWING, "Approve, or ask for changes", OF_A_PARTY),
    Command("comment", "comment agreement", DISCUSSING, "Comment on a clause, answer, settle a thread", OF_A_PARTY),
    Command("say", "comment agreement", REVIEWING, "Say whether the text is fine for one's own field", OF_A_PARTY),
    Command("contact", "name contact", BEFORE_FORCE, "Name the party's contact", OF_A_PARTY),
    Command("propose", "comment agreement", DISCUSSING, "Bring back an edited Word file", OF_A_PARTY),
    Command("accept", "draft agreement", DRAFTING, "Accept words that were proposed", OWN_DRAFT),
    Command("refuse", "draft agreement", DISCUSSING, "Refuse words that were proposed", OWN_DRAFT),
    Command("reopen", "reopen agreement", BEFORE_SIGNED, "Take back to a draft", OF_A_PARTY),
    Command("sign", "sign agreement", frozenset({State.AWAITING_SIGNATURES.value}), "Sign", OF_A_PARTY),
    Command("hand in", "hand in signature", AWAITED, "Hand in a signature given on paper or by a service", OF_A_PARTY),
    Command("confirm signature", "hand in signature", AWAITED, "Confirm or refuse a signature handed in", SECOND),
    Command("attach", "sign agreement", SIGNABLE, "Attach a copy signed on paper or by another service", OF_A_PARTY),
    Command("amend", "draft agreement", RUNNING, "Draft an amendment", OWN_DRAFT),
    Command("renew", "draft agreement", RUNNING, "Draft a renewal with a later last day", OWN_DRAFT),
    Command("suspend", "suspend agreement", RUNNING, "Suspend it: all access stops, data is kept", ONCE_EACH),
    Command("resume", "resume agreement", frozenset({State.SUSPENDED.value}), "Let it go on", OWN_SUSPENSION),
    Command("dispute", "dispute agreement", RUNNING, "Raise a dispute", OF_A_PARTY),
    Command("settle dispute", "dispute agreement", ONCE_RUNNING, "Say how a dispute was settled", OWN_DISPUTE),
    Command("confirm", "sign agreement", RUNNING, "Say at its regular review that it still fits", OF_A_PARTY),
    Command("breach", "report breach", ONCE_RUNNING, "Report a breach: access stops, notices are drafted", OF_A_PARTY),
    Command("correct breach", "handle breach", ONCE_RUNNING, "Correct the report of a breach", STILL_OPEN),
    Command("notice", "handle breach", ONCE_RUNNING, "Say that a notice of a breach was sent", OWN_NOTICE),
    Command("close breach", "handle breach", ONCE_RUNNING, "Close a breach once its notices are dealt with", NOTICED),
    Command("end", "end agreement", LIVING, "End it for all parties", OF_A_PARTY),
    Command("discard", "draft agreement", DRAFTING, "Discard a draft", OWN_DRAFT),
)

OF_THE_JOINER = "of the agency that wants to join"
BEING_WRITTEN = frozenset({JoiningState.DRAFT.value})
TO_TAKE_UP = frozenset({JoiningState.WELCOME.value})
WITH_PARTIES = TO_TAKE_UP | {JoiningState.PARTIES.value}
OPEN_MEMO = frozenset(state.value for state in OPEN_JOININGS)

JOINING_COMMANDS: dict[str, Command] = listed(
    Command("write", "write joining memo", BEING_WRITTEN, "Write it, and say what data is offered", OF_THE_JOINER),
    Command("send", "send joining memo", BEING_WRITTEN, "Send it", OF_THE_JOINER),
    Command("take up", "draft agreement", TO_TAKE_UP, "Take it up: draft the edition it joins by", OF_A_PARTY),
    Command("decline", "decline joining memo", WITH_PARTIES, "Decline it", OF_A_PARTY),
    Command("take back", "send joining memo", OPEN_MEMO, "Take it back", OF_THE_JOINER),
)

# What docs/generate.py prints into the README.
TABLES: dict[str, tuple[Mapping[str, Command], type[TextChoices]]] = {
    "agreement": (COMMANDS, State),
    "joining": (JOINING_COMMANDS, JoiningState),
}
