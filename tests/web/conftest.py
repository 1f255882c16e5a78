"""Fixtures for tests of pages: a cheap password hasher, and a way to sign in as a real person would."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axes.handlers.proxy import AxesProxyHandler
from django.core.cache import cache

PASSWORD = "correct-horse-42"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_earlier_attempts(db):
    cache.clear()
    AxesProxyHandler.reset_attempts()


@pytest.fixture
def sign_in(client) -> Callable:
    """`sign_in(user)` fills in the form; returns the response."""

    def act(user, password: str = PASSWORD):
        return client.post("/accounts/login/", {"login": user.email, "password": password})

    return act
