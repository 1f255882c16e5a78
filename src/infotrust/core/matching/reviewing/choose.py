"""Which pairs a person should look at because the answer changes most.

Two kinds of questions: whether two groups are one person, asked of their medoids (the records most like the rest of
their group), and whether a doubtful record belongs to its group, asked of it and the group's medoid. Asking about the
strongest pair between two groups and joining them on "yes" makes a linkage worse: a stray record carries that pair.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.matching.compiled import BoolArray, FloatArray, LongArray
from infotrust.core.matching.persons.cluster import SURE, UNSEEN, Scored
from infotrust.core.matching.reviewing.frame import packed

WEAKEST = -4.0  # log odds; groups without a pair above this are no question
DIVIDED = 0.25  # how near to even odds a question is hard
MANY_RECORDS = 4.0  # an answer that moves so many records is looked at by two people
OF_ONE_GROUP = 2  # questions about one group at a time: the first answers settle most of the others


@dataclass(frozen=True)
class Questions:
    """first, second: places of the two records; likely: P(match) by the groups' evidence; worth: how much B-cubed
    precision plus recall, summed over records, an answer is expected to put right; hard: for two people. Best first.
    """

    first: LongArray
    second: LongArray
    likely: FloatArray
    worth: FloatArray
    hard: BoolArray

    def __len__(self) -> int:
        return len(self.first)

    def take(self, places: LongArray) -> Questions:
        return Questions(
            self.first[places], self.second[places], self.likely[places], self.worth[places], self.hard[places]
        )


def most_telling(scored: Scored, group: LongArray, *, cut: float, count: int, answered: LongArray,
                 apart: LongArray) -> Questions:  # fmt: skip
    """Up to `count` questions. cut: mean log odds at which groups join.

    answered: pairs that were asked before, not asked again; apart: of these, those that are no match, whose groups are
    not asked about again (both int64, as `frame.packed`).
    """
    n = len(group)
    sizes = np.bincount(group, minlength=n).astype(np.int64)
    first, second = scored.pairs.first.astype(np.int64), scored.pairs.second.astype(np.int64)
    odds = np.clip(scored.odds, -SURE, SURE).astype(np.float64)
    together = group[first] == group[second]
    own = _own_evidence(first[together], second[together], odds[together], sizes[group])
    medoid = medoids(group, own)
    members = _members(group, sizes, own, medoid, cut)
    merges = _merges(group[first[~together]], group[second[~together]], odds[~together], sizes, medoid, cut)
    every = Questions(*(np.concatenate(part) for part in zip(_parts(members), _parts(merges), strict=True)))
    keys = packed(every.first, every.second, n)
    known = np.isin(keys, answered)
    closed = np.isin(packed(group[every.first], group[every.second], n), _groups_apart(group, apart))
    open_ = np.flatnonzero(~known & ~closed & (every.first != every.second))
    return _spread(every.take(open_), group, count)


def medoids(group: LongArray, own: FloatArray) -> LongArray:
    """The record of each group with most evidence for it: int64 [n], by group name; a group's lowest place decides."""
    order = np.lexsort((np.arange(len(group)), -own, group))
    found = np.full(len(group), -1, np.int64)
    starts = np.append(True, group[order][1:] != group[order][:-1]) if len(group) else np.empty(0, bool)
    found[group[order][starts]] = order[starts]
    return found


def _own_evidence(first: LongArray, second: LongArray, odds: FloatArray, size: LongArray) -> FloatArray:
    """The mean log odds of each record with the others of its group: float64 [n], 0 where it is alone."""
    n = len(size)
    total = np.bincount(first, odds, n) + np.bincount(second, odds, n)
    seen = np.bincount(first, minlength=n) + np.bincount(second, minlength=n)
    mean: FloatArray = (total + UNSEEN * (size - 1 - seen)) / np.maximum(size - 1, 1)
    return np.where(size > 1, mean, 0.0)


def _members(group: LongArray, sizes: LongArray, own: FloatArray, medoid: LongArray, cut: float) -> Questions:
    """Whether each record belongs to its group. Of two, one question is both."""
    size = sizes[group]
    doubtful = np.flatnonzero((size > 1) & (medoid[group] != np.arange(len(group))))
    return _questions(doubtful, medoid[group[doubtful]], own[doubtful] - cut, np.ones(len(doubtful)),
                      (size[doubtful] - 1).astype(np.float64))  # fmt: skip


def _merges(
    one: LongArray, other: LongArray, odds: FloatArray, sizes: LongArray, medoid: LongArray, cut: float
) -> Questions:
    """Whether two groups with some evidence between them are one person. one, other: the groups of each pair."""
    keys = packed(one, other, len(sizes))
    wanted = np.unique(keys[odds > WEAKEST])
    kept = np.isin(keys, wanted)
    of = np.searchsorted(wanted, keys[kept])
    total, seen = np.bincount(of, odds[kept], len(wanted)), np.bincount(of, minlength=len(wanted))
    low, high = np.divmod(wanted, len(sizes))
    across = sizes[low] * sizes[high]
    mean = (total + UNSEEN * (across - seen)) / np.maximum(across, 1)
    return _questions(
        medoid[low], medoid[high], mean - cut, sizes[low].astype(np.float64), sizes[high].astype(np.float64)
    )


def _questions(
    first: LongArray, second: LongArray, lead: FloatArray, size: FloatArray, other_size: FloatArray
) -> Questions:
    """Joining or parting groups of a and b records changes B-cubed precision or recall by 2ab / (a + b) records; the
    answer is expected to put right that much times the chance that the linkage has it wrong."""
    likely = 1 / (1 + np.exp(-lead))
    moved = 2 * size * other_size / np.maximum(size + other_size, 1)
    hard = (np.abs(likely - 0.5) < DIVIDED) | (moved >= MANY_RECORDS)
    return Questions(first.astype(np.int64), second.astype(np.int64), likely, moved * np.minimum(likely, 1 - likely),
                     hard)  # fmt: skip


def _parts(questions: Questions) -> tuple[LongArray, LongArray, FloatArray, FloatArray, BoolArray]:
    return questions.first, questions.second, questions.likely, questions.worth, questions.hard


def _groups_apart(group: LongArray, apart: LongArray) -> LongArray:
    one, other = np.divmod(apart, len(group))
    return packed(group[one], group[other], len(group))


def _spread(questions: Questions, group: LongArray, count: int) -> Questions:
    """The best `count`, with at most OF_ONE_GROUP about any group."""
    order = np.lexsort((questions.second, questions.first, -questions.worth))
    asked: dict[int, int] = {}
    chosen: list[int] = []
    for place in order:
        if len(chosen) == count:
            break
        both = {int(group[questions.first[place]]), int(group[questions.second[place]])}
        if max(asked.get(one, 0) for one in both) < OF_ONE_GROUP:
            chosen.append(int(place))
            asked.update({one: asked.get(one, 0) + 1 for one in both})
    return questions.take(np.array(chosen, np.int64))
