"""The verbs of linkage: link records, take them out of the register again, and have people look at pairs.

Only this stage and intake open the vault, and this one only for identifiers that an agreement lets be linked.
"""

from infotrust.stages.linkage.services.explaining import OpenedPair, open_explained
from infotrust.stages.linkage.services.opening import Opened, RecordGone
from infotrust.stages.linkage.services.publishing import NotPublic, TooFewAnswers, publish_error, withdraw_error
from infotrust.stages.linkage.services.relating import Related, open_relations
from infotrust.stages.linkage.services.reviewing import (
    NoSuchPair,
    NoteNamesValue,
    NotYours,
    Shown,
    answer_pair,
    leave_pair,
    open_question,
    take_back,
    take_back_last,
    take_pair,
)
from infotrust.stages.linkage.services.running import (
    JOB,
    LinkageOvertaken,
    NothingToLink,
    agreement_ended,
    link_records,
    linkage_finished,
    start_linkage,
)

__all__ = [
    "JOB",
    "LinkageOvertaken",
    "NoSuchPair",
    "NotPublic",
    "NotYours",
    "NoteNamesValue",
    "NothingToLink",
    "Opened",
    "OpenedPair",
    "RecordGone",
    "Related",
    "Shown",
    "TooFewAnswers",
    "agreement_ended",
    "answer_pair",
    "leave_pair",
    "link_records",
    "linkage_finished",
    "open_explained",
    "open_question",
    "open_relations",
    "publish_error",
    "start_linkage",
    "take_back",
    "take_back_last",
    "take_pair",
    "withdraw_error",
]
