"""What the frame of every page shows: the trust's name, and the pages this person may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from infotrust.shared.permissions import duties

# Label, address, and the duty that opens it ("": every signed-in person).
INSIDE: tuple[tuple[Any, str, str], ...] = (
    (_("Desk"), "/desk/", ""),
    (_("Inventory"), "/inventory/", "read inventory"),
    (_("Agreements"), "/agreements/", "read agreements"),
    (_("Deliveries"), "/deliveries/", "see deliveries"),
    (_("Linkage"), "/linkage/", "see linkage"),
    (_("Questions"), "/questions/", "read questions"),
    (_("Releases"), "/releases/", "see releases"),
    (_("Access"), "/access/", "ask about access"),
    (_("Jobs"), "/jobs/", "follow jobs"),
    (_("Audit log"), "/desk/audit/", "read audit log"),
    (_("People"), "/desk/people/", "manage accounts"),
)
OUTSIDE: tuple[tuple[Any, str], ...] = (
    (_("Answers"), "/"),
    (_("What is shared"), "/shared/"),
    (_("Data"), "/data/"),
    (_("Log"), "/log/"),
)


@dataclass(frozen=True)
class Item:
    label: Any
    address: str
    current: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. `navigation` is empty for someone who is not signed in."""
    return {
        "trust_name": settings.TRUST_NAME,
        "navigation": _inside(request),
        "public_navigation": [
            Item(label, address, _is_current(request.path, address, "/")) for label, address in OUTSIDE
        ],
    }


def _inside(request: HttpRequest) -> list[Item]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    open_to_them = [(label, address) for label, address, duty in INSIDE if not duty or duties.may(duty, by=user)]
    return [Item(label, address, _is_current(request.path, address, "/desk/")) for label, address in open_to_them]


def _is_current(path: str, address: str, only_exactly: str) -> bool:
    return path == address if address == only_exactly else path.startswith(address)
