"""The pages of joining: ask to join an agreement in force, from the memo's template to the last signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from infotrust.core.documents import pdf, word
from infotrust.core.errors import NotThere
from infotrust.core.policy.kinds import KINDS
from infotrust.core.policy.terms import Use, digest
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.acting import done, onward, show_action
from infotrust.shared.words import SavedMeanwhile, differences
from infotrust.stages.agreements import joinable, joining_pages, queries, services
from infotrust.stages.agreements.forms import ReasonForm, SignForm
from infotrust.stages.agreements.joining_forms import JoiningForm
from infotrust.stages.agreements.joining_papers import memo_document
from infotrust.stages.agreements.late import first_or_late
from infotrust.stages.agreements.paper_views import WORD, as_file


@login_required
def joinings(request: SignedIn) -> HttpResponse:
    return render(request, "agreements/joinings.html", {"page": joining_pages.joinings(by=request.user)})


@login_required
def begin(request: SignedIn, code: str) -> HttpResponse:
    duties.require("write joining memo", by=request.user, agency=request.user.agency)
    agreement = queries.agreement(code)
    initial = {**joining_pages.first_words(by=request.user), "governing_board": agreement.board}
    form = JoiningForm(request.POST or None, initial=initial, shares=KINDS[agreement.kind].shares)
    made: list[Any] = []
    if done(form, lambda: made.append(services.begin_joining(code, **form.said(), by=request.user))):
        told = _("The memo is begun. Choose the fields your agency offers, then have it sent.")
        return onward(request, told, "agreements:joining", made[0].pk)
    return render(request, "agreements/join.html", {"form": form, "agreement": agreement})


@login_required
def joining(request: SignedIn, number: int) -> HttpResponse:
    page = joining_pages.joining_page(number, by=request.user)
    return render(request, "agreements/joining.html", {"page": page})


@login_required
def write(request: SignedIn, number: int) -> HttpResponse:
    memo = joining_pages.to_read(number, by=request.user)
    shares = joinable.shares(memo)
    names = [*(part.name for part in joinable.PARTS), "receives", "executive_board", "governing_board"]
    initial = {**{name: getattr(memo, name) for name in names}, "seen": memo.version}
    form = JoiningForm(request.POST or None, initial=initial, shares=shares)
    pieces: Any = ()
    late: list[SavedMeanwhile] = []
    if done(form, lambda: first_or_late(late, services.write_joining, memo, **_written(form), by=request.user)):
        if not late:
            return onward(request, _("The memo is saved."), "agreements:joining", number)
        pieces = differences(late[0].theirs, late[0].yours)
        form = JoiningForm({**request.POST.dict(), "seen": memo.version}, shares=shares)
    return _act(request, memo, form, "write", "agreements/join.html", lambda: {"memo": memo, "pieces": pieces})


@login_required
def offer(request: SignedIn, number: int, dataset: str) -> HttpResponse:
    """The matrix of a dataset's fields and uses. What is ticked is offered; nothing else is."""
    page = joining_pages.offer_page(number, dataset, by=request.user)
    form = Form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        known = {use.value for use in Use}
        uses = {row.name: set(request.POST.getlist(f"uses-{row.name}")) & known for row in page.rows}
        if done(form, lambda: services.offer_dataset(page.memo, dataset=dataset, uses=uses, by=request.user)):
            told = _("The fields of %(dataset)s were saved.") % {"dataset": page.dataset.title}
            return onward(request, told, "agreements:joining", number)
    return render(request, "agreements/offer.html", {"page": page, "form": form})


@login_required
def send(request: SignedIn, number: int) -> HttpResponse:
    memo = joining_pages.to_read(number, by=request.user)
    form = SignForm(request.POST or None, request=request, initial={"seen": digest(memo.said())})
    if done(form, lambda: services.send_joining(memo, seen=form.cleaned_data["seen"], by=request.user)):
        return onward(request, _("The memo is sent."), "agreements:joining", number)
    return _act(request, memo, form, "send", "agreements/send.html", _page(request, number))


@login_required
def take_up(request: SignedIn, number: int) -> HttpResponse:
    memo = joining_pages.to_read(number, by=request.user)
    form = Form(request.POST if request.method == "POST" else None)
    if done(form, lambda: services.take_up_joining(memo, by=request.user)):
        told = _("The edition with the newcomer is drafted and sent for review.")
        return onward(request, told, "agreements:agreement", memo.edition.code)
    return _act(request, memo, form, "take up", "agreements/take_up.html", _page(request, number))


@login_required
def close(request: SignedIn, number: int, name: str) -> HttpResponse:
    """Decline it for a party, or take it back for its own agency."""
    memo = joining_pages.to_read(number, by=request.user)
    verbs = {"decline": ("decline", services.decline_joining), "take-back": ("take back", services.take_back_joining)}
    if name not in verbs:
        raise NotThere(_("There is no such step."), next_step=_("See the memo."))
    command, act = verbs[name]
    form = ReasonForm(request.POST or None)
    if done(form, lambda: act(memo, reason=form.cleaned_data["reason"], by=request.user)):
        return onward(request, _("The memo is closed."), "agreements:joining", number)
    return _act(request, memo, form, command, "agreements/joining_close.html", lambda: {"memo": memo, "name": name})


@login_required
def paper(request: SignedIn, number: int, kind: str) -> HttpResponse:
    document = memo_document(joining_pages.joining_page(number, by=request.user))
    if kind == "docx":
        return as_file(word(document), f"joining-{number}.docx", WORD)
    return as_file(pdf(document), f"joining-{number}.pdf", "application/pdf")


def _written(form: JoiningForm) -> dict[str, Any]:
    return {**form.said(), "seen": form.cleaned_data["seen"] or 0}


def _page(request: SignedIn, number: int) -> Callable[[], dict[str, Any]]:
    return lambda: {"page": joining_pages.joining_page(number, by=request.user)}


def _act(
    request: SignedIn, memo: Any, form: Form, name: str, template: str, context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """Show the page of one action, or why it cannot be taken now."""
    return show_action(
        request,
        template,
        action=joining_pages.action(memo, name, by=request.user),
        form=form,
        back=("agreements:joining", str(memo.pk)),
        context=context,
    )
