"""Request, license and certificate as Word and PDF: what stands on the page stands in the file."""

from __future__ import annotations

import pytest

from infotrust.core.documents import read_word
from infotrust.stages.requests.lifecycle import LicenseState, State


def download(client, person, path):
    client.force_login(person)
    return client.get(path)


def test_a_request_is_a_word_file_with_its_answers(town, client, at_state):
    request = at_state(State.DECISION)
    response = download(client, town.requester, f"/requests/{request.code}/request.docx")
    text = "\n".join(words for _key, words in read_word(response.content))
    assert "Do children in shelters change schools more often?" in text
    assert "Planning services" in text
    assert "supports it" in text.lower()


def test_a_license_is_a_pdf_and_a_word_file_with_its_clauses_and_who_acknowledged(town, client, licensed):
    made = licensed()
    response = download(client, town.analyst, f"/requests/licenses/{made.code}/license.docx")
    read = dict(read_word(response.content))
    assert "stands under DSA-1" in read["clause-1"]
    assert town.analyst.name in "\n".join(words for _key, words in read_word(response.content))
    assert download(client, town.analyst, f"/requests/licenses/{made.code}/license.pdf").content.startswith(b"%PDF-")


def test_a_certificate_is_there_once_it_is_signed(town, client, licensed):
    made = licensed(LicenseState.CLOSED)
    response = download(client, town.requester, f"/requests/licenses/{made.code}/certificate.docx")
    assert made.certificate.digest in "\n".join(words for _key, words in read_word(response.content))


@pytest.mark.parametrize("path", ["license.odt", "certificate.pdf"])
def test_what_there_is_not_is_not_found(town, client, licensed, path):
    made = licensed()
    assert download(client, town.analyst, f"/requests/licenses/{made.code}/{path}").status_code == 404
