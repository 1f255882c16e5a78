"""One record delivered in several periods is one record of the register, and its person stays."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from infotrust.core.elements import ELEMENTS, SemanticType
from infotrust.core.practice import County, Span, load_parameters, make_deliveries
from infotrust.shared.audit import queries as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.jobs import services as jobs
from infotrust.shared.permissions.decision import Decision
from infotrust.shared.vault import services as vault
from infotrust.stages.linkage import linking, register, services
from infotrust.stages.linkage.models import LinkageRun
from infotrust.stages.linkage.plan import PlannedDataset, PlannedField
from tests.stages.linkage.conftest import CLIENTS, COUNTY, PUPILS

pytestmark = pytest.mark.django_db
MARIGOLD = Path(__file__).parents[3] / "examples" / "marigold"


def of(period: str, rows: list[dict]) -> list[dict]:
    return [row | {"period": period} for row in rows]


def persons() -> dict[str, str]:
    table = register.persons()
    return dict(zip(table["record_id"].to_pylist(), table["person_id"].to_pylist(), strict=True))


def test_a_record_of_two_periods_is_one_record_and_keeps_its_person(agree, deliver, link):
    agree()
    deliver("school-enrollment", of("2025-26", PUPILS))
    deliver("snap", of("2025-26", CLIENTS))
    first, before = link(), persons()
    deliver("school-enrollment", of("2026-27", PUPILS[10:]))
    run, after = link(), persons()
    assert (run.records, run.persons) == (first.records, first.persons) == (160, 120)
    assert after == before
    school = run.manifest["datasets"][0]
    assert (school["records"], school["rows"], school["periods"]) == (80, 150, ["2025-26", "2026-27"])
    assert run.manifest["events"] == []


@pytest.mark.parametrize("order", [("2025-26", "2026-27"), ("2026-27", "2025-26")], ids=["in order", "late"])
def test_identifiers_are_those_of_the_latest_period_in_whatever_order_they_arrive(agree, deliver, link, order):
    agree()
    # What agencies call the child in 2026-27 is what homeless services know; the name before was another.
    other = COUNTY[-1]
    named = {
        "2025-26": [PUPILS[0] | {name: other[name] for name in ("first_name", "last_name", "birth_date", "zip_code")}],
        "2026-27": [PUPILS[0]],
    }
    for period in order:
        deliver("school-enrollment", of(period, named[period] + PUPILS[1:]))
    deliver("snap", of("2025-26", [*CLIENTS, COUNTY[0] | {"record_id": "f" * 32}]))
    run, found = link(), persons()
    assert found[PUPILS[0]["record_id"]] == found["f" * 32]
    assert found[PUPILS[0]["record_id"]] != found[CLIENTS[-1]["record_id"]]
    assert run.records == len(PUPILS) + len(CLIENTS) + 1


def test_records_that_vanish_from_every_period_leave_the_register_at_the_next_linkage(agree, deliver, link):
    agree()
    part = deliver("school-enrollment", of("2025-26", PUPILS))
    deliver("school-enrollment", of("2026-27", PUPILS[:5]))
    deliver("snap", of("2025-26", CLIENTS))
    link()
    before = persons()
    deliver("school-enrollment", of("2025-26", PUPILS[10:]), replaces=[part])
    run, after = link(), persons()
    gone = {row["record_id"] for row in PUPILS[5:10]}
    assert set(before) - set(after) == gone
    assert {record: before[record] for record in after} == after
    assert run.records == 155
    assert run.manifest["events"] == [{"change": "ended", "cause": "records no longer there", "count": 5}]


def test_a_job_that_is_refused_is_recorded_as_a_refusal(agree, delivered, town):
    agree()
    job = services.start_linkage(by=town.officer)
    town.officer.roles_held.all().delete()
    jobs.run_waiting()
    job.refresh_from_db()
    refusal = audit.entries(event=Event.ACCESS_REFUSED).get()
    assert job.state == "failed"
    assert (refusal.about, refusal.actor) == (job.about, f"user:{town.officer.pk}")
    assert LinkageRun.objects.get().generation is None


# --- the practice county, two years ---


def planned(dataset: dict) -> PlannedDataset:
    fields = tuple(
        PlannedField(field["name"], field["title"], SemanticType(field["semantic"]), Decision(True))
        for field in dataset["fields"]
        if ELEMENTS[SemanticType(field.get("semantic", "other"))].links and field.get("availability") != "unavailable"
    )
    return PlannedDataset(dataset["code"], dataset["title"], fields, (), 0)


def rows_of(file, plan: PlannedDataset, period: str) -> pa.Table:
    """The identifiers of a file, as intake puts them into the vault."""
    dates = {field.name for field in plan.fields if field.semantic == SemanticType.BIRTH_DATE}
    good = file.rejected == ""
    columns = {
        field.name: [value or None for value in file.columns[field.name][good]]
        for field in plan.fields
        if field.name not in dates
    }
    columns |= {name: [iso(value) for value in file.columns[name][good]] for name in dates}
    ids = [hashlib.md5(f"{plan.code} {key}".encode()).hexdigest() for key in file.columns[file.key][good]]
    return pa.table({"record_id": ids, "period": [period] * len(ids), **columns})


def iso(written: str) -> str | None:
    """A date of birth, month/day/year or ISO, as ISO 8601."""
    if "/" not in written:
        return written or None
    month, day, year = written.split("/")
    return f"{year}-{int(month):02d}-{int(day):02d}"


def test_when_the_second_year_of_the_practice_county_arrives_every_person_id_stays_or_history_tells(db):
    datasets = yaml.safe_load((MARIGOLD / "datasets.yaml").read_text(encoding="utf-8"))["datasets"]
    plans = [planned(dataset) for dataset in datasets]
    county = County(2_500, 3, Span(2023, 4), load_parameters(MARIGOLD / "parameters.yaml"))
    previous = register.persons()
    linked = []
    for run, period in enumerate(("2025-26", "2026-27"), start=1):
        files = make_deliveries(county, period)
        for plan in plans:
            vault.add(plan.code, vault.seal(plan.code, rows_of(files[plan.code], plan, period)))
        opened = linking.open_vault(plans, lambda *_: None)
        linked.append(linking.link(opened, previous, run=run, tell=lambda *_: None))
        previous = linked[-1].persons
    first, second = (dict(zip(*(one.persons[name].to_pylist() for name in ("record_id", "person_id")), strict=True))
                     for one in linked)  # fmt: skip
    assert len(linked[1].persons) == len(second) == linked[1].records  # one row for each record
    assert second.keys() >= first.keys()  # the first period is still there
    assert len(second) > len(first)
    told = {(person, other) for _run, change, person, other, _cause in linked[1].history if change != "created"}
    changed = {(first[record], second[record]) for record in first if first[record] != second[record]}
    assert changed <= told
    # Told changes are few: identifiers hang on records, and records keep their number from year to year.
    stayed = sum(first[record] == second[record] for record in first) / len(first)
    assert stayed >= 0.98, stayed
    assert Counter(change for _run, change, *_ in linked[1].history)["created"] > 0
