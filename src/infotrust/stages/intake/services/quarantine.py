"""Rejected rows, shown to their own agency's steward only, with a reason given and recorded each time."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pyarrow as pa
from django.db import transaction
from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision, NotPermitted, Reason
from infotrust.shared.storage import services as storage
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.intake.models import Delivery
from infotrust.stages.intake.splitting import QUARANTINE

OUR_COLUMNS = ("line", "reasons")
SHORTEST_REASON = 10
# What a spreadsheet takes for a formula (OWASP, "CSV Injection").
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@transaction.atomic
def open_quarantine(*, delivery: Delivery, reason: str, by: User, at: datetime | None = None) -> pa.Table:
    """Return the rejected rows (columns `line`, `reasons`, then the agreed ones) and record who saw them and why.

    Only fields that an agreement still covers are shown: after its end they lie sealed until they are destroyed.
    """
    duties.require("open quarantine", by=by, agency=delivery.agency)
    agreed = _still_agreed(delivery, at)
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise UserFacingError(
            _("The reason for opening the quarantine is missing or too short."),
            next_step=_("Say in a sentence what you will do with the rows. It is kept in the audit log."),
        )
    rows = storage.read(QUARANTINE, delivery.quarantine_table)
    rows = rows.select([name for name in rows.column_names if name in OUR_COLUMNS or name in agreed])
    # The reason is a sentence its writer answers for; cut to what the log keeps of a text.
    audit.record(Event.QUARANTINE_OPENED, about=delivery.about, by=by, at=at, reason=reason[:300], rows=rows.num_rows)
    return rows.sort_by("line") if rows.num_rows else rows


def _still_agreed(delivery: Delivery, at: datetime | None) -> set[str]:
    agreed = agreements.agreed_fields(delivery.dataset, at)
    if not agreed:
        plain = _("No agreement in force covers this dataset any more: its rejected rows are shown to nobody.")
        raise NotPermitted(Decision(False, (Reason("agreement-over", plain),)), wanted=_("open the quarantine"))
    return agreed


def as_csv(rows: pa.Table) -> str:
    """Return the rows as CSV in which no cell can act as a formula in a spreadsheet: an apostrophe goes before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(rows.column_names)
    for row in rows.to_pylist():
        writer.writerow([_harmless(value) for value in row.values()])
    return out.getvalue()


def _harmless(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_SIGNS) else text
