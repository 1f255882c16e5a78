"""What happens to deliveries when an agreement ends, and when their time is up.

Access is cut by the policies at once; here the data itself goes. Where no agreement covers a dataset any more, keys are
destroyed now, or after the days of retention that the agreement fixed. Where only some fields lost their cover, a new
generation without them replaces the old one, whose keys are destroyed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core import vaulting
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.jobs import services as jobs
from infotrust.shared.jobs.progress import Progress
from infotrust.shared.storage import queries as stored
from infotrust.shared.storage import services as storage
from infotrust.shared.storage.models import SealedPart
from infotrust.shared.storage.services import Sealed
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.intake.lifecycle import LIFECYCLE, State
from infotrust.stages.intake.models import Delivery

NARROW = "remove fields"
NO_COVER = "no agreement covers the dataset any more"
# Rooms whose tables hold fields; the inbox is destroyed as soon as a delivery is loaded or refused.
ROOMS_WITH_FIELDS = ("vault", "holdings", "quarantine")
# Columns of our own in those tables.
OUR_COLUMNS = ("record_id", "period", "line", "reasons")


@transaction.atomic
def agreement_ended(
    *,
    agreement_code: str,
    datasets: Collection[str],
    by: User | None,
    at: datetime | None = None,
    retention_days: int | None = None,
) -> None:
    """Destroy, schedule or narrow what the ended agreement covered and no other one does.

    `retention_days` (default: the agreement's own) is how long after its end the data may be kept, sealed and unused.
    """
    at = at or timezone.now()
    if retention_days is None:
        retention_days = agreements.agreement(agreement_code).retention_days
    for dataset in sorted(datasets):
        if not agreements.kept_fields(dataset, at):
            _lose(dataset, due=at + timedelta(days=retention_days), by=by, at=at)
        elif any(_uncovered(delivery, at) for delivery in _in_use(dataset)):
            jobs.start(NARROW, by=by, about=f"dataset:{dataset}", arguments={"dataset": dataset})


def _lose(dataset: str, *, due: datetime, by: User | None, at: datetime) -> None:
    """Destroy what can no longer be loaded, and what is loaded once `due` has come."""
    for delivery in _not_over(dataset):
        if due <= at or delivery.state != State.LOADED:
            destroy(delivery, reason=NO_COVER, by=by, at=at)
        else:
            delivery.destroy_due_at, delivery.destroy_reason = due, NO_COVER
            delivery.save(update_fields=["destroy_due_at", "destroy_reason"])


@transaction.atomic
def destroy(delivery: Delivery, *, reason: str, by: User | None, at: datetime | None = None) -> Delivery:
    """Destroy the keys of everything the delivery brought, in every room; storage makes the certificate."""
    at = at or timezone.now()
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    LIFECYCLE.require(delivery.state, State.DESTROYED, thing=str(delivery))
    parts = list(delivery.parts.filter(certificate=None))
    certificate = storage.shred(parts, reason=f"{delivery.about}: {reason}", by=by, at=at) if parts else None
    delivery.state, delivery.destroyed_at, delivery.destroy_reason = State.DESTROYED, at, reason
    delivery.destroy_due_at = None
    delivery.save()
    audit.record(
        Event.DELIVERY_DESTROYED,
        about=delivery.about,
        by=by,
        at=at,
        dataset=delivery.dataset,
        reason=reason,
        certificate=certificate.digest if certificate else "",
    )
    return delivery


def destroy_due(at: datetime | None = None) -> int:
    """Destroy deliveries whose time is up; return how many. A dataset that an agreement covers again is kept."""
    at = at or timezone.now()
    count = 0
    for delivery in Delivery.objects.filter(destroy_due_at__lte=at).order_by("pk"):
        if delivery.state == State.LOADED and agreements.kept_fields(delivery.dataset, at):
            _keep_again(delivery)
        else:
            destroy(delivery, reason=delivery.destroy_reason, by=None, at=at)
            count += 1
    return count


@transaction.atomic
def _keep_again(delivery: Delivery) -> None:
    delivery.destroy_due_at, delivery.destroy_reason = None, ""
    delivery.save(update_fields=["destroy_due_at", "destroy_reason"])
    jobs.start(NARROW, by=None, about=f"dataset:{delivery.dataset}", arguments={"dataset": delivery.dataset})


def remove_fields(progress: Progress, *, dataset: str) -> dict[str, Any]:
    """Write the loaded deliveries of `dataset` anew without the fields that no agreement covers, then shred the old.

    Safe to run again from the start: a delivery that was narrowed already has nothing left to remove.
    """
    removed: set[str] = set()
    deliveries = _in_use(dataset)
    for done, delivery in enumerate(deliveries):
        progress.step(_("Remove fields that lost their agreement"), done, len(deliveries))
        lost = _uncovered(delivery, None)
        if lost and delivery.state == State.SUPERSEDED:
            destroy(delivery, reason=delivery.destroy_reason, by=progress.by)
        elif lost:
            _narrow(delivery, lost, by=progress.by)
            removed |= lost
    return {"deliveries": len(deliveries), "fields": sorted(removed)}


def _narrow(delivery: Delivery, lost: frozenset[str], *, by: User | None) -> None:
    if lost >= {column.name for column in delivery.read_contract().columns}:
        destroy(delivery, reason=NO_COVER, by=by)
        return
    old = [part for part in delivery.parts.filter(certificate=None) if part.room in ROOMS_WITH_FIELDS]
    sealed = [(part, _without(part, lost)) for part in old]
    _switch_narrowed(delivery.pk, [pair for pair in sealed if pair[1] is not None], lost, by=by)


def _without(part: SealedPart, lost: frozenset[str]) -> Sealed | None:
    """Seal a copy of `part` without the columns `lost`; None where it has none of them."""
    place = stored.path_and_key(part)
    columns = list(vaulting.columns_of([place]))
    kept = [name for name in columns if name in OUR_COLUMNS or name not in lost]
    if kept == columns:
        return None
    return storage.seal_table(part.room, part.table, vaulting.read_table([place], kept))


@transaction.atomic
def _switch_narrowed(
    delivery_id: int, pairs: list[tuple[SealedPart, Sealed | None]], lost: frozenset[str], *, by: User | None
) -> None:
    at = timezone.now()
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    if delivery.state != State.LOADED:
        return
    for room, table in sorted({(part.room, part.table) for part, _sealed in pairs}):
        storage.lock_table(room, table)
        going = {part.pk for part, _sealed in pairs}
        staying = [part for part in storage.current_parts(room, table) if part.pk not in going]
        new = [storage.keep(sealed) for part, sealed in pairs if sealed and (part.room, part.table) == (room, table)]
        storage.switch(room, table, staying + new)
        delivery.parts.add(*new)
    if pairs:
        reason = f"{delivery.about}: fields lost their agreement"
        storage.shred([part for part, _sealed in pairs], reason=reason, by=by, at=at)
    delivery.contract = delivery.read_contract().without(lost).to_odcs()
    delivery.removed = sorted({*delivery.removed, *lost})
    delivery.save(update_fields=["contract", "removed"])
    audit.record(
        Event.DELIVERY_NARROWED, about=delivery.about, by=by, at=at, dataset=delivery.dataset, fields=sorted(lost)
    )


def _in_use(dataset: str) -> list[Delivery]:
    return list(Delivery.objects.filter(dataset=dataset, state__in=(State.LOADED, State.SUPERSEDED)).order_by("pk"))


def _not_over(dataset: str) -> list[Delivery]:
    over = (State.REFUSED, State.DESTROYED)
    return list(Delivery.objects.filter(dataset=dataset).exclude(state__in=over).order_by("pk"))


def _uncovered(delivery: Delivery, at: datetime | None) -> frozenset[str]:
    brought = {column.name for column in delivery.read_contract().columns}
    return frozenset(brought - agreements.kept_fields(delivery.dataset, at))
