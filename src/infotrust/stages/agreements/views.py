"""The pages of agreements: parse, ask a service or a query, show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infotrust.core.policy.kinds import KINDS, USUAL
from infotrust.core.policy.terms import Use, digest
from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.acting import done, onward, show_action
from infotrust.shared.words import SavedMeanwhile, differences
from infotrust.stages.agreements import draft_pages, effect_pages, first_terms, pages, queries, role_matrix, services
from infotrust.stages.agreements.forms import DraftForm, EndForm, ReasonForm, ReviewForm, SavedForm, SignForm, TermsForm
from infotrust.stages.agreements.late import first_or_late
from infotrust.stages.agreements.lifecycle import State


@login_required
def agreement_list(request: SignedIn) -> HttpResponse:
    return render(request, "agreements/list.html", {"overview": pages.overview(by=request.user)})


@login_required
def agreement(request: SignedIn, code: str) -> HttpResponse:
    return render(request, "agreements/agreement.html", {"page": pages.agreement_page(code, by=request.user)})


@login_required
def text(request: SignedIn, code: str) -> HttpResponse:
    """The exact text as it is signed, to print."""
    return render(request, "agreements/text.html", {"page": pages.agreement_page(code, by=request.user)})


@login_required
def new(request: SignedIn) -> HttpResponse:
    duties.require("draft agreement", by=request.user)
    first = first_terms.of_nothing(by=request.user) | {"kind": request.GET.get("kind", USUAL)}
    form = DraftForm(request.POST or None, initial=first)
    if done(form, lambda: services.draft_agreement(**form.new_terms(), by=request.user)):
        next_page = "agreements:datasets" if KINDS[form.cleaned_data["kind"]].shares else "agreements:clauses"
        return redirect(next_page, form.cleaned_data["code"])
    context = {
        "form": form,
        "earlier": draft_pages.to_start_from(),
        "cases": first_terms.waiting_use_cases(by=request.user),
    }
    return render(request, "agreements/terms.html", context)


@login_required
def from_use_case(request: SignedIn, number: int) -> HttpResponse:
    """The same form, filled in from what the partners signed off together."""
    duties.require("draft agreement", by=request.user)
    page = draft_pages.from_use_case(number, by=request.user)
    form = DraftForm(request.POST or None, initial=page.initial)
    if done(form, lambda: services.draft_from_use_case(number, **form.new_terms(), by=request.user)):
        return onward(
            request,
            _("The draft has the elements of the use case. Look at them, then send it for review."),
            "agreements:agreement",
            form.cleaned_data["code"],
        )
    return render(request, "agreements/from_use_case.html", {"page": page, "form": form})


@login_required
def terms(request: SignedIn, code: str) -> HttpResponse:
    duties.require("draft agreement", by=request.user)
    found = queries.agreement(code)
    form = TermsForm(request.POST or None, initial=_initial(code))
    context: dict[str, Any] = {"form": form, "agreement": found}
    late: list[SavedMeanwhile] = []
    if done(form, lambda: first_or_late(late, services.change_terms, found, **form.terms(), by=request.user)):
        if not late:
            return onward(request, _("The terms were changed."), "agreements:agreement", code)
        context["pieces"] = differences(late[0].theirs, late[0].yours)
        context["form"] = TermsForm({**request.POST.dict(), **_lists(form), "seen": _initial(code)["seen"]})
    return render(request, "agreements/terms.html", context)


def _lists(form: TermsForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("parties", "recipients", "purposes")}


def _initial(code: str) -> dict[str, Any]:
    agreed = queries.terms_of(queries.agreement(code))
    names = (
        "title",
        "why",
        "purposes",
        "level",
        "starts_on",
        "ends_on",
        "retention_days",
        "publication_threshold",
        "strictest",
    )
    return {
        **{name: getattr(agreed, name) for name in names},
        "kind": agreed.kind,
        "not_binding": not agreed.binding,
        "under": agreed.under,
        "seen": digest(agreed.agreed()),
        "parties": [party for party, _name in agreed.parties],
        "recipients": [recipient for recipient, _name in agreed.recipients],
    }


@login_required
def datasets(request: SignedIn, code: str) -> HttpResponse:
    context = {"agreement": queries.agreement(code), "datasets": draft_pages.datasets_to_add(code, by=request.user)}
    return render(request, "agreements/datasets.html", context)


@login_required
def fields(request: SignedIn, code: str, dataset: str) -> HttpResponse:
    """The matrix of fields and uses. What is ticked is shared; nothing else is."""
    posted = request.method == "POST"
    known = {use.value for use in Use}
    ticks = (
        {key.removeprefix("uses-"): set(request.POST.getlist(key)) & known for key in request.POST} if posted else None
    )
    matrix = draft_pages.matrix(code, dataset, by=request.user, ticked=ticks)
    form = SavedForm(request.POST if posted else None, initial={"seen": matrix.seen})
    # Nothing can be used that is not sent, so whoever ticks a use has said that the field is contributed.
    sent = {Use.CONTRIBUTE.value}
    chosen = {row.name: ticks[row.name] | sent for row in matrix.rows if ticks and ticks.get(row.name)}
    context: dict[str, Any] = {"matrix": matrix, "form": form}
    late: list[SavedMeanwhile] = []
    given = {"dataset": dataset, "uses": chosen, "by": request.user}
    if done(form, lambda: first_or_late(late, services.add_dataset, matrix.agreement, **given, **form.cleaned_data)):
        if not late:
            said = _("The fields of %(dataset)s were saved.") % {"dataset": matrix.dataset.title}
            return onward(request, said, "agreements:agreement", code)
        context |= {"pieces": differences(late[0].theirs, late[0].yours), "form": SavedForm({"seen": matrix.seen})}
    return render(request, "agreements/fields.html", context)


@login_required
@require_POST
def remove(request: SignedIn, code: str, dataset: str) -> HttpResponse:
    services.remove_dataset(queries.agreement(code), dataset=dataset, by=request.user)
    return onward(request, _("The dataset is no longer part of the agreement."), "agreements:datasets", code)


@login_required
@require_POST
def submit(request: SignedIn, code: str) -> HttpResponse:
    services.submit_for_review(queries.agreement(code), by=request.user)
    return onward(request, _("Each party’s counsel can now review it."), "agreements:agreement", code)


@login_required
def review(request: SignedIn, code: str) -> HttpResponse:
    found = pages.to_read(code, by=request.user)
    form = ReviewForm(request.POST or None, initial={"seen": queries.digest_of(found)})
    if done(
        form,
        lambda: services.review(
            found,
            approve=form.cleaned_data["answer"] == "approve",
            comment=form.cleaned_data["comment"],
            seen=form.cleaned_data["seen"],
            by=request.user,
        ),
    ):
        return onward(request, _("Your agency’s answer is recorded."), "agreements:agreement", code)
    return _act(request, found, form, "review", "agreements/review.html")


@login_required
def sign(request: SignedIn, code: str) -> HttpResponse:
    found = pages.to_read(code, by=request.user)
    form = SignForm(request.POST or None, request=request, initial={"seen": queries.digest_of(found)})
    if done(form, lambda: services.sign(found, seen=form.cleaned_data["seen"], by=request.user)):
        # An amendment takes the name of the edition before it at the last signature.
        return onward(request, _signed(found), "agreements:agreement", found.code)
    return _act(request, found, form, "sign", "agreements/sign.html")


def _signed(agreement: Any) -> str:
    signed = _("You signed for your agency.")
    if agreement.state != State.IN_FORCE or not KINDS[agreement.kind].shares:
        return signed
    following = _("%(code)s is in force now. Next, the data stewards deliver, and an analyst writes the question down.")
    return f"{signed} {following % {'code': agreement.code}}"


@login_required
def reopen(request: SignedIn, code: str) -> HttpResponse:
    found = pages.to_read(code, by=request.user)
    form = ReasonForm(request.POST or None)
    if done(form, lambda: services.reopen(found, reason=form.cleaned_data["reason"], by=request.user)):
        return onward(
            request,
            _("It is a draft again. All reviews and signatures must be given anew."),
            "agreements:agreement",
            code,
        )
    return _act(request, found, form, "reopen", "agreements/reopen.html")


@login_required
def discard(request: SignedIn, code: str) -> HttpResponse:
    found = pages.to_read(code, by=request.user)
    form = ReasonForm(request.POST or None)
    if done(form, lambda: services.discard(found, reason=form.cleaned_data["reason"], by=request.user)):
        return onward(request, _("The draft is discarded. It is kept to be read."), "agreements:agreement", code)
    return _act(request, found, form, "discard", "agreements/discard.html")


@login_required
def end(request: SignedIn, code: str) -> HttpResponse:
    found = pages.to_read(code, by=request.user)
    form = EndForm(request.POST or None)
    if done(form, lambda: services.end(found, reason=form.cleaned_data["reason"], by=request.user)):
        return onward(
            request, _("The agreement has ended. All access under it has stopped."), "agreements:agreement", code
        )

    def losing() -> dict[str, Any]:
        lost, day = effect_pages.losses(code, by=request.user)
        terms = queries.terms_of(found)
        return {"losses": lost, "day": day, "effects": effect_pages.effects(terms, at=timezone.now(), without=True)}

    return _act(request, found, form, "end", "agreements/end.html", losing)


@login_required
def roles(request: SignedIn, code: str) -> HttpResponse:
    found, rows = role_matrix.matrix(code, by=request.user)
    return render(request, "agreements/roles.html", {"agreement": found, "rows": rows})


def _act(
    request: SignedIn, found: Any, form: Form, name: str, template: str, more: Callable[[], dict[str, Any]] = dict
) -> HttpResponse:
    """Show the page of one action, or why it cannot be taken now."""
    return show_action(
        request,
        template,
        action=pages.action(found, name, by=request.user),
        form=form,
        back=("agreements:agreement", found.code),
        context=lambda: {"page": pages.agreement_page(found.code, by=request.user), **more()},
    )
