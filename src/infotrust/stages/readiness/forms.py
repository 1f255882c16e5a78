"""The forms of partnerships. A text too long is refused with every word still in the form; nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.shared.accounts.models import User
from infotrust.shared.inputs import Area, DateInput
from infotrust.shared.saving import SeenForm
from infotrust.stages.readiness import process, queries
from infotrust.stages.readiness.services import Said
from infotrust.stages.readiness.terms import (
    LONGEST_BARRIER,
    LONGEST_NOTE,
    MOST_BARRIERS,
    Configuration,
    Opening,
    View,
)


class Words(forms.CharField):
    """A text area without the browser's own limit, which would cut a long paste off without a word."""

    def __init__(self, *, longest: int = LONGEST_NOTE, rows: int = 4, **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(widget=Area(rows), **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.longest:
            raise forms.ValidationError(
                _("This has %(size)s characters; at most %(most)s fit. Nothing was saved; your words are still here.")
                % {"size": f"{len(value):,}", "most": f"{self.longest:,}"}
            )


class PartnershipForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        help_text=gettext_lazy(
            "A few words. Everyone in the trust can read the title; the rest only those who take part."
        ),
    )
    about = Words(
        label=gettext_lazy("What do you want to talk about?"),
        required=False,
        help_text=gettext_lazy("A sentence or two is enough."),
    )
    configuration = forms.ChoiceField(
        label=gettext_lazy("Between whom"),
        choices=Configuration.choices,
        # A partnership is mostly of agencies; who links within one says so.
        initial=Configuration.TWO_AGENCIES,
        widget=forms.RadioSelect,
    )


class OpenForm(PartnershipForm):
    program = forms.CharField(
        label=gettext_lazy("Your program"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as Early Intervention (Part C). Leave it empty to speak for your whole agency."),
    )
    facilitator = forms.ChoiceField(
        label=gettext_lazy("Facilitator"),
        required=False,
        help_text=gettext_lazy("Someone neutral who leads the conversation and takes no side. You can go without."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in queries.facilitators()}
        self.fields["facilitator"].choices = [("", _("Nobody for now")), *_named(self.people.values())]  # type: ignore[attr-defined]
        if str(by.pk) in self.people:
            # Who opens it as a facilitator leads it, and speaks for no program.
            del self.fields["facilitator"], self.fields["program"]

    def given(self) -> dict[str, Any]:
        cleaned = dict(self.cleaned_data)
        return {**cleaned, "facilitator": self.people.get(cleaned.get("facilitator", ""))}


class PersonField(forms.ChoiceField):
    """A choice among people; cleaned to the person."""

    def __init__(self, people: Iterable[User], *, grouped: bool = False, **kwargs: Any) -> None:
        found = list(people)
        self.people = {str(one.pk): one for one in found}
        choices = _by_agency(found) if grouped else _named(found)
        super().__init__(choices=[("", _("Choose …")), *choices], **kwargs)

    def clean(self, value: Any) -> User | None:
        return self.people.get(super().clean(value))


class PartnerForm(forms.Form):
    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"] = PersonField(
            people,
            grouped=True,
            label=_("Whom do you talk with?"),
            help_text=_("Their main contact. It brings their agency to the table; they add their own colleagues."),
        )
        self.fields["program"] = forms.CharField(
            label=_("Their program"), max_length=200, required=False, help_text=_("Empty means their whole agency.")
        )
        self.fields["contributes"] = forms.ChoiceField(
            label=_("What part they take"),
            widget=forms.RadioSelect,
            initial="yes",
            choices=[
                ("yes", _("They contribute data")),
                ("no", _("They help, such as a university that links, and contribute no data")),
            ],
        )

    def given(self) -> dict[str, Any]:
        return {**self.cleaned_data, "contributes": self.cleaned_data["contributes"] == "yes"}


class ColleagueForm(forms.Form):
    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonField(people, label=_("Colleague"))
        self.fields["title"] = forms.CharField(label=_("Title"), max_length=150, required=False)


class FacilitatorForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["facilitator"] = PersonField(
            queries.facilitators(), label=_("Facilitator"), required=False, help_text=_("Empty means nobody.")
        )


class ActivityForm(forms.Form):
    """Rename an activity, and, where it may be, skip it with a reason or say that it is done."""

    title = forms.CharField(label=gettext_lazy("What you call it"), max_length=200)


class DoneForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("A note"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Where or how it was done, if not in the trust. The partners can read this."),
    )


class SkipForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it does not apply"),
        max_length=400,
        help_text=gettext_lazy("The partners can read this."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=400, widget=Area(3))


class BeginForm(forms.Form):
    met_on = forms.DateField(
        label=gettext_lazy("When do you meet to talk it over?"), required=False, widget=DateInput()
    )
    opens = forms.ChoiceField(
        label=gettext_lazy("When are the answers laid side by side?"),
        widget=forms.RadioSelect,
        choices=Opening.choices,
        initial=Opening.BY_ITSELF,
    )


class MeetingForm(SeenForm):
    met_on = forms.DateField(label=gettext_lazy("Day of the meeting"), required=False, widget=DateInput())
    attendees = Words(
        label=gettext_lazy("Who takes part"),
        required=False,
        rows=8,
        help_text=gettext_lazy("One on each line: name, organization, title."),
    )


class SheetForm(SeenForm):
    """The five questions: for each a place on the line, a comment, and barriers, one on each line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in process.items():
            title = _(item.title)
            self.fields[f"place-{item.key}"] = forms.ChoiceField(
                label=_(item.question),
                required=False,
                widget=forms.RadioSelect,
                choices=[
                    *((str(place), item.place(place)) for place in range(1, process.PLACES + 1)),
                    (str(process.UNSURE), item.place(process.UNSURE)),
                ],
            )
            self.fields[f"comment-{item.key}"] = Words(
                label=_("Comment on “%(title)s”") % {"title": title}, required=False, rows=3
            )
            self.fields[f"barriers-{item.key}"] = Words(
                label=_("What stands in the way of “%(title)s”") % {"title": title},
                required=False,
                rows=3,
                longest=LONGEST_BARRIER * MOST_BARRIERS,
                help_text=_("One barrier on each line."),
            )

    def blocks(self) -> list[tuple[process.Item, Any, Any, Any]]:
        return [
            (item, self[f"place-{item.key}"], self[f"comment-{item.key}"], self[f"barriers-{item.key}"])
            for item in process.items()
        ]

    @staticmethod
    def filled(said: dict[str, Said]) -> dict[str, str]:
        """Return what stands on a sheet as the initial values of the form."""
        values: dict[str, str] = {}
        for key, one in said.items():
            values[f"place-{key}"] = "" if one.place is None else str(one.place)
            values[f"comment-{key}"] = one.comment
            values[f"barriers-{key}"] = "\n".join(one.barriers)
        return values

    def said(self) -> dict[str, Said]:
        """Return the answers given. A question without a mark is not answered; words without a mark are kept too."""
        found: dict[str, Said] = {}
        for item in process.items():
            place = self.cleaned_data[f"place-{item.key}"]
            comment = self.cleaned_data[f"comment-{item.key}"]
            lines = self.cleaned_data[f"barriers-{item.key}"].splitlines()
            barriers = tuple(line.strip() for line in lines if line.strip())
            if place or comment or barriers:
                found[item.key] = Said(int(place) if place else None, comment, barriers)
        return found


class TogetherForm(SeenForm):
    """What was said about each question, what all make of it, and what comes next."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in process.items():
            self.fields[f"joint-{item.key}"] = Words(label=_(item.title), required=False, rows=3)
        self.fields["reflection"] = Words(
            label=_("What we make of it"), required=False, help_text=_("Looking at all five together.")
        )
        self.fields["next_steps"] = Words(label=_("Next steps"), required=False)

    def given(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        joint = {item.key: cleaned[f"joint-{item.key}"] for item in process.items()}
        return {"joint": joint, **{name: cleaned[name] for name in ("reflection", "next_steps", "seen")}}


class ViewForm(forms.Form):
    view = forms.ChoiceField(
        label=gettext_lazy("What does your program think now?"), widget=forms.RadioSelect, choices=View.choices
    )


class BarrierForm(forms.Form):
    """Make a task of a barrier, or set it aside with a reason."""

    def __init__(self, *args: Any, people: Iterable[User], barrier: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Kind of barrier"),
            choices=process.barrier_kinds(),
            initial=barrier.kind,
            help_text=_("For the count over all partnerships. Its words are not shown there."),
        )
        self.fields["deal"] = forms.ChoiceField(
            label=_("What happens with it"),
            widget=forms.RadioSelect,
            initial="task",
            choices=[("task", _("Somebody takes it out of the way")), ("aside", _("Nothing has to be done"))],
        )
        self.fields["words"] = forms.CharField(
            label=_("What is to be done, or why nothing has to be"),
            max_length=500,
            widget=Area(3),
        )
        self.fields["person"] = PersonField(people, label=_("Who does it"), required=False)
        self.fields["due_on"] = forms.DateField(label=_("Until when"), required=False, widget=DateInput())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("deal") == "task":
            for name, what in (("person", _("Choose who does it.")), ("due_on", _("Choose a day."))):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, what)
        return values


class TaskForm(forms.Form):
    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"] = forms.CharField(label=_("What is to be done"), max_length=500)
        self.fields["person"] = PersonField(people, label=_("Who does it"))
        self.fields["due_on"] = forms.DateField(label=_("Until when"), widget=DateInput())


class SettleForm(forms.Form):
    done = forms.ChoiceField(
        label=gettext_lazy("What came of it"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("It is done")), ("no", gettext_lazy("It is no longer needed"))],
    )
    outcome = forms.CharField(label=gettext_lazy("In a sentence"), max_length=500, widget=Area(3))


class ConcludeForm(forms.Form):
    reconvene_on = forms.DateField(
        label=gettext_lazy("When do you meet again?"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("Needed for “not yet”. A reminder goes out before."),
    )

    def clean_reconvene_on(self) -> date | None:
        day: date | None = self.cleaned_data["reconvene_on"]
        return day


def _named(people: Iterable[User]) -> list[tuple[str, str]]:
    return [(str(one.pk), f"{one.name}, {one.agency.name}" if one.agency else one.name) for one in people]


def _by_agency(people: Iterable[User]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in people:
        groups.setdefault(one.agency.name if one.agency else "", []).append((str(one.pk), one.name))
    return list(groups.items())
