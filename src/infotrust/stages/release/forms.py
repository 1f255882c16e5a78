"""What a checker fills in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infotrust.shared.inputs import Area
from infotrust.stages.release.lifecycle import CHECKLIST

OPEN_POINTS = _("Confirm every point to approve, or return the output.")


class CheckForm(forms.Form):
    """Approve with every point of the checklist confirmed, or return with a comment."""

    checklist = forms.MultipleChoiceField(
        label=_("I have checked"),
        choices=tuple(CHECKLIST.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": OPEN_POINTS},
    )
    comment = forms.CharField(
        label=_("Comment"),
        help_text=_("Its author reads this. Needed when you return the output."),
        widget=Area(4),
        error_messages={"required": _("Say what the author should change.")},
    )
    verdict = forms.ChoiceField(
        label=_("Your decision"),
        choices=(("approve", _("Approve it for publication")), ("return", _("Return it to its author"))),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        returning = self.data.get("verdict") == "return"
        self.fields["checklist"].required = not returning
        self.fields["comment"].required = returning

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        open_points = "checklist" not in self.errors and set(CHECKLIST) - set(values.get("checklist", ()))
        if values.get("verdict") == "approve" and open_points:
            self.add_error("checklist", OPEN_POINTS)
        return values


class WithdrawForm(forms.Form):
    """Why an answer is taken back."""

    reason = forms.CharField(
        label=_("Why is this answer withdrawn?"),
        help_text=_("The public reads this on the answer's page. Use plain words."),
        widget=Area(3),
    )
