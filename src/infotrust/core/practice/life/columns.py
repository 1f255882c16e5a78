"""Columns that grow: the people, households and events of a ward while its years go by."""

from __future__ import annotations

from typing import Any

import numpy as np

from infotrust.core.practice.chance import Ints


class Columns:
    """Named NumPy columns of one length. `Columns(birth=0, male=False)` names each with its fill, which sets the type.

    `columns.birth` is a view of the rows there are: write into it by index. `add` appends rows. A view taken before an
    `add` does not show the new rows.
    """

    def __init__(self, **fills: bool | int | float) -> None:
        self._fills = fills
        self._room = {name: np.full(1024, fill) for name, fill in fills.items()}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_room"][name][: self.__dict__["_count"]]
        except KeyError:
            raise AttributeError(f"no column {name!r}") from None

    def add(self, count: int, **values: Any) -> Ints:
        """Append `count` rows and return their places; columns without a value get their fill."""
        start, self._count = self._count, self._count + count
        for name, fill in self._fills.items():
            room = self._room[name]
            if len(room) < self._count:
                room = np.concatenate([room, np.full(self._count + len(room), fill, dtype=room.dtype)])
                self._room[name] = room
            if name in values:
                room[start : self._count] = values[name]
        return np.arange(start, self._count)

    def column(self, name: str, rows: Any = slice(None)) -> Any:
        """A copy of a column, in the order of `rows`."""
        return np.array(self._room[name][: self._count][rows])
