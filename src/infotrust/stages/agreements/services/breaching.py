"""A breach: access stops at once, and the notices that laws and clauses ask for are drafted with their days.

What each law asks is data (`core/law`, with citation and whether counsel confirmed it). A draft is for counsel to
finish: this sends nothing to anyone, and never holds a value about a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from math import ceil

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core import law
from infotrust.core.law.regime import SOURCE
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import commands
from infotrust.stages.agreements import queries
from infotrust.stages.agreements.commands import COMMANDS
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.models import Agreement, Breach, BreachNotice
from infotrust.stages.agreements.services import turns
from infotrust.stages.agreements.services.ground import AgreementRefused, about, lock, own_party
from infotrust.stages.agreements.services.living import hold


@transaction.atomic
def report_breach(
    agreement: Agreement,
    *,
    what: str,
    datasets: Sequence[str],
    discovered_on: date,
    people: int | None = None,
    by: User,
    at: datetime | None = None,
) -> Breach:
    """Write a breach down, suspend the agreement, and draft the notices.

    `datasets`: codes of those concerned. `people`: how many people, where known. Raises `NotPermitted`,
    `ImpossibleMove`, and `AgreementRefused` without words, for a day to come or a dataset that is not in it.
    """
    lock(agreement)
    at = at or timezone.now()
    party = own_party(agreement, "report breach", by)
    commands.require(COMMANDS["breach"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    covered = {part.dataset.code for part in queries.agreement(agreement.code).datasets.all()}
    _check(what, set(datasets) - covered, discovered_on, timezone.localdate(at))
    made = Breach.objects.create(
        agreement=agreement,
        agency=party.agency,
        what=what.strip(),
        datasets=sorted(set(datasets)),
        people=people,
        discovered_on=discovered_on,
        by=by,
        at=at,
    )
    audit.record(
        Event.BREACH_REPORTED,
        about=about(agreement),
        by=by,
        at=at,
        party=party.agency.code,
        datasets=made.datasets,
        discovered_on=discovered_on,
    )
    if agreement.state in {State.IN_FORCE, State.SUSPENDED}:
        hold(agreement, agency=party.agency, reason=_("A breach was reported."), by=by, at=at)
    turns.tell_parties(agreement, _("%(party)s reported a breach") % {"party": party.agency.name}, at, by)
    BreachNotice.objects.bulk_create(_notices(made, at))
    _ask_for_notices(agreement, made, at)
    return made


@transaction.atomic
def correct_breach(
    number: int,
    *,
    what: str,
    datasets: Sequence[str],
    discovered_on: date,
    people: int | None = None,
    by: User,
    at: datetime | None = None,
) -> Breach:
    """Say better what happened, to how many people and in which datasets, once more is known.

    Notices that are not sent yet are drafted anew, and those that another dataset or law asks for are added; what was
    sent stays as it was sent. The log keeps what was said before. Raises as `report_breach`, and `AgreementRefused`
    for a breach that is closed.
    """
    found = queries.breach(number)
    agreement, at = found.agreement, at or timezone.now()
    lock(agreement)
    party = own_party(agreement, "handle breach", by)
    command = COMMANDS["correct breach"]
    commands.require(command, state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    covered = {part.dataset.code for part in queries.agreement(agreement.code).datasets.all()}
    _check(what, set(datasets) - covered, discovered_on, timezone.localdate(at))
    if found.closed_at:
        raise AgreementRefused(_("This breach is closed."), next_step=_("Report a new one if more was found."))
    before = {"what": found.what, "datasets": found.datasets, "people": found.people, "on": str(found.discovered_on)}
    found.what, found.datasets, found.people = what.strip(), sorted(set(datasets)), people
    found.discovered_on = discovered_on
    found.save()
    _draft_anew(found)
    audit.record(
        Event.BREACH_HANDLED,
        about=about(agreement),
        by=by,
        at=at,
        breach=found.pk,
        what="corrected",
        before=before,
        datasets=found.datasets,
        people=people,
    )
    _ask_for_notices(agreement, found, at)
    return found


def _draft_anew(breach: Breach) -> None:
    """Write every notice that was not dealt with again, and add those that are asked for now."""
    there = {(one.law, one.to, one.agency_id): one for one in breach.notices.all()}
    for drafted in _notices(breach, breach.at):
        known = there.get((drafted.law, drafted.to, drafted.agency_id))
        if known is None:
            drafted.save()
        elif not known.dealt_at:
            known.text, known.due_on = drafted.text, drafted.due_on
            known.save(update_fields=["text", "due_on"])


def _ask_for_notices(agreement: Agreement, breach: Breach, at: datetime) -> None:
    waiting = list(breach.notices.filter(dealt_at__isnull=True).select_related("agency"))
    for agency in {notice.agency for notice in waiting}:
        dues = [one.due_on for one in waiting if one.agency_id == agency.pk and one.due_on]
        turns.ask_for_notice(agreement, agency, at, min(dues, default=None))


@transaction.atomic
def deal_with_notice(
    notice: int, *, why_not: str = "", text: str = "", by: User, at: datetime | None = None
) -> BreachNotice:
    """Say that a notice was sent, with the words it was sent in, or why it was not needed.

    Raises `NotPermitted`, `ImpossibleMove`, and `AgreementRefused` where it was dealt with already.
    """
    found = BreachNotice.objects.select_related("breach__agreement", "agency").filter(pk=notice).first()
    if found is None:
        raise AgreementRefused(_("There is no such notice."), next_step=_("See the breach."))
    agreement, at = found.breach.agreement, at or timezone.now()
    lock(agreement)
    party = own_party(agreement, "handle breach", by)
    commands.require(COMMANDS["notice"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    if found.dealt_at:
        raise AgreementRefused(_("This notice is dealt with."), next_step=_("See the breach."))
    if found.agency_id != party.agency_id:
        raise AgreementRefused(
            _("This notice is owed by %(party)s.") % {"party": found.agency.name},
            next_step=_("Its counsel or privacy officer says that it was sent."),
        )
    found.text, found.why_not = text.strip() or found.text, why_not.strip()[:400]
    found.dealt_by, found.dealt_at = by, at
    found.save()
    audit.record(
        Event.BREACH_HANDLED,
        about=about(agreement),
        by=by,
        at=at,
        notice=found.pk,
        to=found.to,
        sent=not found.why_not,
        law=found.law,
    )
    left = BreachNotice.objects.filter(breach__agreement=agreement, agency=found.agency, dealt_at__isnull=True)
    if not left.exists():
        turns.done(agreement, turns.NOTICE, at, "sent", found.agency)
    return found


@transaction.atomic
def close_breach(number: int, *, outcome: str, by: User, at: datetime | None = None) -> Breach:
    """Close a breach. The suspension stays until the party that reported it lets the agreement go on.

    Raises `NotPermitted`, `ImpossibleMove`, and `AgreementRefused` while a notice is not dealt with.
    """
    found = queries.breach(number)
    agreement, at = found.agreement, at or timezone.now()
    lock(agreement)
    party = own_party(agreement, "handle breach", by)
    commands.require(COMMANDS["close breach"], state=agreement.state, thing=agreement.code, by=by, agency=party.agency)
    if found.notices.filter(dealt_at__isnull=True).exists() or found.closed_at or not outcome.strip():
        raise AgreementRefused(
            _("This breach cannot be closed yet, or is closed already."),
            next_step=_("Deal with every notice, and say what was found and done."),
        )
    found.outcome, found.closed_by, found.closed_at = outcome.strip(), by, at
    found.save()
    audit.record(Event.BREACH_HANDLED, about=about(agreement), by=by, at=at, breach=found.pk, what="closed")
    return found


def _check(what: str, unknown: set[str], discovered: date, today: date) -> None:
    if not what.strip():
        raise AgreementRefused(_("A breach needs words."), next_step=_("Say what happened, without any person's data."))
    if discovered > today:
        raise AgreementRefused(_("The day of discovery is still to come."), next_step=_("Correct the day."))
    if unknown:
        raise AgreementRefused(
            _("%(dataset)s is not part of this agreement.") % {"dataset": min(unknown)},
            next_step=_("Choose datasets of the agreement."),
        )


def _notices(breach: Breach, at: datetime) -> Iterator[BreachNotice]:
    """One notice to the other parties, and those that the law of each field concerned asks for."""
    agreement = queries.agreement(breach.agreement.code)
    hours = queries.machine_terms(agreement).get("breach_notice_hours")
    others = [party.agency.name for party in agreement.parties.all() if party.agency_id != breach.agency_id]
    yield BreachNotice(
        breach=breach,
        agency=breach.agency,
        to=", ".join(others) or _("the governing body"),
        cite=_("%(code)s, clause on incidents") % {"code": agreement.code} if hours is not None else "",
        confirmed=hours is not None,
        due_on=timezone.localdate(at + timedelta(hours=ceil(hours))) if hours is not None else timezone.localdate(at),
        text=_text(breach, _("the other parties"), ""),
    )
    owners = {part.dataset.code: part.dataset.agency for part in agreement.datasets.all()}
    seen: set[tuple[str, str, int]] = set()
    for dataset in queries.terms_of(agreement).datasets:
        if dataset.code not in breach.datasets:
            continue
        for code in sorted({code for field in dataset.agreed for code in field.law_classes} & set(law.regimes())):
            for asked in law.regime(code).breach:
                key = (code, asked.who, owners[dataset.code].pk)
                if key not in seen:
                    seen.add(key)
                    yield BreachNotice(
                        breach=breach,
                        agency=owners[dataset.code],
                        law=code,
                        to=asked.who,
                        cite=asked.cite,
                        confirmed=asked.basis == SOURCE,
                        due_on=breach.discovered_on + timedelta(days=asked.within_days),
                        text=_text(breach, asked.who, asked.text),
                    )


def _text(breach: Breach, to: str, asked: str) -> str:
    """A draft in plain words, for counsel to finish: what, when, whose data, how many, what was done."""
    count = str(breach.people) if breach.people is not None else _("a number still unknown")
    lines = [
        _("To: %(to)s") % {"to": to},
        _("On %(day)s we learned of a breach of data shared under %(code)s.")
        % {"day": f"{breach.discovered_on:%B %d, %Y}", "code": breach.agreement.code},
        _("What happened: %(what)s") % {"what": breach.what},
        _("Data concerned: %(datasets)s. People concerned: %(count)s.")
        % {"datasets": ", ".join(breach.datasets) or _("still unknown"), "count": count},
        _("What was done: all access under this agreement was stopped when the breach was reported."),
        _("[Counsel: add what those concerned can do, and whom they can ask.]"),
    ]
    return "\n\n".join([*lines, *([f"[{asked}]"] if asked else [])])
