"""Both tables of commands, whole: every state, role and command, by its verb and by a crafted request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from infotrust.shared.permissions.duties import DUTIES
from infotrust.stages.requests import queries, services
from infotrust.stages.requests.commands import LICENSES, REQUESTS
from infotrust.stages.requests.lifecycle import LicenseState, State
from infotrust.stages.requests.models import DataRequest
from tests.boards import found_board
from tests.tables import exhaust

from .conftest import GRADED, terms


@pytest.fixture
def actor(make_user, windows):
    def make(role: str):
        user = make_user(role, "schools")
        user.trained_until = timezone.localdate().replace(year=timezone.localdate().year + 1)
        user.save()
        windows[user.pk] = Client()
        windows[user.pk].force_login(user)
        return user

    return make


@pytest.fixture
def windows() -> dict[int, Client]:
    """A browser window for each person, signed in once: a trial is rolled back, and a sign-in with it."""
    return {}


@pytest.fixture
def post(windows):
    """Send the request that a page would send, whether or not it shows the button."""
    return lambda path, data, by: windows[by.pk].post(path, data)


# What each command's page sends. `{seen}` and the like are filled from the thing.
def _request_posts(request: DataRequest) -> dict[str, tuple[str, dict]]:
    graded = {f"grade-{key}": "yes" for key in GRADED}
    return {
        "save": ("form/project/", {"title": "Mine", "seen": "0"}),
        "attach": ("papers/999999/remove/", {}),
        "submit": ("submit/", {}),
        "withdraw": ("withdraw/", {"reason": "No."}),
        "return": ("check/", {"return": "yes", "reason": "No."}),
        "send": ("check/", {"send": "yes"}),
        "answer": ("answer/", {"outcome": "support", "seen": request.digest, **graded}),
        "decide": ("decide/", {"grant": "yes", "seen": request.digest}),
        "issue": ("license/", {}),
        "ask board": ("board/", {"board": "data-board", "why": "Because."}),
        "comment": ("comment/", {"text": "Hello."}),
    }


def test_no_command_on_a_request_outside_its_table(town, agree, begun, actor, post, make_user):
    agree()
    found_board(make_user("administrator", "trust-office"))
    kept = begun()
    services.attach(kept, tag="other", name="a.pdf", content=b"%PDF-1.7\n%%EOF", by=town.requester)

    def make(state):
        """One complete request, put into the state as its row would be: what led there is tested elsewhere."""
        DataRequest.objects.filter(pk=kept.pk).update(
            state=state, round=1, digest="d" * 64, submitted_at=timezone.now(), reason="Because.",
            closed_at=timezone.now() if state in {State.REFUSED, State.WITHDRAWN, State.LICENSED} else None,
        )  # fmt: skip
        return queries.request(kept.code)

    def give(name, request, by):
        verbs = {
            "save": lambda: services.save_section(request, key="law", answers={"legal_fit": "x"}, seen=1, by=by),
            "attach": lambda: services.attach(request, tag="other", name="b.pdf", content=b"%PDF-1.7\n%%EOF", by=by),
            "submit": lambda: services.submit(request, by=by),
            "withdraw": lambda: services.withdraw(request, reason="No.", by=by),
            "return": lambda: services.return_request(request, comment="More.", by=by),
            "send": lambda: services.send_to_custodians(request, by=by),
            "answer": lambda: services.answer(request, outcome="support", rubric=GRADED, by=by),
            "decide": lambda: services.decide(request, grant=True, by=by),
            "issue": lambda: services.issue_license(request, terms=terms(request), people=[town.analyst], by=by),
            "ask board": lambda: services.ask_board(request, board="data-board", why="Because.", by=by),
            "comment": lambda: services.comment(request, text="Hello.", by=by),
        }
        return verbs[name]()

    def send(name, request, by):
        path, data = _request_posts(request)[name]
        return post(f"/requests/{request.code}/{path}", data, by)

    allowed = exhaust(REQUESTS, State.values, make=make, actor=actor, give=give, post=send)
    assert allowed > 20


def test_no_command_on_a_license_outside_its_table(town, licensed, actor, post):
    made = licensed(LicenseState.ISSUED)
    people = {}

    def named(role):
        people[role] = actor(role)
        made.people.model.objects.create(license=made, person=people[role])
        return people[role]

    def make(state):
        now = timezone.now() if state != LicenseState.ISSUED else None
        type(made).objects.filter(pk=made.pk).update(state=state, in_force_at=now, ended_at=now, end_reason="Over.")
        return queries.license_version(made.code, 1)

    def give(name, found, by):
        verbs = {
            "acknowledge": lambda: services.acknowledge(found, seen=found.digest, by=by),
            "amend": lambda: services.amend_license(
                found, terms=services.terms_of(found), people=[town.analyst], by=by
            ),
            "ask to extend": lambda: services.ask_extension(
                found, ends_on=found.ends_on + timedelta(days=30), why="One more table.", by=by
            ),
            "revoke": lambda: services.revoke_license(found, reason="No.", by=by),
            "certify": lambda: services.certify_destruction(
                found, what="All.", method="Key.", destroyed_on=timezone.localdate(), by=by
            ),
        }
        return verbs[name]()

    def send(name, found, by):
        data = {
            "acknowledge": {
                "seen": found.digest,
                "full_name": by.name,
                "confidential": "on",
                "password": "correct-horse-42",
            },
            "amend": {},
            "ask to extend": {"ends_on": (found.ends_on + timedelta(days=30)).isoformat(), "why": "More."},
            "revoke": {"reason": "No."},
            "certify": {"what": "All.", "method": "K.", "destroyed_on": timezone.localdate().isoformat(), "true": "on"},
        }[name]
        path = {"certify": "certificate", "ask to extend": "extend"}.get(name, name)
        return post(f"/requests/licenses/{found.code}/{path}/", data, by)

    # A role that is in none of the table's duties is like any other such role: one of them stands for all.
    roles = sorted({role for one in LICENSES.values() for role in DUTIES[one.duty].roles} | {"helper"})
    allowed = exhaust(LICENSES, LicenseState.values, make=make, actor=named, give=give, post=send, roles=roles)
    assert allowed > 10
