"""After signature: what each step does to access, to data and to the agreement's name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.audit import queries as log
from infotrust.shared.clocks import queries as clocks
from infotrust.shared.permissions import services as permissions
from infotrust.stages.agreements import clause_pages, life_pages, queries, role_matrix, services
from infotrust.stages.agreements.lifecycle import State
from infotrust.stages.agreements.models import Agreement


def page(name, *args):
    return reverse(f"agreements:{name}", args=args)


def policies() -> str:
    return permissions.current_version().policies


def sign_all(town, agreement):
    services.submit_for_review(agreement, by=town.schools.steward)
    for people in (town.schools, town.homeless):
        services.review(agreement, approve=True, by=people.counsel)
    for people in (town.schools, town.homeless):
        services.sign(agreement, by=people.board_member)


def test_a_suspension_stops_access_and_keeps_the_data(town, signed, client):
    agreement, ended = signed(), []
    services.agreement_ended.connect(lambda **facts: ended.append(facts), weak=False, dispatch_uid="test")
    try:
        services.suspend(agreement, reason="Doubts.", by=town.homeless.security)
        assert "DSA-1/fields" not in policies()
        assert queries.covering("school-enrollment") == []
        assert queries.kept_under("school-enrollment") == ["DSA-1"]
        assert "grade" in queries.kept_fields("school-enrollment")
        with pytest.raises(queries.NoAgreementInForce):
            queries.contract_in_force("school-enrollment")
        assert ended == []
        assert "suspended since" in client.get("/shared/DSA-1/").content.decode()
        services.suspend(agreement, reason="We too.", by=town.schools.board_member)
        services.resume(agreement, by=town.homeless.board_member)
        assert agreement.state == State.SUSPENDED
        services.resume(agreement, by=town.schools.board_member)
        assert "DSA-1/fields" in policies()
        services.suspend(agreement, reason="Again.", by=town.schools.board_member)
        services.expire_due(timezone.now() + timedelta(days=4_000))
        assert len(ended) == 1
    finally:
        services.agreement_ended.disconnect(dispatch_uid="test")


def test_only_the_party_that_suspended_lets_it_go_on(town, signed):
    agreement = signed()
    services.suspend(agreement, reason="Doubts.", by=town.homeless.privacy)
    with pytest.raises(services.AgreementRefused, match="did not suspend"):
        services.resume(agreement, by=town.schools.board_member)
    with pytest.raises(services.AgreementRefused, match="already suspended"):
        services.suspend(agreement, reason="Twice.", by=town.homeless.counsel)


def test_an_amendment_takes_the_place_and_the_name_of_the_edition_before(town, signed):
    old = signed()
    version = permissions.current_version().number
    made = services.amend(old, reason="Without shelters.", by=town.schools.steward)
    assert (made.code, queries.terms_of(queries.agreement(made.code)).code) == ("DSA-1-v2", "DSA-1")
    services.remove_dataset(made, dataset="homeless-clients", by=town.schools.steward)
    changed = {one.heading for one in clause_pages.differences_of(queries.agreement(made.code)).changed}
    assert changed == {"Datasets", "Fields and uses"}
    assert permissions.current_version().number == version
    sign_all(town, made)
    now, before = queries.agreement("DSA-1"), queries.agreement("DSA-1-v1")
    assert (now.pk, now.edition, now.state) == (made.pk, 2, State.IN_FORCE)
    assert (before.pk, before.state) == (old.pk, State.SUPERSEDED)
    assert queries.agreement("DSA-1-v2").pk == now.pk
    assert permissions.current_version().number == version + 1
    assert queries.covering("homeless-clients") == []
    assert queries.covering("school-enrollment") == ["DSA-1"]
    # What was signed can still be checked: both editions keep the digest that their parties signed.
    for one in (now, before):
        from infotrust.core.policy.clauses import text_digest

        assert text_digest(queries.terms_of(one)) == one.text_digest


def test_the_waits_of_an_amendment_say_which_one_it_is(town, signed):
    made = services.amend(signed(), reason="Less.", by=town.schools.steward)
    services.submit_for_review(made, by=town.schools.steward)
    (wait,) = [one.wait for one in clocks.waiting_for(town.homeless.counsel)]
    assert wait.title == "Review Pupils in shelters (amendment: edition 2 of DSA-1)"


def test_what_an_amendment_no_longer_covers_is_told_to_whoever_destroys(town, signed):
    old, told = signed(), []
    services.agreement_amended.connect(lambda **facts: told.append(facts["datasets"]), weak=False, dispatch_uid="test")
    try:
        made = services.amend(old, reason="Less.", by=town.schools.steward)
        services.remove_dataset(made, dataset="homeless-clients", by=town.schools.steward)
        sign_all(town, made)
    finally:
        services.agreement_amended.disconnect(dispatch_uid="test")
    assert told == [["homeless-clients", "school-enrollment"]]
    assert queries.kept_fields("homeless-clients") == set()


def test_a_looser_amendment_does_not_loosen_what_was_learned_before(town, signed):
    made = services.amend(signed(), reason="Looser.", by=town.schools.steward)
    Agreement.objects.filter(pk=made.pk).update(publication_threshold=5)
    made.refresh_from_db()
    sign_all(town, made)
    assert queries.agreement("DSA-1").publication_threshold == 5
    assert queries.threshold(["DSA-1"]) == 11


def test_one_next_edition_at_a_time_and_none_of_what_is_over(town, signed):
    agreement = signed()
    made = services.amend(agreement, reason="More.", by=town.schools.steward)
    with pytest.raises(services.AgreementRefused, match="being amended already"):
        services.renew(agreement, ends_on=agreement.ends_on + timedelta(days=9), reason="On.", by=town.schools.steward)
    services.submit_for_review(made, by=town.schools.steward)
    for people in (town.schools, town.homeless):
        services.review(made, approve=True, by=people.counsel)
    services.sign(made, by=town.schools.board_member)
    services.end(agreement, reason="Over.", by=town.schools.board_member)
    with pytest.raises(services.AgreementRefused, match="no longer in force"):
        services.sign(made, by=town.homeless.board_member)
    assert queries.agreement("DSA-1").state == State.ENDED


def test_a_renewal_ends_later(town, signed):
    agreement = signed()
    with pytest.raises(services.AgreementRefused, match="ends later"):
        services.renew(agreement, ends_on=agreement.ends_on, reason="On.", by=town.schools.steward)
    later = agreement.ends_on + timedelta(days=365)
    made = services.renew(agreement, ends_on=later, reason="It helps.", by=town.schools.steward)
    assert {one.heading for one in clause_pages.differences_of(queries.agreement(made.code)).changed} == {"Term"}


def test_a_dispute_stops_nothing_and_each_board_has_thirty_days(town, signed):
    agreement = signed()
    made = services.raise_dispute(agreement, what="Deliveries come late.", by=town.schools.counsel)
    assert "DSA-1/fields" in policies()
    waits = [one for one in clocks.waiting_for(town.homeless.board_member) if one.wait.step == "settle dispute"]
    assert [one.wait.due_on for one in waits] == [timezone.localdate() + timedelta(days=30)]
    services.settle_dispute(made.pk, outcome="Every Monday.", by=town.schools.counsel)
    assert "settle dispute" not in [one.wait.step for one in clocks.waiting_for(town.homeless.board_member)]


def test_a_breach_stops_access_and_drafts_the_notices_of_each_law(town, draft):
    agreement = draft()
    services.choose_clause(agreement, key="incident-notice", by=town.schools.steward)
    sign_all(town, agreement)
    found = services.report_breach(
        agreement,
        what="A laptop was lost.",
        datasets=["school-enrollment"],
        discovered_on=timezone.localdate(),
        people=40,
        by=town.schools.steward,
    )
    assert agreement.state == State.SUSPENDED
    assert "DSA-1/fields" not in policies()
    notices = list(found.notices.all())
    assert notices[0].due_on == timezone.localdate(timezone.now() + timedelta(hours=24)) or len(notices) > 1
    assert {one.law for one in notices} >= {"", "ferpa"}
    assert all("A laptop was lost." in one.text for one in notices)
    with pytest.raises(services.AgreementRefused, match="cannot be closed yet"):
        services.close_breach(found.pk, outcome="Found.", by=town.schools.privacy)
    for one in notices:
        services.deal_with_notice(one.pk, why_not="" if one.law else "Told by telephone.", by=town.schools.privacy)
    services.close_breach(found.pk, outcome="It was encrypted.", by=town.schools.privacy)
    assert agreement.suspensions.filter(resumed_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"what": " "}, "needs words"),
        ({"discovered_on": timezone.localdate() + timedelta(days=2)}, "still to come"),
        ({"datasets": ["other"]}, "not part of this agreement"),
    ],
)
def test_a_breach_report_that_cannot_be_is_refused(town, signed, changes, says):
    facts = {"what": "Lost.", "datasets": [], "discovered_on": timezone.localdate(), **changes}
    with pytest.raises(services.AgreementRefused, match=says):
        services.report_breach(signed(), **facts, by=town.schools.steward)


def test_hipaa_asks_for_notice_in_sixty_days():
    from infotrust.core import law

    assert 60 in {one.within_days for one in law.regime("hipaa").breach}


def test_a_regular_review_is_asked_for_when_its_days_are_over(town, draft):
    agreement = draft()
    services.choose_clause(agreement, key="yearly-review", by=town.schools.steward)
    sign_all(town, agreement)
    services.expire_due(timezone.now() + timedelta(days=364))
    assert "regular review" not in [one.wait.step for one in clocks.waiting_for(town.schools.board_member)]
    later = timezone.now() + timedelta(days=366)
    services.expire_due(later)
    assert "regular review" in [one.wait.step for one in clocks.waiting_for(town.schools.board_member)]
    services.confirm(agreement, by=town.schools.board_member, at=later)
    assert "regular review" not in [one.wait.step for one in clocks.waiting_for(town.schools.board_member)]


def test_roles_are_shown_with_the_permission_that_the_policies_give(town, signed):
    signed()
    _agreement, rows = role_matrix.matrix("DSA-1", by=town.schools.analyst)
    found = {row.role: row.permission for row in rows}
    assert found["Linkage officer"] == "Link: 3 fields"
    assert found["Analyst"].startswith("Count: ")
    assert found["Helper"] == "none under this agreement"


def test_a_memorandum_has_no_steps_that_move_data(town, draft):
    agreement = draft("EMOU-1", datasets=(), kind="emou", purposes=[], recipients=[])
    sign_all(town, agreement)
    services.suspend(agreement, reason="Pause.", by=town.schools.counsel)
    with pytest.raises(ImpossibleMove):
        services.sign(agreement, by=town.schools.board_member)


def test_every_page_after_signature_says_what_it_does_and_does_it(town, signed, client):
    agreement = signed()
    client.force_login(town.schools.board_member)
    for name in ("suspend", "dispute", "confirm", "breach"):
        text = client.get(page("step", "DSA-1", name)).content.decode()
        assert "What this does" in text, name
    assert client.get(page("roles", "DSA-1")).status_code == 200
    assert client.get(page("step", "DSA-1", "dance")).status_code == 404
    assert client.post(page("step", "DSA-1", "dispute"), {"words": "Late."}).status_code == 302
    (dispute,) = queries.disputes(agreement)
    assert client.get(page("settle-dispute", "DSA-1", dispute.pk)).status_code == 200
    breach = {"what": "Lost.", "discovered_on": timezone.localdate().isoformat(), "datasets": ["school-enrollment"]}
    answer = client.post(page("step", "DSA-1", "breach"), breach)
    assert answer.status_code == 302
    text = client.get(answer["Location"]).content.decode()
    assert "FERPA" in text
    (found,) = queries.breaches(agreement)
    notice = found.notices.first()
    client.force_login(town.schools.privacy)
    assert client.get(page("notice", "DSA-1", found.pk, notice.pk)).status_code == 200
    assert client.post(page("notice", "DSA-1", found.pk, notice.pk), {"text": "Dear all"}).status_code == 302
    client.force_login(town.schools.steward)
    assert client.get(page("step", "DSA-1", "amend")).status_code == 200
    assert client.post(page("step", "DSA-1", "amend"), {"reason": ""}).status_code == 200
    assert client.post(page("step", "DSA-1", "amend"), {"reason": "Less."}).status_code == 302
    shown = life_pages.life("DSA-1", by=town.schools.steward)
    assert [one.edition for one in shown.editions] == [1, 2]
    text = client.get(page("agreement", "DSA-1")).content.decode()
    assert "Edition 2" in text
    assert "suspended it on" in text


def test_an_agreement_that_shares_no_data_makes_no_new_version_of_the_policies(town, signed):
    signed()
    before = queries.policy_version()
    memorandum = signed(code="MOU-1", kind="mou", datasets=(), purposes=(), recipients=[])
    services.suspend(memorandum, reason="Doubts.", by=town.schools.counsel)
    services.resume(memorandum, by=town.schools.board_member)
    services.end(memorandum, reason="Over.", by=town.schools.board_member)
    assert queries.policy_version() == before


def waiting(label) -> dict[str, str]:
    return {one.wait.step: one.wait.address for one in clocks.open_of(label)}


def test_a_suspension_holds_for_the_next_edition_until_its_party_lets_it_go_on(town, signed, client):
    agreement = signed()
    services.suspend(agreement, reason="Doubts.", by=town.homeless.privacy)
    made = services.amend(agreement, reason="Less.", by=town.schools.steward)
    services.submit_for_review(made, by=town.schools.steward)
    for people in (town.schools, town.homeless):
        services.review(made, approve=True, by=people.counsel)
    client.force_login(town.schools.board_member)
    assert "This edition begins suspended too" in client.get(f"/agreements/{made.code}/sign/").content.decode()
    for people in (town.schools, town.homeless):
        services.sign(made, by=people.board_member)
    now = queries.agreement("DSA-1")
    assert (now.pk, now.state) == (made.pk, State.SUSPENDED)
    assert "DSA-1/fields" not in policies()
    with pytest.raises(services.AgreementRefused, match="did not suspend"):
        services.resume(now, by=town.schools.board_member)
    services.resume(now, by=town.homeless.board_member)
    assert now.state == State.IN_FORCE
    assert "DSA-1/fields" in policies()


def test_notices_and_disputes_of_an_edition_that_was_replaced_are_dealt_with_and_then_wait_no_more(town, signed):
    old = signed()
    dispute = services.raise_dispute(old, what="Late data.", by=town.schools.board_member)
    breach = services.report_breach(
        old, what="Lost.", datasets=["school-enrollment"], discovered_on=timezone.localdate(), by=town.schools.privacy
    )
    services.resume(old, by=town.schools.board_member)
    sign_all(town, services.amend(old, reason="Less.", by=town.schools.steward))
    assert waiting("agreement:DSA-1-v2") == {}
    there = "/agreements/DSA-1-v1/"
    assert waiting("agreement:DSA-1") == {"settle dispute": there, "breach notice": there}
    services.settle_dispute(dispute.pk, outcome="Paid.", by=town.schools.board_member)
    for notice in queries.breach(breach.pk).notices.all():
        services.deal_with_notice(notice.pk, by=town.schools.privacy)
    assert waiting("agreement:DSA-1") == {}
    services.close_breach(breach.pk, outcome="Found.", by=town.schools.privacy)


def test_a_dispute_and_a_notice_outlive_the_end(town, signed):
    agreement = signed()
    dispute = services.raise_dispute(agreement, what="Late data.", by=town.schools.board_member)
    services.report_breach(
        agreement, what="Lost.", datasets=[], discovered_on=timezone.localdate(), by=town.schools.privacy
    )
    services.end(agreement, reason="Over.", by=town.schools.board_member)
    assert set(waiting("agreement:DSA-1")) == {"settle dispute", "breach notice"}
    assert services.settle_dispute(dispute.pk, outcome="Paid.", by=town.schools.board_member).settled_at
    assert set(waiting("agreement:DSA-1")) == {"breach notice"}


def test_a_breach_is_corrected_once_more_is_known_and_what_was_sent_stays(town, signed, client):
    agreement = signed()
    facts = {"datasets": ["homeless-clients"], "discovered_on": timezone.localdate()}
    breach = services.report_breach(agreement, what="A list was lost.", **facts, by=town.schools.privacy)
    (told,) = queries.breach(breach.pk).notices.filter(agency=town.schools.agency)
    services.deal_with_notice(told.pk, text="We told you.", by=town.schools.privacy)
    client.force_login(town.schools.privacy)
    address = page("correct-breach", "DSA-1", breach.pk)
    assert "A list was lost." in client.get(address).content.decode()
    better = {
        "what": "Two lists were lost.",
        "people": "240",
        "datasets": ["homeless-clients", "school-enrollment"],
        "discovered_on": timezone.localdate().isoformat(),
    }
    assert "drafted anew" in client.post(address, better, follow=True).content.decode()
    now = queries.breach(breach.pk)
    assert (now.people, now.datasets) == (240, ["homeless-clients", "school-enrollment"])
    told.refresh_from_db()
    assert told.text == "We told you."
    drafts = now.notices.filter(dealt_at__isnull=True)
    assert {one.law for one in drafts} >= {"ferpa"}
    assert all("Two lists were lost." in one.text and "240" in one.text for one in drafts)
    assert "breach notice" in waiting("agreement:DSA-1")
    before = next(one.facts["before"] for one in log.entries(about="agreement:DSA-1") if "before" in one.facts)
    assert before["what"] == "A list was lost."


def test_a_notice_is_marked_as_sent_by_the_party_that_owes_it_alone(town, signed):
    agreement = signed()
    breach = services.report_breach(
        agreement, what="Lost.", datasets=["school-enrollment"], discovered_on=timezone.localdate(),
        by=town.homeless.privacy,
    )  # fmt: skip
    owed = queries.breach(breach.pk).notices.filter(agency=town.schools.agency).first()
    with pytest.raises(services.AgreementRefused, match="owed by"):
        services.deal_with_notice(owed.pk, by=town.homeless.privacy)
    services.deal_with_notice(owed.pk, by=town.schools.privacy)
