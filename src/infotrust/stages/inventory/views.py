"""Pages of the inventory. Data stewards come to see whether their agency's data is described correctly, and who may
see it; everyone else with a role reads. Nothing here decides: services and queries do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions.acting import done
from infotrust.stages.inventory import queries, services
from infotrust.stages.inventory.forms import (
    DatasetForm,
    FieldForm,
    NewDatasetForm,
    NewFieldForm,
    NewSourceForm,
    RetireForm,
    SourceForm,
)

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """Signed in; and what is not in the inventory has no page."""

    @login_required
    @wraps(view)
    def shown(request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except queries.NotInInventory as missing:
            raise Http404(str(missing)) from missing

    return shown


def _did(form: forms.Form, change: Callable[[], object]) -> bool:
    """Like `acting.done`; each problem of a description goes to the part of the form it is about."""

    def act() -> None:
        try:
            change()
        except services.DescriptionRefused as refused:
            for problem in refused.problems:
                form.add_error(problem.part if problem.part in form.fields else None, problem.text)

    return done(form, act)


def _form_page(request: SignedIn, template: str, form: forms.Form, **shown: Any) -> HttpResponse:
    return render(request, template, shown | {"form": form}, status=400 if form.errors else 200)


@page
def overview(request: SignedIn) -> HttpResponse:
    return render(request, "inventory/overview.html", {"overview": queries.overview(by=request.user)})


@page
def dataset(request: SignedIn, code: str) -> HttpResponse:
    return render(request, "inventory/dataset.html", {"page": queries.dataset_page(code, by=request.user)})


@page
@require_http_methods(["GET", "POST"])
def add_source(request: SignedIn) -> HttpResponse:
    agency = queries.require_edit(request.user.agency, by=request.user)
    form = NewSourceForm(request.POST or None)
    if _did(form, lambda: services.register_source(agency=agency, by=request.user, **form.cleaned_data)):
        messages.success(request, _("The source is registered. Now register a dataset that comes from it."))
        return redirect("inventory:add-dataset")
    shown = {"heading": _("Register a source"), "button": _("Register the source")}
    text = _("A source is a system in which your agency keeps records for a program.")
    return _form_page(request, "inventory/form.html", form, text=text, **shown)


@page
@require_http_methods(["GET", "POST"])
def edit_source(request: SignedIn, code: str) -> HttpResponse:
    found = queries.source(code)
    queries.require_edit(found.agency, by=request.user)
    initial = {part: getattr(found, part) for part in services.SOURCE_PARTS}
    form = SourceForm(request.POST or None, initial=initial)
    if _did(form, lambda: services.change_source(found, by=request.user, **form.cleaned_data)):
        messages.success(request, _("The source is saved."))
        return redirect("inventory:overview")
    shown = {"heading": _("Change the source “%(name)s”") % {"name": found.name}, "button": _("Save")}
    return _form_page(request, "inventory/form.html", form, text="", **shown)


@page
@require_http_methods(["GET", "POST"])
def add_dataset(request: SignedIn) -> HttpResponse:
    agency = queries.require_edit(request.user.agency, by=request.user)
    sources = {source.code: source.name for source in queries.sources_of(agency)}
    if not sources:
        messages.info(request, _("A dataset comes from a source. Register the source first."))
        return redirect("inventory:add-source")
    form = NewDatasetForm(request.POST or None, sources=sources)

    def register() -> None:
        given = form.cleaned_data
        source = queries.source(given["source"])
        services.register_dataset(agency=agency, by=request.user, **given | {"source": source})

    if _did(form, register):
        messages.success(request, _("The dataset is registered. Now describe its fields."))
        return redirect("inventory:dataset", code=form.cleaned_data["code"])
    shown = {"heading": _("Register a dataset"), "button": _("Register the dataset")}
    text = _("Say what your agency could share. Registering shares nothing: only a signed agreement does.")
    return _form_page(request, "inventory/form.html", form, text=text, **shown)


@page
@require_http_methods(["GET", "POST"])
def edit_dataset(request: SignedIn, code: str) -> HttpResponse:
    found = queries.dataset(code)
    queries.require_edit(found.agency, by=request.user)
    initial = {part: getattr(found, part) for part in services.DATASET_PARTS}
    form = DatasetForm(request.POST or None, initial=initial)
    if _did(form, lambda: services.change_dataset(found, by=request.user, **form.cleaned_data)):
        messages.success(request, _("The description is saved. The public catalogue shows it now."))
        return redirect("inventory:dataset", code=code)
    shown = {"heading": _("Describe “%(title)s”") % {"title": found.title}, "button": _("Save"), "dataset": found}
    text = _("Everyone can read this description, also without signing in.")
    return _form_page(request, "inventory/form.html", form, text=text, **shown)


@page
@require_http_methods(["GET", "POST"])
def add_field(request: SignedIn, code: str) -> HttpResponse:
    found = queries.dataset(code)
    queries.require_edit(found.agency, by=request.user)
    form = NewFieldForm(request.POST or None)
    if _did(form, lambda: services.add_field(dataset=found, spec=form.spec(), by=request.user)):
        messages.success(request, _("The field is added. No agreement covers it yet."))
        return redirect("inventory:dataset", code=code)
    shown = {"heading": _("Add a field"), "button": _("Add the field"), "dataset": found}
    return _form_page(request, "inventory/field.html", form, **shown)


@page
@require_http_methods(["GET", "POST"])
def edit_field(request: SignedIn, code: str, name: str) -> HttpResponse:
    found = queries.field_page(code, name, by=request.user)
    form = FieldForm(request.POST or None, initial=FieldForm.initial_of(found.field.spec()), name=name)
    if _did(form, lambda: services.change_field(dataset=found.dataset, spec=form.spec(), by=request.user)):
        messages.success(request, _("The field is saved. The public catalogue shows it now."))
        return redirect("inventory:dataset", code=code)
    return _field_page(request, found, form, RetireForm())


def _field_page(request: SignedIn, found: queries.FieldPage, form: FieldForm, retire: RetireForm) -> HttpResponse:
    shown = {
        "heading": _("Change the field “%(name)s”") % {"name": found.field.name},
        "button": _("Save the field"),
        "dataset": found.dataset,
        "field": found.field,
        "shared": found.shared,
        "form": form,
        "retire": retire,
    }
    status = 400 if form.errors or retire.errors else 200
    return render(request, "inventory/field.html", shown, status=status)


@page
@require_POST
def retire_field(request: SignedIn, code: str, name: str) -> HttpResponse:
    found = queries.field_page(code, name, by=request.user)
    retire = RetireForm(request.POST)

    def change() -> None:
        services.retire_field(dataset=found.dataset, name=name, by=request.user, **retire.cleaned_data)

    if _did(retire, change):
        messages.success(request, _("The field is retired. It stays readable below the others."))
        return redirect("inventory:dataset", code=code)
    form = FieldForm(initial=FieldForm.initial_of(found.field.spec()), name=name)
    return _field_page(request, found, form, retire)


@page
@require_POST
def reinstate_field(request: SignedIn, code: str, name: str) -> HttpResponse:
    found = queries.dataset(code)
    services.reinstate_field(dataset=found, name=name, by=request.user)
    messages.success(request, _("The field is in use again."))
    return redirect("inventory:dataset", code=code)
