"""What follows from what: the one list of reactions between parts that must not know each other.

Nothing else connects signals. A reaction runs inside the transaction of what caused it: if it fails, both are undone.
"""

from __future__ import annotations

import importlib
import logging
from typing import Any

from allauth.account.signals import user_logged_in
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_login_failed
from django.dispatch import Signal
from django.utils import timezone

from infotrust.shared.accounts import services as accounts
from infotrust.shared.audit import services as audit
from infotrust.shared.audit import queries as log_queries
from infotrust.shared.audit.events import Event
from infotrust.shared.catalogue import services as catalogue
from infotrust.shared.catalogue.entries import LogHeadEntry
from infotrust.shared.jobs import registry
from infotrust.shared.permissions import duties

log = logging.getLogger("infotrust.reactions")

MINUTE, HOUR = 60.0, 3_600.0


def connect() -> None:
    """Connect everything (called once, when the server or the worker starts)."""
    # A change of accounts needs the administrator's duty and is written into the log.
    when(accounts.permission_asked, require_duty)
    when(accounts.changed, record_account_change)
    # Signing in, failing to, and being locked out are written into the log.
    when(user_logged_in, record_sign_in)
    when(user_login_failed, record_failed_sign_in)
    when(user_locked_out, record_lock)
    # An agreement that ends: its deliveries are destroyed or re-sealed, and linkage forgets the records it covered.
    when(signal("stages.agreements", "agreement_ended"), intake_forgets)
    when(signal("stages.agreements", "agreement_ended"), linkage_forgets)
    # What the inventory says about a field decides who may use it: agreements in force are compiled anew.
    when(signal("stages.inventory", "dataset_changed"), agreements_follow)
    # From time to time, in the worker.
    registry.every(MINUTE, "show where the log ends", show_log_head)
    registry.every(10 * MINUTE, "end agreements whose time is over", expire_agreements)
    registry.every(HOUR, "destroy what is due", destroy_due)
    registry.every(HOUR, "remove parts that no row knows", sweep_storage)


def when(cause: Signal | None, reaction: Any) -> None:
    if cause is not None:
        cause.connect(reaction, weak=False, dispatch_uid=f"reactions.{reaction.__name__}")


# --- accounts ---


def require_duty(*, verb: str, by: Any, **_: Any) -> bool:
    duties.require(verb, by=by)
    return True


def record_account_change(*, event: str, about: str, by: Any, at: Any, facts: dict[str, Any], **_: Any) -> bool:
    audit.record(Event(event), about=about, by=by, at=at, **facts)
    return True


def record_sign_in(*, user: Any, **_: Any) -> None:
    audit.record(Event.SIGNED_IN, about=f"user:{user.pk}", by=user)


def record_failed_sign_in(*, credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    audit.record(Event.SIGN_IN_FAILED, about=_tried(request, credentials), by=None)


def record_lock(*, request: Any, username: str | None = None, **_: Any) -> None:
    audit.record(Event.LOCKED_OUT, about=_tried(request, {"email": username}), by=None)


def _tried(request: Any, credentials: dict[str, Any]) -> str:
    """Name the account by its label; an address that belongs to no account is not written down."""
    from infotrust.shared.accounts.models import User
    from infotrust.web.signin import attempted_name

    name = attempted_name(request, credentials)
    user = User.objects.filter(email__iexact=name).first() if name else None
    return f"user:{user.pk}" if user else "user:unknown"


# --- agreements ---


def intake_forgets(*, agreement_code: str, datasets: Any, by: Any, at: Any, **_: Any) -> None:
    verb("stages.intake", "agreement_ended", agreement_code=agreement_code, datasets=datasets, by=by, at=at)


def linkage_forgets(*, agreement_code: str, datasets: Any, by: Any, at: Any, **_: Any) -> None:
    verb("stages.linkage", "agreement_ended", agreement_code=agreement_code, datasets=datasets, by=by, at=at)


def agreements_follow(**what: Any) -> None:
    code = getattr(what.get("dataset"), "code", what.get("dataset_code") or what.get("dataset"))
    verb("stages.agreements", "dataset_changed", code, by=what.get("by"), at=what.get("at") or timezone.now())


# --- from time to time ---


def show_log_head() -> None:
    """Publish where the log ends, so that anyone can later see that nothing was cut off."""
    newest = log_queries.entries().first()
    if newest is not None:
        catalogue.show_log_head(LogHeadEntry(entries=newest.sequence, digest=newest.hash, at=newest.at))


def expire_agreements() -> None:
    verb("stages.agreements", "expire_due", timezone.now())


def destroy_due() -> None:
    verb("stages.intake", "destroy_due", timezone.now())


def sweep_storage() -> None:
    from datetime import timedelta

    # A part older than a day that no row knows was left by a process that died; younger ones may still be written.
    verb("shared.storage", "sweep", timedelta(days=1))


# --- finding what another part offers ---


def signal(part: str, name: str) -> Signal | None:
    return getattr(_services(part), name, None)


def verb(part: str, name: str, *args: Any, **kwargs: Any) -> Any:
    function = getattr(_services(part), name, None)
    if function is None:
        log.warning("%s has no verb %s", part, name)
        return None
    return function(*args, **kwargs)


def _services(part: str) -> Any:
    return importlib.import_module(f"infotrust.{part}.services")
