"""A file comes in: narrowed to the agreed columns while it is sealed into the inbox, then queued for checking."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.contracts import Contract, FileRefused, Narrowed, check_name, narrow
from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import Agency, User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.jobs import services as jobs
from infotrust.shared.permissions import duties
from infotrust.shared.storage import services as storage
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.intake.lifecycle import LIVING
from infotrust.stages.intake.models import Delivery
from infotrust.stages.intake.spool import Spool
from infotrust.stages.inventory import queries as inventory

LOAD = "load delivery"
INBOX = "inbox"
CHUNK = 1 << 20
# What a period may be called: 2026, 2026-Q3, 2025-26, "School year 2025-26".
PERIOD = re.compile(r"[0-9A-Za-z][0-9A-Za-z _/–-]{0,39}")


def receive_delivery(
    *, agency: Agency, dataset: str, period: str, name: str, stream: BinaryIO, by: User, at: datetime | None = None
) -> Delivery:
    """Take in the file `stream` called `name`, sent by `agency` for `dataset` and `period`, and queue its check.

    Only agreed columns reach the disk, encrypted. The same file sent again returns the delivery it made the first
    time, with `sent_before` set. Raises `FileRefused` (and records it) for a file that cannot be read,
    `NoAgreementInForce`, `NotPermitted`.
    """
    at = at or timezone.now()
    duties.require("send delivery", by=by, agency=agency)
    contract = _contract(agency, dataset, at)
    period = _clean_period(period)
    try:
        name = check_name(name)
        stream = _seekable(stream)
        digest, size = _fingerprint(stream)
        if same := _same_file(agency, dataset, period, digest):
            return same
        narrowed = narrow(stream, name, contract)
        sealed = storage.seal_chunks(INBOX, dataset, narrowed)
    except FileRefused as refusal:
        _record_refusal(refusal, dataset=dataset, period=period, by=by, at=at)
        raise
    delivery = _new(agency, dataset, period, narrowed, digest=digest, size=size, by=by, at=at)
    try:
        return _keep(delivery, sealed, by=by, at=at)
    except IntegrityError:
        # The same file was being sent twice at once: the other one was first.
        if same := _same_file(agency, dataset, period, digest):
            return same
        raise


def _contract(agency: Agency, dataset: str, at: datetime) -> Contract:
    owner = inventory.dataset(dataset).agency
    if owner.pk != agency.pk:
        raise UserFacingError(
            _("The dataset %(dataset)s does not belong to %(agency)s.") % {"dataset": dataset, "agency": agency.name},
            next_step=_("Choose one of your own agency's datasets."),
        )
    return agreements.contract_in_force(dataset, at)


def _clean_period(period: str) -> str:
    period = period.strip()
    if not PERIOD.fullmatch(period):
        raise UserFacingError(
            _("The period is missing, or has signs in it that a period cannot have."),
            next_step=_("Write the period the file covers, for example 2025-26 or 2026-Q3."),
        )
    return period


def _seekable(stream: BinaryIO) -> BinaryIO:
    """Return `stream`, or a spool with its bytes where it cannot seek (a zip file is read from its end)."""
    if stream.seekable():
        stream.seek(0)
        return stream
    spool = Spool(settings.STORAGE_FOLDER)
    while chunk := stream.read(CHUNK):
        spool.write(chunk)
    return spool  # type: ignore[return-value]


def _fingerprint(stream: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    stream.seek(0)
    return digest.hexdigest(), size


def _same_file(agency: Agency, dataset: str, period: str, digest: str) -> Delivery | None:
    same = Delivery.objects.filter(
        agency=agency, dataset=dataset, period=period, sha256=digest, state__in=LIVING
    ).first()
    if same is not None:
        same.sent_before = True
    return same


def _new(
    agency: Agency, dataset: str, period: str, narrowed: Narrowed, *, digest: str, size: int, by: User, at: datetime
) -> Delivery:
    contract = narrowed.contract
    return Delivery(
        agency=agency,
        dataset=dataset,
        period=period,
        file_name=narrowed.file,
        sha256=digest,
        size=size,
        contract=contract.to_odcs(),
        contract_version=contract.version,
        agreements=list(contract.agreements),
        dropped=list(narrowed.dropped),
        absent=list(narrowed.absent),
        notes=list(narrowed.notes),
        received_by=by,
        received_at=at,
    )


@transaction.atomic
def _keep(delivery: Delivery, sealed: storage.Sealed, *, by: User, at: datetime) -> Delivery:
    delivery.save()
    delivery.parts.add(storage.keep(sealed))
    audit.record(
        Event.DELIVERY_RECEIVED,
        about=delivery.about,
        by=by,
        at=at,
        dataset=delivery.dataset,
        period=delivery.period,
        sha256=delivery.sha256,
        contract=delivery.contract_version,
        agreements=delivery.agreements,
        dropped_columns=len(delivery.dropped),
    )
    jobs.start(LOAD, by=by, about=delivery.about, arguments={"delivery_id": delivery.pk})
    return delivery


def _record_refusal(refusal: FileRefused, *, dataset: str, period: str, by: User, at: datetime) -> None:
    # The file's name and a column's number may come from the file itself; the rule and the line are ours.
    audit.record(
        Event.DELIVERY_REFUSED,
        about=f"dataset:{dataset}",
        by=by,
        at=at,
        period=period,
        rule=refusal.rule,
        line=refusal.place.line,
    )
