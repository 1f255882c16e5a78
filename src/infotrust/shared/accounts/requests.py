"""The type of a request whose sender is signed in: for views behind `login_required`."""

from __future__ import annotations

from django.http import HttpRequest

from infotrust.shared.accounts.models import User


class SignedIn(HttpRequest):
    """A request of a person with an account. Only a type: Django makes the requests."""

    user: User
