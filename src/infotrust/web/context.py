"""What the frame of every page shows: the trust's name, and the pages this person may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from infotrust.shared.permissions import duties

# Label, address, the duty that opens it ("": every signed-in person), and what one does there.
INSIDE: tuple[tuple[Any, str, str, Any], ...] = (
    (_("Desk"), "/desk/", "", ""),
    (_("Inventory"), "/inventory/", "read inventory", _("What each agency holds, field by field.")),
    (_("Partnerships"), "/partnerships/", "read partnerships", _("From a first talk to a use case that all sign off.")),
    (
        _("Boards"),
        "/governance/",
        "read governance",
        _("Who decides: boards, motions, votes and the public’s comments."),
    ),
    (_("Agreements"), "/agreements/", "read agreements", _("Who shares what, why and until when; review and sign.")),
    (_("Law"), "/law/", "read law register", _("Which law guards which field, what it asks, and who confirmed it.")),
    (_("Requests"), "/requests/", "comment request", _("Who asks for data, where it is, and what may be done then.")),
    (_("Deliveries"), "/deliveries/", "see deliveries", _("Files that agencies send, and what became of each.")),
    (_("Linkage"), "/linkage/", "see linkage", _("Which records are about the same person, and how sure that is.")),
    (_("Questions"), "/questions/", "read questions", _("What is asked of the data, approved before it is answered.")),
    (_("Releases"), "/releases/", "see releases", _("Tables that are checked before the public sees them.")),
    (_("Access"), "/access/", "ask about access", _("Why you can or cannot see a certain field.")),
    (_("Clocks"), "/clocks/", "see clocks", _("Whose turn it is, since when, and how long each step takes.")),
    (_("Jobs"), "/jobs/", "follow jobs", _("What the trust does in the background.")),
    (_("Audit log"), "/desk/audit/", "read audit log", _("Every use, in order; none can be changed unnoticed.")),
    (_("People"), "/desk/people/", "manage accounts", _("Accounts, their agencies and their roles.")),
)
OUTSIDE: tuple[tuple[Any, str], ...] = (
    (_("Answers"), "/"),
    (_("What is shared"), "/shared/"),
    (_("Have a say"), "/decisions/"),
    (_("Data"), "/data/"),
    (_("Requests"), "/queue/"),
    (_("Log"), "/log/"),
)


@dataclass(frozen=True)
class Item:
    label: Any
    address: str
    current: bool
    about: Any = ""


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
    return [
        Item(label, address, _is_current(request.path, address, "/desk/"), about)
        for label, address, duty, about in INSIDE
        if not duty or duties.may(duty, by=user)
    ]


def _is_current(path: str, address: str, only_exactly: str) -> bool:
    return path == address if address == only_exactly else path.startswith(address)
