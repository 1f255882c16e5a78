"""A board of the trust is asked about a request: about the very round that was submitted, and about no later one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import commands
from infotrust.stages.governance import services as governance
from infotrust.stages.requests.commands import REQUESTS
from infotrust.stages.requests.models import DataRequest
from infotrust.stages.requests.services.ground import lock, now, only_another


@transaction.atomic
def ask_board(request: DataRequest, *, board: str, why: str = "", by: User, at: datetime | None = None) -> Any:
    """Raise the motion that a board let this round of the request be granted. Returns the motion.

    Raises `NotPermitted`, `NoSuchBody`, and `MotionRefused` where one about it is open.
    """
    at, request = now(at), lock(request)
    commands.require(REQUESTS["ask board"], state=request.state, thing=request.code, by=by)
    only_another(request, by, _("put your own request before a board"))
    named = {"code": request.code, "title": request.title, "round": request.round}
    return governance.raise_motion(
        body=board,
        title=_("Grant %(code)s: %(title)s") % named,
        text=_("That %(code)s, “%(title)s”, as it was submitted in round %(round)d, be granted.") % named,
        why=why.strip() or str(request.answers.get("summary", "")),
        subject=request.about,
        subject_version=str(request.round),
        address=request.address,
        by=by,
        at=at,
    )
