"""Risky settings are found when the server starts."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from infotrust.web import checks, environment


def ids(found) -> list[str]:
    return [one.id for one in found]


def test_settings_of_these_tests_are_sound():
    assert [one for one in run_checks() if str(one.id).startswith("infotrust.E")] == []


def test_password_alone_is_refused_when_reached_from_outside(settings):
    settings.REQUIRE_TWO_STEP, settings.ON_LOOPBACK = False, False
    assert ids(checks.two_step()) == ["infotrust.E001"]
    settings.ON_LOOPBACK = True
    assert checks.two_step() == []


def test_debug_pages_are_refused_when_reached_from_outside(settings):
    settings.DEBUG, settings.ON_LOOPBACK = True, False
    assert ids(checks.debugging()) == ["infotrust.E002"]
    settings.DEBUG = False
    assert checks.debugging() == []


def test_two_rooms_with_one_key_are_refused(settings):
    settings.MASTER_KEYS = {"vault": "AB" * 32, "holdings": "ab" * 32}
    assert ids(checks.keys()) == ["infotrust.E003"]


@pytest.mark.parametrize("key", ["", "ab", "zz" * 32, "ab" * 31])
def test_key_of_the_wrong_form_is_refused(settings, key):
    settings.MASTER_KEYS = {"vault": key, "holdings": "cd" * 32}
    assert "infotrust.E004" in ids(checks.keys())


def test_short_secret_is_warned_about(settings):
    settings.SECRET_KEY = "short"
    assert "infotrust.W001" in ids(checks.keys())


def test_cookies_without_encryption_are_refused_when_reached_from_outside(settings):
    settings.ON_LOOPBACK, settings.SESSION_COOKIE_SECURE = False, False
    assert ids(checks.plain_transport()) == ["infotrust.E005"]


@pytest.mark.parametrize(
    ("hosts", "expected"), [(["127.0.0.1", "localhost"], True), (["trust.example"], False), (["127.0.0.1", "*"], False)]
)
def test_loopback_is_known_by_its_names(hosts, expected):
    assert environment.is_loopback(hosts) is expected
