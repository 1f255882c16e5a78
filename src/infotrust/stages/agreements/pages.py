"""What the pages of agreements show: one frozen value for each page, with each action and why it may not be taken.

Reads only, and only after the reader's duty was checked. The words of reasons come from the rules themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.policy.clauses import Clause, agreement_text, clauses, text_digest
from infotrust.core.policy.kinds import KINDS
from infotrust.core.policy.terms import AgreementTerms
from infotrust.shared.accounts.models import User
from infotrust.shared.clocks import queries as clocks
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision
from infotrust.shared.permissions.terms import PURPOSE_TITLES
from infotrust.stages.agreements import checks, first_terms, library, queries, simulating
from infotrust.stages.agreements.clause_pages import differences_of
from infotrust.stages.agreements.commands import BEFORE_FORCE
from infotrust.stages.agreements.differing import Differences
from infotrust.stages.agreements.discussion_pages import Discussion, discussion
from infotrust.stages.agreements.effect_pages import Effects, effects
from infotrust.stages.agreements.life_pages import Life, life
from infotrust.stages.agreements.lifecycle import LIFECYCLE, State
from infotrust.stages.agreements.services import boards
from infotrust.stages.agreements.since_pages import Since, since
from infotrust.stages.agreements.terms import LEVEL_CHOICES
from infotrust.stages.agreements.wanting import Wanted, wanted
from infotrust.stages.governance import queries as governance

DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Action:
    """Something to do with an agreement. `why_not` is empty where the reader may do it now."""

    name: str
    title: str
    why_not: str = ""


@dataclass(frozen=True)
class PartyStatus:
    """Where one party stands; `waiting_days` counts the days since it was asked for the step it is at, if it was."""

    agency: str
    step: str
    waiting_days: int | None
    approved: str
    signed: str
    own: bool


@dataclass(frozen=True)
class Row:
    agreement: Any
    next_step: str
    own: bool


@dataclass(frozen=True)
class Overview:
    """The list: first what waits for the reader, then the rest."""

    mine: tuple[Row, ...]
    others: tuple[Row, ...]
    may_draft: Decision
    cases: tuple[Any, ...]  # use cases that were signed off, and that nobody has drafted from


@dataclass(frozen=True)
class AgreementPage:
    agreement: Any
    terms: AgreementTerms
    level: str
    purposes: tuple[str, ...]
    clauses: tuple[Clause, ...]
    parties: tuple[PartyStatus, ...]
    problems: tuple[str, ...]
    wanted: tuple[Wanted, ...]
    notes: tuple[str, ...]
    actions: tuple[Action, ...]
    effects: Effects | None
    foreseen: simulating.Foreseen | None
    board: Board
    waited: clocks.Waited
    text: str
    digest: str
    kind: str
    differs: Differences | None
    since: Since | None
    talk: Discussion
    life: Life
    elsewhere: tuple[Any, ...]
    # Parties by which the edition before is suspended: their word holds for this one too.
    stays_suspended: tuple[str, ...]

    @property
    def usual(self) -> tuple[Any, ...]:
        """Clauses that are usual and missing, apart from what a law wants."""
        return tuple(clause for one in self.wanted if not one.by_law for clause in one.clauses)

    @property
    def may_change(self) -> bool:
        return any(one.name == "clauses" and not one.why_not for one in self.actions)

    @property
    def draft(self) -> bool:
        return bool(self.agreement.state == State.DRAFT)


@dataclass(frozen=True)
class Board:
    """How the four questions stand, and what keeps the board's decision from being there (`missing`)."""

    subject: str
    questions: Any
    name: str
    missing: str
    motion: str
    may_choose: bool
    may_ask: bool
    # Of the decision about this very text: under which conditions it was adopted, and by when it is looked at again.
    conditions: str = ""
    review_by: date | None = None


def to_read(code: str, *, by: User) -> Any:
    """Return an agreement to its reader, without all that its page shows; raises as `agreement_page` does."""
    duties.require("read agreements", by=by)
    return queries.agreement(code)


def action(found: Any, name: str, *, by: User) -> Action:
    """Return one of the actions that follow from a text as it is sent round, with why it may not be taken now."""
    known = next((one for one in _actions(found, by, False) if one.name == name), None)
    return known or Action(name, "", _("This step is not possible in its present state."))


def overview(*, by: User) -> Overview:
    """Every agreement, those waiting for the reader first; raises `NotPermitted`."""
    duties.require("read agreements", by=by)
    rows = [_row(one, by) for one in queries.agreements()]
    return Overview(
        mine=tuple(row for row in rows if row.own),
        others=tuple(row for row in rows if not row.own),
        may_draft=duties.may("draft agreement", by=by),
        cases=tuple(first_terms.waiting_use_cases(by=by)),
    )


def agreement_page(code: str, *, by: User, at: datetime | None = None) -> AgreementPage:
    """One agreement with everything that is known of it; raises `NotPermitted`, `NoSuchAgreement`."""
    at = at or timezone.now()
    found = to_read(code, by=by)
    terms = queries.terms_of(found)
    wrong = checks.problems(terms, timezone.localdate(at)) if found.state == State.DRAFT else []
    return AgreementPage(
        agreement=found,
        terms=terms,
        level=str(dict(LEVEL_CHOICES)[terms.level]),
        purposes=tuple(str(PURPOSE_TITLES[purpose]) for purpose in terms.purposes),
        clauses=clauses(terms),
        parties=_parties(found, by, at),
        problems=tuple(wrong),
        wanted=wanted(terms) if found.state in BEFORE_FORCE else (),
        notes=tuple(checks.notes_for_counsel(terms)),
        actions=_actions(found, by, bool(wrong)),
        effects=_effects_before_signing(found, terms, at) if not wrong else None,
        foreseen=simulating.foresee(terms, at=at) if not wrong and _before_signing(found, terms) else None,
        board=_board(found, by),
        # The days of its board are waits of the motions about it.
        waited=clocks.waited(found.label, *(one.about for one in governance.of_subject(found.label)), at=at),
        text=agreement_text(terms),
        digest=text_digest(terms),
        kind=library.kind_titles()[found.kind],
        differs=differences_of(found),
        since=since(found, by=by),
        talk=discussion(code, by=by, at=at),
        life=life(code, by=by),
        elsewhere=tuple(queries.signatures_elsewhere(found)),
        stays_suspended=tuple(queries.suspended_by(found.amends)) if found.amends and _unsigned(found) else (),
    )


def _row(agreement: Any, by: User) -> Row:
    open_actions = [action for action in _actions(agreement, by, False) if not action.why_not]
    urgent = [action for action in open_actions if action.name in {"review", "sign"}]
    own_draft = agreement.state == State.DRAFT and agreement.drafted_by_id == by.pk
    if urgent:
        return Row(agreement, urgent[0].title, True)
    return Row(agreement, _("Finish the draft") if own_draft else "", own_draft)


def _parties(agreement: Any, by: User, at: datetime) -> tuple[PartyStatus, ...]:
    missing = boards.missing_decision(agreement) if agreement.state == State.AWAITING_SIGNATURES else ""
    asked = {
        one.wait.agency_id: one.wait.since for one in clocks.open_of(agreement.label) if one.wait.step == "signature"
    }
    return tuple(
        _party(agreement, party, by, at, missing, asked.get(party.agency_id)) for party in agreement.parties.all()
    )


def _party(agreement: Any, party: Any, by: User, at: datetime, missing: str, asked: datetime | None) -> PartyStatus:
    step, since = "", None
    if agreement.state == State.IN_REVIEW and not party.approved_at:
        step, since = _("Its counsel reviews"), agreement.submitted_at
    elif agreement.state == State.AWAITING_SIGNATURES and not party.signed_at:
        step, since = (_("The board decides first"), None) if missing else (_("Its board member signs"), asked)
    return PartyStatus(
        agency=party.agency.name,
        step=step,
        waiting_days=int((at - since).total_seconds() // DAY) if since else None,
        approved=_who_when(party.approved_by, party.approved_at),
        signed=_signed(party),
        own=party.agency_id == by.agency_id,
    )


def _signed(party: Any) -> str:
    if party.elsewhere is None:
        return _who_when(party.signed_by, party.signed_at)
    given = party.elsewhere
    words = {"who": given.signer, "title": given.signer_title, "two": party.signed_by.name}
    return _("%(who)s, %(title)s, signed elsewhere; handed in by %(one)s, confirmed by %(two)s") % {
        **words,
        "one": given.by.name,
    }


def _who_when(who: Any, when: datetime | None) -> str:
    if not when:
        return ""
    day = timezone.localdate(when)
    return _("%(who)s, %(day)s") % {"who": who.name, "day": f"{day:%b} {day.day}, {day.year}"}


def _actions(agreement: Any, by: User, incomplete: bool) -> tuple[Action, ...]:
    """What can follow from the state it is in; each with the reason why this reader cannot do it, if so."""
    state = State(agreement.state)
    found = []
    if state == State.DRAFT:
        why_not = _draft_why_not(agreement, by)
        found = [
            Action("terms", _("Change the terms"), why_not),
            *([Action("datasets", _("Choose datasets and fields"), why_not)] if KINDS[agreement.kind].shares else []),
            Action("clauses", _("Choose and write clauses"), why_not),
            Action(
                "submit",
                _("Send for review"),
                why_not or (_("Something is missing; see above.") if incomplete else ""),
            ),
            Action("discard", _("Discard this draft"), why_not),
        ]
    if state == State.IN_REVIEW:
        found.append(Action("review", _("Review for your agency"), _own_why_not(agreement, "review agreement", by)))
        found.append(Action("reopen", _("Reopen to change it"), _own_why_not(agreement, "reopen agreement", by)))
    if state == State.AWAITING_SIGNATURES:
        found.append(Action("sign", _("Sign for your agency"), _own_why_not(agreement, "sign agreement", by)))
        found.append(
            Action(
                "hand-in", _("Hand in a signature given elsewhere"), _own_why_not(agreement, "hand in signature", by)
            )
        )
        found.append(Action("reopen", _("Reopen to change it"), _own_why_not(agreement, "reopen agreement", by)))
    if LIFECYCLE.can_move(state, State.ENDED):
        found.append(Action("end", _("End this agreement"), _own_why_not(agreement, "end agreement", by)))
    return tuple(found)


def _draft_why_not(agreement: Any, by: User) -> str:
    decision = duties.may("draft agreement", by=by)
    if not decision:
        return decision.reasons[0].plain
    if agreement.drafted_by_id == by.pk or any(party.agency_id == by.agency_id for party in agreement.parties.all()):
        return ""
    return _("Your agency is not a party to %(code)s.") % {"code": agreement.code}


def _own_why_not(agreement: Any, duty: str, by: User) -> str:
    decision = duties.may(duty, by=by, agency=by.agency)
    if not decision:
        return decision.reasons[0].plain
    party = next((one for one in agreement.parties.all() if one.agency_id == by.agency_id), None)
    if party is None:
        return _("Your agency is not a party to %(code)s.") % {"code": agreement.code}
    if duty == "review agreement" and party.approved_at:
        return _("Your agency has already approved this text.")
    if duty in {"sign agreement", "hand in signature"} and party.signed_at:
        return _("Your agency has already signed.")
    return boards.missing_decision(agreement) if duty == "sign agreement" else ""


def _effects_before_signing(agreement: Any, terms: AgreementTerms, at: datetime) -> Effects | None:
    return effects(terms, at=at) if _before_signing(agreement, terms) else None


def _board(agreement: Any, by: User) -> Board:
    subject = agreement.label
    about = governance.of_subject(subject)
    missing = boards.missing_decision(agreement)
    has_text = agreement.state in {State.IN_REVIEW, State.AWAITING_SIGNATURES}
    decided = boards.decision_of(agreement)
    this_text = decided is not None and decided.adopted and decided.subject_version == str(agreement.text_version)
    return Board(
        conditions=decided.conditions if this_text else "",
        review_by=decided.review_by if this_text else None,
        subject=subject,
        questions=governance.four_questions(subject),
        name=governance.body(agreement.board).name if agreement.board else "",
        missing=missing,
        motion=f"/governance/motions/{about[0].pk}/" if about else "",
        may_choose=agreement.state == State.DRAFT and not _draft_why_not(agreement, by) and bool(governance.bodies()),
        may_ask=bool(missing and has_text and not boards.is_asked(agreement) and duties.may("raise motions", by=by)),
    )


def _unsigned(agreement: Any) -> bool:
    return agreement.state in BEFORE_FORCE or agreement.state == State.SIGNED


def _before_signing(agreement: Any, terms: AgreementTerms) -> bool:
    before = agreement.state in {State.DRAFT, State.IN_REVIEW, State.AWAITING_SIGNATURES, State.SIGNED}
    return before and any(dataset.agreed for dataset in terms.datasets)
