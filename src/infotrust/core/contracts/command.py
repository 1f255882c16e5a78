"""`infotrust check-delivery`: the trust's own check of a file, run where the file is, before anything is sent.

Prints counts, columns, reasons and line numbers; never a value.
"""

from __future__ import annotations

import csv
from pathlib import Path

from infotrust.core.contracts.checking import Check, Report
from infotrust.core.contracts.findings import NOTES, row_rule
from infotrust.core.contracts.model import Contract
from infotrust.core.contracts.narrowing import Narrowed, narrow
from infotrust.core.errors import UserFacingError

TAKEN, SOME_REJECTED = 0, 1


def check_file(path: Path, contract_path: Path, *, rejected: Path | None = None) -> int:
    """Check the file at `path`; return 0 if each row would be accepted, 1 if some would be rejected.

    `rejected`: where to write line and reasons of each rejected row (CSV). Raises `FileRefused` where the trust would
    refuse the whole file.
    """
    contract = Contract.from_odcs(_text(contract_path))
    try:
        with path.open("rb") as stream:
            narrowed = narrow(stream, path.name, contract)
            checking = Check(narrowed, contract, path.name)
            rows = [row for batch in checking for row in batch.rejected.select(["line", "reasons"]).to_pylist()]
    except OSError as problem:
        raise _cannot(path, problem) from None
    if rejected is not None:
        _write(rejected, rows)
    _print_columns(narrowed)
    _print_reasons(checking.report)
    report = checking.finish()
    share = f"{report.accepted:,} of {report.rows:,} rows would be accepted"
    print(f"{path.name}: the trust would take this file; {share}, {report.rejected:,} rejected.")
    return SOME_REJECTED if report.rejected else TAKEN


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise _cannot(path, problem) from None


def _cannot(path: Path, problem: Exception) -> UserFacingError:
    why = (problem.strerror if isinstance(problem, OSError) else None) or "it is not a text in UTF-8"
    return UserFacingError(f"{path} cannot be read: {why}.", next_step="Check the file's name and permissions.")


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["line", "reasons"])
        writer.writerows(list(row.values()) for row in rows)


def _print_columns(narrowed: Narrowed) -> None:
    if narrowed.dropped:
        print("Not agreed, would be dropped before anything is stored:", ", ".join(narrowed.dropped))
    if narrowed.absent:
        print("Optional and not in the file:", ", ".join(narrowed.absent))
    for code in narrowed.notes:
        print(NOTES[code])


def _print_reasons(report: Report) -> None:
    for reason in report.reasons:
        rule = row_rule(reason.code)
        lines = ", ".join(map(str, reason.lines)) + (", …" if reason.count > len(reason.lines) else "")
        column = f" in column {reason.column}" if reason.column else ""
        rows = "1 row" if reason.count == 1 else f"{reason.count:,} rows"
        print(f"{rows}{column}: {rule.what} {rule.next_step} Line {lines}. [{reason.code}]")
