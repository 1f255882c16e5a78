"""The public pages. They read the catalogue and nothing else; nobody signs in and nothing is asked of a reader."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from infotrust.core import law
from infotrust.portal import answers as made
from infotrust.portal import listing
from infotrust.shared.catalogue import queries

# A search of a few words; more is cut off, so that an address cannot make the server work long.
LONGEST_SEARCH = 100


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {"answers": queries.answers()[:6], "numbers": queries.numbers(), "head": queries.log_head()}
    context["error"] = queries.linkage_error()
    boards = queries.bodies()
    context |= {
        "boards": boards,
        "residents_vote": any(seat["kind"] == "resident" and seat["votes"] for one in boards for seat in one.seats),
        "open_for_comment": len(queries.open_for_comment()),
    }
    return render(request, "portal/home.html", context)


@require_safe
def shared(request: HttpRequest) -> HttpResponse:
    context = {"in_force": queries.agreements_in_force(), "ended": queries.agreements_ended()}
    return render(request, "portal/shared.html", context)


@require_safe
def agreement(request: HttpRequest, code: str) -> HttpResponse:
    found = _found(queries.agreement(code))
    context = {
        "agreement": found,
        "ended": queries.has_ended(found),
        "datasets": queries.shared_fields(found),
        "answers": queries.answers_under(found.code),
    }
    return render(request, "portal/agreement.html", context)


@require_safe
def datasets(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    return render(request, "portal/datasets.html", {"words": words, "found": queries.find_datasets(words)})


@require_safe
def dataset(request: HttpRequest, code: str) -> HttpResponse:
    found = _found(queries.dataset(code))
    context = {"dataset": found, "fields": found.fields.all(), "agreements": queries.agreements_about(code)}
    return render(request, "portal/dataset.html", context)


@require_safe
def laws(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/laws.html", {"laws": law.regimes().values()})


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    context = {"answers": queries.answers(), "withdrawn": queries.withdrawn_answers()}
    return render(request, "portal/answers.html", context)


@require_safe
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    found = _found(queries.answer(slug))
    if found.withdrawn_at:
        # 410: the answer was here and is gone, and the page says why.
        return render(request, "portal/withdrawn.html", {"answer": found}, status=410)
    grid = made.grid(found)
    agreements = queries.agreements_named(found.agreements)
    shares = made.shares(found)
    context = {
        "answer": found,
        "grid": grid,
        "lines": [(line, share) for line, share in zip(grid.lines, shares or [""] * len(grid.lines), strict=True)],
        "has_shares": bool(shares),
        "summary": made.summary(found),
        "picture": made.picture(found),
        "hidden": made.hidden_count(found),
        "agreements": agreements,
        "ended": [one for one in agreements if queries.has_ended(one)],
    }
    return render(request, "portal/answer.html", context)


@require_safe
def answer_csv(_request: HttpRequest, slug: str) -> HttpResponse:
    # The mark at the start makes spreadsheets read the file as UTF-8.
    text = "\ufeff" + made.as_csv(_standing(slug))
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=_download(f"{slug}.csv"))


@require_safe
def answer_json(_request: HttpRequest, slug: str) -> HttpResponse:
    return JsonResponse(made.as_json(_standing(slug)), headers=_download(f"{slug}.json"))


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Who asks for data, where each request is, and by when it can be expected to be decided."""
    context = {"waiting": queries.requests_waiting(), "done": queries.requests_done()}
    return render(request, "portal/requests.html", context)


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/log.html", {"head": queries.log_head(), "heads": queries.log_heads()})


@require_safe
def matching(request: HttpRequest) -> HttpResponse:
    """How often records are joined wrongly, where the board has made it public."""
    return render(request, "portal/matching.html", {"error": queries.linkage_error()})


@require_safe
def data_json(request: HttpRequest) -> HttpResponse:
    """The catalogue for machines, after DCAT-US 1.1."""
    return JsonResponse(listing.catalogue(request.build_absolute_uri("/"), settings.TRUST_NAME))


def _found(thing: Any) -> Any:
    if thing is None:
        raise Http404(_("Nothing is published at this address."))
    return thing


def _standing(slug: str) -> Any:
    found = _found(queries.answer(slug))
    if found.withdrawn_at:
        raise Http404(_("This answer was withdrawn."))
    return found


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
