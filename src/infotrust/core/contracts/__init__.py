"""What a delivery must look like, and the check of a file against it.

`narrow` reads a partner's file as a stream and passes on the agreed columns only; `check` tells accepted rows from
rejected ones. Neither ever puts a value about a person in a message. Use: `infotrust check-delivery`.
"""

from infotrust.core.contracts.checking import Batch, Check, Reason, Report, check, check_narrowed
from infotrust.core.contracts.findings import FILE_RULES, NOTES, ROW_RULES, FileRefused, Place, Rule, row_rule, shown
from infotrust.core.contracts.keys import KeyIndex, hash_keys
from infotrust.core.contracts.model import Column, Contract
from infotrust.core.contracts.narrowing import Narrowed, narrow
from infotrust.core.contracts.unpacking import Limits, check_name

__all__ = [
    "FILE_RULES",
    "NOTES",
    "ROW_RULES",
    "Batch",
    "Check",
    "Column",
    "Contract",
    "FileRefused",
    "KeyIndex",
    "Limits",
    "Narrowed",
    "Place",
    "Reason",
    "Report",
    "Rule",
    "check",
    "check_name",
    "check_narrowed",
    "hash_keys",
    "narrow",
    "row_rule",
    "shown",
]
