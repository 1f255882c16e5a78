"""What the stages hand to the public catalogue: plain values, already safe to show to anyone.

Nothing here knows a stage, a database or a person. A stage fills one of these and calls `catalogue.services`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class FieldEntry:
    """One field of a dataset. `type`, `availability` and `law_classes` are codes of `core.elements`.

    `codes` maps each code that may stand in the field to its meaning; `identifier` says that the field is kept
    apart from everything else, in the vault.
    """

    name: str
    title: str
    definition: str
    type: str = "text"
    availability: str = "restricted"
    law_classes: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    sensitivity: int = 0
    identifier: bool = False


@dataclass(frozen=True)
class DatasetEntry:
    """A dataset that an agency keeps. `unit` is what one row stands for; `agency` is the agency's full name.

    `lag`, `quality_note` and `whose_data_is_missing` are the agency's own words on what a reader should bear in mind.
    """

    code: str
    title: str
    description: str
    agency: str
    agency_code: str = ""
    unit: str = ""
    period: str = ""
    update_frequency: str = ""
    lag: str = ""
    quality_note: str = ""
    whose_data_is_missing: str = ""
    fields: tuple[FieldEntry, ...] = ()


@dataclass(frozen=True)
class SharedDataset:
    """A dataset under an agreement. `uses` maps each field's name to what may be done with it."""

    code: str
    title: str = ""
    agency: str = ""
    uses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class AgreementEntry:
    """An agreement as the public sees it: who, what, why, until when, who may see, and how it ended.

    `parties`, `recipients` and `signatories` are names of agencies; `purposes` are plain words or codes of the
    purpose tree; `level` is the level of identification; `ended_on` is empty while it is in force;
    `suspended_on` says since when nothing is shared under it for the time being.
    """

    code: str
    title: str
    why: str
    parties: tuple[str, ...]
    purposes: tuple[str, ...]
    starts_on: date
    ends_on: date
    recipients: tuple[str, ...] = ()
    level: str = ""
    retention_days: int | None = None
    threshold: int = 11
    datasets: tuple[SharedDataset, ...] = ()
    signed_on: date | None = None
    ended_on: date | None = None
    ended_reason: str = ""
    suspended_on: date | None = None


@dataclass(frozen=True)
class SourceEntry:
    """Where an answer's numbers come from."""

    dataset: str
    title: str = ""
    agency: str = ""


@dataclass(frozen=True)
class AnswerEntry:
    """A published answer. `table` is the released table as core/disclosure writes it: no hidden value is in it.

    Beside each dimension's values it may hold `words` for them; the page draws its chart from it. `digest` is the
    SHA-256 of all that the checker approved.
    """

    slug: str
    question: str
    title: str
    sentence: str
    meaning: str
    unit: str
    period: str
    population: str
    table: Mapping[str, Any]
    threshold: int
    digest: str
    limits: tuple[str, ...] = ()
    definitions: Mapping[str, str] = field(default_factory=dict)
    agreements: tuple[str, ...] = ()
    sources: tuple[SourceEntry, ...] = ()


@dataclass(frozen=True)
class RequestEntry:
    """A request for data as the public sees it. `stage` is a stable code; `requester` is empty unless they agreed.

    `expected_on` is when a decision can honestly be expected, or nothing where too little is known.
    """

    code: str
    title: str
    summary: str
    stage: str
    since: date
    submitted_on: date
    expected_on: date | None = None
    agencies: tuple[str, ...] = ()
    requester: str = ""
    licensed_until: date | None = None


@dataclass(frozen=True)
class LogHeadEntry:
    """The newest entry of the audit log: how many entries there are, its digest (hex), and when it was written."""

    entries: int
    digest: str
    at: datetime


@dataclass(frozen=True)
class Share:
    """A share from 0 to 1 with the limits between which it lies, nineteen times in twenty."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class CommunityError:
    """The same for one community: which, and each share where enough was looked at."""

    title: str
    precision: Share | None
    recall: Share | None


@dataclass(frozen=True)
class LinkageErrorEntry:
    """How often a linkage is wrong, by people who looked at pairs drawn at random.

    precision: of the pairs put together, the share that is one person's; recall: of one person's pairs that were
    weighed, the share put together; answers: pairs that people looked at; agreed: how often two people said the same.
    """

    run: int
    linked_on: date
    measured_on: date
    answers: int
    precision: Share
    recall: Share
    agreed: Share | None = None
    communities: tuple[CommunityError, ...] = ()


@dataclass(frozen=True)
class SeatEntry:
    """A seat of a board. `holder` is a name only where the board makes names public; `until` is the term's last day."""

    title: str
    office: str
    votes: bool
    kind: str
    vacant: bool = False
    holder: str = ""
    until: date | None = None


@dataclass(frozen=True)
class BodyEntry:
    """A board: what it decides, its charter, and the rules it counts by, each as a plain sentence."""

    code: str
    name: str
    about: str
    charter: str
    charter_version: int
    charter_since: date
    rules: tuple[str, ...]
    seats: tuple[SeatEntry, ...] = ()
    order: int = 0


@dataclass(frozen=True)
class VoteEntry:
    """How a seat voted on a motion and why. `choice` is `yes`, `no`, `abstain`, `recused` or `absent`."""

    seat: str
    choice: str
    reasons: str = ""


@dataclass(frozen=True)
class QuestionEntry:
    """One of the four questions with what was answered: seats or offices, never names. `answer` is yes, no, unsure."""

    question: str
    answer: str
    words: str
    who: str


@dataclass(frozen=True)
class MotionEntry:
    """A motion as the public sees it. `counts` and `votes` are empty until it is decided."""

    label: str
    body_code: str
    body: str
    title: str
    why: str
    text: str
    state: str
    raised_on: date
    comment_opens_at: datetime | None = None
    comment_closes_at: datetime | None = None
    comment_waived: str = ""
    vote_closes_at: datetime | None = None
    conditions: str = ""
    review_by: date | None = None
    decided_on: date | None = None
    outcome: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    votes: tuple[VoteEntry, ...] = ()
    answers: tuple[QuestionEntry, ...] = ()
    looked_back: tuple[str, ...] = ()
    supersedes: str = ""
    superseded_by: str = ""


@dataclass(frozen=True)
class MinutesEntry:
    """Minutes for everyone. Each passage is `{"heading", "withheld", "words"}`; of a withheld one, `words` is why."""

    number: int
    body_code: str
    body: str
    held_on: date
    passages: tuple[Mapping[str, Any], ...]
    digest: str
