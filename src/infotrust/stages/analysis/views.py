"""The analysts' and the board's pages about questions."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infotrust.core.questions import QueryFailed, QueryRefused
from infotrust.shared.accounts.models import User
from infotrust.shared.permissions import duties
from infotrust.stages.analysis import queries, services
from infotrust.stages.analysis.forms import QuestionForm, ReviewForm, initial_of
from infotrust.stages.analysis.highlight import highlighted
from infotrust.stages.analysis.lifecycle import State
from infotrust.stages.analysis.terms import QuestionIncomplete

MENDABLE = (QueryRefused, QueryFailed, QuestionIncomplete)


def _me(request: HttpRequest) -> User:
    """The one who is signed in: every view here requires it."""
    return cast(User, request.user)


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    found = queries.questions(by=_me(request))
    return render(
        request,
        "analysis/index.html",
        {"questions": found, "may_draft": duties.may("draft question", by=_me(request))},
    )


@login_required
@require_GET
def question(request: HttpRequest, code: str, version: int | None = None) -> HttpResponse:
    return _page(request, code, version)


def _page(
    request: HttpRequest, code: str, version: int | None, review: ReviewForm | None = None, status: int = 200
) -> HttpResponse:
    found = queries.question(code, by=_me(request), version=version)
    context = {
        "question": found,
        "versions": queries.versions(code),
        "readiness": queries.readiness(found, by=_me(request)),
        "statement": highlighted(found.sql),
        "jobs": queries.jobs_of(found),
        "outputs": queries.outputs_of(code, by=_me(request)),
        "why_no_outputs": queries.why_not_outputs(by=_me(request)),
        "may_draft": duties.may("draft question", by=_me(request)),
        "periods": queries.periods_of(found),
        "approval": queries.may_approve(found, by=_me(request)),
        "review": review or ReviewForm(),
        "states": State,
    }
    return render(request, "analysis/question.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    duties.require("draft question", by=_me(request))
    return _edit(request, None)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str, version: int) -> HttpResponse:
    duties.require("draft question", by=_me(request))
    return _edit(request, queries.question(code, by=_me(request), version=version))


def _edit(request: HttpRequest, found: Any) -> HttpResponse:
    """Show, check or save the form. Checking keeps nothing; saving checks first."""
    named: dict[str, Any] = {
        "agreements": queries.agreement_choices(),
        "licenses": queries.license_choices(),
        "fixed_code": found.code if found else "",
    }
    form = QuestionForm(request.POST, **named) if request.POST else QuestionForm(initial=_initial(found), **named)
    checked, problem, status = None, None, 200
    if request.POST:
        checked = queries.check_statement(request.POST.get("sql", ""), by=_me(request))
        if "check" in request.POST:
            # Only the statement is checked: no complaints yet about what is not filled in.
            form = QuestionForm(
                initial=request.POST.dict() | {"agreements": request.POST.getlist("agreements")}, **named
            )
        elif form.is_valid() and checked.locked:
            try:
                return _saved(request, found, form, checked.locked)
            except MENDABLE as error:
                problem, status = error, 422
        else:
            status = 422
    context = {
        "question": found,
        "form": form,
        "checked": checked,
        "problem": problem,
        "views": queries.views_described(),
    }
    return render(request, "analysis/edit.html", context, status=status)


def _initial(found: Any) -> dict[str, Any]:
    return initial_of(found) if found else {}


def _saved(request: HttpRequest, found: Any, form: QuestionForm, locked: Any) -> HttpResponse:
    draft = form.draft(code=found.code if found else "", dimensions=locked.dimensions, measures=(locked.measure,))
    saved = services.save_draft(found, draft, by=_me(request))
    messages.success(request, _("Saved. Submit it when it is ready for the board."))
    return redirect("analysis:version", saved.code, saved.version)


@login_required
@require_POST
def submit(request: HttpRequest, code: str, version: int) -> HttpResponse:
    services.submit_question(queries.question(code, version=version), by=_me(request))
    messages.success(request, _("The question now waits for the governing board."))
    return redirect("analysis:version", code, version)


@login_required
@require_POST
def review(request: HttpRequest, code: str, version: int) -> HttpResponse:
    form = ReviewForm(request.POST)
    found = queries.question(code, version=version)
    comment = form.data.get("comment", "").strip()
    try:
        if "approve" in request.POST:
            services.approve_question(found, by=_me(request), comment=comment)
            messages.success(request, _("Approved. Analysts can run it now."))
        else:
            services.send_back(found, by=_me(request), comment=comment)
            messages.success(request, _("Sent back to its author."))
    except MENDABLE as error:
        messages.error(request, f"{error.what} {error.next_step}")
    return redirect("analysis:version", code, version)


@login_required
@require_POST
def retire(request: HttpRequest, code: str, version: int) -> HttpResponse:
    services.retire_question(queries.question(code, version=version), by=_me(request))
    messages.success(request, _("Retired. It stays readable and is not run any more."))
    return redirect("analysis:version", code, version)


@login_required
@require_POST
def run(request: HttpRequest, code: str, version: int) -> HttpResponse:
    try:
        services.start_run(queries.question(code, version=version), by=_me(request))
    except MENDABLE as error:
        messages.error(request, f"{error.what} {error.next_step}")
    return redirect("analysis:version", code, version)


@login_required
@require_GET
def output(request: HttpRequest, number: int) -> HttpResponse:
    found = services.open_output(number, by=_me(request))
    return render(request, "analysis/output.html", {"output": found, "table": queries.worded(found)})
