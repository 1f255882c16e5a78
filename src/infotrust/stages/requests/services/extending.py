"""Extending a license where a board has its say: asked by who uses it, decided by a motion, then issued by the office.

A board decides where its charter says so, on licenses under the agreements that stand under it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import commands
from infotrust.stages.governance import services as governance
from infotrust.stages.requests import queries
from infotrust.stages.requests.commands import LICENSES
from infotrust.stages.requests.models import License
from infotrust.stages.requests.services.ground import lock_license, now, only_named
from infotrust.stages.requests.terms import RequestIncomplete


@transaction.atomic
def ask_extension(found: License, *, ends_on: date, why: str, by: User, at: datetime | None = None) -> tuple[Any, ...]:
    """Raise, with each board that decides on it, the motion that the license run until `ends_on`. Returns the motions.

    Raises `NotPermitted`, and `RequestIncomplete` where no board decides, the day is not later, or no reason is given.
    """
    at, found = now(at), lock_license(found)
    commands.require(LICENSES["ask to extend"], state=found.state, thing=found.code, by=by)
    named = found.people.filter(person=by).exists() or found.request.requested_by_id == by.pk
    only_named(named, _("ask for an extension of %(code)s") % {"code": found.code})
    boards = queries.boards_extending(found)
    if not boards:
        raise RequestIncomplete(
            _("No board decides on extensions of %(code)s.") % {"code": found.code},
            next_step=_("The trust’s office extends it; ask there."),
        )
    if ends_on <= found.ends_on:
        raise RequestIncomplete(
            _("%(code)s runs until %(day)s already.") % {"code": found.code, "day": date_format(found.ends_on)},
            next_step=_("Choose a later day."),
        )
    if not why.strip():
        raise RequestIncomplete(_("An extension needs a reason."), next_step=_("Write why: the public reads it."))
    named_so = {"code": found.code, "title": found.title, "day": date_format(ends_on)}
    return tuple(
        governance.raise_motion(
            body=board,
            title=_("Extend %(code)s: %(title)s") % named_so,
            text=_("That %(code)s, “%(title)s”, run until %(day)s.") % named_so,
            subject=queries.extension_of(found),
            subject_version=ends_on.isoformat(),
            address=found.address,
            why=why.strip(),
            by=by,
            at=at,
        )
        for board in boards
    )


def require_decided(found: License, ends_on: date) -> None:
    """Raise `RequestIncomplete` where a license would run longer than a board, that decides on it, has adopted."""
    if ends_on <= found.ends_on:
        return
    for board in queries.boards_extending(found):
        until = queries.extended_until(found, board)
        if until is None or ends_on > until:
            raise RequestIncomplete(
                _("The %(board)s decides on extensions of %(code)s, and has not adopted this one.")
                % {"board": board.name, "code": found.code},
                next_step=_("Whoever uses the license asks the board, on the license’s page."),
            )
