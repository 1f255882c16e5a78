"""The pages of a partnership: parse, ask a service or a query, show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infotrust.shared.accounts import queries as accounts
from infotrust.shared.accounts.models import User
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.acting import done
from infotrust.stages.readiness import forms, queries, services
from infotrust.stages.readiness.pages import steps, workspace


@login_required
def partnership_list(request: SignedIn) -> HttpResponse:
    return render(request, "readiness/list.html", {"overview": workspace.overview(by=request.user)})


@login_required
def barriers(request: SignedIn) -> HttpResponse:
    return render(request, "readiness/barriers.html", {"counts": queries.barrier_statistics(by=request.user)})


@login_required
def new(request: SignedIn) -> HttpResponse:
    duties.require("open partnership", by=request.user)
    form = forms.OpenForm(request.POST or None, by=request.user)
    made: list[Any] = []
    if done(form, lambda: made.append(services.open_partnership(**form.given(), by=request.user))):
        return redirect("readiness:add-partner", made[0].pk)
    return render(request, "readiness/new.html", {"form": form})


@login_required
def partnership(request: SignedIn, number: int) -> HttpResponse:
    return render(request, "readiness/partnership.html", {"page": workspace.workspace(number, by=request.user)})


@login_required
def change(request: SignedIn, number: int) -> HttpResponse:
    found = queries.partnership(number, by=request.user)
    initial = {"title": found.title, "about": found.about, "configuration": found.configuration}
    form = forms.PartnershipForm(request.POST or None, initial=initial)
    if done(form, lambda: services.change_partnership(found, **form.cleaned_data, by=request.user)):
        messages.success(request, _("It was saved."))
        return redirect("readiness:partnership", number)
    return _form(request, found, form, _("Change the description"), _("Save"))


@login_required
def add_partner(request: SignedIn, number: int) -> HttpResponse:
    found = queries.partnership(number, by=request.user)
    taken = {member.user_id for member in queries.people_of(found)}
    people = [one for one in queries.speakers() if one.pk not in taken]
    form = forms.PartnerForm(request.POST or None, people=people)
    if done(form, lambda: services.add_partner(found, **form.given(), by=request.user)):
        messages.success(request, _("The partner is at the table."))
        return redirect("readiness:partnership", number)
    return _form(request, found, form, _("Add a partner"), _("Add the partner"))


@login_required
def people(request: SignedIn, number: int) -> HttpResponse:
    """One's own partner's people: add a colleague, make one the contact, let one go."""
    found = queries.partnership(number, by=request.user)
    own = queries.own_partner(found, request.user)
    if own is None:
        messages.info(request, _("Each partner chooses its own people."))
        return redirect("readiness:partnership", number)
    here = [member for member in queries.people_of(found) if member.partner_id == own.pk]
    taken = {member.user_id for member in here}
    colleagues = [one for one in queries.speakers(agency=own.agency_id) if one.pk not in taken]
    form = forms.ColleagueForm(request.POST or None, people=colleagues)
    if done(form, lambda: services.add_person(found, **form.cleaned_data, by=request.user)):
        messages.success(request, _("Your colleague can take part now."))
        return redirect("readiness:people", number)
    shown = {"partnership": found, "own": own, "here": here, "colleagues": colleagues, "form": form}
    return render(request, "readiness/people.html", shown)


@login_required
@require_POST
def person(request: SignedIn, number: int, person: int, act: str) -> HttpResponse:
    found = queries.partnership(number, by=request.user)
    who = accounts.person(person)
    verbs: dict[str, Callable[..., object]] = {"remove": services.remove_person, "contact": services.make_contact}
    if act not in verbs:
        raise Http404
    verbs[act](found, person=who, by=request.user)
    messages.success(request, _("It was saved."))
    return redirect("readiness:people", number)


@login_required
def facilitator(request: SignedIn, number: int) -> HttpResponse:
    found = queries.partnership(number, by=request.user)
    form = forms.FacilitatorForm(request.POST or None, initial={"facilitator": found.facilitator_id})
    if done(form, lambda: services.appoint_facilitator(found, **form.cleaned_data, by=request.user)):
        messages.success(request, _("It was saved."))
        return redirect("readiness:partnership", number)
    return _form(request, found, form, _("Choose a facilitator"), _("Save"))


@login_required
def activity(request: SignedIn, number: int, key: str) -> HttpResponse:
    """One activity: what it is called, done, skipped."""
    found = queries.partnership(number, by=request.user)
    row = steps.row(found, key)
    if row is None:
        raise Http404
    posted = request.POST.get("act", "")
    rename = forms.ActivityForm(request.POST if posted == "rename" else None, initial={"title": row.title})
    skip = forms.SkipForm(request.POST if posted == "skip" else None, initial={"reason": row.usual_reason})
    settle = forms.DoneForm(request.POST if posted in ("done", "again") else None)
    if (
        done(rename, lambda: services.rename_activity(found, key=key, **rename.cleaned_data, by=request.user))
        or done(skip, lambda: services.skip_activity(found, key=key, **skip.cleaned_data, by=request.user))
        or done(settle, lambda: _settle(found, key, posted == "done", settle, request.user))
    ):
        messages.success(request, _("It was saved."))
        return redirect("readiness:partnership", number)
    shown = {"partnership": found, "row": row, "rename": rename, "skip": skip, "settle": settle}
    return render(request, "readiness/activity.html", shown)


def _settle(partnership: Any, key: str, is_done: bool, form: forms.DoneForm, by: User) -> None:
    note = form.cleaned_data["note"] if is_done else ""
    services.settle_activity(partnership, key=key, done=is_done, note=note, by=by)


@login_required
def close(request: SignedIn, number: int) -> HttpResponse:
    found = queries.partnership(number, by=request.user)
    form = forms.ReasonForm(request.POST or None)
    if done(form, lambda: services.close_partnership(found, **form.cleaned_data, by=request.user)):
        messages.success(request, _("The partnership is closed. What was said is kept."))
        return redirect("readiness:partnership", number)
    return _form(request, found, form, _("Close the partnership"), _("Close it"))


@login_required
@require_POST
def again(request: SignedIn, number: int, act: str) -> HttpResponse:
    found = queries.partnership(number, by=request.user)
    verbs: dict[str, Callable[..., object]] = {"reopen": services.reopen_partnership, "look-anew": services.look_anew}
    if act not in verbs:
        raise Http404
    verbs[act](found, by=request.user)
    return redirect("readiness:partnership", number)


@login_required
def tasks(request: SignedIn, number: int) -> HttpResponse:
    found = queries.partnership(number, by=request.user)
    members = [member.user for member in queries.people_of(found)]
    form = forms.TaskForm(request.POST or None, people=members)
    if done(form, lambda: services.give_task(found, **form.cleaned_data, by=request.user)):
        messages.success(request, _("The task is given. It is on their desk now."))
        return redirect("readiness:tasks", number)
    shown = {"partnership": found, "tasks": queries.tasks(found), "form": form}
    return render(request, "readiness/tasks.html", shown)


@login_required
def task(request: SignedIn, number: int, task: int) -> HttpResponse:
    found = queries.task(task, by=request.user)
    form = forms.SettleForm(request.POST or None)
    if done(
        form,
        lambda: services.settle_task(
            found, done=form.cleaned_data["done"] == "yes", outcome=form.cleaned_data["outcome"], by=request.user
        ),
    ):
        messages.success(request, _("It was saved."))
        return redirect("readiness:tasks", number)
    return _form(request, found.partnership, form, found.words, _("Save"))


def _form(request: SignedIn, found: Any, form: Form, title: str, button: str) -> HttpResponse:
    shown = {"partnership": found, "form": form, "title": title, "button": button}
    return render(request, "readiness/form.html", shown)
