"""The checkers' pages."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infotrust.shared.accounts.requests import SignedIn
from infotrust.stages.release import queries, services
from infotrust.stages.release.forms import CheckForm, WithdrawForm
from infotrust.stages.release.lifecycle import State


@login_required
@require_GET
def queue(request: SignedIn) -> HttpResponse:
    return render(request, "release/queue.html", {"queue": queries.queue(by=request.user)})


@login_required
@require_POST
def submit(request: SignedIn, output: int) -> HttpResponse:
    release = services.submit_output(output, by=request.user)
    messages.success(request, _("The output now waits for a checker."))
    return redirect("release:release", release.pk)


@login_required
@require_GET
def release(request: SignedIn, number: int) -> HttpResponse:
    return _page(request, number, CheckForm(), WithdrawForm())


@login_required
@require_POST
def start_check(request: SignedIn, number: int) -> HttpResponse:
    services.start_check(queries.release(number, by=request.user), by=request.user)
    return redirect("release:release", number)


@login_required
@require_POST
def check(request: SignedIn, number: int) -> HttpResponse:
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _page(request, number, form, WithdrawForm(), status=422)
    approve = form.cleaned_data["verdict"] == "approve"
    services.check(
        queries.release(number, by=request.user),
        approve=approve,
        comment=form.cleaned_data["comment"],
        checklist=form.cleaned_data["checklist"],
        by=request.user,
    )
    messages.success(request, _("Approved. It can be published now.") if approve else _("Returned to its author."))
    return redirect("release:release", number)


@login_required
@require_POST
def publish(request: SignedIn, number: int) -> HttpResponse:
    services.publish(queries.release(number, by=request.user), by=request.user)
    messages.success(request, _("Published. Everyone can read it now."))
    return redirect("release:release", number)


@login_required
@require_POST
def withdraw(request: SignedIn, number: int) -> HttpResponse:
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, number, CheckForm(), form, status=422)
    services.withdraw(queries.release(number, by=request.user), reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("Withdrawn. The answer's page now says so."))
    return redirect("release:release", number)


def _page(
    request: SignedIn, number: int, check_form: CheckForm, withdraw_form: WithdrawForm, status: int = 200
) -> HttpResponse:
    page = services.open_release(number, by=request.user)
    context = {"page": page, "release": page.release, "content": page.content, "states": State}
    return render(
        request,
        "release/release.html",
        context | {"check_form": check_form, "withdraw_form": withdraw_form},
        status=status,
    )
