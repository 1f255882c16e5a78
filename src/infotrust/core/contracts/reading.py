"""From bytes to records, within limits and with the line and column of whatever cannot be read.

Strict on purpose: a cell that was guessed wrongly puts one person's value into another's record. Memory stays
constant: one chunk and one record.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from infotrust.core.contracts.findings import FileRefused, Place

# The csv module's own limit for a cell, which this module relies on and does not change.
LONGEST_CELL = 131_072
LONGEST_RECORD = 1 << 20
BOM = b"\xef\xbb\xbf"


@dataclass
class Records:
    """The records of one CSV file as `(line, cells)`; `line` is that of the record's first line, from 1.

    Blank lines are skipped and counted in `blank`. `bom` tells whether a byte order mark was removed. `names`
    are the header's names once known: they make the column of a problem readable.
    """

    chunks: Iterable[bytes]
    file: str
    delimiter: str
    names: list[str] = field(default_factory=list)
    blank: int = 0
    bom: bool = False
    _pending: list[str] = field(default_factory=list)
    _line: int = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(self._lines(), delimiter=self.delimiter, strict=True)
        pending = self._pending
        start = 1
        while True:
            try:
                record = next(reader, None)
            except csv.Error as problem:
                raise self._unreadable(start) from problem
            if record is None:
                return
            if record:
                yield start, record
            else:
                self.blank += 1
            start = reader.line_num + 1
            pending.clear()

    def _lines(self) -> Iterator[str]:
        pending, size = self._pending, 0
        for text in self._texts():
            # newline="" keeps line ends as they are, and ends a line at \n, \r and \r\n only.
            for line in io.StringIO(text, newline=""):
                size = size + len(line) if pending else len(line)
                pending.append(line)
                if size > LONGEST_RECORD:
                    raise self._unreadable(self._line + 2 - len(pending))
                self._line += 1
                yield line

    def _texts(self) -> Iterator[str]:
        """Yield decoded text that ends at the end of a line."""
        rest, first = b"", True
        for chunk in self.chunks:
            block = rest + chunk
            if first and len(block) >= 4:
                block, first = self._without_bom(block), False
            if not self.names:
                # The header goes alone, so that a problem right after it can be told with the column's name.
                header = block.find(b"\n") + 1
                if header:
                    yield self._decoded(block[:header])
                block = block[header:]
            end = block.rfind(b"\n") + 1
            if end:
                yield self._decoded(block[:end])
            rest = block[end:]
            if len(rest) > LONGEST_RECORD:
                raise self._too_long(rest)
        rest = self._without_bom(rest) if first else rest
        if rest:
            yield self._decoded(rest)

    def _without_bom(self, block: bytes) -> bytes:
        # Without a byte order mark, UTF-16 shows itself by the zero byte in every other place of Latin letters.
        alternating = max(block[0:8:2].count(0), block[1:8:2].count(0)) >= 3
        if block.startswith((b"\xff\xfe", b"\xfe\xff")) or alternating:
            raise FileRefused("encoding.utf16", Place(self.file, 1))
        self.bom = block.startswith(BOM)
        return block[len(BOM) :] if self.bom else block

    def _decoded(self, block: bytes) -> str:
        zero = block.find(b"\0")
        if zero >= 0:
            raise self._bad_byte("encoding.nul", block, zero)
        try:
            return block.decode("utf-8")
        except UnicodeDecodeError as problem:
            raise self._bad_byte("encoding.not_utf8", block, problem.start) from None

    def _bad_byte(self, rule: str, block: bytes, at: int) -> FileRefused:
        before = block[:at].decode("latin-1")
        lines = list(io.StringIO(before, newline=""))
        part = "" if not lines or lines[-1].endswith(("\n", "\r")) else lines.pop()
        line = self._line + len(lines) + 1
        return FileRefused(rule, Place(self.file, line, self.column(_Scan(part, self.delimiter).column)))

    def _too_long(self, rest: bytes) -> FileRefused:
        if b"\r" in rest:
            return FileRefused("file.no_line_ends", Place(self.file, self._line + 1))
        self._pending.append(rest[:LONGEST_RECORD].decode("latin-1"))
        return self._unreadable(self._line + 2 - len(self._pending))

    def _unreadable(self, start: int) -> FileRefused:
        """Say what is wrong with the record that begins at line `start`, whose lines are pending."""
        scan = _Scan("".join(self._pending), self.delimiter)
        several = len(self._pending) > 1
        if scan.misplaced is not None:
            return FileRefused("quote.misplaced", Place(self.file, start, self.column(scan.misplaced)))
        if scan.open and (several or not scan.enormous):
            return FileRefused("quote.unclosed", Place(self.file, start, self.column(scan.column)))
        if scan.enormous is not None:
            place = Place(self.file, start, self.column(scan.enormous))
            return FileRefused("cell.enormous", place, limit=LONGEST_CELL)
        return FileRefused("line.enormous", Place(self.file, start), limit=LONGEST_RECORD)

    def column(self, index: int) -> str:
        """Return the name of the column at `index` (from 0) where the header is known, else its number from 1."""
        return self.names[index] if index < len(self.names) else str(index + 1)


class _Scan:
    """Where the cells of a piece of text begin and end: slow and exact, for text that could not be read.

    `column`: index of the cell in which the text ends; `open`: whether inside quotation marks; `enormous`: index
    of the first cell beyond `LONGEST_CELL`; `misplaced`: index of a cell that goes on after its closing mark.
    """

    def __init__(self, text: str, delimiter: str) -> None:
        self.column, self.open = 0, False
        self.enormous: int | None = None
        self.misplaced: int | None = None
        fresh, closed, length = True, False, 0
        for sign in text:
            if self.open:
                self.open, closed = sign != '"', sign == '"'
            elif sign == '"' and (fresh or closed):
                self.open, closed = True, False
            elif sign == delimiter:
                self.column, fresh, closed, length = self.column + 1, True, False, 0
                continue
            elif closed and sign not in "\r\n":
                self.misplaced = self.column
                return
            fresh, length = False, length + 1
            if length > LONGEST_CELL and self.enormous is None:
                self.enormous = self.column
