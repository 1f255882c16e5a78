"""What a page does when someone else saved first: it keeps what was typed, and shows what stands now beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from infotrust.shared.words import SavedMeanwhile


def first_or_late(late: list[SavedMeanwhile], act: Callable[..., object], *args: Any, **named: Any) -> None:
    """Do `act`; where someone saved first, put that into `late` instead of onto the form as a fault of its words."""
    try:
        act(*args, **named)
    except SavedMeanwhile as found:
        late.append(found)
