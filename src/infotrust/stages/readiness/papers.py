"""The documents of a partnership, for Word and PDF: each partner's copy of a conversation, and the papers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from infotrust.core.documents import Bullets, Document, Facts, Heading, Paragraph, Part, Signature, Signatures, Table
from infotrust.shared.accounts.models import Role, User
from infotrust.stages.inventory.terms import law_labels
from infotrust.stages.readiness import queries, services
from infotrust.stages.readiness.pages.guide import GuidePage, ItemRow
from infotrust.stages.readiness.pages.papers import PaperPage

BINDS_NOBODY = "This paper binds nobody. Only a signed agreement does."


def guide_document(page: GuidePage) -> Document:
    """Return a conversation as a document: who met, the five questions with every partner's place, what comes next."""
    guide = page.guide
    copy_of = str(page.own.sheet.partner) if page.own else _("the facilitator")
    parts: list[Part] = [
        Paragraph(_("This guide opens a conversation. Nothing in it commits anyone.")),
        Facts(
            (
                (_("Day of the meeting"), date_format(guide.met_on) if guide.met_on else _("not set")),
                (_("Partners"), "; ".join(str(one.partner) for one in page.partners)),
                (_("Copy of"), copy_of),
            )
        ),
    ]
    if guide.attendees:
        parts += [Heading(_("Who took part")), Bullets(tuple(guide.attendees.splitlines()))]
    for number, row in enumerate(page.items, 1):
        parts += _item(number, row)
    parts += _texts(((_("What we make of it"), guide.reflection), (_("Next steps"), guide.next_steps)))
    parts += [
        Heading(_("Whether to go on")),
        Facts(tuple((str(one.partner), _view(one.view)) for one in page.partners)),
    ]
    if guide.verdict:
        verdict = _("Feasible") if guide.verdict == "feasible" else _("Not yet")
        parts.append(Paragraph(_("Conclusion: %(verdict)s.") % {"verdict": verdict}))
    if page.partnership.reconvene_on:
        parts.append(
            Paragraph(_("The partners meet again on %(day)s.") % {"day": date_format(page.partnership.reconvene_on)})
        )
    tasks = [one.task for one in page.barriers if hasattr(one, "task")]
    if tasks:
        parts += [Heading(_("What is done about the barriers")), _task_table(tasks)]
    title = _("Discussion guide: %(title)s") % {"title": page.partnership.title}
    return Document(title, tuple(parts), subtitle=_("Conversation %(number)d") % {"number": guide.round})


def _item(number: int, row: ItemRow) -> list[Part]:
    parts: list[Part] = [
        Heading(f"{number}. {_(row.item.title)}"),
        Paragraph(_(row.item.question)),
        Bullets(tuple(_(each) for each in row.item.consider)),
        Table(
            _("Where each partner stands"),
            (_("Partner"), _("Place"), _("Comment"), _("In the way")),
            tuple(
                (
                    str(mark.partner),
                    f"{mark.place} of 5: {mark.words}" if mark.place else mark.words,
                    mark.comment,
                    "\n".join(barrier.words for barrier in mark.barriers),
                )
                for mark in row.marks
            ),
        ),
    ]
    if row.gap_words:
        parts.append(Paragraph(row.gap_words, note=True))
    if row.joint:
        parts += [Heading(_("What was said"), level=2), Paragraph(row.joint)]
    return parts


def _task_table(tasks: list[Any]) -> Table:
    return Table(
        _("Tasks"),
        (_("Barrier"), _("What is done"), _("Who"), _("Until")),
        tuple(
            (
                task.barrier.words,
                task.outcome if task.state == "dropped" else task.words,
                task.person.name if task.person else "–",
                date_format(task.due_on) if task.due_on else "–",
            )
            for task in tasks
        ),
    )


def paper_document(page: PaperPage) -> Document:
    """Return a paper as a document: its sections, who signed off, and, for a management plan, Appendix A."""
    paper = page.paper
    parts: list[Part] = [Paragraph(_(BINDS_NOBODY)), *_sections(page)]
    if page.cases:
        parts.append(Heading(_("Appendix A: use cases")))
        for case in page.cases:
            parts += case_parts(case, level=2)
    signed = [(partner, sign) for partner, sign in page.partners if sign]
    if signed or paper.state == "signing":
        parts += [Heading(_("Signed off")), _signatures(page)]
    state = _("%(kind)s, version %(number)d, %(state)s") % {
        "kind": paper.get_kind_display(),
        "number": paper.version,
        "state": str(paper.get_state_display()).lower(),
    }
    return Document(page.title, tuple(parts), subtitle=state)


def _sections(page: PaperPage) -> Iterator[Part]:
    for one in page.shown:
        yield Heading(one.title)
        if one.lines:
            yield Bullets(one.lines, numbered=one.section.kind == "lines")
        elif one.pairs:
            yield Facts(one.pairs)
        else:
            yield Paragraph(one.words)


def case_parts(case: queries.UseCase, *, level: int) -> list[Part]:
    """Return a use case as it was signed off, below a heading of this level."""
    titles = queries.dataset_titles()
    named = tuple(titles.get(code, code) for code in case.datasets) + case.other_datasets
    parts: list[Part] = [Heading(f"{_('Use case')} {case.number}: {case.title}", level=level), Paragraph(case.overview)]
    parts += [Heading(_("Questions"), level=level + 1), Bullets(case.questions, numbered=True)]
    parts += [Heading(_("Data sets"), level=level + 1), Bullets(named)]
    if case.elements:
        rows = tuple((titles.get(code, code), name) for code, name in case.elements)
        parts.append(Table(_("Elements"), (_("Data set"), _("Field")), rows))
    gains = tuple((one.name, one.benefit) for one in case.partners if one.benefit)
    if gains:
        parts += [Heading(_("What each partner gains"), level=level + 1), Facts(gains)]
    return parts


def _signatures(page: PaperPage) -> Signatures:
    return Signatures(
        tuple(
            Signature(
                organization=str(partner),
                name=sign.by.name if sign else "",
                signed=date_format(sign.at, "DATETIME_FORMAT") if sign else "",
                digest=sign.digest if sign else "",
            )
            for partner, sign in page.partners
        )
    )


def _texts(pairs: tuple[tuple[str, str], ...]) -> list[Part]:
    return [part for title, text in pairs if text for part in (Heading(title), Paragraph(text))]


def _view(view: str) -> str:
    return {"go_on": _("Go on"), "not_yet": _("Not yet")}.get(view, _("has not said yet"))


def prefilled(partnership: Any, kind: str, *, by: User) -> dict[str, Any]:
    """Return what a new paper can take over from what the partners wrote already."""
    if kind == "plan":
        return _plan(partnership)
    return _worksheet(partnership, by) if kind == "worksheet" else {"title": partnership.title}


def _goals_said(partnership: Any) -> dict[str, Any]:
    goals = queries.only_paper(partnership, "goals")
    return queries.standing(goals).content if goals else {}


def _plan(partnership: Any) -> dict[str, Any]:
    said, cases = _goals_said(partnership), queries.use_cases_of(partnership)
    data = sorted({title for case in cases for title in _data_of(case)})
    return {
        "title": _("Management plan: %(title)s") % {"title": partnership.title},
        "goals": said.get("why", "") or partnership.about,
        "data": "\n".join(data),
        "dissemination": "\n".join(case.returned for case in cases if case.returned),
    }


def _worksheet(partnership: Any, by: User) -> dict[str, Any]:
    """From goals, questions, the latest use case, the inventory and what each partner can do."""
    said, rows = _goals_said(partnership), queries.capacities(partnership, by=by)
    case = next(iter(reversed(queries.use_cases_of(partnership))), None)
    elements = case_elements(case) if case else queries.elements_of(partnership)
    used = [one for one in queries.datasets() if one.code in elements or (case and one.code in case.datasets)]
    people = queries.people_of(partnership)
    return {
        "title": _("Data sharing worksheet: %(title)s") % {"title": partnership.title},
        "goal": said.get("why", "") or partnership.about,
        "rationale": case.overview if case else said.get("data", ""),
        "questions": list(case.questions) if case else queries.questions_of(partnership),
        "partners": {
            str(row.partner.pk): _("Contributes data") if row.partner.contributes else _("Helps; contributes no data")
            for row in rows
        },
        "datasets": [one.code for one in used],
        "elements": elements,
        "source": "\n".join(f"{one.title}: {one.source.name}, {one.agency.name}" for one in used),
        "use": (case.sharing if case else "") or said.get("use", ""),
        "frequency": ", ".join(
            sorted({str(one.get_update_frequency_display()) for one in used if one.update_frequency})
        ),
        "benefit": _benefits(partnership, case),
        "laws": "\n".join(_laws(elements)),
        "consent": case.consent_note if case else "",
        "transmission": "\n".join(f"{row.partner}: {row.mode.title}" for row in rows if row.mode and row.mode.code),
        "cost": "\n".join(
            f"{row.partner}: {gap.remedy.words}"
            for row in rows
            for gap in row.gaps
            if gap.remedy and gap.remedy.kind == "funding"
        ),
        "counsel": {
            str(row.partner.pk): ", ".join(
                one.user.name for one in people if one.partner_id == row.partner.pk and Role.COUNSEL in one.user.roles
            )
            for row in rows
        },
    }


def case_elements(case: queries.UseCase) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, name in case.elements:
        found.setdefault(code, []).append(name)
    return found


def _benefits(partnership: Any, case: queries.UseCase | None) -> dict[str, str]:
    by_name = {one.name: one.benefit for one in case.partners} if case else {}
    return {str(one.pk): by_name.get(str(one), "") for one in queries.partners(partnership)}


def _laws(elements: dict[str, list[str]]) -> list[str]:
    """The laws that govern the elements, each once, as the inventory says."""
    fields = [one for one in queries.every_field() if one.name in elements.get(one.dataset.code, ())]
    return [title for law, title in law_labels().items() if any(law in one.law_classes for one in fields)]


def _data_of(case: queries.UseCase) -> list[str]:
    titles = queries.dataset_titles()
    return [*(titles.get(code, code) for code in case.datasets), *case.other_datasets]


def brief_document(partnership: Any) -> Document:
    """Return one page for leaders, from the goals statement and the latest use case that was signed off.

    Long texts are cut at a word, so that it stays one page. Raises `ReadinessRefused` where there is nothing to tell.
    """
    said = _goals_said(partnership)
    case = next(iter(reversed(queries.use_cases_of(partnership))), None)
    if case is None and not said.get("why"):
        raise services.ReadinessRefused(
            _("There is nothing yet to tell leaders."), next_step=_("Write the goals statement or the use case first.")
        )
    questions = list(case.questions) if case else queries.questions_of(partnership)
    data = _data_of(case) if case else [said.get("data", "")]
    parts: list[Part] = [
        Facts(
            (
                (_("Partners"), _cut("; ".join(str(one) for one in queries.partners(partnership)), 160)),
                (_("Where we are"), str(partnership.get_state_display())),
                (_("Data"), _cut(", ".join(data), 160)),
            )
        )
    ]
    why = _cut(said.get("why", "") or (case.overview if case else ""), 300)
    parts += _texts(((_("Why"), why),))
    if questions:
        parts += [Heading(_("What we could answer")), Bullets(tuple(_cut(one, 110) for one in questions[:3]))]
    if case:
        parts += [Heading(_("What it means for each partner")), _balance(case)]
    asked = Paragraph(_asked(partnership, case))
    parts += [Heading(_("What we ask of you")), asked, Paragraph(_(BINDS_NOBODY), note=True)]
    title = _cut(case.title if case else partnership.title, 120)
    return Document(title, tuple(parts), subtitle=_("For leaders, on one page"))


def _balance(case: queries.UseCase) -> Table:
    """What each partner gains and what could turn out badly; of many partners, the first five."""
    rows = tuple((_cut(one.name, 60), _cut(one.benefit, 90), _cut(one.impact, 90)) for one in case.partners[:5])
    columns = (_("Partner"), _("What it gains"), _("What could turn out badly"))
    return Table(_("Benefits and risks"), columns, rows)


def _asked(partnership: Any, case: queries.UseCase | None) -> str:
    if case is not None:
        return _("Let counsel look at it now, and say who decides on a data sharing agreement.")
    if partnership.state == "feasible":
        return _("Give staff the time to write the use case.")
    return _("Give staff the time to talk it through with the partners.")


def _cut(text: str, most: int) -> str:
    """Return at most so many characters, cut at a word."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
