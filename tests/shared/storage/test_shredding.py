"""Shredding destroys the key, the file and every view of them, and leaves a certificate anyone can check."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from infotrust.core.errors import UserFacingError
from infotrust.core.vaulting import KeyUnavailable
from infotrust.shared.audit import queries as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.storage import queries, services
from infotrust.shared.storage.models import DestructionCertificate, SealedPart
from infotrust.shared.vault import services as vault

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def shred(make_user, django_capture_on_commit_callbacks):
    officer = make_user("steward")

    def go(*parts: SealedPart) -> DestructionCertificate:
        with django_capture_on_commit_callbacks(execute=True):
            return services.shred(parts, reason="agreement DSA-1 ended", by=officer, at=AT)

    return go


def rules(certificate: DestructionCertificate) -> list[str]:
    return [finding.rule for finding in queries.check_certificate(certificate)]


def test_a_shredded_part_is_gone_from_the_table_the_disk_and_the_keys(add, shred, values):
    one, two = add("a"), add("b")
    path = queries.path_of(one)
    shred(one)
    assert values() == ["b"]
    assert not path.exists()
    one.refresh_from_db()
    assert one.wrapped_key is None
    with pytest.raises(KeyUnavailable, match="destroyed"):
        queries.data_key(one)
    assert queries.path_of(two).exists()


def test_an_older_copy_of_the_file_cannot_be_opened_after_shredding(add, shred, tmp_path):
    part = add("a")
    backup = queries.path_of(part).read_bytes()
    shred(part)
    queries.path_of(part).write_bytes(backup)
    part.refresh_from_db()
    with pytest.raises(KeyUnavailable):
        queries.path_and_key(part)


def test_the_wrapped_key_is_no_longer_in_the_database_file(add, shred):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's file is looked into; PostgreSQL rewrites its table after the commit")
    part = add("a")
    wrapped = bytes(part.wrapped_key)
    connection.ensure_connection()
    assert wrapped in connection.connection.serialize()
    shred(part)
    assert wrapped not in connection.connection.serialize()


def test_the_certificate_says_what_when_why_and_holds_no_key(add, shred):
    part = add("a", "b")
    key = queries.data_key(part)
    certificate = shred(part)
    said = json.loads(certificate.text)
    assert said["reason"] == "agreement DSA-1 ended"
    assert said["destroyed_at"] == "2026-03-01T12:00:00.000000+00:00"
    [line] = said["parts"]
    assert (line["room"], line["table"], line["rows"], line["file_sha256"]) == ("vault", "snap", 2, part.sha256)
    assert key.hex() not in certificate.text


def test_the_destruction_is_in_the_log(add, shred):
    certificate = shred(add("a"))
    entry = audit.entries(event=Event.KEYS_DESTROYED).get()
    assert entry.about == f"certificate:{certificate.digest}"
    assert entry.facts["tables"] == ["vault/snap"]


def test_a_true_certificate_holds_and_each_contradiction_is_found(add, shred, table):
    part = add("a")
    content, path = queries.path_of(part).read_bytes(), queries.path_of(part)
    certificate = shred(part)
    assert rules(certificate) == []
    path.write_bytes(content)
    assert rules(certificate) == ["file-still-there"]
    path.unlink()
    DestructionCertificate.objects.filter(pk=certificate.pk).update(text=certificate.text.replace("ended", "paused"))
    certificate.refresh_from_db()
    assert rules(certificate) == ["certificate-altered"]


def test_a_certificate_for_a_key_that_is_still_there_is_found(add, shred):
    living, certificate = add("b"), shred(add("a"))
    said = json.loads(certificate.text)
    said["parts"][0]["part"] = living.pk
    certificate.text = json.dumps(said)
    assert rules(certificate) == ["certificate-altered", "key-still-there", "file-still-there"]


def test_a_certificate_the_log_does_not_know_is_found(add):
    forged = DestructionCertificate(text='{"parts": []}', digest="0" * 64, reason="", destroyed_at=AT)
    assert rules(forged) == ["certificate-altered", "not-in-the-log"]


def test_shredding_again_gives_the_same_certificate(add, shred):
    part = add("a")
    assert shred(part) == shred(part)
    assert audit.entries(event=Event.KEYS_DESTROYED).count() == 1


def test_a_destroyed_part_cannot_become_current_again(add, shred):
    part = add("a")
    shred(part)
    with pytest.raises(UserFacingError, match="was destroyed"):
        services.switch("vault", "snap", [part])


def test_a_shredding_that_is_undone_destroys_nothing(add, values, make_user):
    part = add("a")
    with transaction.atomic():
        services.shred([part], reason="by mistake", by=make_user("steward"))
        transaction.set_rollback(True)
    assert values() == ["a"]
    assert queries.path_of(part).exists()


def test_a_whole_dataset_is_shredded_with_what_was_replaced_before(add, make_user, values):
    first = add("a")
    add("b", replaces=[first])
    certificate = vault.shred("snap", reason="agreement ended", by=make_user("steward"), at=AT)
    assert len(json.loads(certificate.text)["parts"]) == 2
    assert values() == vault.datasets() == vault.superseded_parts("snap") == []
    assert vault.shred("snap", reason="agreement ended", by=None) is None


def test_a_part_keeps_either_its_key_or_a_certificate(add):
    part = add("a")
    with pytest.raises(IntegrityError), transaction.atomic():
        SealedPart.objects.filter(pk=part.pk).update(wrapped_key=None)


@pytest.mark.django_db(transaction=True)
def test_a_committed_shredding_removes_the_file_and_scrubs_the_database_by_itself(add, make_user):
    part = add("a")
    path = queries.path_of(part)
    services.shred([part], reason="agreement ended", by=make_user("steward"))
    assert not path.exists()
    assert services.sweep(timedelta(0)) == 0
