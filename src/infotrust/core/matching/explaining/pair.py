"""Why two records are, or are not, one person's: field by field, with the classes that explain the pair.

Everything is told for a pair whether or not it was ever compared, and in full where the linkage gave up early. No value
of a record is part of an explanation, only how the two agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from infotrust.core.matching.comparing.agree import SWAPPED
from infotrust.core.matching.comparing.candidates import COMPARE_ALL_UP_TO, Pairs, named_keys
from infotrust.core.matching.comparing.compare import Comparison, agreement
from infotrust.core.matching.compiled import ByteArray, FloatArray
from infotrust.core.matching.explaining.attribution import BITS, attribute
from infotrust.core.matching.learning import score
from infotrust.core.matching.learning.estimate import Model
from infotrust.core.matching.learning.meanings import MEANINGS
from infotrust.core.matching.persons.cluster import SURE, UNSEEN
from infotrust.core.matching.pipeline import Evidence
from infotrust.core.matching.reading.sources import Records

CLASS_NAMES = (
    "one person", "one home", "twins", "namesakes", "born on one day", "one person, moved", "one home, moved",
    "neighbors",
)  # fmt: skip
_OF_FEW = ("one person", "one home", "twins", "chance")


class Seen(StrEnum):
    """How a pair came to be compared in the linkage."""

    CANDIDATE = "candidate"
    NEVER = "never compared"


@dataclass(frozen=True)
class Contribution:
    """What one field adds to the weight (log2 odds), and how the two records agree on it, in words.

    code: the level as a number; told_by: the field that tells this one's story where the level was set aside.
    """

    field: str
    level: str
    code: int
    weight: float
    told_by: str = ""


@dataclass(frozen=True)
class ClassShare:
    """A kind of pair, whether it is one person's, and how likely this pair is of that kind."""

    name: str
    same_person: bool
    probability: float


@dataclass(frozen=True)
class Weighed:
    """A pair's weight taken apart: prior + sum of the fields' weights = weight, all in log2 odds.

    fields: in the order of comparison; classes: likeliest first. counted: the weight as clustering counts it.
    """

    prior: float
    fields: tuple[Contribution, ...]
    weight: float
    classes: tuple[ClassShare, ...]

    @property
    def probability(self) -> float:
        return float(1 / (1 + np.exp2(-self.weight)))

    @property
    def counted(self) -> float:
        """Evidence beyond 400 to 1 counts no more, so that one pair cannot outvote many."""
        return float(np.clip(self.weight, -SURE * BITS, SURE * BITS))

    @property
    def waterfall(self) -> tuple[Contribution, ...]:
        """The fields that say something, the loudest first."""
        return tuple(sorted((one for one in self.fields if one.code), key=lambda one: -abs(one.weight)))


@dataclass(frozen=True)
class SharedKey:
    """A kind of key that two records share, how many records have it, and what it tells (nats; 0: too many do)."""

    name: str
    records: int
    information: float


@dataclass(frozen=True)
class PairExplained:
    """Two records of a linkage (places in its `records`), weighed.

    seen: whether the linkage compared them; gave_up: whether it stopped as soon as it was sure that they are not one
    person's; in_linkage: the weight it went by (that of a pair never compared is a fixed one).
    """

    first: int
    second: int
    weighed: Weighed
    seen: Seen
    gave_up: bool
    in_linkage: float


def class_names(model: Model) -> tuple[str, ...]:
    """What the latent classes are called."""
    count = len(model.share)
    if count == MEANINGS:
        return CLASS_NAMES
    named = _OF_FEW[: count - 1] if count < len(_OF_FEW) else _OF_FEW
    return (*named, *("chance" for _ in range(count - len(named))))


def weigh(model: Model, comparisons: tuple[Comparison, ...], levels: ByteArray) -> Weighed:
    """Take one agreement pattern (uint8 [comparisons]) apart."""
    names = {comparison.field: comparison.levels for comparison in comparisons}
    return weigh_levels(model, tuple(names[field] for field in model.fields), levels)


def weigh_levels(model: Model, names: tuple[tuple[str, ...], ...], levels: ByteArray) -> Weighed:
    """The same where only the names of the levels are at hand: one tuple for each field of the model."""
    tables = model.tables()
    scores = np.stack([tables[place, level] for place, level in enumerate(levels)])
    prior, parts = attribute(scores, np.log(model.share), model.same_person)
    fields = tuple(
        Contribution(field, of[level], int(level), float(part), _told_by(model.fields, levels, field))
        for field, of, level, part in zip(model.fields, names, levels, parts, strict=True)
    )
    return Weighed(prior, fields, prior + float(parts.sum()), _classes(model, np.log(model.share) + scores.sum(0)))


def _told_by(fields: tuple[str, ...], levels: ByteArray, field: str) -> str:
    """Where given and family name are swapped, the given name tells it for both."""
    swapped = field == "family" and "given" in fields and levels[fields.index("given")] == SWAPPED
    return "given" if swapped else ""


def _classes(model: Model, log_weight: FloatArray) -> tuple[ClassShare, ...]:
    likely = np.exp(log_weight - log_weight.max())
    likely /= likely.sum()
    found = [
        ClassShare(name, bool(same), float(share))
        for name, same, share in zip(class_names(model), model.same_person, likely, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: -one.probability))


def explain_pair(evidence: Evidence, one: int, other: int) -> PairExplained:
    """Explain any two records (places in `evidence.records`). Raises ValueError for one record with itself."""
    if one == other:
        raise ValueError("a record cannot be explained against itself")
    first, second = min(one, other), max(one, other)
    both = Pairs(np.array([first], np.int32), np.array([second], np.int32))
    weighed = weigh(evidence.model, evidence.plan.comparisons, agreement(evidence.plan, both)[0])
    pairs = evidence.scored.pairs
    at = np.flatnonzero((pairs.first == first) & (pairs.second == second))
    if not len(at):
        return PairExplained(first, second, weighed, Seen.NEVER, False, UNSEEN * BITS)
    odds = float(evidence.scored.odds[at[0]])
    return PairExplained(first, second, weighed, Seen.CANDIDATE, odds <= -SURE, odds * score.BITS)


def shared_keys(records: Records, one: int, other: int, *, widest_key: int = 200) -> tuple[SharedKey, ...]:
    """The kinds of keys by which two records could find each other, the rarest first.

    Goes through the keys of all records: seconds at a million.
    """
    found = []
    for name, columns in named_keys(records):
        common = np.intersect1d(columns[:, one], columns[:, other])
        for key in common[common != 0]:
            holders = int((columns == key).any(0).sum())
            tells = float(np.log(len(records) / holders)) if holders <= widest_key else 0.0
            found.append(SharedKey(name, holders, tells))
    return tuple(sorted(found, key=lambda key: (key.records, key.name)))


def why_never_compared(records: Records, keys: tuple[SharedKey, ...], *, least_information: float = 8.0) -> str:
    """In words, from the keys they share, why two records were not compared."""
    if len(records) <= COMPARE_ALL_UP_TO:
        return "every pair of so few records is compared"
    rare = sum(key.information for key in keys)
    if not keys:
        return "they share no key: no name, date, number or address, nor a part of one"
    if rare == 0:
        return "all they share is shared by too many other records"
    if rare < least_information:
        return f"what they share tells too little ({rare:.1f} of at least {least_information:g} nats)"
    return "each of them shares more with other records"
