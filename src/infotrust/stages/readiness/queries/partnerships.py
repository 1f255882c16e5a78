"""Who talks with whom, and what there is to do."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere
from infotrust.shared.accounts.models import Role, User
from infotrust.shared.permissions.duties import SPEAKERS
from infotrust.stages.readiness import process
from infotrust.stages.readiness.lifecycle import GuideState
from infotrust.stages.readiness.models import ActivityRow, Guide, Member, Partner, Partnership, Sheet, Task
from infotrust.stages.readiness.services.asking import sheet_label
from infotrust.stages.readiness.services.ground import about, partner_of, require_reader


class NoSuchPartnership(NotThere):
    """Nobody has opened this."""


def partnership(number: int, *, by: User) -> Partnership:
    """Return a partnership to one of its people; raises `NoSuchPartnership`, and `NotPermitted` for everyone else."""
    found = Partnership.objects.select_related("facilitator__agency", "opened_by").filter(pk=number).first()
    if found is None:
        raise NoSuchPartnership(
            _("There is no partnership number %(number)d.") % {"number": number},
            next_step=_("The list of partnerships shows yours."),
        )
    require_reader(found, by)
    return found


def partnerships_of(person: User) -> list[Partnership]:
    """The partnerships at whose table `person` sits, open ones first, the latest on top."""
    mine = Q(facilitator=person) | Q(members__user=person, members__left_at__isnull=True)
    found = (
        Partnership.objects.filter(mine).distinct().select_related("facilitator").prefetch_related("partners__agency")
    )
    return sorted(found, key=lambda one: not one.is_open)


def partners(partnership: Partnership) -> list[Partner]:
    return list(partnership.partners.select_related("agency", "contact"))


def own_partner(partnership: Partnership, person: User) -> Partner | None:
    """Return the partner for which `person` speaks; None for the facilitator."""
    return partner_of(partnership, person)


def people_of(partnership: Partnership) -> list[Member]:
    """Everyone who speaks for a partner now, by partner."""
    found = partnership.members.filter(left_at__isnull=True)
    return list(found.select_related("user", "partner__agency").order_by("partner_id", "id"))


def activities(partnership: Partnership) -> dict[str, ActivityRow]:
    """Every activity of the process, by its key; one that came into it later is to do."""
    known = process.activities().values()
    new = {one.key: ActivityRow(partnership=partnership, key=one.key, title=_(one.title)) for one in known}
    return new | {row.key: row for row in partnership.activities.select_related("settled_by")}


def tasks(partnership: Partnership) -> list[Task]:
    """Every task, the open ones first, by the day they are due."""
    found = partnership.tasks.select_related("person", "partner__agency", "barrier", "settled_by")
    return sorted(found, key=lambda one: one.state != "open")


def task(number: int, *, by: User) -> Task:
    """Return a task to one of the partnership's people; raises `NoSuchPartnership`, `NotPermitted`."""
    found = Task.objects.select_related("partnership__facilitator").filter(pk=number).first()
    if found is None:
        raise NoSuchPartnership(_("There is no such task."), next_step=_("The page of tasks shows those there are."))
    require_reader(found.partnership, by)
    return found


def facilitators() -> list[User]:
    return list(User.objects.filter(roles_held__role=Role.FACILITATOR, is_active=True).select_related("agency"))


def speakers(*, agency: int | None = None) -> list[User]:
    """Active people of agencies who may speak for a program, by agency and name; of one agency, by its number."""
    found = User.objects.filter(is_active=True, agency__isnull=False, roles_held__role__in=SPEAKERS)
    if agency is not None:
        found = found.filter(agency_id=agency)
    return list(found.select_related("agency").distinct().order_by("agency__name", "name"))


def guides_of(partnership: Partnership) -> list[Guide]:
    """The conversations so far, the latest first."""
    return list(partnership.guides.order_by("-round"))


def labels(partnership: Partnership) -> list[str]:
    """The labels under which something of a partnership may wait: its own, its sheets' and its tasks'."""
    sheets = Sheet.objects.filter(guide__partnership=partnership).exclude(guide__state=GuideState.CONCLUDED)
    return [
        about(partnership),
        *(sheet_label(sheet) for sheet in sheets),
        *(paper.label for paper in partnership.papers.all()),
        *(f"partnership-task:{task.pk}" for task in partnership.tasks.filter(state="open")),
    ]
