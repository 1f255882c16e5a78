from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from infotrust.core.policy.book import PolicyRejected, assemble
from infotrust.shared.audit import queries as audit
from infotrust.shared.permissions import services
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.permissions.models import PolicyVersion
from infotrust.shared.permissions.services import FieldRequest


@pytest.fixture
def analyst(publish, make_user):
    return make_user("analyst", "schools")


def count(actor, field="grade", **changes):
    usual = {"action": "aggregate", "dataset": "enrollment", "purpose": "program_evaluation"}
    return FieldRequest(actor=actor, field=field, **{**usual, **changes})


def rules(decision):
    return {reason.rule for reason in decision.reasons}


def test_before_any_version_everything_is_refused_with_a_reason(analyst):
    decision = services.decide(count(analyst))
    assert not decision
    assert rules(decision) == {"no-agreement"}


def test_decision_names_agreement_and_policy_version(publish, analyst):
    version = publish()
    decision = services.decide(count(analyst))
    assert decision
    assert (decision.agreement, decision.policy_version) == ("DSA-1", str(version.number))


def test_a_new_version_acts_on_the_next_request_with_one_small_query(publish, analyst, django_assert_num_queries):
    publish()
    assert services.decide(count(analyst))
    with django_assert_num_queries(1):
        services.decide(count(analyst))
    publish(None)
    assert not services.decide(count(analyst))


def test_exactly_one_version_is_current_and_the_database_insists(publish):
    publish()
    publish()
    assert PolicyVersion.objects.filter(current=True).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.update(current=True)


def test_a_rejected_version_leaves_the_one_before_in_force(publish, analyst):
    publish()
    policies, entities = assemble(())
    with pytest.raises(PolicyRejected):
        services.publish_policy(policies=policies + "forbid(", entities=entities, reason="x", by=analyst)
    assert services.decide(count(analyst))


def test_a_version_whose_transaction_is_undone_decides_nothing(publish, analyst):
    publish()

    def publish_and_fail():
        with transaction.atomic():
            publish(None)
            assert not services.decide(count(analyst))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_and_fail()
    assert services.decide(count(analyst))


def test_require_all_lists_every_refusing_rule_and_records_nothing(publish, analyst):
    publish()
    with pytest.raises(NotPermitted) as refusal:
        services.require_all(
            [count(analyst), count(analyst, "lunch_debt"), count(analyst, "last_name")], wanted="count pupils"
        )
    assert {"DSA-1/fields", "guard/analysts-never-see-identifiers"} <= rules(refusal.value.decision)
    assert not [entry for entry in audit.entries() if entry.event == "access.allowed"]


def test_allowed_access_is_recorded_with_agreement_purpose_and_version(publish, analyst):
    publish()
    services.require_all([count(analyst)], wanted="count pupils by grade")
    entry = next(entry for entry in audit.entries() if entry.event == "access.allowed")
    assert entry.facts["agreement"] == "DSA-1"
    assert entry.facts["purpose"] == "program_evaluation"
    assert entry.facts["fields"] == ["grade"]
    assert entry.facts["policy_version"] == "1"


def test_time_ends_an_agreement_by_itself(publish, analyst):
    publish(ends_on=timezone.localdate() + timedelta(days=3))
    late = timezone.now() + timedelta(days=4)
    assert services.decide(count(analyst))
    assert rules(services.decide(count(analyst, at=late))) == {"DSA-1/term"}


def test_rows_need_training_and_two_step_sign_in(publish, analyst, settings):
    publish(level="identified")
    settings.REQUIRE_TWO_STEP = True
    assert {"guard/training", "guard/two-step"} <= rules(services.decide(count(analyst, action="extract")))
    analyst.trained_until = timezone.localdate()
    assert "guard/training" not in rules(services.decide(count(analyst, action="extract")))


def test_closed_account_is_refused_by_name(publish, analyst):
    publish()
    analyst.is_active = False
    assert rules(services.decide(count(analyst))) == {"account-closed"}


def test_unconfirmed_law_says_so_in_its_citation(publish, analyst):
    publish()
    decision = services.decide(count(analyst, purpose="service"))
    law = next(reason for reason in decision.reasons if reason.rule == "ferpa/purpose")
    assert law.citation.endswith("to be confirmed by counsel")
