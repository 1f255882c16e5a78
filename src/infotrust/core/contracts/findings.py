"""Everything that can be wrong with a delivery: a stable code, what it means and what to do.

`FILE_RULES` refuse the whole file: what it holds cannot be told for certain. `ROW_RULES` send one row to
quarantine. No text here has room for a value of a cell, so none can slip into a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from infotrust.core.errors import UserFacingError

LONGEST_NAME_SHOWN = 80


class Rule(NamedTuple):
    what: str
    next_step: str


SAVE_AS_UTF8 = "Save the file again as “CSV UTF-8” (in Excel: File, Save As, CSV UTF-8) and send that."
CLOSE_QUOTES = "Have the file exported again with each quotation mark inside a cell doubled and each cell closed."
PLAIN_ZIP = "Make a new archive that holds the one CSV file and nothing else, without a password, and send that."

FILE_RULES: dict[str, Rule] = {
    "name.unsafe": Rule(
        "The file's name has a path or characters in it that a name must not have.",
        "Give the file a plain name such as enrollment-2026.csv and send it again.",
    ),
    "file.empty": Rule("The file is empty.", "Check the export and send the file again."),
    "file.no_rows": Rule("The file has a header but no rows.", "Check the export and send the file again."),
    "file.too_large": Rule(
        "The file is larger than {limit} bytes once unpacked.", "Send it in smaller parts, one period each."
    ),
    "file.not_csv": Rule("The file is {kind}, not a CSV file.", "Export the data as CSV (UTF-8) and send that."),
    "file.no_line_ends": Rule(
        "The file's lines end in a way that cannot be read (a lone carriage return).",
        "Export the file again with Windows or Unix line ends.",
    ),
    "encoding.utf16": Rule("The file is written in UTF-16, not in UTF-8.", SAVE_AS_UTF8),
    "encoding.not_utf8": Rule(
        "The file is not written in UTF-8; it is probably Latin-1 or Windows-1252. This is its first such byte.",
        SAVE_AS_UTF8,
    ),
    "encoding.nul": Rule(
        "The file has a zero byte in it: it is damaged, or not a text file.", "Have the file exported again."
    ),
    "delimiter.wrong": Rule(
        "The columns seem to be separated by {found}; the contract says {expected}.",
        "Export the file again with columns separated by {expected}.",
    ),
    "header.absent": Rule(
        "None of the agreed columns is named in the first line, which should be the header.",
        "Put the names of the columns, as the contract writes them, into the first line.",
    ),
    "header.missing": Rule(
        "The header lacks {count} column(s) that the contract requires: {columns}. "
        "{unknown} column(s) have names the contract does not know.",
        "Add the missing columns, spelled as in the contract, or have the agreement changed.",
    ),
    "header.repeated": Rule(
        "The header names a column twice.", "Remove or rename one of the two, so that each name occurs once."
    ),
    "header.too_wide": Rule("The header has more than {limit} columns.", "Send only the columns of the contract."),
    "cell.enormous": Rule(
        "A cell has more than {limit} characters.", "Correct the cell, or have the file exported again."
    ),
    "line.enormous": Rule(
        "A row has more than {limit} characters.", "Have the file exported again, one record in each row."
    ),
    "quote.unclosed": Rule("A quotation mark opens a cell that is never closed.", CLOSE_QUOTES),
    "quote.misplaced": Rule("A quotation mark stands where none can be: after the end of a quoted cell.", CLOSE_QUOTES),
    "archive.damaged": Rule("The archive is damaged or cut short.", "Make the archive again and send that."),
    "archive.encrypted": Rule("The archive is locked with a password, so it cannot be read.", PLAIN_ZIP),
    "archive.not_one": Rule("The archive holds {count} files; it must hold exactly one CSV file.", PLAIN_ZIP),
    "archive.nested": Rule("The archive holds another archive.", PLAIN_ZIP),
    "archive.unsafe": Rule("The archive holds a file whose name is a path out of the archive.", PLAIN_ZIP),
    "archive.method": Rule("The archive is packed in a way that is not accepted.", PLAIN_ZIP),
    "archive.bomb": Rule(
        "The archive unpacks to more than {limit} times its size, as an attack would.",
        "Send the CSV file unpacked, or have it exported again.",
    ),
    "rows.too_many_rejected": Rule(
        "{rejected} of {rows} rows were rejected, more than the {limit} percent the contract allows. "
        "Most often: {most}.",
        "Mend the causes named here at their source, and send the whole file again.",
    ),
    "contract.changed": Rule(
        "The agreement changed after the file was sent and now requires {columns}, which the file did not bring.",
        "Send the file again under the contract now in force.",
    ),
    "agreement.none": Rule(
        "No agreement in force covers this dataset any more.", "Nothing was loaded; nothing needs to be done."
    ),
}

ROW_RULES: dict[str, Rule] = {
    "row.ragged": Rule(
        "The row has more or fewer cells than the header.",
        "Look for a missing or extra separator. The cells of such a row are not kept, as they cannot be told apart.",
    ),
    "key.empty": Rule("The key has no value.", "Give every record its own number."),
    "key.repeated": Rule("The key occurred in an earlier row.", "Send each record once; the first one was kept."),
    "value.missing": Rule("A required value is missing.", "Fill it in, or have the field made optional."),
    "value.too_long": Rule("The value is longer than the contract allows.", "Shorten it, or have the limit changed."),
    "value.not_in_codes": Rule("The value is not one of the agreed codes.", "Use a code of the contract."),
    "value.not_integer": Rule("The value is not a whole number.", "Write digits only."),
    "value.not_number": Rule("The value is not a number.", "Write digits with a point for decimals."),
    "value.not_date": Rule("The value is not a date in the agreed form.", "Write dates as the contract says."),
    "value.not_boolean": Rule("The value is neither yes nor no.", "Write true or false."),
    "value.formula": Rule(
        "The value begins like a spreadsheet formula.", "Remove the leading =, +, -, @, tab or carriage return."
    ),
}

NOTES: dict[str, str] = {
    "note.bom": "The file began with a byte order mark, which was removed.",
    "note.respelled": "Column names differed from the contract in spaces or capitals and were accepted.",
    "note.blank_lines": "Blank lines were skipped.",
}


def row_rule(code: str) -> Rule:
    """Return the words for `code`, also for codes of an older version that are no longer made."""
    return ROW_RULES.get(code, Rule("The row was rejected.", ""))


@dataclass(frozen=True)
class Place:
    """Where in a file: `line` counts from 1 (the header is line 1), `column` is a name or a number from 1."""

    file: str
    line: int = 0
    column: str = ""

    def __str__(self) -> str:
        parts = [self.file or "The file"]
        parts += [f"line {self.line}"] if self.line else []
        parts += [f"column {self.column}"] if self.column else []
        return ", ".join(parts)


class FileRefused(UserFacingError):
    """The whole file is refused. `rule` is a code of `FILE_RULES`; `place` says where."""

    def __init__(self, rule: str, place: Place, **facts: str | int | float) -> None:
        self.rule, self.place, self.facts = rule, place, facts
        words = FILE_RULES[rule]
        super().__init__(f"{place}: {words.what.format(**facts)}", next_step=words.next_step.format(**facts))


def shown(name: str) -> str:
    """Return a name from outside (file or column) in a form that is safe to print: short and without control signs."""
    printable = "".join(each if each.isprintable() else "?" for each in name)
    return printable if len(printable) <= LONGEST_NAME_SHOWN else printable[: LONGEST_NAME_SHOWN - 1] + "…"
