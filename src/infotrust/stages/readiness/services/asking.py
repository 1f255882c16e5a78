"""What waits for whom: each wait of a partnership begins here, with its holder by name."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import Role, User
from infotrust.shared.clocks import services as clocks
from infotrust.stages.readiness.lifecycle import GuideState, State
from infotrust.stages.readiness.models import Paper, Partner, Partnership, Sheet, Task
from infotrust.stages.readiness.services.ground import about, address
from infotrust.stages.readiness.terms import PROCESS, PaperKind


def sheet_label(sheet: Sheet) -> str:
    return f"guide-sheet:{sheet.pk}"


def ask_partner(sheet: Sheet, at: datetime) -> None:
    """From now on the partner's contact is waited for."""
    guide = sheet.guide
    clocks.begin(
        about=sheet_label(sheet),
        process=PROCESS,
        step="answer the guide",
        title=_("Say where your program stands: %(title)s") % {"title": guide.partnership.title},
        address=address("sheet", guide.partnership_id),
        agency=sheet.partner.agency,
        person=sheet.partner.contact,
        at=at,
    )


def ask_owner(task: Task, at: datetime) -> None:
    clocks.begin(
        about=f"partnership-task:{task.pk}",
        process=PROCESS,
        step="take away a barrier",
        # Not its words: whose turn it is can be read by everyone in the trust, a barrier only by the partners.
        title=_("A task from the conversation: %(title)s") % {"title": task.partnership.title},
        address=address("tasks", task.partnership_id),
        agency=task.partner.agency if task.partner else None,
        person=task.person,
        due_on=task.due_on,
        at=at,
    )


def chair(partnership: Partnership) -> User:
    """Who is waited for when it is everyone's turn: the facilitator, else the first partner's contact."""
    if partnership.facilitator is not None:
        return partnership.facilitator
    first = partnership.partners.select_related("contact").first()
    return first.contact if first else partnership.opened_by


def ask_to_begin(partnership: Partnership, at: datetime) -> None:
    clocks.begin(
        about=about(partnership),
        process=PROCESS,
        step="begin the guide",
        title=_("Begin to talk: %(title)s") % {"title": partnership.title},
        address=address("partnership", partnership.pk),
        person=chair(partnership),
        at=at,
    )


def ask_chair(partnership: Partnership, step: str, title: str, at: datetime) -> None:
    """From now on whoever leads the conversation is waited for. `step`: one of `terms.WAITS`."""
    clocks.begin(
        about=about(partnership),
        process=PROCESS,
        step=step,
        title=f"{title}: {partnership.title}",
        address=address("guide", partnership.pk),
        person=chair(partnership),
        at=at,
    )


def ask_for_view(sheet: Sheet, at: datetime) -> None:
    """From now on the partner's contact is waited for, to say whether to go on."""
    partnership = sheet.guide.partnership
    clocks.begin(
        about=sheet_label(sheet),
        process=PROCESS,
        step="say its view",
        title=_("Look at the answers side by side: %(title)s") % {"title": partnership.title},
        address=address("guide", partnership.pk),
        agency=sheet.partner.agency,
        person=sheet.partner.contact,
        at=at,
    )


def ask_to_meet_again(partnership: Partnership, at: datetime) -> None:
    """On the day agreed on, whoever leads the conversation is reminded."""
    clocks.begin(
        about=about(partnership),
        process=PROCESS,
        step="meet again",
        title=_("Meet again: %(title)s") % {"title": partnership.title},
        address=address("partnership", partnership.pk),
        person=chair(partnership),
        due_on=partnership.reconvene_on,
        at=at,
    )


def ask_whoever_leads(partnership: Partnership, at: datetime) -> None:
    """Wait for the present leader of the conversation for whatever is theirs to do now."""
    clocks.finish_all(about=about(partnership), outcome="handed over", at=at)
    guide = partnership.guides.exclude(state=GuideState.CONCLUDED).first()
    if guide is None and partnership.state == State.TALKING:
        ask_to_begin(partnership, at)
    elif guide is None and partnership.state == State.NOT_YET:
        ask_to_meet_again(partnership, at)
    elif guide and guide.state == GuideState.ANSWERING and not guide.sheets.filter(handed_in_at__isnull=True).exists():
        ask_chair(partnership, "open the guide", _("Lay the answers side by side"), at)
    elif guide and guide.state == GuideState.OPEN and not guide.sheets.filter(view="").exists():
        ask_chair(partnership, "conclude the guide", _("Conclude the conversation"), at)
    elif guide is None and partnership.state == State.FEASIBLE:
        ask_for_use_case(partnership, at)


def ask_for_use_case(partnership: Partnership, at: datetime) -> None:
    """Every contributing partner's contact is waited for; whoever begins the use case ends it for all."""
    if partnership.papers.filter(kind=PaperKind.USE_CASE).exists():
        return
    for partner in partnership.partners.filter(contributes=True).select_related("agency", "contact"):
        clocks.begin(
            about=about(partnership),
            process=PROCESS,
            step="begin the use case",
            title=_("Write the use case: %(title)s") % {"title": partnership.title},
            address=address("start", partnership.pk, PaperKind.USE_CASE.value),
            agency=partner.agency,
            person=partner.contact,
            at=at,
        )


def ask_for_agreement(paper: Paper, at: datetime) -> None:
    """The data stewards of those who contribute are waited for; a draft made from the use case ends it."""
    agencies = {one.agency_id: one.agency for one in paper.partnership.partners.filter(contributes=True)}
    for agency in agencies.values():
        clocks.begin(
            about=paper.label,
            process=PROCESS,
            step="draft the agreement",
            title=_("Draft the agreement: %(title)s") % {"title": paper.partnership.title},
            address=address("use-case", paper.number),
            agency=agency,
            role=Role.STEWARD,
            at=at,
        )


def ask_to_write(paper: Paper, writer: User, at: datetime) -> None:
    """From now on whoever started a paper is waited for, to write it and to ask for sign-off."""
    clocks.begin(
        about=paper.label,
        process=PROCESS,
        step="write the paper",
        title=_("Write it: %(title)s") % {"title": f"{paper.get_kind_display()}, {paper.partnership.title}"},
        address=address("paper", paper.partnership_id, paper.kind, paper.number),
        person=writer,
        at=at,
    )


def signed_off_by(paper: Paper, partner: Partner) -> bool:
    """Whether this partner has signed the version off that stands."""
    return paper.versions.filter(number=paper.version, sign_offs__partner=partner).exists()


def ask_to_sign_off(paper: Paper, partner: Partner, at: datetime) -> None:
    clocks.begin(
        about=paper.label,
        process=PROCESS,
        step="sign off",
        title=_("Read it and sign off: %(title)s")
        % {"title": f"{paper.get_kind_display()}, {paper.partnership.title}"},
        address=address("paper", paper.partnership_id, paper.kind, paper.number),
        agency=partner.agency,
        person=partner.contact,
        at=at,
    )
