"""What happens around every request: refusals become pages with their reasons, and two-step sign-in is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere, UserFacingError
from infotrust.shared.audit import services as audit
from infotrust.shared.permissions.decision import NotPermitted

Next = Callable[[HttpRequest], HttpResponseBase]
SECONDS_BETWEEN_STAMPS = 60


class Explain:
    """Turns `NotPermitted` into a 403 page with its reasons, and any other `UserFacingError` into a 400 page.

    The view's transaction has been rolled back by then, so that the record of the refusal stays.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotPermitted):
            return self._refuse(request, error)
        if isinstance(error, UserFacingError):
            status = 404 if isinstance(error, NotThere) else 400
            return render(request, "errors/problem.html", {"error": error, "frame": _frame(request)}, status=status)
        return None

    def _refuse(self, request: HttpRequest, error: NotPermitted) -> HttpResponse:
        user = request.user if request.user.is_authenticated else None
        rules = [reason.rule for reason in error.decision.reasons]
        # The path without its query: that could hold something about a person.
        audit.record_refusal(wanted=error.wanted, rules=rules, by=user, about=f"page:{request.path}"[:200])
        shown = {"error": error, "decision": error.decision, "frame": _frame(request)}
        return render(request, "errors/not_permitted.html", shown, status=403)


def _frame(request: HttpRequest) -> str:
    return "frame.html" if request.user.is_authenticated else "public.html"


class RequireTwoStep:
    """Leads a signed-in person with a role to set up the second step of signing in, before anything else."""

    # Where they can go without it: the sign-in pages themselves and what is public.
    OPEN = ("/accounts/", "/static/")

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:  # noqa: ARG002
        match = request.resolver_match
        is_public = request.path.startswith(self.OPEN) or (match is not None and "portal" in match.app_names)
        if is_public or not settings.REQUIRE_TWO_STEP or not request.user.is_authenticated:
            return None
        if not request.user.roles or is_mfa_enabled(request.user):
            return None
        messages.info(request, _("Set up the second step of signing in first. It takes a minute."))
        return redirect("mfa_activate_totp")


class IdleTimeout:
    """Signs a person out after `settings.IDLE_TIMEOUT` seconds without a request."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Only with a session cookie: a resident's visit must not start a session.
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        if signed_in:
            self._watch(request)
        response = self.get_response(request)
        if signed_in:
            # True counts and rejected rows must not stay in a shared computer's browser.
            response["Cache-Control"] = "no-store, private"
        if request.headers.get("HX-Request") and not request.user.is_authenticated:
            # A part of a page asked for itself after its reader was signed out: load the whole page anew.
            return HttpResponse(headers={"HX-Refresh": "true"})
        return response

    def _watch(self, request: HttpRequest) -> None:
        now, seen = time.time(), request.session.get("seen_at")
        # htmx asking for progress by itself is not the person being there.
        if seen is not None and now - seen > settings.IDLE_TIMEOUT:
            logout(request)
            messages.info(request, _("You were signed out because nothing happened for a while."))
        elif (seen is None or now - seen > SECONDS_BETWEEN_STAMPS) and not request.headers.get("HX-Request"):
            request.session["seen_at"] = now
