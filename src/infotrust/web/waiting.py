"""What waits for a person: for each role, the things of every stage that only they can move on.

Reads the stages' queries; each function gives the things of one role, the one to do first on top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infotrust.shared.accounts.models import Role, User
from infotrust.shared.clocks import queries as clocks
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import queries as agreements
from infotrust.stages.analysis import queries as analysis
from infotrust.stages.intake import queries as intake
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.linkage import queries as linkage
from infotrust.stages.release import queries as release

SOON = timedelta(days=60)  # an agreement that ends within two months should be renewed or let go


@dataclass(frozen=True)
class Waiting:
    """One thing to do: what, where, and a note on it."""

    title: str
    address: str
    note: str = ""


def waiting_for(user: User) -> list[Waiting]:
    """Return everything that waits for `user`, role by role."""
    found = [_on_the_clock(one) for one in clocks.waiting_for(user)]
    for role, look in LOOKS.items():
        if role in user.roles:
            try:
                found += [one for one in look(user) if one not in found]
            except NotPermitted:
                continue  # a role that may not read that stage has nothing waiting there
    return found


def _on_the_clock(one: clocks.InWords) -> Waiting:
    since = ngettext("%(step)s, for %(days)d day", "%(step)s, for %(days)d days", one.days)
    note = since % {"step": one.step, "days": one.days} if one.days else one.step
    if one.wait.due_on:
        due = _("overdue since %(day)s") if one.overdue else _("due on %(day)s")
        note = f"{note}; {due % {'day': date_format(one.wait.due_on)}}"
    return Waiting(one.wait.title, one.wait.address, note)


def _board_member(user: User) -> Iterator[Waiting]:
    for question in analysis.waiting_for_approval():
        if question.drafted_by_id != user.pk:
            yield Waiting(
                _("Approve the question “%(title)s”") % {"title": question.title},
                _to("analysis:question", question.code, otherwise="/questions/"),
                _("A question is run only after the board approved it."),
            )
    yield from _ending_soon(user)


def _ending_soon(user: User) -> Iterator[Waiting]:
    last = timezone.localdate() + SOON
    for agreement in agreements.in_force():
        if agreement.ends_on <= last and _own_party(agreement, user):
            yield Waiting(
                _("Renew %(title)s, or let it end") % {"title": agreement.title},
                _agreement(agreement),
                _("It ends on %(day)s.") % {"day": date_format(agreement.ends_on)},
            )


def _steward(user: User) -> Iterator[Waiting]:
    deliveries = list(intake.deliveries(by=user))
    for delivery in _deliveries_in_trouble(deliveries, user):
        yield Waiting(
            _("Correct the delivery %(dataset)s, %(period)s")
            % {"dataset": delivery.dataset, "period": delivery.period},
            _to("intake:delivery", delivery.pk, otherwise="/deliveries/"),
            delivery.get_state_display(),
        )
    sent = {delivery.dataset for delivery in deliveries}
    for dataset in inventory.datasets_of(user.agency) if user.agency else ():
        covered_by = agreements.covering(dataset.code)
        if covered_by and dataset.code not in sent:
            yield Waiting(
                _("Send the first delivery of %(title)s") % {"title": dataset.title},
                "/deliveries/",
                _("Agreed in %(codes)s.") % {"codes": ", ".join(covered_by)},
            )
    for agreement in agreements.agreements():
        if agreement.state == "draft" and _own_party(agreement, user):
            yield Waiting(_("Finish the draft %(title)s") % {"title": agreement.title}, _agreement(agreement))
    yield from _ending_soon(user)


def _deliveries_in_trouble(deliveries: list[Any], user: User) -> list[Any]:
    """The agency's own refused or interrupted deliveries that no later one of the same period made good."""
    settled = {(one.dataset, one.period) for one in deliveries if one.state in ("loaded", "checking", "received")}
    return [
        one
        for one in deliveries
        if one.agency_id == user.agency_id
        and one.state in ("refused", "failed")
        and (one.dataset, one.period) not in settled
    ]


def _linkage_officer(user: User) -> Iterator[Waiting]:
    plan = linkage.plan(by=user)
    rows = sum(one.new_rows for one in plan.ready)
    if rows:
        yield Waiting(
            _("Link the new records"),
            "/linkage/",
            ngettext("%(number)d record is not linked yet.", "%(number)d records are not linked yet.", rows)
            % {"number": rows},
        )
    left = linkage.desk(by=user).open_to_me
    if left:
        yield Waiting(
            _("Look at pairs of records"),
            _to("linkage:review", otherwise="/linkage/review/"),
            ngettext("%(number)d pair is left for you.", "%(number)d pairs are left for you.", left) % {"number": left},
        )


def _analyst(user: User) -> Iterator[Waiting]:
    for question in analysis.questions(by=user):
        address = _to("analysis:question", question.code, otherwise="/questions/")
        if question.state == "approved" and not question.outputs.all():
            yield Waiting(_("Run “%(title)s”") % {"title": question.title}, address, _("Approved and not yet run."))
        elif question.state == "draft" and question.drafted_by_id == user.pk:
            yield Waiting(_("Finish your draft “%(title)s”") % {"title": question.title}, address)


def _output_checker(user: User) -> Iterator[Waiting]:
    for row in release.queue(by=user).waiting:
        if row.decision:
            yield Waiting(
                str(row.release),
                _to("release:release", row.release.pk, otherwise="/releases/"),
                row.release.get_state_display(),
            )


def _administrator(user: User) -> Iterator[Waiting]:
    if settings.REQUIRE_TWO_STEP and not is_mfa_enabled(user):
        yield Waiting(_("Set up your second step of signing in"), _to("mfa_activate_totp", otherwise="/accounts/2fa/"))


LOOKS: dict[str, Callable[[User], Iterator[Waiting]]] = {
    Role.BOARD_MEMBER.value: _board_member,
    Role.STEWARD.value: _steward,
    Role.LINKAGE_OFFICER.value: _linkage_officer,
    Role.OUTPUT_CHECKER.value: _output_checker,
    Role.ANALYST.value: _analyst,
    Role.ADMINISTRATOR.value: _administrator,
}


def _own_party(agreement: Any, user: User) -> Any:
    return next((party for party in agreement.parties.all() if party.agency_id == user.agency_id), None)


def _agreement(agreement: Any) -> str:
    return _to("agreements:agreement", agreement.code, otherwise=f"/agreements/{agreement.code}/")


def _to(name: str, *args: object, otherwise: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return otherwise
