"""Makes the people of a county: households, births, names, addresses and how these change from year to year.

Each mechanism has a random stream of its own, so that a change to one leaves the others as they were.
"""

from __future__ import annotations

import numpy as np

from infotrust.core.errors import UserFacingError
from infotrust.core.practice_old import names
from infotrust.core.practice_old.county import (
    ADDRESSES_KEPT,
    BASE,
    HORIZON,
    UNCHANGED,
    YEAR,
    Bools,
    County,
    Household,
    Ints,
    People,
    Texts,
    stream,
    years_of,
)
from infotrust.core.practice_old.parameters import Parameters

FEWEST, MOST = 200, 5_000_000


def make_county(people: int, *, seed: int = 1, parameters: Parameters | None = None) -> County:
    """Make a county with `people` inhabitants on June 30, 2026; the same seed makes the same county.

    Raises `UserFacingError` where `people` or `seed` is out of range or a parameter makes no sense.
    """
    if not FEWEST <= people <= MOST:
        raise UserFacingError(
            f"A county of {people} people cannot be made.", next_step=f"Ask for {FEWEST} to {MOST} people."
        )
    if seed < 0:
        raise UserFacingError(f"The seed is {seed}.", next_step="Give a whole number from 0 on.")
    parameters = parameters or Parameters()
    draft = _Draft(people, seed, parameters)
    return draft.county()


class _Draft:
    """Makes the county in named steps; each fills the arrays the next ones read."""

    def __init__(self, people: int, seed: int, parameters: Parameters) -> None:
        self.people, self.seed, self.p = people, seed, parameters

    def rng(self, what: str) -> np.random.Generator:
        return stream(self.seed, what)

    def county(self) -> County:
        self._households()
        self._adults()
        self._births()
        self._settle()
        self._surnames()
        self._children_named_after()
        self._given_names()
        self._later_names()
        household, addresses = self._homes()
        return County(self.people, self.seed, self.p, household, self._people(), addresses)

    # --- households and who lives in them ---

    def _households(self) -> None:
        """Draw kinds, communities and incomes of more households than needed; `_settle` keeps enough of them."""
        count = int(self.people / 2.0) + 200
        rng, families = self.rng("households"), self.p.families
        kinds = np.array(list(families.household_shares), dtype=object)
        self.kind = rng.choice(kinds, count, p=list(families.household_shares.values()))
        shares = self.p.naming.community_shares
        self.h_community = rng.choice(np.array(list(shares), dtype=object), count, p=list(shares.values()))
        median = np.array([families.median_income[kind] for kind in self.kind])
        self.income = median * np.exp(rng.normal(0, families.income_spread, count))
        self.oldest = rng.uniform(-3, 19, count)  # age of the oldest child on BASE; below 0: not yet born
        self.with_children = np.isin(
            self.kind, ["couple_with_children", "mother_with_children", "father_with_children", "three_generations"]
        )

    def _adults(self) -> None:
        """Ages and sexes of the adults, household by household: the woman, the man, the third person."""
        rng, families, count = self.rng("adults"), self.p.families, len(self.kind)
        first = np.clip(
            rng.normal(families.first_birth_age, families.first_birth_age_spread, count),
            families.youngest_mother,
            families.oldest_mother - 2,
        )
        lone_mother = self.kind == "mother_with_children"
        first = np.where(lone_mother, np.maximum(first - 3.0, families.youngest_mother), first)
        self.first_birth_age = first
        grown = 19 + 71 * rng.beta(1.35, 1.8, count)
        woman = np.where(self.with_children, np.maximum(first + self.oldest, 16.0), grown)
        man = np.maximum(
            np.where(self.with_children, woman + rng.normal(2, 4, count), woman + rng.normal(2, 5, count)), 17
        )
        third = np.where(
            self.kind == "three_generations", woman + rng.normal(27, 5, count), rng.uniform(18.5, 40, count)
        )
        lives_alone = self.kind == "single"
        is_man_alone = lives_alone & (rng.random(count) < 0.47)
        has_woman = ~np.isin(self.kind, ["father_with_children"]) & ~is_man_alone
        has_man = is_man_alone | np.isin(
            self.kind, ["couple", "couple_with_children", "father_with_children", "adults_together"]
        )
        has_third = (self.kind == "three_generations") | ((self.kind == "adults_together") & (rng.random(count) < 0.4))
        third_male = np.where(self.kind == "three_generations", rng.random(count) < 0.25, rng.random(count) < 0.5)
        parts = [(has_woman, woman, np.zeros(count, bool)), (has_man, man, np.ones(count, bool))]
        parts.append((has_third, third, third_male))
        self.adult_rows = [(np.flatnonzero(has), age[has], male[has]) for has, age, male in parts]

    def _births(self) -> None:
        """Deliveries of each family up to the horizon; twins and triplets share a delivery."""
        rng, families = self.rng("births"), self.p.families
        family = np.flatnonzero(self.with_children)
        wanted = rng.choice(np.arange(1, 6), len(family), p=families.births_wanted)
        gaps = 1.0 + rng.gamma(2.0, (families.years_between_births - 1.0) / 2, (len(family), 5))
        gaps[:, 0] = 0
        after = np.cumsum(gaps, axis=1)
        born = BASE + ((after - self.oldest[family, None]) * YEAR).astype(np.int64)
        mother_age = self.first_birth_age[family, None] + after
        happens = (np.arange(5) < wanted[:, None]) & (born <= HORIZON)
        happens &= mother_age <= families.oldest_mother
        happens[:, 0] |= born[:, 0] <= HORIZON
        row, order = np.nonzero(happens)
        draw = rng.random(len(row))
        babies = 1 + (draw < families.twin_deliveries + families.triplet_deliveries)
        babies += draw < families.triplet_deliveries
        delivery = np.repeat(np.arange(len(row)), babies)
        self.c_household, self.c_birth, self.c_delivery = family[row][delivery], born[row, order][delivery], delivery
        self.c_male = rng.random(len(delivery)) < families.boys

    def _settle(self) -> None:
        """Keep as many households as hold the people asked for on BASE, and lay all persons out by household."""
        adult_h = np.concatenate([rows for rows, _, _ in self.adult_rows])
        adult_birth = np.concatenate([BASE - (age * YEAR).astype(np.int64) for _, age, _ in self.adult_rows])
        adult_male = np.concatenate([male for _, _, male in self.adult_rows])
        part = np.concatenate([np.full(len(rows), slot) for slot, (rows, _, _) in enumerate(self.adult_rows)])
        size = np.bincount(adult_h, minlength=len(self.kind))
        size += np.bincount(self.c_household[self.c_birth <= BASE], minlength=len(self.kind))
        kept = np.cumsum(size) <= self.people
        alone = np.flatnonzero(~kept & (self.kind == "single"))
        kept[alone[: self.people - int(size[kept].sum())]] = True  # fill up to the number asked for
        number = np.cumsum(kept) - 1
        household = np.concatenate([adult_h, self.c_household])
        birth = np.concatenate([adult_birth, self.c_birth])
        child = np.arange(len(household)) >= len(adult_h)
        delivery = np.concatenate([np.full(len(adult_h), -1), self.c_delivery])
        male = np.concatenate([adult_male, self.c_male])
        part = np.concatenate([part, np.full(len(self.c_birth), 9)])
        stays = np.flatnonzero(kept[household])
        stays = stays[np.lexsort((birth[stays], part[stays], number[household[stays]]))]
        self.household, self.birth, self.male = number[household[stays]], birth[stays], male[stays]
        self.child, self.delivery, self.part = child[stays], delivery[stays], part[stays]
        for name in ("kind", "h_community", "income"):
            setattr(self, name, getattr(self, name)[kept])
        count = len(self.kind)
        self.head = np.zeros(len(self.birth), dtype=bool)
        self.head[np.unique(self.household, return_index=True)[1]] = True
        self.h_mother = self._member(count, (self.part == 0) & ~self.child)
        self.h_father = self._member(count, (self.part == 1) & ~self.child)
        parents = np.isin(self.kind, ["couple", "adults_together", "single"])[self.household]
        self.mother = np.where(self.child & ~parents, self.h_mother[self.household], -1)
        self.father = np.where(self.child & ~parents, self.h_father[self.household], -1)

    def _member(self, count: int, wanted: Bools) -> Ints:
        found = np.full(count, -1)
        found[self.household[wanted]] = np.flatnonzero(wanted)
        return found

    # --- names ---

    def _surnames(self) -> None:
        """Surnames at birth of adults; a share of Hispanic families uses two surnames."""
        naming, rng = self.p.naming, self.rng("surnames")
        self.community = self.h_community[self.household]
        draw = names.draw_family_names
        self.first = draw(rng, self.community, dict(naming.rare_family_names))
        second = draw(rng, self.community, dict(naming.rare_family_names))
        self.h_two = (self.h_community == "hispanic") & (rng.random(len(self.kind)) < naming.two_surnames)
        self.second = np.where(self.h_two[self.household], second, "")
        self.third_elder = (self.part == 2) & (self.kind == "three_generations")[self.household]
        mothers = self.h_mother[self.household[self.third_elder]]
        self.first[mothers] = self.first[self.third_elder]  # the mother's parent bears her birth name

    def _children_named_after(self) -> None:
        """Children's surnames, from father, mother or both; later changes; women who take the partner's name."""
        naming, rng, count = self.p.naming, self.rng("surnames of children"), len(self.birth)
        self.new_first, self.new_second = self.first.copy(), self.second.copy()
        self.renamed_on = np.full(count, UNCHANGED)
        partners = np.isin(self.kind, ["couple", "couple_with_children"])
        married = partners & (rng.random(len(self.kind)) < naming.married)
        wives, husbands = self.h_mother[married], self.h_father[married]
        share = rng.random(len(wives))
        joins = share < naming.joins_both_names
        takes = ~joins & (share < naming.joins_both_names + naming.takes_partners_name)
        takes &= ~self.h_two[self.household[wives]]
        joined = self.first[wives] + "-" + self.first[husbands]
        self.new_first[wives] = np.where(joins, joined, np.where(takes, self.first[husbands], self.first[wives]))
        self.new_second[wives] = np.where(joins | takes, "", self.second[wives])
        oldest = BASE - (np.maximum(1.0, rng.normal(5, 4, len(wives))) * YEAR).astype(np.int64)
        self.renamed_on[wives[joins | takes]] = oldest[joins | takes]
        kids = np.flatnonzero(self.child)
        home = self.household[kids]
        # The name of a parent who lives elsewhere: one for each household.
        outside = names.draw_family_names(rng, self.h_community, dict(naming.rare_family_names))[home]
        hers = self._of(self.first, self.h_mother[home], outside)
        his = self._of(self.first, self.h_father[home], outside)
        by_mother = rng.random(len(self.kind))[home] < naming.mothers_name
        with_both = (self.h_father[home] >= 0) & (married[home] | ~by_mother)
        first = np.where(with_both, his, np.where(by_mother, hers, his))
        both = with_both & (rng.random(len(self.kind))[home] < naming.hyphenated_children) & ~self.h_two[home]
        self.first[kids] = np.where(both, his + "-" + hers, first)
        self.second[kids] = np.where(self.h_two[home] & (hers != self.first[kids]), hers, "")
        self.named_by_father = np.zeros(count, dtype=bool)
        self.named_by_father[kids] = with_both & ~both
        self._rename_children(kids, rng)

    def _of(self, values: Texts, persons: Ints, otherwise: Texts) -> Texts:
        return np.where(persons >= 0, values[persons], otherwise)

    def _rename_children(self, kids: Ints, rng: np.random.Generator) -> None:
        self.new_first[kids], self.new_second[kids] = self.first[kids], self.second[kids]
        home = self.household[kids]
        changes = rng.random(len(self.kind))[home] < self.p.naming.child_changes_name
        step = names.draw_family_names(rng, self.h_community, dict(self.p.naming.rare_family_names))[home]
        mothers = self._of(self.new_first, self.h_mother[home], step)
        now = np.where(mothers == self.first[kids], step, mothers)
        year = (rng.random(len(self.kind)) * 9 + 0.5)[home]
        mine = kids[changes]
        self.new_first[mine], self.new_second[mine] = now[changes], ""
        # Brothers and sisters change names on the same day: when the youngest of them is that old.
        last = np.zeros(len(self.kind), dtype=np.int64)
        np.maximum.at(last, home, self.birth[kids])
        self.renamed_on[mine] = (last[home] + (year * YEAR).astype(np.int64))[changes]

    def _given_names(self) -> None:
        naming, rng = self.p.naming, self.rng("given names")
        sexes = np.where(self.male, "M", "F")
        years = years_of(self.birth)
        share = dict(naming.english_given_names)

        def draw(which: Ints) -> Texts:
            return names.draw_given_names(rng, self.community[which], sexes[which], years[which], share)

        everyone = np.arange(len(self.birth))
        self.given = draw(everyone)
        self.middle = np.where(rng.random(len(everyone)) < naming.middle_name, draw(everyone), "")
        self.middle = np.where(self.middle == self.given, "", self.middle)
        self.suffix = np.full(len(everyone), "", dtype=object)
        self._name_after_parents(rng)
        self._twins_alike(rng)
        for _ in range(8):  # brothers and sisters have different names
            again = self._repeated_in_household()
            if not len(again):
                break
            self.given[again] = draw(again)

    def _name_after_parents(self, rng: np.random.Generator) -> None:
        naming, kids = self.p.naming, np.flatnonzero(self.child)
        order = np.lexsort((self.birth[kids], self.male[kids], self.household[kids]))
        kids = kids[order]
        pairs = np.stack([self.household[kids], self.male[kids]], axis=1)
        eldest = np.ones(len(kids), dtype=bool)
        eldest[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
        chance = rng.random(len(kids))
        son = eldest & self.male[kids] & (self.father[kids] >= 0) & (chance < naming.named_like_father)
        son &= self.named_by_father[kids]
        self.given[kids[son]] = self.given[self.father[kids[son]]]
        self.suffix[kids[son]] = "Jr"
        girl = eldest & ~self.male[kids] & (self.mother[kids] >= 0) & (chance < naming.named_like_mother)
        self.given[kids[girl]] = self.given[self.mother[kids[girl]]]
        men = self.male & ~self.child & (rng.random(len(self.male)) < 0.012)
        self.suffix[men] = np.where(rng.random(int(men.sum())) < 0.75, "Jr", "III")

    def _twins_alike(self, rng: np.random.Generator) -> None:
        """Some twins' names begin alike: the second is the nearest name of the county with the first's initial."""
        second = np.flatnonzero((self.delivery[1:] == self.delivery[:-1]) & (self.delivery[1:] >= 0)) + 1
        pool = np.flatnonzero(self.child)
        for twin in second[rng.random(len(second)) < self.p.naming.twins_alike]:
            tried = pool[rng.integers(len(pool), size=60)]
            like = (self.male[tried] == self.male[twin]) & (self.community[tried] == self.community[twin])
            for other in self.given[tried[like]]:
                if other[0] == self.given[twin - 1][0] and other != self.given[twin - 1]:
                    self.given[twin] = other
                    break

    def _repeated_in_household(self) -> Ints:
        kids = np.flatnonzero(self.child)
        code = np.unique(self.given[kids].astype(str), return_inverse=True)[1]
        order = np.lexsort((kids, code, self.household[kids]))
        same = (np.diff(code[order]) == 0) & (np.diff(self.household[kids][order]) == 0)
        return np.asarray(kids[order[1:][same]], dtype=np.int64)

    def _later_names(self) -> None:
        """Whoever is renamed to the name they had is not renamed."""
        same = (self.new_first == self.first) & (self.new_second == self.second)
        self.renamed_on[same | (self.renamed_on > HORIZON)] = UNCHANGED

    # --- homes ---

    def _homes(self) -> tuple[Household, Ints]:
        rng, families, count = self.rng("homes"), self.p.families, len(self.kind)
        rate = np.where(
            self.income < self.p.programs.low_income, families.moves_per_year_low_income, families.moves_per_year
        )
        stays = rng.exponential(1.0, (count, ADDRESSES_KEPT - 1)) / rate[:, None] * YEAR
        moved_on = HORIZON - np.cumsum(stays, axis=1).astype(np.int64)
        pool = int(count * 1.5) + 50
        address = rng.integers(pool, size=(count, ADDRESSES_KEPT))
        address[:, 0] = rng.permutation(pool)[:count]
        phone = 10**6 + rng.integers(8 * 10**6, size=(count, ADDRESSES_KEPT)) + 10**6
        # Half of the moves keep the number.
        for slot in range(1, ADDRESSES_KEPT):
            phone[:, slot] = np.where(rng.random(count) < 0.5, phone[:, slot - 1], phone[:, slot])
        household = Household(self.kind, self.h_community, self.income, moved_on, address, phone)
        return household, self._addresses(rng, pool)

    def _addresses(self, rng: np.random.Generator, pool: int) -> Ints:
        places = names.book()["places"]
        return np.stack(
            [
                rng.integers(1, 1400, pool),
                rng.integers(len(places["streets"].split()), size=pool),
                np.minimum(rng.geometric(0.3, pool) - 1, len(places["kinds"]) - 1),
                np.where(rng.random(pool) < 0.32, rng.integers(1, 60, pool), 0),
                np.minimum(rng.geometric(0.2, pool) - 1, len(places["cities"]) - 1),
            ],
            axis=1,
        )

    def _people(self) -> People:
        return People(
            household=self.household,
            birth=self.birth,
            male=self.male,
            child=self.child,
            head=self.head,
            mother=self.mother,
            father=self.father,
            delivery=self.delivery,
            community=self.community,
            given=self.given,
            middle=self.middle,
            suffix=self.suffix,
            first_surname=self.first,
            second_surname=self.second,
            new_surname=self.new_first,
            new_second=self.new_second,
            renamed_on=self.renamed_on,
        )
