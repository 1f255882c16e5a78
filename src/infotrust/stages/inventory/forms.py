"""Forms of the inventory. What is wrong with a description is said by `terms.problems`; forms place it at its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.core.elements import ELEMENTS, Availability, DataType
from infotrust.shared.inputs import Area
from infotrust.stages.inventory import terms
from infotrust.stages.inventory.terms import FieldSpec, Sensitivity, Unit, UpdateFrequency

# Shown with one and the same day, so that the order of day and month can be seen: the 9th of March 2026.
DATE_FORMATS = (
    ("", gettext_lazy("Not a date")),
    ("%Y-%m-%d", "2026-03-09"),
    ("%m/%d/%Y", "03/09/2026"),
    ("%m-%d-%Y", "03-09-2026"),
    ("%d/%m/%Y", "09/03/2026"),
    ("%d.%m.%Y", "09.03.2026"),
    ("%Y%m%d", "20260309"),
)


def short_text(label: Any, help_text: Any = "", *, required: bool = False, longest: int = 200) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=longest)


def long_text(label: Any, help_text: Any = "", *, rows: int = 3) -> forms.CharField:
    widget = Area(rows)
    return forms.CharField(label=label, help_text=help_text, required=False, widget=widget)


def _code() -> forms.SlugField:
    help_text = gettext_lazy(
        "Small letters, digits and hyphens, for example school-enrollment. Agreements and addresses use it: "
        "it cannot be changed later."
    )
    return forms.SlugField(label=gettext_lazy("Short name"), help_text=help_text, max_length=60)


class SourceForm(forms.Form):
    """A system in which the agency keeps records."""

    name = short_text(gettext_lazy("Name"), gettext_lazy("As your agency calls it."), required=True)
    program = short_text(gettext_lazy("Program it serves"))
    system = short_text(gettext_lazy("System"), gettext_lazy("What is kept there, in a few words."))
    vendor = short_text(gettext_lazy("Vendor"))
    authority = long_text(
        gettext_lazy("Authority to share"),
        gettext_lazy("The law, policy or consent that lets your agency share from this source, and who decides."),
    )
    contact = forms.EmailField(
        label=gettext_lazy("Contact for questions"),
        help_text=gettext_lazy("The address of an office, not of a person."),
        required=False,
    )


class NewSourceForm(SourceForm):
    code = _code()
    field_order = ("code",)


class DatasetForm(forms.Form):
    """What is said about a dataset."""

    title = short_text(gettext_lazy("Title"), required=True)
    description = long_text(
        gettext_lazy("What it holds, in plain words"),
        gettext_lazy("Who is in it and what is known about them. A reader outside your agency should understand it."),
        rows=4,
    )
    unit = forms.ChoiceField(
        label=gettext_lazy("One row is"),
        choices=[("", gettext_lazy("Not said yet")), *Unit.choices],
        required=False,
    )
    period = short_text(
        gettext_lazy("Period covered"), gettext_lazy("For example: School years 2019-20 to 2025-26."), longest=100
    )
    update_frequency = forms.ChoiceField(
        label=gettext_lazy("Updated"),
        choices=[("", gettext_lazy("Not said yet")), *UpdateFrequency.choices],
        required=False,
    )
    lag = short_text(
        gettext_lazy("How late it is"),
        gettext_lazy("The time from an event to its record in a delivery, for example: about two months."),
        longest=100,
    )
    quality_note = long_text(
        gettext_lazy("What to know about its quality"),
        gettext_lazy("How it is collected, what is often wrong, what changed over the years."),
    )
    whose_data_is_missing = long_text(
        gettext_lazy("Whose data is missing"),
        gettext_lazy("Who is not in it although they might be, and why. This note travels with every answer."),
    )


class NewDatasetForm(DatasetForm):
    code = _code()
    source = forms.ChoiceField(label=gettext_lazy("Source"), help_text=gettext_lazy("The system it comes from."))
    field_order = ("code", "source")

    def __init__(self, *args: Any, sources: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = list(sources.items())  # type: ignore[attr-defined]


def _meanings() -> list[tuple[Any, list[tuple[str, str]]]]:
    identifying = [(kind.value, element.title) for kind, element in ELEMENTS.items() if element.direct_identifier]
    others = [(kind.value, element.title) for kind, element in ELEMENTS.items() if not element.direct_identifier]
    return [
        (gettext_lazy("Identifies a person: kept apart in the vault"), identifying),
        (gettext_lazy("Says something about a person: content"), others),
    ]


def codes_text(codes: Mapping[str, str]) -> str:
    """Codes as the form shows them: one on each line, `code = meaning`."""
    return "\n".join(f"{code} = {meaning}" for code, meaning in codes.items())


def read_codes(text: str) -> dict[str, str]:
    """Read `code = meaning` lines; raise `ValidationError` naming each line that cannot be read."""
    codes: dict[str, str] = {}
    wrong = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        code, equals, meaning = (part.strip() for part in line.partition("="))
        if not (code and equals and meaning):
            wrong.append(_("Line %(line)d is not written as: code = meaning.") % {"line": number})
        elif code in codes:
            wrong.append(_("Line %(line)d repeats a code. Each code has one meaning.") % {"line": number})
        codes.setdefault(code, meaning)
    if wrong:
        raise forms.ValidationError(wrong)
    return codes


class FieldForm(forms.Form):
    """One field. The rules are those of `terms.problems`."""

    title = short_text(
        gettext_lazy("Title"),
        gettext_lazy("What a reader outside the agency would call it, for example: Date of birth."),
        required=True,
    )
    definition = long_text(
        gettext_lazy("Definition"),
        gettext_lazy("What exactly is recorded, when, and by whom. Say what an empty value means."),
    )
    semantic = forms.ChoiceField(
        label=gettext_lazy("What it means"),
        help_text=gettext_lazy(
            "This decides where the values are kept: what identifies a person goes to the vault, apart from everything "
            "else, and analysts never see it. If in doubt, choose the meaning that identifies."
        ),
        choices=_meanings,
        initial="other",
    )
    type = forms.ChoiceField(
        label=gettext_lazy("How it is written"), choices=list(terms.TYPE_LABELS.items()), initial=DataType.TEXT.value
    )
    codes = long_text(
        gettext_lazy("Codes"),
        gettext_lazy(
            "For a code from a list: one on each line, code = meaning. A delivery with any other code is stopped."
        ),
        rows=6,
    )
    date_format = forms.ChoiceField(
        label=gettext_lazy("How dates are written"),
        help_text=gettext_lazy("How your files write March 9, 2026."),
        choices=DATE_FORMATS,
        required=False,
    )
    law_classes = forms.MultipleChoiceField(
        label=gettext_lazy("Laws that govern it"),
        help_text=gettext_lazy("All that apply. Each adds its own limits to what an agreement can allow."),
        choices=lambda: list(terms.law_labels().items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    sensitivity = forms.TypedChoiceField(
        label=gettext_lazy("Sensitivity"),
        help_text=gettext_lazy("How much harm it could do in the wrong hands."),
        choices=Sensitivity.choices,
        coerce=int,
        initial=1,
    )
    availability = forms.ChoiceField(
        label=gettext_lazy("Availability"),
        choices=list(terms.AVAILABILITY_LABELS.items()),
        widget=forms.RadioSelect,
        initial=Availability.RESTRICTED.value,
    )
    required = forms.BooleanField(
        label=gettext_lazy("Filled in every row"),
        help_text=gettext_lazy("A row without it is stopped and reported back to you."),
        required=False,
        initial=True,
    )
    key = forms.BooleanField(
        label=gettext_lazy("Part of the key"),
        help_text=gettext_lazy("The number by which your agency tells its rows apart. It never leaves the vault."),
        required=False,
    )

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.column = name

    @staticmethod
    def initial_of(spec: FieldSpec) -> dict[str, Any]:
        return vars(spec) | {"codes": codes_text(spec.codes), "law_classes": list(spec.law_classes)}

    def clean_codes(self) -> dict[str, str]:
        return read_codes(self.cleaned_data["codes"])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        wrong = set(self.errors)  # what is already said to be wrong is not said again in other words
        for problem in terms.problems(self.spec()):
            if problem.part not in wrong:
                self.add_error(problem.part if problem.part in self.fields else None, problem.text)
        return given

    def spec(self) -> FieldSpec:
        """The description that was entered; what could not be read has its default."""
        given = {"name": self.column, "title": "", "definition": ""} | self.cleaned_data
        return FieldSpec(**given | {"law_classes": tuple(given.get("law_classes", ()))})


class NewFieldForm(FieldForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the column"),
        help_text=gettext_lazy(
            "Exactly as in the header of your file. It cannot be changed later: retire the field and add another."
        ),
        max_length=63,
    )
    field_order = ("name",)


class RetireForm(forms.Form):
    reason = short_text(
        gettext_lazy("Why it is retired"),
        gettext_lazy("For example: no longer collected since August 2026."),
        required=True,
        longest=300,
    )
