"""The forms of agreements. Plain forms: what they check is what a page can explain; services check the rest."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MinValueValidator, validate_slug
from django.utils.translation import gettext_lazy as _

from infotrust.core.policy.kinds import KINDS, USUAL
from infotrust.shared.accounts import queries as accounts
from infotrust.shared.accounts.proving import ProvingForm
from infotrust.shared.inputs import Area, DateInput
from infotrust.stages.agreements import library
from infotrust.stages.agreements.terms import LEVEL_CHOICES, PURPOSE_CHOICES


def _wider_agreements() -> list[tuple[str, str]]:
    from infotrust.stages.agreements import queries

    return [("", str(_("None"))), *((one.code, f"{one.code}: {one.title}") for one in queries.agreements())]


class TermsForm(forms.Form):
    """Who agrees with whom, what for, until when, and how strictly."""

    kind = forms.ChoiceField(
        label=_("Kind of agreement"),
        choices=library.kinds_to_draft,
        initial=USUAL,
        required=False,
        help_text=_("Only by a kind that lists fields does data move; see the clause library for what each is for."),
    )
    not_binding = forms.BooleanField(
        label=_("It only says what the parties intend, and binds none of them"), required=False
    )
    under = forms.ChoiceField(
        label=_("Stands under"),
        choices=_wider_agreements,
        required=False,
        help_text=_("A wider agreement whose terms apply here too."),
    )
    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("A few words that a resident understands."))
    why = forms.CharField(
        label=_("Why"),
        widget=Area(4),
        max_length=4000,
        help_text=_("What it is good for, in plain words. The public reads this."),
    )
    parties = forms.MultipleChoiceField(
        label=_("Parties"),
        choices=accounts.agency_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each one’s counsel reviews, and each one’s board member signs."),
    )
    recipients = forms.MultipleChoiceField(
        label=_("Recipients"),
        choices=accounts.agency_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("The agencies whose people link and count the data. Needed where data is shared."),
    )
    purposes = forms.MultipleChoiceField(
        label=_("Purposes"),
        widget=forms.CheckboxSelectMultiple,
        choices=PURPOSE_CHOICES,
        required=False,
        help_text=_("Needed where data is shared."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    level = forms.ChoiceField(label=_("Level of identification"), widget=forms.RadioSelect, choices=LEVEL_CHOICES)
    starts_on = forms.DateField(label=_("First day"), widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput())
    retention_days = forms.IntegerField(
        label=_("Days until destruction after its end"),
        validators=[MinValueValidator(0)],
        max_value=3650,
        initial=30,
        help_text=_("0 means at once. Data that another agreement covers is kept."),
    )
    publication_threshold = forms.IntegerField(
        label=_("Smallest number published"),
        validators=[MinValueValidator(1)],
        max_value=1000,
        initial=11,
        help_text=_("11 follows the federal rule that counts from 1 to 10 are neither shown nor derivable."),
    )

    strictest = forms.BooleanField(
        label=_("Keep every field as the strictest law of them all asks"),
        required=False,
        help_text=_("Without this, each field is kept by its own laws, and a table by the laws of the fields in it."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["kind"] = values.get("kind") or USUAL
        kind = KINDS.get(values["kind"])
        if kind and kind.shares:
            for name in ("recipients", "purposes"):
                if name not in self.errors and not values.get(name):
                    self.add_error(name, _("Choose at least one: data is shared by this kind of agreement."))
        if kind and kind.shares and values.get("not_binding"):
            self.add_error("not_binding", _("Data is shared only under an agreement that binds its parties."))
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        return values

    def terms(self) -> dict[str, Any]:
        """Return the cleaned values as the arguments of the services: agencies instead of their short names."""
        agencies = {agency.code: agency for agency in accounts.agencies()}
        named = {name: [agencies[code] for code in self.cleaned_data[name]] for name in ("parties", "recipients")}
        plain = {name: value for name, value in self.cleaned_data.items() if name != "not_binding"}
        return {**plain, **named, "binding": not self.cleaned_data["not_binding"]}


class DraftForm(TermsForm):
    code = forms.CharField(
        label=_("Short name"),
        max_length=40,
        validators=[validate_slug],
        help_text=_("Letters, digits and dashes, for example DSA-2026-03. It cannot be changed later."),
    )
    field_order = ("code",)

    def new_terms(self) -> dict[str, Any]:
        """Return the arguments for a draft that nobody can have changed meanwhile."""
        return {name: value for name, value in self.terms().items() if name != "seen"}

    def clean_code(self) -> str:
        """The addresses of pages that are not about one agreement are taken."""
        if str(self.cleaned_data["code"]).lower() in {"new", "library", "use-cases", "joining"}:
            raise forms.ValidationError(_("This name is taken by a page. Choose another."))
        return str(self.cleaned_data["code"])


class SeenForm(forms.Form):
    """Carries the digest of the text that the page showed, so that nobody answers for a text they did not see."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class SavedForm(forms.Form):
    """Carries the digest of what the page began with; empty from a page that shows none."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class ReviewForm(SeenForm):
    answer = forms.ChoiceField(
        label=_("Your agency’s answer"),
        widget=forms.RadioSelect,
        choices=[("approve", _("We approve this text")), ("changes", _("We ask for changes"))],
    )
    comment = forms.CharField(
        label=_("Comment"),
        widget=Area(5),
        required=False,
        max_length=8000,
        help_text=_("Needed if you ask for changes: say which clause and how. All parties read it."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("answer") == "changes" and not (values.get("comment") or "").strip():
            self.add_error("comment", _("Say what should change."))
        return values


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        widget=Area(3),
        max_length=400,
        help_text=_("In plain words. It is recorded, and shown to all parties."),
    )


class SignForm(ProvingForm, SeenForm):
    """Signing is done awake: the full name is typed, and the signer proves anew who they are."""

    read = forms.BooleanField(label=_("I have read this text and may sign it for my agency."))
    field_order = ("seen", "full_name", "password", "code", "read")


class EndForm(ReasonForm):
    reason = forms.CharField(
        label=_("Reason"),
        widget=Area(3),
        max_length=400,
        help_text=_("In plain words. It is recorded, and the public reads it too."),
    )
    confirm = forms.BooleanField(label=_("I understand that this cannot be undone."))
