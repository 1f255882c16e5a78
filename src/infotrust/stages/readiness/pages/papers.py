"""The page of a paper: whose turn it is, what it says, what is missing, who signed off, how it came about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import commands, duties
from infotrust.shared.words import Piece, changed, differences
from infotrust.stages.inventory import queries as inventory
from infotrust.stages.readiness import contents, queries
from infotrust.stages.readiness.commands import PAPER_COMMANDS
from infotrust.stages.readiness.lifecycle import PaperState
from infotrust.stages.readiness.pages.turns import Holder, Turn, holders
from infotrust.stages.readiness.terms import PaperKind


@dataclass(frozen=True)
class Shown:
    """A section with its content in words; `lines` where it is a list."""

    section: contents.Section
    title: str
    words: str
    lines: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Change:
    """A section that changed from one version to the next."""

    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class VersionRow:
    version: Any
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class PaperPage:
    partnership: Any
    paper: Any
    title: str
    turn: Turn
    holders: tuple[Holder, ...]
    shown: tuple[Shown, ...]
    version: Any
    problems: tuple[str, ...]
    partners: tuple[tuple[Any, Any], ...]  # each with its sign-off of the standing version, or None
    own_signed: bool
    feedback: tuple[Any, ...]
    may: frozenset[str]
    cases: tuple[queries.UseCase, ...]  # Appendix A of a management plan


def paper_page(number: int, kind: str, paper: int, *, by: User) -> PaperPage:
    """Raises `NotPermitted`, `NoSuchPartnership`, `NoSuchPaper`."""
    partnership = queries.partnership(number, by=by)
    found = queries.paper(partnership, kind, paper, by=by)
    version = next(one for one in queries.versions(found) if one.number == found.version)
    signed = {one.partner_id: one for one in version.sign_offs.all()}
    own = queries.own_partner(partnership, by)
    problems = tuple(queries.problems(found)) if found.state in (PaperState.DRAFT, PaperState.SIGNING) else ()
    may = frozenset(commands.allowed(PAPER_COMMANDS, state=found.state, by=by)) if partnership.is_open else frozenset()
    own_signed = own is not None and own.pk in signed
    return PaperPage(
        partnership=partnership,
        paper=found,
        title=queries.title_of(found),
        turn=_turn(found, own, own_signed, problems, may, by),
        holders=tuple(holders([found.label])),
        shown=shown(found, version.content),
        version=version,
        problems=problems,
        partners=tuple((one, signed.get(one.pk)) for one in queries.partners(partnership)),
        own_signed=own_signed,
        feedback=tuple(queries.feedback(found)),
        may=may,
        cases=tuple(queries.use_cases_of(partnership)) if found.kind == "plan" else (),
    )


def shown(paper: Any, content: Mapping[str, Any]) -> tuple[Shown, ...]:
    """The sections that say something."""
    partners, titles = queries.people_at(paper.partnership), queries.dataset_titles()
    kept = contents.whole(paper.kind, content)
    rows = [(one, contents.words(one, kept[one.key], partners, titles)) for one in contents.sections(paper.kind)]
    return tuple(
        Shown(
            one, _(one.title), text, _listed(one, kept[one.key], titles), _paired(one, kept[one.key], partners, titles)
        )
        for one, text in rows
        if text and one.key != "title"
    )


def history(page: PaperPage) -> tuple[VersionRow, ...]:
    """Every version, the latest first, with what changed from the one before."""
    versions = queries.versions(page.paper)
    befores = [*versions[1:], None]
    return tuple(
        VersionRow(one, _changes(page.paper, before, one)) for one, before in zip(versions, befores, strict=True)
    )


def _changes(paper: Any, before: Any, after: Any) -> tuple[Change, ...]:
    if before is None:
        return ()
    partners, titles = queries.people_at(paper.partnership), queries.dataset_titles()
    old, new = contents.whole(paper.kind, before.content), contents.whole(paper.kind, after.content)
    found = []
    for one in contents.sections(paper.kind):
        was, now = (contents.words(one, each[one.key], partners, titles) for each in (old, new))
        if changed(was, now):
            found.append(Change(_(one.title), differences(was, now)))
    return tuple(found)


def _turn(paper: Any, own: Any, own_signed: bool, problems: Sequence[str], may: frozenset[str], by: User) -> Turn:
    if paper.state == PaperState.WITHDRAWN:
        return Turn(False, _("It was given up. It can be taken up again."))
    if paper.state == PaperState.FINAL and paper.kind == PaperKind.USE_CASE:
        return Turn(
            duties.may("draft agreement", by=by).allowed,
            _("Every partner has signed it off. Next, a data steward or a counsel drafts the agreement from it."),
            _("Go on to the agreement"),
            reverse("readiness:use-case", args=[paper.number]),
            _("It binds nobody. Only a signed agreement does."),
        )
    if paper.state == PaperState.FINAL:
        return Turn(False, _("Every partner has signed it off."), aside=_("It binds nobody."))
    if paper.state == PaperState.SIGNING:
        if own is not None and not own_signed and "sign off" in may:
            return Turn(True, _("Read it, then sign off for %(partner)s or ask for changes.") % {"partner": own})
        return Turn(False, _("Waiting for the partners who have not signed off."))
    to = reverse("readiness:write", args=[paper.partnership_id, paper.kind, paper.number])
    if problems:
        return Turn(True, _("Go on writing. Everyone at the table can."), _("Write"), to)
    return Turn(True, _("Nothing that is needed is missing. Ask every partner to sign off, or go on writing."))


def _listed(one: contents.Section, value: Any, titles: Mapping[str, str]) -> tuple[str, ...]:
    if one.kind == "lines":
        return tuple(value)
    return tuple(titles.get(code, code) for code in value) if one.kind == "datasets" else ()


def _paired(
    one: contents.Section, value: Any, partners: Sequence[contents.At], titles: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    if one.kind == "partners":
        return tuple((at.name, value[at.number]) for at in partners if value.get(at.number))
    if one.kind == "elements":
        return tuple((titles.get(code, code), _field_titles(code, names)) for code, names in value.items() if names)
    return ()


def _field_titles(code: str, names: Sequence[str]) -> str:
    """The fields as the inventory calls them; one that left it long ago keeps its short name."""
    known = (
        {field.name: field.title for field in inventory.all_fields(code)} if code in queries.dataset_titles() else {}
    )
    return ", ".join(known.get(name, name) for name in names)


@dataclass(frozen=True)
class FieldChoice:
    """A field that a use case may name. `note` says why one should think twice, or why it cannot be had."""

    name: str
    title: str
    chosen: bool
    unavailable: bool
    note: str


@dataclass(frozen=True)
class DatasetChoice:
    dataset: Any
    fields: tuple[FieldChoice, ...]


def element_choices(page: PaperPage, ticked: Mapping[str, Collection[str]] | None = None) -> tuple[DatasetChoice, ...]:
    """For each dataset of the standing version, its fields in use with those chosen; or with those that someone has
    ticked and could not save."""
    content = contents.whole(page.paper.kind, page.version.content)
    chosen = content["elements"] if ticked is None else ticked
    return tuple(
        DatasetChoice(
            inventory.dataset(code),
            tuple(_field(field, chosen.get(code, ())) for field in inventory.fields(code)),
        )
        for code in content["datasets"]
    )


def _field(field: Any, chosen: Collection[str]) -> FieldChoice:
    unavailable = field.availability == "unavailable"
    note = _("never leaves the agency") if unavailable else _("says who someone is") if field.is_identifier else ""
    return FieldChoice(field.name, field.title, field.name in chosen, unavailable, note)
