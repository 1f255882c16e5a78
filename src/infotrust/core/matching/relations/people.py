"""What the records of each person say that ties it to others: names, birth, homes and when, telephones, guardians.

Addresses and telephones of many unrelated people (`reading.shared`) are no home and tie nobody.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa

from infotrust.core.elements import SemanticType
from infotrust.core.matching.compiled import HashArray, LongArray
from infotrust.core.matching.reading import standardize
from infotrust.core.matching.reading.coded import Coded
from infotrust.core.matching.reading.nicknames import possible_names
from infotrust.core.matching.reading.recognize import Recognition
from infotrust.core.matching.reading.shared import Shared, keys_of, set_aside
from infotrust.core.matching.reading.sources import Source, distinct_texts, stack_fields

# A date that says when what a record tells was true, by its column's name; the first that is there counts.
_BEGINS = ("first_enrolled", "date_created", "created", "registered_on", "entry_date", "enrolled_on", "start_date")
_ENDS = ("updated", "date_updated", "last_updated", "as_of", "effective_date", "snapshot_date", "extract_date")
_SEEN = range(date(1900, 1, 1).toordinal(), date(2100, 1, 1).toordinal())
ROLES = ("mother", "father")

NameKey = tuple[str, str]  # a given name and a word of a surname


@dataclass
class Stay:
    """A person at an address, in so many records. first, last: days (ordinal) of dated records; 0: none has a date;
    rows: which records these are."""

    records: int = 0
    first: int = 0
    last: int = 0
    rows: list[int] = field(default_factory=list)

    def seen(self, begin: int, end: int, row: int) -> None:
        self.records += 1
        self.rows.append(row)
        for day in (begin, end):
            if day:
                self.first = min(self.first or day, day)
                self.last = max(self.last, day)


@dataclass
class Guardian:
    """A name that records give for a person's parent or guardian. role: mother, father or guardian; rows: which records
    these are."""

    role: str
    names: frozenset[NameKey]
    records: int = 0
    rows: list[int] = field(default_factory=list)


@dataclass
class Person:
    """keys: what a guardian's name can meet. born: day (ordinal), 0 unknown; sex: m, f or "".

    phones: code -> records. guardians: by role and name as written; rows: the person's records.
    """

    keys: set[NameKey] = field(default_factory=set)
    surnames: set[str] = field(default_factory=set)
    born: int = 0
    sex: str = ""
    homes: dict[int, Stay] = field(default_factory=lambda: defaultdict(Stay))
    phones: Counter[int] = field(default_factory=Counter)
    guardians: dict[tuple[str, str], Guardian] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)


Days = tuple[LongArray, LongArray]  # ordinals: from and to which day what a record says was seen to be true; 0: unknown


def people_of(
    person: LongArray, sources: Sequence[Source], shared: Shared, recognized: Mapping[str, Mapping[str, Recognition]],
    days: Days | None = None,
) -> dict[int, Person]:  # fmt: skip
    """Every person of a linkage. person: int64 [n], in the order of the sources and their rows; days: where they are
    known otherwise than by columns of the sources."""
    fields, _ = set_aside(stack_fields(sources), shared)
    found: dict[int, Person] = defaultdict(Person)
    for row, one in enumerate(person.tolist()):
        found[one].rows.append(row)
    _add_names(found, person, fields)
    _add_homes(found, person, fields, *(days or _days(sources)))
    _add_guardians(found, person, sources, recognized)
    return dict(found)


def _add_names(found: dict[int, Person], person: LongArray, fields: Mapping[str, Coded]) -> None:
    given, family = _texts(fields, "given", len(person)), _texts(fields, "family", len(person))
    born: dict[int, Counter[str]] = defaultdict(Counter)
    sexes: dict[int, Counter[str]] = defaultdict(Counter)
    rest = zip(_texts(fields, "birth_date", len(person)), _texts(fields, "sex", len(person)), strict=True)
    for one, first, last, (day, sex) in zip(person.tolist(), given, family, rest, strict=True):
        words = standardize.words(last)
        found[one].surnames.update(words)
        found[one].keys |= name_keys(first, words)
        if day:
            born[one][day] += 1
        if sex:
            sexes[one][sex] += 1
    for one, days in born.items():
        found[one].born = _ordinal(_usual(days))
    for one, said in sexes.items():
        found[one].sex = _usual(said)


def _add_homes(
    found: dict[int, Person], person: LongArray, fields: Mapping[str, Coded], begin: LongArray, end: LongArray
) -> None:
    homes: HashArray | None = keys_of("address", fields)
    phones = fields["phone"].codes if "phone" in fields else np.full(len(person), -1)
    if homes is None:
        homes = np.zeros(len(person), np.uint64)
    rows = zip(homes.tolist(), phones.tolist(), begin.tolist(), end.tolist(), strict=True)
    for row, (one, (home, phone, first, last)) in enumerate(zip(person.tolist(), rows, strict=True)):
        if home:
            found[one].homes[home].seen(first, last, row)
        if phone >= 0:
            found[one].phones[phone] += 1


def _add_guardians(
    found: dict[int, Person],
    person: LongArray,
    sources: Sequence[Source],
    recognized: Mapping[str, Mapping[str, Recognition]],
) -> None:
    at = 0
    for source in sources:
        begin, at = at, at + source.table.num_rows
        rows = person[begin:at].tolist()
        for column in _guardian_columns(source, recognized.get(source.name, {})):
            one = Source(source.name, source.table, {SemanticType.GUARDIAN_NAME: column})
            places, values = distinct_texts(one, SemanticType.GUARDIAN_NAME)
            names = standardize.column("guardian_name", values.to_pylist())["guardian"]
            keys = [guardian_keys(name) for name in names]
            role = next((role for role in ROLES if role in standardize.plain(column)), "guardian")
            for row, (who, place) in enumerate(zip(rows, places.tolist(), strict=True), begin):
                if place >= 0 and (name := names[place]):
                    told = found[who].guardians.setdefault((role, name), Guardian(role, keys[place]))
                    told.records += 1
                    told.rows.append(row)


def _guardian_columns(source: Source, recognized: Mapping[str, Recognition]) -> list[str]:
    """All columns of a parent's or guardian's name: a birth certificate has two."""
    chosen = source.columns.get(SemanticType.GUARDIAN_NAME)
    known = [column for column, one in recognized.items() if one.type == SemanticType.GUARDIAN_NAME]
    return list(dict.fromkeys([*([chosen] if isinstance(chosen, str) else []), *known]))


def name_keys(given: str | None, surnames: Sequence[str]) -> set[NameKey]:
    """Given name, and what it may be short for, with each word of the surname."""
    words = (given or "").split()
    return {(name, word) for name in possible_names(words[0]) for word in surnames} if words else set()


def guardian_keys(name: str | None) -> frozenset[NameKey]:
    """ "ana maria cruz" can be Ana Cruz, or Ana of the surname Maria Cruz; a given name alone is nobody's."""
    words = standardize.words(name)
    return frozenset(name_keys(words[0], words[1:])) if len(words) > 1 else frozenset()


def _days(sources: Sequence[Source]) -> tuple[LongArray, LongArray]:
    """The day (ordinal) from and to which what each record says was seen to be true; 0 where no column tells."""
    begins, ends = [], []
    for source in sources:
        named = {_plainly(column): column for column in source.table.column_names}
        first = next((_column_days(source, named[name]) for name in _BEGINS if name in named), None)
        last = next((_column_days(source, named[name]) for name in _ENDS if name in named), None)
        none = np.zeros(source.table.num_rows, np.int64)
        begins.append(first if first is not None else last if last is not None else none)
        ends.append(last if last is not None else begins[-1])
    return np.concatenate(begins), np.concatenate(ends)


def _plainly(column: str) -> str:
    return "_".join(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column).lower().replace(" ", "_").split("_"))


def _column_days(source: Source, column: str) -> LongArray:
    places, values = distinct_texts(
        Source(source.name, source.table, {SemanticType.BIRTH_DATE: column}), SemanticType.BIRTH_DATE
    )
    days = [_ordinal(day) for day in standardize.column("birth_date", values.to_pylist())["birth_date"]]
    return np.array([*days, 0], np.int64)[places]


def _ordinal(day: str | None) -> int:
    try:
        found = date(int((day or "")[:4]), int((day or "")[4:6]), int((day or "")[6:])).toordinal()
    except ValueError:
        return 0
    return found if found in _SEEN else 0


def _usual(counted: Counter[str]) -> str:
    return max(sorted(counted), key=lambda value: counted[value])


def _texts(fields: Mapping[str, Coded], name: str, n: int) -> list[str | None]:
    if name not in fields:
        return [None] * n
    codes = fields[name].codes
    texts: list[str | None] = fields[name].values.take(pa.array(codes, mask=codes < 0)).to_pylist()
    return texts
