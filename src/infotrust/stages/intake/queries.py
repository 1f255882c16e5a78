"""Reading deliveries. With `by`, only for those who may follow deliveries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.contracts import NOTES, Column, Contract, row_rule
from infotrust.core.elements import DataType
from infotrust.core.errors import NotThere
from infotrust.shared.accounts.models import Agency, User
from infotrust.shared.jobs import queries as jobs
from infotrust.shared.jobs.models import Job
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import Decision
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.intake.lifecycle import State
from infotrust.stages.intake.models import Delivery, Receipt
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.inventory.terms import TYPE_LABELS

# Days within which the next delivery is due, by `inventory.terms.UpdateFrequency`; "once" has none.
DAYS = {"daily": 1, "weekly": 7, "monthly": 31, "quarterly": 92, "yearly": 366}
MOST_SHOWN = 200


class NoSuchDelivery(NotThere):
    """There is no delivery of that number."""


def deliveries(*, by: User) -> QuerySet[Delivery]:
    """Return all deliveries, newest first; raises `NotPermitted`."""
    duties.require("see deliveries", by=by)
    return _whole()


def delivery(number: int, *, by: User) -> Delivery:
    """Return one delivery; raises `NotPermitted` or `NoSuchDelivery`."""
    duties.require("see deliveries", by=by)
    found = _whole().filter(pk=number).first()
    if found is None:
        raise NoSuchDelivery(
            _("There is no delivery number %(number)s.") % {"number": number},
            next_step=_("See the list of deliveries for those there are."),
        )
    return found


def _whole() -> QuerySet[Delivery]:
    return Delivery.objects.select_related("agency", "received_by", "supersedes", "receipt")


def loaded(dataset: str) -> list[Delivery]:
    """Return the deliveries of `dataset` that readers see, by period (for other stages)."""
    return sorted(
        _whole().filter(dataset=dataset, state=State.LOADED), key=lambda delivery: period_order(delivery.period)
    )


def periods_loaded(datasets: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return for each of `datasets` the periods that readers see, earliest first."""
    found: dict[str, list[str]] = {dataset: [] for dataset in datasets}
    loaded = Delivery.objects.filter(dataset__in=found, state=State.LOADED)
    for dataset, period in loaded.values_list("dataset", "period"):
        found[dataset].append(period)
    return {dataset: tuple(sorted(periods, key=period_order)) for dataset, periods in found.items()}


def period_order(period: str) -> tuple[tuple[int, ...], str]:
    """Sort periods by the numbers in them, then as text: 2025-26 before 2026-27, 2026-Q3 before 2026-Q10.

    What a dataset's own agency writes keeps one form; between forms the year comes first in both.
    """
    return tuple(int(number) for number in re.findall(r"\d+", period)), period


@dataclass(frozen=True)
class Expected:
    """A dataset of the reader's agency: whether it may be sent, and when the next delivery is due."""

    code: str
    title: str
    covered: bool
    last: Delivery | None
    due_on: datetime | None
    # Every period in use, earliest first; the last one is not always the one that was loaded last.
    loaded: tuple[Delivery, ...] = ()

    @property
    def late(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.now()


@dataclass(frozen=True)
class Overview:
    """The list of deliveries: the reader's own agency first."""

    own: tuple[Delivery, ...]
    others: tuple[Delivery, ...]
    expected: tuple[Expected, ...]
    may_send: Decision


def overview(*, by: User) -> Overview:
    """Return what the page of `by` shows; raises `NotPermitted`."""
    found = list(deliveries(by=by)[:MOST_SHOWN])
    _add_titles(found)
    return Overview(
        own=tuple(each for each in found if each.agency_id == by.agency_id),
        others=tuple(each for each in found if each.agency_id != by.agency_id),
        expected=tuple(expected(by.agency)) if by.agency else (),
        may_send=duties.may("send delivery", by=by, agency=by.agency),
    )


def _add_titles(found: list[Delivery]) -> None:
    titles = {dataset.code: dataset.title for dataset in inventory.datasets()}
    for each in found:
        each.title = titles.get(each.dataset, each.dataset)


def expected(agency: Agency) -> list[Expected]:
    """Return each dataset of `agency`, with what was sent last and when the next is due."""
    rows = []
    for dataset in inventory.datasets_of(agency):
        covered = bool(agreements.agreed_fields(dataset.code))
        in_use = tuple(loaded(dataset.code))
        # A correction of an old period does not put off the next one.
        last = in_use[-1] if in_use else None
        days = DAYS.get(dataset.update_frequency)
        due = last.ended_at + timedelta(days=days) if covered and days and last and last.ended_at else None
        rows.append(Expected(dataset.code, dataset.title, covered, last, due, in_use))
    return rows


def contract_to_send(dataset: str, *, by: User) -> Contract:
    """Return what a delivery of `dataset` must look like, for a steward of its agency; raises `NotPermitted`."""
    duties.require("send delivery", by=by, agency=inventory.dataset(dataset).agency)
    return agreements.contract_in_force(dataset)


@dataclass(frozen=True)
class ColumnLine:
    """A column of the contract as the page shows it. `example` is a date written in the agreed form."""

    column: Column
    type: str
    example: str


def column_lines(contract: Contract) -> list[ColumnLine]:
    """Return the columns in words."""
    # A day above 12 shows which number is the month.
    day = date(2015, 9, 30)
    return [
        ColumnLine(
            column,
            str(TYPE_LABELS[column.type]),
            day.strftime(column.date_format) if column.type is DataType.DATE else "",
        )
        for column in contract.columns
    ]


@dataclass(frozen=True)
class ReasonLine:
    """A kind of problem as the receipt shows it."""

    column: str
    what: str
    next_step: str
    count: int
    lines: str


@dataclass(frozen=True)
class DeliveryPage:
    """What the page of one delivery shows."""

    delivery: Delivery
    receipt: Receipt | None
    reasons: tuple[ReasonLine, ...]
    notes: tuple[str, ...]
    job: Job | None
    may_open_quarantine: Decision
    may_send: Decision

    @property
    def is_over(self) -> bool:
        return self.delivery.state not in (State.RECEIVED, State.CHECKING)

    @property
    def quarantine_is_there(self) -> bool:
        has_rows = self.receipt is not None and self.receipt.quarantined > 0
        return has_rows and self.delivery.state in (State.LOADED, State.SUPERSEDED)


def delivery_page(number: int, *, by: User) -> DeliveryPage:
    """Return what the page of delivery `number` shows to `by`; raises `NotPermitted`, `NoSuchDelivery`."""
    found = delivery(number, by=by)
    _add_titles([found])
    receipt = Receipt.objects.filter(delivery=found).first()
    return DeliveryPage(
        delivery=found,
        receipt=receipt,
        reasons=tuple(_reason_line(each) for each in receipt.reasons) if receipt else (),
        notes=tuple(_(NOTES[code]) for code in found.notes if code in NOTES),
        job=jobs.for_about(found.about).first(),
        may_open_quarantine=duties.may("open quarantine", by=by, agency=found.agency),
        may_send=duties.may("send delivery", by=by, agency=found.agency),
    )


def _reason_line(reason: dict[str, Any]) -> ReasonLine:
    rule = row_rule(reason["code"])
    lines = ", ".join(str(line) for line in reason["lines"])
    more = " …" if reason["count"] > len(reason["lines"]) else ""
    return ReasonLine(reason["column"], _(rule.what), _(rule.next_step), reason["count"], lines + more)


def reasons_in_words(reasons: str) -> str:
    """Return the reasons of one rejected row ("column:code" joined by spaces) as its reader understands them."""
    pairs = [each.partition(":") for each in reasons.split()]
    words = [(column, _(row_rule(code).what)) for column, _colon, code in pairs]
    return " ".join(f"{column}: {what}" if column else what for column, what in words)


def quarantine_page(number: int, *, by: User) -> Delivery:
    """Return the delivery whose quarantine `by` may open; raises `NotPermitted`, `NoSuchDelivery`."""
    found = delivery(number, by=by)
    duties.require("open quarantine", by=by, agency=found.agency)
    _add_titles([found])
    return found
