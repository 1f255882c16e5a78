"""Who must settle what is still open about a text: comments on its clauses, and what edited Word files want of it.

It waits for them for as long as something is open and can be settled. Once every counsel has approved, nothing can be
settled without taking the text back to a draft: nobody is asked, and whoever signs is told what was left open.
"""

from __future__ import annotations

from datetime import datetime

from infotrust.shared.accounts.models import Agency, User
from infotrust.stages.agreements import queries
from infotrust.stages.agreements.commands import DISCUSSING
from infotrust.stages.agreements.models import Agreement, Contact
from infotrust.stages.agreements.services import turns


def ask_to_reconcile(agreement: Agreement, at: datetime, outcome: str = "settled") -> None:
    """Begin or go on with the wait of everyone who has something to settle; end that of whom nothing is left to.

    A thread is settled by the party that began it, a proposal by whoever drafts. `outcome`: how those ended that end.
    """
    discussed = agreement.state in DISCUSSING
    for agency in queries.commenting(agreement):
        if discussed and queries.open_threads(agreement, agency):
            turns.ask_contact(agreement, agency, contact_of(agreement, agency), at)
        else:
            turns.done(agreement, turns.RECONCILE, at, outcome, agency)
    if discussed and queries.open_proposals(agreement):
        turns.ask_to_decide(agreement, at)
    else:
        turns.done(agreement, turns.DECIDE, at, outcome)


def contact_of(agreement: Agreement, agency: Agency) -> User | None:
    """Return a party's contact, if one is named. Whoever stands in for an absent one sees the wait on their desk."""
    found = Contact.objects.select_related("person").filter(agreement=agreement, agency=agency).first()
    return found.person if found else None
