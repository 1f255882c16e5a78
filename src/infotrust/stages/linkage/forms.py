"""What linkage officers fill in: how a linkage is to be reviewed, and what a pair is."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from infotrust.stages.linkage.terms import NOTE_LENGTH, QUESTIONS, Communities, Verdict

AMOUNTS = (
    (100, _("100 pairs: half an hour, a rough figure")),
    (QUESTIONS, _("400 pairs: two hours")),
    (1000, _("1,000 pairs: five hours, a narrow figure")),
)


class StartForm(forms.Form):
    """How the linkage is to be measured. Left as it is, nothing needs to be chosen."""

    questions = forms.TypedChoiceField(
        label=_("Pairs for people to look at afterwards"), choices=AMOUNTS, coerce=int, initial=QUESTIONS
    )
    communities = forms.ChoiceField(
        label=_("Tell the error apart"),
        choices=Communities.choices,
        initial=Communities.DATASETS,
        help_text=_(
            "Linkage sees identifiers only, so the error cannot be told by race, language or program. "
            "Areas need the ZIP code, where an agreement lets it be linked."
        ),
    )


class AnswerForm(forms.Form):
    """What the pair on the screen is."""

    verdict = forms.ChoiceField(
        label=_("Is this one person?"),
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        help_text=_("Why, without names, dates or numbers. Values stay in the vault."),
    )
