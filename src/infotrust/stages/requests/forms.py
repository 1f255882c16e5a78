"""The forms of requests and licenses. A section's form is made from its items; what is missing is said later, at once.

A draft may be incomplete: no field of a section is required here. What a rule asks for is in `checks`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infotrust.core.policy.terms import Use
from infotrust.shared.accounts.proving import ProvingForm
from infotrust.shared.inputs import Area, DateInput
from infotrust.stages.requests import files
from infotrust.stages.requests.asking import Answers, Item, Kind, Section
from infotrust.stages.requests.asking.sections import PURPOSE_CHOICES
from infotrust.stages.requests.fit import FIVE
from infotrust.stages.requests.rules import Tag
from infotrust.stages.requests.terms import RUBRIC, Grade, Outcome

USES = ((Use.AGGREGATE.value, _("Count")), (Use.EXTRACT.value, _("Take rows")))
YES_NO_UNSURE = (("yes", _("Yes")), ("no", _("No")), ("unsure", _("Not sure")))
Grouped = list[tuple[str, list[tuple[str, str]]]]


class SectionForm(forms.Form):
    """One section. `fields_offered` are the inventory's fields by dataset, for an item that asks for fields."""

    # What is missing is said once, before submitting: a draft is saved as it is.
    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    window = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, section: Section, answers: Answers, fields_offered: Grouped, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = {one.key for one in section.items}
        for one in section.items:
            # Asked under a condition that is answered on another page: only where it holds.
            if one.when is None or one.when.key in here or one.is_asked(answers):
                self.fields[one.key] = _field(one, fields_offered)

    def _clean_fields(self) -> None:
        """Take what there is: an item that must be answered before submitting may still be empty in a draft."""
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = False
        super()._clean_fields()  # type: ignore[misc]
        for field in needed:
            field.required = True

    def answers(self) -> dict[str, Any]:
        """What was typed, item by item; for days the text, so that a draft may hold an unfinished one."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"seen", "window"}}


def _field(one: Item, fields_offered: Grouped) -> forms.Field:
    usual: dict[str, Any] = {"label": one.title, "help_text": one.help, "required": one.required}
    if one.kind is Kind.FIELDS:
        return _Fields(choices=fields_offered, widget=forms.CheckboxSelectMultiple, **usual)
    if one.kind is Kind.CHOICES:
        return forms.MultipleChoiceField(choices=one.choices, widget=forms.CheckboxSelectMultiple, **usual)
    if one.kind is Kind.CHOICE:
        return forms.ChoiceField(choices=one.choices, widget=forms.RadioSelect, **usual)
    if one.kind is Kind.DAY:
        return forms.CharField(widget=DateInput(), max_length=20, **usual)
    if one.kind is Kind.LINE:
        return forms.CharField(**usual)
    return forms.CharField(widget=Area(4), **usual)


class _Fields(forms.MultipleChoiceField):
    """Fields of the inventory. One that left it meanwhile stays ticked until the requester unticks it."""

    def valid_value(self, value: Any) -> bool:  # noqa: ARG002 - Django's signature
        return True


class FitForm(forms.Form):
    """A project in short: what is asked, for what, by which fields; and the five questions of a data office."""

    question = forms.CharField(label=_("What you want to know"), widget=Area(3), max_length=2_000)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=PURPOSE_CHOICES)

    def __init__(self, *args: Any, fields_offered: Grouped, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_wanted"] = forms.MultipleChoiceField(
            label=_("Fields"), choices=fields_offered, widget=forms.CheckboxSelectMultiple
        )
        for key, words in FIVE:
            self.fields[f"five-{key}"] = forms.ChoiceField(
                label=words, choices=YES_NO_UNSURE, widget=forms.RadioSelect, required=False
            )

    def project(self) -> dict[str, Any]:
        data = self.cleaned_data
        pairs = [(dataset, name) for dataset, _slash, name in (one.partition("/") for one in data["fields_wanted"])]
        five = {key: data.get(f"five-{key}", "") for key, _words in FIVE}
        return {"question": data["question"], "purpose": data["purpose"], "fields": pairs, "five": five}

    def first_answers(self) -> dict[str, Any]:
        data = self.cleaned_data
        first_line = (data["question"].splitlines() or [""])[0]
        return {
            "title": first_line, "question": data["question"], "purpose": data["purpose"],
            "fields": data["fields_wanted"],
        }  # fmt: skip


class PaperForm(forms.Form):
    tag = forms.ChoiceField(label=_("What it is"), choices=Tag.choices)
    paper = forms.FileField(
        label=_("File"),
        help_text=_("PDF or Word (.docx), at most 10 MB."),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx"}),
    )

    def clean_paper(self) -> Any:
        sent = self.cleaned_data["paper"]
        # Measured before it is read into memory.
        if sent.size > files.LARGEST:
            raise forms.ValidationError(_("The file is larger than 10 MB. Save it with smaller pictures, or split it."))
        return sent


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=Area(3), max_length=2_000)


class BoardForm(forms.Form):
    """Which board, and why it decides on this request."""

    board = forms.ChoiceField(label=_("Board"))
    why = forms.CharField(
        label=_("Why"),
        help_text=_("In plain words: the public reads this first."),
        widget=Area(4),
        max_length=8_000,
    )

    def __init__(self, *args: Any, boards: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["board"].choices = boards  # type: ignore[attr-defined]


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Your comment"), widget=Area(3), max_length=8_000)


class AnswerForm(forms.Form):
    """A custodian's answer: the five questions, then whether the agency supports the request."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, question in RUBRIC.items():
            self.fields[f"grade-{key}"] = forms.ChoiceField(
                label=str(question), choices=Grade.choices, widget=forms.RadioSelect(attrs={"class": "it-inline"})
            )
            self.fields[f"note-{key}"] = forms.CharField(label=_("Why"), required=False, max_length=2_000)
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Your agency"), choices=Outcome.choices, widget=forms.RadioSelect
        )
        self.fields["comment"] = forms.CharField(
            label=_("What the requester should change or know"),
            help_text=_("Needed unless your agency supports it."),
            required=False,
            widget=Area(4),
            max_length=8_000,
        )
        self.fields["conditions"] = forms.CharField(
            label=_("Conditions your agency asks for"),
            help_text=_("One to a line. They become a clause of the license."),
            required=False,
            widget=Area(3),
            max_length=4_000,
        )

    def rubric(self) -> dict[str, dict[str, str]]:
        data = self.cleaned_data
        return {key: {"grade": data[f"grade-{key}"], "note": data[f"note-{key}"]} for key in RUBRIC}


class DecisionForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    grant = forms.ChoiceField(
        label=_("Your agency’s decision"),
        choices=(("yes", _("Grant it")), ("no", _("Do not grant it"))),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed where it is not granted. The requester reads it."),
        required=False,
        widget=Area(3),
        max_length=2_000,
    )
    conditions = forms.CharField(
        label=_("Conditions"),
        help_text=_("One to a line. They become a clause of the license."),
        required=False,
        widget=Area(3),
        max_length=4_000,
    )


class LicenseForm(forms.Form):
    """What the office fixes. Choices come from the granted request: nothing beyond it can be ticked."""

    title = forms.CharField(label=_("Title"), max_length=200)
    people = forms.MultipleChoiceField(
        label=_("People"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each of them acknowledges the license before it holds for them."),
    )
    agreements = forms.MultipleChoiceField(
        label=_("Agreements"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The license allows nothing that these do not allow."),
    )
    fields_licensed = forms.MultipleChoiceField(label=_("Fields"), widget=forms.CheckboxSelectMultiple)
    uses = forms.MultipleChoiceField(label=_("Uses"), widget=forms.CheckboxSelectMultiple)
    starts_on = forms.DateField(label=_("First day"), widget=DateInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput())
    destroy_on = forms.DateField(label=_("Destroyed by"), widget=DateInput())
    outputs = forms.CharField(label=_("Outputs"), widget=Area(2), max_length=4_000)
    publication = forms.CharField(label=_("Publication"), widget=Area(3), max_length=4_000)
    destruction = forms.CharField(label=_("How it is destroyed"), widget=Area(2), max_length=4_000)
    conditions = forms.CharField(
        label=_("Further conditions"),
        help_text=_("One to a line; those of the custodians and boards stand in it anyway."),
        required=False,
        widget=Area(4),
        max_length=8_000,
    )

    def __init__(self, *args: Any, offered: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place, self.asked = offered["place"], offered["asked"]
        for name in ("people", "agreements", "fields_licensed"):
            self.fields[name].choices = offered[name]  # type: ignore[attr-defined]
        self.fields["uses"].choices = USES  # type: ignore[attr-defined]


class ExtendForm(forms.Form):
    """Until when, and why: what the board reads."""

    ends_on = forms.DateField(label=_("New last day"), widget=DateInput())
    why = forms.CharField(
        label=_("Why"),
        widget=Area(4),
        max_length=4_000,
        help_text=_("What is still to be done, in plain words. The board decides on it, and the public reads it."),
    )


class AcknowledgeForm(ProvingForm):
    """The license's digest, a full name and a proof of who it is: what a signature asks for."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    confidential = forms.BooleanField(
        label=_("I have read this license. I keep what I learn confidential and try to find out about no one.")
    )
    field_order = ("seen", "full_name", "confidential", "password", "code")


class CertificateForm(forms.Form):
    what = forms.CharField(
        label=_("What was destroyed"),
        help_text=_("Every copy: files, tables, backups, printouts."),
        widget=Area(3),
        max_length=4_000,
    )
    method = forms.CharField(label=_("How"), widget=Area(2), max_length=2_000)
    destroyed_on = forms.DateField(label=_("On which day"), widget=DateInput())
    true = forms.BooleanField(label=_("This is true, and nothing is left."))
