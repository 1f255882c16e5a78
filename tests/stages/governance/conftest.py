"""A board of four agencies and a resident, with a secretary; and motions taken as far as a test needs them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from infotrust.shared.catalogue import comments
from infotrust.stages.governance import queries, services
from tests.boards import answer_all

AGENCIES = ("schools", "health", "human", "shelters")
# Not the moment of the test: what depends on days must not depend on the hour at which it runs.
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = {"comment_days": 10, "vote_days": 5, "quorum_percent": 50}


@pytest.fixture
def board(db, make_agency, make_user) -> SimpleNamespace:
    """`board.body`, its `members` by agency, `resident`, `secretary`, `administrator`, and `seats` by holder."""
    made = SimpleNamespace(administrator=make_user("administrator", "trust"))
    made.body = services.found_body(
        code="governing-board",
        name="Data Governing Board",
        about="Decides who may use which data.",
        charter="The board meets in public.",
        **RULES,
        by=made.administrator,
        at=NOW - 300 * DAY,
    )
    made.seats, made.members = {}, {}
    for code in AGENCIES:
        made.members[code] = make_user("board_member", code)
        give_seat(made, made.members[code], code.title(), kind="agency", agency=make_agency(code))
    made.resident = make_user("resident", "community")
    give_seat(made, made.resident, "Residents", kind="resident")
    made.secretary = make_user("facilitator", "trust")
    give_seat(made, made.secretary, "Secretary", kind="expert", office="secretary", votes=False)
    return made


def give_seat(board, holder, title, **seat):
    at = NOW - 200 * DAY
    made = services.add_seat(board.body, title=title, by=board.administrator, at=at, **seat)
    first = timezone.localdate(at)
    services.seat_someone(
        made, holder=holder, starts_on=first, ends_on=first + 900 * DAY, by=board.administrator, at=at
    )
    board.seats[holder.pk] = made
    return made


@pytest.fixture
def raised(board):
    """`raised()` is a motion that the steward of the schools raised."""

    def make(by=None, **changes):
        terms = {
            "title": "Share school enrollment with the shelters",
            "why": "To find out how many children without a home change schools.",
            "text": "The board lets school enrollment be counted together with stays in shelters.",
            **changes,
        }
        return services.raise_motion(body=board.body, by=by or board.members["schools"], **{"at": NOW} | terms)

    return make


@pytest.fixture
def taken_up(board, raised):
    def make(**changes):
        return services.take_up(raised(**changes), by=board.secretary, at=NOW)

    return make


@pytest.fixture
def commented(board, taken_up):
    """`commented("Good.", "Bad.")`: open for comment, with these comments received."""

    def make(*words, **changes):
        motion = services.open_comment(taken_up(**changes), by=board.secretary, at=NOW)
        for number, text in enumerate(words):
            comments.take_comment(motion.label, words=text, address=f"192.0.2.{number}", at=NOW + timedelta(hours=1))
        return queries.motion(motion.pk)

    return make


@pytest.fixture
def voting(board, commented):
    """`voting()`: the vote in writing is open since the day after comment closed."""

    def make(**changes):
        motion = commented(**changes)
        if queries.asking(motion.subject, motion.subject_version):
            answer_all(motion.subject, by=board.resident, at=OPENED)
        return services.open_vote(motion, by=board.secretary, at=OPENED)

    return make


OPENED = NOW + 11 * DAY
CLOSED = OPENED + 5 * DAY


@pytest.fixture
def decided(board, voting):
    """`decided()` was adopted by everyone; `decided(choice="no")` rejected."""

    def make(choice="yes", **changes):
        motion = voting(**changes)
        for member in [*board.members.values(), board.resident]:
            services.cast_vote(motion, choice=choice, reasons="My reasons.", by=member, at=OPENED + DAY)
        return services.close_vote(motion, at=CLOSED)

    return make
