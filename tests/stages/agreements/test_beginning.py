"""From a use case that both partners signed off to a draft with its elements, and nothing it may not have."""

from __future__ import annotations

from datetime import date

import pytest

from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import draft_pages, queries, services
from infotrust.stages.agreements.models import Agreement
from infotrust.stages.inventory import queries as datasets
from infotrust.stages.inventory import services as inventory
from infotrust.stages.readiness.queries import NoSuchPaper
from tests.stages.readiness import conftest as readiness

# The fixtures of the stage upstream: two partners and what they wrote together.
town, talking, answering, side_by_side = readiness.town, readiness.talking, readiness.answering, readiness.side_by_side
concluded, inventory_of_two = readiness.concluded, readiness.inventory_of_two
use_case, signed_off = readiness.use_case, readiness.signed_off

CHOSEN = {"purposes": ["program_evaluation", "linkage"], "starts_on": "2026-01-01", "ends_on": "2030-12-31",
          "retention_days": 30, "publication_threshold": 11}  # fmt: skip


def test_the_form_is_filled_in_from_what_partners_wrote(town, signed_off):
    paper = signed_off()
    page = draft_pages.from_use_case(paper.number, by=town.schools.steward)
    assert page.initial["title"] == "From early intervention to preschool"
    assert sorted(page.initial["parties"]) == ["health", "schools"]
    assert dict(page.uses) == {"Preschool": 2, "Part C": 2}
    assert page.left_out == ()


def test_identifiers_link_and_the_rest_is_counted_and_the_key_comes_along(client, town, signed_off):
    paper = signed_off(elements={"preschool": ["score"], "part-c": ["child", "score"]})
    client.force_login(town.schools.steward)
    address = f"/agreements/use-cases/{paper.number}/draft/"
    shown = client.get(address).content.decode()
    assert "From early intervention to preschool" in shown
    page = draft_pages.from_use_case(paper.number, by=town.schools.steward)
    answer = client.post(address, page.initial | CHOSEN | {"code": "DSA-7"})
    assert answer.status_code == 302, answer.content.decode()
    made = queries.agreement("DSA-7")
    assert made.use_case == paper.number
    assert queries.uses_by_field(made, "preschool") == {"child": ["contribute"], "score": ["contribute", "aggregate"]}
    assert queries.uses_by_field(made, "part-c")["child"] == ["contribute", "link"]
    assert "Drafted from use case" in client.get("/agreements/DSA-7/").content.decode()


def test_what_became_unavailable_meanwhile_is_named_and_left_out(client, town, signed_off):
    paper = signed_off()
    inventory.retire_field(
        dataset=datasets.dataset("part-c"), name="score", reason="No longer kept.", by=town.health.steward
    )
    page = draft_pages.from_use_case(paper.number, by=town.schools.steward)
    assert page.left_out == ("part-c.score",)
    client.force_login(town.schools.steward)
    assert "What cannot come over" in client.get(f"/agreements/use-cases/{paper.number}/draft/").content.decode()


def test_a_refused_draft_leaves_nothing_behind_and_keeps_the_words(client, town, signed_off):
    paper = signed_off()
    client.force_login(town.schools.steward)
    page = draft_pages.from_use_case(paper.number, by=town.schools.steward)
    typed = page.initial | CHOSEN | {"ends_on": "2020-01-01", "why": "Words that must not be lost."}
    answer = client.post(f"/agreements/use-cases/{paper.number}/draft/", typed)
    assert answer.status_code == 200
    assert "Words that must not be lost." in answer.content.decode()
    assert not Agreement.objects.exists()


def test_a_use_case_that_is_not_signed_off_and_a_reader_without_the_duty_get_nothing(client, town, use_case):
    paper = use_case()
    with pytest.raises(NoSuchPaper):
        draft_pages.from_use_case(paper.number, by=town.schools.steward)
    with pytest.raises(NotPermitted):
        services.draft_agreement(
            code="X", title="T", why="W", parties=[], purposes=[], recipients=[],
            starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 1), by=town.schools.program,
        )  # fmt: skip
    client.force_login(town.schools.program)
    assert client.get(f"/agreements/use-cases/{paper.number}/draft/").status_code == 403


def test_what_was_signed_off_waits_on_the_list_and_in_an_empty_form_until_somebody_drafts_it(client, town, signed_off):
    paper = signed_off()
    client.force_login(town.schools.steward)
    for address in ("/agreements/", "/agreements/new/"):
        assert f"/agreements/use-cases/{paper.number}/draft/" in client.get(address).content.decode()
    page = draft_pages.from_use_case(paper.number, by=town.schools.steward)
    client.post(f"/agreements/use-cases/{paper.number}/draft/", page.initial | CHOSEN | {"code": "DSA-7"})
    assert f"/agreements/use-cases/{paper.number}/draft/" not in client.get("/agreements/").content.decode()


def test_who_cannot_draft_is_told_who_can(client, town, signed_off):
    signed_off()
    client.force_login(town.schools.program)
    page = client.get("/agreements/").content.decode()
    assert "A data steward or a counsel of any agency drafts one." in page
    assert "/draft/" not in page
