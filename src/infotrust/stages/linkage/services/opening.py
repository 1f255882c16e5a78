"""Opening the identifiers of a few records, for one linkage officer and one pair at a time.

Each opening is decided like a linkage itself (action *link*, field by field, by the agreements in force), and is
written into the log with the record ids, the agreements and the policy version; never with a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from infotrust.core.elements import SemanticType
from infotrust.core.errors import NotThere
from infotrust.core.matching.answers import RecordKey
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision, NotPermitted, Reason
from infotrust.shared.vault import services as vault
from infotrust.stages.linkage import plan
from infotrust.stages.linkage.plan import PlannedDataset, PlannedField
from infotrust.stages.linkage.rows import PERIOD, RECORD_ID, latest_rows, one_for_each_meaning

WANTED = "look at two records side by side"
MOST_AT_ONCE = 2  # one pair: nobody reads through a register


class RecordGone(NotThere):
    """A record that was asked about is no longer in the vault."""


@dataclass(frozen=True)
class Opened:
    """A record's identifiers as delivered, by their meaning; empty where it says nothing, absent where not allowed."""

    dataset: str
    title: str
    values: dict[SemanticType, str]


@transaction.atomic
def open_pair_of_records(
    records: Sequence[RecordKey], *, about: str, reason: str, by: User, at: datetime
) -> tuple[Opened, ...]:
    """Open two records and record who saw which, under what. `about`: what the log entry is about; `reason`: why.

    Raises `NotPermitted` where the role or the agreements refuse, and `RecordGone`.
    """
    duties.require("review pairs", by=by)
    if len(records) > MOST_AT_ONCE:
        raise ValueError("one pair at a time")
    datasets = {code: plan.plan_dataset(code, by=by, at=at) for code in sorted({code for code, _record in records})}
    fields = {code: _usable(dataset) for code, dataset in datasets.items()}
    decisions = plan.require_fields(fields, wanted=WANTED, by=by, at=at)
    opened = tuple(_open(datasets[code], fields[code], record) for code, record in records)
    audit.record(
        Event.PAIR_OPENED,
        about=about,
        by=by,
        at=at,
        reason=reason,
        records=[f"{code}/{record}" for code, record in records],
        fields={code: [field.name for field in some] for code, some in fields.items()},
        agreements={decision.agreement for decision in decisions},
        policy_version=decisions[0].policy_version,
    )
    return opened


def _usable(dataset: PlannedDataset) -> tuple[PlannedField, ...]:
    """The fields that linkage itself would use now; raises `NotPermitted` where there is none."""
    if not dataset.allowed:
        reasons = tuple(dict.fromkeys(reason for field in dataset.refused for reason in field.decision.reasons))
        none = Reason("no-agreement", _("No agreement in force lets this dataset be linked."))
        raise NotPermitted(Decision(False, reasons or (none,)), wanted=WANTED)
    there = set(vault.column_names(dataset.code))
    found = one_for_each_meaning(field for field in dataset.allowed if field.name in there)
    if not found:
        raise _gone()
    return found


def _open(dataset: PlannedDataset, fields: Sequence[PlannedField], record: str) -> Opened:
    period = [PERIOD] if PERIOD in vault.column_names(dataset.code) else []
    found = vault.read_records(dataset.code, [RECORD_ID, *period, *(field.name for field in fields)], [record])
    if not found.num_rows:
        raise _gone()
    [row] = latest_rows(found).to_pylist()
    values = {field.semantic: "" if row[field.name] is None else str(row[field.name]) for field in fields}
    return Opened(dataset.code, dataset.title, values)


def _gone() -> RecordGone:
    return RecordGone(
        _("A record of this pair is no longer in the vault."),
        next_step=_("It was replaced or destroyed. The next linkage leaves it out."),
    )
