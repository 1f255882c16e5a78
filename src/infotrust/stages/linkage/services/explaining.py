"""Opening two records to see why they are together or apart: their values side by side, for one linkage officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from infotrust.core.matching.answers import RecordKey
from infotrust.shared.accounts.models import User
from infotrust.stages.linkage import evidence
from infotrust.stages.linkage.queries.explaining import PairExplained, explain_pair
from infotrust.stages.linkage.services.opening import Opened, open_pair_of_records


@dataclass(frozen=True)
class OpenedPair:
    """An explanation with both records open. shared: the kinds of keys by which they could find each other."""

    explained: PairExplained
    opened: tuple[Opened, ...]
    shared: tuple[str, ...]


@transaction.atomic
def open_explained(one: RecordKey, other: RecordKey, *, by: User, at: datetime | None = None) -> OpenedPair:
    """Open both records, record it, and explain them in full, even where the linkage gave them up or never compared.

    Raises `NotPermitted`, `RecordGone`, `evidence.NotKept`.
    """
    at = at or timezone.now()
    before = explain_pair(one, other, by=by)
    opened = open_pair_of_records((one, other), about=f"linkage:{before.run}", reason="explanation", by=by, at=at)
    from infotrust.core.matching.explaining import kept
    from infotrust.core.matching.reading.sources import Source

    about = evidence.about()
    rows = pa.concat_tables(evidence.places([place]) for place in (before.one.place, before.other.place))
    sources = [
        Source(
            record.dataset,
            pa.table({semantic.value: [value or None] for semantic, value in record.values.items()}),
            {semantic: semantic.value for semantic in record.values},
        )
        for record in opened
    ]
    levels = kept.levels_between(about, sources, rows)
    shared = kept.shared_kinds(kept.two_records(about, sources, rows))
    return OpenedPair(explain_pair(one, other, by=by, levels=levels), opened, tuple(shared))
