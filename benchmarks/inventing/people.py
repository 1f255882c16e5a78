"""People for the generated files: homes, families, names, and what changes in a life. All in arrays, by a seed.

Nobody here knows about files or mistakes. The hard cases are made on purpose, at rates that stand beside them: twins,
siblings, a father and son of one name, a mother who takes another surname, a child who moves to relatives, grown
children who leave home, an address that one family leaves and another takes. Names are as common as in the practice
county, whose published tables they come from.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice import names
from infotrust.core.practice.chance import Bools, Floats, Ints, Texts
from infotrust.core.practice.parameters import load_parameters
from infotrust.core.practice.records.numbers import AREAS, SERIALS, permuted

TODAY = 738_886  # 2024-01-01 as an ordinal day: the last day on which anything is recorded is the day before
YEAR = 365.25
HISPANIC = names.COMMUNITIES.index("hispanic")

# Kinds of household and their shares, near the Census Bureau's table HH-1 of 2023 but with more families with children,
# since the files are those of agencies that serve them.
COUPLE_AND_CHILDREN, PARENT_AND_CHILDREN, COUPLE, ALONE = range(4)
KINDS = (0.36, 0.20, 0.20, 0.24)
CHILDREN = (0.40, 0.35, 0.17, 0.06, 0.02)  # one to five of them
TWIN = 0.016  # of the births after the first; about 31 of 1,000 children are twins (NCHS, 2023)
GRANDPARENT = 0.07  # of the homes with children have a grandparent in them
NAMED_AFTER_FATHER, NAMED_AFTER_MOTHER = 0.06, 0.015  # of the first sons and daughters
ALIKE_TWINS = 0.2  # of the twins have names of one initial
TAKES_HIS_NAME, DOUBLES_IT = 0.68, 0.09  # of the wives
CHANGES_NAME = 0.40  # of the women under 50 marry, part or marry again while they are on file
CHILD_CHANGES_NAME = 0.04
TWO_SURNAMES = 0.5  # of the people with a Hispanic name
MIDDLE_NAME = 0.8
NICKNAME = 0.16  # of the people go by a short form
NO_SSN, NO_SSN_LATELY_CAME = 0.02, 0.12
MOVES_IN_A_YEAR, MOVES_IN_A_YEAR_POOR = 0.07, 0.22
LONGEST_PATH = 4  # addresses of a household over the years, at most
LEFT_HOME = 0.5  # of the people under 30 who live alone left a home of this population
CHILD_MOVES_AWAY = 0.05  # to relatives, to another parent, into foster care
OWN_MOBILE = 0.75


@dataclass(frozen=True)
class People:
    """One entry for each person. Days: ordinals. `changed`: the day from which `family` holds; before it, `former`."""

    household: Ints
    role: Ints  # 0 mother (or the one adult), 1 father, 2 child, 3 grandparent
    male: Bools
    birth: Ints
    given: Texts
    short: Texts  # the short form that the person goes by; empty for most
    middle: Texts
    family: Texts
    former: Texts
    changed: Ints
    suffix: Texts
    ssn: Ints  # nine digits as a number; 0 for those who have none
    mother: Ints  # place of the mother among the people, or of the one adult; -1 for adults
    twin: Bools
    left: Ints  # the day from which the person lives with `household`; before it with `before`
    before: Ints  # another household
    phone: Ints  # the first of the person's mobile numbers; 0 for none

    def __len__(self) -> int:
        return len(self.household)


@dataclass(frozen=True)
class Homes:
    """One entry for each household. address: Ints [households, LONGEST_PATH]; since: the day each begins to hold."""

    poverty: Floats
    community: Ints
    address: Ints
    since: Ints
    phone: Ints

    def at(self, household: Ints, day: Ints) -> Ints:
        """Where each household lives on each day: a place in the dwellings."""
        turn = (self.since[household] <= day[:, None]).sum(axis=1) - 1
        return np.asarray(self.address[household, np.maximum(turn, 0)])


def invent(households: int, dwellings: int, seed: int) -> tuple[People, Homes]:
    """That many households, over so many dwellings (ordered so that neighbors stand close), and who lives in them."""
    rng = np.random.default_rng([seed, 1])
    kind = rng.choice(len(KINDS), households, p=KINDS)
    homes = _homes(kind, dwellings, rng)
    member = _members(kind, rng)
    return _named(member, homes, rng, seed), homes


# --- homes ---


def _homes(kind: Ints, dwellings: int, rng: np.random.Generator) -> Homes:
    n = len(kind)
    shares = dict(load_parameters().communities.shares)
    weights = np.array([float(shares[code]) for code in names.COMMUNITIES])
    poverty = rng.beta(1.3, 2.6, n)
    poverty = np.clip(poverty + np.where(kind == PARENT_AND_CHILDREN, 0.12, 0.0), 0.0, 1.0)
    rate = MOVES_IN_A_YEAR + (MOVES_IN_A_YEAR_POOR - MOVES_IN_A_YEAR) * poverty
    years = rng.exponential(1.0, (n, LONGEST_PATH - 1)) / rate[:, None]
    since = np.concatenate([np.zeros((n, 1)), TODAY - 13 * YEAR + YEAR * np.cumsum(years, axis=1)], axis=1)
    # Seven in ten moves stay near: dwellings are ordered by town and street.
    near = rng.random((n, LONGEST_PATH - 1)) < 0.7
    step = np.where(near, rng.laplace(0, 400, near.shape), rng.uniform(0, dwellings, near.shape)).astype(np.int64)
    first = rng.integers(0, dwellings, (n, 1))
    address = np.concatenate([first, (first + np.cumsum(step, axis=1)) % dwellings], axis=1)
    community = rng.choice(len(weights), n, p=weights / weights.sum())
    return Homes(poverty, community, address, since.astype(np.int64), telephone_numbers(n, rng))


def telephone_numbers(count: int, rng: np.random.Generator) -> Ints:
    """A number of ten digits for each; area codes are those nobody has (see practice/records/numbers.py)."""
    return rng.integers(0, 101, count) * 10**7 + rng.integers(2_000_000, 10**7, count)


# --- who lives in them ---


@dataclass(frozen=True)
class _Members:
    household: Ints
    role: Ints
    rank: Ints  # of a child among the children
    birth: Ints
    male: Bools
    twin: Bools


def _members(kind: Ints, rng: np.random.Generator) -> _Members:
    n, most = len(kind), len(CHILDREN)
    with_children = kind <= PARENT_AND_CHILDREN
    children = np.where(with_children, rng.choice(most, n, p=CHILDREN) + 1, 0)
    gap = rng.uniform(1.0, 4.5, (n, most)) * YEAR
    twin = rng.random((n, most)) < TWIN
    twin[:, 0] = False
    gap[twin] = 0.0
    gap[:, 0] = 0.0
    oldest = TODAY - rng.uniform(0.2, 20.0, n) * YEAR
    born = (oldest[:, None] + np.cumsum(gap, axis=1)).astype(np.int64)
    there = (np.arange(most) < children[:, None]) & (born < TODAY - 30)
    one = np.where(with_children, oldest - np.clip(rng.normal(27, 5.5, n), 15, 44) * YEAR, 0)
    one = np.where(kind == COUPLE, TODAY - rng.uniform(24, 90, n) * YEAR, one)
    one = np.where(kind == ALONE, TODAY - np.clip(18 + rng.gamma(1.6, 18, n), 18, 97) * YEAR, one)
    other = one - rng.normal(2.3, 4.0, n) * YEAR
    elder = one - np.clip(rng.normal(26, 5, n), 16, 42) * YEAR
    has_other = (kind == COUPLE_AND_CHILDREN) | (kind == COUPLE)
    has_elder = with_children & (rng.random(n) < GRANDPARENT)
    columns = [
        (np.ones(n, bool), one, 0, 0),
        (has_other, other, 1, 0),
        *((there[:, at], born[:, at], 2, at) for at in range(most)),
        (has_elder, elder, 3, 0),
    ]
    places = np.flatnonzero(np.stack([there for there, *_ in columns], axis=1).ravel())
    width = len(columns)
    household, column = places // width, places % width
    birth = np.stack([born for _, born, *_ in columns], axis=1).ravel()[places].astype(np.int64)
    role = np.array([role for *_, role, _ in columns])[column]
    rank = np.array([rank for *_, rank in columns])[column]
    male = rng.random(len(places)) < 0.51
    lone = (role == 0) & (kind[household] == ALONE)
    male = np.where(role == 1, True, np.where((role == 0) & ~lone, False, male))
    male = np.where((role == 0) & (kind[household] == PARENT_AND_CHILDREN), rng.random(len(places)) < 0.15, male)
    is_twin = np.zeros(len(places), bool)
    is_twin[role == 2] = twin[household[role == 2], rank[role == 2]]
    return _Members(household, role, rank, birth, male, is_twin)


def _named(who: _Members, homes: Homes, rng: np.random.Generator, seed: int) -> People:
    n = len(who.household)
    community = homes.community[who.household]
    stranger = (who.role == 1) & (rng.random(n) < 0.1)  # a partner from another community
    community = np.where(stranger, rng.permutation(community), community)
    first = np.flatnonzero(who.role == 0)  # one in each household, in order
    mother = np.where(who.role == 2, first[who.household], -1)
    father = np.full(len(first), -1)
    father[who.household[who.role == 1]] = np.flatnonzero(who.role == 1)
    given = _given(who, community, mother, rng)
    middle = names.middle_names(rng.random(n), community, who.male, _year(who.birth))
    middle[rng.random(n) >= MIDDLE_NAME] = ""
    suffix = np.full(n, "", dtype=object)
    junior = _juniors(who, father, rng)
    given[junior] = given[father[who.household[junior]]]
    suffix[junior[rng.random(len(junior)) < 0.8]] = "Jr"
    copied = junior[rng.random(len(junior)) < 0.6]
    middle[copied] = middle[father[who.household[copied]]]
    family, former, changed = _surnames(who, community, mother, father, rng)
    left, before = np.zeros(n, np.int64), who.household.copy()
    _leave_home(who, homes, family, former, left, before, rng)
    number = permuted(np.arange(n) % (AREAS * SERIALS), AREAS, SERIALS, "generated", seed)
    ssn = (900 + number // (49 * SERIALS)) * 10**6 + (1 + number // SERIALS % 49) * 10**4 + 1 + number % SERIALS
    english = names.COMMUNITIES.index("black")  # those before it in COMMUNITIES and itself came long ago
    ssn[rng.random(n) < np.where(community > english, NO_SSN_LATELY_CAME, NO_SSN)] = 0
    phone = telephone_numbers(n, rng)
    adult = who.birth < TODAY - 14 * YEAR
    phone[~adult | (rng.random(n) >= OWN_MOBILE)] = 0
    return People(
        who.household, who.role, who.male, who.birth, given, _short(given, rng), middle, family, former, changed,
        suffix, ssn, mother, who.twin, left, before, phone,
    )  # fmt: skip


def _year(day: Ints) -> Ints:
    return np.asarray((day / YEAR).astype(np.int64) + 1)


def _given(who: _Members, community: Ints, mother: Ints, rng: np.random.Generator) -> Texts:
    """Given names; brothers and sisters have different ones, twins at times ones alike."""
    n = len(community)
    given = names.given_names(rng.random(n), community, who.male, _year(who.birth))
    for _ in range(3):
        again = _repeated(who.household, given)
        given[again] = names.given_names(
            rng.random(len(again)), community[again], who.male[again], _year(who.birth[again])
        )
    alike = np.flatnonzero(who.twin & (rng.random(n) < ALIKE_TWINS))
    initials = np.array([name[:2] for name in given], dtype=object) if len(alike) else given
    for sex in (False, True):
        pool = np.flatnonzero(who.male == sex)[:100_000]
        order = pool[np.argsort(initials[pool], kind="stable")]
        mine = alike[who.male[alike] == sex]
        low, high = (np.searchsorted(initials[order], initials[mine - 1], side=side) for side in ("left", "right"))
        found = high > low
        given[mine[found]] = given[order[(low + (rng.random(len(mine)) * (high - low)).astype(np.int64))[found]]]
    daughters = np.flatnonzero((who.role == 2) & ~who.male & (who.rank == 0) & (rng.random(n) < NAMED_AFTER_MOTHER))
    daughters = daughters[~who.male[mother[daughters]]]
    given[daughters] = given[mother[daughters]]
    return given


def _repeated(household: Ints, given: Texts) -> Ints:
    """Those who have the name of someone before them in their household."""
    seen, again = set(), []
    for at, key in enumerate(zip(household.tolist(), given, strict=True)):
        if key in seen:
            again.append(at)
        seen.add(key)
    return np.array(again, dtype=np.int64)


def _juniors(who: _Members, father: Ints, rng: np.random.Generator) -> Ints:
    sons = np.flatnonzero((who.role == 2) & who.male & (father[who.household] >= 0))
    firsts = sons[np.unique(who.household[sons], return_index=True)[1]]
    return firsts[rng.random(len(firsts)) < NAMED_AFTER_FATHER * 1.5]  # not every home has a son and his father


def _surnames(
    who: _Members, community: Ints, mother: Ints, father: Ints, rng: np.random.Generator
) -> tuple[Texts, Texts, Ints]:
    """(surname today, the one before, the day it changed: 0 where it never did)."""
    n = len(community)
    own = names.family_names(rng.random(n), community)
    two = np.flatnonzero((community == HISPANIC) & (rng.random(n) < TWO_SURNAMES))
    second = names.family_names(rng.random(len(two)), community[two])
    born = own.copy()
    born[two] = [f"{one} {other}" for one, other in zip(own[two], second, strict=True)]
    family, changed = born.copy(), np.zeros(n, np.int64)
    his = father[who.household]
    pick = rng.random(n)
    wives = np.flatnonzero((who.role == 0) & (his >= 0) & (pick < TAKES_HIS_NAME + DOUBLES_IT))
    family[wives] = own[his[wives]]
    doubled = wives[pick[wives] >= TAKES_HIS_NAME]
    family[doubled] = [f"{one}-{other}" for one, other in zip(own[doubled], own[his[doubled]], strict=True)]
    # Wives changed it at some time, mostly before anything was recorded; lone mothers married or parted meanwhile.
    changed[wives] = (TODAY - rng.uniform(0, 30, len(wives)) * YEAR).astype(np.int64)
    single = np.flatnonzero(
        (who.role == 0) & ~who.male & (his < 0) & (who.birth > TODAY - 50 * YEAR) & (rng.random(n) < CHANGES_NAME)
    )
    family[single] = names.family_names(rng.random(len(single)), community[single])
    changed[single] = (TODAY - rng.uniform(0, 14, len(single)) * YEAR).astype(np.int64)
    former = np.where(changed > 0, born, family)
    children = np.flatnonzero(who.role == 2)
    with_him = his[children] >= 0
    theirs = np.where(with_him, own[np.maximum(his[children], 0)], born[mother[children]])
    absent = ~with_him & (_by_household(who.household[children], rng) < 0.45)
    theirs[absent] = own[rng.permutation(n)[who.household[children[absent]] % n]]  # of a father who lives elsewhere
    hispanic = np.flatnonzero(
        (community[children] == HISPANIC) & (_by_household(who.household[children], rng) < TWO_SURNAMES)
    )
    hers = own[mother[children[hispanic]]]
    theirs[hispanic] = [f"{one.split(' ')[0]} {other}" for one, other in zip(theirs[hispanic], hers, strict=True)]
    family[children] = former[children] = theirs
    adopted = children[rng.random(len(children)) < CHILD_CHANGES_NAME]
    former[adopted] = family[rng.integers(0, n, len(adopted))]
    changed[adopted] = (TODAY - rng.uniform(0, 12, len(adopted)) * YEAR).astype(np.int64)
    elders = np.flatnonzero(who.role == 3)
    family[elders] = former[elders] = born[np.flatnonzero(who.role == 0)[who.household[elders]]]
    return family, former, changed


def _by_household(household: Ints, rng: np.random.Generator) -> Floats:
    """One chance for each household, so that brothers and sisters share it."""
    return rng.random(int(household.max(initial=0)) + 1)[household]


def _leave_home(
    who: _Members, homes: Homes, family: Texts, former: Texts, left: Ints, before: Ints, rng: np.random.Generator
) -> None:
    """Some of the young who live alone grew up in a home of this population and have its name; some children move."""
    n = len(who.household)
    child = np.flatnonzero(who.role == 2)
    alone = np.bincount(who.household)[who.household] == 1
    young = np.flatnonzero(alone & (who.birth > TODAY - 30 * YEAR) & (rng.random(n) < LEFT_HOME))
    home = rng.choice(child, len(young))  # a brother or sister who still lives there
    before[young] = who.household[home]
    left[young] = who.birth[young] + (rng.uniform(18, 23, len(young)) * YEAR).astype(np.int64)
    family[young] = former[young] = former[home]
    moved = child[rng.random(len(child)) < CHILD_MOVES_AWAY]
    before[moved] = rng.integers(0, len(homes.poverty), len(moved))
    age = TODAY - who.birth[moved]
    left[moved] = who.birth[moved] + (age * rng.random(len(moved))).astype(np.int64)


def _short(given: Texts, rng: np.random.Generator) -> Texts:
    known = names.nicknames()
    short = np.full(len(given), "", dtype=object)
    for at in np.flatnonzero(rng.random(len(given)) < NICKNAME).tolist():
        options = known.get(given[at], ())
        if options:
            short[at] = options[min(int(rng.random() * len(options)), len(options) - 1)]
    return short
