"""The certificate of destruction: what was destroyed, when, why, and the hashes by which anyone can check it later.

It holds no key and nothing about a person: a file's hash, and the hash of the key that alone could open it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from infotrust.core.errors import Finding

VERSION = 1


@dataclass(frozen=True)
class DestroyedPart:
    """`sealed_at` in ISO 8601, UTC; `rows` 0 for a stream; `bytes` of the encrypted file."""

    part: str
    room: str
    table: str
    sealed_at: str
    rows: int
    bytes: int
    file_sha256: str
    key_fingerprint: str


@dataclass(frozen=True)
class Certificate:
    """What a certificate says. `destroyed_at` in ISO 8601, UTC; `by` is the account's number, not a name."""

    parts: tuple[DestroyedPart, ...]
    reason: str
    destroyed_at: str
    by: str
    version: int = VERSION

    def text(self) -> str:
        """The certificate as canonical JSON: sorted keys, no spaces, UTF-8."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def digest(self) -> str:
        """SHA-256 of `text`; the audit log carries it, so a certificate cannot be rewritten later."""
        return hashlib.sha256(self.text().encode()).hexdigest()


def certify(parts: Sequence[DestroyedPart], *, reason: str, at: datetime, by: str) -> Certificate:
    return Certificate(tuple(sorted(parts, key=lambda part: part.part)), reason, moment(at), by)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def check_text(text: str, digest: str) -> list[Finding]:
    """Return a finding if `text` is not what was certified under `digest`."""
    found = hashlib.sha256(text.encode()).hexdigest()
    return [] if found == digest else [Finding("certificate-altered", (digest,), {"found": found})]


def parts_named(text: str) -> list[dict[str, str]]:
    """Return room, table and part of each part that a certificate's text names; none if it is not one."""
    try:
        listed = json.loads(text)["parts"]
        return [{name: str(one[name]) for name in ("room", "table", "part")} for one in listed]
    except (ValueError, KeyError, TypeError):
        return []
