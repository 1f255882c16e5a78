"""Small cells and what they give away: findings, and the suppression that protects them.

`protect` hides, `audit` proves, `compare` holds a table against what was released before, `fill` writes the
sentence of an answer from shown counts alone.
"""

from infotrust.core.disclosure.audit import Audit, Bound, audit
from infotrust.core.disclosure.earlier import EarlierTable, compare, known_cells
from infotrust.core.disclosure.protect import Cell, ProtectedTable, digest_of, protect
from infotrust.core.disclosure.rules import SMALLEST_SHOWN, CannotProtect, Rules, Status, TableRefused, ZeroRule
from infotrust.core.disclosure.sentence import Sentence, fill
from infotrust.core.disclosure.table import CountTable, Dimension, Key, all_margins

__all__ = [
    "SMALLEST_SHOWN",
    "Audit",
    "Bound",
    "CannotProtect",
    "Cell",
    "CountTable",
    "Dimension",
    "EarlierTable",
    "Key",
    "ProtectedTable",
    "Rules",
    "Sentence",
    "Status",
    "TableRefused",
    "ZeroRule",
    "all_margins",
    "audit",
    "compare",
    "digest_of",
    "fill",
    "known_cells",
    "protect",
]
