"""The forms of goals, questions and what they need, and of what a partner can do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.shared.accounts.models import User
from infotrust.shared.inputs import DateInput
from infotrust.shared.saving import SeenForm
from infotrust.stages.readiness import capacity, library, queries
from infotrust.stages.readiness.forms import PersonField, Words


class GoalForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("A goal"),
        max_length=500,
        help_text=gettext_lazy("What should be better for the people you serve?"),
    )


class QuestionForm(forms.Form):
    """A question in one's own words, or one of the library with what it needs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = forms.CharField(
            label=_("In your own words"), max_length=500, required=False, help_text=_("What do you want to know?")
        )
        entries = [(str(place), _(one.words)) for place, one in enumerate(library.entries())]
        self.fields["entry"] = forms.ChoiceField(
            label=_("Or from the library"),
            required=False,
            widget=forms.RadioSelect,
            choices=[("", _("None of these")), *entries],
            help_text=_("It comes with the data that it needs."),
        )

    def given(self) -> dict[str, Any]:
        entry = self.cleaned_data["entry"]
        return {"text": self.cleaned_data["text"], "entry": int(entry) if entry else None}


class FieldChoiceForm(forms.Form):
    """A field of the inventory, as `dataset.field`; grouped by data set, what comes closest first."""

    def __init__(self, *args: Any, close: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in queries.every_field():
            name = f"{one.dataset.title}, {one.dataset.agency.name}"
            groups.setdefault(name, []).append((f"{one.dataset.code}.{one.name}", one.title))
        nearest = [(f"{one.dataset}.{one.field}", f"{one.title}, {one.agency}") for one in close]
        choices: list[Any] = [("", _("None: nobody holds it, as far as we know"))]
        choices += [(_("Comes closest"), nearest)] if nearest else []
        self.fields["where"] = forms.ChoiceField(
            label=_("Field of the inventory"), required=False, choices=[*choices, *groups.items()]
        )

    def given(self) -> dict[str, Any]:
        dataset, _dot, field = self.cleaned_data["where"].partition(".")
        return {"dataset": dataset, "field": field}


class NeedForm(FieldChoiceForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = forms.CharField(label=_("What it needs"), max_length=300)
        self.order_fields(["text", "where"])

    def given(self) -> dict[str, Any]:
        return {**super().given(), "text": self.cleaned_data["text"]}


class CapacityForm(SeenForm):
    """What one's own partner can do, area by area, with a note."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for area in capacity.areas():
            self.fields[f"level-{area.key}"] = forms.ChoiceField(
                label=_(area.title),
                help_text=_(area.ask),
                required=False,
                widget=forms.RadioSelect,
                choices=[*capacity.levels(), ("", _("We do not know yet"))],
            )
            self.fields[f"note-{area.key}"] = Words(
                label=_("Note on “%(title)s”") % {"title": _(area.title)}, required=False, rows=2
            )
        self.fields["help_needed"] = Words(label=_("Where you want help"), required=False)

    def given(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        levels = {one.key: cleaned[f"level-{one.key}"] for one in capacity.areas()}
        return {
            "levels": {key: int(level) if level else None for key, level in levels.items()},
            "notes": {one.key: cleaned[f"note-{one.key}"] for one in capacity.areas()},
            "help_needed": cleaned["help_needed"],
            "seen": cleaned["seen"],
        }


class RemedyForm(forms.Form):
    """What is done about a gap: a task, money to find, or another partner takes it over."""

    def __init__(self, *args: Any, people: Iterable[User], others: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [("task", _("Somebody takes care of it")), ("funding", _("It takes money that we have to find"))]
        if others:
            kinds.append(("swap", _("Another partner does it for us")))
        self.fields["kind"] = forms.ChoiceField(label=_("What happens"), widget=forms.RadioSelect, choices=kinds)
        self.fields["text"] = forms.CharField(label=_("In a sentence"), max_length=500)
        self.fields["person"] = PersonField(people, label=_("Who does it"), required=False)
        self.fields["due_on"] = forms.DateField(label=_("Until when"), required=False, widget=DateInput())
        if others:
            self.fields["taken_by"] = forms.ChoiceField(
                label=_("Which partner"), required=False, choices=[("", _("Choose …")), *others]
            )

    def given(self) -> dict[str, Any]:
        taken = self.cleaned_data.get("taken_by", "")
        return {**self.cleaned_data, "taken_by": int(taken) if taken else None}
