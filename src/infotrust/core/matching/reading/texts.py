"""A column's distinct values as bytes, and what compiled loops read from them: hashes, words, sounds, beginnings.

Nothing here makes a Python object for a value: a million distinct addresses are hashed in a tenth of a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from infotrust.core.matching.compiled import ByteArray, HashArray, IntArray, LongArray, compiled
from infotrust.core.matching.reading import standardize

WIDTH = 32  # bytes of a value that are compared; the letters of Jaro's window must fit into 64 bits
_NEVER_ZERO = 1  # 0 means: there is no such part


@dataclass(frozen=True)
class Texts:
    """Values end to end. data: uint8; start: int64 [values + 1], where each begins."""

    data: ByteArray
    start: LongArray

    def __len__(self) -> int:
        return len(self.start) - 1

    @staticmethod
    def of(values: pa.Array | list[str]) -> Texts:
        """From an Arrow array (or list) of texts without nulls."""
        array = values if isinstance(values, pa.Array) else pa.array(values, pa.large_string())
        array = array.cast(pa.large_string())
        _, offsets, data = array.buffers()
        start = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
        empty = np.empty(0, np.uint8)
        return Texts(empty if data is None else np.frombuffer(data, np.uint8), start)

    @cached_property
    def hashes(self) -> HashArray:
        """A 64-bit hash for each value, the same on every machine and in every run; 0 for an empty value."""
        return slice_hashes(self.data, self.start, 0, 1 << 30)

    def part(self, begin: int, end: int) -> HashArray:
        """The hash of bytes [begin, end) of each value, from the end where negative; 0 where there are none."""
        return slice_hashes(self.data, self.start, begin, end)

    def words(self, place: int) -> Words:
        """The word at `place` of each value, particles aside."""
        return Words(*word_hashes(self.data, self.start, _PARTICLES, place))

    def end_words(self) -> tuple[HashArray, HashArray]:
        """First and last word of each value, particles aside: hashes [values] each."""
        return first_and_last(self.data, self.start, _PARTICLES)

    def matrix(self) -> tuple[ByteArray, IntArray]:
        """A byte matrix [values, WIDTH] and the lengths [values]; a longer value is cut."""
        return byte_matrix(self.data, self.start)


@dataclass(frozen=True)
class Words:
    """One word of each value: its hash, that of its sound, and that of its first letter; 0 where there is none."""

    whole: HashArray
    sound: HashArray
    initial: HashArray


def hash_of(text: str) -> np.uint64:
    return np.uint64(Texts.of([text]).hashes[0])


@compiled
def hash_bytes(data: ByteArray, begin: int, end: int) -> np.uint64:
    """FNV-1a, finished with SplitMix64's mixer; never 0."""
    state = np.uint64(0xCBF29CE484222325)
    for place in range(begin, end):
        state = (state ^ np.uint64(data[place])) * np.uint64(0x100000001B3)
    return finished(state)


@compiled
def finished(state: np.uint64) -> np.uint64:
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    state = state ^ (state >> np.uint64(31))
    return state if state != np.uint64(0) else np.uint64(1)


@compiled
def slice_hashes(data: ByteArray, start: LongArray, begin: int, end: int) -> HashArray:
    found = np.zeros(len(start) - 1, np.uint64)
    for value in range(len(start) - 1):
        first, last = start[value], start[value + 1]
        low = first + begin if begin >= 0 else max(first, last + begin)
        high = min(last, first + end) if end > 0 else last
        if low < high:
            found[value] = hash_bytes(data, low, high)
    return found


@compiled
def next_word(data: ByteArray, place: int, last: int) -> tuple[int, int]:
    """Begin and end of the word at or after `place`; begin == end when there is none. Words are parted by spaces."""
    while place < last and data[place] == 32:
        place += 1
    begin = place
    while place < last and data[place] != 32:
        place += 1
    return begin, place


@compiled
def is_particle(data: ByteArray, begin: int, end: int, particles: HashArray) -> bool:
    if end - begin > 3:
        return False
    hashed = hash_bytes(data, begin, end)
    for particle in particles:  # noqa: SIM110 - compiled
        if particle == hashed:
            return True
    return False


@compiled
def only_particles(data: ByteArray, first: int, last: int, particles: HashArray) -> bool:
    begin, end = next_word(data, first, last)
    while begin < end:
        if not is_particle(data, begin, end, particles):
            return False
        begin, end = next_word(data, end, last)
    return True


@compiled
def word_hashes(
    data: ByteArray, start: LongArray, particles: HashArray, place: int
) -> tuple[HashArray, HashArray, HashArray]:
    whole = np.zeros(len(start) - 1, np.uint64)
    sound = np.zeros(len(start) - 1, np.uint64)
    initial = np.zeros(len(start) - 1, np.uint64)
    kept = np.empty(8, np.uint8)
    for value in range(len(start) - 1):
        last = start[value + 1]
        every = only_particles(data, start[value], last, particles)
        begin, end = next_word(data, start[value], last)
        seen = 0
        while begin < end:
            if every or not is_particle(data, begin, end, particles):
                if seen == place:
                    whole[value] = hash_bytes(data, begin, end)
                    initial[value] = hash_bytes(data, begin, begin + 1)
                    sound[value] = hash_bytes(kept, 0, skeleton_into(data, begin, end, kept))
                    break
                seen += 1
            begin, end = next_word(data, end, last)
    return whole, sound, initial


@compiled
def skeleton_into(data: ByteArray, begin: int, end: int, kept: ByteArray) -> int:
    """`standardize.skeleton` of a word into `kept`; its length."""
    length = 0
    for place in range(begin, end):
        letter = data[place]
        if place > begin and (
            letter == 97 or letter == 101 or letter == 105 or letter == 111 or letter == 117 or letter == 121
            or letter == 104 or letter == 119
        ):  # fmt: skip
            continue
        sound = _SOUNDS[letter]
        if length == 0 or kept[length - 1] != sound:
            kept[length] = sound
            length += 1
            if length == 5:
                break
    return length


@compiled
def first_and_last(data: ByteArray, start: LongArray, particles: HashArray) -> tuple[HashArray, HashArray]:
    one = np.zeros(len(start) - 1, np.uint64)
    other = np.zeros(len(start) - 1, np.uint64)
    for value in range(len(start) - 1):
        last = start[value + 1]
        every = only_particles(data, start[value], last, particles)
        begin, end = next_word(data, start[value], last)
        while begin < end:
            if every or not is_particle(data, begin, end, particles):
                other[value] = hash_bytes(data, begin, end)
                if one[value] == 0:
                    one[value] = other[value]
            begin, end = next_word(data, end, last)
    return one, other


@compiled
def byte_matrix(data: ByteArray, start: LongArray) -> tuple[ByteArray, IntArray]:
    matrix = np.zeros((len(start) - 1, WIDTH), np.uint8)
    lengths = np.empty(len(start) - 1, np.int32)
    for value in range(len(start) - 1):
        length = min(start[value + 1] - start[value], WIDTH)
        lengths[value] = length
        for place in range(length):
            matrix[value, place] = data[start[value] + place]
    return matrix, lengths


_SOUNDS = np.arange(256, dtype=np.uint8)
for _letter, _like in standardize.SOUND.items():
    _SOUNDS[ord(_letter)] = ord(_like)
_PARTICLES = np.array([hash_of(word) for word in sorted(standardize.PARTICLES)], np.uint64)
