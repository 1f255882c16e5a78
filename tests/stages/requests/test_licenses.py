"""A license is issued within what was granted, holds for whoever acknowledged it, and ends everywhere at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from infotrust.shared.catalogue import queries as catalogue
from infotrust.shared.clocks import queries as waits
from infotrust.shared.permissions import services as permissions
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import services as agreements
from infotrust.stages.governance import queries as governance
from infotrust.stages.governance import services as boards
from infotrust.stages.requests import queries, services
from infotrust.stages.requests.lifecycle import LicenseState, State
from infotrust.stages.requests.terms import RequestIncomplete
from tests.boards import answer_all

from .conftest import issue, terms


def decide(by, code, *, field="grade", purpose="planning", agreement="DSA-1", at=None):
    return permissions.decide(
        permissions.FieldRequest(
            by, "aggregate", "school-enrollment", field, purpose, agreement, at or timezone.now(), license=code
        )
    )


TODAY = timezone.localdate()
BEYOND = (
    {"fields": [("school-enrollment", "note")]},
    {"fields": []},
    {"purposes": ["research"]},
    {"purposes": ["improvement"]},
    {"uses": ["extract"]},
    {"uses": ["view"]},
    {"agreements": []},
    {"agreements": ["DSA-9"]},
    {"ends_on": TODAY - timedelta(days=9)},
    {"ends_on": TODAY + timedelta(days=91), "destroy_on": TODAY + timedelta(days=99)},
    {"destroy_on": TODAY + timedelta(days=121)},
)


class TestIssue:
    def test_nothing_beyond_what_was_granted_is_issued(self, town, agree, at_state):
        agree()
        request = at_state(State.GRANTED)
        for changes in BEYOND:
            with pytest.raises(RequestIncomplete):
                issue(request, by=town.office, people=[town.analyst], **changes)
            assert queries.request(request.code).state == State.GRANTED, changes

    def test_conditions_of_custodians_and_boards_stand_in_every_version_and_are_not_the_offices_to_drop(
        self, town, agree, at_state
    ):
        agree()
        request = at_state(State.DECISION)
        for people, words in zip(town.staff.values(), ("No school is named.", "Show it to us first."), strict=True):
            request = services.decide(request, grant=True, conditions=words, by=people["board_member"])
        asked = ["No school is named.", "Show it to us first."]
        made = issue(request, by=town.office, people=[town.analyst], conditions=["Two readers."])
        assert made.conditions == [*asked, "Two readers."]
        made = services.acknowledge(made, seen=made.digest, by=town.analyst)
        assert services.terms_of(made).conditions == ["Two readers."]
        less = replace(services.terms_of(made), conditions=[])
        newer = services.amend_license(made, terms=less, people=[town.analyst], by=town.office)
        assert newer.conditions == asked
        assert "No school is named." in newer.text

    def test_where_the_data_is_used_is_what_was_granted(self, town, licensed):
        made = licensed(LicenseState.ISSUED)
        assert made.environment == queries.place_of_use(made.request)
        assert "No row is taken out" in made.text

    def test_an_extension_moves_the_day_of_destruction_by_no_more_than_itself(self, town, licensed):
        made = licensed()
        terms = replace(services.terms_of(made), ends_on=TODAY + timedelta(days=100))
        with pytest.raises(RequestIncomplete, match="no later than was granted"):
            services.amend_license(
                made,
                terms=replace(terms, destroy_on=TODAY + timedelta(days=131)),
                people=[town.analyst],
                by=town.office,
            )
        later = replace(terms, destroy_on=TODAY + timedelta(days=130))
        assert services.amend_license(made, terms=later, people=[town.analyst], by=town.office).version == 2

    def test_it_names_people(self, town, agree, at_state):
        agree()
        with pytest.raises(RequestIncomplete):
            issue(at_state(State.GRANTED), by=town.office, people=[])


class TestAcknowledgment:
    def test_it_holds_for_nobody_before_they_acknowledged_it(self, town, licensed):
        made = licensed(LicenseState.ISSUED)
        assert decide(town.analyst, made.code).reasons[0].rule == "no-license"
        services.acknowledge(made, seen=made.digest, by=town.analyst)
        assert decide(town.analyst, made.code)

    def test_each_person_acknowledges_for_themselves(self, town, licensed):
        made = licensed(people=[town.analyst, town.colleague])
        assert decide(town.analyst, made.code)
        assert {one.rule for one in decide(town.colleague, made.code).reasons} == {f"{made.code}/people"}
        services.acknowledge(queries.license_version(made.code), seen=made.digest, by=town.colleague)
        assert decide(town.colleague, made.code)

    def test_without_valid_training_nobody_acknowledges(self, town, licensed):
        made = licensed(LicenseState.ISSUED)
        town.analyst.trained_until = timezone.localdate() - timedelta(days=1)
        town.analyst.save()
        with pytest.raises(RequestIncomplete):
            services.acknowledge(made, seen=made.digest, by=town.analyst)

    def test_training_that_ends_stops_use(self, town, licensed):
        made = licensed()
        town.analyst.trained_until = timezone.localdate() - timedelta(days=1)
        town.analyst.save()
        assert f"{made.code}/training" in {one.rule for one in decide(town.analyst, made.code).reasons}

    def test_another_text_is_not_acknowledged_unread(self, town, licensed):
        made = licensed(LicenseState.ISSUED)
        with pytest.raises(RequestIncomplete):
            services.acknowledge(made, seen="0" * 64, by=town.analyst)

    def test_who_is_not_named_does_not_acknowledge(self, town, licensed):
        made = licensed(LicenseState.ISSUED)
        with pytest.raises(NotPermitted):
            services.acknowledge(made, seen=made.digest, by=town.colleague)


class TestEnd:
    def test_revoked_it_stops_with_the_next_request_and_asks_for_destruction(self, town, licensed):
        made = licensed()
        services.revoke_license(made, reason="A table was passed on.", by=town.board)
        refused = decide(town.analyst, made.code)
        assert not refused
        assert made.code in refused.reasons[0].plain
        (left,) = waits.open_of(f"license:{made.code}:1")
        assert (left.wait.step, left.wait.due_on) == ("certify destruction", made.destroy_on)

    def test_only_an_agency_whose_fields_it_covers_revokes_it(self, make_user, licensed):
        with pytest.raises(NotPermitted):
            services.revoke_license(licensed(), reason="No.", by=make_user("board_member", "health"))

    def test_after_its_last_day_it_is_refused_even_before_the_calendar_says_so(self, town, licensed):
        made = licensed()
        refused = decide(town.analyst, made.code, at=timezone.now() + timedelta(days=61))
        assert f"{made.code}/term" in {one.rule for one in refused.reasons}

    def test_the_calendar_ends_it_and_the_certificate_closes_it(self, licensed):
        assert licensed(LicenseState.CLOSED).certificate.digest

    def test_it_ends_with_the_agreement_it_stands_under(self, town, licensed):
        made = licensed()
        agreements.end(town.agreed, reason="Over.", by=town.board)
        assert queries.license_version(made.code).state == LicenseState.ENDED

    def test_it_outlives_one_of_two_agreements_also_while_the_other_is_suspended(self, town, agree, licensed):
        town.agreed, other = agree(), agree("DSA-2")
        made = licensed(agreements=["DSA-1", "DSA-2"])
        agreements.suspend(other, reason="Doubts.", by=town.board)
        agreements.end(town.agreed, reason="Over.", by=town.board)
        assert queries.license_version(made.code).state == LicenseState.IN_FORCE
        assert not decide(town.analyst, made.code, agreement="DSA-2")
        agreements.resume(other, by=town.board)
        assert decide(town.analyst, made.code, agreement="DSA-2")
        agreements.suspend(other, reason="Doubts.", by=town.board)
        agreements.end(other, reason="Over.", by=town.board)
        assert queries.license_version(made.code).state == LicenseState.ENDED

    def test_an_overdue_certificate_is_chased_and_shown(self, town, licensed):
        made = licensed(LicenseState.ENDED)
        late = timezone.now() + timedelta(days=92)
        assert [one.code for one in queries.overdue(late)] == [made.code]
        assert services.remind(late) == 1
        assert town.office.pk
        assert any(one.wait.step == "certify destruction" for one in waits.waiting_for(town.office, late))

    @pytest.mark.parametrize("days", [1, -400])
    def test_a_certificate_has_a_possible_day(self, town, licensed, days):
        with pytest.raises(RequestIncomplete):
            services.certify_destruction(
                licensed(LicenseState.ENDED), what="All.", method="Key.",
                destroyed_on=timezone.localdate() + timedelta(days=days), by=town.requester,
            )  # fmt: skip

    def test_the_public_sees_until_when(self, licensed):
        made = licensed()
        assert catalogue.requests_done().get().licensed_until == made.ends_on


def extending_board(town, administrator):
    """Put the agreement under a board of one seat, whose charter gives it the say on extensions; returns its chair."""
    long_ago = timezone.now() - timedelta(days=300)
    first = timezone.localdate(long_ago)
    body = boards.found_body(
        code="data-board", name="Data Board", about="Decides.", charter="It meets.", comment_days=0, vote_days=2,
        decides_extensions=True, by=administrator, at=long_ago,
    )  # fmt: skip
    seat = boards.add_seat(
        body, title="Schools", kind="agency", agency=town.board.agency, office="chair", by=administrator, at=long_ago
    )
    last = first + timedelta(days=900)
    boards.seat_someone(seat, holder=town.board, starts_on=first, ends_on=last, by=administrator, at=long_ago)
    town.agreed.board = body.code
    town.agreed.save(update_fields=["board"])
    return town.board


class TestExtension:
    def test_an_extension_is_a_new_version_that_takes_over_when_it_is_acknowledged(self, town, licensed):
        made = licensed()
        later = made.ends_on + timedelta(days=60)
        longer = terms(made.request, ends_on=later, destroy_on=later)
        newer = services.amend_license(made, terms=longer, people=[town.analyst], by=town.office)
        after = timezone.now() + timedelta(days=61)
        town.analyst.trained_until = later
        town.analyst.save()
        assert not decide(town.analyst, made.code, at=after)
        assert decide(town.analyst, made.code)
        services.acknowledge(newer, seen=newer.digest, by=town.analyst)
        assert decide(town.analyst, made.code, at=after)
        assert queries.license_version(made.code, 1).state == LicenseState.REPLACED

    def test_where_the_charter_says_so_a_board_decides_on_an_extension(self, town, licensed, make_user, client):
        made = licensed()
        chair = extending_board(town, make_user("administrator", "trust-office"))
        later = made.ends_on + timedelta(days=60)
        longer = terms(made.request, ends_on=later, destroy_on=later)
        with pytest.raises(RequestIncomplete, match="has not adopted"):
            services.amend_license(made, terms=longer, people=[town.analyst], by=town.office)
        # What ends no later needs no board.
        shorter = services.terms_of(made)
        client.force_login(town.requester)
        path = f"/requests/licenses/{made.code}/"
        assert "Ask to extend it" in client.get(path).content.decode()
        early = client.post(f"{path}extend/", {"ends_on": made.ends_on.isoformat(), "why": "More."})
        assert "Choose a later day" in early.content.decode()
        assert client.post(f"{path}extend/", {"ends_on": later.isoformat(), "why": "More."}).status_code == 302
        (motion,) = governance.of_subject(f"extension:{made.code}")
        assert motion.label in client.get(path).content.decode()
        with pytest.raises(RequestIncomplete, match="has not adopted"):
            services.amend_license(made, terms=longer, people=[town.analyst], by=town.office)
        boards.take_up(motion, by=chair)
        with pytest.raises(boards.MotionRefused, match="no answer yet: Is this legal"):
            boards.open_vote(governance.motion(motion.pk), by=chair)
        answer_all(motion.subject, by=chair)
        motion = boards.open_vote(governance.motion(motion.pk), by=chair)
        boards.cast_vote(motion, choice="yes", reasons="It helps.", by=chair)
        boards.close_vote(governance.motion(motion.pk), by=chair)
        too_late = later + timedelta(days=1)
        with pytest.raises(RequestIncomplete, match="has not adopted"):
            services.amend_license(
                made, terms=terms(made.request, ends_on=too_late, destroy_on=too_late), people=[town.analyst],
                by=town.office,
            )  # fmt: skip
        assert services.amend_license(made, terms=longer, people=[town.analyst], by=town.office).ends_on == later
        assert shorter.ends_on == made.ends_on

    def test_where_no_board_decides_nobody_asks_one(self, town, licensed):
        made = licensed()
        with pytest.raises(RequestIncomplete, match="No board decides"):
            services.ask_extension(made, ends_on=made.ends_on + timedelta(days=9), why="More.", by=town.requester)

    def test_who_is_left_out_of_the_new_version_is_refused_from_then_on(self, town, licensed):
        made = licensed(people=[town.analyst, town.colleague])
        services.acknowledge(made, seen=made.digest, by=town.colleague)
        newer = services.amend_license(made, terms=services.terms_of(made), people=[town.analyst], by=town.office)
        assert decide(town.colleague, made.code)
        services.acknowledge(newer, seen=newer.digest, by=town.analyst)
        assert not decide(town.colleague, made.code)

    def test_two_new_versions_do_not_wait_at_once(self, town, licensed):
        made = licensed()
        services.amend_license(made, terms=services.terms_of(made), people=[town.analyst], by=town.office)
        with pytest.raises(RequestIncomplete):
            services.amend_license(made, terms=services.terms_of(made), people=[town.analyst], by=town.office)

    def test_revoking_takes_the_waiting_version_too_and_one_certificate_closes_both(self, town, licensed):
        made = licensed()
        services.amend_license(made, terms=services.terms_of(made), people=[town.analyst], by=town.office)
        services.revoke_license(made, reason="Misused.", by=town.board)
        newest = queries.license_version(made.code)
        assert newest.version == 2
        services.certify_destruction(
            newest, what="All.", method="Key.", destroyed_on=timezone.localdate(), by=town.requester
        )
        assert {one.state for one in made.request.licenses.all()} == {LicenseState.CLOSED}
        assert queries.overdue(timezone.now() + timedelta(days=400)) == []
