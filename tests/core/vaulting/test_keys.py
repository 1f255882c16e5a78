"""Wrapped data keys open with the right master key in the right place, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.vaulting import KeyUnavailable, fingerprint, new_data_key, unwrap_key, wrap_key

MASTER, OTHER = bytes(range(32)), bytes(range(1, 33))


@given(key=st.binary(min_size=32, max_size=32), context=st.text(max_size=60))
def test_a_wrapped_key_opens_with_its_master_key_and_context(key, context):
    wrapped = wrap_key(key, MASTER, context)
    assert unwrap_key(wrapped, MASTER, context) == key
    assert key not in wrapped


@given(place=st.integers(0, 60), flip=st.integers(1, 255))
def test_a_wrapped_key_with_any_byte_altered_does_not_open(place, flip):
    wrapped = bytearray(wrap_key(new_data_key(), MASTER, "vault/1"))
    wrapped[place] ^= flip
    with pytest.raises(KeyUnavailable):
        unwrap_key(bytes(wrapped), MASTER, "vault/1")


@pytest.mark.parametrize(
    ("master", "context"), [(OTHER, "vault/1"), (MASTER, "vault/2"), (MASTER, "holdings/1"), (MASTER, "")]
)
def test_a_wrapped_key_moved_to_another_room_or_row_does_not_open(master, context):
    wrapped = wrap_key(new_data_key(), MASTER, "vault/1")
    with pytest.raises(KeyUnavailable):
        unwrap_key(wrapped, master, context)


@pytest.mark.parametrize("wrapped", [b"", b"\x01", b"\x02" * 61])
def test_something_that_is_no_wrapped_key_is_refused(wrapped):
    with pytest.raises(KeyUnavailable):
        unwrap_key(wrapped, MASTER, "vault/1")


def test_a_short_master_key_is_refused():
    with pytest.raises(KeyUnavailable, match="32 bytes"):
        wrap_key(new_data_key(), b"short", "vault/1")


def test_a_fingerprint_tells_keys_apart_and_does_not_hold_the_key():
    one, two = new_data_key(), new_data_key()
    assert fingerprint(one) == fingerprint(one) != fingerprint(two)
    assert one.hex() not in fingerprint(one)
