"""One linkage of a made-up town for all tests of explanations."""

from __future__ import annotations

import pytest

from infotrust.core.matching import Linkage, link_tables


@pytest.fixture(scope="session")
def town(make_town) -> Linkage:
    """About 700 records of 260 homes: enough that not every pair is compared."""
    return link_tables(make_town(260, seed=4))
