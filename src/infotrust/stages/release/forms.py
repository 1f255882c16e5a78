"""What a checker fills in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infotrust.stages.release.lifecycle import CHECKLIST


class CheckForm(forms.Form):
    """Approve with every point of the checklist confirmed, or return with a comment."""

    checklist = forms.MultipleChoiceField(
        label=_("I have checked"),
        choices=tuple(CHECKLIST.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    comment = forms.CharField(
        label=_("Comment"),
        help_text=_("Its author reads this. Needed when you return the output."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    verdict = forms.ChoiceField(
        label=_("Your decision"),
        choices=(("approve", _("Approve it for publication")), ("return", _("Return it to its author"))),
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("verdict") == "approve" and set(CHECKLIST) - set(values.get("checklist", ())):
            self.add_error("checklist", _("Confirm every point to approve, or return the output."))
        if values.get("verdict") == "return" and not values.get("comment", "").strip():
            self.add_error("comment", _("Say what the author should change."))
        return values


class WithdrawForm(forms.Form):
    """Why an answer is taken back."""

    reason = forms.CharField(
        label=_("Why is this answer withdrawn?"),
        help_text=_("The public reads this on the answer's page. Use plain words."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
