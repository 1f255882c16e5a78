"""Forms of the administrators' pages and of the audit log."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts import queries as accounts
from infotrust.shared.accounts.models import Role
from infotrust.shared.audit.events import Event
from infotrust.shared.inputs import Area


def _agency_or_none() -> list[tuple[str, object]]:
    return [("", _("None")), *accounts.agency_choices()]


def _agency_or_all() -> list[tuple[str, object]]:
    return [("", _("All")), *accounts.agency_choices()]


class AgencyForm(forms.Form):
    code = forms.SlugField(label=_("Short name"), max_length=40, help_text=_("Such as health-department. It stays."))
    name = forms.CharField(label=_("Name"), max_length=200)
    description = forms.CharField(label=_("What it does, in plain words"), required=False, widget=Area(3))
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class TrainingForm(forms.Form):
    trained_until = forms.DateField(
        label=_("Privacy training valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: not trained. A license is acknowledged and used only with valid training."),
    )


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"))
    agency = forms.ChoiceField(label=_("Agency"), required=False, choices=_agency_or_none)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class PeopleFilter(forms.Form):
    agency = forms.ChoiceField(label=_("Agency"), required=False, choices=_agency_or_all)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All")), *Role.choices])


class LogFilter(forms.Form):
    event = forms.ChoiceField(label=_("What happened"), required=False, choices=[("", _("Anything")), *Event.choices])
    about = forms.CharField(
        label=_("About"), required=False, max_length=200, help_text=_("Such as agreement:DSA-1 or dataset:*")
    )
    actor = forms.CharField(label=_("Who"), required=False, max_length=60, help_text=_("Such as user:17 or system"))
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
