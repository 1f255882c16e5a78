"""The verbs of governance: keep bodies and seats, bring a motion to its decision, hear the public, ask four questions.

Other stages call `raise_motion` and `ask_four_questions`, and listen to `motion_decided` and `motion_moved` (in
`web/reactions.py`).
"""

from infotrust.stages.governance.services.asking import AnswerRefused, answer, ask_four_questions
from infotrust.stages.governance.services.calling import (
    MeetingRefused,
    call_meeting,
    cancel_meeting,
    change_meeting,
)
from infotrust.stages.governance.services.commenting import comment_received, reply, show_comment, withhold_comment
from infotrust.stages.governance.services.ground import BoardRefused, MotionRefused, motion_moved
from infotrust.stages.governance.services.keeping import (
    abolish_seat,
    add_seat,
    amend_charter,
    declare_interest,
    end_delegation,
    end_term,
    found_body,
    name_delegate,
    seat_someone,
)
from infotrust.stages.governance.services.meeting import (
    Words,
    approve_minutes,
    close_meeting,
    note_meeting,
    publish_minutes,
    record_vote,
    write_minutes,
)
from infotrust.stages.governance.services.moving import (
    change_motion,
    look_back,
    open_comment,
    raise_motion,
    send_back,
    set_conditions,
    take_up,
    withdraw,
)
from infotrust.stages.governance.services.voting import (
    VoteRefused,
    cast_vote,
    change_vote,
    close_vote,
    follow_calendar,
    motion_decided,
    open_vote,
    recuse,
)

__all__ = [
    "AnswerRefused",
    "BoardRefused",
    "MeetingRefused",
    "MotionRefused",
    "VoteRefused",
    "Words",
    "abolish_seat",
    "add_seat",
    "amend_charter",
    "answer",
    "approve_minutes",
    "ask_four_questions",
    "call_meeting",
    "cancel_meeting",
    "cast_vote",
    "change_meeting",
    "change_motion",
    "change_vote",
    "close_meeting",
    "close_vote",
    "comment_received",
    "declare_interest",
    "end_delegation",
    "end_term",
    "follow_calendar",
    "found_body",
    "look_back",
    "motion_decided",
    "motion_moved",
    "name_delegate",
    "note_meeting",
    "open_comment",
    "open_vote",
    "publish_minutes",
    "raise_motion",
    "record_vote",
    "recuse",
    "reply",
    "seat_someone",
    "send_back",
    "set_conditions",
    "show_comment",
    "take_up",
    "withdraw",
    "withhold_comment",
    "write_minutes",
]
