"""Pages of the linkage officers: what would be linked now, each run, and what came of it. No value about a person."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from infotrust.shared.accounts.requests import SignedIn
from infotrust.stages.linkage import queries, services, showing, standing
from infotrust.stages.linkage.forms import StartForm


@login_required
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """For the linkage officer: what would be linked now, what is new, the button; for others: the runs so far."""
    return _index(request, StartForm())


def _index(request: SignedIn, form: StartForm, status: int = 200) -> HttpResponse:
    runs = queries.runs(by=request.user)
    may_run = queries.may_run(by=request.user)
    return render(
        request,
        "linkage/index.html",
        {
            "runs": runs,
            "current": next((run for run in runs if run.state == "in_use"), None),
            "may_run": may_run,
            "plan": queries.plan(by=request.user) if may_run else None,
            "form": form,
            "desk": queries.desk(by=request.user),
            "may_explain": queries.may_explain(by=request.user),
        },
        status=status,
    )


@login_required
@require_POST
def start(request: SignedIn) -> HttpResponse:
    form = StartForm({name: request.POST.get(name, field.initial) for name, field in StartForm.base_fields.items()})
    if not form.is_valid():
        return _index(request, form, status=422)
    job = services.start_linkage(by=request.user, **form.cleaned_data)
    messages.success(request, _("The linkage was started. You can leave this page; it goes on by itself."))
    return redirect("linkage:run", number=job.arguments["run"])


@login_required
@require_safe
def run(request: SignedIn, number: int) -> HttpResponse:
    """One run: its progress while it is going on, then what came of it in plain words."""
    found = queries.run(number, by=request.user)
    manifest = found.manifest
    return render(
        request,
        "linkage/run.html",
        {
            "run": found,
            "may_follow": queries.may_follow(found, by=request.user),
            "manifest": manifest,
            "reviewed": queries.was_reviewed(found),
            "overlaps": showing.overlap_table(manifest),
            "events": showing.events(manifest),
            "bars": showing.weight_bars(manifest),
            "weak": showing.weak_links(manifest),
            "steps": showing.steps(manifest),
            "used": showing.used(manifest),
            "left_out": showing.left_out(manifest),
        },
    )


@login_required
@require_safe
def diagnostics(request: SignedIn, number: int) -> HttpResponse:
    """How a whole linkage stands, in counts and parameters; counts of 1 to 10 are not told exactly."""
    found = queries.run(number, by=request.user)
    return render(request, "linkage/diagnostics.html", {"run": found, "told": standing.told(found.manifest)})
