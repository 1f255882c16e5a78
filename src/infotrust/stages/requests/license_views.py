"""The pages of a license: issue, read, acknowledge, extend, revoke, certify."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.acting import done, onward, show_action
from infotrust.stages.requests import license_pages, queries, services
from infotrust.stages.requests.forms import AcknowledgeForm, CertificateForm, ExtendForm, LicenseForm, ReasonForm
from infotrust.stages.requests.views import act


@login_required
def issue(request: SignedIn, code: str) -> HttpResponse:
    duties.require("issue license", by=request.user)
    found = queries.request(code, by=request.user)
    form = LicenseForm(
        request.POST or None, offered=license_pages.offered(found), initial=license_pages.first_terms(found)
    )
    made: list[Any] = []
    if done(form, lambda: made.append(services.issue_license(found, **_issued(form, found), by=request.user))):
        return onward(
            request,
            _("The license is issued. Each person it names is asked to acknowledge it."),
            "requests:license",
            made[0].code,
        )
    return act(request, code, form, "issue", "requests/issue.html")


@login_required
def license_page(request: SignedIn, code: str) -> HttpResponse:
    asked = request.GET.get("version", "")
    version = int(asked) if asked.isdecimal() and len(asked) < 6 else None
    page = license_pages.license_page(code, version=version, by=request.user)
    return render(request, "requests/license.html", {"page": page})


@login_required
def acknowledge(request: SignedIn, code: str) -> HttpResponse:
    found = queries.license_to_acknowledge(code, by=request.user)
    form = AcknowledgeForm(request.POST or None, request=request, initial={"seen": found.digest})
    if done(form, lambda: services.acknowledge(found, seen=form.cleaned_data["seen"], by=request.user)):
        return onward(
            request, _("You acknowledged the license. It holds for you from now on."), "requests:license", code
        )
    return _act(request, found, form, "acknowledge", "requests/acknowledge.html")


@login_required
def amend(request: SignedIn, code: str) -> HttpResponse:
    duties.require("issue license", by=request.user)
    found = queries.license_version(code, by=request.user)
    form = LicenseForm(
        request.POST or None, offered=license_pages.offered(found.request), initial=license_pages.terms_shown(found)
    )
    if done(form, lambda: services.amend_license(found, **_issued(form, found.request), by=request.user)):
        return onward(
            request,
            _("The new version is issued. The one before holds until it is acknowledged."),
            "requests:license",
            code,
        )
    return _act(request, found, form, "amend", "requests/amend.html")


@login_required
def ask_to_extend(request: SignedIn, code: str) -> HttpResponse:
    found = queries.license_version(code, by=request.user)
    form = ExtendForm(request.POST or None, initial={"ends_on": found.ends_on})
    if done(form, lambda: services.ask_extension(found, **form.cleaned_data, by=request.user)):
        return onward(request, _("The board is asked. Its secretary looks at it next."), "requests:license", code)
    return _act(request, found, form, "ask to extend", "requests/extend.html")


@login_required
def revoke(request: SignedIn, code: str) -> HttpResponse:
    found = queries.license_version(code, by=request.user)
    form = ReasonForm(request.POST or None)
    if done(form, lambda: services.revoke_license(found, reason=form.cleaned_data["reason"], by=request.user)):
        return onward(request, _("The license is revoked. All use under it has stopped."), "requests:license", code)
    return _act(request, found, form, "revoke", "requests/revoke.html")


@login_required
def certify(request: SignedIn, code: str) -> HttpResponse:
    found = queries.license_version(code, by=request.user)
    form = CertificateForm(request.POST or None, initial={"method": found.destruction})
    if done(form, lambda: services.certify_destruction(found, **_certified(form), by=request.user)):
        return onward(
            request, _("The certificate is signed and kept. The license is closed."), "requests:license", code
        )
    return _act(request, found, form, "certify", "requests/certify.html")


def _act(request: SignedIn, found: Any, form: Any, name: str, template: str) -> HttpResponse:
    """Show the page of one action, or why it cannot be taken now."""
    page = license_pages.license_page(found.code, version=found.version, by=request.user)
    action, back = license_pages.action(page, name), ("requests:license", page.license.code)
    return show_action(request, template, action=action, form=form, back=back, context=lambda: {"page": page})


def _issued(form: LicenseForm, granted: Any) -> dict[str, Any]:
    """The arguments of issuing: the terms, and the people whose numbers were ticked."""
    data = form.cleaned_data
    names = (
        "title", "agreements", "uses", "outputs", "publication", "destruction", "starts_on", "ends_on",
        "destroy_on",
    )  # fmt: skip
    terms = services.Terms(
        **{name: data[name] for name in names},
        purposes=[granted.answers.get("purpose", "")],
        fields=[(dataset, name) for dataset, _slash, name in (one.partition("/") for one in data["fields_licensed"])],
        conditions=[line.strip() for line in data["conditions"].splitlines() if line.strip()],
    )
    return {"terms": terms, "people": license_pages.people_numbered(data["people"])}


def _certified(form: CertificateForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("what", "method", "destroyed_on")}
