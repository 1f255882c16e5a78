"""Pages on which linkage officers look at pairs of records, one at a time, and what their answers say."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from infotrust.shared.accounts.requests import SignedIn
from infotrust.stages.linkage import measures, queries, services, sidebyside, standing
from infotrust.stages.linkage.forms import AnswerForm, WithdrawForm
from infotrust.stages.linkage.terms import odds_words

# The pair went to someone else, was answered in another window, or a record of it is gone: go on with the next one.
PASSED = (services.NotYours, services.NoSuchPair, services.RecordGone)


@login_required
@require_safe
def desk(request: SignedIn) -> HttpResponse:
    """How far the review is; for the officer, the way in; for those who follow linkage, why they may not look."""
    context = {"desk": queries.desk(by=request.user), "may_review": queries.may_review(by=request.user)}
    return render(request, "linkage/review/desk.html", context)


@login_required
@require_POST
def take(request: SignedIn) -> HttpResponse:
    return _next(request)


@login_required
@require_safe
def pair(request: SignedIn, number: int) -> HttpResponse:
    """The pair on the screen, both records open. Each time it is shown is written into the log."""
    try:
        return _page(request, number, AnswerForm())
    except PASSED as passed:
        messages.info(request, f"{passed.what} {passed.next_step}")
        return redirect("linkage:review")


@login_required
@require_POST
def answer(request: SignedIn, number: int) -> HttpResponse:
    form = AnswerForm(request.POST)
    try:
        if not form.is_valid():
            return _page(request, number, form, status=422)
        services.answer_pair(number, **form.cleaned_data, by=request.user)
    except services.NoteNamesValue as refused:
        form.add_error("note", f"{refused.what} {refused.next_step}")
        return _page(request, number, form, status=422)
    except PASSED as passed:
        messages.info(request, f"{passed.what} {passed.next_step}")
    return _next(request)


@login_required
@require_POST
def take_back_last(request: SignedIn) -> HttpResponse:
    """Undo: the latest answer is taken back, and its pair shown again."""
    question = services.take_back_last(by=request.user)
    if question is None:
        messages.info(request, _("There is no answer of yours to take back."))
        return redirect("linkage:review")
    messages.success(request, _("Your last answer was taken back. It stays in the history."))
    return redirect("linkage:pair", number=question.pk)


@login_required
@require_POST
def leave(request: SignedIn) -> HttpResponse:
    services.leave_pair(by=request.user)
    return redirect("linkage:review")


@login_required
@require_safe
def own_answers(request: SignedIn) -> HttpResponse:
    return render(request, "linkage/review/answers.html", {"answers": queries.own_answers(by=request.user)})


@login_required
@require_POST
def take_back(request: SignedIn, number: int) -> HttpResponse:
    question = services.take_back(number, by=request.user)
    messages.success(request, _("Your answer was taken back. It stays in the history."))
    if question is not None:
        return redirect("linkage:pair", number=question.pk)
    return redirect("linkage:own_answers")


@login_required
@require_safe
def accuracy(request: SignedIn, number: int) -> HttpResponse:
    """How often a linkage is wrong, as its review shows it; for the board, the button that tells the public."""
    return _accuracy(request, number, WithdrawForm())


def _accuracy(request: SignedIn, number: int, withdraw_form: WithdrawForm, status: int = 200) -> HttpResponse:
    found = queries.accuracy_of(number, by=request.user)
    lines, left = measures.lines(found)
    unclear, both = found.whole.if_cannot_tell, found.agreement
    context = {
        "found": found,
        "run": found.run,
        "precision": measures.told(found.whole.precision),
        "recall": measures.told(found.whole.recall),
        "recall_of_compared": measures.told(found.whole.recall_of_compared),
        "unclear": [measures.percent(one) for one in unclear] if unclear and found.whole.cannot_tell else None,
        "agreed": measures.told(both.agreed) if both else None,
        "ac1": measures.decimal(both.ac1) if both else "",
        "kappa": measures.decimal(both.kappa) if both else "",
        "lines": [line for line in lines if line.answers],
        "scale": round(100 * left),
        "needed": [
            {"width": round(100 * one.width), "precision": one.precision, "recall": one.recall} for one in found.needed
        ],
        "may_publish": queries.may_publish(by=request.user),
        "may_withdraw": queries.may_withdraw(by=request.user),
        "public": queries.published_error(number),
        "withdraw_form": withdraw_form,
        "never": standing.never_compared(found.run.manifest),
    }
    return render(request, "linkage/accuracy.html", context, status=status)


@login_required
@require_POST
def publish_error(request: SignedIn, number: int) -> HttpResponse:
    services.publish_error(number, by=request.user)
    messages.success(request, _("Everyone can now read how often this linkage is wrong."))
    return redirect("linkage:accuracy", number=number)


@login_required
@require_POST
def withdraw_error(request: SignedIn, number: int) -> HttpResponse:
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _accuracy(request, number, form, status=422)
    services.withdraw_error(number, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, _("Withdrawn. The public page now says so, and why."))
    return redirect("linkage:accuracy", number=number)


def _next(request: SignedIn) -> HttpResponse:
    question = services.take_pair(by=request.user)
    if question is None:
        return redirect("linkage:review")
    return redirect("linkage:pair", number=question.pk)


def _page(request: SignedIn, number: int, form: AnswerForm, status: int = 200) -> HttpResponse:
    shown = services.open_question(number, by=request.user)
    question = shown.question
    context = {
        "question": question,
        "rows": sidebyside.rows(question.fields, shown.opened),
        "prior": sidebyside.signed(question.prior),
        "total": sidebyside.signed(question.weight),
        "odds": odds_words(question.weight),
        "form": form,
        "desk": queries.desk(by=request.user),
    }
    return render(request, "linkage/review/pair.html", context, status=status)
