"""What the pages of requests show: one frozen value for each page, with each action and why it may not be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.law.register import short_titles
from infotrust.shared.accounts.models import User
from infotrust.shared.clocks import queries as waits
from infotrust.shared.permissions import commands, duties
from infotrust.shared.permissions.decision import Decision
from infotrust.shared.words import Piece, differences
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.requests import checks, queries, showing
from infotrust.stages.requests.asking import Item, Kind, Section, asked_sections
from infotrust.stages.requests.commands import ANOTHER, CONTRIBUTING, ONLY_WORDS, OWN, REQUESTS
from infotrust.stages.requests.lifecycle import EDITABLE, OVER
from infotrust.stages.requests.queries import Answered, Attachment, DataRequest
from infotrust.stages.requests.rules import Required, required
from infotrust.stages.requests.terms import RUBRIC, Grade


@dataclass(frozen=True)
class Action:
    """Something to do with a request. `why_not` is empty where the reader may do it now."""

    name: str
    title: str
    why_not: str = ""


@dataclass(frozen=True)
class Row:
    """A line of the list: a request, whose turn it is, and since when."""

    request: DataRequest
    turn: str
    mine: bool


@dataclass(frozen=True)
class Overview:
    waiting: tuple[waits.InWords, ...]
    mine: tuple[Row, ...]
    others: tuple[Row, ...]
    licenses: tuple[Any, ...]
    may_ask: Decision


@dataclass(frozen=True)
class Answer:
    """An item with its answer in words, and how it differs from what was submitted the time before."""

    item: Item
    words: str
    changed: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Part:
    """A section as it is read, with how many of its items still lack an answer."""

    section: Section
    answers: tuple[Answer, ...]
    missing: int


@dataclass(frozen=True)
class Paper:
    """A line of the checklist: what a rule asks for, or what was attached beyond it."""

    required: Required | None
    attached: tuple[Attachment, ...]

    @property
    def title(self) -> str:
        return self.required.title if self.required else str(self.attached[0].get_tag_display())


@dataclass(frozen=True)
class Said:
    """An agency's answer in words."""

    answered: Answered
    rubric: tuple[tuple[str, str, str], ...]  # question, grade, note


@dataclass(frozen=True)
class RequestPage:
    request: DataRequest
    parts: tuple[Part, ...]
    papers: tuple[Paper, ...]
    laws: tuple[str, ...]
    agencies: tuple[Any, ...]
    problems: tuple[checks.Problem, ...]
    actions: tuple[Action, ...]
    waits: tuple[waits.InWords, ...]
    expected: date | None
    custodians: tuple[Said, ...]
    boards: tuple[Said, ...]
    comments: tuple[Any, ...]
    licenses: tuple[Any, ...]
    motion: Any
    open_motions: tuple[Any, ...]
    questions: Any
    own: bool

    @property
    def may_copy(self) -> bool:
        return self.own and self.request.state in OVER

    @property
    def editable(self) -> bool:
        return self.own and self.request.state in EDITABLE

    @property
    def awaits_decision(self) -> bool:
        return self.request.state in showing.STEPS_LEFT

    @property
    def resubmitted(self) -> bool:
        return any(answer.changed for part in self.parts for answer in part.answers)

    def may(self, name: str) -> bool:
        return any(one.name == name and not one.why_not for one in self.actions)


@dataclass(frozen=True)
class SectionPage:
    """One page of the form: the section, where it stands among the others, and where first answers came from."""

    request: DataRequest
    section: Section
    sections: tuple[tuple[Section, int], ...]  # each section, and how many items lack an answer
    seen: int
    initial: Mapping[str, Any]
    offered: list[tuple[str, list[tuple[str, str]]]]
    sources: tuple[tuple[str, str], ...]  # item title, where its first answer came from
    laws: tuple[str, ...]
    agencies: tuple[Any, ...]
    after: str

    @property
    def place(self) -> int:
        return [one.key for one, _missing in self.sections].index(self.section.key) + 1


def overview(*, by: User, at: datetime | None = None) -> Overview:
    """The requests that `by` may read: what waits for them, their own, and those of others. Raises `NotPermitted`."""
    duties.require("comment request", by=by)
    rows = [_row(one, by, at) for one in queries.requests(by=by)]
    waiting = tuple(one for one in waits.waiting_for(by, at) if one.wait.process in {"request", "license"})
    return Overview(
        waiting=waiting,
        mine=tuple(row for row in rows if row.mine),
        others=tuple(row for row in rows if not row.mine),
        licenses=tuple(queries.licenses_of(by)),
        may_ask=duties.may("make request", by=by),
    )


def request_page(code: str, *, by: User, at: datetime | None = None) -> RequestPage:
    """One request with everything that is known of it. Raises `NoSuchRequest`."""
    at = at or timezone.now()
    found = queries.request(code, by=by)
    own = found.requested_by_id == by.pk
    laws = queries.laws_of(found.wanted)
    problems = checks.problems(found, at=at) if found.state in EDITABLE else []
    answered = list(found.answered.select_related("agency", "by"))
    return RequestPage(
        request=found,
        parts=tuple(_part(found, section, _before(found), problems) for section in asked_sections(found.answers)),
        papers=_papers(found, laws),
        laws=tuple(_law_titles(laws)),
        agencies=tuple(queries.contributing(found)),
        problems=tuple(problems),
        actions=_actions(found, by, bool(problems)),
        waits=waits.of(found.about, at),
        expected=showing.expected(found, at=at),
        custodians=tuple(_said(one) for one in answered if one.part == Answered.Part.CUSTODIAN),
        boards=tuple(_said(one) for one in answered if one.part == Answered.Part.BOARD),
        comments=tuple(found.comments.select_related("by", "by__agency")),
        licenses=tuple(found.licenses.order_by("-version")),
        motion=queries.motion_on(found),
        open_motions=tuple(queries.open_motions(found)),
        questions=queries.questions_on(found),
        own=own,
    )


def section_page(code: str, key: str, *, by: User) -> SectionPage | None:
    """One page of the form; None where these answers do not ask for it. Raises `NotPermitted`, `NoSuchRequest`."""
    duties.require("make request", by=by)
    found = queries.request(code, by=by)
    asked = asked_sections(found.answers)
    part = next((one for one in asked if one.key == key), None)
    if part is None:
        return None
    latest = found.saved.filter(section=key).first()
    keys = [one.key for one in asked]
    after = keys[keys.index(key) + 1] if key != keys[-1] else ""
    return SectionPage(
        request=found,
        section=part,
        sections=tuple((one, _missing(found, one)) for one in asked),
        seen=latest.version if latest else 0,
        initial={one.key: found.answers.get(one.key, "") for one in part.items},
        offered=_offered(found) if any(one.kind is Kind.FIELDS for one in part.items) else [],
        sources=tuple(
            (str(one.title), queries.where_from(found.prefilled[one.key]))
            for one in part.items
            if one.key in found.prefilled
        ),
        laws=tuple(_law_titles(queries.laws_of(found.wanted))),
        agencies=tuple(queries.contributing(found)),
        after=after,
    )


def action(page: RequestPage, name: str) -> Action:
    """Return an action of a page, with why it may not be taken now."""
    found = next((one for one in page.actions if one.name == name), None)
    return found or Action(name, "", _("This is not possible in its present state."))


def _row(found: DataRequest, by: User, at: datetime | None) -> Row:
    open_waits = waits.open_of(found.about, at)
    turn = "; ".join(dict.fromkeys(f"{one.step} ({one.holder})" for one in open_waits))
    return Row(found, turn, found.requested_by_id == by.pk)


def _before(found: DataRequest) -> Mapping[str, Any] | None:
    """The answers of the submission before the latest one, for showing reviewers what changed."""
    earlier = list(found.submissions.order_by("-round")[:2])
    if found.state in EDITABLE:
        return earlier[0].answers if earlier else None
    return earlier[1].answers if len(earlier) > 1 else None


def _part(found: DataRequest, part: Section, before: Mapping[str, Any] | None, problems: list[checks.Problem]) -> Part:
    made = []
    for one in part.items:
        if not one.is_asked(found.answers):
            continue
        words = queries.answer_in_words(one, found.answers.get(one.key))
        earlier = queries.answer_in_words(one, before.get(one.key)) if before is not None else words
        made.append(Answer(one, words, differences(earlier, words) if earlier != words else ()))
    return Part(part, tuple(made), sum(problem.section == part.key for problem in problems))


def _missing(found: DataRequest, part: Section) -> int:
    return sum(one.required and one.is_asked(found.answers) and not found.answers.get(one.key) for one in part.items)


def _papers(found: DataRequest, laws: list[str]) -> tuple[Paper, ...]:
    """The checklist: first what a rule asks for, then what was attached beyond it."""
    kept = list(found.attachments.filter(removed_at__isnull=True).defer("content"))
    asked = required(found.answers, laws)
    tags = [one.tag for one in asked]
    needed = [Paper(one, tuple(paper for paper in kept if paper.tag == one.tag)) for one in asked]
    return (*needed, *(Paper(None, (paper,)) for paper in kept if paper.tag not in tags))


def _said(one: Answered) -> Said:
    graded = tuple(
        (str(question), str(Grade(one.rubric[key]["grade"]).label), one.rubric[key]["note"])
        for key, question in RUBRIC.items()
        if key in one.rubric
    )
    return Said(one, graded)


def _offered(found: DataRequest) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields of the inventory by dataset, each with what a requester should know; those that left it last."""
    groups = _grouped()
    known = {value for _title, choices in groups for value, _words in choices}
    gone = [one for one in found.answers.get("fields") or () if one not in known]
    if gone:
        groups.append((str(_("No longer to be had")), [(one, one) for one in gone]))
    return groups


def _grouped() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (
            f"{dataset.title} ({dataset.agency.name})",
            [
                (f"{dataset.code}/{field.name}", _field_words(field))
                for field in inventory.fields(dataset.code)
                if field.availability != "unavailable"
            ],
        )
        for dataset in inventory.datasets()
    ]


def _field_words(field: Any) -> str:
    note = _(" – identifies people") if field.is_identifier else ""
    return f"{field.title}: {field.definition}{note}" if field.definition else f"{field.title}{note}"


def fields_offered() -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields of the inventory that can be asked for, by dataset, for the project-fit screen."""
    return _grouped()


def _law_titles(laws: list[str]) -> list[str]:
    titles = short_titles()
    return [titles.get(law, law) for law in laws]


def _actions(found: DataRequest, by: User, incomplete: bool) -> tuple[Action, ...]:
    titles = {
        "submit": _("Submit the request"),
        "send": _("Check for completeness"),
        "answer": _("Answer for your agency"),
        "decide": _("Decide for your agency"),
        "ask board": _("Put it before a board"),
        "issue": _("Issue the license"),
        "withdraw": _("Withdraw the request"),
    }
    own = found.requested_by_id == by.pk
    contributing = by.agency_id in {agency.pk for agency in queries.contributing(found)}
    holds = {
        OWN: own,
        ANOTHER: not own,
        CONTRIBUTING: contributing,
        f"{CONTRIBUTING}; {ANOTHER}": contributing and not own,
    }
    made = []
    for name, title in titles.items():
        command = REQUESTS[name]
        if found.state not in command.states:
            continue
        why_not = commands.why_not(command, state=found.state, by=by, agency=by.agency)
        if not why_not and not holds[command.only]:
            why_not = str(ONLY_WORDS[ANOTHER if ANOTHER in command.only and own else command.only.partition(";")[0]])
        if not why_not and name == "ask board":
            why_not = _no_board(found)
        if not why_not and name == "submit" and incomplete:
            why_not = _("Something is missing; see above.")
        made.append(Action(name, title, why_not))
    return tuple(made)


def _no_board(found: DataRequest) -> str:
    """Why it is not put before a board now; empty where it can be."""
    if not queries.boards():
        return _("The trust has no board yet.")
    if queries.open_motions(found):
        return _("It is before a board already.")
    return ""
