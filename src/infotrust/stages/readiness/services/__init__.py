"""The verbs of a partnership: who sits at the table, the conversation along the guide, tasks.

Nothing here commits anyone. What a partner answers is read by no other before every partner has handed in.
"""

from infotrust.stages.readiness.services.activities import rename_activity, settle_activity, skip_activity
from infotrust.stages.readiness.services.ground import ReadinessRefused
from infotrust.stages.readiness.services.guides import (
    Said,
    answer,
    begin_guide,
    conclude,
    hand_in,
    lay_open,
    note_meeting,
    said_on,
    say_view,
    take_back,
    write_together,
)
from infotrust.stages.readiness.services.partnerships import (
    add_partner,
    add_person,
    appoint_facilitator,
    change_partnership,
    close_partnership,
    look_anew,
    make_contact,
    open_partnership,
    remove_person,
    reopen_partnership,
)
from infotrust.stages.readiness.services.tasks import give_task, own_barrier, set_barrier_aside, settle_task

__all__ = [
    "ReadinessRefused",
    "Said",
    "add_partner",
    "add_person",
    "answer",
    "appoint_facilitator",
    "begin_guide",
    "change_partnership",
    "close_partnership",
    "conclude",
    "give_task",
    "hand_in",
    "lay_open",
    "look_anew",
    "make_contact",
    "note_meeting",
    "open_partnership",
    "own_barrier",
    "remove_person",
    "rename_activity",
    "reopen_partnership",
    "said_on",
    "say_view",
    "set_barrier_aside",
    "settle_activity",
    "settle_task",
    "skip_activity",
    "take_back",
    "write_together",
]
