"""Pages that follow background jobs. They work by reloading; with JavaScript, htmx asks for the progress by itself."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.jobs import queries, services
from infotrust.shared.jobs.lifecycle import State

# htmx stops asking when it gets this status.
STOP_POLLING = 286


@login_required
def job_list(request: SignedIn) -> HttpResponse:
    state = request.GET.get("state", "")
    page = queries.page(request.GET.get("page", 1), by=request.user, state=state)
    return render(request, "jobs/list.html", {"page": page, "state": state, "states": State.choices})


@login_required
def job_page(request: SignedIn, number: int) -> HttpResponse:
    return render(request, "jobs/job.html", {"job": queries.job(number, by=request.user)})


@login_required
@never_cache
def progress(request: SignedIn, number: int) -> HttpResponse:
    """The part of the page that changes."""
    job = queries.job(number, by=request.user)
    return render(request, "parts/job.html", {"job": job}, status=STOP_POLLING if job.is_over else 200)


@login_required
@require_POST
def retry(request: SignedIn, number: int) -> HttpResponse:
    services.retry(queries.job(number, by=request.user), by=request.user)
    messages.success(request, _("The job waits for the worker again."))
    return redirect("jobs:job", number=number)
