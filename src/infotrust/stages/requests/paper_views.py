"""The papers of a request and of a license as files to take along: Word and PDF."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from infotrust.core.documents import Document, pdf, word
from infotrust.shared.accounts.requests import SignedIn
from infotrust.stages.requests import license_pages, pages, papers
from infotrust.stages.requests.files import CONTENT_TYPES

MAKERS = {"docx": word, "pdf": pdf}


@login_required
@require_GET
def request_paper(request: SignedIn, code: str, kind: str) -> HttpResponse:
    return _download(papers.request_document(pages.request_page(code, by=request.user)), code, kind)


@login_required
@require_GET
def license_paper(request: SignedIn, code: str, kind: str) -> HttpResponse:
    return _download(papers.license_document(license_pages.license_page(code, by=request.user)), code, kind)


@login_required
@require_GET
def certificate_paper(request: SignedIn, code: str, kind: str) -> HttpResponse:
    page = license_pages.license_page(code, by=request.user)
    if page.certificate is None:
        raise Http404(_("There is no certificate of destruction yet."))
    return _download(papers.certificate_document(page), f"{code}-certificate", kind)


def _download(document: Document, name: str, kind: str) -> HttpResponse:
    if kind not in MAKERS:
        raise Http404(_("Papers are made as Word (docx) or PDF (pdf)."))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(MAKERS[kind](document), content_type=CONTENT_TYPES[kind], headers=headers)
