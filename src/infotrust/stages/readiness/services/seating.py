"""Who sits where: a partner with its contact and people, and a facilitator who takes no side."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import Role, User
from infotrust.shared.permissions.duties import SPEAKERS
from infotrust.stages.readiness.lifecycle import GuideState
from infotrust.stages.readiness.models import Member, Partner, Partnership
from infotrust.stages.readiness.services.ground import ReadinessRefused
from infotrust.stages.readiness.terms import Configuration, Opening


def seat(
    partnership: Partnership, *, contact: User, program: str, contributes: bool, by: User, at: datetime
) -> Partner:
    if contact.agency is None:
        raise ReadinessRefused(
            _("%(name)s works for no agency of the trust.") % {"name": contact.name},
            next_step=_("Choose a contact who does, or ask an administrator to enter the agency."),
        )
    program = " ".join(program.split())[:200]
    if partnership.partners.filter(agency=contact.agency, program__iexact=program).exists():
        raise ReadinessRefused(
            _("That partner is already at the table."), next_step=_("Name another program, or another contact.")
        )
    made = Partner.objects.create(
        partnership=partnership, agency=contact.agency, program=program, contributes=contributes, contact=contact
    )
    join(partnership, made, contact, "", by, at)
    return made


def join(partnership: Partnership, partner: Partner, person: User, title: str, by: User, at: datetime) -> Member:
    """Let a person speak for a partner. Nobody speaks for two, ever: they would have read another's answers."""
    if person.agency_id != partner.agency_id:
        raise ReadinessRefused(
            _("%(name)s does not work for %(agency)s.") % {"name": person.name, "agency": partner.agency.name},
            next_step=_("Choose someone of that agency."),
        )
    if not person.roles & set(SPEAKERS) or not person.is_active:
        raise ReadinessRefused(
            _("%(name)s has no role that may speak for a program.") % {"name": person.name},
            next_step=_("Ask an administrator to give one, for example program staff or data steward."),
        )
    if partnership.facilitator_id == person.pk:
        raise ReadinessRefused(
            _("The facilitator takes no side."), next_step=_("Choose another facilitator first, or another person.")
        )
    member = Member.objects.filter(partnership=partnership, user=person).first()
    if member is None:
        return Member.objects.create(
            partnership=partnership, partner=partner, user=person, title=title.strip()[:150], added_by=by, added_at=at
        )
    if member.partner_id != partner.pk:
        raise ReadinessRefused(
            _("%(name)s speaks, or once spoke, for another partner here.") % {"name": person.name},
            next_step=_("Choose someone who has not read another partner’s answers."),
        )
    member.left_at, member.title = None, title.strip()[:150] or member.title
    member.save()
    return member


def put_in_the_chair(partnership: Partnership, facilitator: User | None) -> None:
    if facilitator is not None:
        if Role.FACILITATOR not in facilitator.roles or not facilitator.is_active:
            raise ReadinessRefused(
                _("%(name)s is not a facilitator.") % {"name": facilitator.name},
                next_step=_("Choose one from the list, or go on without."),
            )
        if partnership.members.filter(user=facilitator).exists():
            raise ReadinessRefused(
                _("%(name)s speaks, or once spoke, for a partner here.") % {"name": facilitator.name},
                next_step=_("A facilitator takes no side. Choose someone else."),
            )
        at_home = partnership.partners.filter(agency=facilitator.agency).exists()
        if at_home and partnership.configuration == Configuration.TWO_AGENCIES:
            raise ReadinessRefused(
                _("%(name)s works for one of the partners.") % {"name": facilitator.name},
                next_step=_("A facilitator between agencies belongs to none of them. Choose someone else."),
            )
    elif partnership.guides.filter(state=GuideState.ANSWERING, opens=Opening.BY_FACILITATOR).exists():
        raise ReadinessRefused(
            _("A facilitator is to lay the answers of this guide side by side."),
            next_step=_("Choose another facilitator instead of none."),
        )
    partnership.facilitator = facilitator
    partnership.save()
