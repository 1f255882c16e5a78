"""How agencies word what they hold: codes for places in a list, Y and N, times of day, offices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from infotrust.core.practice.chance import Bools, Ints, Texts

CLOCK = np.array([f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(24 * 60)], dtype=object)


def worded(words: Sequence[str], places: Ints) -> Texts:
    """The word or code at each place; empty for -1."""
    return np.array([*words, ""], dtype=object)[places]


def yes_no(values: Bools) -> Texts:
    return worded(("N", "Y"), values.astype(np.int64))


def clock(minutes: Ints) -> Texts:
    """Minutes of the day as 08:14."""
    return np.asarray(CLOCK[minutes])


def office(site: Ints) -> Texts:
    """The home visitors' offices: HV01 and so on."""
    return worded([f"HV{number + 1:02d}" for number in range(int(site.max(initial=0)) + 1)], site)


def listed(meanings: Mapping[str, str]) -> str:
    """`P pregnant, I infant`: codes with their meanings, for a layout."""
    return ", ".join(f"{code} {meaning}" for code, meaning in meanings.items())
