"""The verbs of a partnership: who sits at the table, the conversation along the guide, papers, tasks.

Nothing here commits anyone. What a partner answers is read by no other before every partner has handed in.
"""

from infotrust.stages.readiness.services.activities import (
    happened,
    rename_activity,
    settle_activity,
    skip_activity,
    taken_back,
)
from infotrust.stages.readiness.services.capacity import assess, remedy
from infotrust.stages.readiness.services.goals import add_goal, add_need, add_question, choose_field, remove
from infotrust.stages.readiness.services.ground import ReadinessRefused
from infotrust.stages.readiness.services.guide_words import Said, said_on
from infotrust.stages.readiness.services.guides import (
    answer,
    begin_guide,
    conclude,
    hand_in,
    lay_open,
    note_meeting,
    say_view,
    take_back,
    write_together,
)
from infotrust.stages.readiness.services.papers import (
    agreement_drafted,
    ask_for_changes,
    offer,
    reopen_paper,
    reply,
    say,
    sign_off,
    start_paper,
    take_up_paper,
    use_case_signed_off,
    withdraw_paper,
    write_paper,
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
    "add_goal",
    "add_need",
    "add_partner",
    "add_person",
    "add_question",
    "agreement_drafted",
    "answer",
    "appoint_facilitator",
    "ask_for_changes",
    "assess",
    "begin_guide",
    "change_partnership",
    "choose_field",
    "close_partnership",
    "conclude",
    "give_task",
    "hand_in",
    "happened",
    "lay_open",
    "look_anew",
    "make_contact",
    "note_meeting",
    "offer",
    "open_partnership",
    "own_barrier",
    "remedy",
    "remove",
    "remove_person",
    "rename_activity",
    "reopen_paper",
    "reopen_partnership",
    "reply",
    "said_on",
    "say",
    "say_view",
    "set_barrier_aside",
    "settle_activity",
    "settle_task",
    "sign_off",
    "skip_activity",
    "start_paper",
    "take_back",
    "take_up_paper",
    "taken_back",
    "use_case_signed_off",
    "withdraw_paper",
    "write_paper",
    "write_together",
]
