"""Bodies and their seats; motions, ballots and recusals; the four questions and their answers."""

from infotrust.stages.governance.models.asking import Answer, Asking
from infotrust.stages.governance.models.bodies import Body, Charter, Delegation, Interest, Seat, Term
from infotrust.stages.governance.models.motions import Ballot, LookBack, Motion, Recusal

__all__ = [
    "Answer",
    "Asking",
    "Ballot",
    "Body",
    "Charter",
    "Delegation",
    "Interest",
    "LookBack",
    "Motion",
    "Recusal",
    "Seat",
    "Term",
]
