"""Pages of the desk: what waits for me, my account, and the audit log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infotrust.core.errors import Finding
from infotrust.shared.accounts import proving
from infotrust.shared.accounts import queries as accounts
from infotrust.shared.accounts.models import Role
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.audit import queries as log
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import queries as clocks
from infotrust.shared.jobs import queries as jobs
from infotrust.shared.permissions import duties
from infotrust.web.forms import LogFilter
from infotrust.web.waiting import waiting_for

READ_LOG = "read audit log"


@login_required
def home(request: SignedIn) -> HttpResponse:
    user = request.user
    shown = {
        "waiting": waiting_for(user),
        "news": clocks.news_of(user),
        "roles": role_names(user.roles),
        "running": [
            job for job in jobs.unfinished() if job.started_by_id == user.pk or duties.may("follow jobs", by=user)
        ],
    }
    return render(request, "desk/home.html", shown)


@login_required
def account(request: SignedIn) -> HttpResponse:
    shown = {"roles": role_names(request.user.roles), "two_step": is_mfa_enabled(request.user)}
    return render(request, "desk/account.html", shown)


def role_names(codes: Iterable[str]) -> list[str]:
    known = dict(Role.choices)
    return [str(known.get(code, code)) for code in sorted(codes)]


# --- the audit log ---


@dataclass(frozen=True)
class Line:
    """An entry as the page shows it: the event in words, names for labels."""

    entry: Any
    event: str
    who: str
    roles: str
    facts: tuple[tuple[str, str], ...]


@login_required
def audit_log(request: SignedIn) -> HttpResponse:
    duties.require(READ_LOG, by=request.user)
    return render(request, "desk/audit.html", _log_page(request))


@login_required
@require_POST
def verify_log(request: SignedIn) -> HttpResponse:
    duties.require(READ_LOG, by=request.user)
    findings = [finding_in_words(finding) for finding in audit.verify()]
    return render(request, "desk/audit.html", _log_page(request) | {"checked": True, "findings": findings})


@login_required
def export_log(request: SignedIn) -> StreamingHttpResponse:
    """Hand out the log as a file. That it was handed out is its last entry."""
    duties.require(READ_LOG, by=request.user)
    audit.record(Event.SETTING_CHANGED, about="audit-log", by=request.user, change="the log was exported")
    head = log.head()
    response = StreamingHttpResponse(audit.lines(head), content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-log-{head.sequence}.jsonl"'
    return response


def _log_page(request: SignedIn) -> dict[str, Any]:
    form = LogFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    page = log.page(request.GET.get("page", 1), _wanted(given))
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}
    return {
        "head": log.head(),
        "form": form,
        "page": _Lines(page),
        "query": urlencode(kept),
    }


def _wanted(given: dict[str, Any]) -> log.Filter:
    return log.Filter(
        event=given.get("event", ""),
        about=given.get("about", ""),
        actor=given.get("actor", ""),
        since=_midnight(given.get("since")),
        until=_midnight(given.get("until"), days=1),
    )


def _midnight(day: Any, days: int = 0) -> datetime | None:
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time.min)) if day else None


class _Lines:
    """A page of entries, worded; everything else is the page's own."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self.object_list = list(_worded(list(page.object_list)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)


def _worded(entries: list[Any]) -> Iterator[Line]:
    names = accounts.names({number for entry in entries if (number := _number(entry.actor))})
    events, roles = dict(Event.choices), dict(Role.choices)
    for entry in entries:
        number = _number(entry.actor)
        yield Line(
            entry,
            str(events.get(entry.event, entry.event)),
            _("the trust itself") if number is None else f"{names.get(number, '')} ({entry.actor})".strip(),
            ", ".join(str(roles.get(role, role)) for role in entry.role.split(",") if role),
            tuple((name.replace("_", " "), _plain(value)) for name, value in entry.facts.items()),
        )


def _number(actor: str) -> int | None:
    kind, _colon, number = actor.partition(":")
    return int(number) if kind == "user" and number.isdigit() else None


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return ", ".join(str(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def finding_in_words(finding: Finding) -> str:
    """Say what is wrong with the log in one plain sentence."""
    words = {
        "altered": _("Entry %(at)s was altered: its content no longer gives its hash."),
        "missing": _("Entries %(at)s to %(last)s are missing."),
        "reordered": _("Entry %(at)s stands after entry %(after)s: the order was changed."),
        "repeated": _("Entry %(at)s appears twice."),
        "replaced": _("Entry %(at)s was rewritten together with its hash."),
        "truncated": _("The log was cut off: entries %(at)s to %(last)s are missing."),
        "not-the-head": _("None of the %(at)s entries has the fingerprint that was noted."),
        "head-missing": _("The note of where the log ends is gone; the last entry is %(at)s."),
        "beyond-head": _("Entries %(at)s to %(last)s stand after the noted end of the log."),
    }
    return words[finding.rule] % {"at": finding.where[1], **finding.facts}


@login_required
@require_POST
def send_code(request: SignedIn) -> HttpResponse:
    """Send a code to sign with, and go back to the page that asked for it."""
    proving.send_code(request)
    messages.success(request, _("A code is on its way to %(address)s.") % {"address": request.user.email})
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "desk:home")
