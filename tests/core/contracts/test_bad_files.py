"""Each way a file can be bad gets its own code, its place, and not one value."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib

import pytest

from infotrust.core.contracts import FILE_RULES, Contract, FileRefused, Limits, check, narrow
from tests.core.contracts.conftest import HEADER, ROW, file_of

# A value no message may show.
SECRET = "Zebedee"
SECRET_ROW = f"P2,{SECRET},09/14/2015,,KG,,,"


def whole_check(stream, contract: Contract, name: str, limits: Limits | None) -> None:
    checking = check(stream, contract, name=name, limits=limits)
    for _batch in checking:
        pass
    checking.finish()


def refusal_of(stream, contract: Contract, name: str = "a.csv", limits: Limits | None = None) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        whole_check(stream, contract, name, limits)
    assert SECRET not in str(caught.value)
    assert SECRET not in repr(caught.value)
    assert caught.value.next_step
    return caught.value


def where(refusal: FileRefused) -> tuple[str, int, str]:
    return refusal.rule, refusal.place.line, refusal.place.column


def zip_of(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    out.seek(0)
    return out


GOOD = file_of(ROW).getvalue()

TEXT_CASES = {
    "empty": (b"", ("file.empty", 0, "")),
    "only a byte order mark": (b"\xef\xbb\xbf", ("file.empty", 0, "")),
    "only blank lines": (b"\n\n\n", ("file.empty", 0, "")),
    "header only": ((HEADER + "\n").encode(), ("file.no_rows", 0, "")),
    "header only without line end": (HEADER.encode(), ("file.no_rows", 0, "")),
    "no header": (f"{SECRET_ROW}\n{ROW}\n".encode(), ("header.absent", 1, "")),
    "missing columns": (b"pupil_id,last_name,Zebedee\nP1,Lee,x\n", ("header.missing", 1, "")),
    "agreed column twice": ((HEADER + ",Born\n" + ROW + ",x\n").encode(), ("header.repeated", 1, "born")),
    "unagreed column twice": ((HEADER + ",x,X\n" + ROW + ",1,2\n").encode(), ("header.repeated", 1, "X")),
    "header too wide": ((HEADER + "," * 3000 + "\n").encode(), ("header.too_wide", 1, "")),
    "tabs": (GOOD.replace(b",", b"\t"), ("delimiter.wrong", 1, "")),
    "semicolons": (GOOD.replace(b",", b";"), ("delimiter.wrong", 1, "")),
    "bars": (GOOD.replace(b",", b"|"), ("delimiter.wrong", 1, "")),
    "UTF-16 with mark": (GOOD.decode().encode("utf-16"), ("encoding.utf16", 1, "")),
    "UTF-16 without mark": (GOOD.decode().encode("utf-16-le"), ("encoding.utf16", 1, "")),
    "Latin-1": (
        file_of(ROW, ROW.replace("Lee", "Peña").replace("P1", "P2")).getvalue().decode().encode("latin-1"),
        ("encoding.not_utf8", 3, "last_name"),
    ),
    "Latin-1 in the header": (GOOD.replace(b"born", b"n\xe9"), ("encoding.not_utf8", 1, "3")),
    "zero byte": (file_of(ROW, "P2,Zebe\0dee,,,,,,").getvalue(), ("encoding.nul", 3, "last_name")),
    "cell of a million signs": (
        file_of(ROW, f"P2,{SECRET * 150_000},09/14/2015,,KG,,,").getvalue(),
        ("cell.enormous", 3, "last_name"),
    ),
    "quoted cell of 200,000 signs": (
        file_of(ROW, f'P2,"{"x" * 200_000}",09/14/2015,,KG,,,').getvalue(),
        ("cell.enormous", 3, "last_name"),
    ),
    "row of two million signs": (file_of(ROW, ("x" * 100_000 + ",") * 20).getvalue(), ("line.enormous", 3, "")),
    "quote never closed": (
        file_of(ROW, f'P2,"{SECRET},09/14/2015,,KG,,,', "P3,Lee,09/14/2015,,KG,,,").getvalue(),
        ("quote.unclosed", 3, "last_name"),
    ),
    "quote never closed in a long file": (
        file_of(ROW, f'P2,"{SECRET},09/14/2015,,KG,,,', *[ROW] * 30_000).getvalue(),
        ("quote.unclosed", 3, "last_name"),
    ),
    "text after a closing quote": (
        file_of(ROW, f'P2,"{SECRET}"x,09/14/2015,,KG,,,').getvalue(),
        ("quote.misplaced", 3, "last_name"),
    ),
    "old Mac line ends": (file_of(*[ROW] * 30_000).getvalue().replace(b"\n", b"\r"), ("file.no_line_ends", 1, "")),
    "PDF": (b"%PDF-1.7 Zebedee", ("file.not_csv", 0, "")),
    "most rows bad": (file_of(ROW, SECRET_ROW.replace("KG", "XX"), "P3,,,,,,,").getvalue(), None),
}


@pytest.mark.parametrize("case", TEXT_CASES, ids=list(TEXT_CASES))
def test_bad_text_is_refused_with_its_place(case, contract):
    data, expected = TEXT_CASES[case]
    refusal = refusal_of(io.BytesIO(data), contract)
    assert where(refusal) == (expected or ("rows.too_many_rejected", 0, ""))
    assert refusal.what.startswith("a.csv")


def test_missing_columns_are_named_but_unknown_ones_only_counted(contract):
    refusal = refusal_of(io.BytesIO(b"pupil_id,last_name,Zebedee\nP1,Lee,x\n"), contract)
    assert "born, grade" in refusal.what
    assert "1 column(s) have names the contract does not know" in refusal.what


@pytest.mark.parametrize(("sign", "words"), [("\t", "tabs"), (";", "semicolons"), ("|", "vertical bars")])
def test_wrong_delimiter_is_called_by_its_name(sign, words, contract):
    refusal = refusal_of(io.BytesIO(GOOD.replace(b",", sign.encode())), contract)
    assert f"separated by {words}; the contract says commas" in refusal.what


ARCHIVES = {
    "two files": ({"a.csv": GOOD, "b.csv": GOOD}, "archive.not_one"),
    "no file": ({}, "archive.not_one"),
    "path up": ({"../a.csv": GOOD}, "archive.unsafe"),
    "absolute path": ({"/etc/a.csv": GOOD}, "archive.unsafe"),
    "Windows path": ({"..\\a.csv": GOOD}, "archive.unsafe"),
    "drive": ({"C:a.csv": GOOD}, "archive.unsafe"),
    "trick beside the file": ({"a.csv": GOOD, "x/../../b": b""}, "archive.unsafe"),
    "zip in zip": ({"a.zip": zip_of({"a.csv": GOOD}).getvalue()}, "archive.nested"),
    "zip in zip by another name": ({"a.csv": zip_of({"a.csv": GOOD}).getvalue()}, "archive.nested"),
    "gzip in zip": ({"a.csv": gzip.compress(GOOD)}, "archive.nested"),
    "workbook": ({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}, "file.not_csv"),
    "empty file in it": ({"a.csv": b""}, "file.empty"),
}


@pytest.mark.parametrize("case", ARCHIVES, ids=list(ARCHIVES))
def test_bad_archive_is_refused(case, contract):
    members, rule = ARCHIVES[case]
    assert refusal_of(zip_of(members), contract, "a.zip").rule == rule


def test_archive_with_password_is_refused(contract):
    data = bytearray(zip_of({"a.csv": GOOD}).getvalue())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(magic) + offset
        data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | 1)
    assert refusal_of(io.BytesIO(bytes(data)), contract, "a.zip").rule == "archive.encrypted"


def test_archive_packed_in_a_rare_way_is_refused(contract):
    assert refusal_of(zip_of({"a.csv": GOOD}, zipfile.ZIP_LZMA), contract, "a.zip").rule == "archive.method"


@pytest.mark.parametrize("cut", [1, 30, 60])
def test_damaged_archives_are_refused(cut, contract):
    whole = zip_of({"a.csv": GOOD}).getvalue()
    assert refusal_of(io.BytesIO(whole[:-cut]), contract, "a.zip").rule == "archive.damaged"
    assert refusal_of(io.BytesIO(gzip.compress(GOOD * 9)[:-cut]), contract, "a.csv.gz").rule in {
        "archive.damaged",
        "file.empty",
    }


def test_archive_with_wrong_checksum_is_refused(contract):
    data = bytearray(gzip.compress(file_of(ROW).getvalue()))
    data[-6] ^= 0xFF
    assert refusal_of(io.BytesIO(bytes(data)), contract, "a.csv.gz").rule == "archive.damaged"


@pytest.mark.parametrize("kind", ["zip", "gzip"])
def test_bomb_is_refused_before_it_is_unpacked(kind, contract):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress((HEADER + "\n").encode())
    if kind == "gzip":
        packed += b"".join(packer.compress((ROW + "\n").encode() * 1000) for _ in range(100)) + packer.flush()
        stream = io.BytesIO(packed)
    else:
        stream = zip_of({"a.csv": (HEADER + "\n").encode() + (ROW + "\n").encode() * 60_000})
    before = len(stream.getvalue())
    limits = Limits(ratio=50, ratio_from=1 << 20)
    assert refusal_of(stream, contract, "a.zip", limits).rule == "archive.bomb"
    assert before < 1 << 20


def test_file_beyond_the_absolute_limit_is_refused(contract):
    assert refusal_of(file_of(*[ROW] * 50_000), contract, limits=Limits(unpacked=1 << 20)).rule == "file.too_large"


@pytest.mark.parametrize(
    "name",
    ["../a.csv", "/etc/passwd", "a\\b.csv", "C:a.csv", ".hidden", "", " ", "a\x00.csv", "a\u202ecsv.exe", "x" * 300],
)
def test_tricks_in_the_name_are_refused(name, contract):
    assert refusal_of(file_of(ROW), contract, name).rule == "name.unsafe"


def test_every_rule_has_words_and_a_next_step():
    for rule in FILE_RULES.values():
        assert rule.what
        assert rule.next_step


def test_narrow_refuses_the_header_before_any_row(contract):
    with pytest.raises(FileRefused):
        narrow(io.BytesIO(b"a,b\n1,2\n"), "a.csv", contract)
