"""A certificate of destruction says what it says, for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from infotrust.core.vaulting import DestroyedPart, certify, check_text, parts_named

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PART = DestroyedPart("a1", "vault", "snap", "2026-01-01T00:00:00+00:00", 3, 99, "ff", "ee")
OTHER = DestroyedPart("a2", "vault", "snap", "2026-01-01T00:00:00+00:00", 4, 99, "fe", "ed")


def test_the_same_destruction_has_the_same_digest_however_it_is_told():
    one = certify([PART, OTHER], reason="ended", at=AT, by="7")
    two = certify([OTHER, PART], reason="ended", at=AT.astimezone(timezone(timedelta(hours=-5))), by="7")
    assert one.digest() == two.digest()
    assert certify([PART], reason="ended", at=AT, by="7").digest() != one.digest()


def test_an_altered_certificate_is_found():
    said = certify([PART], reason="ended", at=AT, by="7")
    assert check_text(said.text(), said.digest()) == []
    assert [finding.rule for finding in check_text(said.text().replace("ended", "asked"), said.digest())] == [
        "certificate-altered"
    ]


def test_the_parts_of_a_certificate_are_read_back_and_nonsense_names_none():
    said = certify([OTHER, PART], reason="ended", at=AT, by="7")
    assert [part["part"] for part in parts_named(said.text())] == ["a1", "a2"]
    assert parts_named("{}") == parts_named("no json") == parts_named('{"parts": [1]}') == []
