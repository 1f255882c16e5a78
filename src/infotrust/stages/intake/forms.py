"""What people fill in: a delivery, and the reason for opening a quarantine."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DeliveryForm(forms.Form):
    period = forms.CharField(
        label=_("Period the file covers"),
        max_length=40,
        help_text=_("For example 2025-26 or 2026-Q3. A second file for the same period replaces the first."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8, or the same packed as .csv.gz or as .zip with one file in it."),
        widget=forms.FileInput(attrs={"accept": ".csv,.gz,.zip"}),
    )


class QuarantineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need to see these rows?"),
        min_length=10,
        max_length=300,
        help_text=_("A sentence without anyone's name. It is kept in the audit log with your name and the time."),
    )
