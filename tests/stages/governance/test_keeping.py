"""Bodies, charters and seats: who keeps them, who holds them, who stands in, and for how long."""

from __future__ import annotations

import pytest

from infotrust.shared.catalogue import queries as public
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.governance import queries, services
from tests.stages.governance.conftest import CLOSED, DAY, NOW, RULES

TODAY = NOW.date()


@pytest.fixture
def empty_seat(board, make_agency):
    return services.add_seat(
        board.body, title="Library", kind="agency", agency=make_agency("library"), by=board.administrator, at=NOW
    )


def fill(board, seat, holder, first=TODAY, last=TODAY + 100 * DAY, by=None):
    return services.seat_someone(
        seat, holder=holder, starts_on=first, ends_on=last, by=by or board.administrator, at=NOW
    )


def test_only_an_administrator_founds_a_board(board, make_user):
    words = {"code": "x", "name": "X", "about": "It decides.", "charter": "All.", **RULES}
    for by in (board.secretary, board.members["schools"], make_user("analyst")):
        with pytest.raises(NotPermitted):
            services.found_body(**words, by=by, at=NOW)
    with pytest.raises(services.BoardRefused, match="already a body"):
        services.found_body(**words | {"code": board.body.code}, by=board.administrator, at=NOW)
    with pytest.raises(services.BoardRefused, match="no text"):
        services.found_body(**words | {"charter": " "}, by=board.administrator, at=NOW)
    with pytest.raises(services.BoardRefused, match="decides ties"):
        services.found_body(**words, share="all", chair_decides_ties=True, by=board.administrator, at=NOW)


def test_seats_are_kept_by_the_boards_secretary_and_by_nobody_elses(board, empty_seat, make_user):
    holder = make_user("board_member", "library")
    with pytest.raises(NotPermitted, match="chair or secretary of this body"):
        fill(board, empty_seat, holder, by=board.members["schools"])
    assert fill(board, empty_seat, holder, by=board.secretary).holder == holder


def test_nobody_seats_themselves(board):
    seat = services.add_seat(board.body, title="Neutral", kind="expert", votes=False, by=board.administrator, at=NOW)
    with pytest.raises(NotPermitted, match="Nobody seats themselves"):
        fill(board, seat, board.secretary, by=board.secretary)


@pytest.mark.parametrize(
    ("role", "agency", "words"),
    [
        ("analyst", "library", "does not vote on it"),
        ("administrator", "library", "does not vote on it"),
        ("board_member", "schools", "someone of that agency"),
    ],
)
def test_a_seat_is_held_by_those_it_is_for(board, empty_seat, make_user, role, agency, words):
    with pytest.raises(services.BoardRefused, match=words):
        fill(board, empty_seat, make_user(role, agency))


def test_a_residents_seat_is_held_by_a_resident(board, make_user):
    seat = services.add_seat(board.body, title="North ward", kind="resident", by=board.administrator, at=NOW)
    with pytest.raises(services.BoardRefused, match="resident member"):
        fill(board, seat, make_user("board_member", "library"))


def test_one_person_acts_for_one_voting_seat_of_a_board(board, make_user):
    seat = services.add_seat(board.body, title="Expert", kind="expert", by=board.administrator, at=NOW)
    with pytest.raises(services.BoardRefused, match="one voting seat"):
        fill(board, seat, board.members["schools"])
    assert fill(board, seat, make_user("privacy", "library"))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (TODAY, TODAY - DAY, "ends before it begins"),
        (TODAY, TODAY + 1200 * DAY, "at most 36 months .Charter of the Data Governing Board, version 1"),
    ],
)
def test_a_term_has_dates_that_make_sense(board, empty_seat, make_user, first, last, words):
    with pytest.raises(services.BoardRefused, match=words):
        fill(board, empty_seat, make_user("board_member", "library"), first, last)


def test_a_term_of_exactly_three_years_is_allowed_and_one_day_more_is_not(board, empty_seat, make_user):
    holder = make_user("board_member", "library")
    last = TODAY.replace(year=TODAY.year + 3)
    with pytest.raises(services.BoardRefused, match="at most"):
        fill(board, empty_seat, holder, TODAY, last)
    assert fill(board, empty_seat, holder, TODAY, last - DAY)


def test_two_terms_of_a_seat_do_not_overlap_and_the_next_begins_after(board, empty_seat, make_user):
    first = fill(board, empty_seat, make_user("board_member", "library"))
    other = make_user("board_member", "library")
    with pytest.raises(services.BoardRefused, match="held on some of these days"):
        fill(board, empty_seat, other, first.ends_on, first.ends_on + DAY)
    fill(board, empty_seat, other, first.ends_on + DAY, first.ends_on + 9 * DAY)
    on = {day: queries.seats(board.body, day)[-1].holder for day in (first.ends_on, first.ends_on + DAY)}
    assert list(on.values()) == [first.holder, other]


def test_after_its_term_a_seat_is_vacant(board, empty_seat, make_user):
    term = fill(board, empty_seat, make_user("board_member", "library"))
    assert not queries.seats(board.body, term.ends_on)[-1].vacant
    assert queries.seats(board.body, term.ends_on + DAY)[-1].vacant


def test_a_term_ends_early_by_its_holder_or_a_keeper_and_for_a_reason(board, make_user):
    term = board.seats[board.resident.pk].terms.get()
    with pytest.raises(NotPermitted):
        services.end_term(term, last_day=TODAY, reason="Out.", by=board.members["schools"], at=NOW)
    with pytest.raises(services.BoardRefused, match="for a reason"):
        services.end_term(term, last_day=TODAY, reason=" ", by=board.resident, at=NOW)
    with pytest.raises(services.BoardRefused, match="not within the term"):
        services.end_term(term, last_day=term.ends_on + DAY, reason="Moved.", by=board.resident, at=NOW)
    services.end_term(term, last_day=TODAY, reason="Moved.", by=board.resident, at=NOW)
    assert queries.standing(board.body, board.resident, TODAY).voting
    assert queries.standing(board.body, board.resident, TODAY + DAY).voting is None


def test_only_the_holder_names_a_delegate_and_only_within_the_term(board, make_user):
    holder, delegate = board.members["health"], make_user("privacy", "health")
    term = board.seats[holder.pk].terms.get()
    days = {"first_day": TODAY, "last_day": TODAY + 7 * DAY}

    def name(**changes):
        values = {"delegate": delegate, "by": holder, "at": NOW, **days, **changes}
        return services.name_delegate(term, **values)

    with pytest.raises(NotPermitted, match="holder of a seat"):
        name(by=board.secretary)
    for words, changes in {
        "before the first": {"last_day": TODAY - DAY},
        "within the holder": {"last_day": term.ends_on + DAY},
        "for themselves": {"delegate": holder},
        "someone of that agency": {"delegate": make_user("privacy", "schools")},
        "does not vote": {"delegate": make_user("analyst", "health")},
    }.items():
        with pytest.raises(services.BoardRefused, match=words):
            name(**changes)
    made = name()
    with pytest.raises(services.BoardRefused, match="already stands in"):
        name(delegate=make_user("steward", "health"))
    assert queries.standing(board.body, delegate, TODAY).voting
    assert queries.standing(board.body, holder, TODAY).voting is None
    assert queries.standing(board.body, holder, TODAY + 8 * DAY).voting
    services.end_delegation(made, by=holder, at=NOW)
    assert queries.standing(board.body, holder, TODAY).voting


def test_who_has_a_seat_does_not_stand_in_for_another(board, make_user):
    residents = services.add_seat(board.body, title="North ward", kind="resident", by=board.administrator, at=NOW)
    other = make_user("resident", "community")
    fill(board, residents, other)
    term = board.seats[board.resident.pk].terms.get()
    with pytest.raises(services.BoardRefused, match="one voting seat"):
        services.name_delegate(term, delegate=other, first_day=TODAY, last_day=TODAY, by=board.resident, at=NOW)


def test_a_closed_account_leaves_its_seat_vacant(board):
    board.resident.is_active = False
    board.resident.save()
    assert [now.vacant for now in queries.seats(board.body, TODAY) if now.seat.title == "Residents"] == [True]


def test_a_charter_changes_only_by_a_decision_of_the_board_about_it_and_once(board, decided):
    about = f"body:{board.body.code}"
    for motion in (decided(), decided(choice="no", subject=about)):
        with pytest.raises(services.BoardRefused, match="only by a motion about it"):
            services.amend_charter(board.body, motion=motion, charter="New.", by=board.secretary, at=CLOSED)
    motion = decided(subject=about)
    made = services.amend_charter(
        board.body, motion=motion, charter="New.", quorum_percent=60, by=board.secretary, at=CLOSED
    )
    assert (made.version, made.quorum_percent, made.comment_days) == (2, 60, 10)
    with pytest.raises(services.BoardRefused, match="once"):
        services.amend_charter(board.body, motion=motion, charter="Newer.", by=board.secretary, at=CLOSED)
    shown = public.body(board.body.code)
    assert (shown.charter, shown.charter_version) == ("New.", 2)


def test_a_vote_that_is_open_stays_under_the_charter_it_was_opened_under(board, voting, decided):
    motion = voting()
    decision = decided(subject=f"body:{board.body.code}")
    services.amend_charter(
        board.body, motion=decision, charter="New.", quorum_percent=100, by=board.secretary, at=CLOSED
    )
    assert queries.motion(motion.pk).charter.version == 1


def test_a_seat_is_abolished_only_when_nobody_holds_it(board, empty_seat):
    with pytest.raises(services.BoardRefused, match="still holds"):
        services.abolish_seat(board.seats[board.resident.pk], by=board.administrator, at=NOW)
    services.abolish_seat(empty_seat, by=board.administrator, at=NOW)
    assert "Library" not in [now.seat.title for now in queries.seats(board.body, TODAY)]


def test_the_public_reads_seats_and_names_only_where_the_body_says_so(board, empty_seat):
    shown = {seat["title"]: seat for seat in public.body(board.body.code).seats}
    assert shown["Library"]["vacant"]
    assert {seat["holder"] for seat in shown.values()} == {""}
    board.body.names_public = True
    board.body.save()
    services.declare_interest(
        board.seats[board.resident.pk].terms.get(), words="My sister works there.", by=board.resident, at=NOW
    )
    shown = {seat["title"]: seat for seat in public.body(board.body.code).seats}
    assert shown["Residents"]["holder"] == board.resident.name


def test_an_interest_is_declared_by_the_holder(board):
    term = board.seats[board.resident.pk].terms.get()
    with pytest.raises(NotPermitted):
        services.declare_interest(term, words="He is paid.", by=board.secretary, at=NOW)
    with pytest.raises(services.BoardRefused, match="Nothing was declared"):
        services.declare_interest(term, words=" ", by=board.resident, at=NOW)


def test_the_rules_are_told_in_words(board):
    text = " ".join(queries.rules_in_words(queries.charter(board.body)))
    for part in ("More votes for it than against it", "50 of 100 seats", "at least 10 days"):
        assert part in text
