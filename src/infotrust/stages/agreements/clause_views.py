"""The pages of clauses: choosing and writing them in a draft, the library, starting from an earlier agreement."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.acting import done, onward
from infotrust.shared.words import SavedMeanwhile, differences
from infotrust.stages.agreements import clause_pages, library, queries, services
from infotrust.stages.agreements.clause_forms import ClauseForm, LibraryForm, StartForm, ValuesForm
from infotrust.stages.agreements.late import first_or_late


@login_required
def clauses(request: SignedIn, code: str) -> HttpResponse:
    return render(request, "agreements/clauses.html", {"page": clause_pages.clauses_page(code, by=request.user)})


@login_required
def choose(request: SignedIn, code: str, key: str) -> HttpResponse:
    """Put a clause of the library in, choosing the values of its terms where it has any."""
    duties.require("draft agreement", by=request.user)
    found, clause = queries.agreement(code), library.clause(key)
    there = next((one for one in found.clauses.all() if one.key == key), None)
    seen = services.fingerprint(there) if there else ""
    form = ValuesForm(
        request.POST if request.method == "POST" else None,
        clause=clause,
        values=there.terms if there else {},
        initial={"seen": seen},
    )
    context: dict[str, Any] = {"agreement": found, "clause": clause, "form": form, "row": clause_pages.row(clause)}
    late: list[SavedMeanwhile] = []

    def choose_it() -> None:
        given = {"key": key, "values": form.chosen(), "seen": form.cleaned_data["seen"], "by": request.user}
        first_or_late(late, services.choose_clause, found, **given)

    if done(form, choose_it):
        if not late:
            said = _("“%(heading)s” is part of the draft.") % {"heading": clause.heading}
            return onward(request, said, "agreements:clauses", code)
        again = ValuesForm({**form.cleaned_data, "seen": seen}, clause=clause, values={})
        context |= {"pieces": differences(late[0].theirs, late[0].yours), "form": again}
    return render(request, "agreements/choose.html", context)


@login_required
@require_POST
def add_wanted(request: SignedIn, code: str) -> HttpResponse:
    """Put in all that is usual or wanted by a law and needs no choice."""
    added = services.choose_wanted(queries.agreement(code), by=request.user)
    words = ngettext("%(n)d clause is in the draft: %(what)s.", "%(n)d clauses are in the draft: %(what)s.", len(added))
    said = words % {"n": len(added), "what": ", ".join(added)} if added else _("Nothing was missing.")
    return onward(request, said, "agreements:clauses", code)


@login_required
def write(request: SignedIn, code: str, key: str = "") -> HttpResponse:
    """Write a clause, or reword one; whoever was too late sees both wordings and keeps their own in the form."""
    duties.require("draft agreement", by=request.user)
    found = queries.agreement(code)
    clause = next((one for one in found.clauses.all() if one.key == key), None) if key else None
    form = ClauseForm(request.POST or None, initial=_initial(clause))
    context: dict[str, Any] = {"agreement": found, "clause": clause, "form": form}
    late: list[SavedMeanwhile] = []
    if done(
        form, lambda: first_or_late(late, services.write_clause, found, key=key, **form.cleaned_data, by=request.user)
    ):
        if not late:
            return onward(request, _("The clause is saved."), "agreements:clauses", code)
        again = {**form.cleaned_data, "seen": services.fingerprint(clause) if clause else ""}
        context |= {"pieces": differences(late[0].theirs, late[0].yours), "form": ClauseForm(again)}
    return render(request, "agreements/write.html", context)


def _initial(clause: Any) -> dict[str, str]:
    if clause is None:
        return {}
    named = {name: getattr(clause, name) for name in ("heading", "text", "plain", "kept_by")}
    return {**named, "seen": services.fingerprint(clause)}


@login_required
@require_POST
def drop(request: SignedIn, code: str, key: str) -> HttpResponse:
    services.drop_clause(queries.agreement(code), key=key, by=request.user)
    return onward(request, _("The clause is no longer part of the draft."), "agreements:clauses", code)


@login_required
def start_from(request: SignedIn, code: str) -> HttpResponse:
    duties.require("draft agreement", by=request.user)
    earlier = queries.agreement(code)
    form = StartForm(request.POST or None, initial={"title": earlier.title})
    gone: list[str] = []
    if done(form, lambda: gone.extend(services.draft_from(earlier, **form.cleaned_data, by=request.user)[1])):
        messages.success(request, _("The draft begins with the words of %(code)s.") % {"code": code})
        if gone:
            lost = _("These fields have left the inventory and were not taken over: %(fields)s.")
            messages.warning(request, lost % {"fields": "; ".join(gone)})
        return redirect("agreements:agreement", form.cleaned_data["code"])
    return render(request, "agreements/start.html", {"earlier": earlier, "form": form})


@login_required
def differing(request: SignedIn, code: str) -> HttpResponse:
    found, differs = clause_pages.differences_page(code, by=request.user)
    return render(request, "agreements/differing.html", {"agreement": found, "differs": differs})


@login_required
def clause_library(request: SignedIn) -> HttpResponse:
    page = clause_pages.library_page(by=request.user)
    return render(request, "agreements/library.html", {"page": page})


@login_required
def keep(request: SignedIn) -> HttpResponse:
    duties.require("keep clause library", by=request.user)
    form = LibraryForm(request.POST or None)
    if done(form, lambda: services.keep_in_library(**form.cleaned_data, by=request.user)):
        return onward(
            request,
            _("The clause is in the library. Agreements that have it keep the words they have."),
            "agreements:library",
        )
    return render(request, "agreements/keep.html", {"form": form})


@login_required
@require_POST
def rename(request: SignedIn, kind: str) -> HttpResponse:
    services.name_kind(kind=kind, name=request.POST.get("name", ""), by=request.user)
    return onward(request, _("The name is changed."), "agreements:library")
