"""The operator's commands: a changed master key, and certificates that can be checked."""

from __future__ import annotations

import secrets

import pytest
from django.core.management import call_command

from infotrust.core.errors import UserFacingError
from infotrust.core.vaulting import KeyUnavailable
from infotrust.shared.storage import queries, services

pytestmark = pytest.mark.django_db


def test_an_operator_changes_the_master_key_of_a_room(add, values, settings, monkeypatch, capsys):
    add("a")
    new = secrets.token_hex(32)
    monkeypatch.setenv("INFOTRUST_NEW_KEY", new)
    call_command("rotate-master-key", "vault")
    said = capsys.readouterr().out
    assert "1 keys of the room vault" in said
    assert new not in said
    with pytest.raises(KeyUnavailable):
        values()
    settings.MASTER_KEYS = settings.MASTER_KEYS | {"vault": new}
    assert values() == ["a"]


@pytest.mark.parametrize("key", ["", "short", "zz" * 32, "ab" * 31])
def test_a_new_master_key_that_is_none_is_refused_and_nothing_changes(add, values, monkeypatch, key):
    add("a")
    monkeypatch.setenv("INFOTRUST_NEW_KEY", key)
    with pytest.raises(UserFacingError):
        call_command("rotate-master-key", "vault")
    assert values() == ["a"]


def test_certificates_are_checked_and_a_contradiction_ends_with_an_error(
    add, capsys, django_capture_on_commit_callbacks
):
    part = add("a")
    with django_capture_on_commit_callbacks(execute=True):
        services.shred([part], reason="ended", by=None)
    call_command("check-certificates")
    assert "1 certificates checked, 0 contradictions" in capsys.readouterr().out
    queries.path_of(part).write_bytes(b"restored from a backup")
    with pytest.raises(SystemExit):
        call_command("check-certificates")
    assert f"file-still-there vault/snap/{part.pk}" in capsys.readouterr().out
