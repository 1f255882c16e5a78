"""What can be done with a question: draft, change, submit, approve or send back, run, retire.

A run asks permission for every field it reads, at that moment; the statement that runs is the one that was approved,
recognized by its digest. The output is a table of counts for the disclosure check, and for nobody else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.questions import Answer, Limits, LockedQuery
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.jobs import services as jobs
from infotrust.shared.jobs.models import Job
from infotrust.shared.permissions import duties
from infotrust.shared.permissions import services as permissions
from infotrust.shared.permissions.decision import Decision, NotPermitted, Reason
from infotrust.stages.analysis import enclave, queries
from infotrust.stages.analysis.lifecycle import LIFECYCLE, State
from infotrust.stages.analysis.models import OPEN, Output, Question
from infotrust.stages.analysis.requests import Asking
from infotrust.stages.analysis.terms import NOT_RECORDED, Draft, OutputRefused, QuestionIncomplete, with_order
from infotrust.stages.requests import queries as requests

# Sent inside the transaction that keeps an output: output, question, by, at.
output_ready = Signal()

RUN = "run question"
Step = Callable[[str], None]


@transaction.atomic
def draft_question(
    *,
    code: str,
    title: str,
    meaning: str,
    unit: str,
    period: str,
    population: str,
    purpose: str,
    agreements: Sequence[str],
    sql: str,
    dimensions: Sequence[str],
    measures: Sequence[str],
    by: User,
    definitions: Mapping[str, str] | None = None,
    limits: Sequence[str] = (),
    sentence: str = "",
    labels: Mapping[str, Any] | None = None,
    figures: Mapping[str, Mapping[str, str]] | None = None,
    license: str = "",
    at: datetime | None = None,
) -> Question:
    """Draft a question, or a new version of the one called `code`; its statement is locked and rehearsed at once.

    Raises `NotPermitted`, `QueryRefused`, `QueryFailed` or `QuestionIncomplete`; nothing is kept then.
    """
    duties.require("draft question", by=by)
    draft = Draft(
        code=code, title=title, meaning=meaning, unit=unit, period=period, population=population, purpose=purpose,
        agreements=tuple(agreements), sql=sql, dimensions=tuple(dimensions), measures=tuple(measures),
        definitions=definitions or {}, labels=labels or {}, limits=tuple(limits), sentence=sentence,
        figures=figures or {}, license=license,
    )  # fmt: skip
    _require_no_open_version(code)
    latest = Question.objects.filter(code=code).order_by("-version").first()
    question = Question(code=code, version=latest.version + 1 if latest else 1, drafted_by=by, drafted_at=_now(at))
    return _write(question, draft, by=by, at=_now(at))


@transaction.atomic
def change_question(question: Question, draft: Draft, *, by: User, at: datetime | None = None) -> Question:
    """Change a draft; from an approved question, begin a new version. What was approved stays as it is."""
    duties.require("draft question", by=by)
    at = _now(at)
    current = _locked_row(question)
    draft = replace(draft, code=current.code)
    if current.state in OPEN:
        LIFECYCLE.require(current.state, State.DRAFT, thing=str(current)) if current.state != State.DRAFT else None
        current.state, current.submitted_at, current.drafted_by = State.DRAFT, None, by
        return _write(current, draft, by=by, at=at)
    return draft_question(**_named(draft), by=by, at=at)


def save_draft(question: Question | None, draft: Draft, *, by: User, at: datetime | None = None) -> Question:
    """Keep what the form holds: a new question, or a change of `question`."""
    if question is not None:
        return change_question(question, draft, by=by, at=at)
    return draft_question(**_named(draft), by=by, at=at)


def _named(draft: Draft) -> dict[str, Any]:
    return {each.name: getattr(draft, each.name) for each in fields(draft)}


@transaction.atomic
def submit_question(question: Question, *, by: User, at: datetime | None = None) -> Question:
    """Hand the draft to the board."""
    duties.require("draft question", by=by)
    question = _locked_row(question)
    LIFECYCLE.require(question.state, State.SUBMITTED, thing=str(question))
    question.state, question.submitted_at = State.SUBMITTED, _now(at)
    question.save()
    _record(Event.QUESTION_SUBMITTED, question, by=by, at=at)
    return question


@transaction.atomic
def approve_question(question: Question, *, by: User, comment: str = "", at: datetime | None = None) -> Question:
    """Approve a submitted question; the version approved before is retired.

    Raises `NotPermitted` for the author, and `QuestionIncomplete` where the statement would no longer lock as it did.
    """
    duties.require("approve question", by=by)
    question = _locked_row(question)
    LIFECYCLE.require(question.state, State.APPROVED, thing=str(question))
    _require_another(question, by)
    _require_same_statement(question)
    for earlier in Question.objects.select_for_update().filter(code=question.code, state=State.APPROVED):
        _retire(earlier, at=_now(at))
    question.state, question.approved_by, question.approved_at = State.APPROVED, by, _now(at)
    question.comment = comment
    question.save()
    _record(Event.QUESTION_APPROVED, question, by=by, at=at)
    return question


@transaction.atomic
def send_back(question: Question, *, by: User, comment: str, at: datetime | None = None) -> Question:
    """Return a submitted question to its author, with the reason."""
    duties.require("approve question", by=by)
    question = _locked_row(question)
    LIFECYCLE.require(question.state, State.DRAFT, thing=str(question))
    if not comment.strip():
        raise QuestionIncomplete(
            _("A question is sent back with a comment."), next_step=_("Say what its author should change.")
        )
    question.state, question.submitted_at, question.comment = State.DRAFT, None, comment
    question.save()
    _record(Event.QUESTION_SENT_BACK, question, by=by, at=at)
    return question


@transaction.atomic
def retire_question(question: Question, *, by: User, at: datetime | None = None) -> Question:
    """Stop a question: an approved one by the board, a draft by an analyst. It can be read, and not run."""
    question = _locked_row(question)
    duties.require("approve question" if question.state == State.APPROVED else "draft question", by=by)
    _retire(question, at=_now(at))
    _record(Event.QUESTION_RETIRED, question, by=by, at=at)
    return question


@transaction.atomic
def open_output(number: int, *, by: User, at: datetime | None = None) -> Output:
    """Return the true counts of an output, and record who saw them. Raises `NotPermitted`, `NoSuchQuestion`."""
    output = queries.output(number, by=by)
    record_seen(output, by=by, at=at)
    return output


def record_seen(output: Output, *, by: User, at: datetime | None = None) -> None:
    """Record that someone was shown the true counts of an output: they may point to single people."""
    agreement, version = output.manifest.get("agreement", ""), output.manifest.get("version")
    facts = {"wanted": f"see the true counts of output {output.pk}", "agreement": agreement, "version": version}
    audit.record(Event.ACCESS_ALLOWED, about=f"question:{output.question.code}", by=by, at=_now(at), **facts)


@transaction.atomic
def start_run(question: Question, *, by: User, at: datetime | None = None) -> Job:
    """Ask the worker to run the question. What can be refused now is refused now; the job asks again."""
    duties.require("run question", by=by)
    _require_approved(question)
    _require_fields(question, by=by, at=_now(at))
    return jobs.start(RUN, by=by, about=question.about, arguments={"question": question.pk}, at=at)


def run_question(
    question: Question,
    *,
    by: User,
    at: datetime | None = None,
    limits: Limits | None = None,
    step: Step = lambda _name: None,
    job: int | None = None,
) -> Output:
    """Answer an approved question and keep its output.

    Raises `NotPermitted` (with each refusing rule), `NothingToRead`, `QueryFailed` or `OutputRefused`. Not one
    transaction: an answer may take minutes, and nobody should wait for it. Permission is asked again before keeping it.
    """
    made = Output.objects.filter(job=job).first() if job is not None else None
    if made is not None:
        return made
    at = _now(at)
    step(_("Asking permission for each field"))
    duties.require("run question", by=by)
    question = Question.objects.get(pk=question.pk)
    _require_approved(question)
    locked = _require_same_statement(question)
    with transaction.atomic():
        decisions = permissions.require_all(_require_fields(question, by=by, at=at), wanted=_wanted(question))
    step(_("Reading and counting"))
    answered = enclave.answer(locked, limits=limits)
    step(_("Checking the table"))
    columns, rows = _shaped(question, answered.answer)
    manifest = _manifest(question, answered, decisions)
    return _keep(question, columns, rows, manifest, by=by, at=at, job=job)


@transaction.atomic
def _keep(
    question: Question, columns: list[str], rows: list[list[Any]], manifest: dict[str, Any], *, by: User, at: datetime,
    job: int | None,
) -> Output:  # fmt: skip
    output = Output.objects.create(
        question=question,
        columns=columns,
        rows=rows,
        dimensions=question.dimensions,
        measures=question.measures,
        digest=table_digest(columns, rows),
        manifest=manifest,
        made_by=by,
        made_at=at,
        job=job,
    )
    facts = {
        name: manifest[name]
        for name in ("agreement", "license", "policy_version", "sql_digest", "generations", "periods")
    }
    audit.record(
        Event.QUESTION_RUN,
        about=question.about,
        by=by,
        at=at,
        version=question.version,
        output=output.pk,
        digest=output.digest,
        cells=len(rows),
        **facts,
    )
    # Whoever ends an agreement writes into the log, too: after our entry, what is decided holds until we are done.
    _require_fields(question, by=by, at=max(at, timezone.now()))
    output_ready.send(Output, output=output, question=question, by=by, at=at)
    return output


def table_digest(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """SHA-256 (hex) of a table of texts and whole numbers, written in one way only."""
    text = json.dumps([list(columns), [list(row) for row in rows]], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _write(question: Question, draft: Draft, *, by: User, at: datetime) -> Question:
    draft.require_complete()
    known = enclave.schema()
    locked = enclave.locked(draft.sql, known)
    _require_declared(draft, locked)
    for name, value in asdict(draft).items():
        setattr(question, name, list(value) if isinstance(value, tuple) else value)
    question.labels = with_order(draft.labels)
    question.locked_sql, question.sql_digest = locked.sql, locked.digest
    question.reads = [list(pair) for pair in known.reads(locked)]
    _require_within_license(question)
    question.save()
    _record(Event.QUESTION_DRAFTED, question, by=by, at=at)
    return question


def _require_within_license(question: Question) -> None:
    """A question linked to a license keeps within it from the start; what may be read is decided when it is run."""
    if not question.license:
        return
    license_ = requests.license_in_force(question.license)
    if license_ is None:
        raise QuestionIncomplete(
            _("The license %(code)s is not in force.") % {"code": question.license},
            next_step=_("Choose another, or none."),
        )
    within = requests.within(license_, question.fields_read, question.purpose)
    for reason in within.reasons:
        raise QuestionIncomplete(
            f"{reason.plain} ({reason.citation})",
            next_step=_("Leave it out, or ask for a change of the license."),
        )


def _require_declared(draft: Draft, locked: LockedQuery) -> None:
    if set(draft.dimensions) != set(locked.dimensions) or draft.measures != (locked.measure,):
        raise QuestionIncomplete(
            _("The statement gives the categories %(dimensions)s and the count %(measure)s.")
            % {"dimensions": ", ".join(locked.dimensions) or _("(none)"), "measure": locked.measure},
            next_step=_("Declare exactly these."),
        )


def _require_no_open_version(code: str) -> None:
    if Question.objects.filter(code=code, state__in=OPEN).exists():
        raise QuestionIncomplete(
            _("The question %(code)s already has a version that is being written.") % {"code": code},
            next_step=_("Change that one, or wait until the board has decided about it."),
        )


def _require_another(question: Question, by: User) -> None:
    if question.drafted_by_id == by.pk:
        reason = Reason("four-eyes", _("A question is approved by someone other than its author."))
        raise NotPermitted(Decision(False, (reason,)), wanted=_("approve your own question"))


def _require_approved(question: Question) -> None:
    if question.state != State.APPROVED:
        reason = Reason("approved-only", _("Only a question that the governing board has approved is run."))
        raise NotPermitted(Decision(False, (reason,)), wanted=_wanted(question))


def _require_same_statement(question: Question) -> LockedQuery:
    """Lock the statement again: fields may have been retired, or the rules made stricter, since it was drafted."""
    locked = enclave.locked(question.sql)
    if locked.digest != question.sql_digest:
        raise QuestionIncomplete(
            _("The statement of %(question)s would not run as it was written down.") % {"question": question.code},
            next_step=_("Begin a new version of the question and have it approved."),
        )
    return locked


def _require_fields(question: Question, *, by: User, at: datetime) -> list[permissions.FieldRequest]:
    """Return the requests of the one agreement that allows every field; raise `NotPermitted` where there is none."""
    asking = Asking(question.fields_read, question.purpose, by, at, question.license)
    decided = asking.decided_under(question.agreements)
    for agreement, decisions in decided.items():
        if all(decisions.values()):
            return asking.requests(agreement)
    refused = [decision for decisions in decided.values() for decision in decisions.values() if not decision]
    reasons = tuple(dict.fromkeys(reason for decision in refused for reason in decision.reasons))
    raise NotPermitted(Decision(False, reasons, refused[0].policy_version), wanted=_wanted(question))


def _wanted(question: Question) -> str:
    return _("run the question %(question)s") % {"question": question.code}


def _shaped(question: Question, answer: Answer) -> tuple[list[str], list[list[Any]]]:
    """Return columns and rows exactly as declared: categories as text, counts as whole numbers from 0."""
    columns = [*question.dimensions, *question.measures]
    if sorted(answer.table.column_names) != sorted(columns):
        raise OutputRefused(
            _("The output of %(question)s has other columns than it declares.") % {"question": question.code},
            next_step=_("Begin a new version of the question."),
        )
    rows = [
        [_category(row[name]) for name in question.dimensions] + [row[name] for name in question.measures]
        for row in answer.table.to_pylist()
    ]
    for row in rows:
        if any(type(count) is not int or count < 0 for count in row[len(question.dimensions) :]):
            raise OutputRefused(
                _("The output of %(question)s has a count that is not a whole number.") % {"question": question.code},
                next_step=_("Begin a new version of the question."),
            )
    return columns, rows


def _category(value: object) -> str:
    if value is None:
        return NOT_RECORDED
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _manifest(question: Question, answered: enclave.Answered, decisions: Sequence[Decision]) -> dict[str, Any]:
    """What someone needs to know to make, or doubt, the same table again."""
    answer = answered.answer
    return {
        "question": question.code,
        "version": question.version,
        "purpose": question.purpose,
        "agreement": decisions[0].agreement,
        "license": question.license,
        "agreements": sorted({decision.agreement for decision in decisions}),
        "policy_version": decisions[0].policy_version,
        "decisions": [
            {"dataset": dataset, "field": name, "rules": [reason.rule for reason in decision.reasons]}
            for (dataset, name), decision in zip(question.fields_read, decisions, strict=True)
        ],
        "sql_digest": question.sql_digest,
        "generations": answered.generations,
        "periods": answered.periods,
        "records": answer.records,
        "unlinked": answer.unlinked,
        "seconds": round(answer.seconds, 3),
        "versions": answer.versions,
    }


def _retire(question: Question, *, at: datetime) -> None:
    LIFECYCLE.require(question.state, State.RETIRED, thing=str(question))
    question.state, question.retired_at = State.RETIRED, at
    question.save()


def _locked_row(question: Question) -> Question:
    return Question.objects.select_for_update().get(pk=question.pk)


def _record(event: Event, question: Question, *, by: User, at: datetime | None) -> None:
    audit.record(
        event, about=question.about, by=by, at=_now(at), version=question.version, sql_digest=question.sql_digest
    )


def _now(at: datetime | None) -> datetime:
    return at or timezone.now()
