"""The verbs of requests and licenses: ask, check, review, decide; issue, acknowledge, extend, revoke, close.

What a license lets anyone see is not decided here: it is compiled into the policies, and `permissions.decide` decides.
"""

from infotrust.stages.requests.services.asking import (
    attach,
    begin_request,
    remove_attachment,
    save_section,
    submit,
    withdraw,
)
from infotrust.stages.requests.services.boards import ask_board
from infotrust.stages.requests.services.extending import ask_extension
from infotrust.stages.requests.services.licensing import (
    Terms,
    acknowledge,
    agreement_ended,
    amend_license,
    certify_destruction,
    compile_in_force,
    end_due,
    issue_license,
    remind,
    revoke_license,
    terms_of,
)
from infotrust.stages.requests.services.reading import open_attachment
from infotrust.stages.requests.services.reviewing import answer, comment, decide, return_request, send_to_custodians

__all__ = [
    "Terms",
    "acknowledge",
    "agreement_ended",
    "amend_license",
    "answer",
    "ask_board",
    "ask_extension",
    "attach",
    "begin_request",
    "certify_destruction",
    "comment",
    "compile_in_force",
    "decide",
    "end_due",
    "issue_license",
    "open_attachment",
    "remind",
    "remove_attachment",
    "return_request",
    "revoke_license",
    "save_section",
    "send_to_custodians",
    "submit",
    "terms_of",
    "withdraw",
]
