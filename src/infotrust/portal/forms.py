"""The one form of the public site: what someone thinks about a decision. No account, no picture puzzle."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from infotrust.shared.catalogue.comments import LONGEST
from infotrust.shared.inputs import Area


class CommentForm(forms.Form):
    """The limits are told by `catalogue.comments`, so that nothing is cut off while someone pastes."""

    words = forms.CharField(
        label=_("Your comment"),
        widget=Area(7),
        help_text=_("Up to %(longest)d letters. Please name no one, and tell nothing about a person’s life.")
        % {"longest": LONGEST},
    )
    name = forms.CharField(
        label=_("What we may call you"), required=False, help_text=_("A name or none. It is shown with your comment.")
    )


class ReceiptForm(forms.Form):
    receipt = forms.CharField(label=_("The signs of your receipt"), max_length=40)
