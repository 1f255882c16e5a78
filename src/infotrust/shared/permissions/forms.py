"""The question on the access page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts import queries as accounts
from infotrust.shared.permissions.queries import SELF, Asked, Subjects
from infotrust.shared.permissions.terms import PURPOSE_TITLES

ACTIONS = [
    ("view", _("see it in a record")),
    ("aggregate", _("count by it")),
    ("extract", _("take rows with it")),
    ("link", _("link records by it")),
    ("contribute", _("contribute it")),
]
WHO = [
    (SELF, _("me, as I am signed in")),
    ("analyst", _("an analyst")),
    ("linkage_officer", _("a linkage officer")),
    ("helper", _("a helper, for someone they serve")),
    ("steward", _("a data steward")),
    ("output_checker", _("an output checker")),
    ("board_member", _("a board member")),
    ("counsel", _("counsel")),
    ("administrator", _("an administrator")),
]


class WhyForm(forms.Form):
    who = forms.ChoiceField(label=_("Who"), choices=WHO, initial=SELF)
    agency = forms.ChoiceField(label=_("Their agency"), required=False, help_text=_("Needed for anyone but yourself."))
    action = forms.ChoiceField(label=_("Use"), choices=ACTIONS, initial="aggregate")
    field = forms.ChoiceField(label=_("Field"))
    purpose = forms.ChoiceField(label=_("Purpose"), choices=[*PURPOSE_TITLES.items()], initial="program_evaluation")
    agreement = forms.ChoiceField(label=_("Agreement"), required=False)

    def __init__(self, *args: Any, subjects: Subjects, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = [
            (dataset, [(f"{dataset}/{name}", name) for name in names]) for dataset, names in subjects.fields.items()
        ]
        choices = {
            "agency": [("", "–"), *accounts.agency_choices()],
            "field": fields,
            "agreement": [("", _("any agreement in force")), *((code, code) for code in subjects.agreements)],
        }
        for name, values in choices.items():
            self.fields[name].choices = values  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("who") != SELF and not values.get("agency"):
            self.add_error("agency", _("Choose the agency they work for."))
        return values

    def asked(self) -> Asked:
        values = self.cleaned_data
        dataset, _slash, name = values["field"].partition("/")
        return Asked(
            dataset, name, values["action"], values["purpose"], values["agreement"], values["who"], values["agency"]
        )
