"""The pages of the parallel review: comments on clauses, what each officer says, each party's contact."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core.errors import NotThere
from infotrust.shared.accounts import queries as accounts
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.inputs import Area
from infotrust.shared.permissions.acting import done, onward
from infotrust.stages.agreements import discussion_pages, queries, services
from infotrust.stages.agreements.since_pages import since

LONGEST = 8_000


class CommentForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Your comment"), widget=Area(4), max_length=LONGEST)


class OutcomeForm(forms.Form):
    outcome = forms.CharField(label=gettext_lazy("How it was settled"), max_length=400)


class SayForm(forms.Form):
    content = forms.ChoiceField(
        label=gettext_lazy("What you say of this text"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("Fine for my field")), ("no", gettext_lazy("I have concerns"))],
    )
    note = forms.CharField(
        label=gettext_lazy("In a few words"),
        widget=Area(4),
        max_length=LONGEST,
        required=False,
        help_text=gettext_lazy("Needed for a concern. It binds nobody; counsel of your agency reads it."),
    )


class ContactForm(forms.Form):
    person = forms.TypedChoiceField(label=gettext_lazy("Contact"), coerce=int)

    def __init__(self, *args: object, agency: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["person"].choices = [(one.pk, one.name) for one in accounts.people(agency=agency)]  # type: ignore[attr-defined]


@login_required
def discussion(request: SignedIn, code: str) -> HttpResponse:
    page = discussion_pages.discussion(code, by=request.user)
    return render(request, "agreements/discussion.html", {"page": page})


@login_required
def clause(request: SignedIn, code: str, clause: str) -> HttpResponse:
    """One clause with its threads, and a form to begin one."""
    page = discussion_pages.discussion(code, by=request.user)
    talk = next((one for one in page.talks if one.key == clause), None)
    if talk is None:
        raise NotThere(
            _("%(code)s has no such clause.") % {"code": code}, next_step=_("See the clauses of the agreement.")
        )
    form = CommentForm(request.POST or None)
    key = "" if clause == "whole" else clause
    if done(form, lambda: services.comment(page.agreement, clause=key, **form.cleaned_data, by=request.user)):
        return onward(request, _("Your comment is on the clause."), "agreements:discuss", code, clause)
    return render(request, "agreements/discuss.html", {"page": page, "talk": talk, "form": form})


@login_required
def answer(request: SignedIn, code: str, thread: int) -> HttpResponse:
    found = queries.thread(thread)
    form = CommentForm(request.POST or None)
    if done(form, lambda: services.answer(thread, **form.cleaned_data, by=request.user)):
        return redirect("agreements:discuss", code, found.clause or "whole")
    context = {"agreement": found.agreement, "thread": found, "form": form, "title": _("Answer")}
    return render(request, "agreements/thread.html", context)


@login_required
def settle(request: SignedIn, code: str, thread: int) -> HttpResponse:
    found = queries.thread(thread)
    form = OutcomeForm(request.POST or None)
    if done(form, lambda: services.settle(thread, **form.cleaned_data, by=request.user)):
        return onward(request, _("The thread is settled."), "agreements:discuss", code, found.clause or "whole")
    context = {"agreement": found.agreement, "thread": found, "form": form, "title": _("Settle this thread")}
    return render(request, "agreements/thread.html", context)


@login_required
def say(request: SignedIn, code: str) -> HttpResponse:
    page = discussion_pages.discussion(code, by=request.user)
    form = SayForm(request.POST or None)
    if done(
        form,
        lambda: services.say(
            page.agreement,
            content=form.cleaned_data["content"] == "yes",
            note=form.cleaned_data["note"],
            by=request.user,
        ),
    ):
        return onward(request, _("What you said stands beside the text."), "agreements:discussion", code)
    return render(
        request, "agreements/say.html", {"page": page, "form": form, "since": since(page.agreement, by=request.user)}
    )


@login_required
def contact(request: SignedIn, code: str) -> HttpResponse:
    page = discussion_pages.discussion(code, by=request.user)
    form = ContactForm(request.POST or None, agency=request.user.agency.code if request.user.agency else "")
    if done(
        form,
        lambda: services.name_contact(
            page.agreement, person=accounts.person(form.cleaned_data["person"]), by=request.user
        ),
    ):
        return onward(request, _("The contact is named."), "agreements:discussion", code)
    return render(request, "agreements/contact.html", {"page": page, "form": form})
