"""What an agency hands over: tables of rows, each with whose it truly is and what went wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Ints
from infotrust.core.practice.days import dates


@dataclass(frozen=True)
class Layout:
    """One table of an agency's system, as the docs print it. `key` names the column that tells rows apart.

    `about` gives each column, in order, with its meaning in a line. A table with `identity` holds people's identifiers:
    the truth has a row for each of its records. The others refer to such a table by its key.
    """

    agency: str
    name: str
    title: str
    key: str
    about: Mapping[str, str]
    identity: bool = False

    @property
    def path(self) -> str:
        return f"{self.agency}/{self.name}"


@dataclass
class Table:
    """Rows of a layout from one ward. Columns are NumPy arrays of one length: texts (object), whole numbers, numbers
    with a fraction, or `datetime64[D]` for days, where NaT is empty.

    `who` is the person (index in the ward) of each row of an identity table, -1 for a person who does not exist;
    `mistakes` has the bits of `records.sheet.MECHANISMS` for each row.
    """

    layout: Layout
    columns: dict[str, Any]
    who: Ints | None = None
    mistakes: Ints | None = None
    rejected: Any = field(default=None)  # deliveries only: why intake will reject the row, else empty

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


def day_column(days: Ints) -> Any:
    """Ordinal days as `datetime64[D]`; NEVER and days of nothing (0 and below) become empty."""
    found = dates(days)
    found[(days <= 0) | (days >= 10**7)] = np.datetime64("NaT")
    return found
