"""Steps after the use case are ticked by what happens, by whom and when; by hand, with a note, if done elsewhere."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from infotrust.stages.agreements import services as agreements
from infotrust.stages.analysis import services as analysis
from infotrust.stages.linkage import services as linkage
from infotrust.stages.readiness import queries, services


@pytest.fixture
def people(make_user):
    return {
        agency: {role: make_user(role, agency) for role in ("counsel", "board_member")}
        for agency in ("schools", "health")
    }


@pytest.fixture
def drafted(town, signed_off):
    """An agreement drafted from the use case that both partners signed off, of all its elements."""
    paper = signed_off()
    made = agreements.draft_from_use_case(
        paper.number, code="DSA-7", title="Preschool", why="To plan.",
        parties=[town.schools.steward.agency, town.health.steward.agency], recipients=[town.schools.steward.agency],
        purposes=["planning", "linkage"], starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + timedelta(days=900),
        by=town.schools.steward,
    )  # fmt: skip
    return paper.partnership, made


def status(partnership, key):
    row = queries.activities(partnership)[key]
    return row.status, row.settled_by, row.reason


def test_drafted_reviewed_signed_each_ticks_its_step(town, drafted, people):
    partnership, made = drafted
    assert status(partnership, "3b") == ("done", town.schools.steward, "DSA-7: drafted.")
    assert status(partnership, "3c")[0] == "to_do"
    agreements.submit_for_review(made, by=town.schools.steward)
    for who in people.values():
        agreements.review(made, approve=True, by=who["counsel"])
    assert status(partnership, "3c") == ("done", people["health"]["counsel"], "DSA-7: reviewed.")
    # A text that goes back must be read again.
    agreements.reopen(made, reason="A field too many.", by=people["health"]["counsel"])
    assert status(partnership, "3c")[0] == "to_do"
    assert status(partnership, "3b")[0] == "done"
    agreements.submit_for_review(made, by=town.schools.steward)
    for who in people.values():
        agreements.review(made, approve=True, by=who["counsel"])
    for who in people.values():
        agreements.sign(made, by=who["board_member"])
    assert status(partnership, "3d") == ("done", people["health"]["board_member"], "DSA-7: signed.")
    tell_of_linkage_and_question(town, made)
    assert status(partnership, "4c")[2] == "DSA-7: linked."
    assert status(partnership, "5b") == ("done", town.schools.steward, "MOVES, under DSA-7.")
    agreements.end(made, reason="Over.", by=people["schools"]["board_member"])
    assert status(partnership, "6c")[0] == "done"


def tell_of_linkage_and_question(town, made):
    """What linkage and analysis send when they are through; that they send it, their own tests and journeys see."""
    at, by = timezone.now(), town.schools.steward
    others = SimpleNamespace(manifest={"datasets": [{"code": "preschool"}]})
    linkage.linkage_finished.send(sender=None, run=others, by=by, at=at)
    assert status(queries.partnerships_of(town.schools.program)[0], "4c")[0] == "to_do"
    both = SimpleNamespace(manifest={"datasets": [{"code": "preschool"}, {"code": "part-c"}]})
    linkage.linkage_finished.send(sender=None, run=both, by=by, at=at)
    question = SimpleNamespace(code="MOVES", agreements=[made.code])
    analysis.output_ready.send(sender=None, output=None, question=question, by=by, at=at)


def test_what_was_done_elsewhere_is_ticked_with_a_note(town, talking, client):
    partnership = talking()
    client.force_login(town.schools.program)

    address = reverse("readiness:activity", args=[partnership.pk, "3d"])
    assert "tick it and say where" in client.get(address).content.decode()
    client.post(address, {"act": "done", "note": "Signed on paper in the county hall."})
    assert status(partnership, "3d") == ("done", town.schools.program, "Signed on paper in the county hall.")
    page = client.get(reverse("readiness:partnership", args=[partnership.pk])).content.decode()
    assert "Signed on paper in the county hall." in page


def test_a_tick_by_hand_stays_when_the_thing_happens_too_and_a_closed_partnership_stays_as_it_was(town, drafted):
    partnership, made = drafted
    services.settle_activity(partnership, key="3d", done=True, note="On paper.", by=town.schools.program)
    services.happened(made.use_case, "agreement signed", note="DSA-7: signed.", by=None, at=timezone.now())
    assert status(partnership, "3d") == ("done", town.schools.program, "On paper.")
    services.close_partnership(partnership, reason="Enough.", by=town.facilitator)
    services.happened(made.use_case, "records linked", note="x", by=None, at=timezone.now())
    assert status(partnership, "4c")[0] == "to_do"


def test_what_ticks_no_step_is_a_mistake_of_whoever_tells_it(drafted):
    with pytest.raises(ValueError, match="No step is ticked"):
        services.taken_back(1, "agreement framed", note="", by=None, at=timezone.now())


def test_a_step_that_came_into_the_process_later_is_to_do_in_older_partnerships(town, talking):
    partnership = talking()
    partnership.activities.filter(key="3c").delete()
    assert status(partnership, "3c")[0] == "to_do"
    services.settle_activity(partnership, key="3c", done=True, by=town.schools.program)
    assert status(partnership, "3c")[0] == "done"


def test_what_a_partner_can_do_is_said_anew_and_compared_with_the_last_time(town, talking, client):
    partnership = talking()
    levels = {"legal": 0, "program": 2}
    services.assess(partnership, levels=levels, notes={"legal": "No lawyer."}, seen=0, by=town.schools.program)
    services.assess(
        partnership, levels={**levels, "legal": 2}, notes={"legal": "One lawyer."}, seen=1, by=town.schools.program
    )
    (row,) = [one for one in queries.capacities(partnership, by=town.schools.program) if one.own]
    assert {(piece.kind, piece.text) for piece in row.since} >= {("removed", "No"), ("added", "One")}
    client.force_login(town.schools.program)

    assert "What changed since" in client.get(reverse("readiness:capacity", args=[partnership.pk])).content.decode()


def test_a_new_partnership_is_between_agencies_unless_said_otherwise(town, client):
    client.force_login(town.schools.program)
    page = client.get("/partnerships/new/")
    assert page.context["form"].initial.get("configuration", page.context["form"].fields["configuration"].initial) == (
        "two_agencies"
    )
    assert b"checked" in page.content
