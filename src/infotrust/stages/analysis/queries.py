"""Reading questions and outputs. With `by`, only for those whose duty it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere, UserFacingError
from infotrust.core.questions import LockedQuery, QueryFailed, QueryRefused
from infotrust.shared.accounts.models import Role, User
from infotrust.shared.jobs import queries as job_queries
from infotrust.shared.jobs.models import Job
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision, NotPermitted, Reason
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.analysis import enclave
from infotrust.stages.analysis.lifecycle import State

# Named again for downstream stages, which may not open this stage's models but must be able to speak of what they get.
from infotrust.stages.analysis.models import Output as Output
from infotrust.stages.analysis.models import Question as Question
from infotrust.stages.analysis.requests import Asking
from infotrust.stages.intake import queries as intake
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.requests import queries as requests


class NoSuchQuestion(NotThere):
    """There is no question, version or output of that name."""


def question(code: str, *, by: User | None = None, version: int | None = None) -> Question:
    """Return that version of a question; without `version` the approved one, or else the newest."""
    if by is not None:
        duties.require("read questions", by=by)
    versions = Question.objects.select_related("drafted_by", "approved_by").filter(code=code)
    if version is not None:
        found = versions.filter(version=version).first()
    else:
        found = versions.filter(state=State.APPROVED).first() or versions.order_by("-version").first()
    if found is None:
        raise NoSuchQuestion(
            _("There is no question called %(code)s.") % {"code": code},
            next_step=_("The list of questions shows those there are."),
        )
    return found


def question_by_number(number: int) -> Question:
    """Return the version with this row number."""
    found = Question.objects.filter(pk=number).first()
    if found is None:
        raise NoSuchQuestion(_("This question is no longer there."), next_step=_("Start again from its page."))
    return found


def versions(code: str) -> list[Question]:
    return list(Question.objects.select_related("drafted_by", "approved_by").filter(code=code).order_by("-version"))


def questions(*, by: User) -> list[Question]:
    """For each question the version that matters: the one that waits for someone, or the approved, or the newest."""
    duties.require("read questions", by=by)
    order = {State.SUBMITTED: 0, State.DRAFT: 1, State.APPROVED: 2, State.RETIRED: 3}
    chosen: dict[str, Question] = {}
    outputs = Prefetch("outputs", queryset=Output.objects.only("pk", "question_id", "made_at"))
    for each in Question.objects.select_related("drafted_by").prefetch_related(outputs).order_by("code", "-version"):
        known = chosen.get(each.code)
        if known is None or order[State(each.state)] < order[State(known.state)]:
            chosen[each.code] = each
    return sorted(chosen.values(), key=lambda each: (order[State(each.state)], each.title))


def waiting_for_approval() -> QuerySet[Question]:
    return Question.objects.filter(state=State.SUBMITTED)


@dataclass(frozen=True)
class FieldNow:
    """A field a question reads, what it means, and whether it may be read at this moment."""

    dataset: str
    dataset_title: str
    name: str
    title: str
    definition: str
    decision: Decision


@dataclass(frozen=True)
class Readiness:
    """Can the question run now, for this person? `agreement` is the one that allows it; `""` if none does."""

    possible: bool
    agreement: str
    fields: tuple[FieldNow, ...]
    duty: Decision


def readiness(question: Question, *, by: User, at: datetime | None = None) -> Readiness:
    """Decide now, for `by`, every field the question reads. Where nothing allows all, show the nearest agreement."""
    asking = Asking(question.fields_read, question.purpose, by, at or timezone.now(), question.license)
    decided = asking.decided_under(question.agreements)
    duty = duties.may("run question", by=by)
    if not decided:
        return Readiness(False, "", (), duty)
    # The agreement that allows most explains best what is missing.
    agreement, decisions = max(decided.items(), key=lambda item: sum(map(bool, item[1].values())))
    allowed = bool(decisions) and all(decisions.values())
    fields = tuple(_field_now(dataset, name, decisions[dataset, name]) for dataset, name in question.fields_read)
    return Readiness(allowed and bool(duty), agreement if allowed else "", fields, duty)


def _field_now(dataset: str, name: str, decision: Decision) -> FieldNow:
    try:
        field = inventory.field(dataset, name)
    except UserFacingError:
        return FieldNow(dataset, dataset, name, name, "", decision)
    return FieldNow(dataset, field.dataset.title, name, field.title, field.definition, decision)


@dataclass(frozen=True)
class Checked:
    """What the Check button shows: what the statement would read and give, or why it is refused."""

    locked: LockedQuery | None
    refusal: UserFacingError | None = None

    periods: tuple[PeriodsRead, ...] = ()

    @property
    def reads(self) -> list[tuple[str, str]]:
        return sorted(self.locked.reads) if self.locked else []


@dataclass(frozen=True)
class PeriodsRead:
    """Of which deliveries a statement reads the rows of one dataset. `named` is None where it reads every period."""

    dataset: str
    title: str
    loaded: tuple[str, ...]
    named: tuple[str, ...] | None

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(period for period in self.named or () if period not in self.loaded)

    @property
    def mixes(self) -> bool:
        """Whether rows of several periods are read together though the statement limits itself to none."""
        return self.named is None and len(self.loaded) > 1


def periods_read(locked: LockedQuery) -> tuple[PeriodsRead, ...]:
    """Return for each view of a statement which periods it would read now."""
    known = enclave.schema()
    loaded = intake.periods_loaded(known.datasets[view] for view in locked.views)
    return tuple(
        _periods_of(known.datasets[view], loaded[known.datasets[view]], locked.periods.get(view))
        for view in sorted(locked.views)
    )


def _periods_of(dataset: str, loaded: tuple[str, ...], named: frozenset[str] | None) -> PeriodsRead:
    chosen = None if named is None else tuple(sorted(named, key=intake.period_order))
    return PeriodsRead(dataset, inventory.dataset(dataset).title, loaded, chosen)


def periods_of(question: Question) -> tuple[PeriodsRead, ...]:
    """Return which periods the question would read now; nothing where its statement cannot be locked any more."""
    try:
        return periods_read(enclave.locked(question.sql))
    except (QueryRefused, QueryFailed):
        return ()


def check_statement(sql: str, *, by: User) -> Checked:
    """Lock and rehearse a statement without keeping it."""
    duties.require("draft question", by=by)
    try:
        locked = enclave.locked(sql)
        return Checked(locked, periods=periods_read(locked))
    except (QueryRefused, QueryFailed) as refusal:
        return Checked(None, refusal)


@dataclass(frozen=True)
class ViewField:
    name: str
    title: str
    definition: str
    type: str
    codes: dict[str, str]


@dataclass(frozen=True)
class ViewDescribed:
    """A view a statement may name, for the author."""

    name: str
    title: str
    agency: str
    fields: tuple[ViewField, ...]
    periods: tuple[str, ...] = ()


def views_described() -> list[ViewDescribed]:
    """Every view and its fields, with definitions and codes. It describes data; it shows none."""
    known = enclave.schema()
    periods = intake.periods_loaded(known.datasets.values())
    described = []
    for view, columns in sorted(known.columns.items()):
        dataset = inventory.dataset(known.datasets[view])
        fields = tuple(
            ViewField(each.name, each.title, each.definition, each.type, each.codes)
            for each in inventory.fields(dataset.code)
            if each.name in columns
        )
        described.append(ViewDescribed(view, dataset.title, dataset.agency.name, fields, periods[dataset.code]))
    return described


def output(number: int, *, by: User | None = None) -> Output:
    """Return an output; with `by`, only for those who may see its true counts now (see `may_see_output`)."""
    if by is not None:
        duties.require("see outputs", by=by)
    found = Output.objects.select_related("question", "made_by").filter(pk=number).first()
    if found is None:
        raise NoSuchQuestion(
            _("There is no output number %(number)s.") % {"number": number},
            next_step=_("The question's page lists its outputs."),
        )
    if by is not None and not (decision := may_see_output(found, by=by)):
        raise NotPermitted(decision, wanted=_("see the true counts of output %(number)s") % {"number": number})
    return found


def may_see_output(found: Output, *, by: User, at: datetime | None = None) -> Decision:
    """Whether `by` may see these true counts, small ones among them, now.

    The agreement they were made under must be in force. A checker sees them to judge them; anyone else needs leave for
    every field that was read, as for running the question.
    """
    decision, at = duties.may("see outputs", by=by), at or timezone.now()
    if not decision:
        return decision
    agreement = str(found.manifest.get("agreement", ""))
    if agreement not in {one.code for one in agreements.in_force(at)}:
        plain = _("The agreement %(code)s has ended: true counts made under it are shown to nobody.")
        return Decision(False, (Reason("agreement-over", plain % {"code": agreement}),), agreement=agreement)
    if Role.OUTPUT_CHECKER in by.roles:
        return decision
    asking = Asking(found.question.fields_read, found.question.purpose, by, at, found.question.license)
    decided = asking.decided_under([agreement])[agreement].values()
    reasons = tuple(dict.fromkeys(reason for one in decided if not one for reason in one.reasons))
    return Decision(False, reasons, agreement=agreement) if reasons else decision


def outputs_of(code: str, *, by: User) -> list[Output]:
    """The outputs of every version of a question, newest first; an empty list for those who may not see them."""
    if not duties.may("see outputs", by=by):
        return []
    return list(Output.objects.select_related("question", "made_by").filter(question__code=code))


def why_not_outputs(*, by: User) -> tuple[Reason, ...]:
    """The reasons for which `by` is shown no outputs; none where they may see them."""
    decision = duties.may("see outputs", by=by)
    return () if decision else decision.reasons


def may_approve(question: Question, *, by: User) -> Decision:
    """Whether `by` may approve this question, or send it back, now."""
    decision = duties.may("approve question", by=by)
    if decision and question.drafted_by_id == by.pk:
        return Decision(False, (Reason("four-eyes", _("A question is approved by someone other than its author.")),))
    return decision


def jobs_of(question: Question) -> list[Job]:
    """The latest runs of the question, newest first; older ones interest nobody."""
    return list(job_queries.for_about(question.about).order_by("-pk")[:3])


def license_choices() -> list[tuple[str, str]]:
    """Return the licenses in force, for the form of a question."""
    return requests.license_choices()


def agreement_choices() -> list[tuple[str, str]]:
    return [(each.code, f"{each.code}: {each.title}") for each in agreements.agreements()]


@dataclass(frozen=True)
class WordedTable:
    """An output in the question's words: column titles, rows of texts, the place of each count."""

    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]


def worded(output: Output) -> WordedTable:
    """Titles and values in words; each cell with whether it is a count."""
    labels = output.question.labels
    columns = tuple(str((labels.get(name) or {}).get("title") or name) for name in output.columns)

    def words(name: str, value: object) -> tuple[str, bool]:
        if name in output.measures:
            return f"{value:,}", True
        return str(((labels.get(name) or {}).get("values") or {}).get(value, value)), False

    rows = tuple(tuple(words(name, value) for name, value in row.items()) for row in output.records)
    return WordedTable(columns, rows)
