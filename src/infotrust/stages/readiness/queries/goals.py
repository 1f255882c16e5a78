"""Data gap check: which question our own data answers, which a partner's, which only all together, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere
from infotrust.shared.accounts.models import User
from infotrust.shared.words import Piece, differences
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.readiness import capacity, library
from infotrust.stages.readiness.models import (
    Assessment,
    EarlierAssessment,
    Goal,
    GoalQuestion,
    Need,
    Partner,
    Partnership,
)
from infotrust.stages.readiness.services.ground import require_reader

# Half of the telling words are found: fewer bring up every field that has a date.
CLOSE_ENOUGH, MOST_SUGGESTIONS = 0.5, 3


@dataclass(frozen=True)
class Found:
    """A field of the inventory that may be what is needed."""

    dataset: str
    field: str
    title: str
    agency: str


@dataclass(frozen=True)
class NeedRow:
    """`status`: held, outside (by an agency that is not at the table), unavailable, gone, missing."""

    need: Need
    status: str
    holder: Any  # the agency; None where it is missing
    title: str
    suggestions: tuple[Found, ...]

    @property
    def words(self) -> str:
        name = self.holder.name if self.holder else ""
        return {
            "held": _("%(name)s holds it") % {"name": name},
            "outside": _("%(name)s holds it, and is not at the table") % {"name": name},
            "unavailable": _("%(name)s holds it, and it never leaves") % {"name": name},
            "gone": _("it left the inventory"),
            "missing": _("nobody holds it, as far as the inventory says"),
        }[self.status]


@dataclass(frozen=True)
class QuestionRow:
    """`verdict`: open (no needs yet), alone, together, outside, missing. `agencies`: whose data answers it."""

    question: GoalQuestion
    needs: tuple[NeedRow, ...]
    verdict: str
    agencies: tuple[Any, ...]
    own: bool

    @property
    def words(self) -> str:
        names = ", ".join(one.name for one in self.agencies)
        return {
            "open": _("Say what data it needs."),
            "alone": _("Our own data answers it.")
            if self.own
            else _("%(names)s’s data alone answers it.") % {"names": names},
            "together": _("Only together: %(names)s.") % {"names": names},
            "outside": _("Bring another agency to the table: %(names)s hold what it needs.") % {"names": names},
            "missing": _("Something that it needs is held by nobody, or cannot be shared."),
        }[self.verdict]


@dataclass(frozen=True)
class GoalRow:
    goal: Goal
    questions: tuple[QuestionRow, ...]


@dataclass(frozen=True)
class GapRow:
    """An area in which a partner has too little, and what is done about it."""

    area: capacity.Area
    level: str
    note: str
    remedy: Any


@dataclass(frozen=True)
class CapacityRow:
    partner: Partner
    assessment: Assessment | None
    levels: tuple[tuple[capacity.Area, str, str], ...]
    gaps: tuple[GapRow, ...]
    mode: capacity.Mode | None
    helpers: tuple[str, ...]  # partners who have enough where this one has too little
    own: bool
    earlier: tuple[EarlierAssessment, ...] = ()  # the latest first

    @property
    def since(self) -> tuple[Piece, ...]:
        """What changed against the last time it was said, word by word."""
        if self.assessment is None or not self.earlier:
            return ()
        one = self.assessment
        return differences(self.earlier[0].text, capacity.in_words(one.levels, one.notes, one.help_needed))


def tree(partnership: Partnership, *, by: User) -> list[GoalRow]:
    """Return goals, questions and needs with what the inventory says of each; raises `NotPermitted`."""
    require_reader(partnership, by)
    goals = Goal.objects.filter(partnership=partnership).prefetch_related("questions__needs")
    at_table = {one.agency_id for one in partnership.partners.all() if one.contributes}
    described = _described()
    return [
        GoalRow(goal, tuple(_question(one, at_table, by, described) for one in goal.questions.all())) for goal in goals
    ]


def question(partnership: Partnership, number: int, *, by: User) -> QuestionRow:
    """Return one question of a partnership; raises `NotThere`, `NotPermitted`."""
    for goal in tree(partnership, by=by):
        for row in goal.questions:
            if row.question.pk == number:
                return row
    raise NotThere(_("There is no such question here."), next_step=_("The page of goals shows those there are."))


def elements_of(partnership: Partnership) -> dict[str, list[str]]:
    """The fields that the questions of a partnership need, by dataset: a use case begins with them."""
    found: dict[str, list[str]] = {}
    for need in Need.objects.filter(question__goal__partnership=partnership).exclude(dataset=""):
        if need.field not in found.setdefault(need.dataset, []):
            found[need.dataset].append(need.field)
    return found


def questions_of(partnership: Partnership) -> list[str]:
    return list(GoalQuestion.objects.filter(goal__partnership=partnership).values_list("words", flat=True))


def capacities(partnership: Partnership, *, by: User) -> list[CapacityRow]:
    """What each partner can do, what it lacks, and who could help; raises `NotPermitted`."""
    require_reader(partnership, by)
    found = list(partnership.partners.select_related("agency"))
    kept = {
        one.partner_id: one
        for one in Assessment.objects.filter(partner__in=found).prefetch_related(
            "remedies__taken_by__agency", "remedies__task"
        )
    }
    members = set(partnership.members.filter(user=by, left_at__isnull=True).values_list("partner_id", flat=True))
    return [_capacity(partner, kept, found, partner.pk in members) for partner in found]


def _capacity(partner: Partner, kept: dict[int, Assessment], partners: list[Partner], own: bool) -> CapacityRow:
    assessment, titles = kept.get(partner.pk), dict(capacity.levels())
    if assessment is None:
        return CapacityRow(partner, None, (), (), None, (), own)
    lacking = capacity.gaps(assessment.levels)
    remedies = {one.area: one for one in assessment.remedies.all()}
    helpers = [
        str(other)
        for other in partners
        if other != partner and any(_enough(kept.get(other.pk), area.key) for area in lacking)
    ]
    return CapacityRow(
        partner=partner,
        assessment=assessment,
        earlier=tuple(assessment.earlier.select_related("by")),
        levels=tuple(
            (
                area,
                titles.get(str(assessment.levels.get(area.key)), _("not known yet")),
                assessment.notes.get(area.key, ""),
            )
            for area in capacity.areas()
        ),
        gaps=tuple(
            GapRow(
                area,
                titles[str(assessment.levels[area.key])],
                assessment.notes.get(area.key, ""),
                remedies.get(area.key),
            )
            for area in lacking
        ),
        mode=capacity.suggest(assessment.levels) if partner.contributes else None,
        helpers=tuple(helpers),
        own=own,
    )


def _enough(assessment: Assessment | None, area: str) -> bool:
    return assessment is not None and assessment.levels.get(area) == capacity.ENOUGH


def _question(question: GoalQuestion, at_table: set[int], by: User, described: list[tuple[Any, str]]) -> QuestionRow:
    needs = tuple(_need(one, at_table, described) for one in question.needs.all())
    agencies = tuple({row.holder.pk: row.holder for row in needs if row.status in ("held", "outside")}.values())
    statuses = {row.status for row in needs}
    if not needs:
        verdict = "open"
    elif statuses & {"missing", "gone", "unavailable"}:
        verdict = "missing"
    elif "outside" in statuses:
        verdict, agencies = "outside", tuple(one for one in agencies if one.pk not in at_table)
    else:
        verdict = "alone" if len(agencies) == 1 else "together"
    own = len(agencies) == 1 and agencies[0].pk == by.agency_id
    return QuestionRow(question, needs, verdict, agencies, own)


def _need(need: Need, at_table: set[int], described: list[tuple[Any, str]]) -> NeedRow:
    if not need.dataset:
        return NeedRow(need, "missing", None, "", suggestions(need.find or need.words, described))
    found = next((one for one, _text in described if (one.dataset.code, one.name) == (need.dataset, need.field)), None)
    title = f"{found.dataset.title}: {found.title}" if found else f"{need.dataset}: {need.field}"
    if found is None:
        return NeedRow(need, "gone", None, title, suggestions(need.find or need.words, described))
    agency = found.dataset.agency
    status = "unavailable" if found.availability == "unavailable" else "held" if agency.pk in at_table else "outside"
    return NeedRow(need, status, agency, title, ())


def suggestions(wanted: str, described: Iterable[tuple[Any, str]]) -> tuple[Found, ...]:
    """The fields of the inventory whose description says most of what is wanted, the closest first."""
    scored = [(library.closeness(wanted, (text,)), field) for field, text in described]
    close = sorted((one for one in scored if one[0] >= CLOSE_ENOUGH), key=lambda one: -one[0])[:MOST_SUGGESTIONS]
    return tuple(
        Found(field.dataset.code, field.name, f"{field.dataset.title}: {field.title}", field.dataset.agency.name)
        for _score, field in close
    )


def _described() -> list[tuple[Any, str]]:
    """Every field in use with the words of its description."""
    return [
        (field, f"{field.name.replace('_', ' ')} {field.title} {field.definition} {field.dataset.title}")
        for field in inventory.every_field()
    ]
