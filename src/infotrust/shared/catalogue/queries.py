"""What the public pages read. There is nothing here to be refused: everything in the catalogue is public."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

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


def answers() -> QuerySet[PublishedAnswer]:
    """Answers that stand, newest first."""
    return PublishedAnswer.objects.filter(withdrawn_at__isnull=True)


def withdrawn_answers() -> QuerySet[PublishedAnswer]:
    return PublishedAnswer.objects.filter(withdrawn_at__isnull=False)


def answer(slug: str) -> PublishedAnswer | None:
    """The answer of this address, also when it was withdrawn."""
    return PublishedAnswer.objects.filter(slug=slug).first()


def agreements_in_force(today: date | None = None) -> QuerySet[PublicAgreement]:
    return PublicAgreement.objects.filter(ended_on__isnull=True, ends_on__gte=today or timezone.localdate())


def agreements_ended(today: date | None = None) -> QuerySet[PublicAgreement]:
    """Agreements that were ended, or whose last day has passed; latest first."""
    return PublicAgreement.objects.filter(
        Q(ended_on__isnull=False) | Q(ends_on__lt=today or timezone.localdate())
    ).order_by("-ends_on", "code")


def agreement(code: str) -> PublicAgreement | None:
    return PublicAgreement.objects.filter(code__iexact=code).first()


def agreements_named(codes: list[str]) -> list[PublicAgreement]:
    return list(PublicAgreement.objects.filter(code__in=codes))


def agreements_about(dataset: str) -> list[PublicAgreement]:
    """Agreements that share this dataset, the ones in force first."""
    # Compared here, not in SQL: a JSON "contains" is not the same on SQLite and PostgreSQL.
    about = [one for one in PublicAgreement.objects.all() if any(d["code"] == dataset for d in one.datasets)]
    return sorted(about, key=lambda one: (one.ended_on is not None, one.code))


def answers_under(code: str) -> list[PublishedAnswer]:
    """Answers made under this agreement."""
    return [one for one in answers() if code in one.agreements]


def dataset(code: str) -> PublicDataset | None:
    return PublicDataset.objects.filter(code=code).prefetch_related("fields").first()


@dataclass(frozen=True)
class Found:
    """A dataset that fits what was looked for, and those of its fields that fit."""

    dataset: PublicDataset
    fields: tuple[PublicField, ...]
    field_count: int


def find_datasets(words: str = "") -> list[Found]:
    """Datasets in which each word stands in their own description or in one field's name or definition."""
    wanted = words.split()
    datasets = PublicDataset.objects.annotate(field_count=Count("fields")).prefetch_related(
        Prefetch("fields", queryset=PublicField.objects.order_by("position"))
    )
    found = []
    for one in datasets:
        fields = tuple(field for field in one.fields.all() if _fits(wanted, _text_of_field(field))) if wanted else ()
        if not wanted or fields or _fits(wanted, _text_of_dataset(one)):
            found.append(Found(one, fields, one.field_count))
    return found


def _fits(wanted: list[str], text: str) -> bool:
    return all(word.casefold() in text for word in wanted)


def _text_of_dataset(one: PublicDataset) -> str:
    return " ".join((one.code, one.title, one.description, one.agency, one.unit)).casefold()


def _text_of_field(field: PublicField) -> str:
    return " ".join((field.name, field.title, field.definition, *map(str, field.codes.values()))).casefold()


# Stages after which nobody is waited for any more (codes of stages/requests).
REQUESTS_OVER = ("licensed", "refused", "withdrawn")


def requests_waiting() -> QuerySet[PublicRequest]:
    """Requests for data on which someone has still to decide, the one that has waited longest first."""
    return PublicRequest.objects.exclude(stage__in=REQUESTS_OVER)


def requests_done() -> QuerySet[PublicRequest]:
    """Requests for data that were licensed, not granted, or withdrawn; the latest first."""
    return PublicRequest.objects.filter(stage__in=REQUESTS_OVER).order_by("-since", "code")


def log_head() -> LogHead | None:
    """The newest fingerprint that was made public."""
    return LogHead.objects.order_by("-entries").first()


def log_heads(count: int = 20) -> QuerySet[LogHead]:
    return LogHead.objects.order_by("-entries")[:count]


def linkage_error() -> PublicLinkageError | None:
    """How often the latest linkage that was measured and made public is wrong, also when that was withdrawn."""
    return PublicLinkageError.objects.first()


def linkage_error_of(run: int) -> PublicLinkageError | None:
    """The same of one linkage run."""
    return PublicLinkageError.objects.filter(run=run).first()


@dataclass(frozen=True)
class Numbers:
    """The size of the trust, for the home page."""

    agencies: int
    agreements: int
    datasets: int
    answers: int


def numbers() -> Numbers:
    in_force = list(agreements_in_force())
    return Numbers(
        agencies=len({party for one in in_force for party in one.parties}),
        agreements=len(in_force),
        datasets=PublicDataset.objects.count(),
        answers=answers().count(),
    )


def has_ended(one: PublicAgreement, today: date | None = None) -> bool:
    """Whether it was ended, or its last day has passed."""
    return one.ended_on is not None or one.ends_on < (today or timezone.localdate())


@dataclass(frozen=True)
class SharedField:
    """A field under an agreement: what the catalogue says of it (None where it is not described) and its uses."""

    name: str
    field: PublicField | None
    uses: tuple[str, ...]


@dataclass(frozen=True)
class SharedFields:
    """A dataset under an agreement, with its shared fields and how many of its fields are not shared."""

    code: str
    title: str
    agency: str
    described: bool
    fields: tuple[SharedField, ...]
    kept_back: int


def shared_fields(one: PublicAgreement) -> list[SharedFields]:
    """What an agreement shares, field by field, in the order of the catalogue."""
    known = PublicDataset.objects.filter(code__in=[d["code"] for d in one.datasets]).prefetch_related("fields")
    described = {dataset.code: dataset for dataset in known}
    return [_shared_fields(shared, described.get(shared["code"])) for shared in one.datasets]


def _shared_fields(shared: dict[str, Any], dataset: PublicDataset | None) -> SharedFields:
    fields = {field.name: field for field in dataset.fields.all()} if dataset else {}
    uses = {name: tuple(use) for name, use in shared["uses"].items() if use}
    order = [name for name in fields if name in uses] + sorted(set(uses) - set(fields))
    return SharedFields(
        code=shared["code"],
        title=shared["title"] or (dataset.title if dataset else shared["code"]),
        agency=shared["agency"] or (dataset.agency if dataset else ""),
        described=dataset is not None,
        fields=tuple(SharedField(name, fields.get(name), uses[name]) for name in order),
        kept_back=len(set(fields) - set(uses)),
    )


def bodies() -> QuerySet[PublicBody]:
    """The boards of the trust, in the order in which they were founded."""
    return PublicBody.objects.all()


def body(code: str) -> PublicBody | None:
    return PublicBody.objects.filter(code=code).first()


def motion(label: str) -> PublicMotion | None:
    return PublicMotion.objects.filter(label__iexact=label).first()


def motions(states: Iterable[str], body: str = "") -> QuerySet[PublicMotion]:
    """Motions in one of these states, the newest first; of one board where its short name is given."""
    found = PublicMotion.objects.filter(state__in=list(states))
    return found.filter(body_code=body) if body else found


def open_for_comment(at: datetime | None = None) -> list[PublicMotion]:
    """Motions on which anyone may comment now, the one that closes first on top."""
    now = at or timezone.now()
    found = PublicMotion.objects.filter(state="comment", comment_opens_at__lte=now, comment_closes_at__gt=now)
    return list(found.order_by("comment_closes_at", "pk"))


def minutes(number: int) -> PublicMinutes | None:
    return PublicMinutes.objects.filter(number=number).first()


def minutes_of(body: str) -> QuerySet[PublicMinutes]:
    """The published minutes of a board, the latest first."""
    return PublicMinutes.objects.filter(body_code=body)
