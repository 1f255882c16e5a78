"""Who lives with whom and whose child one is: kept through linkages, seen by linkage officers, one person at a time."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from infotrust.shared.audit import queries as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.storage import queries as storage
from infotrust.shared.storage.models import SealedPart
from infotrust.stages.agreements import services as agreements
from infotrust.stages.agreements.queries import agreement
from infotrust.stages.inventory.terms import FieldSpec
from infotrust.stages.linkage import register, relations, services
from infotrust.stages.linkage.queries import NoSuchPerson
from infotrust.stages.linkage.rows import days_of_period, latest_rows, seen_days
from tests.stages.linkage import conftest
from tests.stages.linkage.conftest import LINKED, PUPILS, elsewhere, people

BACKEND = "django.contrib.auth.backends.ModelBackend"
HOMES = LINKED | {name: {"contribute", "link"} for name in ("street_address", "guardian_name")}
EMPTY = {"street_address": "", "guardian_name": ""}
MOTHER = people(1, seed=99)[0] | {
    "first_name": "Ana", "last_name": "Brightwater", "birth_date": "1988-04-05", "street_address": "12 Elm St",
    "zip_code": "60601", "guardian_name": "", "period": "2024",
}  # fmt: skip
CHILD = people(1, seed=98)[0] | {
    "first_name": "Bruno", "last_name": "Brightwater", "birth_date": "2014-02-03", "street_address": "12 Elm St",
    "zip_code": "60601", "guardian_name": "Ana Brightwater", "period": "2025",
}  # fmt: skip


@pytest.fixture
def homes(monkeypatch) -> None:
    """Both datasets know addresses and guardians."""
    fields = conftest._fields

    def more(law: str) -> list[FieldSpec]:
        told = (("street_address", "street_address"), ("guardian_name", "guardian_name"))
        return [
            *fields(law),
            *(FieldSpec(name, name, "Of the home", "text", semantic, law_classes=(law,)) for name, semantic in told),
        ]

    monkeypatch.setattr(conftest, "_fields", more)


@pytest.fixture
def family(homes, agree, deliver, link, town):
    """A mother whom human services know, her child whom the schools know, and others; linked once."""
    agree(uses=dict.fromkeys(("school-enrollment", "snap"), HOMES))
    others = [row | EMPTY | {"period": "2025"} for row in PUPILS[:40]]
    deliver("school-enrollment", [*others, CHILD])
    deliver("snap", [MOTHER, *elsewhere(others[20:], seed=8)])
    link()
    return town.officer


def person_of(row: dict[str, str]) -> str:
    table = register.persons()
    found = dict(zip(table["record_id"].to_pylist(), table["person_id"].to_pylist(), strict=True))
    return found[row["record_id"]]


@pytest.mark.django_db
def test_a_mother_and_her_child_are_a_household_with_time_and_reasons_and_the_look_is_recorded(family):
    found = services.open_relations(person_of(CHILD), by=family)
    [home] = found.homes
    assert {one.who for one in home.members} == {person_of(CHILD), person_of(MOTHER)}
    spans = {one.who: (one.begin, one.end) for one in home.members}
    assert spans[person_of(MOTHER)] == (date(2024, 1, 1), date(2024, 12, 31))
    assert spans[person_of(CHILD)] == (date(2025, 1, 1), date(2025, 12, 31))
    [parent] = found.parents
    assert (parent.role, parent.who, parent.begin) == ("guardian", person_of(MOTHER), date(2014, 2, 3))
    assert parent.ties == ("address",)
    assert ("school-enrollment", CHILD["record_id"]) in parent.evidence
    [child] = services.open_relations(person_of(MOTHER), by=family).children
    assert child.who == person_of(CHILD)
    [entry] = [one for one in audit.entries(event=Event.RELATIONS_OPENED) if one.facts["person"] == person_of(CHILD)]
    assert entry.actor == f"user:{family.pk}"
    assert entry.facts["others"] == [person_of(MOTHER)]
    assert f"school-enrollment/{CHILD['record_id']}" in entry.facts["records"]


@pytest.mark.django_db
def test_what_is_kept_of_relations_holds_no_name_and_no_address(family):
    told = str(storage.read("register", relations.RELATIONS).to_pydict())
    assert person_of(MOTHER) in told
    assert not any(value in told for value in ("Brightwater", "Elm", "BRIGHTWATER", "60601"))


@pytest.mark.django_db
def test_relations_are_closed_and_replaced_by_later_linkages_and_old_identifiers_lead_on(family, deliver, link):
    moved = CHILD | {"street_address": "7 Oak Ave", "guardian_name": "", "period": "2026"}
    deliver("school-enrollment", [moved])
    link()
    found = services.open_relations(person_of(CHILD), by=family)
    assert (found.homes, found.parents) == ((), ())
    assert {(one.role, one.who) for one in found.earlier} >= {
        ("household", person_of(CHILD)), ("guardian", person_of(MOTHER))
    }  # fmt: skip
    assert all(one.until is not None and one.since < one.until for one in found.earlier)
    old = "f" * 32
    history = register.seal_history([(1, "merged", old, person_of(CHILD), "new records")])
    register.switch(register.seal_persons(register.persons()), history)
    assert services.open_relations(old, by=family).now == (person_of(CHILD),)
    assert register.leading_to(person_of(CHILD)) == tuple(sorted({old, person_of(CHILD)}))


@pytest.mark.django_db
def test_a_linkage_that_finds_the_same_changes_nothing_and_destroys_what_was_kept_before(family, link):
    before = relations.kept().to_pylist()
    link()
    assert relations.kept().to_pylist() == before
    assert SealedPart.objects.filter(room="register", table=relations.RELATIONS, certificate=None).count() == 1


@pytest.mark.django_db
def test_when_an_agreement_ends_nothing_is_told_by_its_records_any_more(homes, agree, deliver, link, town):
    agree(uses={"school-enrollment": HOMES})
    agree("DSA-2", uses={"snap": HOMES})
    deliver("school-enrollment", [*(row | EMPTY | {"period": "2025"} for row in PUPILS[:20]), CHILD])
    deliver("snap", [MOTHER])
    link()
    assert relations.kept().num_rows >= 3
    agreements.end(agreement("DSA-2"), reason="Over.", by=town.schools.board_member)
    kept = relations.kept().to_pylist()
    assert not any("snap/" in row["evidence"] for row in kept)
    found = services.open_relations(person_of(CHILD), by=town.officer)
    assert found.parents == found.earlier == ()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["administrator", "board_member", "steward", "analyst"])
def test_nobody_but_a_linkage_officer_sees_relations(family, make_user, client, role):
    other = make_user(role)
    with pytest.raises(NotPermitted):
        services.open_relations(person_of(CHILD), by=other)
    client.force_login(other, backend=BACKEND)
    assert client.post(f"/linkage/explain/person/{person_of(CHILD)}/relations/").status_code == 403
    assert not audit.entries(event=Event.RELATIONS_OPENED).exists()


@pytest.mark.django_db
def test_the_page_leads_from_a_person_to_the_others_and_is_not_opened_by_a_link(family, client):
    client.force_login(family, backend=BACKEND)
    address = f"/linkage/explain/person/{person_of(CHILD)}/"
    assert f'action="{address}relations/"' in client.get(address).content.decode()
    assert client.get(f"{address}relations/").status_code == 405
    shown = client.post(f"{address}relations/").content.decode()
    assert f"/linkage/explain/person/{person_of(MOTHER)}/" in shown
    assert "same address" in shown
    assert "Brightwater" not in shown
    alone = client.post(f"/linkage/explain/person/{person_of(PUPILS[0])}/relations/").content.decode()
    assert "Nobody is known to live with this person" in alone
    assert client.post(f"/linkage/explain/person/{'0' * 32}/relations/").status_code == 404
    with pytest.raises(NoSuchPerson):
        services.open_relations("0" * 32, by=family)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2025", (2025, 1, 1), (2025, 12, 31)),
        ("2025-Q4", (2025, 10, 1), (2025, 12, 31)),
        ("2024-02", (2024, 2, 1), (2024, 2, 29)),
        ("2024-12", (2024, 12, 1), (2024, 12, 31)),
        ("2025-26", (2025, 7, 1), (2026, 6, 30)),
        ("2011-12", (2011, 7, 1), (2012, 6, 30)),
        ("2025-2026", (2025, 7, 1), (2026, 6, 30)),
        ("2025-03-31", (2025, 3, 31), (2025, 3, 31)),
    ],
)
def test_a_period_s_name_tells_its_days(period, first, last):
    assert days_of_period(period) == (date(*first), date(*last))


@pytest.mark.parametrize("period", ["", "spring", "2025-99", "2025-13-01", "0000"])
def test_what_is_no_period_tells_no_day(period):
    assert days_of_period(period) is None


def test_a_record_was_true_for_all_periods_that_say_what_the_latest_says():
    rows = [("a", "Elm", "2023"), ("a", "Oak", "2024"), ("a", "Oak", "2025"), ("b", None, "2025"), ("c", "Elm", "x")]
    table = pa.table(dict(zip(("record_id", "street", "period"), map(list, zip(*rows, strict=True)), strict=True)))
    latest = latest_rows(table)
    begin, end = seen_days(table, latest)
    assert latest["street"].to_pylist() == ["Oak", None, "Elm"]
    assert begin.tolist() == [date(2024, 1, 1).toordinal(), date(2025, 1, 1).toordinal(), 0]
    assert end.tolist() == [date(2025, 12, 31).toordinal()] * 2 + [0]
