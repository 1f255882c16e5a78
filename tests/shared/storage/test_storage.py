"""Sealed storage: what is sealed appears whole, is read only as it was sealed, and only with its room's master key."""

from __future__ import annotations

import secrets

import pyarrow as pa
import pytest
from django.db import IntegrityError, transaction

from infotrust.core.errors import UserFacingError
from infotrust.core.vaulting import KeyUnavailable, SealBroken
from infotrust.shared.holdings import services as holdings
from infotrust.shared.storage import queries, services
from infotrust.shared.storage.models import SealedPart
from infotrust.shared.vault import services as vault

pytestmark = pytest.mark.django_db
MARKER = "Marker-Of-A-Name"


def test_a_sealed_part_is_invisible_until_it_is_added(table, values):
    sealed = vault.seal("snap", table("a"))
    assert values() == []
    assert vault.datasets() == []
    vault.add("snap", sealed)
    assert values() == ["a"]
    assert vault.datasets() == ["snap"]


def test_a_load_that_is_undone_leaves_the_old_generation(add, table, values):
    add("a")
    with transaction.atomic():
        vault.add("snap", vault.seal("snap", table("b")))
        transaction.set_rollback(True)
    assert values() == ["a"]
    assert vault.generation_number("snap") == 1


def test_deliveries_add_up_and_a_later_one_may_replace_an_earlier(add, values):
    first = add("a")
    add("b")
    assert values() == ["a", "b"]
    add("A", replaces=[first])
    assert values() == ["b", "A"]
    assert vault.superseded_parts("snap") == [first]
    assert vault.generation_number("snap") == 3


def test_the_same_name_in_another_room_or_dataset_is_another_table(add, table, values):
    add("name")
    add("other", dataset="home-visiting")
    holdings.add("snap", holdings.seal("snap", table("content")))
    assert values() == ["name"]
    assert holdings.read("snap", ["value"])["value"].to_pylist() == ["content"]
    assert vault.datasets() == ["home-visiting", "snap"]


def test_nothing_sealed_reads_as_no_rows_with_the_columns_asked_for():
    assert vault.read("snap", ["record_id"]).schema == pa.schema([("record_id", pa.string())])
    assert vault.column_names("snap") == []
    assert vault.paths_and_keys("snap") == []


def test_a_table_without_record_ids_is_a_defect(table):
    with pytest.raises(ValueError, match="record_id"):
        vault.seal("snap", table("a").select(["value"]))


def test_a_room_nobody_knows_is_refused(table):
    with pytest.raises(ValueError, match="cellar"):
        services.seal_table("cellar", "snap", table("a"))


def test_a_stream_is_sealed_and_opened_again():
    part = services.keep(services.seal_chunks("inbox", "delivery-1", [b"a,b\n", b"1,2\n"]))
    services.switch("inbox", "delivery-1", [part])
    assert b"".join(services.open_chunks(part)) == b"a,b\n1,2\n"


def test_no_plaintext_is_in_the_folder_or_the_database(add, sealed_folder):
    part = add(MARKER, MARKER + "2")
    services.keep(services.seal_chunks("inbox", "delivery-1", [MARKER.encode()]))
    files = [file for file in sealed_folder.rglob("*") if file.is_file()]
    assert len(files) == 2
    assert not any(MARKER.encode() in file.read_bytes() for file in files)
    assert queries.data_key(part) not in bytes(SealedPart.objects.get(pk=part.pk).wrapped_key)


def test_each_part_has_a_key_of_its_own(add):
    assert len({queries.data_key(add("a")), queries.data_key(add("a"))}) == 2


@pytest.mark.parametrize("place", [0, 30, -1])
def test_a_tampered_file_is_refused_naming_the_part_and_not_its_content(add, values, place):
    part = add(MARKER)
    path = queries.path_of(part)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    for read in (values, lambda: vault.paths_and_keys("snap")):
        with pytest.raises(SealBroken, match=part.pk) as refused:
            read()
        assert MARKER not in str(refused.value)


def test_the_file_of_another_part_in_its_place_is_refused(add, values):
    one, two = add("a"), add("b")
    queries.path_of(one).write_bytes(queries.path_of(two).read_bytes())
    with pytest.raises(SealBroken, match=one.pk):
        values()


def test_a_missing_file_is_refused_naming_the_part(add, values):
    part = add("a")
    queries.path_of(part).unlink()
    with pytest.raises(SealBroken, match=f"{part.pk} is missing"):
        values()


def test_a_wrapped_key_moved_to_another_row_does_not_open(add, values):
    one, two = add("a"), add("b")
    SealedPart.objects.filter(pk=one.pk).update(wrapped_key=two.wrapped_key)
    with pytest.raises(KeyUnavailable, match=one.pk):
        values()


def test_a_process_with_the_key_of_the_holdings_cannot_open_the_vault(add, table, values, settings):
    add("name")
    holdings.add("snap", holdings.seal("snap", table("content")))
    settings.MASTER_KEYS = {"holdings": settings.MASTER_KEYS["holdings"]}
    assert holdings.read("snap").num_rows == 1
    for closed in (values, lambda: vault.seal("snap", table("x")), lambda: vault.column_names("snap")):
        with pytest.raises(KeyUnavailable, match="vault"):
            closed()


def test_the_key_of_the_holdings_given_for_every_room_does_not_open_the_vault(add, values, settings):
    add("name")
    settings.MASTER_KEYS = dict.fromkeys(settings.MASTER_KEYS, settings.MASTER_KEYS["holdings"])
    with pytest.raises(KeyUnavailable):
        values()


def test_a_part_cannot_be_switched_into_another_table(add, table):
    part = add("a")
    with pytest.raises(ValueError, match="cannot become"):
        services.switch("vault", "home-visiting", [part])


def test_a_sealed_part_is_kept_once(table):
    sealed = vault.seal("snap", table("a"))
    services.keep(sealed)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.keep(sealed)


def test_a_sealed_part_whose_file_is_gone_is_not_kept(table):
    sealed = vault.seal("snap", table("a"))
    sealed.path.unlink()
    with pytest.raises(UserFacingError, match="no longer there"):
        services.keep(sealed)


def test_the_master_key_of_a_room_is_changed_and_the_old_one_opens_nothing(add, values, settings, make_user):
    add("a")
    old, new = settings.MASTER_KEYS, settings.MASTER_KEYS | {"vault": secrets.token_hex(32)}
    assert services.rotate_master_key("vault", new_key=new["vault"], by=make_user("administrator")) == 1
    with pytest.raises(KeyUnavailable):
        values()
    settings.MASTER_KEYS = new
    assert values() == ["a"]
    assert old["vault"] != new["vault"]


def test_a_data_key_is_in_no_text_about_it(table):
    sealed = vault.seal("snap", table("a"))
    assert "key" not in repr(sealed)
    part = services.keep(sealed)
    assert sealed.data_key.hex() not in repr(part) + str(part)
