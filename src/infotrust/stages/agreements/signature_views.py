"""The pages of signatures given elsewhere: the document to sign, handing its signed form in, a second person's look."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core.errors import NotThere
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.inputs import DateInput
from infotrust.shared.permissions.acting import done, onward, show_action
from infotrust.stages.agreements import discussion_pages, pages, queries, services
from infotrust.stages.agreements.paper_views import FileForm, as_file
from infotrust.stages.agreements.terms import SIGNED_HOW


class HandInForm(FileForm):
    how = forms.ChoiceField(label=gettext_lazy("How it was signed"), widget=forms.RadioSelect, choices=SIGNED_HOW)
    signer = forms.CharField(label=gettext_lazy("Who signed"), max_length=150)
    signer_title = forms.CharField(
        label=gettext_lazy("As what"),
        max_length=150,
        help_text=gettext_lazy("For example “Chair of the county board”."),
    )
    signed_on = forms.DateField(label=gettext_lazy("On which day"), widget=DateInput())
    field_order = ("file", "how", "signer", "signer_title", "signed_on")


class LookForm(forms.Form):
    text = forms.BooleanField(
        label=gettext_lazy("I opened the file. It is the whole text, with the fingerprint shown here."), required=False
    )
    signature = forms.BooleanField(
        label=gettext_lazy("It is signed by the person named here. An electronic signature I have had validated."),
        required=False,
    )
    authority = forms.BooleanField(label=gettext_lazy("This person may sign for the party."), required=False)
    refusal = forms.CharField(
        label=gettext_lazy("Or: what is wrong with it"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Then it does not count, and can be handed in anew."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not (values.get("refusal") or "").strip() and not all(values.get(name) for name in services.CHECKS):
            raise forms.ValidationError(_("Look at each of the three points, or say what is wrong."))
        return values


@login_required
def to_sign(request: SignedIn, code: str) -> HttpResponse:
    """The document that all parties sign, with room for signatures."""
    found = services.document_to_sign(queries.agreement(code), by=request.user)
    return as_file(bytes(found.content), found.name, "application/pdf")


@login_required
def hand_in(request: SignedIn, code: str) -> HttpResponse:
    found = pages.to_read(code, by=request.user)
    form = HandInForm(request.POST or None, request.FILES or None, accept=".pdf")
    if done(
        form,
        lambda: services.hand_in(
            found,
            name=form.cleaned_data["file"].name,
            content=form.content(),
            **{name: form.cleaned_data[name] for name in ("how", "signer", "signer_title", "signed_on")},
            by=request.user,
        ),
    ):
        return onward(
            request, _("It is kept. It counts once a second person has confirmed it."), "agreements:agreement", code
        )
    return show_action(
        request,
        "agreements/hand_in.html",
        action=pages.action(found, "hand-in", by=request.user),
        form=form,
        back=("agreements:agreement", code),
        context=lambda: {"agreement": found, "talk": discussion_pages.discussion(code, by=request.user)},
    )


@login_required
def look(request: SignedIn, code: str, number: int) -> HttpResponse:
    found = pages.to_read(code, by=request.user)
    given = next((one for one in queries.signatures_elsewhere(found) if one.pk == number), None)
    if given is None:
        raise NotThere(_("There is no such signature under this text."), next_step=_("See the agreement."))
    form = LookForm(request.POST or None)

    def decide() -> None:
        checked = [name for name in services.CHECKS if form.cleaned_data[name]]
        services.decide_signature(number, checked=checked, refusal=form.cleaned_data["refusal"], by=request.user)

    if done(form, decide):
        return onward(request, _("Your answer is recorded."), "agreements:agreement", code)
    context = {"agreement": found, "given": given, "form": form, "own": given.by_id == request.user.pk}
    return render(request, "agreements/look.html", context, status=422 if form.errors else 200)
