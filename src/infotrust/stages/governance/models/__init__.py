"""Bodies and their seats; motions, ballots and recusals; the four questions and their answers."""

from infotrust.stages.governance.models.asking import Answer, Asking
from infotrust.stages.governance.models.bodies import Body, Charter, Delegation, Interest, Seat, Term
from infotrust.stages.governance.models.meetings import AgendaItem, Attendance, Meeting, Passage
from infotrust.stages.governance.models.motions import Ballot, LookBack, Motion, Recusal

__all__ = [
    "AgendaItem",
    "Answer",
    "Asking",
    "Attendance",
    "Ballot",
    "Body",
    "Charter",
    "Delegation",
    "Interest",
    "LookBack",
    "Meeting",
    "Motion",
    "Passage",
    "Recusal",
    "Seat",
    "Term",
]
