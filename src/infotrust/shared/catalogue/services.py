"""Puts things before the public, and takes them back with a reason.

Who may do so was decided by the stage that calls; each of these writes whole pages from plain values, so calling
twice with the same entry leaves the same page. Nothing that is not already safe may be handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from infotrust.core.errors import UserFacingError
from infotrust.shared.catalogue.entries import (
    AgreementEntry,
    AnswerEntry,
    BodyEntry,
    DatasetEntry,
    LinkageErrorEntry,
    LogHeadEntry,
    MinutesEntry,
    MotionEntry,
    RequestEntry,
)
from infotrust.shared.catalogue.models import (
    LogHead,
    PublicAgreement,
    PublicBody,
    PublicDataset,
    PublicField,
    PublicLinkageError,
    PublicMinutes,
    PublicMotion,
    PublicRequest,
    PublishedAnswer,
)


@transaction.atomic
def show_dataset(entry: DatasetEntry, *, at: datetime | None = None) -> PublicDataset:
    """Show a dataset and its fields, in the order given; what was shown of it before is replaced."""
    values = {name: value for name, value in asdict(entry).items() if name not in {"code", "fields"}}
    dataset, _ = PublicDataset.objects.update_or_create(
        code=entry.code, defaults=values | {"shown_at": at or timezone.now()}
    )
    dataset.fields.all().delete()
    PublicField.objects.bulk_create(
        PublicField(
            dataset=dataset,
            position=position,
            **(asdict(field) | {"law_classes": list(field.law_classes), "codes": dict(field.codes)}),
        )
        for position, field in enumerate(entry.fields)
    )
    return dataset


def show_agreement(entry: AgreementEntry, *, at: datetime | None = None) -> PublicAgreement:
    """Show an agreement in force, or show that it has ended (`ended_on`, `ended_reason`). It is never taken away."""
    values = asdict(entry)
    code = values.pop("code")
    values |= {name: list(values[name]) for name in ("parties", "purposes", "recipients")}
    values["datasets"] = [
        {"code": shared.code, "title": shared.title, "agency": shared.agency, "uses": _plain(shared.uses)}
        for shared in entry.datasets
    ]
    agreement, _ = PublicAgreement.objects.update_or_create(
        code=code, defaults=values | {"shown_at": at or timezone.now()}
    )
    return agreement


def _plain(uses: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {name: list(use) for name, use in uses.items()}


@transaction.atomic
def publish_answer(entry: AnswerEntry, *, at: datetime | None = None) -> PublishedAnswer:
    """Publish an answer, or a new edition of it. A withdrawn answer comes back only by a new publication."""
    values = asdict(entry)
    slug = values.pop("slug")
    values |= {"limits": list(entry.limits), "agreements": list(entry.agreements), "sources": list(values["sources"])}
    earlier = PublishedAnswer.objects.select_for_update().filter(slug=slug).first()
    answer, _ = PublishedAnswer.objects.update_or_create(
        slug=slug,
        defaults=values
        | {
            "edition": earlier.edition + 1 if earlier else 1,
            "published_at": at or timezone.now(),
            "withdrawn_at": None,
            "withdrawn_reason": "",
        },
    )
    return answer


@transaction.atomic
def withdraw_answer(slug: str, *, reason: str, at: datetime | None = None) -> PublishedAnswer:
    """Withdraw an answer: the numbers are erased from the catalogue; its page stays and says when and why."""
    answer = PublishedAnswer.objects.select_for_update().filter(slug=slug).first()
    if answer is None:
        raise UserFacingError(f"No answer {slug!r} is published.", next_step="Check the address of its page.")
    if not reason.strip():
        raise UserFacingError(f"Answer {slug!r} needs a reason to be withdrawn.", next_step="The page shows it.")
    answer.withdrawn_at, answer.withdrawn_reason = at or timezone.now(), reason.strip()
    answer.table, answer.sentence = {}, ""
    answer.save()
    return answer


@transaction.atomic
def show_request(entry: RequestEntry, *, at: datetime | None = None) -> PublicRequest:
    """Show where a request for data is. Shown again in the same stage, it keeps the day since when it is there."""
    values = asdict(entry)
    code = values.pop("code")
    earlier = PublicRequest.objects.select_for_update().filter(code=code).first()
    if earlier is not None and earlier.stage == entry.stage:
        values["since"] = earlier.since
    values |= {"agencies": list(entry.agencies), "shown_at": at or timezone.now()}
    return PublicRequest.objects.update_or_create(code=code, defaults=values)[0]


def show_log_head(entry: LogHeadEntry, *, at: datetime | None = None) -> LogHead:
    """Print the fingerprint of the audit log. One that was printed is never replaced by another for the same length."""
    head, _ = LogHead.objects.get_or_create(
        entries=entry.entries,
        defaults={"digest": entry.digest, "at": entry.at, "shown_at": at or timezone.now()},
    )
    if head.digest != entry.digest:
        raise UserFacingError(
            f"The audit log's fingerprint after {entry.entries} entries differs from the one already made public.",
            next_step="Run `infotrust-server verify-audit`: the log was changed.",
        )
    return head


def show_linkage_error(entry: LinkageErrorEntry, *, at: datetime | None = None) -> PublicLinkageError:
    """Show how often a linkage is wrong. Measured again, the newer figures of the same linkage take the place.

    Withdrawn figures come back only so.
    """
    values = asdict(entry)
    shown, _ = PublicLinkageError.objects.update_or_create(
        run=values.pop("run"),
        defaults=values
        | {
            "communities": list(values["communities"]),
            "shown_at": at or timezone.now(),
            "withdrawn_at": None,
            "withdrawn_reason": "",
        },
    )
    return shown


@transaction.atomic
def withdraw_linkage_error(run: int, *, reason: str, at: datetime | None = None) -> PublicLinkageError:
    """Withdraw how often a linkage is wrong: the shares are erased from the catalogue; the page says when and why."""
    error = PublicLinkageError.objects.select_for_update().filter(run=run, withdrawn_at=None).first()
    if error is None:
        raise UserFacingError(
            f"Nothing about the error of linkage run {run} is public.", next_step="See the page of the run's accuracy."
        )
    if not reason.strip():
        raise UserFacingError(f"The error of linkage run {run} needs a reason to be withdrawn.")
    error.withdrawn_at, error.withdrawn_reason = at or timezone.now(), reason.strip()
    error.precision, error.recall, error.agreed, error.communities = {}, {}, None, []
    error.save()
    return error


def show_body(entry: BodyEntry, *, at: datetime | None = None) -> PublicBody:
    """Show a board with its charter, rules and seats; what was shown of it before is replaced."""
    values = asdict(entry) | {"rules": list(entry.rules)}
    values["seats"] = [asdict(seat) | {"until": seat.until.isoformat() if seat.until else ""} for seat in entry.seats]
    body, _ = PublicBody.objects.update_or_create(
        code=values.pop("code"), defaults=values | {"shown_at": at or timezone.now()}
    )
    return body


def show_motion(entry: MotionEntry, *, at: datetime | None = None) -> PublicMotion:
    """Show what a board is asked to decide, or how it decided. Comments on it stay as they are."""
    values = asdict(entry) | {"counts": dict(entry.counts)}
    values |= {name: list(values[name]) for name in ("votes", "answers", "looked_back")}
    motion, _ = PublicMotion.objects.update_or_create(
        label=values.pop("label"), defaults=values | {"shown_at": at or timezone.now()}
    )
    return motion


def show_minutes(entry: MinutesEntry, *, at: datetime | None = None) -> PublicMinutes:
    """Show the minutes of a meeting."""
    values = asdict(entry) | {"passages": [dict(one) for one in entry.passages]}
    minutes, _ = PublicMinutes.objects.update_or_create(
        number=values.pop("number"), defaults=values | {"shown_at": at or timezone.now()}
    )
    return minutes
