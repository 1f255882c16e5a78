"""The pages of meetings: call one, note it while it goes on, bring its minutes to publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infotrust.core import documents
from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.acting import done
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.saving import SeenForm, saved
from infotrust.stages.governance import forms, pages, papers, queries, services
from infotrust.stages.governance.queries import permits

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@login_required
def call(request: SignedIn, code: str) -> HttpResponse:
    body = queries.body(code)
    permits.require_presider("call meeting", body, by=request.user, at=timezone.now())
    form = forms.MeetingForm(request.POST or None)
    made: list[Any] = []
    if done(form, lambda: made.append(_call(body, form.cleaned_data, request))):
        messages.success(request, _("Called. Note here who is there and what is said."))
        return redirect("governance:meeting", made[0].pk)
    context = {"form": form, "title": _("Call a meeting"), "button": _("Call it"), "body": body, "note": ""}
    return render(request, "governance/form.html", context, status=422 if form.errors else 200)


def _call(body: Any, values: dict[str, Any], request: SignedIn) -> object:
    topics = values.pop("topics").splitlines()
    return services.call_meeting(body, topics=topics, by=request.user, **values)


@login_required
def change(request: SignedIn, number: int) -> HttpResponse:
    """When, where and about what a called meeting is."""
    found = queries.meeting(number)
    refused = permits.why_not_for_meeting("change meeting", found, by=request.user)
    if refused and request.method != "POST":
        messages.warning(request, refused)
        return redirect("governance:meeting", number)
    form = forms.MeetingChangeForm(
        request.POST or None, motions=pages.agenda_choices(found), initial=pages.agenda(found)
    )
    ok, pieces = saved(form, lambda: _change(found, form.cleaned_data, request), version=lambda: _version(number))
    if ok:
        messages.success(request, _("Saved. The members are told."))
        return redirect("governance:meeting", number)
    context = {"form": form, "title": _("Change the meeting"), "button": _("Save"), "body": found.body, "note": ""}
    status = 422 if form.errors else 200
    return render(request, "governance/form.html", context | {"pieces": pieces}, status=status)


def _change(meeting: Any, values: dict[str, Any], request: SignedIn) -> object:
    topics = values.pop("topics").splitlines()
    return services.change_meeting(meeting, topics=topics, by=request.user, **values)


def _version(number: int) -> int:
    return queries.meeting(number).version


@login_required
def meeting(request: SignedIn, number: int) -> HttpResponse:
    """A meeting: its agenda while it goes on, its minutes afterwards."""
    page = pages.meeting_page(number, by=request.user)
    form = SeenForm(request.POST or None, initial={"seen": page.meeting.version})
    ok, pieces = saved(form, lambda: _save(page, form.cleaned_data["seen"], request), version=lambda: _version(number))
    if ok:
        messages.success(request, _("Saved."))
        return redirect("governance:meeting", number)
    context: dict[str, Any] = {"page": page, "form": form, "pieces": pieces, "seen": form["seen"].value()}
    if form.errors:
        context |= (
            {"typed": _typed(request)} if page.may_write else {"page": pages.as_typed(page, *_noted(page, request))}
        )
    return render(request, "governance/meeting.html", context, status=422 if form.errors else 200)


def _save(page: pages.MeetingPage, seen: int, request: SignedIn) -> object:
    if request.POST.get("what") == "minutes":
        passages = [services.Words(one["words"], one["withheld"], one["heading"]) for one in _typed(request)]
        return services.write_minutes(page.meeting, passages=passages, seen=seen, by=request.user)
    there, notes = _noted(page, request)
    return services.note_meeting(page.meeting, there=there, notes=notes, seen=seen, by=request.user)


def _noted(page: pages.MeetingPage, request: HttpRequest) -> tuple[list[int], dict[int, str]]:
    """Who is there and what was said, as it stands in the form. An item that the form did not have is left alone."""
    there = [int(one) for one in request.POST.getlist("there") if one.isdecimal()]
    names = {item.pk: f"notes-{item.pk}" for item in page.meeting.items.all()}
    return there, {number: request.POST[name] for number, name in names.items() if name in request.POST}


def _typed(request: HttpRequest) -> list[dict[str, Any]]:
    """The passages as they stand in the form, in order; an empty one is left out when they are saved."""
    rows = zip(
        request.POST.getlist("words"), request.POST.getlist("withheld"), request.POST.getlist("heading"), strict=False
    )
    return [{"words": words, "withheld": withheld, "heading": heading == "1"} for words, withheld, heading in rows]


STEPS = {
    "close": (services.close_meeting, _("The meeting is over. Its minutes are drafted from what was recorded.")),
    "cancel": (services.cancel_meeting, _("The meeting is called off.")),
    "approve": (services.approve_minutes, _("Approved. They do not change any more.")),
    "publish": (services.publish_minutes, _("Everyone can read them now.")),
}


@login_required
@require_POST
def step(request: SignedIn, number: int, name: str) -> HttpResponse:
    """End the meeting, call it off, approve or publish its minutes."""
    verb, said = STEPS[name]
    try:
        verb(queries.meeting(number), by=request.user)
    except NotPermitted:
        raise
    except UserFacingError as problem:
        messages.error(request, f"{problem.what} {problem.next_step}".strip())
    else:
        messages.success(request, said)
    return redirect("governance:meeting", number)


@login_required
@require_POST
def record_vote(request: SignedIn, number: int) -> HttpResponse:
    """How a seat votes in a meeting, as its secretary heard it."""
    motion, seat = queries.motion(number), request.POST.get("seat", "")
    try:
        vote = services.record_vote(
            motion,
            int(seat) if seat.isdecimal() else 0,
            choice=request.POST.get("choice", ""),
            reasons=request.POST.get("reasons", ""),
            by=request.user,
        )
    except NotPermitted:
        raise
    except UserFacingError as problem:
        messages.error(request, f"{problem.what} {problem.next_step}".strip())
    else:
        messages.success(request, _("The vote of %(seat)s is recorded.") % {"seat": vote.seat.title})
    return redirect("governance:motion", number)


@login_required
def download(request: SignedIn, number: int, kind: str) -> HttpResponse:
    """The minutes as Word or PDF; `kind` is docx or pdf. Inside, withheld passages are in it and marked."""
    duties.require("read governance", by=request.user)
    meeting = queries.meeting(number)
    document = papers.minutes(meeting)
    made = documents.word(document) if kind == "docx" else documents.pdf(document)
    response = HttpResponse(made, content_type=WORD if kind == "docx" else "application/pdf")
    response["Content-Disposition"] = f'attachment; filename="minutes-{meeting.starts_at:%Y-%m-%d}.{kind}"'
    return response
