"""The forms of joining memos."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.shared.inputs import Area
from infotrust.stages.agreements import joinable, joining_pages


def _executive_boards() -> list[tuple[str, str]]:
    return [("", _("None: a party takes it up at once")), *joining_pages.boards()]


def _governing_boards() -> list[tuple[str, str]]:
    return [("", _("The one that decides on the agreement, if any")), *joining_pages.boards()]


class JoiningForm(forms.Form):
    """Every part of the memo, with its template as help; only the reason is needed to save."""

    def __init__(self, *args: Any, shares: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in joinable.PARTS:
            self.fields[part.name] = forms.CharField(
                label=str(part.title),
                help_text=str(part.help),
                widget=Area(part.rows),
                required=part.name == "why",
                max_length=8_000,
            )
        if shares:
            self.fields["receives"] = forms.BooleanField(
                label=gettext_lazy("Our people use the data too"),
                help_text=gettext_lazy("For the purposes of the agreement. Untick it if your agency only gives."),
                required=False,
            )
        self.fields["executive_board"] = forms.ChoiceField(
            label=gettext_lazy("Which board says first whether your agency may ask?"),
            choices=_executive_boards,
            required=False,
        )
        self.fields["governing_board"] = forms.ChoiceField(
            label=gettext_lazy("Which board votes on it?"), choices=_governing_boards, required=False
        )
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def said(self) -> dict[str, Any]:
        """Return the arguments of writing the memo."""
        data = self.cleaned_data
        return {
            "words": {part.name: data[part.name] for part in joinable.PARTS},
            "receives": data.get("receives", False),
            "executive_board": data["executive_board"],
            "governing_board": data["governing_board"],
        }
