"""Why records are one person or are not, from the evidence of the linkage in use: levels and weights, no value.

The first explanation of a process loads the matching kernels, which takes about two seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere, UserFacingError
from infotrust.core.matching.answers import RecordKey
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.linkage import evidence, register

if TYPE_CHECKING:
    from infotrust.core.matching.compiled import ByteArray
    from infotrust.core.matching.explaining.change import WhatIf
    from infotrust.core.matching.explaining.pair import Weighed
    from infotrust.core.matching.explaining.person import Apart, Links, PersonExplained

WANTED = "have links explained"
MOST_LINKS_SHOWN = 100


class NoSuchPerson(NotThere):
    """Nobody in the register has, or had, this identifier."""


@dataclass(frozen=True)
class Member:
    """A record of a person: its number on the page, its key, its place in the evidence, and its dataset's title."""

    number: int
    key: RecordKey
    place: int
    title: str


@dataclass(frozen=True)
class PairExplained:
    """Two records explained.

    weighed: None where how they agree was not kept, because they were given up early or never compared; in_linkage:
    the weight the linkage went by, None where it never compared them; taught: the part of it that people's answers
    taught; said: 1 people put them together, -1 apart; apart, person: why, as far as few enough records are concerned.
    """

    one: Member
    other: Member
    together: bool
    cut: float
    run: int
    weighed: Weighed | None
    in_linkage: float | None
    taught: float
    said: int
    apart: Apart | None
    person: PersonExplained | None
    what_if: WhatIf | None
    members: tuple[Member, ...]


@dataclass(frozen=True)
class PersonPage:
    """A person's records and how they came together. now: identifiers that an old one leads to; then nothing else."""

    person_id: str
    run: int
    cut: float
    members: tuple[Member, ...]
    explained: PersonExplained | None
    now: tuple[str, ...] = ()


def may_explain(*, by: User) -> Decision:
    return duties.may("explain links", by=by)


def may_see_relations(*, by: User) -> Decision:
    return duties.may("see relations", by=by)


def explain_pair(one: RecordKey, other: RecordKey, *, by: User, levels: ByteArray | None = None) -> PairExplained:
    """Explain two records. levels: how they agree, where it was worked out from their values.

    Raises `NotPermitted`, `evidence.NotKept`, and UserFacingError for a record with itself.
    """
    duties.require("explain links", by=by)
    if one == other:
        raise UserFacingError(_("That is one record."), next_step=_("Name two."))
    about, rows = evidence.about(), [evidence.record(one), evidence.record(other)]
    from infotrust.core.matching.explaining import kept
    from infotrust.core.matching.explaining.attribution import BITS
    from infotrust.core.matching.explaining.change import changes_of
    from infotrust.core.matching.explaining.pair import weigh

    first, second = sorted(row["place"] for row in rows)
    links, records = _links({row["group"] for row in rows}, also=[first, second])
    found = [pair for pair in evidence.pairs_among([first, second]).to_pylist() if pair["first"] != pair["second"]]
    scored = next((pair for pair in found if not pair["said"]), None)
    if levels is None and scored is not None and scored["pattern"] != kept.NO_PATTERN:
        levels = kept.levels_of(evidence.pattern(scored["pattern"]))
    model, comparisons = kept.model_of(about), kept.comparisons_of(about)
    weighed = None if levels is None else weigh(model, comparisons, levels)
    together, cut = rows[0]["group"] == rows[1]["group"], float(about["cut"])
    in_linkage = None if scored is None else scored["odds"] * BITS
    was_weighed = weighed is not None and scored is not None and scored["pattern"] != kept.NO_PATTERN
    members = _members(records)
    by_place = {member.place: member for member in members}
    return PairExplained(
        one=by_place[rows[0]["place"]],
        other=by_place[rows[1]["place"]],
        together=together,
        cut=cut,
        run=int(about["run"]),
        weighed=weighed,
        in_linkage=in_linkage,
        taught=in_linkage - weighed.weight if weighed and in_linkage is not None and was_weighed else 0.0,
        said=next((pair["said"] for pair in found if pair["said"]), 0),
        apart=_apart(links, records, rows, cut) if links is not None and not together else None,
        person=_person(links, cut) if links is not None and together else None,
        what_if=None
        if links is None or levels is None
        else changes_of(links, first, second, model, comparisons, levels, cut=cut),
        members=members,
    )


def explain_person(person_id: str, *, by: User) -> PersonPage:
    """Explain a person of the register. Raises `NotPermitted`, `NoSuchPerson`, `evidence.NotKept`."""
    duties.require("explain links", by=by)
    held = register.records_of(person_id).to_pylist()
    if not held:
        now = register.resolve(person_id)
        if not now:
            raise NoSuchPerson(
                _("Nobody in the register has this identifier, or had it."), next_step=_("Check all 32 characters.")
            )
        return PersonPage(person_id, 0, 0.0, (), None, now)
    about = evidence.about()
    row = evidence.record((held[0]["dataset"], held[0]["record_id"]))
    links, records = _links({row["group"]})
    cut = float(about["cut"])
    explained = None if links is None else _person(links, cut)
    return PersonPage(person_id, int(about["run"]), cut, _members(records), explained)


def weakest_persons(*, by: User, most: int = 10) -> list[tuple[str, float]]:
    """Persons that hang on the weakest links, with the weight of that link (log2 odds): the first to look at."""
    duties.require("explain links", by=by)
    held = register.persons()
    linked = held.filter(pc.is_valid(held["weight"])).sort_by([("weight", "ascending"), ("person_id", "ascending")])
    found: dict[str, float] = {}
    for row in linked.slice(0, 20 * most).select(["person_id", "weight"]).to_pylist():
        found.setdefault(row["person_id"], row["weight"])
    return list(found.items())[:most]


def _links(groups: set[int], also: list[int] | None = None) -> tuple[Links | None, pa.Table]:
    """The links among the records of these groups, None where they are too many; and the records."""
    from infotrust.core.matching.explaining import kept
    from infotrust.core.matching.explaining.person import LARGEST

    records = evidence.groups(groups)
    if records.num_rows > LARGEST:
        return None, evidence.places(also) if also else records.slice(0, LARGEST)
    return kept.links_of(records, evidence.pairs_among(records["place"].to_pylist())), records


def _apart(links: Links, records: pa.Table, rows: list[dict[str, Any]], cut: float) -> Apart:
    from infotrust.core.matching.explaining.person import apart

    sides = [
        [place for place, group in zip(records["place"].to_pylist(), records["group"].to_pylist(), strict=True)
         if group == row["group"]]
        for row in rows
    ]  # fmt: skip
    return apart(links, *sides, cut=cut)


def _person(links: Links, cut: float) -> PersonExplained:
    from infotrust.core.matching.explaining.person import explain_links

    return explain_links(links, cut=cut)


def _members(records: pa.Table) -> tuple[Member, ...]:
    titles = {one.code: one.title for one in inventory.datasets()}
    rows = records.select(["place", "dataset", "record_id"]).to_pylist()
    ordered = sorted(rows, key=lambda row: (row["dataset"], row["record_id"]))
    return tuple(
        Member(number, (row["dataset"], row["record_id"]), row["place"], titles.get(row["dataset"], row["dataset"]))
        for number, row in enumerate(ordered, 1)
    )
