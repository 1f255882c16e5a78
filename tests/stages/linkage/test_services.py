"""Records become persons, under agreements only, once and for all, and stop being so when the agreement ends."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from infotrust.core.errors import UserFacingError
from infotrust.core.vaulting import KeyUnavailable
from infotrust.shared.audit import queries as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.jobs import services as jobs
from infotrust.shared.jobs.progress import Progress
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.storage import queries as storage
from infotrust.shared.storage.models import SealedPart
from infotrust.shared.vault import services as vault
from infotrust.stages.agreements import services as agreements
from infotrust.stages.linkage import queries, register, services
from infotrust.stages.linkage.models import LinkageRun
from infotrust.stages.linkage.services import LinkageOvertaken, NothingToLink
from tests.stages.linkage.conftest import CLIENTS, COUNTY, LINKED, PUPILS, elsewhere, people

pytestmark = pytest.mark.django_db


def person_of() -> dict[str, str]:
    table = register.persons()
    return dict(zip(table["record_id"].to_pylist(), table["person_id"].to_pylist(), strict=True))


def ids(rows) -> list[str]:
    return [row["record_id"] for row in rows]


def forget(agreement: str, *datasets: str) -> LinkageRun | None:
    """Ask for what follows when an agreement ends (nothing is left to do where it was asked for already)."""
    services.agreement_ended(agreement_code=agreement, datasets=datasets, by=None)
    return LinkageRun.objects.filter(kind="removal").first()


class Interrupted(Exception):
    """Stands for a worker that dies at a step."""


class Stub(Progress):
    """Progress that does something when a step begins."""

    def __init__(self, at: str, do) -> None:
        self.at, self.do, self.names = at, do, []

    def step(self, name, done=0, total=None) -> None:
        self.names.append(name)
        if name == self.at:
            self.do()


def asked(town) -> LinkageRun:
    return LinkageRun.objects.get(job=services.start_linkage(by=town.officer))


def test_children_in_both_files_become_one_person_and_the_others_stay_apart(agree, delivered, link):
    agree()
    run = link()
    found = person_of()
    assert (run.records, run.persons) == (160, 120)
    assert [found[one] for one in ids(PUPILS[40:])] == [found[one] for one in ids(CLIENTS[:40])]
    assert len(set(found.values())) == 120
    assert all(len(person) == 32 for person in found.values())


def test_the_same_data_linked_again_gives_the_same_persons(agree, delivered, link):
    agree()
    link()
    before = person_of()
    again = link()
    assert person_of() == before
    assert again.manifest["events"] == []
    assert LinkageRun.objects.get(state="in_use") == again


def test_a_new_delivery_keeps_every_person_and_adds_new_ones(agree, delivered, deliver, link):
    agree()
    link()
    before = person_of()
    known = elsewhere(COUNTY[:5], seed=21)
    deliver("snap", known + elsewhere(people(6, seed=99), seed=22))
    run = link()
    after = person_of()
    assert {record: after[record] for record in before} == before
    assert [after[one] for one in ids(known)] == [before[one] for one in ids(PUPILS[:5])]
    assert run.manifest["events"] == [{"change": "created", "cause": "new records", "count": 6}]


def test_a_record_delivered_again_counts_once_with_its_latest_row(agree, delivered, deliver, link):
    agree()
    deliver("snap", [CLIENTS[0] | {"last_name": "Newname"}, *CLIENTS[1:]])
    assert link().records == 160
    assert LinkageRun.objects.get().manifest["datasets"][1]["records"] == len(CLIENTS)


def test_what_is_linked_is_recorded_with_agreement_and_policy(agree, delivered, link):
    agree()
    run = link()
    allowed = audit.entries(event=Event.ACCESS_ALLOWED, about="dataset:snap").get().facts
    assert (allowed["agreement"], allowed["action"], allowed["purpose"]) == ("DSA-1", "link", "linkage")
    assert allowed["fields"] == sorted(LINKED)
    entry = audit.entries(event=Event.LINKAGE_RUN).get()
    assert entry.about == f"linkage:{run.pk}"
    assert entry.facts["policy_version"] == run.policy_version != ""
    assert (entry.facts["records"], entry.facts["persons"]) == (160, 120)


def test_a_field_the_agreement_does_not_let_be_linked_is_left_out_with_its_reason(agree, delivered, link):
    agree(uses={"school-enrollment": LINKED, "snap": LINKED | {"zip_code": {"contribute"}}})
    run = link()
    snap = run.manifest["datasets"][1]
    assert [field["name"] for field in snap["fields"]] == ["first_name", "last_name", "birth_date"]
    [left_out] = run.manifest["left_out"]
    assert (left_out["code"], left_out["whole"]) == ("snap", False)
    assert [field["name"] for field in left_out["fields"]] == ["zip_code"]
    assert left_out["fields"][0]["reasons"][0]["plain"]


def test_a_dataset_without_any_permitted_identifier_is_left_out_whole(agree, delivered, link):
    agree(uses={"school-enrollment": LINKED})
    run = link()
    assert run.records == 80
    assert set(register.persons()["dataset"].to_pylist()) == {"school-enrollment"}
    assert [(one["code"], one["whole"]) for one in run.manifest["left_out"]] == [("snap", True)]


def test_nothing_is_linked_without_an_agreement(town, delivered):
    with pytest.raises(NothingToLink):
        services.start_linkage(by=town.officer)
    assert not LinkageRun.objects.exists()


@pytest.mark.parametrize("role", ["analyst", "steward", "administrator", "board_member"])
def test_only_a_linkage_officer_starts_a_linkage(agree, delivered, make_user, role):
    agree()
    with pytest.raises(NotPermitted):
        services.start_linkage(by=make_user(role))


def test_a_second_linkage_waits_for_the_first(agree, delivered, town):
    agree()
    services.start_linkage(by=town.officer)
    with pytest.raises(UserFacingError, match="still going on"):
        services.start_linkage(by=town.officer)


def test_an_agreement_that_ends_while_a_run_waits_makes_it_fail_and_changes_nothing(agree, delivered, town, link):
    agreement = agree()
    job = services.start_linkage(by=town.officer)
    agreements.end(agreement, reason="The board ended it.", by=town.schools.board_member)
    jobs.run_waiting()
    job.refresh_from_db()
    assert job.state == "failed"
    assert register.generation() == 0


def test_an_agreement_that_ends_in_mid_run_stops_the_result_from_being_used(agree, delivered, town):
    agreement = agree()
    end = Stub("Write the register", lambda: agreements.end(agreement, reason="Over.", by=town.schools.board_member))
    with pytest.raises(LinkageOvertaken):
        services.link_records(end, run=asked(town).pk)
    assert register.persons().num_rows == 0


def test_a_worker_that_dies_at_any_step_leaves_the_old_register_and_the_run_can_be_done_again(
    agree, delivered, deliver, town, link
):
    agree()
    link()
    before, generation = person_of(), register.generation()
    deliver("snap", elsewhere(people(3, seed=5), seed=6))
    run = asked(town)
    steps = Stub("", None)

    def die():
        raise Interrupted

    for step in (
        "Decide which identifiers may be used",
        "Open the vault",
        "Group records into persons",
        "Keep the identifiers of persons",
        "Write the register",
    ):
        with pytest.raises(Interrupted):
            services.link_records(Stub(step, die), run=run.pk)
        assert (person_of(), register.generation()) == (before, generation)
    services.link_records(steps, run=run.pk)
    assert len(person_of()) == len(before) + 3
    done = register.generation()
    assert services.link_records(Stub("", None), run=run.pk)["records"] == len(before) + 3
    assert register.generation() == done, "run again after it was put into use, it changes nothing"


def test_when_the_agreement_ends_the_records_leave_the_register_and_the_old_one_is_shredded(
    agree, delivered, town, link
):
    agree(uses={"school-enrollment": LINKED})
    second = agree("DSA-2", uses={"snap": LINKED})
    link()
    before, old = person_of(), storage.current_parts("register", "persons")
    agreements.end(second, reason="Over.", by=town.schools.board_member)
    run = forget("DSA-2", "snap")
    assert (run.kind, run.records, run.persons) == ("removal", 80, 80)
    assert person_of() == {record: before[record] for record in ids(PUPILS)}
    assert run.manifest["removed"] == [{"code": "snap", "records": 80}]
    for part in old:
        part.refresh_from_db()
        with pytest.raises(KeyUnavailable):
            storage.data_key(part)
    assert queries.resolve(before[CLIENTS[-1]["record_id"]]) == ()
    assert queries.resolve(before[CLIENTS[0]["record_id"]]) == (before[CLIENTS[0]["record_id"]],)


def test_an_agreement_that_ends_while_another_covers_the_dataset_removes_nothing(agree, delivered, town, link):
    agree()
    second = agree("DSA-2")
    link()
    agreements.end(second, reason="Over.", by=town.schools.board_member)
    assert forget("DSA-2", "snap", "school-enrollment") is None
    assert register.persons().num_rows == 160


def test_when_every_agreement_ends_the_register_is_empty(agree, delivered, town, link):
    agreement = agree()
    link()
    agreements.end(agreement, reason="Over.", by=town.schools.board_member)
    assert forget("DSA-1", "snap", "school-enrollment").persons == 0
    assert register.persons().num_rows == 0


def test_the_register_replaced_two_runs_ago_is_shredded(agree, delivered, link):
    agree()
    for _ in range(3):
        link()
    living = SealedPart.objects.filter(room="register", table="persons", certificate=None)
    assert living.count() == 2, "the one in use, and the one queries may still be reading"


def test_no_value_about_a_child_is_in_run_log_or_job(agree, delivered, link):
    agree()
    run = link()
    told = json.dumps(run.manifest) + json.dumps([entry.facts for entry in audit.entries()])
    told += json.dumps(run.job.result) + "".join(step.name for step in run.job.steps.all())
    for row in COUNTY:
        for value in (row["first_name"], row["last_name"], row["birth_date"], row["record_id"]):
            assert f'"{value}"' not in told
    assert not any(person in told for person in person_of().values())


def test_the_register_holds_record_and_person_and_nothing_else(agree, delivered, link):
    agree()
    link()
    assert storage.column_names("register", "persons") == ["record_id", "dataset", "person_id", "weight"]
    records = register.persons()["record_id"].to_pylist()
    assert records == sorted(records)


def test_linkage_opens_the_vault_and_needs_no_key_of_the_holdings(agree, delivered, link, settings):
    agree()
    settings.MASTER_KEYS = {room: key for room, key in settings.MASTER_KEYS.items() if room != "holdings"}
    assert link().records == 160


def test_old_identifiers_resolve_through_merges_and_splits():
    table = pa.table(
        {"record_id": ["r1", "r2"], "dataset": ["snap"] * 2, "person_id": ["C", "D"], "weight": [None, None]}
    )
    lines = [
        (1, "created", "A", "", "new records"),
        (2, "merged", "A", "B", "new records"),
        (3, "split", "B", "C", "records linked differently"),
        (3, "split", "B", "D", "records linked differently"),
        (3, "ended", "E", "", "records no longer there"),
    ]
    register.switch(register.seal_persons(table), register.seal_history(lines[:2]))
    register.switch(register.seal_persons(table), register.seal_history(lines[2:]))
    assert queries.resolve("A") == queries.resolve("B") == ("C", "D")
    assert queries.resolve("B", since_run=3) == ()
    assert queries.resolve("C") == ("C",)
    assert queries.resolve("E") == queries.resolve("never seen") == ()


def test_the_vault_is_only_read(agree, delivered, link):
    agree()
    generations = {code: vault.generation_number(code) for code in vault.datasets()}
    run = link()
    assert {one["code"]: one["generation"] for one in run.manifest["datasets"]} == generations
    assert {code: vault.generation_number(code) for code in vault.datasets()} == generations
