"""The error pages that Django itself would render without our frame."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        most = {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
        return render(request, "errors/too_much.html", most, status=413)
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A form that was not made by us for this session, or whose session has ended."""
    return render(request, "errors/form_expired.html", status=403)


def locked_out(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:  # noqa: ARG001 - axes' signature
    """Too many failed attempts to sign in."""
    response = render(request, "errors/locked_out.html", status=429)
    response["Retry-After"] = "900"
    return response


def not_here(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A page of allauth's that this trust does not offer."""
    raise Http404
