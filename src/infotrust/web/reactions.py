"""What follows from what: the one list of reactions between parts that must not know each other.

Nothing else connects signals. A reaction runs inside the transaction of what caused it: if it fails, both are undone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_login_failed
from django.dispatch import Signal
from django.utils import timezone

from infotrust.shared.accounts import proving
from infotrust.shared.accounts import queries as people
from infotrust.shared.accounts import services as accounts
from infotrust.shared.audit import queries as log
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.catalogue import comments
from infotrust.shared.catalogue import services as catalogue
from infotrust.shared.catalogue.entries import LogHeadEntry
from infotrust.shared.clocks import services as clocks
from infotrust.shared.jobs import registry
from infotrust.shared.permissions import duties
from infotrust.shared.storage import services as storage
from infotrust.stages.agreements import queries as agreement_queries
from infotrust.stages.agreements import services as agreements
from infotrust.stages.analysis import services as analysis
from infotrust.stages.governance import services as governance
from infotrust.stages.intake import services as intake
from infotrust.stages.inventory import services as inventory
from infotrust.stages.linkage import services as linkage
from infotrust.stages.readiness import services as readiness
from infotrust.stages.requests import services as requests
from infotrust.web.signin import attempted_name

MINUTE, HOUR = 60.0, 3_600.0
# A file that no row names may still be being written; after a day its writer is certainly gone.
LEFT_BEHIND = timedelta(days=1)


def connect() -> None:
    """Connect everything; called once, when a process starts."""
    # A change of accounts needs the administrator's duty and is written into the log.
    when(accounts.permission_asked, require_duty)
    when(accounts.changed, record_account_change)
    # Signing in, failing to, and being locked out are written into the log.
    when(user_logged_in, record_sign_in)
    when(user_logged_in, note_sign_in_anew)
    when(user_login_failed, record_failed_sign_in)
    when(user_locked_out, record_lock)
    when(authentication_failed, record_wrong_second_step)
    for cause, change in (
        (password_changed, "password changed"),
        (password_set, "password set"),
        (password_reset, "password set by a link"),
        (authenticator_added, "second step added"),
        (authenticator_removed, "second step removed"),
    ):
        cause.connect(own_change(change), weak=False, dispatch_uid=f"reactions.{change}")
    # What the inventory says about a field decides who may use it: agreements in force are compiled anew.
    when(inventory.dataset_changed, compile_anew)
    # An agreement ends: deliveries that none covers are destroyed or re-sealed, and linkage forgets their records.
    when(agreements.agreement_ended, destroy_deliveries)
    when(agreements.agreement_ended, forget_records)
    # An amendment takes an edition's place: what only that edition covered goes the same way.
    when(agreements.agreement_amended, destroy_deliveries)
    when(agreements.agreement_amended, forget_records)
    # ... and licenses that stand under no other end with it; nobody joins it any more.
    when(agreements.agreement_ended, end_licenses)
    when(agreements.agreement_ended, end_joinings)
    # Boards and the last signature take a joining memo further.
    when(governance.motion_decided, carry_joining)
    when(agreements.agreement_in_force, finish_joining)
    # Signers are asked once the board adopted the text; until then its days are not theirs.
    when(governance.motion_moved, ask_next_of_agreement)
    when(governance.motion_decided, ask_next_of_agreement)
    # What comes of a use case ticks the steps of its partnership.
    when(agreements.agreement_moved, tick_agreement)
    when(linkage.linkage_finished, tick_linkage)
    when(analysis.output_ready, tick_question)
    # Every partner signed a use case off: the four questions are asked of it, and again of its next version.
    when(readiness.use_case_signed_off, ask_of_use_case)
    # Someone comments on a public page: the board's secretary is told.
    when(comments.comment_received, hear_comment)
    # From time to time, in the worker.
    registry.every(MINUTE, "show where the log ends", show_log_head)
    registry.every(10 * MINUTE, "begin and end agreements by the calendar", agreements.expire_due)
    registry.every(10 * MINUTE, "keep up with the law register", agreements.keep_up_with_the_law)
    registry.every(10 * MINUTE, "count votes whose time has come", governance.follow_calendar)
    registry.every(HOUR, "forget where comments came from", comments.forget_senders)
    registry.every(10 * MINUTE, "end licenses by the calendar", requests.end_due)
    registry.every(HOUR, "destroy what is due", intake.destroy_due)
    registry.every(HOUR, "ask for overdue destruction certificates", requests.remind)
    registry.every(HOUR, "remind of what waits", clocks.remind)
    registry.every(HOUR, "remove files that no row names", sweep_storage)


def when(cause: Signal, reaction: Callable[..., Any]) -> None:
    cause.connect(reaction, weak=False, dispatch_uid=f"reactions.{reaction.__name__}")


# --- accounts and signing in ---


def require_duty(*, verb: str, by: Any, **_: Any) -> None:
    duties.require(verb, by=by)


def record_account_change(*, event: str, about: str, by: Any, at: Any, facts: dict[str, Any], **_: Any) -> None:
    audit.record(Event(event), about=about, by=by, at=at, **facts)


def record_sign_in(*, user: Any, **_: Any) -> None:
    audit.record(Event.SIGNED_IN, about=f"user:{user.pk}", by=user)


def note_sign_in_anew(*, request: Any, sociallogin: Any = None, **_: Any) -> None:
    """What an agency's own sign-in says of when the person signed in there; what it does not say is not believed."""
    claims = (sociallogin.account.extra_data.get("id_token") or {}) if sociallogin is not None else {}
    if isinstance(at := claims.get("auth_time"), int | float):
        proving.signed_in_anew(request, at=float(at))


def record_failed_sign_in(*, credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    audit.record(Event.SIGN_IN_FAILED, about=_tried(request, credentials), by=None)


def record_lock(*, request: Any, username: str | None = None, **_: Any) -> None:
    audit.record(Event.LOCKED_OUT, about=_tried(request, {"email": username}), by=None)


def record_wrong_second_step(*, user: Any, **_: Any) -> None:
    audit.record(Event.SIGN_IN_FAILED, about=f"user:{user.pk}", by=None, step="second")


def own_change(change: str) -> Callable[..., None]:
    """A reaction that records what a person changes about their own way of signing in."""

    def record(*, user: Any, **_: Any) -> None:
        audit.record(Event.SETTING_CHANGED, about=f"user:{user.pk}", by=user, change=change)

    return record


def _tried(request: Any, credentials: dict[str, Any]) -> str:
    """Name the account by its label; an address that belongs to no account is not written down."""
    number = people.number_of(attempted_name(request, credentials) or "")
    return f"user:{number}" if number else "user:unknown"


# --- agreements ---


def compile_anew(*, dataset_code: str, by: Any, at: Any, **_: Any) -> None:
    agreements.dataset_changed(dataset_code, by=by, at=at or timezone.now())


def destroy_deliveries(*, agreement_code: str, datasets: Any, by: Any, at: Any, **_: Any) -> None:
    intake.agreement_ended(agreement_code=agreement_code, datasets=datasets, by=by, at=at)


def forget_records(*, agreement_code: str, datasets: Any, by: Any, at: Any, **_: Any) -> None:
    linkage.agreement_ended(agreement_code=agreement_code, datasets=datasets, by=by, at=at)


def end_licenses(*, agreement_code: str, by: Any, at: Any, **_: Any) -> None:
    requests.agreement_ended(agreement_code=agreement_code, by=by, at=at)


def end_joinings(*, agreement_code: str, by: Any, at: Any, **_: Any) -> None:
    agreements.joinings_end(agreement_code=agreement_code, by=by, at=at)


def finish_joining(*, agreement_code: str, by: Any, at: Any, **_: Any) -> None:
    agreements.joining_in_force(agreement_code=agreement_code, by=by, at=at)


def carry_joining(*, subject: str, state: str, by: Any, at: Any, **_: Any) -> None:
    agreements.joining_decided(subject=subject, state=state, by=by, at=at)


def ask_next_of_agreement(*, subject: str, at: Any, **_: Any) -> None:
    agreements.board_moved(subject=subject, at=at)


# --- the steps of a partnership ---


def tick_agreement(*, agreement_code: str, use_case: int | None, what: str, by: Any, at: Any, **_: Any) -> None:
    if use_case is None:
        return
    if what == "back to a draft":
        for step in ("agreement reviewed", "agreement signed"):
            readiness.taken_back(use_case, step, note=f"{agreement_code}: {what}.", by=by, at=at)
        return
    readiness.happened(use_case, f"agreement {what}", note=f"{agreement_code}: {what}.", by=by, at=at)


def tick_linkage(*, run: Any, by: Any, at: Any, **_: Any) -> None:
    """Records are matched for an agreement once all its datasets that are linked were in a linkage."""
    linked = {one["code"] for one in run.manifest.get("datasets", ())}
    for agreement in agreement_queries.in_force(at):
        wanted = agreement_queries.linked_datasets(agreement)
        if agreement.use_case is not None and wanted and wanted <= linked:
            readiness.happened(agreement.use_case, "records linked", note=f"{agreement.code}: linked.", by=by, at=at)


def tick_question(*, question: Any, by: Any, at: Any, **_: Any) -> None:
    for agreement in agreement_queries.in_force(at):
        if agreement.use_case is not None and agreement.code in question.agreements:
            note = f"{question.code}, under {agreement.code}."
            readiness.happened(agreement.use_case, "question run", note=note, by=by, at=at)


# --- governance ---


def ask_of_use_case(*, label: str, version: int, title: str, address: str, by: Any, at: Any, **_: Any) -> None:
    governance.ask_four_questions(label, version, title=title, address=address, by=by, at=at)


def hear_comment(*, label: str, at: Any, **_: Any) -> None:
    governance.comment_received(label=label, at=at)


# --- from time to time ---


def show_log_head() -> None:
    """Publish where the log ends, so that anyone can later see that nothing was cut off."""
    newest = log.entries().first()
    if newest is not None:
        catalogue.show_log_head(LogHeadEntry(entries=newest.sequence, digest=newest.hash, at=newest.at))


def sweep_storage() -> None:
    storage.sweep(LEFT_BEHIND)
