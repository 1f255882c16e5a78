"""The verbs of an agreement: draft, change, send for review, review, sign, begin, end.

What is signed is what was reviewed: each approval and each signature stands under the digest of one exact text. The
last signature compiles the agreement and publishes the policies in the same transaction; so does its end. Nothing
here decides what may be seen: that is `permissions.decide`, by the policies published here.
"""

from infotrust.stages.agreements.services.agreeing import discard, reopen, review, sign
from infotrust.stages.agreements.services.beginning import draft_from_use_case, left_out, uses_of
from infotrust.stages.agreements.services.boards import ask_board, board_moved, put_under_board
from infotrust.stages.agreements.services.breaching import close_breach, correct_breach, deal_with_notice, report_breach
from infotrust.stages.agreements.services.discussing import answer, comment, name_contact, say, settle
from infotrust.stages.agreements.services.drafting import (
    add_dataset,
    change_terms,
    draft_agreement,
    draft_from,
    remove_dataset,
    submit_for_review,
)
from infotrust.stages.agreements.services.force import (
    agreement_amended,
    agreement_ended,
    agreement_in_force,
    dataset_changed,
    end,
    expire_due,
    keep_up_with_the_law,
    republish,
)
from infotrust.stages.agreements.services.ground import AgreementRefused, agreement_moved
from infotrust.stages.agreements.services.handing_in import CHECKS, decide_signature, document_to_sign, hand_in
from infotrust.stages.agreements.services.joining import (
    begin_joining,
    decline_joining,
    joining_decided,
    joining_in_force,
    joinings_end,
    offer_dataset,
    send_joining,
    take_back_joining,
    take_up_joining,
    write_joining,
)
from infotrust.stages.agreements.services.living import (
    amend,
    confirm,
    raise_dispute,
    renew,
    resume,
    settle_dispute,
    suspend,
)
from infotrust.stages.agreements.services.papers import attach_signed_copy
from infotrust.stages.agreements.services.proposing import BroughtBack, bring_back, decide_proposal
from infotrust.stages.agreements.services.texts import take_word
from infotrust.stages.agreements.services.wording import (
    choose_clause,
    choose_wanted,
    drop_clause,
    fingerprint,
    keep_in_library,
    name_kind,
    write_clause,
)

__all__ = [
    "CHECKS",
    "AgreementRefused",
    "BroughtBack",
    "add_dataset",
    "agreement_amended",
    "agreement_ended",
    "agreement_in_force",
    "agreement_moved",
    "amend",
    "answer",
    "ask_board",
    "attach_signed_copy",
    "begin_joining",
    "board_moved",
    "bring_back",
    "change_terms",
    "choose_clause",
    "choose_wanted",
    "close_breach",
    "comment",
    "confirm",
    "correct_breach",
    "dataset_changed",
    "deal_with_notice",
    "decide_proposal",
    "decide_signature",
    "decline_joining",
    "discard",
    "document_to_sign",
    "draft_agreement",
    "draft_from",
    "draft_from_use_case",
    "drop_clause",
    "end",
    "expire_due",
    "fingerprint",
    "hand_in",
    "joining_decided",
    "joining_in_force",
    "joinings_end",
    "keep_in_library",
    "keep_up_with_the_law",
    "left_out",
    "name_contact",
    "name_kind",
    "offer_dataset",
    "put_under_board",
    "raise_dispute",
    "remove_dataset",
    "renew",
    "reopen",
    "report_breach",
    "republish",
    "resume",
    "review",
    "say",
    "send_joining",
    "settle",
    "settle_dispute",
    "sign",
    "submit_for_review",
    "suspend",
    "take_back_joining",
    "take_up_joining",
    "take_word",
    "uses_of",
    "write_clause",
    "write_joining",
]
