"""Writing together: every save is a version, every partner signs off one and the same, and nobody's words are lost.

A paper binds nobody. A use case in which a contributor gains nothing that is stated cannot be signed off.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import services as clocks
from infotrust.shared.permissions import commands
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.readiness import contents
from infotrust.stages.readiness.commands import PAPER_COMMANDS
from infotrust.stages.readiness.contents import At, Content
from infotrust.stages.readiness.lifecycle import PAPER, PaperState, State
from infotrust.stages.readiness.models import Feedback, Paper, PaperVersion, Partner, Partnership, SignOff
from infotrust.stages.readiness.services.activities import mark
from infotrust.stages.readiness.services.asking import ask_for_agreement, ask_to_sign_off, ask_to_write
from infotrust.stages.readiness.services.ground import (
    ReadinessRefused,
    about,
    address,
    at_the_table,
    lock,
    may,
    partner_of,
    same,
    short,
    spoken_for,
    words,
)
from infotrust.stages.readiness.terms import LONGEST_NOTE, PaperKind

# Sent inside the transaction of the last sign-off: `label` ("use-case:3"), `version`, `title`, `address`, `by`, `at`.
use_case_signed_off = Signal()

# Written only once the partners found it feasible; goals come before any conversation.
ONCE_FEASIBLE = {PaperKind.USE_CASE, PaperKind.PLAN}
# The activity that a paper is done with, when every partner has signed it off.
ACTIVITIES = {PaperKind.GOALS: "1a", PaperKind.USE_CASE: "2b", PaperKind.PLAN: "3a"}
MOST_LINES, LONGEST_LINE = 50, 500


@transaction.atomic
def start_paper(
    partnership: Partnership,
    *,
    kind: str,
    content: Mapping[str, Any] | None = None,
    by: User,
    at: datetime | None = None,
) -> Paper:
    """Start a paper, from nothing or from the content of a sample. Raises `NotPermitted`, `ReadinessRefused`."""
    may(partnership, "start paper", by)
    at = at or timezone.now()
    if kind not in PaperKind.values:
        raise ReadinessRefused(_("There is no such kind of paper."), next_step=_("Choose one of the list."))
    if kind in ONCE_FEASIBLE and partnership.state != State.FEASIBLE:
        raise ReadinessRefused(
            _("This partnership is not found feasible yet."),
            next_step=_("Talk through the discussion guide first; then write the use case."),
        )
    if kind != PaperKind.USE_CASE and partnership.papers.filter(kind=kind).exists():
        raise ReadinessRefused(_("There is one already."), next_step=_("Open it and write the next version."))
    last = Paper.objects.filter(kind=kind).aggregate(last=Max("number"))["last"] or 0
    paper = Paper.objects.create(partnership=partnership, kind=kind, number=last + 1, started_by=by, started_at=at)
    _add_version(paper, _checked(kind, content or {}, partnership), "", by, at)
    audit.record(Event.PAPER_STARTED, about=paper.label, by=by, at=at, partnership=partnership.pk)
    if kind == PaperKind.USE_CASE:
        clocks.finish(about=about(partnership), step="begin the use case", outcome="begun", at=at)
    ask_to_write(paper, by, at)
    return paper


@transaction.atomic
def write_paper(
    paper: Paper,
    *,
    content: Mapping[str, Any],
    seen: int,
    note: str = "",
    by: User,
    at: datetime | None = None,
) -> Paper:
    """Save the next version. Sections that `content` leaves out stay as they are; one that changes nothing adds none.

    Raises `NotPermitted`, `SavedMeanwhile`, `ReadinessRefused`.
    """
    _may(paper, "write", by)
    before = standing(paper).content
    new = _checked(paper.kind, {**before, **content}, paper.partnership)
    partners, titles = people_at(paper.partnership), dataset_titles()
    same(
        paper.version,
        seen,
        yours=contents.as_text(paper.kind, new, partners, titles),
        theirs=contents.as_text(paper.kind, before, partners, titles),
    )
    if new != before:
        _add_version(paper, new, short(note, what=_("The note"), longest=200), by, at or timezone.now())
        _record(paper, by, at, what="written", version=paper.version)
    return paper


@transaction.atomic
def offer(paper: Paper, *, by: User, at: datetime | None = None) -> Paper:
    """Ask every partner to sign off. Raises `NotPermitted`, and `ReadinessRefused` with everything that is missing."""
    _may(paper, "offer", by)
    at = at or timezone.now()
    if wrong := problems(paper):
        raise ReadinessRefused(_("It cannot be signed off yet."), next_step=" ".join(wrong))
    _move(paper, PaperState.SIGNING)
    clocks.finish_all(about=paper.label, outcome="offered", at=at)
    for partner in paper.partnership.partners.select_related("agency", "contact"):
        ask_to_sign_off(paper, partner, at)
    _record(paper, by, at, what="offered", version=paper.version)
    return paper


@transaction.atomic
def sign_off(paper: Paper, *, seen: str = "", by: User, at: datetime | None = None) -> Paper:
    """Agree with it for one's own partner. The last sign-off makes it final. It binds nobody.

    `seen`: the fingerprint of the version that the page showed. Raises `NotPermitted`, `ReadinessRefused`.
    """
    _may(paper, "sign off", by)
    partner, at = spoken_for(paper.partnership, by, "sign off"), at or timezone.now()
    version = standing(paper)
    if seen and seen != version.digest:
        raise ReadinessRefused(_("It changed after you opened this page."), next_step=_("Read it again."))
    if wrong := problems(paper):
        raise ReadinessRefused(_("It cannot be signed off any more."), next_step=" ".join(wrong))
    if version.sign_offs.filter(partner=partner).exists():
        raise ReadinessRefused(_("Your partner has signed off already."), next_step=_("Wait for the others."))
    SignOff.objects.create(version=version, partner=partner, by=by, at=at, digest=version.digest)
    clocks.finish(about=paper.label, step="sign off", person=partner.contact, outcome="signed off", at=at)
    audit.record(
        Event.PAPER_SIGNED_OFF,
        about=paper.label,
        by=by,
        at=at,
        partner=partner.agency.code,
        version=version.number,
        text=version.digest,
    )
    if version.sign_offs.count() < paper.partnership.partners.count():
        return paper
    paper.final_version = paper.version
    _move(paper, PaperState.FINAL)
    if paper.kind in ACTIVITIES:
        mark(paper.partnership, ACTIVITIES[PaperKind(paper.kind)], True, by, at)
    if paper.kind == PaperKind.USE_CASE:
        ask_for_agreement(paper, at)
    audit.record(Event.PAPER_FINAL, about=paper.label, by=by, at=at, version=version.number, text=version.digest)
    if paper.kind == PaperKind.USE_CASE:
        use_case_signed_off.send(
            sender=None,
            label=paper.label,
            version=version.number,
            title=str(version.content.get("title", "")),
            address=address("use-case", paper.number),
            by=by,
            at=at,
        )
    return paper


@transaction.atomic
def ask_for_changes(paper: Paper, *, text: str, by: User, at: datetime | None = None) -> Paper:
    """Send it back with what should change. Every sign-off is void then. Raises `NotPermitted`, `ReadinessRefused`."""
    _may(paper, "ask for changes", by)
    partner = spoken_for(paper.partnership, by, "ask for changes")
    _say(paper, partner, text, by, at)
    _back_to_draft(paper, by, at or timezone.now(), what="changes asked for")
    return paper


@transaction.atomic
def reopen_paper(paper: Paper, *, reason: str, by: User, at: datetime | None = None) -> Paper:
    """Write the next version of a paper that is signed off. Raises `NotPermitted`, `ReadinessRefused`."""
    _may(paper, "reopen", by)
    _say(paper, partner_of(paper.partnership, by), reason, by, at)
    _back_to_draft(paper, by, at or timezone.now(), what="reopened")
    return paper


@transaction.atomic
def withdraw_paper(paper: Paper, *, reason: str, by: User, at: datetime | None = None) -> Paper:
    """Give a paper up. It can be taken up again. Raises `NotPermitted`, `ReadinessRefused` without a reason."""
    _may(paper, "withdraw", by)
    _say(paper, partner_of(paper.partnership, by), reason, by, at)
    _move(paper, PaperState.WITHDRAWN)
    clocks.finish_all(about=paper.label, outcome="withdrawn", at=at or timezone.now())
    _record(paper, by, at, what="withdrawn")
    return paper


@transaction.atomic
def take_up_paper(paper: Paper, *, by: User, at: datetime | None = None) -> Paper:
    """Take up a paper that was given up. Raises `NotPermitted`, `ImpossibleMove`."""
    _may(paper, "take up", by)
    _back_to_draft(paper, by, at or timezone.now(), what="taken up")
    return paper


@transaction.atomic
def say(paper: Paper, *, text: str, by: User, at: datetime | None = None) -> Feedback:
    """Say something about a paper; everyone at the table reads it. Raises `NotPermitted`, `ReadinessRefused`."""
    _may(paper, "say", by)
    made = _say(paper, partner_of(paper.partnership, by), text, by, at)
    _record(paper, by, at, what="feedback", feedback=made.pk)
    return made


@transaction.atomic
def reply(paper: Paper, *, feedback: int, text: str, by: User, at: datetime | None = None) -> Feedback:
    """Say what became of a remark. Raises `NotPermitted`, and `ReadinessRefused` where it has a reply."""
    _may(paper, "reply", by)
    found = paper.feedback.filter(pk=feedback).first()
    if found is None or found.reply:
        raise ReadinessRefused(_("There is nothing left to answer here."), next_step=_("Reload the page."))
    found.reply = words(text, what=_("The answer"), longest=LONGEST_NOTE)
    found.replied_by, found.replied_at = by, at or timezone.now()
    found.save()
    _record(paper, by, at, what="feedback answered", feedback=found.pk)
    return found


@transaction.atomic
def agreement_drafted(number: int, *, at: datetime) -> None:
    """Nobody is waited for any more to draft the agreement of this use case: there is a draft."""
    clocks.finish(about=f"{PaperKind.USE_CASE}:{number}", step="draft the agreement", outcome="drafted", at=at)


def problems(paper: Paper) -> list[str]:
    """Return what keeps the standing version from sign-off: what is missing, and what left the inventory."""
    content = standing(paper).content
    found = contents.missing(paper.kind, content, people_at(paper.partnership))
    known = dataset_titles()
    for code in content.get("datasets", []):
        if code not in known:
            found.append(_("There is no dataset %(code)s in the inventory any more.") % {"code": code})
    for code, names in content.get("elements", {}).items():
        fields = {field.name for field in inventory.fields(code)}
        gone = sorted(set(names) - fields)
        if gone:
            named = {"code": code, "names": ", ".join(gone)}
            found.append(_("%(code)s has no field %(names)s in the inventory any more. Take it out.") % named)
    return found


def standing(paper: Paper) -> PaperVersion:
    return paper.versions.get(number=paper.version)


def people_at(partnership: Partnership) -> list[At]:
    """The partners as a paper sees them."""
    return [At(str(one.pk), str(one), one.contributes) for one in partnership.partners.select_related("agency")]


def dataset_titles() -> dict[str, str]:
    return {one.code: one.title for one in inventory.datasets()}


def _may(paper: Paper, command: str, by: User) -> None:
    """Hold the partnership and the paper; raise unless `by` is at the table and may give the command now."""
    lock(paper.partnership)
    paper.refresh_from_db(fields=["state", "version", "final_version"])
    at_the_table(paper.partnership, by, command)
    commands.require(PAPER_COMMANDS[command], state=paper.state, thing=str(paper), by=by)
    if not paper.partnership.is_open:
        raise ReadinessRefused(_("This partnership is closed."), next_step=_("Open it again first."))


def _checked(kind: str, content: Mapping[str, Any], partnership: Partnership) -> Content:
    """Return the content as it is kept: known sections only, of the right shape and length."""
    result = contents.whole(kind, content)
    known, partners = dataset_titles(), {one.number for one in people_at(partnership)}
    for one in contents.sections(kind):
        value = result[one.key]
        if one.kind == "lines":
            result[one.key] = _lines(value, _(one.title))
        elif one.kind == "datasets":
            result[one.key] = [code for code in dict.fromkeys(value) if isinstance(code, str)]
        elif one.kind == "elements":
            kept = {code: list(dict.fromkeys(names)) for code, names in value.items() if names}
            result[one.key] = {code: names for code, names in kept.items() if code in result["datasets"]}
        elif one.kind == "partners":
            result[one.key] = {
                number: short(text, what=_(one.title), longest=LONGEST_NOTE)
                for number, text in value.items()
                if number in partners and text.strip()
            }
        elif one.kind == "choice":
            result[one.key] = value if value in one.choices else ""
        else:
            longest = 200 if one.kind == "line" else LONGEST_NOTE
            result[one.key] = short(value, what=_(one.title), longest=longest)
    _known(result, known)
    return result


def _lines(value: list[str], title: str) -> list[str]:
    if len(value) > MOST_LINES:
        raise ReadinessRefused(
            _("“%(title)s” has more than %(most)d lines.") % {"title": title, "most": MOST_LINES},
            next_step=_("Put the ones that belong together on one line."),
        )
    return [words(line, what=title, longest=LONGEST_LINE) for line in value]


def _known(content: Content, known: Mapping[str, str]) -> None:
    """Raise for a dataset or field that was never in the inventory. One that left it since is told before sign-off."""
    strange = [code for code in content.get("datasets", []) if code not in known]
    for code, names in content.get("elements", {}).items():
        if code in known:
            ever = {field.name for field in inventory.all_fields(code)}
            strange += [f"{code}.{name}" for name in names if name not in ever]
    if strange:
        raise ReadinessRefused(
            _("The inventory does not know %(what)s.") % {"what": ", ".join(strange)},
            next_step=_("Choose from the inventory, or name it among the data sets that are not in it yet."),
        )


def _add_version(paper: Paper, content: Content, note: str, by: User, at: datetime) -> None:
    paper.version += 1
    PaperVersion.objects.create(
        paper=paper,
        number=paper.version,
        content=content,
        digest=contents.digest(content),
        by=by,
        at=at,
        note=note,
    )
    paper.save()


def _back_to_draft(paper: Paper, by: User, at: datetime, *, what: str) -> None:
    """What was signed off stays as it was; a version of its own begins the next round, without a sign-off."""
    _move(paper, PaperState.DRAFT)
    _add_version(paper, standing(paper).content, what, by, at)
    if paper.kind in ACTIVITIES:
        mark(paper.partnership, ACTIVITIES[PaperKind(paper.kind)], False, by, at)
    clocks.finish_all(about=paper.label, outcome=what, at=at)
    ask_to_write(paper, paper.started_by, at)
    _record(paper, by, at, what=what, version=paper.version)


def _say(paper: Paper, partner: Partner | None, text: str, by: User, at: datetime | None) -> Feedback:
    return Feedback.objects.create(
        paper=paper,
        version=paper.version,
        partner=partner,
        by=by,
        at=at or timezone.now(),
        words=words(text, what=_("What you want to say"), longest=LONGEST_NOTE),
    )


def _move(paper: Paper, to: PaperState) -> None:
    PAPER.require(paper.state, to, thing=str(paper))
    paper.state = to
    paper.save()


def _record(paper: Paper, by: User, at: datetime | None, **facts: object) -> None:
    audit.record(Event.PAPER_CHANGED, about=paper.label, by=by, at=at, **facts)
