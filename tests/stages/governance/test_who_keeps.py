"""Verbs without a state: founding, charters, seats, terms, delegates, interests, meetings. Who gives them, anyhow."""

from __future__ import annotations

import itertools

import pytest
from django.db import transaction
from django.test import Client

from infotrust.core.errors import UserFacingError
from infotrust.shared.audit import queries as log
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.governance import queries, services
from tests.stages.governance.conftest import DAY, NOW, OPENED

LAST = (NOW + 30 * DAY).date()
RULE_FIELDS = {
    "share": "majority", "basis": "cast", "quorum_percent": "50", "quorum_number": "0", "comment_days": "10",
    "vote_days": "5", "term_months": "36",
}  # fmt: skip
# Verb: who may give it beside nobody else, and where and what its page sends.
VERBS = {
    "found": ({"administrator"}, "boards/new/", {"code": "new", "name": "New", "about": "It.", "charter": "It."}),
    "amend": ({"administrator", "secretary"}, "boards/governing-board/charter/", {"charter": "Other."}),
    "add seat": (
        {"administrator", "secretary"},
        "boards/governing-board/seats/add/",
        {"title": "New", "kind": "expert"},
    ),
    "fill": ({"administrator", "secretary"}, "seats/{vacant}/fill/", {"person": "{outsider}"}),
    "abolish": ({"administrator", "secretary"}, "seats/{vacant}/abolish/", {}),
    "end term": ({"administrator", "secretary", "holder"}, "terms/{term}/end/", {"reason": "So."}),
    "delegate": ({"holder"}, "terms/{term}/delegate/", {"person": "{outsider}"}),
    "interest": ({"holder"}, "terms/{term}/interest/", {"words": "We are paid."}),
    "call": (
        {"secretary"},
        "boards/governing-board/meetings/call/",
        {"starts_at": "2026-03-20T10:00", "place": "A"},
    ),
}


@pytest.fixture
def people(board, make_user):
    return {
        "administrator": board.administrator,
        "secretary": board.secretary,
        "holder": board.members["schools"],
        "member": board.members["health"],
        "resident": board.resident,
        "outsider": make_user("board_member", "elsewhere"),
        "analyst": make_user("analyst", "trust"),
        "requester": make_user("requester", "community"),
    }


def give(verb, board, people, by, seat, motion):
    term, body = board.seats[people["holder"].pk].terms.get(), board.body
    days = {"starts_on": NOW.date(), "ends_on": LAST}
    return {
        "found": lambda: services.found_body(code="new", name="New", about="It.", charter="It.", by=by, at=NOW),
        "amend": lambda: services.amend_charter(body, motion=motion, charter="Other.", by=by, at=NOW),
        "add seat": lambda: services.add_seat(body, title="New", kind="expert", by=by, at=NOW),
        "fill": lambda: services.seat_someone(seat, holder=people["outsider"], **days, by=by, at=NOW),
        "abolish": lambda: services.abolish_seat(seat, by=by, at=NOW),
        "end term": lambda: services.end_term(term, last_day=NOW.date(), reason="So.", by=by, at=NOW),
        "delegate": lambda: services.name_delegate(
            term, delegate=people["colleague"], first_day=NOW.date(), last_day=LAST, by=by, at=NOW
        ),
        "interest": lambda: services.declare_interest(term, words="We are paid.", by=by, at=NOW),
        "call": lambda: services.call_meeting(body, starts_at=OPENED, place="A", by=by, at=NOW),
    }[verb]()


def test_nobody_keeps_a_board_who_is_not_its_keeper(board, people, decided, make_user):
    motion = decided(subject="body:governing-board")
    seat = services.add_seat(board.body, title="Vacant", kind="expert", by=board.administrator, at=NOW)
    people["colleague"] = make_user("steward", "schools")
    named = {"vacant": seat.pk, "outsider": people["outsider"].pk}
    named["term"] = board.seats[people["holder"].pk].terms.get().pk
    days = {"first_day": str(NOW.date()), "last_day": str(LAST)}
    for (verb, (allowed, path, data)), (standing, by) in itertools.product(VERBS.items(), people.items()):
        where, before = f"{verb} by {standing}", _written()
        if standing in allowed:
            assert _succeeds(lambda verb=verb, by=by: give(verb, board, people, by, seat, motion)), where
            continue
        with pytest.raises(NotPermitted):
            give(verb, board, people, by, seat, motion)
        assert _written() == before, where
        window = Client()
        window.force_login(by)
        fields = {key: value.format(**named) for key, value in data.items()}
        sent = RULE_FIELDS | days | {"motion": motion.pk, "office": "member"} | fields
        window.post(f"/governance/{path.format(**named)}", sent)
        assert _written() == before, f"a crafted request succeeded: {where}"
    assert queries.charter(board.body).version == 1


def _written() -> int:
    return log.entries().exclude(event="access.refused").count()


def _succeeds(act) -> bool:
    """Whether it was done and recorded; all of it is undone."""
    before, done = _written(), False
    with transaction.atomic():
        mark = transaction.savepoint()
        try:
            act()
            done = _written() > before
        except UserFacingError as problem:
            raise AssertionError(problem.what) from problem
        finally:
            transaction.savepoint_rollback(mark)
    return done
