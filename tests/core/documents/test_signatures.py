"""Signatures embedded in a PDF: whose certificate, over these very bytes or not, all of the file or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.documents import Document, Embedded, Paragraph, embedded_signatures, is_whole_pdf, pdf

ROOM = 6_000


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


@pytest.fixture(scope="module")
def signer():
    """A key and a certificate for Ada Stone, issued by Marigold Trust Services."""
    key, issuer = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder()
        .subject_name(name("Ada Stone"))
        .issuer_name(name("Marigold Trust Services"))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=900))
    )
    return key, made.sign(issuer, hashes.SHA256())


def signed(content: bytes, signer) -> bytes:
    """Add a signature to the end of a file as a signature service does: the bytes before stay as they are."""
    key, certificate = signer
    head = content + b"\n9 0 obj << /Type /Sig /SubFilter /ETSI.CAdES.detached /Contents "
    tail = b" /ByteRange [%010d %010d %010d %010d] >> endobj\n%%%%EOF\n"
    second = len(head) + ROOM + 2
    size = len(tail % (0, 0, 0, 0))
    tail = tail % (0, len(head), second, size)
    made = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(head + tail)
        .add_signer(certificate, key, hashes.SHA256())
        .sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    )
    return head + b"<" + made.hex().ljust(ROOM, "0").encode() + b">" + tail


@pytest.fixture(scope="module")
def original() -> bytes:
    return pdf(Document("DSA-1", (Paragraph("We share."),)))


def test_a_service_signs_over_the_very_bytes_and_says_with_whose_certificate(original, signer):
    content = signed(original, signer)
    assert content.startswith(original)
    assert is_whole_pdf(content)
    assert embedded_signatures(content) == (Embedded("Ada Stone", "Marigold Trust Services", True, True),)


def test_a_letter_changed_after_the_signature_and_something_added_are_seen(original, signer):
    content = signed(original, signer)
    other = content.replace(b"%PDF-1.", b"%PDF-2.", 1)
    assert [one.unaltered for one in embedded_signatures(other)] == [False]
    (found,) = embedded_signatures(content + b"more %%EOF")
    assert (found.unaltered, found.covers_all) == (True, False)
    twice = signed(content, signer)
    assert [(one.unaltered, one.covers_all) for one in embedded_signatures(twice)] == [(True, False), (True, True)]


def test_a_document_without_a_signature_has_none(original):
    assert is_whole_pdf(original)
    assert embedded_signatures(original) == ()
    assert not is_whole_pdf(original[:-40])


@given(st.binary(max_size=200), st.lists(st.integers(0, 10**12 - 1), min_size=4, max_size=4))
def test_no_bytes_break_the_reading(noise, numbers):
    ranges = b"/ByteRange [" + b" ".join(str(number).encode() for number in numbers) + b"]"
    for content in (noise + ranges + noise, ranges.join([b"<" + noise.hex().encode() + b">", noise])):
        assert all(not one.subject for one in embedded_signatures(content))
