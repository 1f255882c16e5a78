"""The pages of those who answer a request: the office, the custodians, the boards; and the conversation."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions.acting import done, onward
from infotrust.stages.requests import pages, queries, services
from infotrust.stages.requests.forms import AnswerForm, BoardForm, CommentForm, DecisionForm, ReasonForm
from infotrust.stages.requests.views import act


@login_required
@require_POST
def comment(request: SignedIn, code: str) -> HttpResponse:
    form = CommentForm(request.POST)
    found = queries.request(code, by=request.user)
    part = request.POST.get("section", "")
    if done(form, lambda: services.comment(found, text=form.cleaned_data["text"], part=part, by=request.user)):
        return onward(request, _("Your comment stands at the request."), "requests:request", code)
    page = pages.request_page(code, by=request.user)
    return render(request, "requests/request.html", {"page": page, "comment": form}, status=422)


@login_required
def check(request: SignedIn, code: str) -> HttpResponse:
    """The office: send the complete request to the custodians, or return it with what is missing."""
    found = queries.request(code, by=request.user)
    form = ReasonForm(request.POST if "return" in request.POST else None)
    if request.method == "POST" and "send" in request.POST:
        services.send_to_custodians(found, by=request.user)
        return onward(
            request, _("Every agency whose fields are asked for is reviewing it now."), "requests:request", code
        )
    if done(form, lambda: services.return_request(found, comment=form.cleaned_data["reason"], by=request.user)):
        return onward(request, _("Returned to its requester with your comment."), "requests:request", code)
    return act(request, code, form, "send", "requests/check.html")


@login_required
def answer(request: SignedIn, code: str) -> HttpResponse:
    found = queries.request(code, by=request.user)
    form = AnswerForm(request.POST or None, initial={"seen": found.digest})
    if done(form, lambda: services.answer(found, **_answered(form), by=request.user)):
        return onward(request, _("Your agency’s answer is recorded."), "requests:request", code)
    return act(request, code, form, "answer", "requests/answer.html")


@login_required
def decide(request: SignedIn, code: str) -> HttpResponse:
    found = queries.request(code, by=request.user)
    form = DecisionForm(request.POST or None, initial={"seen": found.digest})
    if done(form, lambda: services.decide(found, **_decided(form), by=request.user)):
        return onward(request, _("Your agency’s decision is recorded."), "requests:request", code)
    return act(request, code, form, "decide", "requests/decide.html")


@login_required
def ask_board(request: SignedIn, code: str) -> HttpResponse:
    """Put this round of a request before a board of the trust."""
    found = queries.request(code, by=request.user)
    summary = str(found.answers.get("summary", ""))
    form = BoardForm(request.POST or None, boards=queries.boards(), initial={"why": summary})
    made: list[Any] = []
    if done(form, lambda: made.append(services.ask_board(found, **form.cleaned_data, by=request.user))):
        return onward(request, _("Raised. The board’s secretary looks at it next."), "governance:motion", made[0].pk)
    return act(request, code, form, "ask board", "requests/ask_board.html")


def _answered(form: AnswerForm) -> dict[str, Any]:
    names = ("outcome", "comment", "conditions", "seen")
    return {"rubric": form.rubric(), **{name: form.cleaned_data[name] for name in names}}


def _decided(form: DecisionForm) -> dict[str, Any]:
    names = ("reason", "conditions", "seen")
    return {"grant": form.cleaned_data["grant"] == "yes", **{name: form.cleaned_data[name] for name in names}}
