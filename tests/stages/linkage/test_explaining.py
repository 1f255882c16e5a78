"""Why records are together or apart, from sealed evidence: without a value, for those who may, as long as it may be."""

from __future__ import annotations

import re

import pytest

from infotrust.shared.audit import queries as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.storage import queries as storage
from infotrust.shared.storage.models import SealedPart
from infotrust.stages.agreements import services as agreements
from infotrust.stages.agreements.queries import agreement
from infotrust.stages.linkage import evidence, queries, register, services
from infotrust.stages.linkage.evidence import NotKept
from infotrust.stages.linkage.queries import NoSuchPerson
from tests.stages.linkage.conftest import CLIENTS, COUNTY, LINKED, PUPILS

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
ONE, SAME = ("school-enrollment", PUPILS[40]["record_id"]), ("snap", CLIENTS[0]["record_id"])
STRANGER = ("school-enrollment", PUPILS[1]["record_id"])


@pytest.fixture
def officer(agree, delivered, link, town):
    agree()
    link()
    return town.officer


def person_of(record: str) -> str:
    table = register.persons()
    return dict(zip(table["record_id"].to_pylist(), table["person_id"].to_pylist(), strict=True))[record]


def test_two_records_of_one_child_are_explained_by_weights_that_sum_up(officer):
    found = queries.explain_pair(ONE, SAME, by=officer)
    assert found.together
    assert found.weighed.prior + sum(one.weight for one in found.weighed.fields) == pytest.approx(
        found.in_linkage, abs=0.01
    )
    assert {one.field for one in found.weighed.waterfall} >= {"given", "family", "birth_date"}
    assert len(found.person.joins) == 1
    assert found.what_if.together


def test_two_children_are_apart_for_a_reason(officer):
    found = queries.explain_pair(ONE, STRANGER, by=officer)
    assert not found.together
    assert found.apart.why.value
    assert queries.explain_pair(STRANGER, ONE, by=officer).apart.between.mean == found.apart.between.mean


def test_a_person_is_explained_by_identifier_and_an_old_one_leads_on(officer):
    page = queries.explain_person(person_of(ONE[1]), by=officer)
    assert {member.key for member in page.members} == {ONE, SAME}
    assert page.explained.weakest is not None
    with pytest.raises(NoSuchPerson):
        queries.explain_person("0" * 32, by=officer)
    history = register.seal_history([(1, "merged", "f" * 32, person_of(ONE[1]), "new records")])
    register.switch(register.seal_persons(register.persons()), history)
    assert queries.explain_person("f" * 32, by=officer).now == (person_of(ONE[1]),)


def test_the_evidence_holds_no_value_of_a_child(officer):
    told = str(evidence.about())
    for table in evidence.TABLES[1:]:
        told += str(storage.read("register", table).to_pydict())
    for row in COUNTY:
        assert row["last_name"] not in told
        assert row["birth_date"].replace("-", "") not in told


def test_opening_explains_in_full_and_is_recorded(officer, client):
    client.force_login(officer, backend=BACKEND)
    address = f"/linkage/explain/{ONE[0]}/{ONE[1]}/{STRANGER[0]}/{STRANGER[1]}/"
    closed = client.get(address).content.decode()
    assert PUPILS[1]["birth_date"] not in closed
    assert not audit.entries(event=Event.PAIR_OPENED).exists()
    opened = client.post(f"{address}open/").content.decode()
    assert PUPILS[1]["birth_date"] in re.sub("</?mark>", "", opened)
    assert "Adds" in opened, "worked out from the values where it was not kept"
    entry = audit.entries(event=Event.PAIR_OPENED).get()
    assert entry.facts["reason"] == "explanation"
    assert entry.facts["records"] == ["/".join(ONE), "/".join(STRANGER)]


def test_what_is_worked_out_from_values_is_what_the_linkage_went_by(officer):
    before = queries.explain_pair(ONE, SAME, by=officer)
    after = services.open_explained(ONE, SAME, by=officer)
    assert [one.level for one in after.explained.weighed.fields] == [one.level for one in before.weighed.fields]
    assert "given and family name" in after.shared


def test_who_may_see_what(officer, make_user, client):
    administrator = make_user("administrator")
    assert queries.explain_pair(ONE, SAME, by=administrator).together
    address = f"/linkage/explain/{ONE[0]}/{ONE[1]}/{SAME[0]}/{SAME[1]}/"
    client.force_login(administrator, backend=BACKEND)
    assert "Open both records" not in client.get(address).content.decode()
    assert client.post(f"{address}open/").status_code == 403
    for role in ("board_member", "steward", "analyst"):
        other = make_user(role)
        with pytest.raises(NotPermitted):
            queries.explain_person(person_of(ONE[1]), by=other)
        client.force_login(other, backend=BACKEND)
        for path in (address, f"/linkage/explain/person/{person_of(ONE[1])}/", "/linkage/explain/"):
            assert client.get(path).status_code == 403
    assert not audit.entries(event=Event.PAIR_OPENED).exists()


def test_evidence_is_destroyed_with_the_next_linkage_and_when_records_must_leave(agree, delivered, town, link):
    agree(uses={"school-enrollment": LINKED})
    second = agree("DSA-2", uses={"snap": LINKED})
    link()
    link()
    living = SealedPart.objects.filter(room="register", table__in=evidence.TABLES, certificate=None)
    assert living.count() == len(evidence.TABLES)
    agreements.end(agreement(second.code), reason="Over.", by=town.schools.board_member)
    assert living.count() == 0
    with pytest.raises(NotKept):
        queries.explain_pair(ONE, STRANGER, by=town.officer)


def test_the_pages_lead_from_the_weakest_persons_to_their_pairs(officer, client):
    client.force_login(officer, backend=BACKEND)
    index = client.get("/linkage/explain/").content.decode()
    address = re.search(r"/linkage/explain/person/[0-9a-f]{32}/", index)[0]
    page = client.get(address).content.decode()
    pair = re.search(r"/linkage/explain/[a-z-]+/[0-9a-f]+/[a-z-]+/[0-9a-f]+/", page)[0]
    shown = client.get(pair).content.decode()
    assert "All together" in shown
    assert not any(row["birth_date"] in index + page + shown for row in COUNTY)


def test_the_forms_lead_on_or_say_what_is_wrong(officer, client):
    client.force_login(officer, backend=BACKEND)
    person = person_of(ONE[1])
    assert client.get("/linkage/explain/", {"p-person": f" {person} "}).url == f"/linkage/explain/person/{person}/"
    answer = client.get("/linkage/explain/", {"r-one": "/".join(ONE), "r-other": "/".join(SAME)})
    assert answer.url == f"/linkage/explain/{ONE[0]}/{ONE[1]}/{SAME[0]}/{SAME[1]}/"
    for wrong in ({"p-person": "Ana"}, {"r-one": "x", "r-other": "y"}):
        assert client.get("/linkage/explain/", wrong).status_code == 422
    gone = client.get(f"/linkage/explain/{ONE[0]}/{'0' * 32}/{SAME[0]}/{SAME[1]}/")
    assert gone.status_code == 404
