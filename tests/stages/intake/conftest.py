"""The world of `world.py` as fixtures."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import pytest

from infotrust.shared.jobs import services as jobs
from infotrust.stages.intake import services
from tests.stages.intake.world import DATASET, csv_file, make_town, put_in_force


@pytest.fixture
def town(db, settings, make_agency, make_user) -> SimpleNamespace:
    # Nobody's password is guessed here: no need to hash them slowly.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return make_town(make_agency, make_user)


@pytest.fixture
def agree(town):
    """`agree(uses)` puts an agreement of both agencies into force and returns it."""
    return partial(put_in_force, town)


@pytest.fixture
def send(town):
    """`send(rows)` has the schools' steward send a file; `load=True` also works off the queue."""

    def make(*rows: str, period: str = "2025-26", name: str = "enrollment.csv", load: bool = True, stream=None):
        delivery = services.receive_delivery(
            agency=town.agency,
            dataset=DATASET,
            period=period,
            name=name,
            stream=stream or csv_file(*rows),
            by=town.steward,
        )
        if load:
            jobs.run_waiting()
            delivery.refresh_from_db()
        return delivery

    return make
