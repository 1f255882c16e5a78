"""Agencies, accounts and roles: the verbs of an administrator.

This app lies below the table of duties and below the audit log, so it cannot import them. It asks and tells by two
signals, which `web/reactions.py` connects; where nobody is connected, it refuses to act.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import Agency, Role, RoleHeld, User

# Sent before anything is done, with `verb` and `by`; the receiver raises where it is not permitted.
permission_asked = Signal()
# Sent inside the transaction, with `event` (a code of `audit.events.Event`), `about`, `by`, `at` and `facts`.
changed = Signal()


class AccountProblem(UserFacingError):
    """Something about an agency, an account or a role is not as it must be."""


class NotConnected(RuntimeError):
    """A defect: nobody listens who would check the duty or write the log."""


@transaction.atomic
def register_agency(
    *, code: str, name: str, description: str = "", website: str = "", by: User | None, at: datetime | None = None
) -> Agency:
    """Add a party of the trust. `code` is its stable short name (`schools`). Raises `AccountProblem` if it is taken."""
    _require(by)
    try:
        validate_slug(code)
    except ValidationError:
        raise AccountProblem(
            f"{code!r} cannot be an agency's short name.", next_step="Use letters, digits and hyphens only."
        ) from None
    if Agency.objects.filter(code=code).exists() or Agency.objects.filter(name=name).exists():
        raise AccountProblem(f"There is already an agency {code!r} or named {name!r}.", next_step="Choose another.")
    agency = Agency.objects.create(code=code, name=name, description=description, website=website)
    _tell("agency.registered", f"agency:{code}", by, at)
    return agency


@transaction.atomic
def create_user(
    *,
    email: str,
    name: str,
    agency: Agency | None = None,
    roles: Iterable[str] = (),
    password: str | None = None,
    by: User | None,
    at: datetime | None = None,
) -> User:
    """Add a person with an account, and give the roles. Without a password they set one by the link they are sent.

    Raises `AccountProblem` for an address that is none or has an account; `NotPermitted` where the duty is missing.
    """
    _require(by)
    try:
        validate_email(email)
    except ValidationError:
        raise AccountProblem("This is not an e-mail address.", next_step="Write it as name@agency.example.") from None
    if User.objects.filter(email__iexact=email).exists():
        raise AccountProblem(
            "There is already an account with this e-mail address.", next_step="Find the person in the list of people."
        )
    user = User.objects.create_user(email.lower(), password, name=name, agency=agency, date_joined=at or timezone.now())
    _tell("account.created", f"user:{user.pk}", by, at, agency=agency.code if agency else "")
    for role in roles:
        _give(user, Role(role), by, at)
    return user


@transaction.atomic
def give_role(user: User, role: str, *, by: User | None, at: datetime | None = None) -> User:
    """Give a role. Nobody gives one to themselves (`AccountProblem`), so that two people stand behind every role."""
    _require(by)
    if by is not None and by.pk == user.pk:
        raise AccountProblem("Nobody can give a role to themselves.", next_step="Ask another administrator.")
    _give(user, Role(role), by, at)
    return user


@transaction.atomic
def take_role(user: User, role: str, *, by: User | None, at: datetime | None = None) -> User:
    """Take a role away; it holds from the person's next request on."""
    _require(by)
    _keep_an_administrator(user, losing=Role(role))
    if RoleHeld.objects.filter(user=user, role=Role(role)).delete()[0]:
        user.forget_roles()
        _tell("account.role-taken", f"user:{user.pk}", by, at, role=Role(role).value)
    return user


@transaction.atomic
def deactivate(user: User, *, by: User | None, at: datetime | None = None) -> User:
    """Close an account. The person is signed out with their next request; what they did stays in the log."""
    _require(by)
    _keep_an_administrator(user, losing=Role.ADMINISTRATOR)
    user.is_active = False
    user.save(update_fields=["is_active"])
    _tell("administration.changed", f"user:{user.pk}", by, at, change="account closed")
    return user


@transaction.atomic
def reactivate(user: User, *, by: User | None, at: datetime | None = None) -> User:
    """Open a closed account again, with the roles it had."""
    _require(by)
    user.is_active = True
    user.save(update_fields=["is_active"])
    _tell("administration.changed", f"user:{user.pk}", by, at, change="account opened again")
    return user


@transaction.atomic
def set_training(user: User, *, until: date | None, by: User | None, at: datetime | None = None) -> User:
    """Enter until when someone's privacy training is valid (None: it is not). Never one's own (`AccountProblem`)."""
    _require(by)
    if by is not None and by.pk == user.pk:
        raise AccountProblem("Nobody can enter their own training.", next_step="Ask another administrator.")
    user.trained_until = until
    user.save(update_fields=["trained_until"])
    _tell(
        "administration.changed", f"user:{user.pk}", by, at, change="privacy training",
        until=until.isoformat() if until else "",
    )  # fmt: skip
    return user


@transaction.atomic
def note(user: User, change: str, *, by: User | None, at: datetime | None = None) -> None:
    """Write down a change of this account that an administrator makes elsewhere, after checking that `by` is one."""
    _require(by)
    _tell("administration.changed", f"user:{user.pk}", by, at, change=change)


def _give(user: User, role: Role, by: User | None, at: datetime | None) -> None:
    _held, fresh = RoleHeld.objects.get_or_create(
        user=user, role=role, defaults={"given_by": by, "given_at": at or timezone.now()}
    )
    user.forget_roles()
    if fresh:
        _tell("account.role-given", f"user:{user.pk}", by, at, role=role.value)


def _keep_an_administrator(user: User, *, losing: Role) -> None:
    """A trust without an administrator could let nobody in any more."""
    others = User.objects.filter(is_active=True, roles_held__role=Role.ADMINISTRATOR).exclude(pk=user.pk)
    if losing == Role.ADMINISTRATOR and Role.ADMINISTRATOR in user.roles and not others.exists():
        raise AccountProblem(
            "This is the only administrator of the trust.", next_step="Make someone else an administrator first."
        )


def _require(by: User | None) -> None:
    """The trust itself (`by` None: the first set-up, a command) may; a person needs the duty."""
    if by is None:
        return
    if not permission_asked.send(sender=None, verb="manage accounts", by=by):
        raise NotConnected("Nobody checks the duty to manage accounts.")


def _tell(event: str, about: str, by: User | None, at: datetime | None, **facts: Any) -> None:
    if not changed.send(sender=None, event=event, about=about, by=by, at=at, facts=facts):
        raise NotConnected("Nobody writes changes of accounts into the log.")
