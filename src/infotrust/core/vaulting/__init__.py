"""Encrypted immutable Parquet tables, data keys and how they are wrapped, shredded and proven gone."""

from infotrust.core.vaulting.certificates import Certificate, DestroyedPart, certify, check_text, moment, parts_named
from infotrust.core.vaulting.files import Hold, Written, sha256_of, try_to_take
from infotrust.core.vaulting.keys import KEY_BYTES, KeyUnavailable, fingerprint, new_data_key, unwrap_key, wrap_key
from infotrust.core.vaulting.streams import open_stream, seal_stream
from infotrust.core.vaulting.tables import (
    SealBroken,
    attach_parts,
    columns_of,
    connect,
    read_rows,
    read_table,
    write_table,
)

__all__ = [
    "KEY_BYTES",
    "Certificate",
    "DestroyedPart",
    "Hold",
    "KeyUnavailable",
    "SealBroken",
    "Written",
    "attach_parts",
    "certify",
    "check_text",
    "columns_of",
    "connect",
    "fingerprint",
    "moment",
    "new_data_key",
    "open_stream",
    "parts_named",
    "read_rows",
    "read_table",
    "seal_stream",
    "sha256_of",
    "try_to_take",
    "unwrap_key",
    "wrap_key",
    "write_table",
]
