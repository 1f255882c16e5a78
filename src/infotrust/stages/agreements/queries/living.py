"""What happened to an agreement after its signature."""

from __future__ import annotations

from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere
from infotrust.stages.agreements.models import (
    Agreement,
    Breach,
    Dispute,
    Suspension,
)


def suspensions(agreement: Agreement) -> list[Suspension]:
    return list(agreement.suspensions.select_related("agency", "by", "resumed_by"))


def suspended_by(agreement: Agreement) -> list[str]:
    """Return the names of the parties by which an agreement is suspended now."""
    found = agreement.suspensions.filter(resumed_at__isnull=True)
    return list(found.values_list("agency__name", flat=True))


def disputes(agreement: Agreement) -> list[Dispute]:
    return list(agreement.disputes.select_related("agency", "by", "settled_by"))


def dispute(number: int) -> Dispute:
    """Return a dispute; raises `NotThere`."""
    found = Dispute.objects.select_related("agreement", "agency").filter(pk=number).first()
    if found is None:
        raise NotThere(_("There is no such dispute."), next_step=_("See the agreement."))
    return found


def breaches(agreement: Agreement) -> list[Breach]:
    found = agreement.breaches.select_related("agency", "by", "closed_by")
    return list(found.prefetch_related("notices__agency", "notices__dealt_by"))


def breach(number: int) -> Breach:
    """Return a breach with its notices; raises `NotThere`."""
    found = (
        Breach.objects.select_related("agreement", "agency", "by", "closed_by")
        .prefetch_related("notices__agency", "notices__dealt_by")
        .filter(pk=number)
        .first()
    )
    if found is None:
        raise NotThere(_("There is no such breach."), next_step=_("See the agreement."))
    return found
