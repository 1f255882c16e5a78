"""Every waiting day belongs to a step and a holder; medians and expected dates come from what was finished."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import Role
from infotrust.shared.clocks import queries, services, words
from infotrust.shared.clocks.models import Wait

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def begin(**changes):
    values = {
        "about": "agreement:DSA-1",
        "process": "agreement",
        "step": "counsel review",
        "title": "Review DSA-1",
        "address": "/agreements/DSA-1/",
        "role": Role.COUNSEL,
        "at": NOW,
    }
    return services.begin(**values | changes)


@pytest.fixture
def counsel(make_user):
    return make_user("counsel")


def test_a_wait_is_seen_by_those_who_hold_its_role_in_its_agency(make_user, counsel):
    begin(agency=counsel.agency)
    assert [one.wait.title for one in queries.waiting_for(counsel, NOW)] == ["Review DSA-1"]
    assert queries.waiting_for(make_user("counsel", "health"), NOW) == []
    assert queries.waiting_for(make_user("steward"), NOW) == []


def test_a_wait_of_a_role_alone_is_for_all_who_hold_it_and_one_of_a_person_for_nobody_else(make_user, counsel):
    begin()
    begin(step="answer", role="", person=counsel)
    other = make_user("counsel", "health")
    assert [one.wait.step for one in queries.waiting_for(other, NOW)] == ["counsel review"]
    assert len(queries.waiting_for(counsel, NOW)) == 2


def test_beginning_again_changes_the_words_and_never_the_beginning(counsel):
    begin(agency=counsel.agency)
    again = begin(agency=counsel.agency, title="Review DSA-1, text 2", at=NOW + 9 * DAY)
    assert Wait.objects.count() == 1
    assert (again.since, again.title) == (NOW, "Review DSA-1, text 2")


def test_a_finished_step_can_begin_again_as_a_wait_of_its_own(counsel):
    begin(agency=counsel.agency)
    assert services.finish(about="agreement:DSA-1", step="counsel review", outcome="changes", at=NOW + 3 * DAY) == 1
    begin(agency=counsel.agency, at=NOW + 4 * DAY)
    first, second = queries.of("agreement:DSA-1", NOW + 6 * DAY)
    assert (first.days, first.open, first.wait.outcome) == (3, False, "changes")
    assert (second.days, second.open) == (2, True)


def test_the_days_of_a_thing_count_what_ran_side_by_side_once_and_nothing_between(counsel):
    begin(agency=counsel.agency)
    begin(step="privacy review", role=Role.PRIVACY, at=NOW + DAY)
    services.finish(about="agreement:DSA-1", step="counsel review", at=NOW + 3 * DAY)
    services.finish(about="agreement:DSA-1", step="privacy review", at=NOW + 4 * DAY)
    begin(about="motion:1", process="motion", step="review", at=NOW + 9 * DAY)
    found = queries.waited("agreement:DSA-1", "motion:1", at=NOW + 11 * DAY)
    assert [(one.wait.step, one.days) for one in found.steps] == [
        ("counsel review", 3), ("privacy review", 3), ("review", 2),
    ]  # fmt: skip
    assert found.days == 6
    assert queries.waited("agreement:DSA-2") == queries.Waited((), 0)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8))
def test_days_that_are_covered_are_the_days_in_any_span(pairs):
    spans = [(NOW + min(pair) * DAY, NOW + max(pair) * DAY) for pair in pairs]
    days = {day for pair in pairs for day in range(min(pair), max(pair))}
    assert queries._covered(spans) == len(days) * queries.DAY


@pytest.fixture
def toy_process(monkeypatch):
    """A process whose first step is due within ten days by itself; the second is not due."""
    monkeypatch.setattr(words, "PROCESSES", {})
    services.describe("loan", {"read": "Reads", "answer": "Answers"}, title="Loans", due_days={"read": 10})


def test_a_step_is_due_by_itself_from_its_beginning_unless_a_day_is_given(toy_process, counsel):
    loan = {"process": "loan", "agency": counsel.agency}
    assert begin(**loan, step="read").due_on == date(2026, 3, 12)
    assert begin(**loan, step="answer").due_on is None
    # Asked again while it is open: neither its beginning nor its due day moves, unless a day is given.
    assert begin(**loan, step="read", at=NOW + 5 * DAY).due_on == date(2026, 3, 12)
    assert begin(**loan, step="read", due_on=date(2026, 4, 1)).due_on == date(2026, 4, 1)
    (shown,) = [one for one in queries.waiting_for(counsel, NOW) if one.wait.step == "read"]
    assert shown.sentence.endswith(", due Apr 1, 2026)")


def test_what_is_due_by_itself_stands_in_the_mail_with_its_day(toy_process, counsel):
    begin(process="loan", step="read", agency=counsel.agency)
    services.choose_mail(daily=False, by=counsel)
    services.remind(NOW + 7 * DAY)
    assert "due Mar 12, 2026" in mail.outbox[-1].body


@pytest.mark.parametrize("due", [{"never taken": 3}, {"read": 0}, {"read": 9}])
def test_due_days_of_a_step_that_is_none_or_that_differ_are_a_defect(toy_process, due):
    with pytest.raises(ValueError, match=r"due days|described twice"):
        services.describe("loan", {"read": "Reads", "answer": "Answers"}, title="Loans", due_days=due)


def test_finishing_one_agencys_step_leaves_the_others(make_agency):
    begin(agency=make_agency("schools"))
    begin(agency=make_agency("health"))
    services.finish(about="agreement:DSA-1", step="counsel review", agency=make_agency("health"), at=NOW + DAY)
    (left,) = queries.open_of("agreement:DSA-1", NOW + DAY)
    assert left.wait.agency.code == "schools"
    assert services.finish_all(about="agreement:DSA-1", at=NOW + DAY) == 1
    assert services.finish(about="agreement:DSA-1", step="counsel review") == 0


def test_a_wait_without_a_holder_is_a_defect(db):
    with pytest.raises(ValueError, match="needs a holder"):
        begin(role="")


def test_below_five_finished_steps_no_median_is_given_and_nothing_is_expected(make_user):
    reader = make_user("steward")
    for number in range(4):
        begin(about=f"agreement:{number}")
        services.finish(about=f"agreement:{number}", step="counsel review", at=NOW + 10 * DAY)
    assert queries.durations(by=reader)[0].median is None
    assert queries.expected("agreement", ["counsel review"], at=NOW) is None
    begin(about="agreement:5")
    services.finish(about="agreement:5", step="counsel review", at=NOW + 20 * DAY)
    (found,) = queries.durations(by=reader)
    assert (found.finished, found.median) == (5, 10)
    assert found.slowest_tenth == pytest.approx(16)
    assert queries.expected("agreement", ["counsel review"], at=NOW) == date(2026, 3, 12)
    assert queries.expected("agreement", ["counsel review", "never taken"], at=NOW) is None


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.floats(0, 1))
def test_a_quantile_lies_between_its_neighbors_and_is_numpys(days, share):
    import numpy as np

    assert queries.quantile(sorted(days), share) == pytest.approx(float(np.quantile(days, share)), abs=1e-9)


def test_a_deputy_sees_what_waits_on_those_days_only(make_user, counsel):
    deputy = make_user("steward")
    begin(agency=counsel.agency)
    services.cover(deputy=deputy, first_day=date(2026, 3, 2), last_day=date(2026, 3, 4), by=counsel, at=NOW)
    assert len(queries.waiting_for(deputy, NOW)) == 1
    assert queries.waiting_for(deputy, NOW + 3 * DAY) == []


@pytest.mark.parametrize(
    ("who", "days", "said"),
    [
        ("counsel", (2, 4), "stands in for themselves"),
        ("stranger", (2, 4), "own agency"),
        ("deputy", (4, 2), "before the first"),
    ],
)
def test_who_cannot_stand_in(make_user, counsel, who, days, said):
    people = {"counsel": counsel, "stranger": make_user("counsel", "health"), "deputy": make_user("steward")}
    with pytest.raises(UserFacingError, match=said):
        services.cover(
            deputy=people[who], first_day=date(2026, 3, days[0]), last_day=date(2026, 3, days[1]), by=counsel
        )


def test_nobody_takes_back_anothers_arrangement(make_user, counsel):
    made = services.cover(deputy=make_user("steward"), first_day=NOW.date(), last_day=NOW.date(), by=counsel)
    with pytest.raises(UserFacingError):
        services.end_cover(made.pk, by=made.deputy)
    services.end_cover(made.pk, by=counsel)
    assert not queries.covers(counsel, NOW).exists()


def test_what_is_new_is_told_on_the_day_once_and_what_still_waits_weekly(counsel, settings):
    settings.TRUST_ADDRESS = "https://trust.example.gov"
    begin(agency=counsel.agency, step="signature")  # a step that is not due by itself
    assert services.remind(NOW + timedelta(hours=1)) == 1
    assert services.remind(NOW + timedelta(hours=2)) == 0
    assert services.remind(NOW + 6 * DAY) == 0
    assert services.remind(NOW + 7 * DAY) == 1
    assert services.remind(NOW + 7 * DAY) == 0
    assert services.remind(NOW + 13 * DAY) == 0
    assert services.remind(NOW + 14 * DAY) == 1
    first = mail.outbox[0]
    assert first.to == [counsel.email]
    assert "https://trust.example.gov/agreements/DSA-1/" in first.body
    assert "https://trust.example.gov/clocks/mail/" in first.body


def test_nobody_gets_two_mails_a_day_and_nothing_new_is_forgotten(counsel):
    begin(agency=counsel.agency)
    services.remind(NOW + timedelta(hours=1))
    begin(agency=counsel.agency, about="agreement:DSA-2", title="Review DSA-2", at=NOW + timedelta(hours=2))
    assert services.remind(NOW + timedelta(hours=3)) == 0
    assert services.remind(NOW + DAY) == 1
    assert "DSA-2" in mail.outbox[1].body
    assert services.remind(NOW + 2 * DAY) == 0


def test_a_trust_that_begins_to_send_mail_does_not_send_everything_as_new(counsel):
    begin(agency=counsel.agency)
    assert services.remind(NOW + 4 * DAY) == 0


def test_what_becomes_due_is_told_although_a_mail_went_out_before(counsel):
    begin(agency=counsel.agency, due_on=(NOW + 6 * DAY).date())
    times = [NOW + timedelta(hours=1), NOW + DAY, NOW + 3 * DAY, NOW + 4 * DAY, NOW + 5 * DAY]
    assert [services.remind(at) for at in times] == [1, 0, 0, 1, 0]


def test_who_wants_only_the_weekly_mail_gets_only_that(client, counsel):
    client.force_login(counsel)
    assert "at most once a week" in client.get("/clocks/mail/").content.decode().lower()
    assert client.post("/clocks/mail/", {"often": "hourly"}).status_code == 422
    assert client.post("/clocks/mail/", {"often": "weekly"}).status_code == 302
    begin(agency=counsel.agency)
    assert services.remind(NOW + DAY) == 0
    assert services.remind(NOW + 7 * DAY) == 1
    client.post("/clocks/mail/", {"often": "daily"})
    begin(agency=counsel.agency, about="agreement:DSA-2", at=NOW + 8 * DAY)
    assert services.remind(NOW + 9 * DAY) == 1


def test_news_are_told_once_by_mail_and_stand_on_the_desk_for_two_weeks(client, counsel, make_user):
    steward = make_user("steward")
    told = services.tell([counsel, counsel, steward], title="DSA-1 is over", address="/agreements/DSA-1/", by=steward)
    assert told == 1  # not whoever did it, and nobody twice
    now = timezone.now() + timedelta(minutes=1)
    assert services.remind(now) == 1
    assert "DSA-1 is over" in mail.outbox[0].body
    assert services.remind(now + DAY) == 0
    client.force_login(counsel)
    assert "DSA-1 is over" in client.get("/desk/").content.decode()
    assert queries.news_of(counsel, now + 15 * DAY) == ()


def test_what_is_due_soon_is_reminded_of_at_once(counsel):
    begin(agency=counsel.agency, due_on=(NOW + 2 * DAY).date())
    assert services.remind(NOW) == 1


def test_a_mail_that_cannot_be_sent_is_tried_again(counsel, monkeypatch):
    begin(agency=counsel.agency)

    def broken(*_args):
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr(services, "send_mail", broken)
        assert services.remind(NOW + 8 * DAY) == 0
    assert services.remind(NOW + 8 * DAY) == 1


def test_an_overdue_wait_is_first_on_the_desk(client, counsel):
    begin(agency=counsel.agency, step="signature", title="An old one", at=NOW - 30 * DAY)
    begin(agency=counsel.agency, step="reply", title="An overdue one", due_on=NOW.date() - DAY)
    client.force_login(counsel)
    page = client.get("/desk/").content.decode()
    assert page.index("An overdue one") < page.index("An old one")
    assert "overdue since" in page


def test_the_page_says_whose_turn_it_is_and_how_long_steps_take(client, counsel, make_user):
    client.force_login(make_user("steward"))
    assert "Nothing waits for anyone" in client.get("/clocks/").content.decode()
    begin(agency=counsel.agency)
    page = client.get("/clocks/").content.decode()
    assert "Counsel of Marigold Schools" in page
    assert "too few" in page
    assert "/agreements/DSA-1/" not in page, "a link for someone whose turn it is not may lead to a closed door"
    client.force_login(counsel)
    assert 'href="/agreements/DSA-1/"' in client.get("/clocks/").content.decode()


def test_standing_in_is_arranged_and_taken_back_on_the_page(client, counsel, make_user):
    deputy = make_user("steward")
    client.force_login(counsel)
    tomorrow = date.today() + DAY
    typed = {"deputy": deputy.pk, "first_day": tomorrow, "last_day": tomorrow}
    assert client.post("/clocks/cover/", typed | {"last_day": "2000-01-01"}).status_code == 200
    assert not queries.covers(counsel).exists()
    client.post("/clocks/cover/", typed)
    made = queries.covers(counsel).get()
    client.post(f"/clocks/cover/{made.pk}/end/")
    assert not queries.covers(counsel).exists()
