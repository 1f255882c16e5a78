"""The kinds of agreement, in their tiers, as data: memorandum, data sharing agreement, license and so on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Kind:
    """`shares`: data moves by it, so it lists fields and is compiled. `binding`: as it is usually made.

    `under`: the kinds that one of this kind may stand under. `made_from_request`: not drafted, but made from a request.
    """

    code: str
    short: str
    title: str
    plain: str
    tier: int
    shares: bool
    binding: bool
    under: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    made_from_request: bool = False


def _read() -> dict[str, Kind]:
    rows: dict[str, dict[str, Any]] = tomllib.loads((HERE / "kinds.toml").read_text(encoding="utf-8"))
    return {code: _kind(code, row) for code, row in rows.items()}


def _kind(code: str, row: dict[str, Any]) -> Kind:
    return Kind(**{"code": code, **row, "under": tuple(row.get("under", ())), "clauses": tuple(row.get("clauses", ()))})


KINDS: dict[str, Kind] = _read()
# What every agreement was before there were kinds.
USUAL = "dsa"
