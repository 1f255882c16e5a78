"""The requester's pages: the list, the request, its sections and papers, submitting and withdrawing."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.acting import done, onward, show_action
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.words import SavedMeanwhile, differences
from infotrust.stages.requests import beginnings, files, fit, pages, queries, services
from infotrust.stages.requests.forms import CommentForm, FitForm, PaperForm, ReasonForm, SectionForm


@login_required
def index(request: SignedIn) -> HttpResponse:
    context = {"overview": pages.overview(by=request.user), "beginnings": beginnings.choices(by=request.user)}
    return render(request, "requests/list.html", context)


@login_required
@require_POST
def new(request: SignedIn) -> HttpResponse:
    """Begin a draft, with first answers from an agreement, a use case, or the project-fit screen."""
    origin = request.POST.get("origin", "")
    answers = beginnings.answers_from(origin, by=request.user, on=timezone.localdate()) if origin else {}
    form = FitForm(request.POST, fields_offered=pages.fields_offered())
    if form.is_valid() and form.cleaned_data["fields_wanted"]:
        answers |= {key: value for key, value in beginnings.cleaned(**form.first_answers()).items() if value}
    made = services.begin_request(answers=answers, origin=origin if answers else "", by=request.user)
    return redirect("requests:request", made.code)


@login_required
@require_GET
def fit_screen(request: SignedIn) -> HttpResponse:
    """The project is in the address, so that the answer can be sent to a colleague. Nothing is opened, nothing kept."""
    form = FitForm(request.GET or None, fields_offered=pages.fields_offered())
    found = fit.screen(**form.project(), by=request.user) if form.is_valid() else None
    context = {"form": form, "fit": found, "may_ask": duties.may("make request", by=request.user)}
    return render(request, "requests/fit.html", context)


@login_required
def request_page(request: SignedIn, code: str) -> HttpResponse:
    page = pages.request_page(code, by=request.user)
    return render(request, "requests/request.html", {"page": page, "comment": CommentForm()})


@login_required
def section(request: SignedIn, code: str, key: str) -> HttpResponse:
    """Write one section. Where someone saved first, both versions are shown, and nothing typed is lost."""
    page = _section(request, code, key)
    form = _form(page, request.POST or None)
    pieces: Any = ()
    if request.method == "POST" and form.is_valid():
        try:
            services.save_section(page.request, key=key, **_typed(form), by=request.user)
        except SavedMeanwhile as other:
            pieces = differences(other.theirs, other.yours)
            form = _form(page, request.POST, seen=page.seen)
        except UserFacingError as problem:
            _raise_refusal(problem)
            form.add_error(None, f"{problem.what} {problem.next_step}".strip())
        else:
            return _next(_section(request, code, key), "stop" in request.POST)
    context = {"page": page, "form": form, "pieces": pieces}
    return render(request, "requests/section.html", context, status=200 if request.method == "GET" else 422)


@login_required
@require_POST
def keep(request: SignedIn, code: str, key: str) -> HttpResponse:
    """Save while its writer types; answers with a line that says so."""
    page = _section(request, code, key)
    form = _form(page, request.POST)
    saved, problem = None, ""
    if form.is_valid():
        try:
            saved = services.save_section(page.request, key=key, **_typed(form), by=request.user)
        except UserFacingError as refusal:
            _raise_refusal(refusal)
            problem = f"{refusal.what} {refusal.next_step}".strip()
    context = {"saved": saved, "problem": problem, "now": timezone.now()}
    return render(request, "requests/_saved.html", context)


@login_required
def papers(request: SignedIn, code: str) -> HttpResponse:
    page = pages.request_page(code, by=request.user)
    form = PaperForm(request.POST or None, request.FILES or None)
    if done(form, lambda: services.attach(page.request, **_paper(form), by=request.user)):
        return onward(request, _("The paper was attached."), "requests:papers", code)
    return render(request, "requests/papers.html", {"page": page, "form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def paper(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Hand out a paper as a download: a browser never opens what a stranger wrote as a page of this site."""
    found = services.open_attachment(code, number=number, by=request.user)
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(found.content), content_type=files.CONTENT_TYPES[found.kind], headers=headers)


@login_required
@require_POST
def remove_paper(request: SignedIn, code: str, number: int) -> HttpResponse:
    services.remove_attachment(queries.request(code, by=request.user), number=number, by=request.user)
    return onward(request, _("The paper was removed."), "requests:papers", code)


@login_required
@require_POST
def submit(request: SignedIn, code: str) -> HttpResponse:
    try:
        services.submit(queries.request(code, by=request.user), by=request.user)
    except UserFacingError as problem:
        _raise_refusal(problem)
        messages.error(request, f"{problem.what} {problem.next_step}")
    else:
        messages.success(request, _("Submitted. The trust’s office checks now that it is complete."))
    return redirect("requests:request", code)


@login_required
def withdraw(request: SignedIn, code: str) -> HttpResponse:
    found = queries.request(code, by=request.user)
    form = ReasonForm(request.POST or None)
    if done(form, lambda: services.withdraw(found, reason=form.cleaned_data["reason"], by=request.user)):
        return onward(request, _("The request was withdrawn."), "requests:request", code)
    return act(request, code, form, "withdraw", "requests/withdraw.html")


def act(request: SignedIn, code: str, form: Any, name: str, template: str) -> HttpResponse:
    """Show the page of one action, or why it cannot be taken now."""
    page = pages.request_page(code, by=request.user)
    action, back = pages.action(page, name), ("requests:request", page.request.code)
    return show_action(request, template, action=action, form=form, back=back, context=lambda: {"page": page})


def _section(request: SignedIn, code: str, key: str) -> pages.SectionPage:
    page = pages.section_page(code, key, by=request.user)
    if page is None:
        raise Http404(_("The form does not ask for this section."))
    return page


def _form(page: pages.SectionPage, data: Any, seen: int | None = None) -> SectionForm:
    window = secrets.token_urlsafe(12)
    if data is not None and seen is not None:
        data = data.copy()
        data["seen"], data["window"] = str(seen), window
    return SectionForm(
        data,
        initial={**page.initial, "seen": page.seen, "window": window},
        section=page.section,
        answers=page.request.answers,
        fields_offered=page.offered,
    )


def _typed(form: SectionForm) -> dict[str, Any]:
    return {"answers": form.answers(), "seen": form.cleaned_data["seen"], "window": form.cleaned_data["window"]}


def _next(page: pages.SectionPage, stop: bool) -> HttpResponse:
    """The section after this one, as the answers just given make it; the request where there is none."""
    if stop or not page.after:
        return redirect("requests:request", page.request.code)
    return redirect("requests:section", page.request.code, page.after)


def _paper(form: PaperForm) -> dict[str, Any]:
    sent = form.cleaned_data["paper"]
    return {"tag": form.cleaned_data["tag"], "name": sent.name, "content": sent.read()}


def _raise_refusal(problem: UserFacingError) -> None:
    """A refusal has a page of its own, which names the rule."""
    if isinstance(problem, NotPermitted):
        raise problem
