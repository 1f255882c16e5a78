"""What people said about two records. Values of a record are never part of an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

RecordKey = tuple[str, str]  # name of the source, and the record's id there (its row from 1 where there are no ids)


class Verdict(StrEnum):
    """What someone who looked at two records side by side can say."""

    MATCH = "match"
    NO_MATCH = "no match"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Answer:
    """`one` and `other` are one person's records, are not, or nobody can tell from what is written there.

    by: who said it, as they are called where answers are given; empty: someone, and of two such answers two people.
    waits: the pair is hard, and a second person is still to look: until then this is evidence, and decides nothing.
    """

    one: RecordKey
    other: RecordKey
    verdict: Verdict
    by: str = ""
    waits: bool = False

    @property
    def pair(self) -> frozenset[RecordKey]:
        return frozenset((self.one, self.other))


def latest_of_each(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    """Of what one named person said of a pair the last; answers without a name are each another person's."""
    last: dict[object, Answer] = {}
    for number, answer in enumerate(answers):
        about = (answer.pair, answer.by) if answer.by else number
        last.pop(about, None)
        last[about] = answer
    return tuple(last.values())
