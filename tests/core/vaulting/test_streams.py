"""Sealed streams come back byte for byte, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infotrust.core.vaulting import SealBroken, new_data_key, open_stream, seal_stream, streams

CHUNK = 64


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(streams, "CHUNK_BYTES", CHUNK)


def seal(path: Path, content: bytes, step: int = 50) -> bytes:
    key = new_data_key()
    seal_stream((content[at : at + step] for at in range(0, len(content), step)), path, key)
    return key


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(chunks=st.lists(st.binary(max_size=200), max_size=8))
def test_a_stream_comes_back_as_it_went_in(tmp_path, chunks):
    path, key = tmp_path / "part.sealed", new_data_key()
    path.unlink(missing_ok=True)
    written = seal_stream(chunks, path, key)
    assert b"".join(open_stream(path, key)) == b"".join(chunks)
    assert written.bytes == path.stat().st_size


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_stream_cut_at_any_chunk_or_byte_is_noticed(tmp_path, size):
    path = tmp_path / "part.sealed"
    key = seal(path, bytes(size))
    whole = path.read_bytes()
    for cut in {0, 5, 15, len(whole) - 1, *range(15, len(whole), CHUNK + 16)}:
        path.write_bytes(whole[:cut])
        with pytest.raises(SealBroken, match="part"):
            list(open_stream(path, key))


def test_chunks_swapped_repeated_or_added_are_noticed(tmp_path):
    path = tmp_path / "part.sealed"
    key = seal(path, bytes(range(256)))
    whole = path.read_bytes()
    head, step = whole[:15], CHUNK + 16
    one, two, rest = whole[15 : 15 + step], whole[15 + step : 15 + 2 * step], whole[15 + 2 * step :]
    for altered in (head + two + one + rest, head + one + one + rest, whole + rest, head + one + rest):
        path.write_bytes(altered)
        with pytest.raises(SealBroken):
            list(open_stream(path, key))


def test_another_key_and_a_missing_file_are_refused_naming_the_part(tmp_path):
    path = tmp_path / "part.sealed"
    seal(path, b"secret")
    with pytest.raises(SealBroken, match="part was altered"):
        list(open_stream(path, new_data_key()))
    path.unlink()
    with pytest.raises(SealBroken, match="part is missing"):
        list(open_stream(path, new_data_key()))


def test_a_source_that_fails_leaves_no_file(tmp_path):
    def failing():
        yield b"some bytes"
        raise OSError("the line went dead")

    with pytest.raises(OSError, match="line went dead"):
        seal_stream(failing(), tmp_path / "part.sealed", new_data_key())
    assert list(tmp_path.iterdir()) == []
