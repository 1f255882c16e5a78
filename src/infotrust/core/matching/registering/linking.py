"""Link records to a register, making it where there is none, and carry every identifier over.

    linked = link_to_register(Path("register"), sources)

A record is known again by its source's name and its own id: the same record with other values is corrected, with the
same values it is left alone. A generation is there whole or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np
import pyarrow as pa

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.answers import Answer, RecordKey
from infotrust.core.matching.compiled import BoolArray, FloatArray, IntArray, LongArray
from infotrust.core.matching.persons.identify import Cause, Change
from infotrust.core.matching.pipeline import Options, Progress, Run, StepRun
from infotrust.core.matching.reading.sources import Coded, Source
from infotrust.core.matching.registering import answered
from infotrust.core.matching.registering.adding import Slots, add, places_known, slots_of
from infotrust.core.matching.registering.alike import stand_for_others
from infotrust.core.matching.registering.arriving import Arriving, arriving, keys_of
from infotrust.core.matching.registering.folder import Folder
from infotrust.core.matching.registering.held import Header, Held, read_held
from infotrust.core.matching.registering.identity import Named
from infotrust.core.matching.registering.register import Register
from infotrust.core.matching.registering.whole import gather, link_whole, options_read, options_said

# Linked as a whole again when so much has changed since the model was fitted, of what there was then: counts and
# parameters drift with what was never seen. With batches of any size that costs about ten linkages of the final size.
GROWN = 0.1
SMALL = 2_000  # records: linking them anew takes a second, and there is little to learn a model from


class Refit(StrEnum):
    """When a register is linked as a whole, with a model fitted anew."""

    WHEN_GROWN = "when grown"
    NEVER = "never"
    ALWAYS = "always"


@dataclass(frozen=True)
class Linked:
    """What became of the records that arrived, in the order of their sources and rows, and of the register.

    person_id: texts; weight: float64, log2 odds of the strongest link inside the person, nan when it is alone;
    unknown: records to remove that were not there; counted: events by change and cause; whole: why all was linked as a
    whole, empty when it was not; model: the version of the model that was gone by; doubted: answers to look at again.
    """

    person_id: pa.Array
    weight: FloatArray
    new: int
    corrected: int
    unchanged: int
    removed: int
    unknown: int
    counted: Counter[tuple[Change, Cause]]
    whole: str
    steps: tuple[StepRun, ...]
    generation: int
    records: int
    persons: int
    model: int
    doubted: int

    def events(self, change: Change) -> int:
        return sum(count for (one, _), count in self.counted.items() if one is change)


def link_to_register(
    path: Path,
    sources: Sequence[Source],
    *,
    remove: Iterable[RecordKey] = (),
    answers: Sequence[Answer] = (),
    options: Options | None = None,
    refit: Refit = Refit.WHEN_GROWN,
    progress: Progress | None = None,
) -> Linked:
    """Link records to a register, making it where there is none.

    remove: records to take out, by source and id. answers: what people said, kept with what they said before. options:
    None goes by the register's own; others link all anew. refit: when all is linked as a whole with a new model; a
    register without room for what comes is linked as a whole in any case, with the model it has when told never to fit.
    Raises UserFacingError; the register is then as it was.
    """
    folder = Folder(Path(path))
    folder.prepare()
    with folder.writing():
        held = read_held(folder) if folder.exists() else None
        if held:
            folder.remove_but(held.header.base, held.header.state)  # what a killed process left
        run = Run(progress)
        coming = _standardized(held, sources, run)
        every, fresh = answered.kept_with(answered.read(held.state)[0] if held else (), answers)
        change = _change(held, coming, tuple(remove), every, fresh)
        stored = options_read(held.header.options) if held else Options()
        return _linked(folder, held, change, options or stored, refit, run)


def _standardized(held: Held | None, sources: Sequence[Source], run: Run) -> Arriving:
    coming: Arriving = run.step(
        "standardize",
        lambda: arriving(sources, held.header.sources if held else (), held.header.day_first if held else {}),
        lambda found: {"records": len(found)},
    )
    if held is None and not len(coming):
        raise UserFacingError("There is no record to make a register of.", next_step="Name at least one file.")
    unique = (*(held.header.unique if held else ()), *coming.unique)
    return replace(coming, unique=tuple(dict.fromkeys(unique)))


@dataclass(frozen=True)
class _Change:
    """What is to happen. place: int64, where each arriving record is known, -1: new; same: it says the same as there;
    slots: its values in the register; leaving: places of records that go, corrected ones among them; gone: int32, the
    persons of those removed; unknown: how many to be removed are not there."""

    coming: Arriving
    place: LongArray
    same: BoolArray
    slots: Slots | None
    leaving: LongArray
    gone: IntArray
    unknown: int
    answers: tuple[Answer, ...]
    fresh: tuple[Answer, ...]

    @property
    def kept(self) -> LongArray:
        """The arriving records that are new or corrected."""
        return np.flatnonzero(~self.same)

    @property
    def nothing(self) -> bool:
        return not len(self.kept) and not len(self.leaving) and not self.fresh

    def part(self, fields: Mapping[str, Coded] | None = None) -> Arriving:
        """Those records alone, with these fields (None: all that they say)."""
        kept, coming = self.kept, self.coming
        fields = {field: Coded(coded.codes[kept], coded.values) for field, coded in (fields or coming.fields).items()}
        return replace(
            coming, fields=fields, source=coming.source[kept], ids=coming.ids.take(pa.array(kept)), key=coming.key[kept]
        )

    def before(self, held: Held | None) -> IntArray:
        """The person each of them had, -1 for a new one."""
        if held is None:
            return np.full(len(self.kept), -1, np.int32)
        return np.append(held.person, np.int32(-1))[self.place[self.kept]]


def _change(
    held: Held | None, coming: Arriving, remove: Sequence[RecordKey], answers: tuple[Answer, ...],
    fresh: tuple[Answer, ...],
) -> _Change:  # fmt: skip
    n, none = len(coming), np.empty(0, np.int64)
    if held is None:
        new = np.full(n, -1, np.int64)
        return _Change(coming, new, np.zeros(n, bool), None, none, none.astype(np.int32), len(remove), answers, fresh)
    place = places_known(held, coming.key)
    slots = slots_of(held, coming)
    known = place >= 0
    same = known.copy()
    same[known] = (held.codes[place[known]] == slots.codes[known]).all(1)
    going = _places_to_remove(held, remove)
    going = np.setdiff1d(going, place[known])  # what arrives in the same breath is corrected, not removed
    leaving = np.concatenate([going, place[known & ~same]])
    return _Change(
        coming, place, same, slots, leaving, held.person[going], len(set(remove)) - len(going), answers, fresh
    )


def _places_to_remove(held: Held, remove: Sequence[RecordKey]) -> LongArray:
    names = held.header.sources
    listed = sorted({record for record in remove if record[0] in names})
    if not listed:
        return np.empty(0, np.int64)
    number = np.array([names.index(source) for source, _ in listed], np.int32)
    place = places_known(held, keys_of(names, number, pa.array([record for _, record in listed], pa.large_string())))
    return np.unique(place[place >= 0])


def _linked(folder: Folder, held: Held | None, change: _Change, options: Options, refit: Refit, run: Run) -> Linked:
    because = _why_whole(held, change, options, refit)
    if held and not because and change.nothing:
        return _told(Register(held), change, change.place, None, Counter(), "", run)
    if held is None or held.fitted is None or because:
        header, named, place, weight = _as_a_whole(folder, held, change, options, refit, run)
    else:
        header, named, place, weight = _added(held, change, options, run)
    folder.switch(header.said())
    return _told(Register(read_held(folder)), change, place, weight, named.counted, because, run)


_Written = tuple[Header, Named, LongArray, FloatArray]  # of every arriving record its place, of those kept the weight


def _as_a_whole(
    folder: Folder, held: Held | None, change: _Change, options: Options, refit: Refit, run: Run
) -> _Written:
    part = change.part()
    keeps_model = held is not None and refit is Refit.NEVER and options_said(options) == held.header.options
    header, named, where, weight = link_whole(
        folder, held, part, gather(held, part, change.before(held), change.leaving, change.gone), options=options,
        answers=change.answers, told_now=len(change.fresh), run=run,
        fitted=held.fitted if held and keeps_model else None,
    )  # fmt: skip
    place = change.place.copy()
    stayed = len(where) - len(part)
    if held:
        there = held.there.copy()
        there[change.leaving] = False
        moved = np.full(held.places, -1, np.int64)
        moved[np.flatnonzero(there)] = where[:stayed]
        place[change.same] = moved[place[change.same]]
    place[change.kept] = where[stayed:]
    return header, named, place, weight[stayed:]


def _added(held: Held, change: _Change, options: Options, run: Run) -> _Written:
    slots, fitted = change.slots, held.fitted
    if slots is None or fitted is None:
        raise AssertionError("only a register with a model is added to")
    header, named, where, weight = add(
        held, fitted, change.part(slots.compared), replace(slots, codes=slots.codes[change.kept]),
        change.before(held), change.leaving, change.gone, options=options, answers=change.answers,
        fresh_answers=change.fresh, run=run,
    )  # fmt: skip
    place = change.place.copy()
    place[change.kept] = where
    return header, named, place, weight


def _why_whole(held: Held | None, change: _Change, options: Options, refit: Refit) -> str:
    """Why all is linked as a whole; empty when only what is new or changed is."""
    if held is None:
        return "the register is new"
    header = held.header
    if refit is Refit.ALWAYS:
        return "it was asked for"
    if options_said(options) != header.options:
        return "its settings changed"
    if held.fitted is None:
        return "it had no model yet"
    coming = len(change.kept) + len(change.leaving)
    if stand_for_others(held, change.leaving):
        return "records that stand for others left"
    if header.places + len(change.kept) >= header.room or (change.slots and not change.slots.fit(header)):
        return "it had no room left"
    if refit is Refit.NEVER or change.nothing:
        return ""
    if header.records + len(change.kept) <= SMALL:
        return "it is small"
    if answered.enough_to_learn(change.answers, header.told_since + len(change.fresh), GROWN):
        return "people said what its model had not learned yet"
    if header.changed + coming > GROWN * header.fitted_at:
        return f"more than {GROWN:.0%} changed since its model was fitted"
    return ""


def _told(
    register: Register, change: _Change, place: LongArray, weight: FloatArray | None,
    counted: Counter[tuple[Change, Cause]], because: str, run: Run,
) -> Linked:  # fmt: skip
    weights = np.full(len(place), np.nan)
    kept, same = change.kept, np.flatnonzero(change.same)
    if weight is not None:
        weights[kept] = weight
    if len(same):
        weights[same] = register.weights(place[same])
    return Linked(
        person_id=register.person_ids(place),
        weight=weights,
        new=int((change.place[kept] < 0).sum()),
        corrected=int((change.place[kept] >= 0).sum()),
        unchanged=len(same),
        removed=len(change.gone),
        unknown=change.unknown,
        counted=counted,
        whole=because,
        steps=tuple(run.steps),
        generation=register.held.header.generation,
        records=register.records,
        persons=register.persons,
        model=register.held.header.model,
        doubted=register.answers_doubted,
    )
