"""Having a say: boards, what they decide and decided, comments without an account, and the boards' replies."""

from __future__ import annotations

from typing import Any

from axes.helpers import get_client_ip_address
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from infotrust.core import documents
from infotrust.core.errors import UserFacingError
from infotrust.portal.forms import CommentForm, ReceiptForm
from infotrust.shared.catalogue import comments, queries

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SOON = ("reviewed", "voting")
OVER = ("adopted", "rejected", "lapsed", "withdrawn", "superseded")


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """What is being decided, what can be commented on first, and what was decided."""
    context = {
        "open": queries.open_for_comment(),
        "soon": [one for one in queries.motions((*SOON, "comment")) if not comments.is_open(one)],
        "over": queries.motions(OVER)[:50],
        "bodies": queries.bodies(),
    }
    return render(request, "portal/decisions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, label: str) -> HttpResponse:
    """One decision; while comment is open, with the form."""
    motion = _found(queries.motion(label))
    form = CommentForm(request.POST or None)
    # People do not see this field and leave it empty; programs that fill in every field do not.
    if form.is_bound and request.POST.get("website"):
        form.add_error(None, _("A field was filled in that people do not see. Leave it empty and send again."))
    if request.method == "POST" and form.is_valid():
        receipt = _take(request, motion.label, form)
        if receipt:
            return redirect("portal:comment", motion.label, receipt)
    return _decision_page(request, motion, form, 422 if form.is_bound else 200)


def _take(request: HttpRequest, label: str, form: CommentForm) -> str:
    """Return the receipt; empty where it was refused, and then the form says why and keeps the words."""
    try:
        return comments.take_comment(
            label,
            words=form.cleaned_data["words"],
            name=form.cleaned_data["name"],
            address=get_client_ip_address(request) or "",
        )
    except UserFacingError as problem:
        form.add_error("words", f"{problem.what} {problem.next_step}".strip())
        return ""


def _decision_page(request: HttpRequest, motion: Any, form: CommentForm, status: int) -> HttpResponse:
    context = {
        "motion": motion,
        "form": form,
        "open": comments.is_open(motion),
        "comments": comments.public(motion.label),
        "tally": comments.tally(motion.label),
        "withheld": comments.withheld_reasons(motion.label),
        "later": queries.motion(motion.superseded_by) if motion.superseded_by else None,
        "receipt_form": ReceiptForm(),
    }
    return render(request, "portal/decision.html", context, status=status)


@require_safe
def find_comment(request: HttpRequest, label: str) -> HttpResponse:
    """From a receipt that someone wrote down to the page of their comment."""
    form = ReceiptForm(request.GET or None)
    if form.is_valid():
        try:
            found = comments.by_receipt(label, form.cleaned_data["receipt"])
        except comments.NoSuchComment as problem:
            messages.error(request, f"{problem.what} {problem.next_step}")
        else:
            return redirect("portal:comment", found.motion.label, found.receipt)
    return redirect("portal:decision", label)


@require_safe
def comment(request: HttpRequest, label: str, receipt: str) -> HttpResponse:
    """What became of a comment, for who has its receipt. Not for search engines, and not kept by the browser."""
    found = comments.by_receipt(label, receipt)
    response = render(request, "portal/comment.html", {"comment": found, "motion": found.motion})
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    found = _found(queries.body(code))
    context = {
        "body": found,
        "open": queries.motions((*SOON, "comment"), body=code),
        "over": queries.motions(OVER, body=code)[:50],
        "minutes": queries.minutes_of(code),
    }
    return render(request, "portal/board.html", context)


@require_safe
def minutes(request: HttpRequest, number: int) -> HttpResponse:
    return render(request, "portal/minutes.html", {"minutes": _found(queries.minutes(number))})


@require_safe
def minutes_file(_request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """The minutes as Word or PDF, made from what is public and nothing else."""
    found = _found(queries.minutes(number))
    document = _paper(found)
    made = documents.word(document) if kind == "docx" else documents.pdf(document)
    response = HttpResponse(made, content_type=WORD if kind == "docx" else "application/pdf")
    response["Content-Disposition"] = f'attachment; filename="minutes-{found.held_on}.{kind}"'
    return response


def _paper(minutes: Any) -> documents.Document:
    parts: list[Any] = []
    for passage in minutes.passages:
        if passage["withheld"]:
            parts.append(documents.Paragraph(_("Not public: %(why)s") % {"why": passage["words"]}, note=True))
        elif passage["heading"]:
            parts.append(documents.Heading(passage["words"]))
        else:
            parts.append(documents.Paragraph(passage["words"]))
    title = _("Minutes of the %(body)s") % {"body": minutes.body}
    return documents.Document(title, tuple(parts), subtitle=date_format(minutes.held_on))


def _found(thing: Any) -> Any:
    if thing is None:
        raise Http404(_("Nothing is published at this address."))
    return thing
