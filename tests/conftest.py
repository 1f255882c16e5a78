"""Fixtures every test may use. The settings are those of `tests.settings`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest
from django.core.management import call_command
from hypothesis import settings

from tests import databases

# How long an example takes depends on what else the machine does: it is measured in benchmarks, never in tests.
settings.register_profile("infotrust", deadline=None)
settings.load_profile("infotrust")

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Debian's Chromium: one for the whole run, since Playwright keeps an event loop in this thread until it stops."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        yield running
        running.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> Iterator[None]:
    """While the database of the tests is made: pytest-django asks for this just before it."""
    with mock.patch("django.core.management.call_command", databases.copying(call_command)):
        yield


@pytest.fixture(autouse=True)
def sealed_folder(settings, tmp_path: Path) -> Path:
    """Each test keeps its sealed parts in a folder of its own."""
    settings.STORAGE_FOLDER = tmp_path / "sealed"
    settings.REQUIRE_TWO_STEP = False
    return settings.STORAGE_FOLDER


@pytest.fixture
def make_agency(db) -> Callable:
    from infotrust.shared.accounts.models import Agency

    def make(code: str = "schools", name: str | None = None):
        return Agency.objects.get_or_create(code=code, defaults={"name": name or f"Marigold {code.title()}"})[0]

    return make


@pytest.fixture
def make_user(db, make_agency) -> Callable:
    """`make_user("steward", "schools")` is a steward of that agency, with password `correct-horse-42`."""
    from infotrust.shared.accounts.models import RoleHeld, User

    def make(role: str, agency: str = "schools", email: str | None = None) -> User:
        user = User.objects.create_user(
            email or f"{role}.{User.objects.count()}@{agency}.example",
            "correct-horse-42",
            name=f"{role} of {agency}",
            agency=make_agency(agency),
        )
        RoleHeld.objects.create(user=user, role=role)
        return user

    return make
