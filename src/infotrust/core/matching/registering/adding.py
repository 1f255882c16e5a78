"""Add records to a register by what it knows already: only their own candidates are sought and compared, and only the
groups they touch are made again.

The model stays as it was fitted; counts of values, and so how rare an agreement is, are those of now for every value
that came or went since. What is written is the next generation, but for switching to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from infotrust.core.matching.answers import Answer
from infotrust.core.matching.comparing.agree import BAND
from infotrust.core.matching.comparing.candidates import COMPARE_ALL_UP_TO, Pairs, least_share
from infotrust.core.matching.comparing.compare import Plan, fill_field
from infotrust.core.matching.compiled import (
    BoolArray,
    ByteArray,
    FloatArray,
    HashArray,
    IntArray,
    LongArray,
    SmallFloatArray,
)
from infotrust.core.matching.learning import score
from infotrust.core.matching.persons.cluster import LOOSE_CUT, SURE
from infotrust.core.matching.pipeline import Fitted, Options, Run
from infotrust.core.matching.reading.sources import Coded, Records, fingerprints, spares
from infotrust.core.matching.reading.texts import Texts
from infotrust.core.matching.registering import answered
from infotrust.core.matching.registering import keys as key_index
from infotrust.core.matching.registering.alike import spares_arriving
from infotrust.core.matching.registering.answered import Pair, Standing, standing_of
from infotrust.core.matching.registering.arriving import Arriving, place_of
from infotrust.core.matching.registering.deciding import kept_aside
from infotrust.core.matching.registering.held import Header, Held, ScoredPairs, Values, made_rarer, set_rarity
from infotrust.core.matching.registering.identity import Named, name_persons
from infotrust.core.matching.registering.keys import KeyIndex
from infotrust.core.matching.registering.laying import full_names, value_keys
from infotrust.core.matching.registering.regroup import Regrouped, regroup, touched
from infotrust.core.matching.registering.rescoring import bands, score_changed
from infotrust.core.matching.registering.state import State
from infotrust.core.matching.registering.whole import (
    EVERY,
    constraints_by_key,
    kinds_of,
    person_ids,
    places_of_records,
    records_told,
)


@dataclass(frozen=True)
class Slots:
    """codes: int32 [n, fields of the register]; fresh: of each field, the places of its values among those that arrive
    which the register did not know; compared: the fields without what is set aside."""

    codes: IntArray
    fresh: tuple[LongArray, ...]
    compared: dict[str, Coded]

    def fit(self, header: Header) -> bool:
        """Whether there is room for them, and for one more of each field: a look-up's."""
        room = np.array(header.slots) - np.array(header.used)
        return bool((np.array([len(new) for new in self.fresh]) < room).all())


def slots_of(held: Held, arriving: Arriving) -> Slots:
    """The codes of what arrives; values that are new get the next ones of their field."""
    values = held.values
    compared = held.decided.applied(arriving.fields, arriving.source, arriving.sources)
    codes, fresh = [], []
    for number, field in enumerate(held.header.fields):
        coded = arriving.fields[field]
        wanted = value_keys(number, coded.texts.hashes)
        slot = place_of(values.known_hash, values.known_slot, wanted)
        missing = np.flatnonzero(slot < 0)
        slot[missing] = place_of(values.added_hash, values.added_slot, wanted[missing])
        new = missing[slot[missing] < 0]
        slot[new] = values.first_slot[number] + values.used[number] + np.arange(len(new))
        code = np.append(slot - values.first_slot[number], -1).astype(np.int32)
        codes.append(kept_aside(code[coded.codes], code[compared[field].codes]))
        fresh.append(new)
    return Slots(np.stack(codes, axis=1), tuple(fresh), compared)


def places_known(held: Held, key: HashArray) -> LongArray:
    """The place of each record that is there, -1 for others: int64 [keys]."""
    place = place_of(held.added_key, held.added_key_place, key)
    older = place < 0
    place[older] = place_of(held.key_sorted, held.key_place, key[older])
    there = np.append(held.there, False)
    place[~there[place]] = -1
    return place


def add(
    held: Held, fitted: Fitted, arriving: Arriving, slots: Slots, before: IntArray, leaving: LongArray, gone: IntArray,
    *, options: Options, answers: Sequence[Answer], fresh_answers: Sequence[Answer], run: Run,
) -> tuple[Header, Named, LongArray, FloatArray]:  # fmt: skip
    """Write the next generation: its header, what became of persons, and each arriving record's place and weight.

    arriving, slots, before: only records that are new or corrected, with the person a corrected one had; leaving:
    places of those corrected or removed; gone: the persons of those removed.
    """
    header, first = held.header, held.places
    order = np.argsort(_fingerprints(held, arriving), kind="stable")
    held = _with_records(held, arriving, slots, order, leaving)
    spare, alike = spares_arriving(held, held.fingerprint[first : held.places], first)
    new_values = _add_values(held, arriving, slots, order[~spare] if len(spare) else order, leaving)
    held = replace(held, values=new_values.values)
    plan = held.plan(fitted)
    changed = score_changed(held, plan, fitted, new_values.changed)
    held = replace(held, pairs=changed.pairs)
    sought = run.step(
        "find candidates",
        lambda: _candidates(held, replace(_records(held, arriving, order), spare=spare), first, options),
        lambda found: {"pairs": len(found.pairs)},
    )
    held.enough[first : held.places] = sought.enough
    held.own[first : held.places] = sought.own
    pairs = run.step(
        "compare and score",
        lambda: _scored(held, plan, fitted, sought.pairs),
        lambda _: {"pairs": len(sought.pairs)},
    )
    regrouped: Regrouped = run.step(
        "cluster",
        lambda: _regrouped(
            held, plan, fitted, pairs, first, leaving, np.append(changed.places, alike), answers, fresh_answers
        ),
        lambda found: {"records": len(found.places), "persons": len(sorted_once(found.group))},
    )
    person = np.append(held.person, np.full(len(order), -1, np.int32))
    person[first:] = before[order]
    generation = header.generation + 1
    named = name_persons(
        regrouped.group, person[regrouped.places], gone, held.key[regrouped.places], person_ids(held), generation
    )
    person[regrouped.places] = named.person
    person[leaving] = -1
    component = np.append(held.component, np.full(len(order), -1, np.int32))
    component[regrouped.places] = regrouped.component
    component[leaving] = -1
    standing = _standing(held, regrouped, answers)
    state = _state(held, person, component, new_values, sought.added, pairs, first, arriving, order, answers, standing)
    written = _write(held, arriving, order, new_values, named, state, len(leaving))
    written = replace(written, told_since=written.told_since + len(fresh_answers))
    place = np.empty(len(order), np.int64)
    place[order] = first + np.arange(len(order))
    weight = np.full(held.places, np.nan)
    weight[regrouped.places] = regrouped.weight
    return written, named, place, weight[place]


def _fingerprints(held: Held, arriving: Arriving) -> HashArray:
    telling = {field: arriving.fields[field] for field in held.header.telling}
    return fingerprints(telling, arriving.source, arriving.sources)


def _records(held: Held, arriving: Arriving, order: LongArray) -> Records:
    """What arrives, with the fields that the candidate keys of the register are made of."""
    fields = {
        field: Coded(arriving.fields[field].codes[order], arriving.fields[field].values)
        for field in held.header.telling
    }
    return Records(arriving.source[order], order, arriving.sources, fields)


def _with_records(held: Held, arriving: Arriving, slots: Slots, order: LongArray, leaving: LongArray) -> Held:
    """The register in memory with the new places filled in."""
    first, end = held.places, held.places + len(order)
    held.codes[first:end] = slots.codes[order]
    held.source[first:end] = arriving.source[order]
    held.fingerprint[first:end] = _fingerprints(held, arriving)[order]
    held.key[first:end] = arriving.key[order]
    there = np.append(held.there, np.ones(len(order), bool))
    there[leaving] = False
    sources = len(arriving.sources)
    files = np.zeros((sources, sources), np.int64)
    files[: len(held.files), : len(held.files)] = held.files
    return replace(held, header=replace(held.header, places=end, sources=arriving.sources), there=there, files=files)


@dataclass(frozen=True)
class _NewValues:
    """values: with them; changed: slots of others whose class of rarity is another now; and of each field the rows to
    write: words, texts, full names of given names."""

    values: Values
    changed: LongArray
    rows: tuple[HashArray, ...]
    texts: tuple[pa.Array, ...]
    names: IntArray


def _add_values(held: Held, arriving: Arriving, slots: Slots, order: LongArray, leaving: LongArray) -> _NewValues:
    """Fill in new values, and count what came and what went. order: the arriving records that are counted."""
    before, header = held.values, held.header
    values = before
    texts, keys, at = [], [], []
    for number, (field, new) in enumerate(zip(header.fields, slots.fresh, strict=True)):
        begin = int(values.first_slot[number] + values.used[number])
        texts.append(arriving.fields[field].values.take(pa.array(new)).cast(pa.large_string()))
        said = Texts.of(texts[-1])
        fill_field(values.words, begin, field, said, np.zeros(len(new), np.uint8))
        keys.append(value_keys(number, said.hashes))
        at.append(np.arange(begin, begin + len(new), dtype=np.int32))
    given = header.fields.index("given")
    names = full_names(texts[given].to_pylist())
    values.full_names[values.used[given] : values.used[given] + len(names)] = names
    changed = [_counted(held, slots.codes[order], 1), _counted(held, held.codes[leaving], -1)]
    touched_now = sorted_once(np.concatenate([values.touched, *(slot for slot, _ in changed)]))
    for slot, by in changed:
        values.count[slot] += by
    filled = values.filled + (slots.codes[order] >= 0).sum(0) - (held.codes[leaving] >= 0).sum(0)
    hashes, slot_of = np.concatenate([values.added_hash, *keys]), np.concatenate([values.added_slot, *at])
    in_order = np.argsort(hashes)
    values = replace(
        values, used=values.used + np.array([len(new) for new in slots.fresh]), filled=filled, touched=touched_now,
        added_hash=hashes[in_order], added_slot=slot_of[in_order],
    )  # fmt: skip
    moved = sorted_once(np.concatenate([touched_now, made_rarer(before), made_rarer(values)]))
    were = bands(values.words, moved)
    set_rarity(values)
    changed_now = moved[were != bands(values.words, moved)]
    changed_now = changed_now[~np.isin(changed_now, np.concatenate(at))]
    rows = tuple(values.words[begin[0] : begin[-1] + 1] if len(begin) else values.words[:0] for begin in at)
    return _NewValues(values, changed_now, rows, tuple(texts), names)


def _counted(held: Held, codes: IntArray, by: int) -> tuple[LongArray, IntArray]:
    """The slots of these records' values, each once, and by how much their counts change."""
    slots = (codes.astype(np.int64) + held.values.first_slot)[codes >= 0]
    slot, times = np.unique(slots, return_counts=True)
    return slot, (by * times).astype(np.int32)


@dataclass(frozen=True)
class Sought:
    """pairs: of places, those of the records that arrive, sorted; added: the index with their keys; enough, own: of the
    new places."""

    pairs: Pairs
    added: KeyIndex
    enough: SmallFloatArray
    own: SmallFloatArray


def _candidates(held: Held, records: Records, first: int, options: Options) -> Sought:
    n, count = int(held.there.sum()), len(records)
    batch = key_index.words_of(kinds_of(records, options.rules), first, held.keys.bits)
    added, batch, held_begin, held_end = key_index.added_to(held.added, held.keys, batch)
    begin, end = key_index.runs_of(added, batch)
    start, which = key_index.runs_by_record(batch.words, batch.bits, first, count)
    width = (held_end - held_begin) + (end - begin)
    own, worth = key_index.information_by_record(start, which, width, n, held.header.widest)
    if options.rules:
        worth = np.ones(len(width))
    held.own[first : first + count] = own
    if n <= COMPARE_ALL_UP_TO and not options.rules:
        none = np.zeros(count, np.float32)
        return Sought(_all_with(held.there, first), added, none, none)
    one, other, enough = key_index.nearest_of(
        held.keys.words, added.words, batch.bits, start, which, held_begin, held_end, begin, end, worth, held.there,
        held.own, held.enough, first, EVERY if options.rules else options.per_record,
        0.0 if options.rules else options.least_information, 0.0 if options.rules else least_share(n),
        np.zeros(len(held.there), np.float32), 0, count,
    )  # fmt: skip
    return Sought(_each_once(one, other), added, enough, own)


def _all_with(there: BoolArray, first: int) -> Pairs:
    """Every pair of a record that is there with one from place `first` on."""
    places = np.flatnonzero(there)
    one, other = np.meshgrid(places, np.arange(first, len(there)), indexing="ij")
    apart = one < other
    return _each_once(one[apart].astype(np.int32), other[apart].astype(np.int32))


def _each_once(one: IntArray, other: IntArray) -> Pairs:
    packed = sorted_once((np.minimum(one, other).astype(np.int64) << 32) | np.maximum(one, other))
    return Pairs((packed >> 32).astype(np.int32), (packed & 0xFFFFFFFF).astype(np.int32))


def _scored(held: Held, plan: Plan, fitted: Fitted, pairs: Pairs) -> ScoredPairs:
    """Score the new pairs, the canonically first record first, and put them among those added before."""
    turned = held.fingerprint[pairs.first] > held.fingerprint[pairs.second]
    canonical = Pairs(
        np.where(turned, pairs.second, pairs.first).astype(np.int32),
        np.where(turned, pairs.first, pairs.second).astype(np.int32),
    )
    found = score.odds_of_pairs(fitted.model, plan, canonical, weakest=-SURE)
    before = held.pairs
    first = np.concatenate([before.added_first, pairs.first])
    second = np.concatenate([before.added_second, pairs.second])
    order = np.argsort((first.astype(np.int64) << 32) | second, kind="stable")
    odds = np.concatenate([before.added_odds, found.astype(np.float32)])
    return replace(before, added_first=first[order], added_second=second[order], added_odds=odds[order])


def _regrouped(
    held: Held, plan: Plan, fitted: Fitted, pairs: ScoredPairs, first: int, leaving: LongArray, changed: LongArray,
    answers: Sequence[Answer], fresh_answers: Sequence[Answer],
) -> Regrouped:  # fmt: skip
    """Group what the new places and those that were left touch."""
    names, unique = held.header.sources, held.header.unique
    strong = (pairs.added_second >= first) & (pairs.added_odds >= min(LOOSE_CUT, fitted.weakest))
    partners = pairs.added_first[strong]
    labels = [held.component[places[places < first]] for places in (partners, leaving, changed)]
    labels.append(held.component[_told_now(held, answers, fresh_answers, first)])
    places = touched(held.component, held.there, first, np.concatenate(labels).astype(np.int64), held.fingerprint)
    constraints = constraints_by_key(names, unique, held.source[places], held.key[places], answers)
    spare = spares(held.fingerprint[places])
    return regroup(places, pairs, len(held.there), plan, fitted, constraints, spare)


def _told_now(held: Held, answers: Sequence[Answer], fresh: Sequence[Answer], first: int) -> LongArray:
    """Places of records before `first` that people spoke about now, or together with one that is new."""
    if not answers:
        return np.empty(0, np.int64)
    there = np.flatnonzero(held.there)
    place = places_of_records(records_told(answers), held.header.sources, held.key[there])
    at = {record: int(there[found]) for record, found in place.items()}
    new = set(fresh)
    spoken: set[int] = set()
    for answer in answers:
        both = {at[record] for record in (answer.one, answer.other) if record in at}
        met = len(both) == 2 and max(both) >= first
        if answer in new or met:
            spoken |= both
    return np.array(sorted(place for place in spoken if place < first), np.int64)


def _standing(held: Held, regrouped: Regrouped, answers: Sequence[Answer]) -> dict[Pair, Standing]:
    """What answers count for: for the records looked at now as was found now, for the others as before."""
    names, key = held.header.sources, held.key[regrouped.places]
    if not answers:
        return {}
    asked = constraints_by_key(names, (), held.source[regrouped.places], key, answers).asked
    looked_at = places_of_records(records_told(answers), names, key)
    there = places_of_records(records_told(answers), names, held.key[np.flatnonzero(held.there)]).keys()
    before = answered.read(held.state)[1].items()
    still = {pair: stands for pair, stands in before if pair <= there and not pair <= looked_at.keys()}
    return still | standing_of(asked, regrouped.settled, looked_at)


def _state(
    held: Held, person: IntArray, component: IntArray, new: _NewValues, added: KeyIndex, pairs: ScoredPairs, first: int,
    arriving: Arriving, order: LongArray, answers: Sequence[Answer], standing: Mapping[Pair, Standing],
) -> State:  # fmt: skip
    key = np.concatenate([arriving.key[order], held.added_key])
    place = np.concatenate([first + np.arange(len(order), dtype=np.int32), held.added_key_place])
    key, latest = np.unique(key, return_index=True)  # of a record that was corrected before, the latest place
    return State(
        held.there, person, component, new.values.filled, new.values.touched, new.values.count[new.values.touched],
        new.values.added_hash, new.values.added_slot, key, place[latest].astype(np.int32), added, pairs.rescored,
        pairs.odds[pairs.rescored], pairs.added_first, pairs.added_second, pairs.added_odds, tuple(answers),
        standing,
    )  # fmt: skip


def _write(
    held: Held, arriving: Arriving, order: LongArray, new: _NewValues, named: Named, state: State, left: int
) -> Header:
    """Write behind what is there, and the state; nothing of it is seen before the switch."""
    header, base = held.header, held.base
    first, end = header.places - len(order), header.places
    for name, column in (
        ("codes", held.codes), ("source", held.source), ("fingerprint", held.fingerprint), ("key", held.key),
        ("enough", held.enough), ("own", held.own),
    ):  # fmt: skip
        base.write_after(name, column[first:end], first)
    ids = Texts.of(arriving.ids.take(pa.array(order)))
    base.write_after("id", _data(ids), header.id_bytes)
    base.write_after("id_end", header.id_bytes + (ids.start[1:] - ids.start[0]), first)
    text_bytes = _write_values(held, new)
    base.write_after("person_id", named.ids, header.persons)
    base.write_after("history", named.history, header.history)
    generation = header.generation + 1
    part = held.folder.new_part(f"state-{generation}")
    state.write(part)
    return replace(
        header,
        generation=generation,
        state=part.path.name,
        records=int(held.there.sum()),
        persons=header.persons + len(named.ids),
        history=header.history + len(named.history),
        id_bytes=header.id_bytes + len(_data(ids)),
        text_bytes=text_bytes,
        used=tuple(new.values.used.tolist()),
        changed=header.changed + len(order) + left,
        day_first=arriving.day_first,
    )


def _write_values(held: Held, new: _NewValues) -> int:
    """Write the lines and texts of new values; returns the bytes of all texts."""
    base, at_byte = held.base, held.header.text_bytes
    parts: dict[str, list[tuple[int, npt.NDArray[Any]]]] = {
        "words": [], "text": [], "text_begin": [], "text_length": []
    }  # fmt: skip
    for number, (rows, texts) in enumerate(zip(new.rows, new.texts, strict=True)):
        slot = int(held.header.first_slot[number] + held.header.used[number])
        said = Texts.of(texts)
        lines = rows.copy()
        lines.view(np.uint8)[:, BAND] = 0  # how rare it is belongs to the generation, and is set when it is read
        parts["words"].append((slot, lines))
        parts["text"].append((at_byte, _data(said)))
        parts["text_begin"].append((slot, at_byte + (said.start[:-1] - said.start[0])))
        parts["text_length"].append((slot, np.diff(said.start).astype(np.int32)))
        at_byte += len(_data(said))
    for name, some in parts.items():
        base.write_parts(name, some)
    given = held.header.fields.index("given")
    base.write_after("full_names", new.names, held.header.used[given])
    return at_byte


def sorted_once(numbers: LongArray) -> LongArray:
    """Each of them once, in order: as `np.unique`, which hashes and takes ten times as long."""
    numbers = np.sort(numbers)
    return numbers[np.append(True, numbers[1:] != numbers[:-1])] if len(numbers) else numbers


def _data(texts: Texts) -> ByteArray:
    return texts.data[texts.start[0] : texts.start[-1]]
