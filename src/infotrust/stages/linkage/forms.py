"""What linkage officers fill in: how a linkage is to be reviewed, and what a pair is."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from infotrust.shared.inputs import Area
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


class WithdrawForm(forms.Form):
    """Why the public shall no longer read how often the linkage is wrong."""

    reason = forms.CharField(
        label=_("Why are the figures withdrawn?"),
        help_text=_("The public reads this in place of the figures. Use plain words, and name nobody."),
        max_length=NOTE_LENGTH,
        widget=Area(3),
    )


class PersonForm(forms.Form):
    """Whom to explain."""

    person = forms.RegexField(
        r"^\s*[0-9a-f]{32}\s*$",
        label=_("Person identifier"),
        help_text=_("32 letters and digits, as the register has them. Old identifiers lead to the new ones."),
        error_messages={"invalid": _("An identifier has 32 characters, 0 to 9 and a to f.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class RecordsForm(forms.Form):
    """Which two records to explain."""

    one = forms.RegexField(
        r"^\s*[\w-]+/[\w-]+\s*$",
        label=_("One record"),
        help_text=_("Dataset and record id, such as snap/0f3c…, as the audit log writes them."),
        error_messages={"invalid": _("Write the dataset, a slash, and the record id.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    other = forms.RegexField(
        r"^\s*[\w-]+/[\w-]+\s*$",
        label=_("The other record"),
        error_messages={"invalid": _("Write the dataset, a slash, and the record id.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
