"""What a register holds, as arrays over places: a record has one place for ever, in the order in which they came.

Big columns lie in the part `base-N` and grow in place; what is small or changes lies in `state-N`, written anew with
each generation. A record that was corrected or removed keeps its place, and is no longer `there`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from infotrust.core.matching.comparing.agree import BAND, Columns
from infotrust.core.matching.comparing.compare import RARITY, Comparison, Plan, kind_of, rarity
from infotrust.core.matching.compiled import (
    BoolArray,
    HashArray,
    IntArray,
    LongArray,
    SmallFloatArray,
)
from infotrust.core.matching.learning.correction import Lesson
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.pipeline import Fitted
from infotrust.core.matching.registering.deciding import Decided
from infotrust.core.matching.registering.folder import Folder, Part
from infotrust.core.matching.registering.keys import KeyIndex, place_bits

GROWN = ("codes", "source", "fingerprint", "key", "enough", "own", "id_end")  # one row for each place


_LATER = ("model", "told_since")  # what format 1 does not say


@dataclass(frozen=True)
class Header:
    """What a generation says of itself: lengths, names and settings, and nothing of anybody.

    places: used so far; room: places there can be; records: how many are there; persons: identifiers ever given;
    history: lines; used, first_slot, slots: of each field's values, how many there are, where they begin, how many can
    be; fitted_at: records when the model was fitted; changed: records added or taken away since; widest: how many
    records share the widest keys that are followed; model: how often one was fitted; told_since: answers given since.
    """

    generation: int
    base: str
    state: str
    places: int
    room: int
    records: int
    persons: int
    history: int
    id_bytes: int
    text_bytes: int
    sources: tuple[str, ...]
    fields: tuple[str, ...]
    telling: tuple[str, ...]
    first_slot: tuple[int, ...]
    used: tuple[int, ...]
    slots: tuple[int, ...]
    model_sources: int
    fitted_at: int
    changed: int
    options: dict[str, Any] = field(default_factory=dict)
    day_first: dict[str, bool] = field(default_factory=dict)
    unique: tuple[str, ...] = ()
    widest: int = 0
    model: int = 1
    told_since: int = 0

    @staticmethod
    def read(folder: Folder) -> Header:
        said = folder.read_header()
        try:
            known = {name: said[name] for name in Header.__dataclass_fields__ if name in said or name not in _LATER}
            lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
            return Header(**{**known, **lists})
        except (KeyError, TypeError):
            raise folder.broken() from None

    def said(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Values:
    """The distinct values of all fields, each field's in a stretch of slots of its own.

    words: uint64 [slots, 8], as the compiled loops compare them; count: int32 [slots], records there with each;
    filled, filled_at_fit: int64 [fields]; full_names: int32 [slots of given, most]; known: sorted hashes and the slots
    they mean, as the base has them and as they were added; touched: int64, slots whose count changed since the fit.
    """

    first_slot: LongArray
    used: LongArray
    words: HashArray
    count: IntArray
    filled: LongArray
    filled_at_fit: LongArray
    full_names: IntArray
    known_hash: HashArray
    known_slot: IntArray
    added_hash: HashArray
    added_slot: IntArray
    touched: LongArray


@dataclass(frozen=True)
class ScoredPairs:
    """Candidate pairs and their natural log odds. Of the base by their first place: start int64 [places + 1], second,
    odds; rescored: int64, which of those have other odds than they were laid down with; added: first, second, odds,
    sorted."""

    start: LongArray
    second: IntArray
    odds: SmallFloatArray
    rescored: LongArray
    added_first: IntArray
    added_second: IntArray
    added_odds: SmallFloatArray


@dataclass(frozen=True)
class Held:
    """A generation in memory. The arrays of places are longer than `header.places`: the rest is room.

    codes: int32 [places, fields], -1 where nothing is known, -2 - code where it is set aside (`deciding`);
    person: int32 [places], number of the person, -1 where no record is there; component: int32 [places], a place of
    those that hang together by pairs that may start a merge; key: uint64, hash of source and record id.
    """

    folder: Folder
    header: Header
    codes: IntArray
    source: IntArray
    fingerprint: HashArray
    key: HashArray
    enough: SmallFloatArray
    own: SmallFloatArray
    id_end: LongArray
    values: Values
    there: BoolArray
    person: IntArray
    component: IntArray
    key_sorted: HashArray
    key_place: IntArray
    added_key: HashArray
    added_key_place: IntArray
    keys: KeyIndex
    added: KeyIndex
    pairs: ScoredPairs
    files: LongArray
    fitted: Fitted | None
    decided: Decided

    @property
    def base(self) -> Part:
        return self.folder.part(self.header.base)

    @property
    def state(self) -> Part:
        return self.folder.part(self.header.state)

    @property
    def places(self) -> int:
        return self.header.places

    def plan(self, fitted: Fitted) -> Plan:
        """The comparisons of the model over all places."""
        return Plan(fitted.comparisons, columns_of(self, fitted.comparisons))


def columns_of(held: Held, comparisons: tuple[Comparison, ...]) -> Columns:
    """What the compiled loops compare; the compared fields are the first columns of the codes."""
    named = [comparison.field for comparison in comparisons if comparison.field != "source"]
    values = held.values
    return Columns(
        kind=np.array([kind_of(comparison.field) for comparison in comparisons], np.uint8),
        codes=held.codes,
        base=values.first_slot,
        lines=values.words.view(np.uint8),
        words=values.words,
        full_names=values.full_names,
        slips=np.array([comparison.slips for comparison in comparisons], bool),
        given=named.index("given") if "given" in named else -1,
        family=named.index("family") if "family" in named else -1,
        source=held.source,
        files=held.files,
    )


def read_held(folder: Folder) -> Held:
    """Map the current generation into memory. Raises UserFacingError when it is damaged or of a later format."""
    header = Header.read(folder)
    base, state = folder.part(header.base), folder.part(header.state)
    n, fields = header.room, len(header.fields)
    bits = place_bits(header.room)
    fitted = read_fitted(base)
    held = Held(
        folder=folder,
        header=header,
        codes=base.read("codes", np.int32, n, fields),
        source=base.read("source", np.int32, n),
        fingerprint=base.read("fingerprint", np.uint64, n),
        key=base.read("key", np.uint64, n),
        enough=base.read("enough", np.float32, n),
        own=base.read("own", np.float32, n),
        id_end=base.read("id_end", np.int64, n),
        values=_read_values(header, base, state),
        there=state.load("there"),
        person=state.load("person"),
        component=state.load("component"),
        key_sorted=base.load("key_sorted"),
        key_place=base.load("key_place"),
        added_key=state.load("added_key"),
        added_key_place=state.load("added_key_place"),
        keys=KeyIndex(base.load("key_words"), base.load("key_start"), bits),
        added=KeyIndex(state.load("key_words"), state.load("key_start"), bits),
        pairs=_read_pairs(base, state),
        files=_files(base.load("files"), header),
        fitted=fitted,
        decided=_read_decided(base),
    )  # fmt: skip
    if not len(held.there) == len(held.person) == len(held.component) == header.places:
        raise folder.broken()
    return held


def _read_pairs(base: Part, state: Part) -> ScoredPairs:
    odds, rescored = base.load("pair_odds"), state.load("rescored")
    odds[rescored] = state.load("rescored_odds")
    return ScoredPairs(
        base.load("pair_start"), base.load("pair_second"), odds, rescored, state.load("pair_first"),
        state.load("pair_second"), state.load("pair_odds"),
    )  # fmt: skip


def _read_values(header: Header, base: Part, state: Part) -> Values:
    slots = sum(header.slots)
    touched, counts = state.load("touched"), state.load("touched_count")
    count = base.read("count", np.int32, slots)
    count[touched] = counts
    given = header.slots[header.fields.index("given")] if "given" in header.fields else 1
    values = Values(
        first_slot=np.array(header.first_slot, np.int64),
        used=np.array(header.used, np.int64),
        words=base.read("words", np.uint64, slots, 8),
        count=count,
        filled=state.load("filled"),
        filled_at_fit=base.load("filled"),
        full_names=base.read("full_names", np.int32, given, FULL_NAMES),
        known_hash=base.load("value_hash"),
        known_slot=base.load("value_slot"),
        added_hash=state.load("value_hash"),
        added_slot=state.load("value_slot"),
        touched=touched,
    )
    set_rarity(values)
    return values


def set_rarity(values: Values) -> None:
    """Class by the counts as they are now each value whose class may not be that of the fit: those whose count changed,
    and those that the growing number of records has made rarer."""
    moved = np.union1d(values.touched, made_rarer(values))
    of = np.searchsorted(values.first_slot, moved, side="right") - 1
    lines = values.words.view(np.uint8)
    for number in np.unique(of):
        slots = moved[of == number]
        lines[slots, BAND] = rarity(values.count[slots].astype(np.int64), int(values.filled[number]))


def made_rarer(values: Values) -> LongArray:
    """The slots of values that fall into another class by the records filled now than by those of the fit."""
    found = [np.empty(0, np.int64)]
    for number, (then, now) in enumerate(zip(values.filled_at_fit.tolist(), values.filled.tolist(), strict=True)):
        begin = int(values.first_slot[number])
        count = values.count[begin : begin + int(values.used[number])]
        for one, other in zip(limits(then), limits(now), strict=True):
            if one != other:
                found.append(begin + np.flatnonzero((count > min(one, other)) & (count <= max(one, other))))
    return np.concatenate(found)


def limits(filled: int) -> list[int]:
    """For each class of rarity but the first the largest count of its values."""
    found = []
    for place, nats in enumerate(RARITY):
        guess = max(int(filled * np.exp(-nats)), 0)
        near = np.arange(max(guess - 1, 1), guess + 2)
        in_class = near[rarity(near, filled) > place]
        found.append(int(in_class.max(initial=max(guess - 2, 0))))
    return found


FULL_NAMES = 12  # full names that one short form may stand for, at most, with itself


def _files(matrix: LongArray, header: Header) -> LongArray:
    """Which level a pair of sources has. A source that the model has not seen says nothing: level 0."""
    files = np.zeros((len(header.sources), len(header.sources)), np.int64)
    files[: len(matrix), : len(matrix)] = matrix
    return files


def _read_decided(base: Part) -> Decided:
    try:
        return Decided.read(base.read_json("decided.json"))
    except (KeyError, TypeError, AttributeError):
        raise base.folder.broken() from None


def read_fitted(base: Part) -> Fitted | None:
    """The model as it was written, exactly."""
    said = base.read_json("model.json")
    if not said:
        return None
    comparisons = tuple(
        Comparison(**{**one, "levels": tuple(one["levels"]), "agree": tuple(one["agree"]),
                      "likely": np.array(one["likely"])})
        for one in said["comparisons"]
    )  # fmt: skip
    model = Model(
        tuple(said["fields"]), tuple(np.array(table) for table in said["levels"]), np.array(said["share"]),
        np.array(said["same_person"], bool), said["log_likelihood"], said["rounds"],
    )  # fmt: skip
    lesson = Lesson.read(said["lesson"]) if said.get("lesson") else None
    return Fitted(comparisons, model, said["cut"], said["weakest"], lesson)


def write_fitted(base: Part, fitted: Fitted | None) -> None:
    if fitted is None:
        base.write_json("model.json", None)
        return
    model = fitted.model
    said = {
        "comparisons": [{**asdict(one), "likely": one.likely.tolist()} for one in fitted.comparisons],
        "fields": model.fields,
        "levels": [table.tolist() for table in model.levels],
        "share": model.share.tolist(),
        "same_person": model.same_person.tolist(),
        "log_likelihood": model.log_likelihood,
        "rounds": model.rounds,
        "cut": fitted.cut,
        "weakest": fitted.weakest,
        "lesson": fitted.lesson.said() if fitted.lesson else None,
    }
    base.write_json("model.json", said)
