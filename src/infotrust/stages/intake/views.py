"""Pages of deliveries: what was sent and what is due, sending, the receipt, the quarantine."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET

from infotrust.core.contracts import Contract, FileRefused
from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import User
from infotrust.stages.intake import queries, services
from infotrust.stages.intake.forms import DeliveryForm, QuarantineForm
from infotrust.stages.intake.uploads import SpoolUploadHandler
from infotrust.stages.inventory import queries as inventory

ROWS_SHOWN = 200


def _reader(request: HttpRequest) -> User:
    """Whoever is signed in: each view below is for people who are."""
    return cast(User, request.user)


@login_required
@require_GET
def delivery_list(request: HttpRequest) -> HttpResponse:
    return render(request, "intake/list.html", {"overview": queries.overview(by=_reader(request))})


@csrf_exempt
def send(request: HttpRequest, dataset: str) -> HttpResponse:
    """Set the upload handler before anything reads the body; the form's token is checked in `_send`."""
    handler = SpoolUploadHandler(request)
    request.upload_handlers = [handler]
    return _send(request, dataset, handler)


@csrf_protect
@login_required
def _send(request: HttpRequest, dataset: str, handler: SpoolUploadHandler) -> HttpResponse:
    contract = queries.contract_to_send(dataset, by=_reader(request))
    form = DeliveryForm(request.POST, request.FILES) if request.method == "POST" else DeliveryForm()
    refusal: UserFacingError | None = None
    if handler.too_large:
        refusal = UserFacingError(
            _("The file is larger than this page can take."), next_step=_("Pack it as .csv.gz, or send it in parts.")
        )
    elif form.is_valid():
        try:
            return _receive(request, dataset, form)
        except FileRefused as problem:
            refusal = problem
    return _send_page(request, dataset, contract, form, refusal)


def _receive(request: HttpRequest, dataset: str, form: DeliveryForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    delivery = services.receive_delivery(
        agency=inventory.dataset(dataset).agency,
        dataset=dataset,
        period=form.cleaned_data["period"],
        name=file.name,
        stream=file.file,
        by=_reader(request),
    )
    if delivery.sent_before:
        messages.info(request, _("This very file was sent before. Nothing was changed; here is what became of it."))
    else:
        messages.success(request, _("The file has arrived and waits for its check."))
    return redirect("intake:delivery", number=delivery.pk)


def _send_page(
    request: HttpRequest, dataset: str, contract: Contract, form: DeliveryForm, refusal: UserFacingError | None
) -> HttpResponse:
    columns = queries.column_lines(contract)
    facts = {
        "contract": contract,
        "columns": columns,
        "dataset": inventory.dataset(dataset),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "intake/send.html", facts, status=400 if refusal or form.errors else 200)


@login_required
@require_GET
def contract_file(request: HttpRequest, dataset: str) -> HttpResponse:
    """The contract as a YAML file, for `infotrust check-delivery` at the partner's own site."""
    contract = queries.contract_to_send(dataset, by=_reader(request))
    return HttpResponse(
        contract.to_odcs(),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{contract.dataset}-contract.yaml"'},
    )


@login_required
@require_GET
@never_cache
def delivery_page(request: HttpRequest, number: int) -> HttpResponse:
    return render(request, "intake/delivery.html", {"page": queries.delivery_page(number, by=_reader(request))})


@login_required
@require_GET
@never_cache
def outcome(request: HttpRequest, number: int) -> HttpResponse:
    """The part of the page that changes once the state does; no content while it is the same."""
    page = queries.delivery_page(number, by=_reader(request))
    if request.GET.get("state") == page.delivery.state:
        return HttpResponse(status=204)
    return render(request, "intake/outcome.html", {"page": page})


@login_required
@never_cache
def quarantine(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for the reason, then show the rows; nothing is shown, or downloaded, without one."""
    delivery = queries.quarantine_page(number, by=_reader(request))
    form = QuarantineForm(request.POST or None)
    rows = None
    if request.method == "POST" and form.is_valid():
        rows = services.open_quarantine(delivery=delivery, reason=form.cleaned_data["reason"], by=_reader(request))
        if "download" in request.POST:
            return _download(f"{delivery.dataset}-{delivery.pk}-rejected.csv", services.as_csv(rows))
    shown = rows.slice(0, ROWS_SHOWN) if rows is not None else None
    return render(
        request,
        "intake/quarantine.html",
        {
            "delivery": delivery,
            "form": form,
            "reason": form.cleaned_data["reason"] if rows is not None else "",
            "columns": shown.column_names if shown is not None else (),
            "rows": [_in_words(row) for row in shown.to_pylist()] if shown is not None else None,
            "total": rows.num_rows if rows is not None else 0,
        },
    )


def _in_words(row: dict[str, object]) -> list[object]:
    return list((row | {"reasons": queries.reasons_in_words(str(row["reasons"]))}).values())


def _download(name: str, text: str) -> HttpResponse:
    return HttpResponse(
        text.encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )
