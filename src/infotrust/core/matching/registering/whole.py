"""Link a register as a whole: when it is made, when it has grown past its model, and when someone asks for it.

All that is there and all that arrives is linked as `infotrust link` would link it, in canonical order: how the records
came, in how many batches and in what order, plays no part in which of them are one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.answers import Answer, RecordKey
from infotrust.core.matching.comparing.candidates import (
    COMPARE_ALL_UP_TO,
    Nearest,
    Pairs,
    find_nearest,
    nearest_in,
    record_keys,
)
from infotrust.core.matching.comparing.index import MOST_WIDE
from infotrust.core.matching.comparing.rules import Rule, pairs_by_rules, parse_rule, rule_keys
from infotrust.core.matching.compiled import ByteArray, FloatArray, HashArray, IntArray, LongArray, compiled
from infotrust.core.matching.persons.cluster import STARTS, Scored
from infotrust.core.matching.persons.constraints import FREE, MOST_UNIQUE, Constraints
from infotrust.core.matching.persons.copies import ties, weights_of_spares
from infotrust.core.matching.persons.settled import settle
from infotrust.core.matching.persons.told import asked_of, said_of
from infotrust.core.matching.pipeline import Evidence, Fitted, Options, Run, link_records, weakest_at
from infotrust.core.matching.reading.sources import Coded, Records, fingerprints, in_canonical_order
from infotrust.core.matching.reading.texts import Texts
from infotrust.core.matching.registering import laying
from infotrust.core.matching.registering.answered import Pair, Standing, standing_of
from infotrust.core.matching.registering.arriving import ALL_FIELDS, Arriving, keys_of
from infotrust.core.matching.registering.deciding import decide, kept_aside, with_set_aside
from infotrust.core.matching.registering.folder import Folder
from infotrust.core.matching.registering.held import Header, Held
from infotrust.core.matching.registering.identity import Named, name_persons
from infotrust.core.matching.registering.keys import KeyIndex, place_bits, without_wide, words_of
from infotrust.core.matching.registering.regroup import said_to_match, strongest
from infotrust.core.matching.registering.state import State

EVERY = 2**31 - 1  # no key is too wide where people chose the keys


@dataclass(frozen=True)
class Gathered:
    """All records to link, first those that stay and then those that arrive: [n] each. before: int32, the number of the
    person a record had, -1 for none; gone: int32, the persons of records that are no longer there."""

    fields: dict[str, Coded]
    source: IntArray
    ids: pa.Array
    key: HashArray
    before: IntArray
    gone: IntArray


def gather(held: Held | None, arriving: Arriving, before: IntArray, leaving: LongArray, gone: IntArray) -> Gathered:
    """before: the person of each arriving record so far; leaving: places whose records leave or are replaced."""
    if held is None:
        return Gathered(arriving.fields, arriving.source, arriving.ids, arriving.key, before, gone)
    stay = held.there.copy()
    stay[leaving] = False
    places = np.flatnonzero(stay)
    fields = {
        field: _together(decoded(held, number, places), arriving.fields[field])
        for number, field in enumerate(held.header.fields)
    }
    return Gathered(
        fields,
        np.concatenate([held.source[places], arriving.source]),
        pa.concat_arrays([ids_of(held, places), arriving.ids]),
        np.concatenate([held.key[places], arriving.key]),
        np.concatenate([held.person[places], before]),
        gone,
    )


def link_whole(
    folder: Folder, held: Held | None, arriving: Arriving, gathered: Gathered, *, options: Options,
    answers: Sequence[Answer], told_now: int, fitted: Fitted | None, run: Run,
) -> tuple[Header, Named, LongArray, FloatArray]:  # fmt: skip
    """Link all and write the next generation, but for switching to it: its header, what became of persons, and the
    place and weight of each gathered record. told_now: how many of the answers are new."""
    names, unique = arriving.sources, arriving.unique
    n = len(gathered.source)
    decided = decide(gathered.fields, gathered.source, names)
    compared = decided.applied(gathered.fields, gathered.source, names)
    records = in_canonical_order(compared, gathered.source, np.arange(n, dtype=np.int64), names)
    order = records.row
    source, key = gathered.source[order], gathered.key[order]
    ids = gathered.ids.take(pa.array(order))
    constraints = constraints_by_key(names, unique, source, key, answers)
    seeking = _Seeking(laying.room_for(n))
    evidence, cut = link_records(
        records, options, lambda: constraints, run, pairs_of=seeking.pairs_of, fitted=fitted, inside=True
    )
    ended = seeking.ended(records, options)
    anew, fitted = fitted is None and evidence is not None, _fitted(evidence, options, cut, fitted)
    groups = evidence.group if evidence else np.arange(n)
    scored = _candidates_only(evidence, ended.nearest.pairs)
    before_ids, before_history, generation = _so_far(held)
    named = name_persons(groups, gathered.before[order], gathered.gone, key, before_ids, generation)
    telling = tuple(records.fields)
    ordered = {field: coded.in_order(order, records.spare) for field, coded in compared.items()}
    first = [one.field for one in fitted.comparisons if one.field != "source"] if fitted else []
    fields = (*first, *(field for field in ALL_FIELDS if field not in first))
    codes = [kept_aside(gathered.fields[field].codes[order], ordered[field].codes) for field in fields]
    base, state, room = folder.new_part(f"base-{generation}"), folder.new_part(f"state-{generation}"), seeking.room
    laid = laying.lay_values(base, fields, ordered, np.stack(codes, axis=1), room)
    base.write_json("decided.json", decided.said())
    texts = Texts.of(ids)
    id_bytes = laying.lay_records(
        base, room, source=source,
        fingerprint=fingerprints(records.fields, source, names), key=key, enough=ended.nearest.enough,
        own=ended.nearest.own, ids=texts,
    )  # fmt: skip
    columns = evidence.plan.columns if evidence else None
    files = laying.files_by_source(columns, names)
    laying.lay_evidence(base, n, ended.keys, scored, fitted, files)
    persons = len(before_ids) + len(named.ids)
    history = np.concatenate([before_history, named.history])
    base.grow("person_id", np.concatenate([before_ids, named.ids]), room=persons + room)
    base.grow("history", history, room=len(history))
    weakest = fitted.weakest if fitted else STARTS
    component = laying.components(n, scored, weakest, said_to_match(constraints), ties(records.spare))
    standing = _standing(evidence, constraints, names, key, answers)
    State.fresh(np.ones(n, bool), named.person, component, laid.filled, ended.keys, answers, standing).write(state)
    header = Header(
        generation=generation, base=base.path.name, state=state.path.name, places=n, room=room, records=n,
        persons=persons, history=len(history), id_bytes=id_bytes, text_bytes=laid.text_bytes, sources=names,
        fields=fields, telling=telling, first_slot=laid.first_slot, used=laid.used, slots=laid.slots,
        model_sources=len(names), fitted_at=n, changed=0, options=options_said(options), day_first=arriving.day_first,
        unique=unique, widest=EVERY if options.rules else ended.nearest.widest,
        model=(held.header.model if held else 0) + anew,
        told_since=0 if anew or held is None else held.header.told_since + told_now,
    )  # fmt: skip
    place = np.empty(n, np.int64)
    place[order] = np.arange(n)
    weight = strongest(evidence.scored, groups) if evidence else np.full(n, np.nan)
    weight = weights_of_spares(weight, groups, records.spare)
    return header, named, place, weight[place]


@dataclass(frozen=True)
class _Ended:
    nearest: Nearest
    keys: KeyIndex


class _Seeking:
    """Finds candidates as the pipeline does, and keeps the index and what records to come must share."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._ended: _Ended | None = None

    def pairs_of(self, records: Records, options: Options) -> Pairs:
        self._ended = self._sought(records, options)
        return self._ended.nearest.pairs

    def ended(self, records: Records, options: Options) -> _Ended:
        if self._ended is None:
            self._ended = self._sought(records, options)
        return self._ended

    def _sought(self, records: Records, options: Options) -> _Ended:
        n, bits = len(records), place_bits(self.room)
        keys = without_wide(words_of(kinds_of(records, options.rules), 0, bits), widest(options))
        if options.rules:
            none = np.zeros(n, np.float32)
            pairs = pairs_by_rules(records, options.rules) if n > 1 else _no_pairs()
            return _Ended(Nearest(pairs, none, none), keys)
        if n <= COMPARE_ALL_UP_TO:
            return _Ended(
                find_nearest(
                    records, per_record=options.per_record, widest_key=options.widest_key,
                    least_information=options.least_information,
                ),
                keys,
            )  # fmt: skip
        nearest = nearest_in(keys.pairs_index(n, options.widest_key), options.per_record, options.least_information)
        return _Ended(nearest, without_wide(keys, nearest.widest))  # records to come follow the same keys


def _no_pairs() -> Pairs:
    return Pairs(np.empty(0, np.int32), np.empty(0, np.int32))


def widest(options: Options) -> int:
    """How many records share the widest keys that are kept."""
    return EVERY if options.rules else MOST_WIDE if options.widest_key is None else options.widest_key


def kinds_of(records: Records, rules: Sequence[Rule]) -> Iterable[HashArray]:
    """The candidate keys of these records, kind by kind: by rules, each rule is a kind."""
    if rules:
        return [column[None] for column in rule_keys(records, rules).T]
    return record_keys(records)


def options_said(options: Options) -> dict[str, object]:
    return {**asdict(options), "rules": [str(rule) for rule in options.rules]}


def options_read(said: Mapping[str, object]) -> Options:
    rules = said.get("rules") or []
    known = {name: value for name, value in said.items() if name in Options.__dataclass_fields__ and name != "rules"}
    return Options(**known, rules=tuple(parse_rule(str(rule)) for rule in rules))  # type: ignore[arg-type, attr-defined]


def _fitted(evidence: Evidence | None, options: Options, cut: float, before: Fitted | None) -> Fitted | None:
    """before: the model that was gone by, None where it was fitted anew."""
    if evidence is None:
        return None
    lesson = before.lesson if before else evidence.correction.lesson if evidence.correction else None
    return Fitted(evidence.plan.comparisons, evidence.model, cut, weakest_at(options, cut), lesson)


def _standing(
    evidence: Evidence | None, constraints: Constraints, names: Sequence[str], key: HashArray, answers: Sequence[Answer]
) -> dict[Pair, Standing]:
    asked = constraints.asked
    if asked is None:
        return {}
    settled = evidence.correction.settled if evidence and evidence.correction else settle(asked)
    return standing_of(asked, settled, places_of_records(records_told(answers), names, key))


def _candidates_only(evidence: Evidence | None, pairs: Pairs) -> Scored:
    """The candidate pairs with their odds by the model alone, without those that were scored inside loose groups: they
    are found anew, and corrected by what answers taught, whenever a group is looked at again."""
    if evidence is None:
        return Scored(pairs, np.full(len(pairs), -np.inf, np.float32))
    scored = evidence.correction.before if evidence.correction else evidence.scored
    return Scored(pairs, scored.odds[: len(pairs)])


def _so_far(held: Held | None) -> tuple[ByteArray, IntArray, int]:
    if held is None:
        return np.empty((0, 16), np.uint8), np.empty((0, 5), np.int32), 1
    return person_ids(held), history_of(held), held.header.generation + 1


def person_ids(held: Held) -> ByteArray:
    return held.base.read("person_id", np.uint8, held.header.persons, 16)


def history_of(held: Held) -> IntArray:
    return held.base.read("history", np.int32, held.header.history, 5)


def constraints_by_key(
    names: Sequence[str], unique: Sequence[str], source: IntArray, key: HashArray, answers: Sequence[Answer]
) -> Constraints:
    """What people and unique sources decide about records of these sources and keys, by their places in the arrays."""
    if len(unique) > MOST_UNIQUE:
        raise UserFacingError(
            f"{len(unique)} files are said to hold each person once; there may be {MOST_UNIQUE}.",
            next_step="Leave the smaller ones out: how rare duplicates are in a file is learned anyway.",
        )
    told = said_of(answers)
    if not unique and not told:
        return FREE
    number = np.full(len(names), -1, np.int32)
    number[[names.index(name) for name in unique]] = np.arange(len(unique))
    unique_source = number[source] if unique else FREE.unique_source
    asked = asked_of(told, places_of_records(records_told(told), names, key))
    if not len(asked):
        return Constraints(unique_source=unique_source)
    return Constraints(unique_source=unique_source, asked=asked).by(settle(asked))


def records_told(answers: Iterable[Answer]) -> set[RecordKey]:
    """The records that people spoke about."""
    return {record for answer in answers for record in (answer.one, answer.other)}


def places_of_records(wanted: Iterable[RecordKey], names: Sequence[str], key: HashArray) -> dict[RecordKey, int]:
    """Where the named records are among these keys; one that is not there is left out."""
    listed = sorted(one for one in wanted if one[0] in names)
    if not listed:
        return {}
    sources = np.array([names.index(name) for name, _ in listed], np.int32)
    hashed = keys_of(names, sources, pa.array([record for _, record in listed], pa.large_string()))
    order = np.argsort(key)
    at = np.minimum(np.searchsorted(key[order], hashed), len(key) - 1)
    found = key[order[at]] == hashed
    return {one: int(order[place]) for one, place, there in zip(listed, at, found, strict=True) if there}


def decoded(held: Held, number: int, places: LongArray) -> Coded:
    """The values of one field at these places, distinct and sorted."""
    codes = with_set_aside(held.codes[places, number])
    used, inverse = np.unique(codes[codes >= 0], return_inverse=True)
    slots = used.astype(np.int64) + held.values.first_slot[number]
    values = texts_of(held, slots)
    order = pc.sort_indices(values).to_numpy().astype(np.int64)
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order))
    out = np.full(len(codes), -1, np.int32)
    out[codes >= 0] = rank[inverse]
    return Coded(out, values.take(pa.array(order)).cast(pa.string()))


def texts_of(held: Held, slots: LongArray) -> pa.Array:
    """The values at these slots."""
    total = len(held.values.words)
    begin, length = held.base.read("text_begin", np.int64, total), held.base.read("text_length", np.int32, total)
    data = held.base.read("text", np.uint8, held.header.text_bytes)
    return text_array(*gathered_bytes(data, begin[slots], length[slots].astype(np.int64)))


def ids_of(held: Held, places: LongArray) -> pa.Array:
    """The record ids at these places."""
    end = held.id_end
    begin = np.where(places > 0, end[places - 1], 0)
    data = held.base.read("id", np.uint8, held.header.id_bytes)
    return text_array(*gathered_bytes(data, begin, end[places] - begin))


def text_array(data: ByteArray, start: LongArray) -> pa.Array:
    return pa.LargeStringArray.from_buffers(len(start) - 1, pa.py_buffer(start), pa.py_buffer(data))


@compiled
def gathered_bytes(data: ByteArray, begin: LongArray, length: LongArray) -> tuple[ByteArray, LongArray]:
    """Stretches of bytes laid end to end, and where each begins."""
    start = np.zeros(len(begin) + 1, np.int64)
    for text in range(len(begin)):
        start[text + 1] = start[text] + length[text]
    out = np.empty(start[-1], np.uint8)
    for text in range(len(begin)):
        for place in range(length[text]):
            out[start[text] + place] = data[begin[text] + place]
    return out, start


def _together(one: Coded, other: Coded) -> Coded:
    """Two columns, one after the other."""
    values = pc.unique(pa.chunked_array([one.values, other.values], pa.string()))
    values = values.take(pc.sort_indices(values))
    codes = []
    for part in (one, other):
        found = pc.index_in(part.values, value_set=values) if len(values) else pa.nulls(0, pa.int32())
        codes.append(np.append(found.to_numpy(zero_copy_only=False), -1).astype(np.int32)[part.codes])
    return Coded(np.concatenate(codes), values)
