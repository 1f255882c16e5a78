"""Commands that set a trust up."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import queries as log

pytestmark = pytest.mark.django_db
GIVEN = {"email": "ada@trust.example", "name": "Ada Min"}
VARIABLE = "INFOTRUST_ADMINISTRATOR_PASSWORD"


def test_first_administrator_is_made_and_recorded(monkeypatch, capsys):
    monkeypatch.setenv(VARIABLE, "correct-horse-battery")
    call_command("create-administrator", **GIVEN)
    administrator = User.objects.get()
    assert administrator.roles == {"administrator"}
    assert administrator.check_password("correct-horse-battery")
    assert [entry.event for entry in log.entries()] == ["account.role-given", "account.created"]
    assert "correct-horse" not in capsys.readouterr().out


@pytest.mark.parametrize("password", ["short", "password1234", "ada@trust.example"])
def test_weak_password_is_refused_and_nobody_is_made(monkeypatch, password):
    monkeypatch.setenv(VARIABLE, password)
    with pytest.raises(UserFacingError, match="too weak"):
        call_command("create-administrator", **GIVEN)
    assert not User.objects.exists()


@pytest.mark.parametrize("given", [GIVEN, {}])
def test_without_a_terminal_what_is_missing_is_said(monkeypatch, given):
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(UserFacingError, match="given"):
        call_command("create-administrator", **given)
