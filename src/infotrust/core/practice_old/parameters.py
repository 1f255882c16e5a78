"""Every number Marigold County is made from, in one place, with its reason.

Where a published figure is named, it was known when this was written and is to be confirmed against the source before
anybody quotes it; "chosen" means chosen so that the county behaves plausibly or so that tables can be practiced on.
All shares are probabilities from 0 to 1. `Parameters()` is the county of the demonstration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from infotrust.core.errors import UserFacingError


@dataclass(frozen=True)
class Families:
    """Households and births."""

    # Chosen near the national picture: a little over a quarter of households are one person, about 30% have children.
    household_shares: Mapping[str, float] = field(
        default_factory=lambda: {
            "single": 0.27,
            "couple": 0.26,
            "couple_with_children": 0.205,
            "mother_with_children": 0.085,
            "father_with_children": 0.025,
            "three_generations": 0.035,
            "adults_together": 0.12,
        }
    )
    # Mother's age at first birth, in years: mean about 27 in the United States (NCHS), spread chosen.
    first_birth_age: float = 27.0
    first_birth_age_spread: float = 5.5
    youngest_mother: float = 15.5
    oldest_mother: float = 44.0
    # How many births a family wants: 1, 2, 3, 4 or 5 (chosen). Births after the horizon never happen.
    births_wanted: tuple[float, ...] = (0.22, 0.42, 0.22, 0.10, 0.04)
    years_between_births: float = 2.9
    # About 31 of 1,000 newborns are twins (NCHS), so about 16 of 1,000 deliveries are of twins.
    twin_deliveries: float = 0.0157
    triplet_deliveries: float = 0.0003
    boys: float = 0.512
    # Chosen: moves per year. About one person in eight to ten moves in a year; with low income about twice as many.
    moves_per_year: float = 0.11
    moves_per_year_low_income: float = 0.24
    # Income as a multiple of the federal poverty level: log-normal, median by household type, spread of the logarithm.
    median_income: Mapping[str, float] = field(
        default_factory=lambda: {
            "single": 2.6,
            "couple": 4.2,
            "couple_with_children": 3.3,
            "mother_with_children": 1.3,
            "father_with_children": 2.3,
            "three_generations": 2.4,
            "adults_together": 2.9,
        }
    )
    income_spread: float = 0.7


@dataclass(frozen=True)
class Naming:
    """Who is called what, and when that changes."""

    community_shares: Mapping[str, float] = field(
        default_factory=lambda: {
            "english": 0.56,
            "black": 0.16,
            "hispanic": 0.20,
            "vietnamese": 0.03,
            "chinese": 0.025,
            "arab": 0.025,
        }
    )
    # Chosen: surnames outside the common list. Two thirds of English-speaking families have one that few share.
    rare_family_names: Mapping[str, float] = field(
        default_factory=lambda: {"english": 0.40, "black": 0.15, "hispanic": 0.0}
    )
    # Chosen: those who take a given name that is common among English speakers.
    english_given_names: Mapping[str, float] = field(
        default_factory=lambda: {"black": 0.45, "hispanic": 0.15, "vietnamese": 0.35, "chinese": 0.4, "arab": 0.1}
    )
    middle_name: float = 0.80
    # Chosen: partners of one household who are married; of these, wives who took the husband's name, or joined both.
    married: float = 0.78
    takes_partners_name: float = 0.75
    joins_both_names: float = 0.07
    # Chosen: Hispanic families who use two surnames, of the father and of the mother.
    two_surnames: float = 0.55
    # Chosen: children of unmarried or lone parents who bear the mother's name.
    mothers_name: float = 0.6
    hyphenated_children: float = 0.04
    # Chosen: children whose surname changes once (adoption, a parent's marriage or separation), at a random age.
    child_changes_name: float = 0.04
    # Chosen: first sons named like their father (and then Jr), first daughters named like their mother.
    named_like_father: float = 0.04
    named_like_mother: float = 0.01
    # Chosen: twins whose given names begin with the same letter.
    twins_alike: float = 0.35


@dataclass(frozen=True)
class Programs:
    """Who takes part in what: by income and age, so that the programs overlap."""

    # Chosen near national figures: about nine children in ten attend public school.
    public_school: float = 0.90
    pre_k: float = 0.30
    pre_k_low_income: float = 0.55
    repeats_a_grade: float = 0.05
    # Referrals before the third birthday: chosen, higher than the national share of toddlers served, for its cells.
    referred: float = 0.10
    referred_low_income: float = 0.17
    referred_twin: float = 0.45
    keeps_records_years: float = 8.0
    # Home visiting: chosen high for its cells, most for first children of young mothers with low income.
    visited: float = 0.03
    visited_low_income: float = 0.28
    visited_young_mother: float = 0.45
    # Children whom a home visitor sees are found more often: their rate, and how many of them the visitor refers.
    referred_visited: float = 0.27
    referral_by_visitor: float = 0.45
    # SNAP's gross income limit is 130% of the poverty level; about four in five who could take part do (USDA).
    snap_income_limit: float = 1.3
    snap_takes_part: float = 0.82
    snap_near_limit: float = 0.15
    # Low income means below twice the poverty level.
    low_income: float = 2.0
    # Share of families below the income limit who sleep in a shelter during a school year. CHOSEN FAR ABOVE ANY REAL
    # COUNTY: at 20,000 people it puts 100 to 200 pupils in shelters, so that a table by school level can be published
    # at a threshold of 11.
    family_in_shelter: float = 0.15
    shelter_income_limit: float = 2.0
    # Of sheltered families, those who slept in a shelter the year before too.
    shelter_again: float = 0.5
    # The planted answer to the question about pupils in shelters: families whom homeless services do not know, because
    # their shelter does not take part.
    unknown_to_homeless_services: float = 0.33
    # Sheltered pupils whose school records the shelter; housed pupils whose school records one by mistake.
    school_knows_shelter: float = 0.92
    school_wrong_shelter: float = 0.0008
    doubled_up: float = 0.035
    hotel: float = 0.006
    unsheltered: float = 0.002
    # Doubled-up families whom homeless services help to find a home.
    doubled_up_known: float = 0.2
    single_adults_homeless: float = 0.012


@dataclass(frozen=True)
class Habits:
    """How one agency records people, and what goes wrong there, by mechanism. Shares of its records."""

    keying: float = 0.0  # a slip of a finger in a name: a letter doubled, dropped, swapped or hit beside the right key
    phonetic: float = 0.0  # written as heard: Katherine, Catherine; Sean, Shawn
    swapped_names: float = 0.0  # given and family name in each other's place
    nickname: float = 0.0  # the name the person is called by, where it has one
    one_surname: float = 0.0  # of two surnames only the first is written
    joined_surname: float = 0.0  # of two surnames written with a hyphen or as one word
    middle_missing: float = 0.0
    day_month_swapped: float = 0.0  # where the day could be a month
    birth_date_slip: float = 0.0  # one digit of the date of birth is wrong
    default_birthday: float = 0.0  # January 1 of the right year: the date was not known at the door
    birth_date_missing: float = 0.0
    sex_wrong: float = 0.0
    sex_missing: float = 0.0
    address_missing: float = 0.0
    address_abbreviated: float = 0.0  # St for Street, # for Apt
    phone_missing: float = 0.0
    ssn_missing: float = 0.0
    ssn_last_four: float = 0.0  # only the last four digits
    ssn_slip: float = 0.0  # one digit wrong or two in each other's place
    ssn_borrowed: float = 0.0  # the number of another member of the household
    twins_confused: float = 0.0  # the record of a twin bears the other twin's given name
    entered_twice: float = 0.0  # the person has two records, with keys of their own
    capitals: float = 0.0  # everything in capitals
    bad_rows: float = 0.001  # rows that break the contract: an impossible date, an unknown code, no key


@dataclass(frozen=True)
class Parameters:
    families: Families = field(default_factory=Families)
    naming: Naming = field(default_factory=Naming)
    programs: Programs = field(default_factory=Programs)
    # Slips in names are more common for names that the clerks of the county do not know: factor on `keying`, `phonetic`
    # and `swapped_names` (chosen; that error rates differ by community is well attested in the linkage literature).
    slips_by_community: Mapping[str, float] = field(
        default_factory=lambda: {
            "english": 1.0,
            "black": 1.2,
            "hispanic": 1.6,
            "vietnamese": 2.5,
            "chinese": 2.5,
            "arab": 2.0,
        }
    )
    habits: Mapping[str, Habits] = field(
        default_factory=lambda: {
            "school-enrollment": Habits(
                keying=0.012, phonetic=0.006, swapped_names=0.002, nickname=0.02, one_surname=0.25, joined_surname=0.15,
                middle_missing=0.25, day_month_swapped=0.002, birth_date_slip=0.004, sex_wrong=0.003, sex_missing=0.004,
                address_missing=0.01, address_abbreviated=0.3, phone_missing=0.06, twins_confused=0.01,
                entered_twice=0.006,
            ),
            "early-intervention": Habits(
                keying=0.02, phonetic=0.02, swapped_names=0.006, nickname=0.03, one_surname=0.45, joined_surname=0.2,
                day_month_swapped=0.012, birth_date_slip=0.012, sex_wrong=0.006, sex_missing=0.01,
                address_missing=0.05, address_abbreviated=0.5, phone_missing=0.15, twins_confused=0.06,
                entered_twice=0.02,
            ),
            "home-visiting": Habits(
                keying=0.03, phonetic=0.05, swapped_names=0.004, nickname=0.16, one_surname=0.55, joined_surname=0.1,
                day_month_swapped=0.008, birth_date_slip=0.015, sex_wrong=0.006, sex_missing=0.03,
                address_missing=0.04, address_abbreviated=0.6, phone_missing=0.08, twins_confused=0.03,
                entered_twice=0.04,
            ),
            "snap": Habits(
                keying=0.01, phonetic=0.004, swapped_names=0.003, nickname=0.005, one_surname=0.3, joined_surname=0.3,
                middle_missing=0.3, day_month_swapped=0.001, birth_date_slip=0.003, sex_wrong=0.002, sex_missing=0.002,
                address_missing=0.02, address_abbreviated=0.8, phone_missing=0.2, ssn_missing=0.04, ssn_slip=0.004,
                ssn_borrowed=0.006, twins_confused=0.01, entered_twice=0.004, capitals=1.0,
            ),
            "homeless-clients": Habits(
                keying=0.035, phonetic=0.045, swapped_names=0.01, nickname=0.10, one_surname=0.5, joined_surname=0.1,
                day_month_swapped=0.015, birth_date_slip=0.02, default_birthday=0.03, birth_date_missing=0.01,
                sex_wrong=0.006, sex_missing=0.02, address_missing=0.12, ssn_missing=0.24, ssn_last_four=0.12,
                ssn_slip=0.015, ssn_borrowed=0.01, twins_confused=0.03, entered_twice=0.04,
            ),
        }
    )  # fmt: skip

    def __post_init__(self) -> None:
        require_sound(self)


SUMS_TO_ONE = ("household_shares", "community_shares", "births_wanted")
NOT_A_SHARE = frozenset(
    {
        "first_birth_age", "first_birth_age_spread", "youngest_mother", "oldest_mother", "years_between_births",
        "moves_per_year", "moves_per_year_low_income", "median_income", "income_spread", "keeps_records_years",
        "snap_income_limit", "low_income", "shelter_income_limit", "slips_by_community",
    }
)  # fmt: skip


def require_sound(parameters: Any, path: str = "") -> None:
    """Raise `UserFacingError`, naming the parameter, where a share is not from 0 to 1 or shares do not add up."""
    for one in fields(parameters):
        _require_value(f"{path}{one.name}", one.name, getattr(parameters, one.name))


def _require_value(path: str, name: str, value: Any) -> None:
    if is_dataclass(value):
        require_sound(value, f"{path}.")
        return
    if isinstance(value, Mapping):
        for key, part in value.items():
            _require_value(f"{path}.{key}", name, part)
        numbers = tuple(value.values())
    elif isinstance(value, tuple):
        numbers = value
    else:
        _require_number(path, name, value)
        return
    if name in SUMS_TO_ONE and abs(sum(numbers) - 1) > 1e-6:
        raise UserFacingError(f"The shares of {path} add up to {sum(numbers):g}.", next_step="Make them add up to 1.")


def _require_number(path: str, name: str, value: float) -> None:
    if name not in NOT_A_SHARE and not 0 <= value <= 1:
        raise UserFacingError(f"The parameter {path} is {value}.", next_step="Give a share from 0 to 1.")
    if not value >= 0:
        raise UserFacingError(f"The parameter {path} is {value}.", next_step="Give a number that is not negative.")
