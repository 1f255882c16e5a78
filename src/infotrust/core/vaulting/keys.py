"""Data keys: made at random for one file each, and kept only wrapped by the master key of their room.

A wrapped key is bound to its context (room and part), so it cannot be moved to another row or another room.
Whoever lacks the master key of a room cannot open anything in it.
"""

from __future__ import annotations

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infotrust.core.errors import UserFacingError

KEY_BYTES = 32  # AES-256 (FIPS 197)
# NIST SP 800-38D, 8.3: with random 96-bit nonces one key may wrap 2^32 times; a trust stays far below.
NONCE_BYTES = 12
FORMAT = b"\x01"
CONTEXT = b"infotrust wrapped key 1\x00"
FINGERPRINT = b"infotrust data key fingerprint 1\x00"


class KeyUnavailable(UserFacingError):
    """A data key cannot be opened here: the master key is missing, is another one, or the row was altered."""


def new_data_key() -> bytes:
    """Return 32 random bytes for one file. Use a data key for one file only."""
    return secrets.token_bytes(KEY_BYTES)


def wrap_key(data_key: bytes, master_key: bytes, context: str) -> bytes:
    """Encrypt `data_key` under `master_key` (32 bytes each) with AES-256-GCM, bound to `context`."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return FORMAT + nonce + _cipher(master_key).encrypt(nonce, data_key, CONTEXT + context.encode())


def unwrap_key(wrapped: bytes, master_key: bytes, context: str) -> bytes:
    """Return the data key; raise `KeyUnavailable` for another master key, another context or altered bytes."""
    start = len(FORMAT)
    nonce, sealed = wrapped[start : start + NONCE_BYTES], wrapped[start + NONCE_BYTES :]
    try:
        if wrapped[:start] != FORMAT:
            raise InvalidTag
        return _cipher(master_key).decrypt(nonce, sealed, CONTEXT + context.encode())
    except (InvalidTag, ValueError):
        raise KeyUnavailable(
            f"The key of {context} does not open with this master key.",
            next_step="Check that the room's master key is the one this part was sealed with.",
        ) from None


def fingerprint(data_key: bytes) -> str:
    """Return a hash that tells which key it was; the key has 256 random bits, so the hash does not give it away."""
    return hashlib.sha256(FINGERPRINT + data_key).hexdigest()


def _cipher(master_key: bytes) -> AESGCM:
    if len(master_key) != KEY_BYTES:
        raise KeyUnavailable(
            "A master key is not 32 bytes long.",
            next_step="Give 64 hexadecimal digits, as `infotrust-server init` does.",
        )
    return AESGCM(master_key)
