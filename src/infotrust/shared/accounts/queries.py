"""Reading agencies and people. Pages ask for the duty before they call these."""

from __future__ import annotations

from django.db.models import QuerySet

from infotrust.core.errors import NotThere
from infotrust.shared.accounts.models import Agency, User


class NoSuchPerson(NotThere):
    """There is no account of that number."""


class NoSuchAgency(NotThere):
    """There is no agency of that short name."""


def agencies() -> QuerySet[Agency]:
    """Return every agency, by name."""
    return Agency.objects.all()


def agency_choices() -> list[tuple[str, str]]:
    """Return short name and name of each agency; given to a form's field, it is asked anew for each form."""
    return list(Agency.objects.values_list("code", "name"))


def agency(code: str) -> Agency:
    """Return the agency; raises `NoSuchAgency`."""
    found = Agency.objects.filter(code=code).first()
    if found is None:
        raise NoSuchAgency(f"There is no agency {code!r}.", next_step="Register it first.")
    return found


def people(*, agency: str = "", role: str = "") -> QuerySet[User]:
    """Return accounts by name, with their agency and roles."""
    found = User.objects.select_related("agency").prefetch_related("roles_held")
    if agency:
        found = found.filter(agency__code=agency)
    return found.filter(roles_held__role=role) if role else found


def person(number: int) -> User:
    """Return the account; raises `NoSuchPerson`."""
    found = User.objects.select_related("agency").filter(pk=number).first()
    if found is None:
        raise NoSuchPerson(
            f"There is no account number {number}.", next_step="The list of people shows those there are."
        )
    return found


def names(numbers: set[int]) -> dict[int, str]:
    """Return the name of each account, for a page that shows labels such as `user:17` to those who may see them."""
    return dict(User.objects.filter(pk__in=numbers).values_list("pk", "name"))


def number_of(email: str) -> int | None:
    """Return the number of the account with this address, whatever its case; None where there is none."""
    return User.objects.filter(email__iexact=email).values_list("pk", flat=True).first() if email else None
