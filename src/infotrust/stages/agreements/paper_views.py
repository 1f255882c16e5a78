"""Documents: Word out and in, PDF out, copies signed elsewhere, and what a Word file proposed."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from infotrust.core.documents import pdf
from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.acting import done, onward
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import discussion_pages, queries, services

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LARGEST = 10 << 20


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"))

    def __init__(self, *args: object, accept: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["file"].widget.attrs["accept"] = accept

    def content(self) -> bytes:
        """One byte more than is allowed is enough to be refused."""
        return bytes(self.cleaned_data["file"].read(LARGEST + 1))


@login_required
def as_word(request: SignedIn, code: str) -> HttpResponse:
    return as_file(services.take_word(queries.agreement(code), by=request.user), f"{code}.docx", WORD)


@login_required
def as_pdf(request: SignedIn, code: str) -> HttpResponse:
    duties.require("read agreements", by=request.user)
    return as_file(pdf(queries.paper(queries.agreement(code))), f"{code}.pdf", "application/pdf")


@login_required
def kept(request: SignedIn, code: str, number: int) -> HttpResponse:
    duties.require("read agreements", by=request.user)
    found = queries.kept_paper(queries.agreement(code), number)
    return as_file(bytes(found.content), f"{code}-{found.pk}.pdf", "application/pdf")


@login_required
def bring_back(request: SignedIn, code: str) -> HttpResponse:
    page = discussion_pages.discussion(code, by=request.user)
    form = FileForm(request.POST or None, request.FILES or None, accept=".docx")
    brought: list[services.BroughtBack] = []
    if done(form, lambda: brought.append(services.bring_back(page.agreement, content=form.content(), by=request.user))):
        told = _in_words(brought[0]) or [_("it does not differ from the text")]
        return onward(
            request, _("The file was read: %(found)s.") % {"found": ", ".join(told)}, "agreements:proposals", code
        )
    return render(request, "agreements/back.html", {"page": page, "form": form})


def _in_words(found: services.BroughtBack) -> list[str]:
    """What a file brought, without what it did not bring."""
    changes, wishes, remarks = found.proposals, found.wishes, found.comments
    counted = [
        (changes, ngettext("%(n)d change of words", "%(n)d changes of words", changes)),
        (wishes, ngettext("%(n)d wish to change the terms", "%(n)d wishes to change the terms", wishes)),
        (remarks, ngettext("%(n)d remark from the margin", "%(n)d remarks from the margin", remarks)),
    ]
    return [words % {"n": number} for number, words in counted if number]


@login_required
def proposals(request: SignedIn, code: str) -> HttpResponse:
    found, rows, why_not = discussion_pages.proposals_page(code, by=request.user)
    return render(request, "agreements/proposals.html", {"agreement": found, "rows": rows, "why_not": why_not})


@login_required
@require_POST
def decide(request: SignedIn, code: str, number: int) -> HttpResponse:
    accept = request.POST.get("answer") == "accept"
    try:
        services.decide_proposal(
            number,
            accept=accept,
            reason=request.POST.get("reason", ""),
            seen=request.POST.get("seen", ""),
            by=request.user,
        )
        messages.success(request, _("The words are in the draft.") if accept else _("The proposal is refused."))
    except NotPermitted:
        raise
    except UserFacingError as problem:
        messages.error(request, f"{problem.what} {problem.next_step}")
    return redirect("agreements:proposals", code)


@login_required
def attach(request: SignedIn, code: str) -> HttpResponse:
    page = discussion_pages.discussion(code, by=request.user)
    form = FileForm(request.POST or None, request.FILES or None, accept=".pdf")
    if done(
        form,
        lambda: services.attach_signed_copy(
            page.agreement, name=form.cleaned_data["file"].name, content=form.content(), by=request.user
        ),
    ):
        return onward(request, _("The copy is kept with its fingerprint."), "agreements:agreement", code)
    return render(request, "agreements/attach.html", {"page": page, "form": form})


def as_file(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
