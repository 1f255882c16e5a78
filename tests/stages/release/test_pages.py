"""The checkers' pages: who sees the true table, who may decide, and what a refusal says."""

from __future__ import annotations

import pytest

from infotrust.shared.catalogue import queries as catalogue
from infotrust.stages.release import queries, services
from infotrust.stages.release.lifecycle import CHECKLIST, State


@pytest.fixture
def submitted(town, make_output):
    return services.submit_output(make_output().pk, by=town.analyst)


def page(client, user, release):
    client.force_login(user)
    return client.get(f"/releases/{release.pk}/").content.decode()


def test_a_checker_sees_the_table_before_and_after_and_why_each_cell_is_hidden(client, town, submitted):
    text = page(client, town.checker, submitted)
    assert "Before: the true counts" in text
    assert "It protects a small count" in text
    assert "1 to 28" in text
    assert "Start checking" in text


def test_a_board_member_sees_only_what_the_public_would_see(client, town, submitted):
    text = page(client, town.board, submitted)
    assert "Before: the true counts" not in text
    assert "It protects a small count" not in text
    assert "1,200" in text


def test_an_author_reads_why_they_cannot_check(client, town, submitted):
    from infotrust.shared.accounts.models import RoleHeld

    RoleHeld.objects.create(user=town.analyst, role="output_checker")
    text = page(client, town.analyst, submitted)
    assert "You ran the question that gave this output. Someone else checks it." in text
    assert "Start checking" not in text


def test_a_checker_takes_up_approves_and_publishes_on_the_page(client, town, submitted):
    client.force_login(town.checker)
    client.post(f"/releases/{submitted.pk}/start/")
    answer = client.post(
        f"/releases/{submitted.pk}/check/", {"verdict": "approve", "checklist": list(CHECKLIST), "comment": ""}
    )
    assert answer.status_code == 302
    client.post(f"/releases/{submitted.pk}/publish/")
    assert catalogue.answer("program-overlap").edition == 1


def test_approval_with_an_open_point_comes_back_with_the_form_and_its_reason(client, town, submitted):
    client.force_login(town.checker)
    client.post(f"/releases/{submitted.pk}/start/")
    answer = client.post(f"/releases/{submitted.pk}/check/", {"verdict": "approve", "checklist": ["once"]})
    assert answer.status_code == 422
    assert "Confirm every point" in answer.content.decode()
    assert queries.release(submitted.pk).state == State.CHECKING


def test_a_steward_is_refused_the_queue_with_the_rule(client, town):
    client.force_login(town.steward)
    answer = client.get("/releases/")
    assert answer.status_code == 403
    assert "analysts, output checkers and board members" in answer.content.decode()


def test_the_queue_without_anything_waiting_says_what_comes_here(client, town):
    client.force_login(town.checker)
    assert "Nothing waits to be checked" in client.get("/releases/").content.decode()


def test_a_stranger_is_sent_to_sign_in(client, submitted):
    assert client.get(f"/releases/{submitted.pk}/").status_code == 302
