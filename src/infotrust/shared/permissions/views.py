"""The access page: why can or can't this be seen, and who may do what."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions import queries
from infotrust.shared.permissions.forms import WhyForm


@login_required
def access(request: SignedIn) -> HttpResponse:
    """The question is in the address, so that an answer can be sent to a colleague. No value is ever opened."""
    subjects = queries.subjects(by=request.user)
    form = WhyForm(request.GET or None, subjects=subjects)
    decision = queries.why(form.asked(), by=request.user) if form.is_valid() else None
    context = {
        "form": form,
        "subjects": subjects,
        "decision": decision,
        "duties": queries.duty_table(by=request.user),
        "versions": queries.versions(by=request.user),
    }
    return render(request, "permissions/access.html", context)
