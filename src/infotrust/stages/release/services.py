"""Changes of a release: submit, start the check, approve or return, publish, withdraw.

Promises: who checks is not who made (the database refuses it too); what is published is, to the letter, what was
approved; nothing is approved whose protection is not proven; a withdrawn answer keeps a page that says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.disclosure import EarlierTable
from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.catalogue import services as catalogue
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.analysis import queries as analysis
from infotrust.stages.analysis.services import record_seen, table_digest
from infotrust.stages.release import content as contents
from infotrust.stages.release import queries
from infotrust.stages.release.lifecycle import CHECKLIST, LIFECYCLE, State
from infotrust.stages.release.models import OUT, Release


class ReleaseRefused(UserFacingError):
    """The release cannot take this step."""


@transaction.atomic
def submit_output(output_id: int, *, by: User, at: datetime | None = None) -> Release:
    """Send an output for checking: protect it, prove the protection and write down what would be published.

    Raises NotPermitted, `core.disclosure.TableRefused` or `CannotProtect`, and ReleaseRefused where it was sent before.
    """
    duties.require("submit output", by=by)
    at = at or timezone.now()
    output = analysis.output(output_id)
    question = output.question
    if Release.objects.filter(output=output).exclude(state=State.RETURNED).exists():
        raise ReleaseRefused(
            _("Output %(number)s of %(question)s was already sent for checking.")
            % {"number": output.pk, "question": question.code},
            next_step=_("Follow it on the list of releases, or run the question again."),
        )
    if table_digest(output.columns, output.rows) != output.digest:
        raise ReleaseRefused(
            _("Output %(number)s is not what the question gave.") % {"number": output.pk},
            next_step=_("Run the question again, and tell an administrator: the database was changed by other means."),
        )
    threshold = agreements.threshold(question.agreements)
    prepared = contents.prepare(output, threshold=threshold, earlier=_earlier(question.code))
    if not prepared.proof.holds:
        raise ReleaseRefused(
            _("The protection of output %(number)s could not be proven.") % {"number": output.pk},
            next_step=_("Ask for fewer groups, then run the question again."),
        )
    release = Release.objects.create(
        output=output,
        question_code=question.code,
        title=question.title,
        threshold=threshold,
        content=prepared.content,
        digest=contents.digest(prepared.content),
        hidden=prepared.hidden,
        bounds=prepared.bounds,
        findings=prepared.findings,
        small_counts=prepared.proof.checked,
        author=output.made_by,
        drafter=question.drafted_by,
        submitted_by=by,
        submitted_at=at,
    )
    facts = {"output": output.pk, "output_digest": output.digest, "threshold": threshold}
    _record(Event.OUTPUT_SUBMITTED, release, by=by, at=at, hidden=len(release.hidden), **facts)
    return release


@transaction.atomic
def open_release(number: int, *, by: User, at: datetime | None = None) -> queries.Page:
    """Return the page of a release; where it shows the true counts beside the protected ones, record who saw them."""
    page = queries.page(number, by=by)
    if page.sees_outputs:
        record_seen(page.release.output, by=by, at=at)
    return page


@transaction.atomic
def start_check(release: Release, *, by: User, at: datetime | None = None) -> Release:
    """Take a waiting release up for checking; from then on it is this checker's."""
    at = at or timezone.now()
    release = _locked(release)
    _require_checker(release, by)
    _move(release, State.CHECKING)
    release.checked_by, release.check_started_at = by, at
    release.save()
    _record(Event.CHECK_STARTED, release, by=by, at=at)
    return release


@transaction.atomic
def check(
    release: Release,
    *,
    approve: bool,
    comment: str = "",
    by: User,
    at: datetime | None = None,
    checklist: Sequence[str] = tuple(CHECKLIST),
) -> Release:
    """Approve exactly what is there now, or return it to its author with a comment. Starts the check if nobody did.

    `checklist` holds the codes of the points that the checker confirms; approval needs them all.
    """
    at = at or timezone.now()
    release = _locked(release)
    if release.state == State.SUBMITTED:
        release = start_check(release, by=by, at=at)
    _require_checker(release, by)
    _require_judged(approve, comment, checklist)
    _move(release, State.APPROVED if approve else State.RETURNED)
    release.checked_at, release.comment, release.checklist = at, comment.strip(), sorted(checklist)
    release.approved_digest = _true_digest(release) if approve else ""
    release.save()
    verdict = "approved" if approve else "returned"
    _record(Event.OUTPUT_CHECKED, release, by=by, at=at, verdict=verdict, findings=len(release.findings))
    return release


@transaction.atomic
def publish(release: Release, *, by: User, at: datetime | None = None) -> Release:
    """Publish what was approved. An answer of the same question is replaced by this edition.

    Raises NotPermitted, and ReleaseRefused where it is not what was approved or an agreement is no longer in force.
    """
    duties.require("publish output", by=by)
    at = at or timezone.now()
    release = _locked(release)
    _move(release, State.PUBLISHED)
    if _true_digest(release) != release.approved_digest:
        raise ReleaseRefused(
            _("Release %(label)s is not what was approved.") % {"label": release.label},
            next_step=_("Do not publish it. Tell an administrator: the database was changed by other means."),
        )
    _require_in_force(release, at)
    release.published_by, release.published_at = by, at
    release.save()
    catalogue.publish_answer(contents.entry(release.question_code, release.content), at=at)
    _record(Event.OUTPUT_PUBLISHED, release, by=by, at=at, agreements=release.content["agreements"])
    return release


@transaction.atomic
def withdraw(release: Release, *, reason: str, by: User, at: datetime | None = None) -> Release:
    """Take a published answer back. Its page stays and says when and why; its numbers leave the catalogue.

    Raises NotPermitted, and ReleaseRefused without a reason.
    """
    duties.require("withdraw output", by=by)
    at = at or timezone.now()
    release = _locked(release)
    if not reason.strip():
        raise ReleaseRefused(
            _("Release %(label)s needs a reason to be withdrawn.") % {"label": release.label},
            next_step=_("Write it for the public: the answer's page shows it."),
        )
    _move(release, State.WITHDRAWN)
    release.withdrawn_by, release.withdrawn_at, release.withdrawn_reason = by, at, reason.strip()
    release.save()
    # An older edition may be withdrawn for the record while a newer one stands.
    if queries.standing(release.question_code) is None:
        catalogue.withdraw_answer(release.question_code, reason=reason, at=at)
    _record(Event.OUTPUT_WITHDRAWN, release, by=by, at=at)
    return release


def _earlier(question_code: str) -> list[EarlierTable]:
    """Every table of this question that was ever public. A withdrawn one was seen, too."""
    published = Release.objects.filter(question_code=question_code, state__in=OUT).order_by("pk")
    return [EarlierTable(release.label, release.content["table"]) for release in published]


def _require_checker(release: Release, by: User) -> None:
    decision = queries.may_check(release, by=by)
    if not decision:
        raise NotPermitted(decision, wanted=f"check release {release.label}")


def _require_judged(approve: bool, comment: str, checklist: Sequence[str]) -> None:
    if approve and set(CHECKLIST) - set(checklist):
        raise ReleaseRefused(
            _("Not every point of the checklist is confirmed."),
            next_step=_("Confirm them all to approve, or return the output with a comment."),
        )
    if not approve and not comment.strip():
        raise ReleaseRefused(_("A returned output needs a comment."), next_step=_("Say what its author should change."))


def _require_in_force(release: Release, at: datetime) -> None:
    in_force = {one.code for one in agreements.in_force(at)}
    if missing := sorted(set(release.content["agreements"]) - in_force):
        raise ReleaseRefused(
            _("Agreement %(code)s is no longer in force, so nothing new is published under it.") % {"code": missing[0]},
            next_step=_("Ask the agreement's parties to renew it first."),
        )


def _true_digest(release: Release) -> str:
    return contents.digest(release.content)


def _move(release: Release, to: State) -> None:
    LIFECYCLE.require(release.state, to, thing=f"Release {release.label}")
    release.state = to


def _locked(release: Release) -> Release:
    return Release.objects.select_for_update().get(pk=release.pk)


def _record(event: Event, release: Release, *, by: User, at: datetime, **facts: Any) -> None:
    audit.record(
        event, about=release.about, by=by, at=at, question=release.question_code, digest=release.digest, **facts
    )
