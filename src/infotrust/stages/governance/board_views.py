"""The pages of bodies: found one, keep its seats, stand in for someone, change a charter by a decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infotrust.shared.accounts import queries as accounts
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.acting import done
from infotrust.stages.governance import forms, pages, queries, services
from infotrust.stages.governance.queries import permits


@login_required
@require_GET
def board(request: SignedIn, code: str) -> HttpResponse:
    return render(request, "governance/board.html", {"page": pages.board_page(code, by=request.user)})


@login_required
def found(request: SignedIn) -> HttpResponse:
    duties.require("found boards", by=request.user)
    form = forms.FoundForm(request.POST or None, initial=forms.RULES)
    if done(form, lambda: services.found_body(**form.cleaned_data, by=request.user)):
        messages.success(request, _("Founded. Add its seats next."))
        return redirect("governance:board", form.cleaned_data["code"])
    return _form_page(request, form, _("Found a board"), _("Found it"))


@login_required
def charter(request: SignedIn, code: str) -> HttpResponse:
    """A new version of the charter, by a motion that adopted it."""
    body = queries.body(code)
    permits.require_keeper(body, by=request.user, at=timezone.now())
    now, motions = queries.charter(body), pages.charter_motions(body)
    initial = {name: getattr(now, name) for name in forms.RulesForm.base_fields} | {"charter": now.text}
    form = forms.CharterForm(request.POST or None, initial=initial, motions=motions)
    if done(form, lambda: _amend(body, form.cleaned_data, request)):
        messages.success(request, _("The new charter is in force."))
        return redirect("governance:board", code)
    note = "" if motions else _("First the board adopts a motion about its charter. Raise one from the board’s page.")
    return _form_page(request, form, _("Put a new charter in force"), _("Put it in force"), body=body, note=note)


def _amend(body: Any, values: dict[str, Any], request: SignedIn) -> object:
    motion = queries.motion(int(values.pop("motion")))
    return services.amend_charter(body, motion=motion, by=request.user, **values)


@login_required
def add_seat(request: SignedIn, code: str) -> HttpResponse:
    body = queries.body(code)
    permits.require_keeper(body, by=request.user, at=timezone.now())
    form = forms.SeatForm(request.POST or None)
    if done(form, lambda: _add_seat(body, form.cleaned_data, request)):
        messages.success(request, _("The seat was added. Choose who holds it."))
        return redirect("governance:board", code)
    return _form_page(request, form, _("Add a seat"), _("Add it"), body=body)


def _add_seat(body: Any, values: dict[str, Any], request: SignedIn) -> object:
    code = values.pop("agency")
    return services.add_seat(body, agency=accounts.agency(code) if code else None, by=request.user, **values)


@login_required
def fill(request: SignedIn, number: int) -> HttpResponse:
    seat = queries.seat(number)
    permits.require_keeper(seat.body, by=request.user, at=timezone.now())
    form = forms.PersonOnDaysForm(request.POST or None, people=pages.people_for(seat), initial=pages.term_dates(seat))
    if done(form, lambda: _fill(seat, form.cleaned_data, request)):
        messages.success(request, _("The seat is filled."))
        return redirect("governance:board", seat.body.code)
    return _form_page(request, form, _("Fill the seat %(seat)s") % {"seat": seat.title}, _("Fill it"), body=seat.body)


def _fill(seat: Any, values: dict[str, Any], request: SignedIn) -> object:
    return services.seat_someone(
        seat,
        holder=accounts.person(int(values["person"])),
        starts_on=values["first_day"],
        ends_on=values["last_day"],
        by=request.user,
    )


@login_required
@require_POST
def abolish(request: SignedIn, number: int) -> HttpResponse:
    seat = services.abolish_seat(queries.seat(number), by=request.user)
    messages.success(request, _("The seat %(seat)s is no more.") % {"seat": seat.title})
    return redirect("governance:board", seat.body.code)


@login_required
def end_term(request: SignedIn, number: int) -> HttpResponse:
    term = queries.term(number)
    form = forms.EndTermForm(request.POST or None, initial={"last_day": timezone.localdate()})
    if done(form, lambda: services.end_term(term, **form.cleaned_data, by=request.user)):
        messages.success(request, _("The term ends on that day."))
        return redirect("governance:board", term.seat.body.code)
    title = _("End the term of %(seat)s") % {"seat": term.seat.title}
    return _form_page(request, form, title, _("End the term"), body=term.seat.body)


@login_required
def delegate(request: SignedIn, number: int) -> HttpResponse:
    term = queries.term(number)
    people = [each for each in pages.people_for(term.seat) if each[0] != str(request.user.pk)]
    form = forms.DelegateForm(request.POST or None, people=people, initial={"first_day": timezone.localdate()})
    if done(form, lambda: _delegate(term, form.cleaned_data, request)):
        messages.success(request, _("On those days your delegate acts and votes for the seat, and you do not."))
        return redirect("governance:board", term.seat.body.code)
    title = _("Have someone stand in for you: %(seat)s") % {"seat": term.seat.title}
    return _form_page(request, form, title, _("Name the delegate"), body=term.seat.body)


def _delegate(term: Any, values: dict[str, Any], request: SignedIn) -> object:
    person = accounts.person(int(values.pop("person")))
    return services.name_delegate(term, delegate=person, by=request.user, **values)


@login_required
@require_POST
def end_delegation(request: SignedIn, number: int) -> HttpResponse:
    term = queries.term(number)
    for delegation in term.delegations.all():
        if delegation.ended_at is None:
            services.end_delegation(delegation, by=request.user)
    messages.success(request, _("You act for your seat again."))
    return redirect("governance:board", term.seat.body.code)


@login_required
def interest(request: SignedIn, number: int) -> HttpResponse:
    term = queries.term(number)
    form = forms.InterestForm(request.POST or None, subjects=pages.subject_choices())
    if done(form, lambda: services.declare_interest(term, **form.cleaned_data, by=request.user)):
        messages.success(request, _("Declared. Motions about it will remind you."))
        return redirect("governance:board", term.seat.body.code)
    return _form_page(request, form, _("Declare an interest"), _("Declare it"), body=term.seat.body)


def _form_page(
    request: SignedIn, form: Form, title: str, button: str, *, body: Any = None, note: str = ""
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "body": body, "note": note}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "governance/form.html", context, status=status)
