"""The states of an agreement and of a joining memo, and the moves between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from infotrust.core.lifecycle import Lifecycle


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    AWAITING_SIGNATURES = "awaiting_signatures", _("Awaiting signatures")
    SIGNED = "signed", _("Signed, not yet begun")
    IN_FORCE = "in_force", _("In force")
    SUSPENDED = "suspended", _("Suspended")
    SUPERSEDED = "superseded", _("Replaced by its amendment")
    ENDED = "ended", _("Ended by a party")
    EXPIRED = "expired", _("Expired")
    DISCARDED = "discarded", _("Discarded before it was signed")


LIFECYCLE = Lifecycle(
    "agreement",
    {
        # A draft that comes to nothing is kept, and makes room for the next.
        State.DRAFT: frozenset({State.IN_REVIEW, State.DISCARDED}),
        # A party's counsel who asks for changes sends it back; the last approval sends it on.
        State.IN_REVIEW: frozenset({State.DRAFT, State.AWAITING_SIGNATURES}),
        State.AWAITING_SIGNATURES: frozenset({State.DRAFT, State.SIGNED, State.IN_FORCE}),
        State.SIGNED: frozenset({State.IN_FORCE, State.ENDED, State.EXPIRED}),
        State.IN_FORCE: frozenset({State.SUSPENDED, State.SUPERSEDED, State.ENDED, State.EXPIRED}),
        # All access stops, nothing is destroyed.
        State.SUSPENDED: frozenset({State.IN_FORCE, State.SUPERSEDED, State.ENDED, State.EXPIRED}),
        # Its amendment took its place in the same transaction.
        State.SUPERSEDED: frozenset(),
        State.ENDED: frozenset(),
        State.EXPIRED: frozenset(),
        State.DISCARDED: frozenset(),
    },
)

# Where nothing can happen any more.
OVER = frozenset({State.ENDED, State.EXPIRED, State.SUPERSEDED, State.DISCARDED})


class JoiningState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    BOARD = "board", _("Before the executive board")
    WELCOME = "welcome", _("To be taken up by a party")
    PARTIES = "parties", _("Before the governing board and the parties")
    JOINED = "joined", _("Joined")
    DECLINED = "declined", _("Declined")
    TAKEN_BACK = "taken_back", _("Taken back")


JOINING = Lifecycle(
    "joining memo",
    {
        # Where no executive board was named, a party takes it up at once.
        JoiningState.DRAFT: frozenset({JoiningState.BOARD, JoiningState.WELCOME, JoiningState.TAKEN_BACK}),
        # A vote without a quorum decided nothing: the memo can be sent anew.
        JoiningState.BOARD: frozenset(
            {JoiningState.DRAFT, JoiningState.WELCOME, JoiningState.DECLINED, JoiningState.TAKEN_BACK}
        ),
        JoiningState.WELCOME: frozenset({JoiningState.PARTIES, JoiningState.DECLINED, JoiningState.TAKEN_BACK}),
        # The parties discard the edition that would let it join, and may draft another.
        JoiningState.PARTIES: frozenset(
            {JoiningState.WELCOME, JoiningState.JOINED, JoiningState.DECLINED, JoiningState.TAKEN_BACK}
        ),
        JoiningState.JOINED: frozenset(),
        JoiningState.DECLINED: frozenset(),
        JoiningState.TAKEN_BACK: frozenset(),
    },
)
OPEN_JOININGS = frozenset({JoiningState.DRAFT, JoiningState.BOARD, JoiningState.WELCOME, JoiningState.PARTIES})
