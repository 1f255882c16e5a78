"""Every command on a partnership, a discussion guide and a paper: who may give it, in which states. The one place."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices

from infotrust.shared.permissions.commands import Command, listed
from infotrust.stages.readiness.lifecycle import GuideState, PaperState, State

OPEN = frozenset({State.TALKING, State.FEASIBLE, State.NOT_YET})
EARLY = frozenset({State.TALKING, State.NOT_YET})
ANY_PARTNER = "the facilitator, or somebody of a partner"
OWN_PARTNER = "somebody of that partner"
THE_FACILITATOR = "the facilitator of this partnership"
CHAIR = "the facilitator; where there is none, somebody of a partner"


STEER, SPEAK = "steer partnership", "speak for partner"

COMMANDS: dict[str, Command] = listed(
    Command("change", STEER, OPEN, "Change its title, what it is about, or between whom it is", ANY_PARTNER),
    Command("add partner", STEER, EARLY, "Bring another partner to the table", ANY_PARTNER),
    Command("add person", SPEAK, OPEN, "Add a colleague to one’s own partner", OWN_PARTNER),
    Command("remove person", SPEAK, OPEN, "Take a colleague off one’s own partner", OWN_PARTNER),
    Command("appoint facilitator", STEER, OPEN, "Choose a neutral facilitator", ANY_PARTNER),
    Command("begin guide", STEER, EARLY, "Begin the discussion guide", ANY_PARTNER),
    Command("look anew", STEER, frozenset({State.FEASIBLE}), "Go back to talking", ANY_PARTNER),
    Command("rename activity", STEER, OPEN, "Give an activity another title", ANY_PARTNER),
    Command("skip activity", STEER, OPEN, "Skip an activity, with a reason", ANY_PARTNER),
    Command("settle activity", STEER, OPEN, "Say that an activity is done, or to do again", ANY_PARTNER),
    Command("add task", STEER, OPEN, "Give somebody a task with a day", ANY_PARTNER),
    Command("settle task", STEER, OPEN, "Say what came of a task", "its owner’s partner, or the facilitator"),
    Command("keep questions", STEER, OPEN, "Keep goals, questions and what they need", ANY_PARTNER),
    Command("assess", SPEAK, OPEN, "Say what one’s own partner can do, and what is done about gaps", OWN_PARTNER),
    Command("start paper", STEER, OPEN, "Start a paper", "a use case or a management plan: once it is feasible"),
    Command("close", STEER, OPEN, "Close the partnership, with a reason", ANY_PARTNER),
    Command("reopen", STEER, frozenset({State.CLOSED}), "Open it again", ANY_PARTNER),
)

ANSWERING, SIDE_BY_SIDE = frozenset({GuideState.ANSWERING}), frozenset({GuideState.OPEN})
GUIDE_COMMANDS: dict[str, Command] = listed(
    Command("note the meeting", STEER, ANSWERING | SIDE_BY_SIDE, "Write down when and who meets", ANY_PARTNER),
    Command("answer", SPEAK, ANSWERING, "Mark where one’s own partner stands", OWN_PARTNER),
    Command("hand in", SPEAK, ANSWERING, "Hand in the answers of one’s own partner", OWN_PARTNER),
    Command("take back", SPEAK, ANSWERING, "Take the answers back before they are laid side by side", OWN_PARTNER),
    Command("lay open", "facilitate partnership", ANSWERING, "Lay the answers side by side", THE_FACILITATOR),
    Command("write together", STEER, SIDE_BY_SIDE, "Write down what was said and what comes next", ANY_PARTNER),
    Command("deal with barrier", STEER, SIDE_BY_SIDE, "Make a task of a barrier, or set it aside", ANY_PARTNER),
    Command("say view", SPEAK, SIDE_BY_SIDE, "Say whether one’s own partner would go on", OWN_PARTNER),
    Command("conclude", STEER, SIDE_BY_SIDE, "Conclude the conversation", CHAIR),
)

DRAFT, SIGNING, FINAL = (frozenset({state}) for state in (PaperState.DRAFT, PaperState.SIGNING, PaperState.FINAL))
AT_WORK = DRAFT | SIGNING
PAPER_COMMANDS: dict[str, Command] = listed(
    Command("write", STEER, DRAFT, "Write the paper", ANY_PARTNER),
    Command("offer", STEER, DRAFT, "Ask every partner to sign off", "nothing needed is missing"),
    Command("sign off", "sign off paper", SIGNING, "Sign off for one’s own partner", OWN_PARTNER),
    Command("ask for changes", SPEAK, SIGNING, "Send it back with what should change", OWN_PARTNER),
    Command("reopen", STEER, FINAL, "Write the next version, with a reason", ANY_PARTNER),
    Command("withdraw", STEER, AT_WORK, "Give the paper up, with a reason", ANY_PARTNER),
    Command("take up", STEER, frozenset({PaperState.WITHDRAWN}), "Take it up again", ANY_PARTNER),
    Command("say", STEER, AT_WORK | FINAL, "Say something about it", ANY_PARTNER),
    Command("reply", STEER, AT_WORK | FINAL, "Say what became of a remark", ANY_PARTNER),
)

# What the README prints, under these names.
TABLES: dict[str, tuple[Mapping[str, Command], type[TextChoices]]] = {
    "partnership": (COMMANDS, State),
    "guide": (GUIDE_COMMANDS, GuideState),
    "paper": (PAPER_COMMANDS, PaperState),
}
