"""Preschool special education (IDEA Part B, section 619): from the third birthday to kindergarten.

Children come from early intervention, on their birthday or late, or are noticed for the first time after it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.chance import Bools, Floats, Ints, choose, normal
from infotrust.core.practice.days import dates, ordinals, workday
from infotrust.core.practice.facts.development import Development, development, fading, rate_of_help, rating
from infotrust.core.practice.facts.early import EXITS as PART_C_EXITS
from infotrust.core.practice.facts.early import THIRD, PartC, new_skills, part_c
from infotrust.core.practice.ward import DISABILITIES, NEVER, YEAR, Ward

CATEGORIES = (
    "speech_language", "developmental_delay", "autism", "intellectual", "hearing", "vision", "orthopedic",
    "other_health", "emotional",
)  # fmt: skip
SETTINGS = ("regular_program", "separate_class", "separate_school", "service_location", "home")
ENDINGS = ("active", "kindergarten", "returned", "withdrawn", "moved", "died")


@dataclass(frozen=True)
class Preschool:
    """One element for each child served, in the order of children."""

    row: Ints  # in `development`
    child: Ints
    from_part_c: Bools  # came by transition
    referred: Ints
    evaluated: Ints
    on: Ints  # the program (IEP) begins
    last: Ints  # NEVER while active
    ending: Ints  # place in ENDINGS
    category: Ints  # place in CATEGORIES
    setting: Ints  # place in SETTINGS
    entry: Ints  # child x outcome: ratings 1 to 7
    exit_rating: Ints  # child x outcome; 0 where not rated
    new_skills: Bools


def preschool(ward: Ward) -> Preschool:
    children, served = ward.of(development), ward.of(part_c)
    numbers = ward.parameters.preschool_special_education
    place = served.place_of(np.arange(len(children)))
    referred, evaluated, begins, came = _begins(ward, children, served, place)
    kindergarten = kindergarten_day(children.birth)
    fits = (begins < kindergarten - int(numbers.shortest)) & (begins < children.seen_to) & (begins <= ward.span.last)
    fits &= begins >= children.seen_from
    rows = np.flatnonzero(fits)
    on = begins[rows]
    rate, left = _progress(ward, children, served, rows, place[rows], on)
    last, ending = _ends(ward, children, rows, on, left, rate, kindergarten[rows])
    years = (np.minimum(last, ward.span.last + 1) - on) / YEAR
    entry = rating(ward, "preschool entry", children, rows, left)
    at_exit = rating(ward, "preschool exit", children, rows, fading(left, years, rate))
    rated = _rated(ward, children.child[rows], on, last, ending)
    return Preschool(
        row=rows,
        child=children.child[rows],
        from_part_c=came[rows],
        referred=referred[rows],
        evaluated=evaluated[rows],
        on=on,
        last=last,
        ending=ending,
        category=_categories(ward, children.child[rows]),
        setting=_settings(ward, children, rows, left),
        entry=entry,
        exit_rating=np.where(rated[:, None], at_exit, 0),
        new_skills=new_skills(ward, "preschool", children, rows, entry, at_exit),
    )


def kindergarten_day(birth: Ints) -> Ints:
    """The day in August on which a child who is five by September 1 leaves for kindergarten."""
    fifth = dates(birth + int(5 * YEAR))
    year = fifth.astype("datetime64[Y]")
    after = (fifth - year.astype("datetime64[D]")).astype(np.int64) > 243
    return ordinals(year + after.astype("timedelta64[Y]")) + 231


def _begins(ward: Ward, children: Development, served: PartC, place: Ints) -> tuple[Ints, Ints, Ints, Bools]:
    """Days of referral, evaluation and start for each child (NEVER for most), and who came by transition."""
    numbers, who = ward.parameters.preschool_special_education, children.child
    safe = np.maximum(place, 0)
    third = children.birth + THIRD
    came = np.zeros(len(children), dtype=bool)
    wait = np.zeros(len(children))
    if len(served.row):
        why = np.where(place >= 0, served.exit[safe], 0)
        came = why == PART_C_EXITS.index("part_b")
        late_start = third - served.on[safe] < int(numbers.late_start_days)
        late = ward.chance("619: late", who) < np.where(late_start, numbers.late_when_late, numbers.late)
        wait = np.where(late, 14 + numbers.late_days * ward.chance("619: late days", who), 0)
        undetermined = (why == PART_C_EXITS.index("undetermined")) & (
            ward.chance("619: after all", who) < numbers.begins_after_all
        )
        came &= ward.chance("619: consents", who) < numbers.consents
        came |= undetermined
        wait = np.where(undetermined, 60 + numbers.late_days * ward.chance("619: late days", who), wait)
    found = _found_later(ward, children, served, place)
    referred = np.where(came, third - int(numbers.days_of_notice), found)
    evaluated = np.where(came, third + wait.astype(np.int64) - 20, found + int(numbers.days_to_evaluation))
    begins = np.where(came, third + wait.astype(np.int64), found + int(numbers.days_to_start))
    return workday(referred), workday(evaluated), workday(begins + 2), came


def _found_later(ward: Ward, children: Development, served: PartC, place: Ints) -> Ints:
    """The day on which somebody first notices a child of three or four who is eligible; NEVER for most."""
    shared = ward.parameters.development
    options = ward.parameters.preschool_special_education
    left = fading(np.ones(len(children)), np.full(len(children), 3.5), shared.fades_alone)
    if len(served.row):
        left = np.where(place >= 0, served.exit_left[np.maximum(place, 0)], left)
    lag = children.lag * left
    rate = options.noticed * np.exp(options.noticed_by_lag * np.clip(lag - 1, -2, 2.5))
    years = -np.log1p(-ward.chance("619: noticed", children.child)) / rate
    error = normal(ward.chance("619 evaluation one", children.child), ward.chance("619 evaluation two", children.child))
    eligible = lag + shared.rating_error * error > options.eligible_lag
    begin = np.maximum(children.birth + THIRD, children.seen_from + 30)
    day = begin + (np.minimum(years, 20) * YEAR).astype(np.int64)
    agrees = ward.chance("619: consents", children.child) < options.consents
    return np.where(eligible & agrees & (years < 4), day, NEVER)


def _progress(
    ward: Ward, children: Development, served: PartC, rows: Ints, place: Ints, on: Ints
) -> tuple[Floats, Floats]:
    """How fast the lag fades from now on, and how much of it is left on the first day.

    Children who were helped before go on at the rate of their first help; between two programs it fades by itself.
    """
    shared = ward.parameters.development
    age = (on - children.birth[rows]) / YEAR
    rate = rate_of_help(children, rows, age, shared)
    left = fading(np.ones(len(rows)), age, shared.fades_alone)
    if len(served.row) == 0:
        return rate, left
    safe, before = np.maximum(place, 0), place >= 0
    gap = (on - np.minimum(served.last[safe], on)) / YEAR
    helped = fading(served.exit_left[safe], gap, shared.fades_alone)
    first = rate_of_help(children, rows, (served.on[safe] - children.birth[rows]) / YEAR, shared)
    return np.where(before, first, rate), np.where(before, helped, left)


def _ends(
    ward: Ward, children: Development, rows: Ints, on: Ints, left: Floats, rate: Floats, kindergarten: Ints
) -> tuple[Ints, Ints]:
    numbers, who = ward.parameters.preschool_special_education, children.child[rows]
    lag = np.maximum(children.lag[rows] * left, 0.01)
    reviews = np.maximum(np.ceil(np.log(lag / numbers.returns_lag) / rate), 1)
    returned = on + (np.minimum(reviews, 10) * 365).astype(np.int64)
    leaves = on + (-np.log1p(-ward.chance("619: withdraws", who)) / numbers.withdraws * YEAR).astype(np.int64)
    days = np.stack([kindergarten, returned, leaves, ward.people.departure[who], ward.people.death[who]])
    which, last = days.argmin(axis=0) + 1, days.min(axis=0)
    over = last <= ward.span.last
    return np.where(over, last, NEVER), np.where(over, which, 0)


def _rated(ward: Ward, who: Ints, on: Ints, last: Ints, ending: Ints) -> Bools:
    numbers = ward.parameters.preschool_special_education
    gone = np.isin(ending, [ENDINGS.index("withdrawn"), ENDINGS.index("moved")])
    likely = np.where(gone, numbers.rated_when_gone, numbers.rated)
    served = (last < NEVER) & (last - on >= int(numbers.rated_after)) & (ending != ENDINGS.index("died"))
    return np.asarray(served & (ward.chance("619: rated", who) < likely))


def _categories(ward: Ward, who: Ints) -> Ints:
    """The category of the evaluation, from the disability; other children have a delay of speech or in general."""
    chance, disability = ward.chance("619: category", who), ward.people.disability[who]
    found = np.zeros(len(who), dtype=np.int64)
    for name, shares in ward.parameters.preschool_special_education.categories.items():
        codes = np.array([CATEGORIES.index(one) for one in shares])
        found = np.where(disability == DISABILITIES.index(name), codes[choose(chance, dict(shares))], found)
    return found


def _settings(ward: Ward, children: Development, rows: Ints, left: Floats) -> Ints:
    """Children who are further behind are more often in a separate class."""
    numbers = ward.parameters.preschool_special_education
    severe = children.lag[rows] * left > numbers.severe_lag
    chance = ward.chance("619: setting", children.child[rows])
    mild, far = choose(chance, dict(numbers.settings_mild)), choose(chance, dict(numbers.settings_severe))
    return np.where(severe, far, mild)
