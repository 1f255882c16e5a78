"""What may be done with a motion in which state, and by whom: its raiser, chair and secretary, a seat's voter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from infotrust.shared.permissions.commands import Command, listed
from infotrust.stages.governance.lifecycle import MeetingState, State

RAISER, PRESIDER, RAISER_OR_PRESIDER, VOTER, EVERYONE = "raiser", "presider", "raiser or presider", "voter", ""

# Beyond the role: what someone must be to this motion or on its body.
WHO = {
    RAISER: _("who raised it"),
    PRESIDER: _("the body’s chair or secretary"),
    RAISER_OR_PRESIDER: _("who raised it, or the body’s chair or secretary"),
    VOTER: _("who acts for a voting seat of the body, and is not recused"),
    EVERYONE: "",
}


def _command(name: str, duty: str, states: Iterable[State], who: str, plain: str) -> tuple[Command, str]:
    return Command(name, duty, frozenset(states), plain, only=str(WHO[who])), who


_ALL = (
    _command("change", "raise motions", [State.RAISED], RAISER, "Change the words of a motion"),
    _command("send back", "run boards", [State.RAISED], PRESIDER, "Ask who raised it for changes"),
    _command("take up", "run boards", [State.RAISED], PRESIDER, "Take a motion up"),
    _command("open comment", "run boards", [State.REVIEWED], PRESIDER, "Open public comment"),
    _command(
        "set conditions", "run boards", [State.REVIEWED, State.COMMENT], PRESIDER, "Set conditions and review date"
    ),
    _command("look at comment", "run boards", [State.COMMENT], PRESIDER, "Show or withhold a comment"),
    _command("reply", "run boards", [State.COMMENT], PRESIDER, "Reply to a comment"),
    _command("open vote", "run boards", [State.REVIEWED, State.COMMENT], PRESIDER, "Open the vote"),
    _command(
        "recuse", "vote on boards", [State.REVIEWED, State.COMMENT, State.VOTING], VOTER, "Take no part: a conflict"
    ),
    _command("vote", "vote on boards", [State.VOTING], VOTER, "Vote"),
    _command("change vote", "vote on boards", [State.VOTING], VOTER, "Change one’s vote before the close"),
    _command("record vote", "run boards", [State.VOTING], PRESIDER, "Record a seat’s vote in a meeting"),
    _command("close vote", "run boards", [State.VOTING], PRESIDER, "Close the vote and count it"),
    _command(
        "withdraw",
        "raise motions",
        [State.RAISED, State.REVIEWED, State.COMMENT],
        RAISER_OR_PRESIDER,
        "Withdraw a motion",
    ),
    _command("look back", "run boards", [State.ADOPTED], PRESIDER, "Look again at what was decided"),
)
COMMANDS = listed(*(command for command, _who in _ALL))
BY_WHOM = {command.name: who for command, who in _ALL}

_CALLED, _HELD = frozenset({MeetingState.CALLED}), frozenset({MeetingState.HELD})
_OVER = frozenset({MeetingState.APPROVED})
MEETING_COMMANDS = listed(
    *(
        Command(name, "run boards", states, plain, str(WHO[PRESIDER]))
        for name, states, plain in (
            ("change meeting", _CALLED, "Change when, where and about what it is"),
            ("note meeting", _CALLED, "Note who is there and what is said"),
            ("close meeting", _CALLED, "End the meeting and draft its minutes"),
            ("cancel meeting", _CALLED, "Call the meeting off"),
            ("write minutes", _HELD, "Mend the minutes, withhold passages"),
            ("approve minutes", _HELD, "Approve the minutes"),
            ("publish minutes", _OVER, "Publish the minutes, without what is withheld"),
        )
    )
)

# What the README prints, under these names.
TABLES: dict[str, tuple[Mapping[str, Command], type[TextChoices]]] = {
    "motion": (COMMANDS, State),
    "meeting": (MEETING_COMMANDS, MeetingState),
}
