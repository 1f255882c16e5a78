"""Pages that explain links: any person, any two records. Values only for linkage officers, asked for and recorded."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from infotrust.shared.accounts.requests import SignedIn
from infotrust.stages.linkage import explaining, queries, related, services, sidebyside
from infotrust.stages.linkage.forms import PersonForm, RecordsForm
from infotrust.stages.linkage.queries import PairExplained


@login_required
@require_safe
def index(request: SignedIn) -> HttpResponse:
    """Whom to explain: an identifier, two records, or one of the persons that hang on the weakest links."""
    weakest = queries.weakest_persons(by=request.user)
    person, records = PersonForm(prefix="p"), RecordsForm(prefix="r")
    status = 200
    if "p-person" in request.GET:
        person, status = PersonForm(request.GET, prefix="p"), 422
        if person.is_valid():
            return redirect("linkage:explain_person", person_id=person.cleaned_data["person"].strip())
    elif "r-one" in request.GET:
        records, status = RecordsForm(request.GET, prefix="r"), 422
        if records.is_valid():
            one, other = (records.cleaned_data[name].strip().split("/") for name in ("one", "other"))
            return redirect("linkage:explain_pair", *one, *other)
    context = {
        "person_form": person,
        "records_form": records,
        "weakest": [{"person": who, "weight": sidebyside.signed(weight)} for who, weight in weakest],
    }
    return render(request, "linkage/explain/index.html", context, status=status)


@login_required
@require_safe
def person(request: SignedIn, person_id: str) -> HttpResponse:
    found = queries.explain_person(person_id, by=request.user)
    context: dict[str, Any] = {
        "page": found,
        "cut": sidebyside.signed(found.cut),
        "may_see_relations": queries.may_see_relations(by=request.user),
    }
    if found.explained is not None:
        context["joins"] = explaining.joins(found.explained, found.members)
        context["links"] = explaining.links(found.explained, found.members)
    return render(request, "linkage/explain/person.html", context)


@login_required
@require_POST
def relations(request: SignedIn, person_id: str) -> HttpResponse:
    """Who the person lives with and whose child it is, for a linkage officer; recorded."""
    found = services.open_relations(person_id, by=request.user)
    context = {"page": found, "tables": related.tables(found)}
    return render(request, "linkage/explain/relations.html", context)


@login_required
@require_safe
def pair(
    request: SignedIn, one_dataset: str, one_record: str, other_dataset: str, other_record: str
) -> HttpResponse:  # fmt: skip
    found = queries.explain_pair((one_dataset, one_record), (other_dataset, other_record), by=request.user)
    return render(request, "linkage/explain/pair.html", _pair(request, found))


@login_required
@require_POST
def open_pair(
    request: SignedIn, one_dataset: str, one_record: str, other_dataset: str, other_record: str
) -> HttpResponse:  # fmt: skip
    """The same with both records open, for a linkage officer; recorded."""
    found = services.open_explained((one_dataset, one_record), (other_dataset, other_record), by=request.user)
    context = _pair(request, found.explained)
    fields = [
        {"field": one.field, "level": one.level, "weight": one.weight}
        for one in (found.explained.weighed.fields if found.explained.weighed else ())
    ]
    context |= {"rows": sidebyside.rows(fields, found.opened), "shared": found.shared, "is_open": True}
    return render(request, "linkage/explain/pair.html", context)


def _pair(request: SignedIn, found: PairExplained) -> dict[str, Any]:
    context: dict[str, Any] = {
        "pair": found,
        "cut": sidebyside.signed(found.cut),
        "summary": explaining.summary(found),
        "why_apart": explaining.why_apart(found),
        "may_open": queries.may_review(by=request.user),
    }
    if found.weighed is not None:
        context |= {
            "steps": explaining.waterfall(found.weighed, found.taught),
            "total": sidebyside.signed(found.weighed.weight + found.taught),
            "unknown": explaining.unknown_fields(found.weighed),
            "kinds": explaining.kinds(found.weighed),
        }
    if found.what_if is not None:
        context |= {"changes": explaining.changes(found.what_if), "height": explaining.height(found.what_if)}
    if found.apart is not None:
        mean = found.apart.between.mean
        context["mean"] = sidebyside.signed(mean) if abs(mean) != float("inf") else ""
    if found.person is not None:
        context["joins"] = explaining.joins(found.person, found.members)
    return context
