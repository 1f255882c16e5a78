"""Look one record up in a register: which person it is, if any, and what speaks for it.

The record is standardized, keyed, compared and weighed as one that arrives would be, by the same model; nothing is
written. Whoever asks gives the values; the answer holds identifiers, weights and which fields agree, and no value of a
record in the register.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Lock

import numpy as np
import pyarrow as pa

from infotrust.core.elements import SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching.comparing.agree import levels_of
from infotrust.core.matching.comparing.candidates import COMPARE_ALL_UP_TO, Pairs, least_share
from infotrust.core.matching.comparing.compare import fill_field, rarity
from infotrust.core.matching.compiled import BoolArray, HashArray, LongArray, compiled
from infotrust.core.matching.learning import score
from infotrust.core.matching.persons.cluster import SURE
from infotrust.core.matching.pipeline import Options
from infotrust.core.matching.reading import standardize
from infotrust.core.matching.reading.shared import set_aside
from infotrust.core.matching.reading.sources import Coded, Records
from infotrust.core.matching.reading.texts import Texts
from infotrust.core.matching.registering.arriving import place_of
from infotrust.core.matching.registering.held import Held
from infotrust.core.matching.registering.identity import written
from infotrust.core.matching.registering.keys import information_by_record, nearest_of
from infotrust.core.matching.registering.laying import full_names, value_keys
from infotrust.core.matching.registering.whole import EVERY, kinds_of, options_read, person_ids

MOST_SHOWN = 5  # persons; who comes after them is behind five that are likelier


class Answered(StrEnum):
    """How a look-up ends."""

    ONE = "one person"
    SEVERAL = "several persons"
    NOBODY = "nobody"
    TOO_LITTLE = "too little is known to tell anyone apart"


@dataclass(frozen=True)
class Candidate:
    """A person the record may be. weight: log2 odds of the strongest link to one of its records; probability: the same
    as a share; joins: linking would put the record to this person; agreement: field -> how it agrees there."""

    person: str
    weight: float
    probability: float
    joins: bool
    records: int
    agreement: dict[str, str]


@dataclass(frozen=True)
class Found:
    """answered: how it ended; candidates: the likeliest first, those that join before others."""

    answered: Answered
    candidates: tuple[Candidate, ...]

    @property
    def person(self) -> str | None:
        """The identifier, where it is one person's."""
        return self.candidates[0].person if self.answered is Answered.ONE else None


class Desk:
    """Where records are looked up in one generation of a register: what every look-up needs is worked out once.

    One record at a time; several threads may ask.
    """

    def __init__(self, held: Held) -> None:
        fitted = held.fitted
        if fitted is None:
            raise UserFacingError(
                "The register has too few records to have learned what agreement is worth.",
                next_step="Link more files to it first.",
            )
        nowhere = np.pad(held.files, (0, 1))  # what is asked comes from no source: that says nothing
        self._held, self._fitted = replace(held, files=nowhere), fitted
        self._plan = self._held.plan(fitted)
        self._scales = score.Scales.of(fitted.model, self._plan)
        self._options = options_read(held.header.options)
        self._records = int(held.there.sum())
        self._shared = np.zeros(held.places + 1, np.float32)
        self._by_person = np.argsort(np.where(held.there, held.person, EVERY), kind="stable")
        self._person_sorted = held.person[self._by_person[: self._records]]
        self._ids = person_ids(held)
        self._lock = Lock()

    def lookup(self, record: Mapping[SemanticType, str], *, day_first: bool = False) -> Found:
        """Find the person of one record: semantic type -> what is written there. day_first: 31/12/2019.

        Raises UserFacingError when an element is none that records are linked by.
        """
        said = self._compared(standard_record(record, day_first=day_first))
        with self._lock:
            self._put(said)
            near = self._near(said)
            if near is None:
                return Found(Answered.TOO_LITTLE, ())
            return self._weighed(near)

    def _compared(self, said: Mapping[str, str]) -> dict[str, str]:
        """Without what many unrelated people share."""
        decided = self._held.decided
        if not any(len(keys) for keys in decided.shared.keys.values()):
            return dict(said)
        fields = {name: _one(said.get(name)) for name in decided.known}
        left, _ = set_aside(fields, decided.shared)
        return {name: value for name, value in said.items() if name not in left or left[name].codes[0] >= 0}

    def _put(self, said: Mapping[str, str]) -> None:
        """Write the record's values into the room behind the register's own, in this process alone."""
        held, values = self._held, self._held.values
        for number, field in enumerate(held.header.fields):
            held.codes[held.places, number] = -1
            if field not in said:
                continue
            text = Texts.of([said[field]])
            wanted = value_keys(number, text.hashes)
            slot = int(place_of(values.known_hash, values.known_slot, wanted)[0])
            if slot < 0:
                slot = int(place_of(values.added_hash, values.added_slot, wanted)[0])
            if slot < 0:
                slot = int(values.first_slot[number] + values.used[number])
                band = rarity(np.ones(1, np.int64), int(values.filled[number]) + 1)
                values.words[slot] = 0
                fill_field(values.words, slot, field, text, band)
                if field == "given":
                    values.full_names[values.used[number]] = full_names([said[field]])[0]
            held.codes[held.places, number] = slot - values.first_slot[number]
        held.source[held.places] = len(held.header.sources)

    def _near(self, said: Mapping[str, str]) -> LongArray | None:
        """The places of the record's nearest others; None when its keys tell nobody apart."""
        held, options = self._held, self._options
        if self._records <= COMPARE_ALL_UP_TO and not options.rules:
            return np.flatnonzero(held.there) if said else None
        kind, hashes = _keys(said, held, options)
        held_begin, held_end, begin, end, wide = runs_of_one(
            held.keys.words, held.keys.start, held.added.words, held.added.start, held.keys.bits, kind, hashes
        )
        width = np.where(wide, EVERY, (held_end - held_begin) + (end - begin) + 1)
        start = np.array([0, len(width)], np.int64)
        which = np.arange(len(width), dtype=np.int64)
        own, worth = information_by_record(start, which, width, self._records + 1, held.header.widest)
        if options.rules:
            worth = np.ones(len(width))
        elif _worth_alone(width, self._records + 1, held.header.widest) < options.least_information:
            return None
        held.own[held.places] = own[0]
        _, other, _ = nearest_of(
            held.keys.words, held.added.words, held.keys.bits, start, which, held_begin, held_end, begin, end, worth,
            held.there, held.own, held.enough, held.places, EVERY if options.rules else options.per_record,
            0.0 if options.rules else options.least_information,
            0.0 if options.rules else least_share(self._records), self._shared, 0, 1,
        )  # fmt: skip
        return np.unique(other).astype(np.int64)

    def _weighed(self, near: LongArray) -> Found:
        """Weigh the record against every record of the persons nearby, as grouping does."""
        held, fitted = self._held, self._fitted
        persons = np.unique(held.person[near])
        begin = np.searchsorted(self._person_sorted, persons)
        end = np.searchsorted(self._person_sorted, persons, side="right")
        size = end - begin
        places = self._by_person[np.repeat(begin - np.append(0, np.cumsum(size)[:-1]), size) + np.arange(size.sum())]
        of = np.repeat(np.arange(len(persons)), size)
        asked = np.full(len(places), held.places, np.int32)
        odds = self._scales.odds(Pairs(places.astype(np.int32), asked), weakest=-SURE)
        odds = odds.astype(np.float64)
        mean = np.bincount(of, np.clip(odds, -SURE, SURE), len(persons)) / np.maximum(size, 1)
        best = np.full(len(persons), -np.inf)
        np.maximum.at(best, of, odds)
        # Weighed by the model alone, so by the cut that goes with it.
        cut = fitted.lesson.cut if fitted.lesson else fitted.cut
        joins = (mean >= cut) & (best >= fitted.weakest)
        order = np.lexsort((persons, -best, -mean, ~joins))
        shown = [at for at in order.tolist() if joins[at] or best[at] > -SURE][:MOST_SHOWN]
        answered = (Answered.NOBODY, Answered.ONE)[int(joins.sum())] if joins.sum() < 2 else Answered.SEVERAL
        names = written(self._ids[persons[shown]]).to_pylist() if shown else []
        strongest = [int(places[of == at][np.argmax(odds[of == at])]) for at in shown]
        return Found(
            answered,
            tuple(
                Candidate(
                    name, float(best[at] * score.BITS), float(1 / (1 + np.exp(-best[at]))), bool(joins[at]),
                    int(size[at]), self._agreement(place),
                )
                for name, at, place in zip(names, shown, strongest, strict=True)
            ),
        )  # fmt: skip

    def _agreement(self, place: int) -> dict[str, str]:
        """How each field agrees with the record at a place, where both know it."""
        asked = np.array([self._held.places], np.int32)
        levels = levels_of(self._plan.columns, np.array([place], np.int32), asked)[0]
        return {
            comparison.field: comparison.levels[level]
            for comparison, level in zip(self._plan.comparisons, levels.tolist(), strict=True)
            if level and comparison.field != "source"
        }


def standard_record(record: Mapping[SemanticType, str], *, day_first: bool = False) -> dict[str, str]:
    """What one record says in standard form: field -> value, without what says nothing. Raises UserFacingError."""
    said: dict[str, str] = {}
    for kind in sorted(record, key=lambda kind: kind == SemanticType.FULL_NAME):
        if kind not in (*standardize.SINGLE, *standardize.SEVERAL, "birth_date"):
            raise UserFacingError(
                f"Records are not linked by {kind!r}.",
                next_step=f"By: {', '.join(sorted((*standardize.SINGLE, *standardize.SEVERAL, 'birth_date')))}.",
            )
        text = record[kind].strip()
        if text:
            for field, (value,) in standardize.column(kind, [text], day_first=day_first).items():
                if value:
                    said.setdefault(field, value)
    return said


def _keys(said: Mapping[str, str], held: Held, options: Options) -> tuple[LongArray, HashArray]:
    """The record's candidate keys: the kind of each, and its hash."""
    fields = {field: _one(said.get(field)) for field in held.header.telling}
    zero = np.zeros(1, np.int32)
    records = Records(zero, np.zeros(1, np.int64), held.header.sources, fields)
    both = [
        (number, key)
        for number, columns in enumerate(kinds_of(records, options.rules))
        for key in {*columns.ravel().tolist()} - {0}
    ]
    return np.array([number for number, _ in both], np.int64), np.array([key for _, key in both], np.uint64)


def _one(value: str | None) -> Coded:
    """A column of one record."""
    if value is None:
        return Coded(np.full(1, -1, np.int32), pa.array([], pa.large_string()))
    return Coded(np.zeros(1, np.int32), pa.array([value], pa.large_string()))


def _worth_alone(width: LongArray, n: int, widest_key: int) -> float:
    """Nats in all the keys that are narrow enough to be followed, whether or not anybody shares them."""
    narrow = width[width <= widest_key]
    return float(np.log(n / narrow).sum()) if len(narrow) else 0.0


@compiled
def runs_of_one(
    held: HashArray, held_start: LongArray, added: HashArray, added_start: LongArray, bits: np.uint64, kind: LongArray,
    hashes: HashArray,
) -> tuple[LongArray, LongArray, LongArray, LongArray, BoolArray]:  # fmt: skip
    """Where the records with each of these keys lie in both indexes, and which keys are marked as too wide."""
    mask = (np.uint64(1) << bits) - np.uint64(1)
    held_begin, held_end = np.empty(len(kind), np.int64), np.empty(len(kind), np.int64)
    begin, end = np.empty(len(kind), np.int64), np.empty(len(kind), np.int64)
    wide = np.zeros(len(kind), np.bool_)
    for place in range(len(kind)):
        low = hashes[place] >> bits << bits
        first, last = held_start[kind[place]], held_start[kind[place] + 1]
        words = held[first:last]
        held_begin[place] = first + halved(words, low)
        held_end[place] = first + halved(words, low + mask + np.uint64(1)) if low + mask != ~np.uint64(0) else last
        if held_end[place] > held_begin[place]:
            wide[place] = held[held_end[place] - 1] & mask == mask
        first, last = added_start[kind[place]], added_start[kind[place] + 1]
        words = added[first:last]
        begin[place] = first + halved(words, low)
        end[place] = first + halved(words, low + mask + np.uint64(1)) if low + mask != ~np.uint64(0) else last
    return held_begin, held_end, begin, end, wide


@compiled
def halved(words: HashArray, wanted: np.uint64) -> int:
    """The first place whose word is `wanted` or more."""
    low = 0
    high = len(words)
    while low < high:
        middle = (low + high) // 2
        if words[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low
