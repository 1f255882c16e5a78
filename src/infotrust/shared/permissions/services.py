"""Asking whether a field may be used, and publishing the policies that answer.

Each call looks up, with one small query, which version is current; the parsed policies are kept by their digest. So a
revocation acts on the next request, in every process. A refusal is raised, never recorded here: it must outlive the
caller's transaction, which is undone; the web middleware and the worker record what `NotPermitted` carries.
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from infotrust.core.policy.book import NO_AGREEMENT, PolicyBook, Request, Rule, Verdict, assemble
from infotrust.core.policy.table import allowed_table, table_digest
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions.decision import Decision, NotPermitted, Reason
from infotrust.shared.permissions.models import PolicyVersion

BOOKS_KEPT = 4
_books: OrderedDict[str, PolicyBook] = OrderedDict()


@dataclass(frozen=True)
class FieldRequest:
    """Who wants to do what (view, link, extract, aggregate, contribute) with which field, for what, under what, when.

    `agreement` empty: under any agreement in force. `serving`: the actor serves the person the record is about.
    `license`: also within this license; empty: under none.
    """

    actor: User
    action: str
    dataset: str
    field: str
    purpose: str
    agreement: str = ""
    at: datetime = dataclasses.field(default_factory=timezone.now)
    serving: bool = False
    license: str = ""


def current_version() -> PolicyVersion | None:
    """Return the policies in force; None until the first agreement is signed."""
    return PolicyVersion.objects.filter(current=True).first()


def current_book() -> tuple[str, PolicyBook]:
    """Return the current version's label ("" if there is none yet) and its policies, parsed."""
    found = PolicyVersion.objects.filter(current=True).values_list("number", "digest").first()
    if found is None:
        return "", _empty_book()
    number, digest = found
    return str(number), _book(digest)


def decide(request: FieldRequest) -> Decision:
    """Decide one request. The decision names each rule that refused, or the agreement that allows."""
    return decide_all([request])[0]


def decide_all(requests: Sequence[FieldRequest]) -> list[Decision]:
    """Decide each request under one and the same policy version, in the order given."""
    version, book = current_book()
    standing = {request.actor.pk: _two_step(request.actor) for request in requests}
    verdicts = book.decide_all([_plain(request, standing[request.actor.pk]) for request in requests])
    return [
        _decision(verdict, version) if request.actor.is_active else _inactive(version)
        for request, verdict in zip(requests, verdicts, strict=True)
    ]


def require_all(requests: Sequence[FieldRequest], *, wanted: str) -> tuple[Decision, ...]:
    """Return the decisions if every request is allowed, and record the access.

    Raises `NotPermitted`, which lists every refusing rule once, if any is refused. `wanted` says in plain words what
    the requests are for ("count school-enrollment by grade").
    """
    decisions = decide_all(requests)
    refused = [decision for decision in decisions if not decision]
    if refused:
        reasons = tuple(dict.fromkeys(reason for decision in refused for reason in decision.reasons))
        raise NotPermitted(Decision(False, reasons, refused[0].policy_version, refused[0].agreement), wanted=wanted)
    _record_allowed(requests, decisions, wanted)
    return tuple(decisions)


def hold_policies() -> None:
    """Hold the current version until the caller's transaction ends: nobody else publishes past what it compiles."""
    PolicyVersion.objects.select_for_update().filter(current=True).order_by("pk").first()


@transaction.atomic
def publish_policy(
    *,
    policies: str,
    entities: Iterable[dict[str, Any]],
    reason: str,
    by: User | None,
    at: datetime | None = None,
) -> PolicyVersion:
    """Make these policies the current ones, in the caller's transaction, after checking them strictly.

    `policies` and `entities` are a whole version, as `core.policy.book.assemble` returns it. Raises `PolicyRejected`;
    then the version before stays in force.
    """
    at = at or timezone.now()
    made = list(entities)
    book = PolicyBook(policies, made)
    book.validate()
    table = allowed_table(book, at)
    # Locked, so that two agreements signed at one moment do not publish past each other.
    before = PolicyVersion.objects.select_for_update().filter(current=True).first()
    latest = PolicyVersion.objects.order_by("-number").values_list("number", flat=True).first() or 0
    PolicyVersion.objects.filter(current=True).update(current=False)
    version = PolicyVersion.objects.create(
        number=latest + 1,
        policies=policies,
        entities=made,
        digest=book.digest,
        table=table,
        table_digest=table_digest(table),
        reason=reason[:400],
        published_at=at,
        published_by=by,
        current=True,
    )
    audit.record(
        Event.POLICY_PUBLISHED,
        about=f"policy:{version.number}",
        by=by,
        at=at,
        reason=reason,
        digest=version.digest,
        table_digest=version.table_digest,
        before=before.number if before else None,
        agreements=sorted(book.agreements),
        licenses=sorted(book.licenses),
    )
    return version


def _book(digest: str) -> PolicyBook:
    if digest not in _books:
        version = PolicyVersion.objects.get(current=True)
        _books[version.digest] = PolicyBook(version.policies, version.entities)
        # A version published between the two queries is the newer truth: use it.
        digest = version.digest
    _books.move_to_end(digest)
    while len(_books) > BOOKS_KEPT:
        _books.popitem(last=False)
    return _books[digest]


def _empty_book() -> PolicyBook:
    if "" not in _books:
        _books[""] = PolicyBook(*assemble(()))
    return _books[""]


def _plain(request: FieldRequest, two_step: bool) -> Request:
    actor = request.actor
    return Request(
        agency=actor.agency.code if actor.agency else "",
        roles=actor.roles,
        action=request.action,
        dataset=request.dataset,
        field=request.field,
        purpose=request.purpose,
        at=request.at,
        agreement=request.agreement,
        trained=bool(actor.trained_until and timezone.localdate(request.at) <= actor.trained_until),
        two_step=two_step,
        serving=request.serving,
        license=request.license,
        person=f"user:{actor.pk}",
    )


def _two_step(actor: User) -> bool:
    return not settings.REQUIRE_TWO_STEP or (actor.pk is not None and is_mfa_enabled(actor))


def _decision(verdict: Verdict, version: str) -> Decision:
    return Decision(verdict.allowed, tuple(map(reason_of, verdict.rules)), version, verdict.agreement)


def reason_of(rule: Rule) -> Reason:
    """Return a rule as a reason; a rule of law that no lawyer has confirmed says so in its citation."""
    cite = f"{rule.cite}; to be confirmed by counsel" if rule.reviewed == "K" else rule.cite
    return Reason(rule.id, rule.plain, cite)


def _inactive(version: str) -> Decision:
    return Decision(False, (Reason("account-closed", "This account is closed."),), version)


def _record_allowed(requests: Sequence[FieldRequest], decisions: Sequence[Decision], wanted: str) -> None:
    """One entry for each way in which a dataset is used, not one for each field."""
    grouped: dict[tuple[Any, ...], list[tuple[FieldRequest, Decision]]] = {}
    for request, decision in zip(requests, decisions, strict=True):
        key = (
            request.actor.pk, request.dataset, request.action, request.purpose, decision.agreement, request.license,
        )  # fmt: skip
        grouped.setdefault(key, []).append((request, decision))
    for (_actor, dataset, action, purpose, agreement, license), pairs in grouped.items():
        first, decision = pairs[0]
        audit.record(
            Event.ACCESS_ALLOWED,
            about=f"dataset:{dataset}",
            by=first.actor,
            at=first.at,
            wanted=wanted,
            action=action,
            purpose=purpose,
            agreement=agreement,
            license=license,
            policy_version=decision.policy_version,
            fields=sorted({request.field for request, _decision in pairs}),
            rules=sorted({reason.rule for _request, one in pairs for reason in one.reasons}),
        )


__all__ = [
    "NO_AGREEMENT",
    "FieldRequest",
    "current_book",
    "current_version",
    "decide",
    "decide_all",
    "hold_policies",
    "publish_policy",
    "reason_of",
    "require_all",
]
