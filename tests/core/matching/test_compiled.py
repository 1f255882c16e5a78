"""The same result on any number of threads, and no more of them than are allowed."""

from __future__ import annotations

import os
from threading import get_ident

from infotrust.core.matching.compiled import in_parallel, threads


def test_one_thread_works_where_others_share_the_cores(monkeypatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)

    def slices() -> list[tuple[int, int, int]]:
        return in_parallel(lambda start, end: (start, end, get_ident()), 100, least=10)

    with threads(1):
        assert slices() == [(0, 100, get_ident())]
    several = slices()
    assert [part[:2] for part in several] == [(0, 25), (25, 50), (50, 75), (75, 100)]
    assert get_ident() not in {part[2] for part in several}
