"""A received file becomes data, whole or not at all.

Everything is checked, split and sealed first, where nobody sees it; then one transaction makes it current in both
rooms, writes the receipt and the log and destroys the inbox's key. Killed anywhere, the old state stays; run again,
it starts from the inbox anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.contracts import Check, Contract, FileRefused, Place, Report, check_narrowed
from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.holdings import services as holdings
from infotrust.shared.jobs.progress import Progress
from infotrust.shared.storage import services as storage
from infotrust.shared.storage.models import SealedPart
from infotrust.shared.vault import services as vault
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.intake.lifecycle import LIFECYCLE, State
from infotrust.stages.intake.models import Delivery, Receipt
from infotrust.stages.intake.splitting import QUARANTINE, RecordIds, Split, Splitter

# Sent inside the transaction, with `delivery`, `datasets` (codes), `by` and `at`.
delivery_loaded = Signal()

MOST_TRIES = 5
# Readers that began before a correction may finish on what they opened; then the old version's keys go.
GRACE = timedelta(days=1)
INBOX = "inbox"


@dataclass(frozen=True)
class Prepared:
    """A checked delivery, sealed but invisible. `vault_generation` is the one whose record ids were reused."""

    contract: Contract
    report: Report
    split: Split
    vault_generation: int


class _Refused(Exception):
    """Carries a refusal with what the check had counted until then."""

    def __init__(self, refusal: FileRefused, report: Report | None) -> None:
        self.refusal, self.report = refusal, report
        super().__init__(refusal.rule)


def load_delivery(progress: Progress, *, delivery_id: int) -> dict[str, Any]:
    """Check the delivery, split it, make it current. Safe to run again from the start after a crash."""
    delivery = _begin(delivery_id)
    if delivery.state != State.CHECKING:
        return _summary(delivery)
    try:
        _load(delivery, progress)
    except _Refused as refused:
        _refuse(delivery_id, refused.refusal, refused.report, by=progress.by)
    except Exception:
        _fail(delivery_id)
        raise
    return _summary(Delivery.objects.get(pk=delivery_id))


def _load(delivery: Delivery, progress: Progress) -> None:
    for _attempt in range(MOST_TRIES):
        prepared = _prepare(delivery, progress)
        progress.step(_("Make it current"))
        if _make_current(delivery.pk, prepared, by=progress.by):
            return
    raise UserFacingError(
        _("Other deliveries of the same dataset kept changing what this one builds on."),
        next_step=_("Start the job again."),
    )


@transaction.atomic
def _begin(delivery_id: int) -> Delivery:
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    if delivery.state in (State.RECEIVED, State.FAILED):
        LIFECYCLE.require(delivery.state, State.CHECKING, thing=str(delivery))
        delivery.state = State.CHECKING
        delivery.save(update_fields=["state"])
    return delivery


def _prepare(delivery: Delivery, progress: Progress) -> Prepared:
    try:
        contract = _contract_now(delivery)
    except FileRefused as refusal:
        raise _Refused(refusal, None) from refusal
    inbox = delivery.parts.get(room=INBOX)
    checking = check_narrowed(storage.open_chunks(inbox), contract, name=delivery.file_name)
    generation = vault.generation_number(delivery.dataset)
    progress.step(_("Look up earlier records"))
    ids = RecordIds(delivery.dataset, contract, checking.secret)
    splitter = Splitter(contract, ids, period=delivery.period, quarantine_table=delivery.quarantine_table)
    try:
        report = _pass(checking, splitter, progress)
    except FileRefused as refusal:
        raise _Refused(refusal, checking.report) from refusal
    progress.step(_("Seal what is left"))
    return Prepared(contract, report, splitter.finish(), generation)


def _pass(checking: Check, splitter: Splitter, progress: Progress) -> Report:
    rows = 0
    progress.step(_("Check and split rows"), rows)
    for batch in checking:
        splitter.take(batch)
        rows += batch.accepted.num_rows + batch.rejected.num_rows
        progress.step(_("Check and split rows"), rows)
    return checking.finish()


def _contract_now(delivery: Delivery) -> Contract:
    """Return what may be loaded: columns the file was received with that an agreement still covers."""
    place = Place(delivery.file_name)
    try:
        now: Contract = agreements.contract_in_force(delivery.dataset)
    except agreements.NoAgreementInForce as gone:
        raise FileRefused("agreement.none", place) from gone
    brought = {column.name for column in delivery.read_contract().columns}
    lacking = [column.name for column in now.columns if column.needed and column.name not in brought]
    if lacking:
        raise FileRefused("contract.changed", place, columns=", ".join(lacking))
    kept = tuple(column for column in now.columns if column.name in brought)
    return replace(now, columns=kept)


@transaction.atomic
def _make_current(delivery_id: int, prepared: Prepared, *, by: User | None) -> bool:
    """Make the sealed parts current in both rooms; False where what they were made from has changed meanwhile."""
    at = timezone.now()
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    if delivery.state != State.CHECKING:
        return True
    storage.lock_table(vault.ROOM, delivery.dataset)
    if vault.generation_number(delivery.dataset) != prepared.vault_generation:
        return False
    try:
        if _contract_now(delivery).columns != prepared.contract.columns:
            return False
    except FileRefused as refusal:
        raise _Refused(refusal, prepared.report) from refusal
    previous = Delivery.objects.filter(dataset=delivery.dataset, period=delivery.period, state=State.LOADED).first()
    _switch(delivery, prepared.split, previous, by=by, at=at)
    _finish(delivery, previous, prepared, at=at)
    _record_load(delivery, prepared.report, by=by, at=at)
    delivery_loaded.send(sender=Delivery, delivery=delivery, datasets=[delivery.dataset], by=by, at=at)
    return True


def _switch(delivery: Delivery, split: Split, previous: Delivery | None, *, by: User | None, at: datetime) -> None:
    old = list(previous.parts.filter(certificate=None)) if previous else []
    parts: list[SealedPart] = []
    for room, sealed_parts in ((vault, split.vault), (holdings, split.holdings)):
        replaces = [part for part in old if part.room == room.ROOM]
        for sealed in sealed_parts:
            parts.append(room.add(delivery.dataset, sealed, replaces=replaces))
        if replaces and not sealed_parts:
            staying = [part for part in room.current_parts(delivery.dataset) if part not in replaces]
            storage.switch(room.ROOM, delivery.dataset, staying)
    rejected = [storage.keep(sealed) for sealed in split.quarantine]
    if rejected:
        storage.switch(QUARANTINE, delivery.quarantine_table, rejected)
    inbox = list(delivery.parts.filter(room=INBOX))
    storage.shred(inbox, reason=f"Loaded: {delivery.about}", by=by, at=at)
    delivery.parts.add(*parts, *rejected)


def _finish(delivery: Delivery, previous: Delivery | None, prepared: Prepared, *, at: datetime) -> None:
    if previous is not None:
        LIFECYCLE.require(previous.state, State.SUPERSEDED, thing=str(previous))
        previous.state = State.SUPERSEDED
        previous.destroy_due_at, previous.destroy_reason = at + GRACE, f"superseded by {delivery.about}"
        previous.save()
    LIFECYCLE.require(delivery.state, State.LOADED, thing=str(delivery))
    contract = prepared.contract
    lost = {column.name for column in delivery.read_contract().columns} - {each.name for each in contract.columns}
    delivery.state, delivery.ended_at, delivery.supersedes = State.LOADED, at, previous
    delivery.contract, delivery.contract_version = contract.to_odcs(), contract.version
    delivery.agreements, delivery.removed = list(contract.agreements), sorted(lost)
    delivery.save()
    _write_receipt(delivery, prepared.report, known=prepared.split.known, at=at)


def _write_receipt(delivery: Delivery, report: Report, *, known: int, at: datetime) -> None:
    Receipt.objects.update_or_create(
        delivery=delivery,
        defaults={
            "rows": report.rows,
            "accepted": report.accepted,
            "quarantined": report.rejected,
            "known": known,
            "reasons": [
                {"column": each.column, "code": each.code, "count": each.count, "lines": list(each.lines)}
                for each in report.reasons
            ],
            "filled": report.filled,
            "made_at": at,
        },
    )


def _record_load(delivery: Delivery, report: Report, *, by: User | None, at: datetime) -> None:
    audit.record(
        Event.DELIVERY_LOADED,
        about=delivery.about,
        by=by,
        at=at,
        dataset=delivery.dataset,
        period=delivery.period,
        contract=delivery.contract_version,
        agreements=delivery.agreements,
        rows=report.rows,
        accepted=report.accepted,
        quarantined=report.rejected,
        supersedes=delivery.supersedes.about if delivery.supersedes else "",
    )


@transaction.atomic
def _refuse(delivery_id: int, refusal: FileRefused, report: Report | None, *, by: User | None) -> None:
    """Refuse the delivery with its reason and destroy the inbox's key: nothing else was changed."""
    at = timezone.now()
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    LIFECYCLE.require(delivery.state, State.REFUSED, thing=str(delivery))
    delivery.state, delivery.ended_at = State.REFUSED, at
    delivery.reason, delivery.reason_text, delivery.next_step = refusal.rule, refusal.what, refusal.next_step
    delivery.save()
    if report is not None and report.rows:
        _write_receipt(delivery, report, known=0, at=at)
    if inbox := list(delivery.parts.filter(room=INBOX)):
        storage.shred(inbox, reason=f"Refused: {delivery.about}", by=by, at=at)
    audit.record(
        Event.DELIVERY_REFUSED, about=delivery.about, by=by, at=at, rule=refusal.rule, rows=report.rows if report else 0
    )


@transaction.atomic
def _fail(delivery_id: int) -> None:
    """Note that a defect interrupted the load; the job can be started again from the inbox."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    if delivery.state == State.CHECKING:
        delivery.state = State.FAILED
        delivery.save(update_fields=["state"])


def _summary(delivery: Delivery) -> dict[str, Any]:
    receipt = Receipt.objects.filter(delivery=delivery).first()
    counts = {"rows": receipt.rows, "accepted": receipt.accepted} if receipt else {}
    return {"delivery": delivery.pk, "state": delivery.state, **counts}
