"""Proving anew who one is, before one binds oneself or one's agency: an open screen must not sign for its owner.

Whoever has a password here gives it again. Whoever signs in with their agency's own sign-in signs in there again, and
its answer says when (`auth_time`, OpenID Connect Core 1.0, section 2); or types a code that was sent to their address.
"""

from __future__ import annotations

import secrets
import time
from typing import Any

from django import forms
from django.conf import settings
from django.core.mail import send_mail
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infotrust.shared.accounts.requests import SignedIn

# Long enough to read a page again, too short for a screen that was left open.
FRESH = 5 * 60
CODE_LASTS = 10 * 60
# One chance in 200,000 that someone who holds the session but not the mailbox guesses a code.
MOST_TRIES = 5
SIGNED_IN, CODE = "signed_in_anew", "proving_code"


def signed_in_anew(request: SignedIn, *, at: float) -> None:
    """Note that the person of this session proved who they are at `at` (seconds since 1970), elsewhere."""
    request.session[SIGNED_IN] = [request.user.pk, at]


def is_fresh(request: SignedIn) -> bool:
    """Whether the person of this session has just signed in anew."""
    who, at = request.session.get(SIGNED_IN, [None, 0.0])
    return bool(who == request.user.pk and 0 <= time.time() - float(at) < FRESH)


def send_code(request: SignedIn) -> None:
    """Send six digits to the person's address; their digest is kept in the session. A newer code ends an older."""
    code = f"{secrets.randbelow(10**6):06d}"
    request.session[CODE] = [request.user.pk, _digest(request, code), time.time(), 0]
    lines = [
        _("Your code to sign is %(code)s. It holds for ten minutes.") % {"code": code},
        _("If you did not ask for it, sign out everywhere and tell your administrator."),
    ]
    subject = _("%(trust)s: your code to sign") % {"trust": settings.TRUST_NAME}
    send_mail(subject, "\n\n".join(lines), settings.DEFAULT_FROM_EMAIL, [request.user.email])


def takes_code(request: SignedIn, typed: str) -> bool:
    """Whether `typed` is the code that was sent. It is good once, for ten minutes and five tries."""
    who, digest, at, tries = request.session.get(CODE, [None, "", 0.0, MOST_TRIES])
    if who != request.user.pk or tries >= MOST_TRIES or time.time() - float(at) > CODE_LASTS:
        return False
    if constant_time_compare(_digest(request, "".join(typed.split())), digest):
        del request.session[CODE]
        return True
    request.session[CODE] = [who, digest, at, tries + 1]
    return False


def _digest(request: SignedIn, code: str) -> str:
    return salted_hmac("infotrust.proving", f"{request.user.pk}:{code}", algorithm="sha256").hexdigest()


class ProvingForm(forms.Form):
    """A form that binds someone: the full name is typed as a signature, and the person proves anew who they are."""

    full_name = forms.CharField(label=gettext_lazy("Your full name, as a signature"), max_length=150)
    password = forms.CharField(
        label=gettext_lazy("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    code = forms.CharField(
        label=gettext_lazy("The code that was sent to you"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, request: SignedIn, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)
        by_password = request.user.has_usable_password()
        if not by_password:
            del self.fields["password"]
        if by_password or is_fresh(request):
            del self.fields["code"]

    @property
    def to_prove(self) -> bool:
        """Whether the page must offer a way to prove it: there is no password here, and no fresh sign-in."""
        return "code" in self.fields

    def clean_full_name(self) -> str:
        typed = " ".join(str(self.cleaned_data["full_name"]).split())
        if typed.casefold() != " ".join(self.request.user.name.split()).casefold():
            raise forms.ValidationError(_("This is not the name of your account. Type it as it is shown at the top."))
        return typed

    def clean_password(self) -> str:
        if not self.request.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("This is not your password."))
        return ""

    def clean_code(self) -> str:
        if not takes_code(self.request, self.cleaned_data["code"]):
            raise forms.ValidationError(_("This is not the code, or it is too old. Have a new one sent."))
        return ""
