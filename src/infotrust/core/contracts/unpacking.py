"""From the bytes a partner sent to the bytes of one CSV file, without writing anything to disk.

Plain, gzip and zip files are told apart by what they hold, not by their names. An archive is read as a stream
within limits; everything else that an archive may contain is refused.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from infotrust.core.contracts.findings import FileRefused, Place, shown

CHUNK = 1 << 20
LONGEST_FILE_NAME = 200

# A zip file begins with a local header, or with the end record where it is empty.
GZIP, ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
OTHER_KINDS = {
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\xfd7zXZ": "an xz archive",
    b"BZh91AY": "a bzip2 archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"PAR1\x15": "a Parquet file",
    b"SQLite format 3": "a database",
    b"{\\rtf": "a rich text document",
}
ZIP_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class Readable(Protocol):
    """All that is asked of a source of bytes that is read forward."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Limits:
    """`ratio` is unpacked size over packed size; it is judged once more than `ratio_from` bytes are unpacked.

    Deflate cannot exceed 1,032 to 1 (RFC 1951); tables of data rarely pass 50 to 1.
    """

    unpacked: int = 8 << 30
    ratio: int = 200
    ratio_from: int = 10 << 20


def check_name(name: str) -> str:
    """Return `name` as it may be shown; raise `FileRefused` for a path or a trick in it."""
    tricky = (
        not name.strip()
        or len(name) > LONGEST_FILE_NAME
        or name.startswith(".")
        or ".." in name
        or re.search(r'[/\\:*?"<>|]', name) is not None
        or not name.isprintable()
    )
    if tricky:
        raise FileRefused("name.unsafe", Place(shown(name)))
    return name


def unpack(stream: BinaryIO, name: str, limits: Limits) -> Iterator[bytes]:
    """Yield the bytes of the one CSV file in `stream` in chunks. A zip file needs a stream that can seek.

    Raises `FileRefused` for anything that is not one CSV file within `limits`.
    """
    head = _read_up_to(stream, 16)
    if not head:
        raise FileRefused("file.empty", Place(name))
    if head.startswith(ZIP):
        return _from_zip(stream, name, limits)
    joined = _Joined(head, stream)
    if head.startswith(GZIP):
        return _inner(_from_gzip(joined, name, limits), name)
    _refuse_other_kinds(head, name)
    return _plain(joined, name, limits)


def _read_up_to(stream: BinaryIO, size: int) -> bytes:
    found = b""
    while len(found) < size:
        more = stream.read(size - len(found))
        if not more:
            break
        found += more
    return found


def _refuse_other_kinds(head: bytes, name: str) -> None:
    for magic, kind in OTHER_KINDS.items():
        if head.startswith(magic):
            raise FileRefused("file.not_csv", Place(name), kind=kind)


def _plain(stream: Readable, name: str, limits: Limits) -> Iterator[bytes]:
    total = 0
    while chunk := stream.read(CHUNK):
        total += len(chunk)
        if total > limits.unpacked:
            raise FileRefused("file.too_large", Place(name), limit=limits.unpacked)
        yield chunk


def _inner(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Refuse an archive in an archive, then pass on `chunks`."""
    first = next(chunks, b"")
    if first.startswith((GZIP, *ZIP)):
        raise FileRefused("archive.nested", Place(name))
    _refuse_other_kinds(first, name)
    if not first:
        raise FileRefused("file.empty", Place(name))
    yield first
    yield from chunks


def _bounded(source: Readable, packed: _Counting | int, name: str, limits: Limits) -> Iterator[bytes]:
    total = 0
    while True:
        try:
            chunk = source.read(CHUNK)
        except ZIP_DAMAGE as problem:
            raise FileRefused("archive.damaged", Place(name)) from problem
        if not chunk:
            return
        total += len(chunk)
        so_far = packed if isinstance(packed, int) else packed.count
        if total > limits.ratio_from and total > limits.ratio * max(so_far, 1):
            raise FileRefused("archive.bomb", Place(name), limit=limits.ratio)
        if total > limits.unpacked:
            raise FileRefused("file.too_large", Place(name), limit=limits.unpacked)
        yield chunk


def _from_gzip(stream: Readable, name: str, limits: Limits) -> Iterator[bytes]:
    counting = _Counting(stream)
    with gzip.GzipFile(fileobj=io.BufferedReader(counting, CHUNK)) as source:
        yield from _bounded(source, counting, name, limits)


def _from_zip(stream: BinaryIO, name: str, limits: Limits) -> Iterator[bytes]:
    try:
        archive = zipfile.ZipFile(stream)
        member = _the_one_file(archive, name)
        source = archive.open(member)
    except ZIP_DAMAGE as problem:
        raise FileRefused("archive.damaged", Place(name)) from problem
    # The directory's own claim about the packed size is not believed beyond the size of what arrived.
    size = stream.seek(0, io.SEEK_END)
    return _inner(_bounded(source, min(member.compress_size, size), name, limits), name)


def _the_one_file(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    entries = archive.infolist()
    for entry in entries:
        if _leaves_archive(entry):
            raise FileRefused("archive.unsafe", Place(name))
    if any(entry.filename == "[Content_Types].xml" for entry in entries):
        raise FileRefused("file.not_csv", Place(name), kind="an Excel or Word file")
    # macOS adds a folder of its own; folders hold no data.
    files = [each for each in entries if not each.is_dir() and not each.filename.startswith("__MACOSX/")]
    if len(files) != 1:
        raise FileRefused("archive.not_one", Place(name), count=len(files))
    member = files[0]
    if member.flag_bits & 0x1:
        raise FileRefused("archive.encrypted", Place(name))
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise FileRefused("archive.method", Place(name))
    if member.filename.lower().endswith((".zip", ".gz", ".7z", ".rar", ".tar")):
        raise FileRefused("archive.nested", Place(name))
    return member


def _leaves_archive(entry: zipfile.ZipInfo) -> bool:
    """Whether the entry is named as a path out of the archive, or is a symbolic link."""
    # `orig_filename` is the name before zipfile tidied it (it cuts at a zero byte).
    names = (entry.filename.replace("\\", "/"), entry.orig_filename.replace("\\", "/"))
    is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    return is_link or any(
        each.startswith("/") or ".." in each.split("/") or re.match(r"[A-Za-z]:", each) or not each.isprintable()
        for each in names
    )


class _Joined(io.RawIOBase):
    """The bytes already read, then the rest of the stream."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._head:
            head, self._head = self._head, b""
            return head
        return self._rest.read(size)


class _Counting(io.RawIOBase):
    """Counts the packed bytes that were read."""

    def __init__(self, stream: Readable) -> None:
        self._stream, self.count = stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self._stream.read(min(len(buffer), CHUNK))
        buffer[: len(chunk)] = chunk
        self.count += len(chunk)
        return len(chunk)
