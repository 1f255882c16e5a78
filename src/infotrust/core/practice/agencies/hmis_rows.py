"""Rows of the HMIS export: who typed each in and when, and the numbers they go by."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from infotrust.core.practice.chance import Ints, Texts
from infotrust.core.practice.days import EPOCH
from infotrust.core.practice.tables import Layout, Table
from infotrust.core.practice.ward import Ward

WORKERS = 12


def filled(ward: Ward, layout: Layout, columns: dict[str, Any], created: Ints, about: Ints | None = None) -> Table:
    """The layout's columns: those given, the stamps of the export, and empty ones.

    `created` is the day of what each row tells, `about` the person: rows about one day are typed in together.
    """
    count = len(created)
    about = np.arange(count) if about is None else about
    late = ward.chance("HMIS entry late", about, created)
    day = created + (-np.log1p(-late) * ward.parameters.homeless_services.entry_lag).astype(np.int64)
    day = np.minimum(day, ward.span.last)
    second = (ward.chance("HMIS entry hour", about, created) * 36_000).astype(np.int64) + 8 * 3600
    stamp = (day - EPOCH) * 86_400 + second
    written = stamp.astype("datetime64[s]").astype(str)
    when = (np.char.replace(written, "T", " ") if count else written).astype(object)
    worker = np.array([f"U{one + 1:02d}" for one in range(WORKERS)], dtype=object)
    stamps = {
        "DateCreated": when,
        "DateUpdated": when,
        "UserID": worker[(ward.chance("HMIS entry by", about, created) * WORKERS).astype(np.int64)],
        "ExportID": np.full(count, export_id(ward), dtype=object),
    }
    nothing = np.full(count, "", dtype=object)
    made = {name: columns.get(name, stamps.get(name, nothing)) for name in layout.about}
    return Table(layout, made)


def export_id(ward: Ward) -> str:
    return f"MC{date.fromordinal(ward.span.last):%Y%m%d}"


def row_numbers(enrollment: Texts, letter: str, turn: Ints | int = 0) -> Texts:
    """Numbers of rows about an enrollment."""
    turns = np.broadcast_to(turn, len(enrollment)).tolist()
    return np.array([f"{one}-{letter}{part}" for one, part in zip(enrollment, turns, strict=True)], dtype=object)
