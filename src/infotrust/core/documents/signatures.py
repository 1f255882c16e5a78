"""Signatures embedded in a PDF (ISO 32000-2, 12.8: a PKCS#7 or CAdES signature over ranges of the file's bytes).

Says with whose certificate each was made, and whether it stands over the file's bytes as they are now. It does not say
whether a certificate is valid or trusted: that takes the lists of trusted services, and is for people to look up.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs7

RANGES = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
HASHES = ("sha256", "sha384", "sha512", "sha1")
MOST_SIGNATURES = 50
# A file that was not torn off: it begins and ends as every PDF does.
BEGINS, ENDS = b"%PDF-", b"%%EOF"


@dataclass(frozen=True)
class Embedded:
    """`subject`, `issuer`: of the certificate, empty where none can be read. `unaltered`: the bytes it signs are these.

    `covers_all`: nothing was added to the file after it.
    """

    subject: str
    issuer: str
    unaltered: bool
    covers_all: bool


def is_whole_pdf(content: bytes) -> bool:
    return content.startswith(BEGINS) and ENDS in content[-2048:]


def embedded_signatures(content: bytes) -> tuple[Embedded, ...]:
    """Return the signatures in a PDF, in the order of the file; none for a scan of a page signed in ink."""
    found = []
    for match in list(RANGES.finditer(content))[:MOST_SIGNATURES]:
        first, length, second, rest = map(int, match.groups())
        if first + length <= second and second + rest <= len(content):
            found.append(_read(content, first, length, second, rest))
    return tuple(found)


def _read(content: bytes, first: int, length: int, second: int, rest: int) -> Embedded:
    signature = _unhexed(content[first + length : second])
    signed = content[first : first + length] + content[second : second + rest]
    # The signature holds the digest of what it signs as one of its signed attributes (RFC 5652, 11.2).
    unaltered = any(hashlib.new(name, signed, usedforsecurity=False).digest() in signature for name in HASHES)
    subject, issuer = _names(signature)
    return Embedded(subject, issuer, unaltered, covers_all=first == 0 and second + rest == len(content))


def _unhexed(contents: bytes) -> bytes:
    try:
        return bytes.fromhex(contents.strip().strip(b"<>").decode("ascii"))
    except ValueError:
        return b""


def _names(signature: bytes) -> tuple[str, str]:
    """Return whose certificate it is and who issued it; the signer's own stands for nobody else's certificate."""
    try:
        # Room that was left for the signature and not used is filled with zeros; DER says itself where it ends.
        certificates = pkcs7.load_der_pkcs7_certificates(_der(signature))
    except ValueError:
        return "", ""
    issuers = {certificate.issuer for certificate in certificates if certificate.issuer != certificate.subject}
    own = next((one for one in certificates if one.subject not in issuers), None)
    return (_common_name(own.subject), _common_name(own.issuer)) if own else ("", "")


def _der(signature: bytes) -> bytes:
    """Return the one value that `signature` begins with (X.690, 8.1.3), without what follows it."""
    if len(signature) < 2 or signature[1] == 0x80:
        return signature
    if signature[1] < 0x80:
        return signature[: 2 + signature[1]]
    size = signature[1] & 0x7F
    return signature[: 2 + size + int.from_bytes(signature[2 : 2 + size], "big")]


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()
