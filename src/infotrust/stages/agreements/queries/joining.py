"""Joining memos: which there are, and what an agency wrote last."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere
from infotrust.shared.accounts.models import Agency
from infotrust.stages.agreements.models import Agreement, Joining


def joining(number: int) -> Joining:
    """Return a joining memo; raises `NotThere`."""
    found = _whole().filter(pk=number).first()
    if found is None:
        raise NotThere(_("There is no such joining memo."), next_step=_("See the list of joining memos."))
    return found


def joinings(agreement: Agreement | None = None) -> list[Joining]:
    """Return joining memos, the newest first: all, or those about one agreement in any edition."""
    found = _whole()
    return list(found.filter(joins=agreement.lineage or agreement.code) if agreement else found)


def last_joining(agency: Agency) -> Joining | None:
    """Return the memo that an agency wrote last, whose words may serve again."""
    return _whole().filter(agency=agency).first()


def _whole() -> QuerySet[Joining]:
    return Joining.objects.select_related("agency", "edition", "written_by", "sent_by", "taken_up_by", "closed_by")
