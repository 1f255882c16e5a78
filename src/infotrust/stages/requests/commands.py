"""What may be done with a request and with a license, in which state, and by whom. Printed into the README."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from infotrust.shared.permissions.commands import Command, listed
from infotrust.stages.requests.lifecycle import EDITABLE, OPEN_LICENSES, TO_DESTROY, LicenseState, State

OWN = "its requester"
CONTRIBUTING = "an agency whose fields it asks for"
ANOTHER = "someone other than its requester"
NAMED = "someone it names"

REQUESTS: dict[str, Command] = listed(
    Command("save", "make request", frozenset(EDITABLE), "write and save answers", OWN),
    Command("attach", "make request", frozenset(EDITABLE), "attach or remove a paper", OWN),
    Command("submit", "make request", frozenset(EDITABLE), "submit", OWN),
    Command(
        "withdraw",
        "make request",
        frozenset({*EDITABLE, State.SUBMITTED, State.IN_REVIEW, State.DECISION, State.GRANTED}),
        "withdraw",
        OWN,
    ),
    Command("return", "check request", frozenset({State.SUBMITTED}), "return with questions", ANOTHER),
    Command("send", "check request", frozenset({State.SUBMITTED}), "send to the custodians", ANOTHER),
    Command(
        "answer", "review request", frozenset({State.IN_REVIEW}), "answer for its agency", f"{CONTRIBUTING}; {ANOTHER}"
    ),
    Command(
        "decide", "decide request", frozenset({State.DECISION}), "decide for its agency", f"{CONTRIBUTING}; {ANOTHER}"
    ),
    Command(
        "ask board",
        "read requests",
        frozenset({State.SUBMITTED, State.IN_REVIEW, State.DECISION}),
        "put it before a board",
        ANOTHER,
    ),
    Command("issue", "issue license", frozenset({State.GRANTED}), "issue the license", ANOTHER),
    Command(
        "comment",
        "comment request",
        frozenset(set(State) - {State.DRAFT, State.WITHDRAWN, State.REFUSED}),
        "comment",
        "those who may read it",
    ),
)

LICENSES: dict[str, Command] = listed(
    Command("acknowledge", "use license", frozenset(OPEN_LICENSES), "acknowledge its text", NAMED),
    Command(
        "ask to extend",
        "use license",
        frozenset({LicenseState.IN_FORCE}),
        "ask a board to extend it",
        f"{NAMED}; {OWN}; where a board decides on it",
    ),
    Command("amend", "issue license", frozenset({LicenseState.IN_FORCE}), "extend or change it", ""),
    Command("revoke", "revoke license", frozenset(OPEN_LICENSES), "revoke it", CONTRIBUTING),
    Command("certify", "use license", frozenset(TO_DESTROY), "sign that all is destroyed", f"{NAMED}; {OWN}"),
)

TABLES: dict[str, tuple[Mapping[str, Command], type[TextChoices]]] = {
    "requests": (REQUESTS, State),
    "licenses": (LICENSES, LicenseState),
}

# Said on the page beside a button that cannot be pressed.
ONLY_WORDS = {
    OWN: _("Only the one who made the request may do this."),
    CONTRIBUTING: _("Only an agency whose fields are asked for may do this."),
    ANOTHER: _("Someone other than the requester does this."),
    NAMED: _("Only someone the license names may do this."),
}
