"""Who may do what: each verb of the trust, the roles that may do it, and whether it is for their own agency only.

This table is printed in the docs and on the access page. What may be seen of the data itself is not
decided here but by the compiled agreements (see `decide`).
"""

from __future__ import annotations

from dataclasses import dataclass

from infotrust.shared.accounts.models import Agency, Role, User
from infotrust.shared.permissions.decision import Decision, NotPermitted, Reason


@dataclass(frozen=True)
class Duty:
    """`own_agency`: only for things of the person's own agency; an administrator is not exempt."""

    roles: frozenset[str]
    plain: str
    own_agency: bool = False


def _duty(*roles: Role, plain: str, own_agency: bool = False) -> Duty:
    return Duty(frozenset(roles), plain, own_agency)


EVERY_ROLE = tuple(Role)
# Who can speak for a program in a partnership.
SPEAKERS = (
    Role.PROGRAM,
    Role.STEWARD,
    Role.ANALYST,
    Role.COUNSEL,
    Role.PRIVACY,
    Role.SECURITY,
    Role.BOARD_MEMBER,
)
# Those who may hold a voting seat of a board.
ON_BOARDS = (Role.BOARD_MEMBER, Role.RESIDENT, Role.PROGRAM, Role.STEWARD, Role.PRIVACY, Role.COUNSEL)

DUTIES: dict[str, Duty] = {
    "manage accounts": _duty(Role.ADMINISTRATOR, plain="Only an administrator may add people and give roles."),
    "read audit log": _duty(
        Role.ADMINISTRATOR,
        Role.COUNSEL,
        Role.BOARD_MEMBER,
        plain="The audit log is read by administrators, counsel and board members.",
    ),
    "read inventory": _duty(*EVERY_ROLE, plain="The inventory is open to everyone who has a role in the trust."),
    "edit inventory": _duty(
        Role.STEWARD, own_agency=True, plain="A dataset is described by a data steward of the agency that owns it."
    ),
    "read partnerships": _duty(
        *EVERY_ROLE,
        plain="A partnership is read by its own people: those of its partners, and its facilitator.",
    ),
    "open partnership": _duty(
        Role.FACILITATOR,
        Role.PROGRAM,
        Role.STEWARD,
        Role.BOARD_MEMBER,
        plain="A partnership is opened by program staff, data stewards, board members and facilitators.",
    ),
    "steer partnership": _duty(
        Role.FACILITATOR,
        *SPEAKERS,
        plain="A partnership is led on by its facilitator and its partners' people.",
    ),
    "facilitate partnership": _duty(
        Role.FACILITATOR, plain="Only a facilitator lays answers side by side: someone who takes no side."
    ),
    "speak for partner": _duty(
        *SPEAKERS,
        plain="For a partner speak people who know its program, its data, its law or its systems.",
    ),
    "sign off paper": _duty(
        Role.PROGRAM,
        Role.STEWARD,
        Role.BOARD_MEMBER,
        plain="A use case or plan is signed off for a partner by its program staff, data steward or board member.",
    ),
    "read use cases": _duty(*EVERY_ROLE, plain="Use cases that were signed off are open to everyone with a role."),
    "read governance": _duty(*EVERY_ROLE, plain="Boards and motions are open to everyone who has a role in the trust."),
    "raise motions": _duty(*EVERY_ROLE, plain="Anyone with a role in the trust may ask a board to decide something."),
    "found boards": _duty(Role.ADMINISTRATOR, plain="A board is founded by an administrator."),
    "keep boards": _duty(
        Role.ADMINISTRATOR,
        *ON_BOARDS,
        Role.FACILITATOR,
        plain="Seats are kept by an administrator, or by the chair or secretary of the board.",
    ),
    "run boards": _duty(
        *ON_BOARDS, Role.FACILITATOR, plain="A board's motions are brought to a decision by its chair or secretary."
    ),
    "vote on boards": _duty(
        *ON_BOARDS,
        plain="Votes are for board members, residents, program staff, stewards, privacy officers and counsel: who runs "
        "the trust's machinery, or asks for data, does not vote on it.",
    ),
    "answer four questions": _duty(
        *ON_BOARDS,
        Role.SECURITY,
        Role.FACILITATOR,
        plain="The four questions are answered by those who sit on boards, security officers and facilitators.",
    ),
    "read agreements": _duty(*EVERY_ROLE, plain="Agreements are open to everyone who has a role in the trust."),
    "read law register": _duty(*EVERY_ROLE, plain="The law register is open to everyone who has a role in the trust."),
    "confirm law": _duty(
        Role.COUNSEL, own_agency=True, plain="That a law is told rightly is confirmed by counsel, for their own agency."
    ),
    "draft agreement": _duty(Role.STEWARD, Role.COUNSEL, plain="Agreements are drafted by data stewards and counsel."),
    "review agreement": _duty(
        Role.COUNSEL, own_agency=True, plain="Each party's own counsel reviews the agreement for that party."
    ),
    "reopen agreement": _duty(
        Role.STEWARD,
        Role.COUNSEL,
        Role.BOARD_MEMBER,
        own_agency=True,
        plain="Before the last signature, a party's own steward, counsel or board member may reopen an agreement.",
    ),
    "sign agreement": _duty(
        Role.BOARD_MEMBER,
        own_agency=True,
        plain="An agreement is signed for a party by that agency's own member of the governing board.",
    ),
    "hand in signature": _duty(
        Role.COUNSEL,
        Role.BOARD_MEMBER,
        own_agency=True,
        plain="A signature given on paper, or by a signature service, is handed in by a party's own counsel or board "
        "member, and confirmed by a second one, of any party.",
    ),
    "end agreement": _duty(
        Role.BOARD_MEMBER, own_agency=True, plain="A party's own board member may end an agreement."
    ),
    "comment agreement": _duty(
        Role.COUNSEL,
        Role.PRIVACY,
        Role.SECURITY,
        Role.PROGRAM,
        Role.STEWARD,
        own_agency=True,
        plain="Clauses are discussed by a party's own counsel, privacy and security officers, program staff, stewards.",
    ),
    "name contact": _duty(
        Role.BOARD_MEMBER,
        Role.COUNSEL,
        own_agency=True,
        plain="A party's contact is named by that party's own board member or counsel.",
    ),
    "suspend agreement": _duty(
        Role.BOARD_MEMBER,
        Role.COUNSEL,
        Role.PRIVACY,
        Role.SECURITY,
        own_agency=True,
        plain="An agreement is suspended at once by a party's own board member, counsel, privacy or security officer.",
    ),
    "resume agreement": _duty(
        Role.BOARD_MEMBER, own_agency=True, plain="What a party suspended, its own board member lets go on."
    ),
    "dispute agreement": _duty(
        Role.BOARD_MEMBER,
        Role.COUNSEL,
        own_agency=True,
        plain="A dispute is raised and settled by a party's own board member or counsel.",
    ),
    "report breach": _duty(
        Role.STEWARD,
        Role.COUNSEL,
        Role.BOARD_MEMBER,
        Role.PRIVACY,
        Role.SECURITY,
        own_agency=True,
        plain="A breach is reported by a party's own steward, counsel, board member, privacy or security officer.",
    ),
    "handle breach": _duty(
        Role.COUNSEL,
        Role.PRIVACY,
        own_agency=True,
        plain="A breach is handled to its end by a party's own counsel or privacy officer.",
    ),
    "write joining memo": _duty(
        Role.STEWARD,
        Role.COUNSEL,
        Role.PROGRAM,
        own_agency=True,
        plain="A joining memo is written by a steward, counsel or program staff of the agency that wants to join.",
    ),
    "send joining memo": _duty(
        Role.BOARD_MEMBER,
        own_agency=True,
        plain="A joining memo is sent, or taken back, by a board member of the agency that wants to join.",
    ),
    "decline joining memo": _duty(
        Role.BOARD_MEMBER,
        own_agency=True,
        plain="That an agency does not join is said for a party by that party's own board member.",
    ),
    "keep clause library": _duty(
        Role.COUNSEL, plain="The clause library, and what kinds of agreement are called here, are kept by counsel."
    ),
    "make request": _duty(
        Role.REQUESTER,
        Role.ANALYST,
        Role.PROGRAM,
        Role.STEWARD,
        plain="Data is asked for by requesters, analysts, program staff and data stewards.",
    ),
    "comment request": _duty(
        *EVERY_ROLE, plain="A request is discussed by its requester and by those in the trust who may read it."
    ),
    "read requests": _duty(
        Role.STEWARD,
        Role.PRIVACY,
        Role.SECURITY,
        Role.COUNSEL,
        Role.BOARD_MEMBER,
        Role.RESIDENT,
        Role.FACILITATOR,
        Role.ADMINISTRATOR,
        plain="Requests of others are read by those who check, review and decide them; everyone reads their own.",
    ),
    "check request": _duty(
        Role.FACILITATOR,
        Role.ADMINISTRATOR,
        plain="Whether a request is complete is checked by the trust's office: its facilitator or an administrator.",
    ),
    "review request": _duty(
        Role.STEWARD,
        Role.PRIVACY,
        own_agency=True,
        plain="A request is reviewed by the data steward or privacy officer of each agency whose fields it asks for.",
    ),
    "decide request": _duty(
        Role.BOARD_MEMBER,
        own_agency=True,
        plain="A request is decided by the board members of the agencies whose fields it asks for.",
    ),
    "issue license": _duty(
        Role.FACILITATOR,
        Role.ADMINISTRATOR,
        plain="A license is issued, extended and changed by the trust's office, after the decision.",
    ),
    "use license": _duty(
        Role.REQUESTER,
        Role.ANALYST,
        Role.PROGRAM,
        Role.STEWARD,
        plain="A license is acknowledged, and its end certified, by requesters, analysts, program staff and stewards.",
    ),
    "revoke license": _duty(
        Role.BOARD_MEMBER,
        Role.PRIVACY,
        own_agency=True,
        plain="A license is revoked by a board member or privacy officer of an agency whose fields it covers.",
    ),
    "send delivery": _duty(
        Role.STEWARD, own_agency=True, plain="A delivery is sent by a data steward of the agency that owns the dataset."
    ),
    "see deliveries": _duty(
        Role.STEWARD,
        Role.LINKAGE_OFFICER,
        Role.ADMINISTRATOR,
        plain="Deliveries are followed by data stewards, linkage officers and administrators.",
    ),
    "open quarantine": _duty(
        Role.STEWARD,
        own_agency=True,
        plain="Rejected rows are shown only to a data steward of the agency that sent them.",
    ),
    "run linkage": _duty(Role.LINKAGE_OFFICER, plain="Records are linked by linkage officers."),
    "see linkage": _duty(
        Role.LINKAGE_OFFICER,
        Role.ADMINISTRATOR,
        Role.BOARD_MEMBER,
        plain="Linkage runs are followed by linkage officers, administrators and board members.",
    ),
    "review pairs": _duty(
        Role.LINKAGE_OFFICER,
        plain="Records are looked at side by side by linkage officers only, one pair at a time; each look is recorded.",
    ),
    "explain links": _duty(
        Role.LINKAGE_OFFICER,
        Role.ADMINISTRATOR,
        plain="Why records are together or apart is explained, without their values, to linkage officers and "
        "administrators.",
    ),
    "see relations": _duty(
        Role.LINKAGE_OFFICER,
        plain="Who lives with whom and whose child one is, by identifiers, is seen by linkage officers only, one "
        "person at a time; each look is recorded.",
    ),
    "publish linkage error": _duty(
        Role.BOARD_MEMBER,
        plain="How often records are linked wrongly is put before the public by a member of the governing board.",
    ),
    "withdraw linkage error": _duty(
        Role.BOARD_MEMBER,
        Role.LINKAGE_OFFICER,
        plain="Figures of how often records are linked wrongly are withdrawn by a member of the governing board or a "
        "linkage officer.",
    ),
    "read questions": _duty(*EVERY_ROLE, plain="Questions are open to everyone who has a role in the trust."),
    "draft question": _duty(Role.ANALYST, plain="Questions are drafted by analysts."),
    "approve question": _duty(
        Role.BOARD_MEMBER, plain="A question is approved by a member of the governing board before it may be run."
    ),
    "run question": _duty(Role.ANALYST, plain="Approved questions are run by analysts."),
    "see outputs": _duty(
        Role.ANALYST,
        Role.OUTPUT_CHECKER,
        plain="Outputs that are not yet published are seen by analysts and output checkers only.",
    ),
    "submit output": _duty(Role.ANALYST, plain="An output is sent for checking by an analyst."),
    "see releases": _duty(
        Role.ANALYST,
        Role.OUTPUT_CHECKER,
        Role.BOARD_MEMBER,
        plain="What waits for release is followed by analysts, output checkers and board members.",
    ),
    "check output": _duty(Role.OUTPUT_CHECKER, plain="An output is checked by an output checker."),
    "publish output": _duty(Role.OUTPUT_CHECKER, plain="An approved output is published by an output checker."),
    "withdraw output": _duty(
        Role.OUTPUT_CHECKER,
        Role.BOARD_MEMBER,
        plain="A published answer is withdrawn by an output checker or a board member.",
    ),
    "ask about access": _duty(*EVERY_ROLE, plain="Anyone with a role may ask why a field can or cannot be seen."),
    "see clocks": _duty(
        *EVERY_ROLE, plain="Whose turn it is, and how long steps take, is open to everyone with a role."
    ),
    "follow jobs": _duty(
        Role.STEWARD,
        Role.LINKAGE_OFFICER,
        Role.ANALYST,
        Role.ADMINISTRATOR,
        plain="Background jobs are followed by those who start them and by administrators.",
    ),
}


def may(verb: str, *, by: User, agency: Agency | None = None) -> Decision:
    """Decide whether `by` may do `verb` (a key of `DUTIES`), for a thing of `agency` where the duty is agency-bound."""
    duty = DUTIES[verb]
    rule = f"duty:{verb}"
    if not by.is_active or not (by.roles & duty.roles):
        return Decision(False, (Reason(rule, duty.plain),))
    if duty.own_agency and (agency is None or by.agency_id != agency.pk):
        return Decision(False, (Reason(rule, duty.plain),))
    return Decision(True, (Reason(rule, duty.plain),))


def require(verb: str, *, by: User, agency: Agency | None = None) -> None:
    """Raise `NotPermitted`, with the reasons, unless `by` may do `verb`."""
    decision = may(verb, by=by, agency=agency)
    if not decision:
        raise NotPermitted(decision, wanted=verb)


def table() -> str:
    """Return the table of duties as Markdown, for the docs: each verb, its roles, and whether for one's own agency."""
    lines = ["| Duty | Roles | Own agency only | In words |", "|---|---|---|---|"]
    for verb, duty in DUTIES.items():
        roles = ", ".join(str(Role(role).label) for role in Role.values if role in duty.roles)
        lines.append(f"| {verb} | {roles} | {'yes' if duty.own_agency else 'no'} | {duty.plain} |")
    return "\n".join(lines)
