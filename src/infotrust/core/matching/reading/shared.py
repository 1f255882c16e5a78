"""Addresses, telephones, mailboxes and numbers that many unrelated people have: they say where somebody was written
down and by whom, not who it is.

A shelter, a school, a nursing home, an agency's post office box or its caseworker's telephone is known by how many
surnames share it. House, street and unit of such an address are set aside, so that it weighs as its town does (two
guests of one given name are not one person because their street is a rare one); such a telephone, mailbox or number
says nothing. Nothing is lost: the delivered value stays in the source's table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow.compute as pc

from infotrust.core.matching.compiled import BoolArray, HashArray, LongArray
from infotrust.core.matching.reading.coded import Coded, mix

# The surnames (by sound) of a home of ten years are few families' and their misspellings. Of 14,520 addresses of a
# practice county, with their units, 22 had eight or more; of the others none was more even than seven.
FEWEST, EVEN, CERTAIN = 8, 6.5, 20
SET_ASIDE = {"address": ("house", "street", "unit"), "phone": ("phone",), "email": ("email",), "ssn": ("ssn",)}
STEP = "shared by many unrelated people: set aside"


@dataclass(frozen=True)
class Shared:
    """What is shared: kind (of SET_ASIDE) -> hashes of its values, sorted: uint64."""

    keys: Mapping[str, HashArray] = field(default_factory=dict)


def is_shared(surnames: LongArray, records: LongArray, squares: LongArray) -> BoolArray:
    """Whether so many surnames on so many records are no household's: boolean, one each.

    squares: sum over the surnames of their records squared. Records squared by it is how many surnames, equally
    frequent, would be as even (the inverse of Simpson's index): a family of three and its tenants before stay below.
    """
    even = records.astype(float) ** 2 / np.maximum(squares, 1)
    unrelated: BoolArray = (surnames >= CERTAIN) | ((surnames >= FEWEST) & (even >= EVEN))
    return unrelated


def find_shared(fields: Mapping[str, Coded]) -> Shared:
    """The values of these records that are shared by many unrelated people."""
    if "family" not in fields:
        return Shared()
    surname = surname_sounds(fields["family"])
    found = {}
    for kind in SET_ASIDE:
        keys = keys_of(kind, fields)
        if keys is not None:
            found[kind] = _shared_keys(keys, surname)
    return Shared(found)


def surname_sounds(family: Coded) -> HashArray:
    """How each record's first surname sounds, so that its misspellings are not counted as others; 0: none."""
    return family.spread(family.texts.words(0).sound)


def keys_of(kind: str, fields: Mapping[str, Coded]) -> HashArray | None:
    """A hash of each record's value of the kind, 0 where there is none; None where no record has one."""
    if kind == "address":
        return _address_keys(fields)
    return _hashes(fields[kind]) if kind in fields else None


def _address_keys(fields: Mapping[str, Coded]) -> HashArray | None:
    """House, street, unit and town: there is a 100 Main Street in every town. A post office box has no house."""
    if "street" not in fields:
        return None
    street = fields["street"]
    boxes = pc.starts_with(street.values, "po box ").to_numpy(zero_copy_only=False)
    box = street.spread(np.where(boxes, street.texts.hashes, np.uint64(0)))
    none = np.zeros(len(box), np.uint64)
    house = mix(_hashes(fields["house"]), _hashes(street), 1) if "house" in fields else none
    address = np.where(house == 0, mix(box, box, 5), house)
    for salt, name in enumerate(("unit", "zip"), 2):
        if name in fields:
            address = _with(address, _hashes(fields[name]), salt)
    return _with(address, _hashes(fields["city"]), 4) if "city" in fields and "zip" not in fields else address


def _with(address: HashArray, more: HashArray, salt: int) -> HashArray:
    return np.where(more == 0, address, mix(address, more, salt))


def _hashes(coded: Coded) -> HashArray:
    return coded.spread(coded.texts.hashes)


def _shared_keys(keys: HashArray, surname: HashArray) -> HashArray:
    known = np.flatnonzero((keys != 0) & (surname != 0))
    distinct, counts = np.unique(keys[known], return_counts=True)
    several = distinct[counts >= FEWEST]
    if len(several) == 0:
        return several
    at = np.searchsorted(several, keys[known])
    inside = known[several[np.minimum(at, len(several) - 1)] == keys[known]]
    place = np.searchsorted(several, keys[inside])
    order = np.lexsort((surname[inside], place))
    place, sounds = place[order], surname[inside][order]
    fresh = np.append(True, (place[1:] != place[:-1]) | (sounds[1:] != sounds[:-1]))
    each = np.diff(np.append(np.flatnonzero(fresh), len(place)))
    of = place[fresh]
    surnames, records = np.bincount(of, minlength=len(several)), np.bincount(place, minlength=len(several))
    squares = np.bincount(of, each.astype(float) ** 2, len(several)).astype(np.int64)
    return several[is_shared(surnames, records, squares)]


def set_aside(fields: Mapping[str, Coded], shared: Shared) -> tuple[dict[str, Coded], dict[str, BoolArray]]:
    """The fields without what is shared, and for each kind the records that had it."""
    kept = dict(fields)
    where: dict[str, BoolArray] = {}
    for kind, keys in shared.keys.items():
        own = keys_of(kind, fields)
        if own is None or len(keys) == 0:
            continue
        where[kind] = keys[np.minimum(np.searchsorted(keys, own), len(keys) - 1)] == own
        for name in SET_ASIDE[kind]:
            if name in kept:
                kept[name] = Coded(np.where(where[kind], np.int32(-1), kept[name].codes), kept[name].values)
    return kept, where
