from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts import queries as accounts
from infotrust.shared.accounts.models import User
from infotrust.shared.inputs import DateInput


class CoverForm(forms.Form):
    """Who stands in for the person who fills this in, and when."""

    first_day = forms.DateField(label=_("First day"), widget=DateInput())
    last_day = forms.DateField(label=_("Last day"), widget=DateInput())

    field_order = ("deputy",)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = accounts.people(agency=person.agency.code) if person.agency else ()
        self.colleagues = {one.pk: one for one in colleagues if one.pk != person.pk and one.is_active}
        self.fields["deputy"] = forms.TypedChoiceField(
            label=_("Who stands in for you"),
            coerce=int,
            choices=[(pk, one.name) for pk, one in self.colleagues.items()],
        )
        self.order_fields(self.field_order)

    def arrangement(self) -> dict[str, Any]:
        return {**self.cleaned_data, "deputy": self.colleagues[self.cleaned_data["deputy"]]}


class MailForm(forms.Form):
    """How often the trust writes."""

    often = forms.ChoiceField(
        label=_("When to write to you"),
        choices=(
            ("daily", _("On the day when something new waits for you or has happened")),
            ("weekly", _("At most once a week, and when something is due soon")),
        ),
        widget=forms.RadioSelect,
    )
