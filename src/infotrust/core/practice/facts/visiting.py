"""Home visiting as it truly happens: which families are enrolled, when visitors come, what their screenings find.

Families are chosen by need. Twins are enrolled together. Screenings see the child's true lag and the mother's true
state only through their scores. Families are known from their child on: visits to women whose child is not born by the
county's last day are missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, chances, normal
from infotrust.core.practice.days import workday, years_of
from infotrust.core.practice.facts.births import birth_order
from infotrust.core.practice.facts.development import Development, development
from infotrust.core.practice.facts.odds import logistic, moved, together
from infotrust.core.practice.facts.parents import husbands
from infotrust.core.practice.groups import turns
from infotrust.core.practice.ward import NEVER, YEAR, Ward

MODELS = ("NUR", "EDU", "SUP")  # nurses to age two, parent educators to five, family support to three
ENDINGS = ("active", "completed", "stopped", "lost", "moved", "died")
VISITS = ("home", "virtual", "elsewhere")
MONTH = YEAR / 12


@dataclass(frozen=True)
class Enrollments:
    """One element for each enrolled child; `family` is the same for twins."""

    child: Ints
    mother: Ints
    family: Ints
    row: Ints  # the child's row in `development`
    on: Ints  # first visit; before the birth in some families
    last: Ints  # last day of the enrollment; NEVER while active
    ending: Ints  # place in ENDINGS
    model: Ints  # place in MODELS
    site: Ints  # 0 to `home_visiting.sites` - 1


@dataclass(frozen=True)
class Visits:
    enrollment: Ints  # row of `Enrollments`: the first child of the family
    order: Ints
    on: Ints
    kind: Ints  # place in VISITS
    minutes: Ints


@dataclass(frozen=True)
class Screenings:
    """One element for each screening: of the child (`months` is the questionnaire's age), or of the mother (0)."""

    enrollment: Ints
    on: Ints
    months: Ints
    score: Ints
    positive: Bools  # child: below the cut-off; mother: at or above it


def enrollments(ward: Ward) -> Enrollments:
    """Families whose visits began within the years kept, in the order of children."""
    children, numbers, people = ward.of(development), ward.parameters.home_visiting, ward.people
    mother = people.mother[children.child]
    rows = np.flatnonzero(mother >= 0)
    mother, birth = mother[rows], children.birth[rows]
    once = _Families(ward, mother, birth)
    leader = _leaders(people.birth_order[children.child[rows]], mother, birth)
    causes = _needs(ward, children, rows, mother)
    causes["first"] = causes["first"][leader]  # twins are the mother's first birth together
    model = _models(once, causes, numbers)
    on = workday(birth + _begins(once, model, numbers))
    chosen = once.chance("chosen") < moved(numbers.chosen, together(causes, numbers.chosen_odds))
    from_ = np.maximum(on, birth)
    chosen &= ward.present(mother, on) & ward.present(children.child[rows], from_)
    chosen &= (on >= ward.span.first - int(numbers.keeps_years * YEAR)) & (on <= ward.span.last)
    last, ending = _ends(ward, children, rows, mother, once, on, model)
    tract = ward.tract(mother, on)
    near = (tract * int(numbers.sites)) // ward.place.tracts
    site = (near + (2 * once.chance("office")).astype(np.int64)) % int(numbers.sites)
    keep = np.flatnonzero(chosen)
    return Enrollments(
        child=children.child[rows][keep],
        mother=mother[keep],
        family=children.child[rows][leader][keep],
        row=rows[keep],
        on=on[keep],
        last=last[keep],
        ending=ending[keep],
        model=model[keep],
        site=site[keep],
    )


@dataclass(frozen=True)
class _Families:
    """Chances that belong to a delivery, so that twins are enrolled together."""

    ward: Ward
    mother: Ints
    birth: Ints

    def chance(self, what: str) -> Floats:
        return chances(f"visiting: {what}", self.ward.seed, self.ward.number, self.mother, self.birth)


def _leaders(birth_order: Ints, mother: Ints, birth: Ints) -> Ints:
    """For each child the place of the firstborn of its delivery."""
    order = np.lexsort((birth_order, birth, mother))
    new = (np.diff(mother[order], prepend=-1) != 0) | (np.diff(birth[order], prepend=-1) != 0)
    leader = np.zeros(len(order), dtype=np.int64)
    leader[order] = order[np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))]
    return leader


def _needs(ward: Ward, children: Development, rows: Ints, mother: Ints) -> dict[str, Bools]:
    birth = children.birth[rows]
    age = ward.age(mother, birth)
    married, _ = husbands(ward, mother, birth)
    return {
        "teen": age < 20,
        "young": (age >= 20) & (age < 24),
        "poor": ward.income(mother, birth) < ward.parameters.wic.income_limit,
        "first": ward.of(birth_order)[children.child[rows]] <= 1,
        "unmarried": ~married,
    }


def _models(once: _Families, causes: dict[str, Bools], numbers: Any) -> Ints:
    """Nurses take first-time mothers with a low income; the others share the two other models."""
    nurse = causes["first"] & causes["poor"] & (once.chance("nurse") < numbers.nurse)
    other = np.where(once.chance("model") < numbers.educator, MODELS.index("EDU"), MODELS.index("SUP"))
    return np.where(nurse, MODELS.index("NUR"), other).astype(np.int64)


def _begins(once: _Families, model: Ints, numbers: Any) -> Ints:
    """Days from the birth to the first visit."""
    low = np.array([numbers.begins_from[name] for name in MODELS])[model]
    high = np.array([numbers.begins_to[name] for name in MODELS])[model]
    return np.asarray((low + (high - low) * once.chance("begins")), dtype=np.int64)


def _ends(
    ward: Ward, children: Development, rows: Ints, mother: Ints, once: _Families, on: Ints, model: Ints
) -> tuple[Ints, Ints]:
    """The last day and why: the age at which the model ends, a move, a death, or the family stops."""
    numbers = ward.parameters.home_visiting
    until_age = np.array([numbers.until_age[name] for name in MODELS])[model]
    completed = children.birth[rows] + (until_age * YEAR).astype(np.int64)
    left = on + 30 + (-np.log1p(-once.chance("leaves")) / numbers.leaves * YEAR).astype(np.int64)
    moved_away = np.minimum(ward.people.departure[children.child[rows]], ward.people.departure[mother])
    died = np.minimum(ward.people.death[children.child[rows]], ward.people.death[mother])
    lost = once.chance("lost") < numbers.lost
    days = np.stack([completed, np.where(lost, NEVER, left), np.where(lost, left, NEVER), moved_away, died])
    which = days.argmin(axis=0)
    last = np.maximum(days.min(axis=0), on)
    over = last <= ward.span.last
    return np.where(over, last, NEVER), np.where(over, which + 1, 0)


def visits(ward: Ward) -> Visits:
    """Each visit that took place. Visitors come in the model's rhythm; some visits fall through."""
    found, numbers = ward.of(enrollments), ward.parameters.home_visiting
    leads = np.flatnonzero(found.child == found.family)
    rhythm = np.array([numbers.days_between_visits[name] for name in MODELS])[found.model[leads]]
    end = np.minimum(found.last[leads], ward.span.last)
    planned = 2 + ((end - found.on[leads]) / rhythm).astype(np.int64)
    row = np.repeat(leads, planned)
    order = turns(planned)
    who = found.child[row]
    shift = ward.chance("visit: shift", who, order) * np.repeat(rhythm, planned) * 0.4
    on = found.on[row] + (order * np.repeat(rhythm, planned)).astype(np.int64) + np.where(order > 0, shift, 0)
    on = np.maximum(workday(on.astype(np.int64)), found.on[row])
    kept = ((ward.chance("visit: kept", who, order) < numbers.kept) | (order == 0)) & (on <= np.repeat(end, planned))
    row, order, on, who = row[kept], order[kept], on[kept], who[kept]
    apart = numbers.virtual_years
    distant = (years_of(on) >= apart["first"]) & (years_of(on) <= apart["last"])
    virtual = np.where(distant, numbers.virtual_2020, numbers.virtual)
    chance = ward.chance("visit: kind", who, order)
    kind = np.where(chance < virtual, 1, np.where(chance > 1 - numbers.elsewhere, 2, 0))
    minutes = 5 * np.round(8 + 10 * ward.chance("visit: minutes", who, order)).astype(np.int64)
    return Visits(row, order, on, kind.astype(np.int64), minutes)


def screenings(ward: Ward) -> Screenings:
    found, numbers, children = ward.of(enrollments), ward.parameters.home_visiting, ward.of(development)
    parts = [_of_mothers(ward, found, numbers)]
    parts += [_of_children(ward, found, children, int(months), numbers) for months in numbers.questionnaires.values()]
    return Screenings(*(np.concatenate([getattr(one, name) for one in parts]) for name in Screenings.__annotations__))


def _of_mothers(ward: Ward, found: Enrollments, numbers: Any) -> Screenings:
    """A depression scale from 0 to 30 some weeks after the birth, or soon after the first visit."""
    leads = np.flatnonzero(found.child == found.family)
    mother, birth = found.mother[leads], ward.people.birth[found.child[leads]]
    chance = ward.chance("screened for depression", mother, birth)
    wait = numbers.depression_days
    earliest = np.maximum(birth + int(wait["birth"]), found.on[leads] + int(wait["visit"]))
    on = workday(earliest + (chance * wait["more"]).astype(np.int64))
    done = (on <= np.minimum(found.last[leads], ward.span.last)) & (
        ward.chance("depression scale", mother, birth) < numbers.screened
    )
    luck = normal(ward.chance("depression one", mother, birth), ward.chance("depression two", mother, birth))
    weight = float(numbers.depression_by_need)
    state = weight * ward.people.need[mother] + np.sqrt(1 - weight**2) * luck
    score = np.clip(np.round(numbers.depression_mean + numbers.depression_spread * state), 0, 30).astype(np.int64)
    keep = np.flatnonzero(done)
    positive = score[keep] >= numbers.depression_cutoff
    return Screenings(leads[keep], on[keep], np.zeros(len(keep), dtype=np.int64), score[keep], positive)


def _of_children(ward: Ward, found: Enrollments, children: Development, months: int, numbers: Any) -> Screenings:
    """A developmental questionnaire: low scores where the child is behind."""
    on = children.birth[found.row] + int(months * MONTH)
    on = workday(on + (20 * ward.chance("screened", found.child, months)).astype(np.int64))
    done = (on >= found.on) & (on <= np.minimum(found.last, ward.span.last))
    done &= ward.chance("questionnaire", found.child, months) < numbers.screened
    left = np.exp(-ward.parameters.development.fades_alone * months / 12)
    behind = (children.lag[found.row] * left - numbers.screening_middle) / numbers.screening_slope
    positive = ward.chance("questionnaire result", found.child, months) < logistic(behind)
    points = 5 * np.round(ward.chance("questionnaire points", found.child, months) * 16).astype(np.int64)
    score = np.where(positive, 60 + points, 150 + 2 * points)
    keep = np.flatnonzero(done)
    return Screenings(keep, on[keep], np.full(len(keep), months), score[keep], positive[keep])
