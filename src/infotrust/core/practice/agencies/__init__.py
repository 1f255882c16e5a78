"""The agencies' systems. Each is a module named like its code, with `LAYOUTS` and `tables(ward)`."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from importlib import import_module
from typing import Protocol, cast

from infotrust.core.errors import UserFacingError
from infotrust.core.practice.tables import Layout, Table
from infotrust.core.practice.ward import Ward

CODES = (
    "vital-records",
    "early-intervention",
    "preschool-special-education",
    "home-visiting",
    "wic",
    "referrals",
    "schools",
    "homeless-services",
    "snap",
    "medicaid",
    "child-welfare",
    "police",
    "jail",
    "crisis-center",
)


class System(Protocol):
    """One agency's system: the tables it holds, and their rows for a ward."""

    LAYOUTS: tuple[Layout, ...]

    def tables(self, ward: Ward) -> Iterator[Table]: ...


def systems(codes: Collection[str] = ()) -> dict[str, System]:
    """The systems of these codes, all where none is named, in the order of CODES.

    Raises `UserFacingError` where there is no agency of a code.
    """
    unknown = sorted(set(codes) - set(CODES))
    if unknown:
        near = difflib.get_close_matches(unknown[0].lower(), CODES, n=1, cutoff=0.8)
        advice = f"Did you mean {near[0]}?" if near else f"Choose from {', '.join(CODES)}."
        raise UserFacingError(f"The county has no agency {unknown[0]!r}.", next_step=advice)
    wanted = [code for code in CODES if not codes or code in codes]
    return {code: _system(code) for code in wanted}


def _system(code: str) -> System:
    return cast(System, import_module(f"{__name__}.{code.replace('-', '_')}"))
