"""The pages of papers: start, write, compare versions, sign off, say something, take a copy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from infotrust.core.documents import Document, pdf, word
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.acting import done
from infotrust.shared.saving import SeenForm, saved
from infotrust.stages.readiness import contents, paper_forms, papers, queries, services
from infotrust.stages.readiness.pages.guide import guide_page
from infotrust.stages.readiness.pages.papers import element_choices, history, paper_page
from infotrust.stages.readiness.terms import PaperKind

TYPES = {
    "docx": (word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf, "application/pdf"),
}


@login_required
def start(request: SignedIn, number: int, kind: str) -> HttpResponse:
    """Open the partnership's paper of a kind; where there is none, or a use case is wanted, start one."""
    if kind not in PaperKind.values:
        raise Http404
    partnership = queries.partnership(number, by=request.user)
    found = queries.only_paper(partnership, kind)
    if found is not None and kind != PaperKind.USE_CASE:
        return redirect("readiness:paper", number, kind, found.number)
    form: Form = (
        paper_forms.StartForm(request.POST or None) if kind == PaperKind.USE_CASE else Form(request.POST or None)
    )
    made: list[Any] = []

    def begin() -> None:
        content = (
            form.content(partnership)
            if isinstance(form, paper_forms.StartForm)
            else papers.prefilled(partnership, kind, by=request.user)
        )
        made.append(services.start_paper(partnership, kind=kind, content=content, by=request.user))

    if done(form, begin):
        return redirect("readiness:write", number, kind, made[0].number)
    mine = [(one, queries.title_of(one)) for one in queries.papers_of(partnership) if one.kind == kind]
    shown = {"partnership": partnership, "form": form, "kind": PaperKind(kind), "mine": mine}
    return render(request, "readiness/start.html", shown)


@login_required
def paper(request: SignedIn, number: int, kind: str, paper: int) -> HttpResponse:
    page = paper_page(number, kind, paper, by=request.user)
    return render(request, "readiness/paper.html", {"page": page, "say": paper_forms.SayForm()})


@login_required
def write(request: SignedIn, number: int, kind: str, paper: int) -> HttpResponse:
    page = paper_page(number, kind, paper, by=request.user)
    if page.paper.state != "draft" and request.method == "GET":
        messages.info(request, _("It is not being written now."))
        return redirect("readiness:paper", number, kind, paper)
    made = paper_forms.paper_form(kind, queries.people_at(page.partnership), _datasets(page.partnership))
    initial = made.typed(contents.whole(kind, page.version.content)) | {"seen": page.paper.version}  # type: ignore[attr-defined]
    form: Any = made(request.POST or None, initial=initial)
    was_saved, pieces = saved(
        form,
        lambda: services.write_paper(
            page.paper,
            content=form.given(),
            seen=form.cleaned_data["seen"],
            note=form.cleaned_data["note"],
            by=request.user,
        ),
        version=lambda: paper_page(number, kind, paper, by=request.user).paper.version,
    )
    if was_saved:
        messages.success(request, _("It was saved as version %(number)d.") % {"number": page.paper.version})
        return redirect("readiness:paper", number, kind, paper)
    if pieces:
        versions = {one.number: one.content for one in queries.versions(page.paper)}
        before, now = versions.get(form.cleaned_data["seen"]), versions[max(versions)]
        if before is not None:
            form.follow(contents.whole(kind, before), contents.whole(kind, now))
    return render(request, "readiness/write.html", {"page": page, "form": form, "pieces": pieces})


@login_required
def elements(request: SignedIn, number: int, kind: str, paper: int) -> HttpResponse:
    """The fields that the questions need, dataset by dataset."""
    page = paper_page(number, kind, paper, by=request.user)
    form = SeenForm(request.POST or None, initial={"seen": page.paper.version})

    def keep() -> None:
        chosen = {
            one.dataset.code: [
                field.name for field in one.fields if field.name in request.POST.getlist(one.dataset.code)
            ]
            for one in element_choices(page)
        }
        services.write_paper(
            page.paper,
            content={"elements": chosen},
            seen=form.cleaned_data["seen"],
            note=_("elements"),
            by=request.user,
        )

    was_saved, pieces = saved(
        form, keep, version=lambda: paper_page(number, kind, paper, by=request.user).paper.version
    )
    if was_saved:
        messages.success(request, _("The elements were saved."))
        return redirect("readiness:paper", number, kind, paper)
    ticked = {code: set(request.POST.getlist(code)) for code in request.POST} if request.method == "POST" else None
    shown = {"page": page, "form": form, "pieces": pieces, "choices": element_choices(page, ticked)}
    return render(request, "readiness/elements.html", shown)


@login_required
def versions(request: SignedIn, number: int, kind: str, paper: int) -> HttpResponse:
    page = paper_page(number, kind, paper, by=request.user)
    return render(request, "readiness/versions.html", {"page": page, "rows": history(page)})


@login_required
def act_on_paper(request: SignedIn, number: int, kind: str, paper: int, act: str) -> HttpResponse:
    """The steps that are given in a word: offer, sign off, take up; and those that need words: say, changes, reopen."""
    page = paper_page(number, kind, paper, by=request.user)
    simple: dict[str, Callable[..., object]] = {"offer": services.offer, "take-up": services.take_up_paper}
    spoken: dict[str, Callable[[str], object]] = {
        "say": lambda text: services.say(page.paper, text=text, by=request.user),
        "changes": lambda text: services.ask_for_changes(page.paper, text=text, by=request.user),
        "reopen": lambda text: services.reopen_paper(page.paper, reason=text, by=request.user),
        "withdraw": lambda text: services.withdraw_paper(page.paper, reason=text, by=request.user),
    }
    back = redirect("readiness:paper", number, kind, paper)
    if act == "sign-off" and request.method == "POST":
        services.sign_off(page.paper, seen=request.POST.get("seen", ""), by=request.user)
        messages.success(request, _("You signed off for your partner."))
        return back
    if act in simple and request.method == "POST":
        simple[act](page.paper, by=request.user)
        return back
    if act not in spoken:
        raise Http404
    form = paper_forms.SayForm(request.POST or None)
    if done(form, lambda: spoken[act](form.cleaned_data["text"])):
        messages.success(request, _("It was saved."))
        return back
    titles = {
        "say": _("Say something"),
        "changes": _("What should change?"),
        "reopen": _("Why a next version?"),
        "withdraw": _("Why is it given up?"),
    }
    shown = {"partnership": page.partnership, "form": form, "title": titles[act], "button": _("Send")}
    return render(request, "readiness/form.html", shown)


@login_required
def reply(request: SignedIn, number: int, kind: str, paper: int, feedback: int) -> HttpResponse:
    page = paper_page(number, kind, paper, by=request.user)
    found = next((one for one in page.feedback if one.pk == feedback), None)
    if found is None:
        raise Http404
    form = paper_forms.ReplyForm(request.POST or None)
    if done(form, lambda: services.reply(page.paper, feedback=feedback, by=request.user, **form.cleaned_data)):
        messages.success(request, _("It was saved."))
        return redirect("readiness:paper", number, kind, paper)
    shown = {"partnership": page.partnership, "form": form, "title": _("Answer a remark"), "intro": found.words}
    return render(request, "readiness/form.html", shown | {"button": _("Save")})


@login_required
def copy(request: SignedIn, number: int, kind: str, paper: int, ending: str) -> HttpResponse:
    page = paper_page(number, kind, paper, by=request.user)
    return _file(papers.paper_document(page), f"{page.paper.label}-{page.title}", ending)


@login_required
def guide_copy(request: SignedIn, number: int, round: int, ending: str) -> HttpResponse:
    """A partner's copy of a conversation, once it is side by side."""
    page = guide_page(number, by=request.user, round=round)
    if page is None or not page.items:
        raise Http404
    return _file(papers.guide_document(page), f"guide-{round}-{page.partnership.title}", ending)


@login_required
def brief(request: SignedIn, number: int, ending: str) -> HttpResponse:
    """One page for leaders, from the goals statement and the use case."""
    partnership = queries.partnership(number, by=request.user)
    return _file(papers.brief_document(partnership), f"brief-{partnership.title}", ending)


@login_required
def use_cases(request: SignedIn) -> HttpResponse:
    duties.require("read use cases", by=request.user)
    return render(request, "readiness/use_cases.html", {"cases": queries.use_cases()})


@login_required
def use_case(request: SignedIn, number: int) -> HttpResponse:
    shown = {
        "case": queries.read_use_case(number, by=request.user),
        "titles": queries.dataset_titles(),
        "may_draft": duties.may("draft agreement", by=request.user),
    }
    return render(request, "readiness/use_case.html", shown)


def _file(document: Document, name: str, ending: str) -> HttpResponse:
    if ending not in TYPES:
        raise Http404
    make, kind = TYPES[ending]
    answer = HttpResponse(make(document), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{slugify(name)[:80]}.{ending}"'
    return answer


def _datasets(partnership: Any) -> list[tuple[str, str]]:
    """The datasets of the partners' agencies first, then all others."""
    own = {partner.agency_id for partner in queries.partners(partnership)}
    found = sorted(queries.datasets(), key=lambda one: (one.agency_id not in own, one.agency.name, one.title))
    return [(one.code, f"{one.title} ({one.agency.name})") for one in found]
