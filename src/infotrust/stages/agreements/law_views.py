"""The law register: read by everyone, confirmed by counsel."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core.policy.classes import TERMS
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.inputs import Area
from infotrust.shared.permissions import duties, laws
from infotrust.shared.permissions.acting import done, onward
from infotrust.stages.agreements import law_pages
from infotrust.stages.inventory import queries as inventory


class ConfirmForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        widget=Area(3),
        required=False,
        max_length=laws.LONGEST_NOTE,
        help_text=gettext_lazy("What you read, and what is different in your state. Everyone with a role reads it."),
    )


@login_required
def register(request: SignedIn) -> HttpResponse:
    return render(request, "agreements/laws.html", {"laws": law_pages.register(by=request.user)})


@login_required
def regime(request: SignedIn, code: str) -> HttpResponse:
    page = law_pages.regime_page(code, by=request.user)
    if request.method == "POST":
        duties.require("confirm law", by=request.user, agency=request.user.agency)
    form = ConfirmForm(request.POST or None, initial={"seen": page.reviewed.regime.digest})
    if done(form, lambda: laws.confirm(code, **form.cleaned_data, by=request.user)):
        return onward(request, _("Your review is recorded."), "law:regime", code)
    return render(request, "agreements/law.html", {"page": page, "form": form})


@login_required
def words(request: SignedIn) -> HttpResponse:
    """What "limited" and "de-identified" mean here, each with the test that decides it."""
    duties.require("read law register", by=request.user)
    shown = {"terms": TERMS.values(), "datasets": inventory.datasets()}
    return render(request, "agreements/law_words.html", shown)


@login_required
def sort_fields(request: SignedIn, dataset: str) -> HttpResponse:
    found = law_pages.sort_fields(dataset, request.GET.getlist("field"), by=request.user)
    shown = {"terms": TERMS.values(), "datasets": inventory.datasets(), "found": found}
    return render(request, "agreements/law_words.html", shown)
