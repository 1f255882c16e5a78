"""What people said about two records. Values of a record are never part of an answer."""

from __future__ import annotations

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
    """`one` and `other` are one person's records, are not, or nobody can tell from what is written there."""

    one: RecordKey
    other: RecordKey
    verdict: Verdict
