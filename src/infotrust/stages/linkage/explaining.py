"""Explanations in words and as a waterfall, for their pages. Weights are log2 odds: each point doubles the odds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.stages.linkage.queries.explaining import MOST_LINKS_SHOWN, Member, PairExplained
from infotrust.stages.linkage.sidebyside import BAR, signed
from infotrust.stages.linkage.terms import field_word, level_word, odds_words

if TYPE_CHECKING:
    from infotrust.core.matching.explaining.change import WhatIf
    from infotrust.core.matching.explaining.pair import Weighed
    from infotrust.core.matching.explaining.person import Between, PersonExplained

LEAST_SHOWN = 0.005  # kinds of pairs that are less likely are not listed

WHY_APART: dict[str, Promise] = {
    "no pair between them is above even odds": gettext_lazy("No two of their records are more likely one person’s."),
    "their mean link is below the cut": gettext_lazy("Taken together, their records do not agree well enough."),
    "a source that has one record for each person has records in both": gettext_lazy(
        "A dataset that has one record for each person has records in both."
    ),
    "someone said that they are not one person": gettext_lazy("Someone who looked said that they are not one person."),
    "each joined others first": gettext_lazy("Each joined other records first, and these do not agree well enough."),
}
KINDS: dict[str, Promise] = {
    "one person": gettext_lazy("One person"),
    "one home": gettext_lazy("Two people of one home"),
    "twins": gettext_lazy("Twins"),
    "namesakes": gettext_lazy("Namesakes"),
    "born on one day": gettext_lazy("Two people born on one day"),
    "one person, moved": gettext_lazy("One person who moved"),
    "one home, moved": gettext_lazy("Two people of one home that moved"),
    "neighbors": gettext_lazy("Neighbors"),
    "chance": gettext_lazy("Strangers"),
}


@dataclass(frozen=True)
class Step:
    """One step of a waterfall: what it adds, where the sum is then, and its bar on a scale from 0 to 100."""

    title: str
    level: str
    weight: str
    total: str
    start: float
    width: float
    speaks: str
    zero: float


@dataclass(frozen=True)
class Kind:
    title: str
    same: bool
    percent: float


@dataclass(frozen=True)
class Change:
    title: str
    level: str
    to: str
    weight: str


@dataclass(frozen=True)
class Join:
    """Two groups of a person's records that were put together: their records' numbers, and the mean weight."""

    left: str
    right: str
    mean: str
    told: bool
    compared: int
    pairs: int
    strongest: str
    is_weakest: bool


def waterfall(weighed: Weighed, taught: float) -> list[Step]:
    """From what is known before any field to the whole: the loudest fields first, then what people's answers taught."""
    parts = [(_("Before any field is looked at"), "", weighed.prior)]
    parts += [(field_word(one.field), level_word(one.level), one.weight) for one in weighed.waterfall]
    if abs(taught) >= 0.05:
        parts.append((_("What people’s answers taught"), "", taught))
    totals = [0.0]
    for _title, _level, weight in parts:
        totals.append(totals[-1] + weight)
    low, high = min(totals), max(totals)
    scale = BAR / max(high - low, 1e-9)
    return [
        Step(
            title, level, signed(weight), signed(after),
            round((min(before, after) - low) * scale, 1),
            round(max(abs(weight) * scale, 0.4), 1),
            "for" if weight >= 0 else "against",
            round(-low * scale, 1),
        )
        for (title, level, weight), before, after in zip(parts, totals, totals[1:], strict=False)
    ]  # fmt: skip


def unknown_fields(weighed: Weighed) -> str:
    return ", ".join(field_word(one.field) for one in weighed.fields if not one.code)


def kinds(weighed: Weighed) -> list[Kind]:
    """What kinds of pairs look like this one, the likeliest first."""
    return [
        Kind(str(KINDS.get(one.name, one.name)), one.same_person, round(100 * one.probability, 1))
        for one in weighed.classes
        if one.probability >= LEAST_SHOWN
    ]


def why_apart(pair: PairExplained) -> str:
    return "" if pair.apart is None else str(WHY_APART.get(pair.apart.why.value, pair.apart.why.value))


def changes(what_if: WhatIf) -> list[Change]:
    return [
        Change(field_word(one.field), level_word(one.level), level_word(one.to), signed(one.weight))
        for one in what_if.changes
    ]


def height(what_if: WhatIf) -> str:
    """The highest cut at which the two are together; empty where they are together, or apart, at any."""
    return signed(what_if.holds_up_to) if abs(what_if.holds_up_to) != float("inf") else ""


def joins(person: PersonExplained, members: Sequence[Member]) -> list[Join]:
    """How a person's records came together, in order; the weakest is where it would come apart first."""
    number = {member.place: member.number for member in members}
    return [
        Join(
            _numbers(join.left, number),
            _numbers(join.right, number),
            signed(join.mean) if abs(join.mean) != float("inf") else "",
            abs(join.mean) == float("inf"),
            join.compared,
            join.pairs,
            _strongest(join),
            join is person.weakest and len(person.joins) > 1,
        )
        for join in person.joins
    ]


def _numbers(places: Sequence[int], number: dict[int, int]) -> str:
    return ", ".join(map(str, sorted(number[place] for place in places)))


def _strongest(join: Between) -> str:
    if join.strongest is None or abs(join.strongest.weight) == float("inf"):
        return ""
    return signed(join.strongest.weight)


@dataclass(frozen=True)
class Link:
    """Two of a person's records that were compared."""

    one: Member
    other: Member
    weight: str


def links(person: PersonExplained, members: Sequence[Member]) -> list[Link]:
    """The links between a person's records, the weakest first; of very many, the weakest."""
    by_place = {member.place: member for member in members}
    found = sorted(person.links, key=lambda link: link.weight)[:MOST_LINKS_SHOWN]
    return [Link(by_place[one.first], by_place[one.second], _weight(one.weight)) for one in found]


def _weight(weight: float) -> str:
    if abs(weight) == float("inf"):
        return _("people said so")
    return signed(weight)


def summary(pair: PairExplained) -> str:
    """In one sentence, whether the two are one person now and how strong their own link is."""
    if pair.said:
        return _("Someone who looked at them said so.")
    if pair.in_linkage is None:
        return _("The linkage never compared them: they share too little, or each shares more with others.")
    if pair.weighed is None:
        return _("The linkage gave them up as soon as it was sure that they are not one person’s.")
    return _("By themselves, it is %(odds)s that they are one person’s.") % {"odds": odds_words(pair.in_linkage)}
