"""The forms of clauses: choosing one with its values, writing one, keeping one, starting from another agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, validate_slug
from django.utils.translation import gettext_lazy as _

from infotrust.core import law
from infotrust.core.policy.library import LibraryClause
from infotrust.core.policy.machine_terms import LEVEL_SHORT, LICENSABLE, MACHINE_TERMS, STRICTER
from infotrust.core.policy.terms import PURPOSES, USE_WORDS
from infotrust.shared.inputs import Area, DateInput
from infotrust.stages.agreements import library

LONGEST = 20_000


def value_field(code: str, initial: Any) -> forms.Field:
    """Return the form field in which the value of a machine term is chosen."""
    term = MACHINE_TERMS[code]
    if term.kind == "number":
        limits = [MinValueValidator(0), MaxValueValidator(36_500)]
        return forms.IntegerField(label=term.title, initial=initial, validators=limits)
    if term.kind == "level":
        levels = [(level.value, LEVEL_SHORT[level]) for level in STRICTER]
        return forms.ChoiceField(label=term.title, initial=initial, choices=levels, widget=forms.RadioSelect)
    choices = {
        "purposes": [(one.code, one.title) for one in PURPOSES.values() if not one.never],
        "uses": list(USE_WORDS.items()),
        "licensed": [(use.value, USE_WORDS[use]) for use in LICENSABLE],
        "laws": list(law.short_titles().items()),
    }[term.kind]
    return forms.MultipleChoiceField(
        label=term.title, initial=list(initial), choices=choices, widget=forms.CheckboxSelectMultiple
    )


class ValuesForm(forms.Form):
    """The values of a library clause's terms; its wording is not for editing."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, clause: LibraryClause, values: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, value in clause.terms:
            self.fields[code] = value_field(code, values.get(code, value))

    def chosen(self) -> dict[str, Any]:
        return {code: value for code, value in self.cleaned_data.items() if code != "seen"}


class ClauseForm(forms.Form):
    """A clause of the parties' own words, or words they changed."""

    heading = forms.CharField(label=_("Heading"), max_length=120)
    text = forms.CharField(label=_("Text"), widget=Area(8), max_length=LONGEST)
    plain = forms.CharField(
        label=_("The same in plain words"),
        widget=Area(3),
        max_length=LONGEST,
        help_text=_("One or two sentences that anyone understands. It stands beside the clause."),
    )
    kept_by = forms.CharField(
        label=_("Who keeps it"),
        max_length=200,
        help_text=_("No machine keeps words. Say which people do, for example “each party’s privacy officer”."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class LibraryForm(forms.Form):
    key = forms.CharField(
        label=_("Short name"),
        max_length=36,
        validators=[validate_slug],
        help_text=_("Small letters, digits and dashes. The name of a clause that is there makes its next version."),
    )
    heading = forms.CharField(label=_("Heading"), max_length=120)
    text = forms.CharField(label=_("Text"), widget=Area(8), max_length=LONGEST)
    plain = forms.CharField(label=_("The same in plain words"), widget=Area(3), max_length=LONGEST)
    kept_by = forms.CharField(label=_("Who keeps it"), max_length=200)
    cite = forms.CharField(label=_("Citation"), max_length=200, required=False)
    kinds = forms.MultipleChoiceField(
        label=_("For these kinds of agreement"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=lambda: list(library.kind_titles().items()),
        help_text=_("None chosen: for all."),
    )

    def clean_key(self) -> str:
        return str(self.cleaned_data["key"]).lower()


class StartForm(forms.Form):
    """A new agreement that begins with the words of another."""

    code = forms.CharField(label=_("Short name"), max_length=40, validators=[validate_slug])
    title = forms.CharField(label=_("Title"), max_length=200)
    starts_on = forms.DateField(label=_("First day"), widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        return values
