"""The pages of deliveries as a browser would ask for them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from infotrust.shared.audit import queries as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.jobs import services as jobs
from infotrust.stages.intake.models import Delivery
from infotrust.stages.intake.uploads import SpoolUploadHandler
from tests.stages.intake.world import DATASET, csv_file, good_rows

SEND = f"/deliveries/send/{DATASET}/"


@pytest.fixture
def steward(town) -> Client:
    client = Client()
    client.force_login(town.steward, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def stranger(town) -> Client:
    client = Client()
    client.force_login(town.health_people.steward, backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(client: Client, *rows: str, period: str = "2025-26", name: str = "a.csv"):
    file = SimpleUploadedFile(name, csv_file(*rows).getvalue(), "text/csv")
    return client.post(SEND, {"period": period, "file": file})


def test_steward_sees_what_is_due_and_what_the_file_must_have(agree, steward):
    assert b"No agreement in force covers it." in steward.get("/deliveries/").content
    agree()
    assert SEND.encode() in steward.get("/deliveries/").content
    page = steward.get(SEND).content.decode()
    assert "DSA-1" in page
    assert "<code>born</code>" in page
    assert "lunch_debt" not in page
    contract = steward.get(f"/deliveries/contracts/{DATASET}.yaml")
    assert "kind: DataContract" in contract.content.decode()


def test_steward_sends_a_file_follows_it_and_reads_the_receipt(agree, steward):
    agree()
    sent = upload(steward, *good_rows(0, 9), "P9,Name9,31/12/2015,KG,,")
    delivery = Delivery.objects.get()
    assert sent.status_code == 302
    assert sent.url == f"/deliveries/{delivery.pk}/"
    assert "waits for its check" in steward.get(sent.url).content.decode()
    assert steward.get(f"{sent.url}outcome/?state=received").status_code == 204
    jobs.run_waiting()
    page = steward.get(sent.url).content.decode()
    assert "lunch_debt" in page
    assert "not a date in the agreed form" in page
    assert "31/12/2015" not in page
    assert steward.get(f"{sent.url}outcome/?state=received").status_code == 200
    assert (
        "sent before" in steward.get(upload(steward, *good_rows(0, 9), "P9,Name9,31/12/2015,KG,,").url).content.decode()
    )


def test_bad_file_is_explained_on_the_same_page(agree, steward):
    agree()
    answer = upload(steward, "P1,Zebedee\0,,,,")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "a.csv, line 2, column last_name: The file has a zero byte" in page
    assert "Zebedee" not in page
    assert not Delivery.objects.exists()


def test_missing_file_and_period_are_asked_for(agree, steward):
    agree()
    answer = steward.post(SEND, {})
    assert answer.status_code == 400
    assert answer.content.decode().count("This field is required.") >= 2


def test_other_agency_may_follow_but_neither_send_nor_open_the_quarantine(agree, steward, stranger):
    agree()
    upload(steward, *good_rows(0, 9), "P9,Name9,31/12/2015,KG,,")
    jobs.run_waiting()
    number = Delivery.objects.get().pk
    assert stranger.get(f"/deliveries/{number}/").status_code == 200
    assert b"Open the rejected rows" not in stranger.get(f"/deliveries/{number}/").content
    for address in (SEND, f"/deliveries/contracts/{DATASET}.yaml", f"/deliveries/{number}/quarantine/"):
        assert stranger.get(address).status_code == 403, address


def test_visitor_is_led_to_sign_in(agree, client):
    for address in ("/deliveries/", SEND, "/deliveries/1/", "/deliveries/1/quarantine/"):
        assert client.get(address).status_code == 302


def test_unknown_delivery_is_not_found(steward):
    assert steward.get("/deliveries/999/").status_code == 404


def test_upload_without_token_is_refused(agree, town):
    agree()
    client = Client(enforce_csrf_checks=True)
    client.force_login(town.steward, backend="django.contrib.auth.backends.ModelBackend")
    assert upload(client, *good_rows(0, 3)).status_code == 403
    assert not Delivery.objects.exists()


def test_quarantine_shows_rows_only_for_a_reason(agree, steward):
    agree()
    upload(steward, *good_rows(0, 9), "P9,=HYPERLINK(1),01/31/2015,KG,,")
    jobs.run_waiting()
    address = f"/deliveries/{Delivery.objects.get().pk}/quarantine/"
    assert "HYPERLINK" not in steward.get(address).content.decode()
    assert "HYPERLINK" not in steward.post(address, {"reason": "x"}).content.decode()
    shown = steward.post(address, {"reason": "To mend the export."})
    assert "HYPERLINK" in shown.content.decode()
    assert "last_name: The value begins like a spreadsheet formula." in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    file = steward.post(address, {"reason": "To mend the export.", "download": "1"})
    assert "'=HYPERLINK(1)" in file.content.decode("utf-8-sig")
    assert audit.entries(event=Event.QUARANTINE_OPENED).count() == 2


def test_upload_beyond_the_limit_is_dropped(sealed_folder):
    from django.core.files.uploadhandler import SkipFile

    handler = SpoolUploadHandler(largest=10)
    handler.new_file("file", "a.csv", "text/csv", 20)
    handler.receive_data_chunk(b"12345678", 0)
    with pytest.raises(SkipFile):
        handler.receive_data_chunk(b"12345678", 8)
    assert (handler.too_large, handler.file_complete(16)) == (True, None)
