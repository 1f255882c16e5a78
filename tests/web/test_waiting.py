"""The desk shows each person what only they can move on, and nothing once it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from infotrust.shared.audit import queries as log
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.catalogue import queries as catalogue
from infotrust.shared.jobs import registry
from infotrust.stages.agreements import services as agreements
from infotrust.web import reactions
from infotrust.web.waiting import waiting_for
from tests.stages.agreements.conftest import approved, draft, signed, town

__all__ = ["approved", "draft", "signed", "town"]


def titles(user) -> list[str]:
    return [one.title for one in waiting_for(user)]


class TestAgreements:
    def test_draft_waits_for_the_stewards_of_its_parties(self, town, draft):
        draft()
        assert titles(town.schools.steward) == ["Finish the draft Pupils in shelters"]
        assert titles(town.health.steward) == []

    def test_review_waits_for_each_partys_own_counsel_until_it_is_given(self, town, draft):
        agreement = draft()
        agreements.submit_for_review(agreement, by=town.schools.steward)
        assert titles(town.schools.counsel) == ["Review Pupils in shelters"]
        assert titles(town.health.counsel) == []
        agreements.review(agreement, approve=True, by=town.schools.counsel)
        assert titles(town.schools.counsel) == []
        assert titles(town.homeless.counsel) == ["Review Pupils in shelters"]

    def test_a_review_is_due_within_two_weeks_and_the_desk_says_when(self, town, draft):
        agreements.submit_for_review(draft(), by=town.schools.steward)
        (one,) = waiting_for(town.schools.counsel)
        assert date_format(timezone.localdate() + timedelta(days=14)) in one.note

    def test_signature_waits_for_each_partys_board_member(self, town, approved):
        agreement = approved()
        agreements.sign(agreement, by=town.schools.board_member)
        assert titles(town.schools.board_member) == []
        assert titles(town.homeless.board_member) == ["Sign Pupils in shelters"]

    def test_agreement_that_ends_soon_waits_for_its_parties(self, town, signed):
        signed(ends_on=timezone.localdate() + timedelta(days=30))
        assert "Renew Pupils in shelters, or let it end" in titles(town.schools.board_member)
        assert "Renew Pupils in shelters, or let it end" not in titles(town.health.board_member)

    def test_first_delivery_waits_for_the_steward_once_it_is_agreed(self, town, signed):
        assert titles(town.schools.steward) == []
        signed()
        assert titles(town.schools.steward) == ["Send the first delivery of School Enrollment"]

    def test_every_link_leads_to_a_page_its_reader_may_open(self, town, draft, client):
        agreement = draft()
        agreements.submit_for_review(agreement, by=town.schools.steward)
        for user in (town.schools.counsel, town.homeless.counsel):
            client.force_login(user)
            assert [client.get(one.address).status_code for one in waiting_for(user)] == [200]
            assert "1 thing waits for you" in client.get("/desk/").content.decode()


class TestReactions:
    def test_end_of_the_log_is_published_by_the_worker(self, db):
        audit.record(Event.LINKAGE_RUN, about="linkage:1", by=None)
        reactions.show_log_head()
        reactions.show_log_head()
        assert log.head().hash in str(vars(catalogue.log_head()))

    def test_empty_log_publishes_nothing(self, db):
        reactions.show_log_head()
        assert catalogue.log_head() is None

    def test_worker_does_what_is_due_from_time_to_time(self, db):
        for task in registry.PERIODIC.values():
            task.function()
        assert {
            "show where the log ends",
            "begin and end agreements by the calendar",
            "destroy what is due",
            "remove files that no row names",
        } <= set(registry.PERIODIC)

    def test_expired_agreement_is_ended_by_the_calendar(self, town, signed):
        agreement = signed(ends_on=timezone.localdate() + timedelta(days=30))
        agreements.expire_due(timezone.now() + timedelta(days=60))
        agreement.refresh_from_db()
        assert agreement.state == "expired"
        assert log.entries(event=Event.AGREEMENT_ENDED.value, about=f"agreement:{agreement.code}").exists()

    @pytest.mark.parametrize("event", ["permission_asked", "changed"])
    def test_accounts_are_connected(self, event):
        from infotrust.shared.accounts import services as accounts

        assert getattr(accounts, event).receivers
