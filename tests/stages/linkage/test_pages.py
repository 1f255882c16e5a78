"""What people see of linkage: the officer's plan and runs, progress, refusals, and never a value about a child."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from infotrust.shared.jobs import services as jobs
from infotrust.stages import linkage
from infotrust.stages.agreements import services as agreements
from infotrust.stages.linkage import services, showing
from infotrust.stages.linkage.lifecycle import LIFECYCLE
from infotrust.stages.linkage.linking import overlaps
from infotrust.stages.linkage.models import LinkageRun
from tests.stages.linkage.conftest import COUNTY, LINKED, elsewhere, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    """`page(user, "/linkage/")` is the text of the page as that user sees it."""

    def get(user, address: str, status: int = 200) -> str:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        response = client.get(address)
        assert response.status_code == status
        return response.content.decode()

    return get


def test_before_any_agreement_the_officer_is_told_what_is_missing(town, page):
    text = page(town.officer, "/linkage/")
    assert "Nothing may be linked yet" in text
    assert "No records were linked yet" in text
    assert "Link the records</button>" not in text


def test_the_officer_sees_what_would_be_linked_and_what_is_left_out(agree, delivered, town, page):
    agree(uses={"school-enrollment": LINKED, "snap": LINKED | {"zip_code": {"contribute"}}})
    text = page(town.officer, "/linkage/")
    assert "160 delivered rows of 2 datasets" in text
    assert "DSA-1" in text
    assert "ZIP code:" in text
    assert "Link the records</button>" in text


def test_the_officer_starts_a_run_follows_it_and_reads_what_came_of_it(agree, delivered, town, page, client):
    agree()
    client.force_login(town.officer, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/linkage/start/")
    run = LinkageRun.objects.get()
    assert answer.url == f"/linkage/{run.pk}/"
    waiting = page(town.officer, answer.url)
    assert "Waiting" in waiting
    assert 'hx-select="#run"' in waiting
    assert "is still going on" in page(town.officer, "/linkage/")
    jobs.run_waiting()
    done = page(town.officer, answer.url)
    assert "160 records are about 120 persons." in done
    assert 'hx-select="#run"' not in done
    assert "New persons" in done
    assert "First name, Last name" in done


def test_after_a_run_the_officer_sees_only_what_came_since(agree, delivered, deliver, town, page, link):
    agree()
    link()
    assert "Nothing was delivered since the last linkage." in page(town.officer, "/linkage/")
    deliver("snap", elsewhere(people(3, seed=5), seed=6))
    assert "163 delivered rows, of which 3 came since the last linkage." in page(town.officer, "/linkage/")


def test_a_failed_run_says_what_happened_and_that_nothing_changed(agree, delivered, town, page):
    agreement = agree()
    services.start_linkage(by=town.officer)
    agreements.end(agreement, reason="Over.", by=town.schools.board_member)
    jobs.run_waiting()
    text = page(town.officer, f"/linkage/{LinkageRun.objects.get().pk}/")
    assert "The register in use was not changed." in text
    assert "Start it again" in text


def test_a_removal_tells_which_records_left(agree, delivered, town, page, link):
    agreement = agree()
    link()
    agreements.end(agreement, reason="Over.", by=town.schools.board_member)
    services.agreement_ended(agreement_code="DSA-1", datasets=["snap", "school-enrollment"], by=None)
    removal = LinkageRun.objects.get(kind="removal")
    text = page(town.officer, f"/linkage/{removal.pk}/")
    assert "Agreement DSA-1 ended" in text
    assert "Persons no longer known from any record" in text


def test_a_board_member_follows_runs_but_cannot_start_one(agree, delivered, town, page, client):
    agree()
    services.start_linkage(by=town.officer)
    text = page(town.schools.board_member, "/linkage/")
    assert "Records are linked by linkage officers." in text
    run = page(town.schools.board_member, f"/linkage/{LinkageRun.objects.get().pk}/")
    assert "/jobs/" not in run.split('id="run"')[1].split("</main>")[0], "would be refused, and recorded, every second"
    assert client.post("/linkage/start/").status_code == 403


@pytest.mark.parametrize("role", ["analyst", "steward", "helper", "counsel"])
def test_others_are_refused_with_the_rule(make_user, page, role):
    assert "Linkage runs are followed by" in page(make_user(role), "/linkage/", status=403)


def test_a_run_that_is_not_there_is_said_so(town, page):
    assert "no linkage run number 77" in page(town.officer, "/linkage/77/", status=404)


def test_a_stranger_is_sent_to_sign_in(client, db):
    for address in ("/linkage/", "/linkage/1/"):
        assert client.get(address).url.startswith("/accounts/login/")


def test_no_page_holds_a_value_about_a_child(agree, delivered, town, page, link):
    agree()
    run = link()
    text = page(town.officer, "/linkage/") + page(town.officer, f"/linkage/{run.pk}/")
    for row in COUNTY:
        assert row["birth_date"] not in text
        assert row["record_id"] not in text
        assert f">{row['last_name']}" not in text


def test_small_overlaps_are_not_told_exactly():
    manifest = {"datasets": [{"title": "A"}, {"title": "B"}], "overlaps": [[1200, 7], [7, 11]]}
    assert [row.cells for row in showing.overlap_table(manifest)] == [("1,200", "1 to 10"), ("1 to 10", "11")]


def test_datasets_without_a_common_agreement_are_not_counted_against_each_other():
    under = [("DSA-1", "DSA-2"), ("DSA-1",), ("DSA-2",)]
    counts = overlaps(np.array([0, 1, 2, 2]), np.array([0, 0, 0, 1]), under)
    assert counts == [[1, 1, 1], [1, 1, None], [1, None, 2]]
    manifest = {"datasets": [{"title": "A"}, {"title": "B"}, {"title": "C"}], "overlaps": counts}
    assert showing.overlap_table(manifest)[1].cells[2] == "no common agreement"
    assert showing.shown(0) == "0"


def test_fields_refused_by_the_same_rule_are_told_together():
    rule = [{"rule": "r", "plain": "Not agreed.", "citation": ""}]
    fields = [{"title": "A", "reasons": rule}, {"title": "B", "reasons": rule}]
    assert [group["titles"] for group in showing.refusals(fields)] == ["A, B"]


def test_the_readme_shows_the_states_as_they_are():
    readme = (Path(linkage.__file__).parent / "README.md").read_text(encoding="utf-8")
    shown = readme.split("<!-- diagram:begin -->")[1].split("<!-- diagram:end -->")[0]
    assert shown.strip() == f"```mermaid\n{LIFECYCLE.diagram()}\n```"
