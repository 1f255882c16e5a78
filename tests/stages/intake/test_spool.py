"""The spool holds a file's bytes as an ordinary file would, and shows none of them on the disk."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.stages.intake.spool import BLOCK, Spool

STEPS = st.lists(
    st.one_of(st.tuples(st.just("seek"), st.integers(0, 300_000)), st.tuples(st.just("read"), st.integers(0, 200_000))),
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 150_000), max_size=4), STEPS)
def test_spool_reads_like_bytes_in_memory(tmp_path_factory, sizes, steps):
    spool, plain = Spool(tmp_path_factory.mktemp("spool"), in_memory=BLOCK), io.BytesIO()
    for size in sizes:
        data = os.urandom(size)
        spool.write(data)
        plain.write(data)
    plain.seek(0)
    for step, number in steps:
        assert getattr(spool, step)(number) == getattr(plain, step)(number)
    assert spool.read() == plain.read()


def test_large_spool_is_encrypted_and_has_no_name(tmp_path: Path):
    spool = Spool(tmp_path, in_memory=1000)
    spool.write(b"Zebedee," * 100_000)
    assert list(tmp_path.iterdir()) == []
    on_disk = os.pread(spool._file.fileno(), 10_000_000, 0)
    assert len(on_disk) > 700_000
    assert b"Zebedee" not in on_disk
    assert spool.read(8) == b"Zebedee,"


def test_zip_file_can_be_read_from_a_spool(tmp_path: Path):
    spool, out = Spool(tmp_path, in_memory=10), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", os.urandom(200_000))
    spool.write(out.getvalue())
    with zipfile.ZipFile(spool) as again, zipfile.ZipFile(out) as first:
        assert again.read("a.csv") == first.read("a.csv")
