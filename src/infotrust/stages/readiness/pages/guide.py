"""The page of a discussion guide: who has handed in, and, once open, where each partner stands and how far apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import commands
from infotrust.stages.readiness import process, queries
from infotrust.stages.readiness.commands import GUIDE_COMMANDS
from infotrust.stages.readiness.lifecycle import GuideState
from infotrust.stages.readiness.pages import turns

# Our own reading of a line of five places: one apart is chance, two is worth a word, three or more comes first.
WORTH_A_WORD, FAR_APART = 2, 3


@dataclass(frozen=True)
class Mark:
    """Where one partner stands: its place on the line (0: cannot say), in words, with its comment and barriers."""

    partner: Any
    place: int | None
    words: str
    comment: str
    barriers: tuple[Any, ...]
    own: bool


@dataclass(frozen=True)
class ItemRow:
    """`gap`: places between the two partners furthest apart, None where fewer than two marked a place."""

    item: process.Item
    marks: tuple[Mark, ...]
    gap: int | None
    gap_words: str
    joint: str

    @property
    def far(self) -> bool:
        return self.gap is not None and self.gap >= FAR_APART

    @property
    def places(self) -> range:
        return range(1, process.PLACES + 1)


@dataclass(frozen=True)
class GuidePage:
    """`items` is empty until the answers are side by side."""

    partnership: Any
    guide: Any
    turn: turns.Turn
    partners: tuple[queries.HandedIn, ...]
    own: queries.OwnSheet | None
    items: tuple[ItemRow, ...]
    questions: tuple[process.Item, ...]
    barriers: tuple[Any, ...]
    all_in: bool
    facilitates: bool
    may: frozenset[str]

    @property
    def first(self) -> ItemRow | None:
        """The question to talk about first: where partners are furthest apart."""
        apart = [row for row in self.items if row.gap is not None and row.gap >= WORTH_A_WORD]
        return max(apart, key=lambda row: row.gap or 0, default=None)

    @property
    def undecided(self) -> int:
        """How many barriers nobody has dealt with."""
        return sum(not hasattr(one, "task") for one in self.barriers)


def guide_page(number: int, *, by: User, round: int | None = None) -> GuidePage | None:
    """Return the latest conversation (or that of a round); None before the first. Raises `NotPermitted`."""
    partnership = queries.partnership(number, by=by)
    found = queries.guide(partnership, by=by, round=round)
    if found is None:
        return None
    opened = found.state != GuideState.ANSWERING
    own = queries.own_sheet(found, by=by)
    partners = tuple(queries.who_handed_in(found))
    return GuidePage(
        partnership=partnership,
        guide=found,
        turn=turns.turn(partnership, by=by),
        partners=partners,
        own=own,
        items=_items(found, queries.sheets(found, by=by), own) if opened else (),
        questions=process.items(),
        barriers=tuple(queries.barriers(found, by=by)) if opened else (),
        all_in=all(one.handed_in for one in partners),
        facilitates=partnership.facilitator_id == by.pk or (partnership.facilitator_id is None and own is not None),
        may=frozenset(commands.allowed(GUIDE_COMMANDS, state=found.state, by=by))
        if partnership.is_open
        else frozenset(),
    )


def _items(guide: Any, sheets: list[queries.OwnSheet], own: queries.OwnSheet | None) -> tuple[ItemRow, ...]:
    rows = []
    for item in process.items():
        marks = tuple(_mark(item, sheet, own is not None and sheet.sheet == own.sheet) for sheet in sheets)
        gap = _gap([mark.place for mark in marks if mark.place])
        rows.append(ItemRow(item, marks, gap, gap_words(gap, marks), guide.joint.get(item.key, "")))
    return tuple(rows)


def _mark(item: process.Item, sheet: queries.OwnSheet, own: bool) -> Mark:
    answer = sheet.answers.get(item.key)
    place = answer.place if answer else None
    return Mark(
        partner=sheet.sheet.partner,
        place=place,
        words=item.place(place),
        comment=answer.comment if answer else "",
        barriers=sheet.barriers.get(item.key, ()),
        own=own,
    )


def _gap(places: list[int]) -> int | None:
    return max(places) - min(places) if len(places) > 1 else None


def gap_words(gap: int | None, marks: tuple[Mark, ...]) -> str:
    """Say how far apart partners are."""
    if gap is None:
        unsure = [str(mark.partner) for mark in marks if not mark.place]
        if unsure:
            return _("%(names)s cannot say yet: find out together what is missing.") % {"names": "; ".join(unsure)}
        return ""
    if gap == 0:
        return _("You stand at the same place.")
    apart = ngettext("%(gap)d place apart", "%(gap)d places apart", gap) % {"gap": gap}
    if gap < WORTH_A_WORD:
        return _("You stand close together (%(apart)s).") % {"apart": apart}
    if gap < FAR_APART:
        return _("You stand some way apart (%(apart)s): worth a word.") % {"apart": apart}
    return _("You stand far apart (%(apart)s): begin here.") % {"apart": apart}
