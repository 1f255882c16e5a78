"""A delivery from door to rooms, with the real agreement, storage, jobs and audit behind it."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from infotrust.core.contracts import FileRefused
from infotrust.core.errors import UserFacingError
from infotrust.shared.audit import queries as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.holdings import services as holdings
from infotrust.shared.jobs import services as jobs
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.storage import services as storage
from infotrust.shared.vault import services as vault
from infotrust.stages.agreements import services as agreements
from infotrust.stages.agreements.queries import NoAgreementInForce
from infotrust.stages.intake import services
from infotrust.stages.intake.lifecycle import State
from infotrust.stages.intake.models import Delivery
from tests.stages.intake.world import DATASET, USES, csv_file, good_rows


def rows_of(room) -> dict[str, dict]:
    return {row["record_id"]: row for row in room.read(DATASET).to_pylist()}


def test_loaded_delivery_parts_identifiers_from_content(agree, send):
    agree()
    delivery = send(*good_rows(0, 5))
    assert delivery.state == State.LOADED
    identifiers, content = rows_of(vault), rows_of(holdings)
    assert set(vault.column_names(DATASET)) == {"record_id", "period", "pupil_id", "last_name", "born"}
    assert set(holdings.column_names(DATASET)) == {"record_id", "period", "grade", "days"}
    assert identifiers.keys() == content.keys()
    assert {(row["pupil_id"], row["born"]) for row in identifiers.values()} == {
        (f"P{n}", f"2015-09-{n + 1:02d}") for n in range(5)
    }
    assert {(identifiers[each]["pupil_id"], row["days"]) for each, row in content.items()} == {
        (f"P{n}", n) for n in range(5)
    }


def test_receipt_counts_every_row_and_names_dropped_columns(agree, send):
    agree()
    delivery = send(*good_rows(0, 9), "P9,Name9,31/12/2015,KG,,")
    assert delivery.dropped == ["lunch_debt"]
    receipt = delivery.receipt
    assert (receipt.rows, receipt.accepted, receipt.quarantined) == (10, 9, 1)
    assert receipt.reasons == [{"column": "born", "code": "value.not_date", "count": 1, "lines": [11]}]
    assert receipt.filled["last_name"] == 9


def test_nobody_can_send_for_another_agency(town, agree):
    agree()
    with pytest.raises(NotPermitted):
        services.receive_delivery(
            agency=town.agency,
            dataset=DATASET,
            period="2025",
            name="a.csv",
            stream=csv_file(*good_rows(0, 2)),
            by=town.health_people.steward,
        )
    with pytest.raises(UserFacingError, match="does not belong"):
        services.receive_delivery(
            agency=town.health,
            dataset=DATASET,
            period="2025",
            name="a.csv",
            stream=csv_file(*good_rows(0, 2)),
            by=town.health_people.steward,
        )
    assert not Delivery.objects.exists()


def test_without_agreement_nothing_is_received(town, send, sealed_folder):
    with pytest.raises(NoAgreementInForce):
        send(*good_rows(0, 2))
    assert not Delivery.objects.exists()
    assert not [path for path in sealed_folder.rglob("*") if path.is_file()]


def test_same_file_sent_again_returns_first_delivery_and_says_so(agree, send):
    agree()
    first = send(*good_rows(0, 3))
    again = send(*good_rows(0, 3))
    assert (again.pk, again.sent_before) == (first.pk, True)
    assert Delivery.objects.count() == 1
    assert not first.sent_before


def test_correction_supersedes_same_period_and_keeps_record_ids(agree, send):
    agree()
    first = send(*good_rows(0, 4))
    before = {row["pupil_id"]: key for key, row in rows_of(vault).items()}
    second = send(*good_rows(2, 6))
    first.refresh_from_db()
    after = {row["pupil_id"]: key for key, row in rows_of(vault).items()}
    assert (first.state, second.state, second.supersedes) == (State.SUPERSEDED, State.LOADED, first)
    assert after.keys() == {"P2", "P3", "P4", "P5"}
    assert {key: after[key] for key in ("P2", "P3")} == {key: before[key] for key in ("P2", "P3")}
    assert second.receipt.known == 2
    assert rows_of(holdings).keys() == set(after.values())


def test_other_period_is_added_and_record_ids_stay(agree, send):
    agree()
    send(*good_rows(0, 3), period="2024-25")
    send(*good_rows(1, 5), period="2025-26")
    pairs = {(row["pupil_id"], row["record_id"]) for row in vault.read(DATASET).to_pylist()}
    assert len(pairs) == 5
    assert vault.read(DATASET).num_rows == 7


def test_superseded_version_is_destroyed_after_a_day_of_grace(agree, send):
    agree()
    first = send(*good_rows(0, 4))
    send(*good_rows(2, 6))
    assert services.destroy_due(timezone.now()) == 0
    assert services.destroy_due(timezone.now() + timedelta(days=2)) == 1
    first.refresh_from_db()
    assert first.state == State.DESTROYED
    assert vault.read(DATASET).num_rows == 4
    assert not vault.superseded_parts(DATASET)


def test_delivery_with_too_many_bad_rows_is_refused_and_changes_nothing(agree, send):
    agree()
    send(*good_rows(0, 4))
    generation = vault.generation_number(DATASET)
    refused = send("P1,A,01/01/2015,KG,,", "P2,A,01/01/2015,XX,,", "P3,A,01/01/2015,YY,,", period="2026-27")
    assert (refused.state, refused.reason) == (State.REFUSED, "rows.too_many_rejected")
    assert "not one of the agreed codes, in column grade" in refused.reason_text
    assert refused.receipt.reasons[0]["lines"] == [3, 4]
    assert (vault.generation_number(DATASET), vault.read(DATASET).num_rows) == (generation, 4)
    assert not refused.parts.filter(certificate=None).exists()


def test_refused_file_leaves_no_delivery_no_file_and_one_log_entry(agree, send, sealed_folder):
    agree()
    with pytest.raises(FileRefused) as refusal:
        send(stream=csv_file(*good_rows(0, 3), "P3,Na\0me,,,"))
    assert (refusal.value.rule, refusal.value.place.line, refusal.value.place.column) == (
        "encoding.nul",
        5,
        "last_name",
    )
    assert not Delivery.objects.exists()
    storage.sweep(timedelta(0))
    assert not [path for path in sealed_folder.rglob("*") if path.is_file()]
    entries = list(audit.entries(event=Event.DELIVERY_REFUSED))
    assert [entry.facts["rule"] for entry in entries] == ["encoding.nul"]


@pytest.mark.parametrize("pack", ["gzip", "zip", "stream"])
def test_packed_file_and_forward_only_stream_are_loaded(agree, send, pack):
    agree()
    plain = csv_file(*good_rows(0, 3)).getvalue()
    if pack == "gzip":
        stream, name = io.BytesIO(gzip.compress(plain)), "enrollment.csv.gz"
    else:
        stream, name = io.BytesIO(), "enrollment.zip"
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("enrollment.csv", plain)
    if pack == "stream":
        stream = _forward_only(stream.getvalue())
    assert send(stream=stream, name=name).receipt.accepted == 3


def _forward_only(data: bytes):
    class Forward(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_):
            raise io.UnsupportedOperation

    return Forward(data)


def test_load_run_twice_changes_nothing_the_second_time(agree, send):
    agree()
    delivery = send(*good_rows(0, 3))
    generation = vault.generation_number(DATASET)
    jobs.start("load delivery", by=None, about=delivery.about, arguments={"delivery_id": delivery.pk})
    jobs.run_waiting()
    assert vault.generation_number(DATASET) == generation


def test_ended_agreement_destroys_keys_in_every_room(town, agree, send):
    agreement = agree()
    delivery = send(*good_rows(0, 9), "P9,Name9,31/12/2015,KG,,")
    waiting = send(*good_rows(5, 7), period="2026", load=False)
    _end(agreement, town)
    for each in (delivery, waiting):
        each.refresh_from_db()
        assert each.state == State.DESTROYED
        assert not each.parts.filter(certificate=None).exists()
    assert vault.read(DATASET, ["record_id"]).num_rows == 0
    assert holdings.read(DATASET, ["record_id"]).num_rows == 0
    assert jobs.run_waiting() >= 0  # the waiting job finds nothing left to do
    waiting.refresh_from_db()
    assert waiting.state == State.DESTROYED


def test_retention_keeps_sealed_data_until_its_day(town, agree, send):
    agreement = agree(retention_days=30)
    delivery = send(*good_rows(0, 3))
    _end(agreement, town)
    delivery.refresh_from_db()
    assert delivery.state == State.LOADED
    assert services.destroy_due(timezone.now() + timedelta(days=29)) == 0
    assert services.destroy_due(timezone.now() + timedelta(days=31)) == 1
    delivery.refresh_from_db()
    assert delivery.state == State.DESTROYED


def test_agreement_renewed_within_retention_keeps_its_data(town, agree, send):
    agreement = agree(retention_days=30)
    delivery = send(*good_rows(0, 3))
    _end(agreement, town)
    agree(code="DSA-2")
    assert services.destroy_due(timezone.now() + timedelta(days=31)) == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.destroy_due_at) == (State.LOADED, None)


def test_field_that_loses_cover_is_removed_from_a_new_generation(town, agree, send):
    narrow = {name: uses for name, uses in USES.items() if name not in ("days", "born")}
    wide = agree()
    agree(narrow, code="DSA-2")
    delivery = send(*good_rows(0, 9), "P9,Name9,31/12/2015,KG,,")
    old = set(delivery.parts.filter(certificate=None).values_list("pk", flat=True))
    before = rows_of(vault)
    _end(wide, town)
    jobs.run_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.removed) == (State.LOADED, ["born", "days"])
    assert set(vault.column_names(DATASET)) == {"record_id", "period", "pupil_id", "last_name"}
    assert set(holdings.column_names(DATASET)) == {"record_id", "period", "grade"}
    assert rows_of(vault).keys() == before.keys()
    assert "born" not in storage.read("quarantine", delivery.quarantine_table).column_names
    assert not delivery.parts.filter(pk__in=old, certificate=None).exists()


def test_agreement_changed_between_sending_and_loading_drops_the_lost_field(town, agree, send):
    wide = agree()
    agree({name: uses for name, uses in USES.items() if name != "days"}, code="DSA-2")
    delivery = send(*good_rows(0, 3), load=False)
    _end(wide, town)
    jobs.run_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.removed) == (State.LOADED, ["days"])
    assert "days" not in holdings.column_names(DATASET)


def _end(agreement, town) -> None:
    agreements.end(agreement, reason="The program closed.", by=town.schools_people.board_member)
    services.agreement_ended(agreement_code=agreement.code, datasets=[DATASET], by=town.steward)


def test_quarantine_opens_for_own_steward_with_reason_and_is_recorded(town, agree, send):
    agree()
    delivery = send(*good_rows(0, 9), "P9,=1+1,12/31/2015,KG,,")
    with pytest.raises(NotPermitted):
        services.open_quarantine(delivery=delivery, reason="I want to look at it", by=town.health_people.steward)
    with pytest.raises(UserFacingError, match="reason"):
        services.open_quarantine(delivery=delivery, reason="why", by=town.steward)
    rows = services.open_quarantine(delivery=delivery, reason="To mend the export.", by=town.steward)
    assert rows.to_pylist() == [
        {
            "line": 11,
            "reasons": "last_name:value.formula",
            "pupil_id": "P9",
            "last_name": "=1+1",
            "born": "12/31/2015",
            "grade": "KG",
            "days": "",
        }
    ]
    assert "P9,'=1+1," in services.as_csv(rows)
    assert [entry.facts["reason"] for entry in audit.entries(event=Event.QUARANTINE_OPENED)] == ["To mend the export."]


def test_quarantine_shows_only_what_an_agreement_still_covers(town, agree, send):
    wide = agree()
    narrow = agree({name: uses for name, uses in USES.items() if name != "born"}, code="DSA-2")
    delivery = send(*good_rows(0, 9), "P9,=1+1,12/31/2015,KG,,")
    # Ended by the agreement's own service alone: the fields are refused before any job has removed them.
    agreements.end(wide, reason="The program closed.", by=town.schools_people.board_member)
    rows = services.open_quarantine(delivery=delivery, reason="To mend the export.", by=town.steward)
    assert "born" not in rows.column_names
    assert {"line", "reasons", "pupil_id", "grade"} <= set(rows.column_names)
    agreements.end(narrow, reason="The program closed.", by=town.schools_people.board_member)
    with pytest.raises(NotPermitted, match="No agreement in force"):
        services.open_quarantine(delivery=delivery, reason="To mend the export.", by=town.steward)


def test_header_may_be_respelled_and_columns_in_any_order(agree, send):
    agree()
    delivery = send(stream=csv_file("KG,P1, Lee ,01/31/2015", header="Grade,PUPIL_ID,last_name,born"))
    assert delivery.state == State.LOADED
    assert delivery.notes == ["note.respelled"]
    assert delivery.absent == ["days"]
    assert [row["last_name"] for row in vault.read(DATASET).to_pylist()] == ["Lee"]
