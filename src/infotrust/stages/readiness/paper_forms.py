"""The forms of papers, made from their sections; how a use case begins; remarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.shared.saving import SeenForm
from infotrust.stages.readiness import contents, queries
from infotrust.stages.readiness.forms import Words


def paper_form(kind: str, partners: Sequence[contents.At], datasets: Sequence[tuple[str, str]]) -> type[SeenForm]:
    """Return the form of a kind of paper, made from its sections. Elements are chosen on a page of their own."""
    fields: dict[str, forms.Field] = {}
    for one in contents.sections(kind):
        fields |= _section_fields(one, partners, datasets)
    fields["note"] = forms.CharField(
        label=_("What did you change?"), required=False, max_length=200, help_text=_("A few words for the others.")
    )
    return type("PaperForm", (PaperForm,), {"kind": kind, **fields})


class PaperForm(SeenForm):
    """The sections of a paper; `given` turns what was typed into its content, `typed` a content into what is shown."""

    kind = ""

    @classmethod
    def typed(cls, content: dict[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for one in contents.sections(cls.kind):
            value = content[one.key]
            if one.kind == "partners":
                values |= {f"{one.key}-{number}": text for number, text in value.items()}
            else:
                values[one.key] = "\n".join(value) if one.kind == "lines" else value
        return values

    def given(self) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for one in contents.sections(self.kind):
            if one.kind == "elements":
                continue
            if one.kind == "partners":
                start = f"{one.key}-"
                named = {name: text for name, text in self.cleaned_data.items() if name.startswith(start)}
                content[one.key] = {name.removeprefix(start): text for name, text in named.items()}
            elif one.kind == "lines":
                lines = (line.strip() for line in self.cleaned_data[one.key].splitlines())
                content[one.key] = [line for line in lines if line]
            else:
                content[one.key] = self.cleaned_data[one.key]
        return content

    def follow(self, before: dict[str, Any], now: dict[str, Any]) -> None:
        """Where its writer left a field alone since `before`, let it say what others made of it by `now`.

        Else whoever saves second would take the others' words out with fields that they never touched.
        """
        was, theirs = self.typed(before), self.typed(now)
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        for name in self.fields:
            if name in ("seen", "note") or not _same(self.cleaned_data.get(name), was.get(name)):
                continue
            if not _same(theirs.get(name), was.get(name)):
                found = theirs.get(name) or ""
                typed.setlist(name, found if isinstance(found, list) else [found])
        self.data = typed

    def first(self) -> list[Any]:
        """The fields above the fold."""
        return [self[name] for name in self.fields if not self._below(name) and name not in ("seen", "note")]

    def more(self) -> list[Any]:
        return [self[name] for name in self.fields if self._below(name)]

    def _below(self, name: str) -> bool:
        key = name.partition("-")[0]
        return any(one.more for one in contents.sections(self.kind) if one.key == key)


def _same(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same, however their lines end."""
    if isinstance(one, list) or isinstance(other, list):
        return sorted(one or []) == sorted(other or [])
    return str(one or "").split() == str(other or "").split()


def _section_fields(
    one: contents.Section, partners: Sequence[contents.At], datasets: Sequence[tuple[str, str]]
) -> dict[str, forms.Field]:
    usual: dict[str, Any] = {"label": _(one.title), "help_text": _(one.help) if one.help else "", "required": False}
    if one.kind == "line":
        return {one.key: forms.CharField(max_length=200, **usual)}
    if one.kind == "text":
        return {one.key: Words(**usual)}
    if one.kind == "lines":
        usual["help_text"] = usual["help_text"] or _("One on each line.")
        return {one.key: Words(rows=5, **usual)}
    if one.kind == "datasets":
        return {one.key: forms.MultipleChoiceField(choices=datasets, widget=forms.CheckboxSelectMultiple, **usual)}
    if one.kind == "choice":
        choices = [(code, _(title)) for code, title in one.choices.items()]
        return {one.key: forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **usual)}
    if one.kind == "partners":
        return {
            f"{one.key}-{at.number}": Words(rows=3, **{**usual, "label": f"{usual['label']}: {at.name}"})
            for at in partners
        }
    return {}


class StartForm(forms.Form):
    """A use case begins from nothing, from a sample, or from one that was signed off elsewhere in the trust."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        samples = [(f"sample:{one['code']}", _(one["name"])) for one in contents.samples()]
        known = [(f"use-case:{one.number}", one.title) for one in queries.use_cases()]
        choices: list[Any] = [
            ("", _("An empty page")),
            ("goals", _("The questions of your goals, with the data they need")),
            (_("Samples"), samples),
        ]
        if known:
            choices.append((_("Signed off in this trust"), known))
        self.fields["start"] = forms.ChoiceField(
            label=_("Begin with"), required=False, widget=forms.RadioSelect, choices=choices
        )

    def content(self, partnership: Any) -> dict[str, Any]:
        """Return what is taken over: words, never another partnership's partners."""
        kind, _colon, code = self.cleaned_data["start"].partition(":")
        if kind == "goals":
            elements = queries.elements_of(partnership)
            questions = queries.questions_of(partnership)
            return {"questions": questions, "datasets": list(elements), "elements": elements}
        if kind == "sample":
            return contents.sample(code)
        if kind == "use-case":
            found = queries.use_case(int(code))
            return {
                "title": found.title,
                "overview": found.overview,
                "questions": list(found.questions),
                "other_datasets": list(found.other_datasets),
                "sharing": found.sharing,
                "returned": found.returned,
            }
        return {}


class SayForm(forms.Form):
    text = Words(label=gettext_lazy("What do you want to say?"), rows=3)


class ReplyForm(forms.Form):
    text = Words(label=gettext_lazy("What became of it?"), rows=2)
