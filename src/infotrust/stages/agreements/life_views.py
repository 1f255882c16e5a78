"""The pages after signature: amend, renew, suspend, resume, dispute, confirm, breach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core.errors import NotThere
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.inputs import Area, DateInput
from infotrust.shared.permissions.acting import done, onward
from infotrust.stages.agreements import effect_pages, life_pages, queries, services


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=Area(3),
        max_length=400,
        help_text=gettext_lazy("In plain words. It is recorded, and shown to all parties."),
    )


class RenewForm(WhyForm):
    ends_on = forms.DateField(label=gettext_lazy("New last day"), widget=DateInput())
    field_order = ("ends_on", "reason")


class WordsForm(forms.Form):
    words = forms.CharField(label=gettext_lazy("In your words"), widget=Area(5), max_length=8_000)


class SureForm(forms.Form):
    sure = forms.BooleanField(label=gettext_lazy("I have read what this does."))


class BreachForm(forms.Form):
    what = forms.CharField(
        label=gettext_lazy("What happened"),
        widget=Area(5),
        max_length=8_000,
        help_text=gettext_lazy("Without any person’s name or data."),
    )
    discovered_on = forms.DateField(label=gettext_lazy("Discovered on"), widget=DateInput())
    people = forms.IntegerField(
        label=gettext_lazy("How many people are concerned, if known"), required=False, min_value=0
    )

    def __init__(self, *args: Any, datasets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["datasets"] = forms.MultipleChoiceField(
            label=gettext_lazy("Datasets concerned"),
            choices=datasets,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )


class NoticeForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("As it was sent"), widget=Area(10), max_length=20_000)
    why_not = forms.CharField(
        label=gettext_lazy("Or: why it was not needed"), required=False, max_length=400, widget=Area(2)
    )


@login_required
def step(request: SignedIn, code: str, name: str) -> HttpResponse:
    """One step, with what it does to data said beforehand."""
    page = life_pages.life(code, by=request.user)
    known = next((one for one in page.steps if one.name == name), None)
    if name not in life_pages.STEPS:
        raise NotThere(_("There is no such step."), next_step=_("See the agreement."))
    form, act = _form(request, page.agreement, name)
    made: list[Any] = []
    # The verb decides; the page only says beforehand why it will refuse.
    if request.method == "POST" and done(form, lambda: made.append(act(form.cleaned_data))):
        messages.success(request, _DONE[name])
        if name in {"amend", "renew"}:
            return redirect("agreements:agreement", made[0].code)
        if name == "breach":
            return redirect("agreements:breach", code, made[0].pk)
        return redirect("agreements:agreement", code)
    if known is None or known.why_not:
        messages.warning(request, known.why_not if known else _("This step is not possible in its present state."))
        return redirect("agreements:agreement", code)
    context: dict[str, Any] = {"agreement": page.agreement, "step": known, "form": form}
    if name in {"suspend", "breach"} and page.agreement.state == "in_force":
        terms = queries.terms_of(page.agreement)
        context["effects"] = effect_pages.effects(terms, at=timezone.now(), without=True)
    return render(request, "agreements/step.html", context)


_DONE = {
    "amend": gettext_lazy("The next edition is a draft. This one stays in force until it is signed."),
    "renew": gettext_lazy("The renewal is a draft. Send it for review."),
    "suspend": gettext_lazy("It is suspended. All access under it has stopped."),
    "resume": gettext_lazy("Your agency lets it go on."),
    "dispute": gettext_lazy("The dispute is written down, and each party is asked to settle it."),
    "confirm": gettext_lazy("It is recorded that the agreement still fits."),
    "breach": gettext_lazy("The breach is recorded, access has stopped, and the notices are drafted."),
}


def _form(request: SignedIn, agreement: Any, name: str) -> tuple[forms.Form, Callable[[dict[str, Any]], object]]:
    data, by = request.POST or None, request.user
    datasets = [(part.dataset.code, part.dataset.title) for part in agreement.datasets.all()]
    made: dict[str, tuple[forms.Form, Callable[[dict[str, Any]], object]]] = {
        "amend": (WhyForm(data), lambda given: services.amend(agreement, **given, by=by)),
        "renew": (RenewForm(data), lambda given: services.renew(agreement, **given, by=by)),
        "suspend": (WhyForm(data), lambda given: services.suspend(agreement, **given, by=by)),
        "resume": (SureForm(data), lambda _given: services.resume(agreement, by=by)),
        "dispute": (WordsForm(data), lambda given: services.raise_dispute(agreement, what=given["words"], by=by)),
        "confirm": (SureForm(data), lambda _given: services.confirm(agreement, by=by)),
        "breach": (
            BreachForm(data, datasets=datasets),
            lambda given: services.report_breach(agreement, **given, by=by),
        ),
    }
    return made[name]


@login_required
def settle_dispute(request: SignedIn, code: str, number: int) -> HttpResponse:
    page = life_pages.life(code, by=request.user)
    found = next((one for one in page.disputes if one.pk == number), None)
    form = WordsForm(request.POST or None)
    if done(form, lambda: services.settle_dispute(number, outcome=form.cleaned_data["words"], by=request.user)):
        return onward(request, _("The dispute is settled."), "agreements:agreement", code)
    context = {"agreement": page.agreement, "dispute": found, "form": form}
    return render(request, "agreements/dispute.html", context)


@login_required
def breach(request: SignedIn, code: str, number: int) -> HttpResponse:
    """A breach with its notices; whoever handles it closes it here."""
    agreement, found, may_handle = life_pages.breach_page(code, number, by=request.user)
    form = WordsForm(request.POST or None)
    if done(form, lambda: services.close_breach(number, outcome=form.cleaned_data["words"], by=request.user)):
        return onward(
            request,
            _("The breach is closed. A suspension stays until its party lets the agreement go on."),
            "agreements:agreement",
            agreement.code,
        )
    context = {"agreement": agreement, "breach": found, "may_handle": may_handle, "form": form}
    return render(request, "agreements/breach.html", {**context, "laws": life_pages.law_titles()})


@login_required
def correct_breach(request: SignedIn, code: str, number: int) -> HttpResponse:
    """What was reported, to be said better."""
    agreement, found, _may = life_pages.breach_page(code, number, by=request.user)
    whole = queries.agreement(agreement.code)
    reported = {name: getattr(found, name) for name in ("what", "datasets", "people", "discovered_on")}
    covered = [(part.dataset.code, part.dataset.title) for part in whole.datasets.all()]
    form = BreachForm(request.POST or None, datasets=covered, initial=reported)
    if done(form, lambda: services.correct_breach(number, **form.cleaned_data, by=request.user)):
        return onward(
            request,
            _("It is corrected. Notices that were not sent yet are drafted anew; look at them."),
            "agreements:breach",
            agreement.code,
            number,
        )
    return render(request, "agreements/correct_breach.html", {"agreement": agreement, "breach": found, "form": form})


@login_required
def notice(request: SignedIn, code: str, number: int, notice: int) -> HttpResponse:
    agreement, found, _may = life_pages.breach_page(code, number, by=request.user)
    one = next((each for each in found.notices.all() if each.pk == notice), None)
    if one is None:
        raise NotThere(_("There is no such notice."), next_step=_("See the breach."))
    form = NoticeForm(request.POST or None, initial={"text": one.text})
    if done(form, lambda: services.deal_with_notice(notice, **form.cleaned_data, by=request.user)):
        return onward(request, _("The notice is dealt with."), "agreements:breach", code, number)
    return render(
        request, "agreements/notice.html", {"agreement": agreement, "breach": found, "one": one, "form": form}
    )
