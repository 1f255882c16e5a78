"""What an agreement promises, as counsel may read it.

The agreement of these examples: the schools and the homeless services share a few fields, for planning and linkage,
counts only. Of the schools' data it lists the grade for counting and the last name for linking. It does not list
what a family owes for lunches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from infotrust.core.policy.terms import PURPOSES, Use
from infotrust.shared.permissions import services as permissions
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import queries, services
from infotrust.stages.inventory import queries as inventory_queries
from infotrust.stages.inventory import services as inventory


@dataclass
class Question:
    """May this person use this field of the school enrollment, so, for this purpose?"""

    actor: object
    field: str = "grade"
    use: str = "aggregate"
    purpose: str = "planning"

    def asked(self, at=None):
        return permissions.FieldRequest(
            self.actor, self.use, "school-enrollment", self.field, self.purpose, at=at or timezone.now()
        )

    def decide(self, at=None):
        return permissions.decide(self.asked(at))

    def refused_by(self, at=None) -> set[str]:
        decision = self.decide(at)
        assert not decision.allowed
        return {reason.rule for reason in decision.reasons}


def test_no_field_is_seen_without_an_agreement(town, approved):
    """One signature of two is not an agreement."""
    services.sign(approved(), by=town.schools.board_member)
    assert Question(town.schools.analyst).refused_by() == {"no-agreement"}


def test_with_the_agreement_an_analyst_counts_by_the_agreed_field(town, signed):
    signed()
    decision = Question(town.schools.analyst).decide()
    assert decision.allowed
    assert decision.agreement == "DSA-1"


def test_a_field_that_is_not_listed_stays_closed(town, signed):
    signed()
    assert Question(town.schools.analyst, field="lunch_debt").refused_by() == {"DSA-1/fields"}


def test_a_purpose_that_is_not_listed_stays_closed(town, signed):
    signed()
    assert "DSA-1/purposes" in Question(town.schools.analyst, purpose="research").refused_by()


def test_people_of_an_agency_that_is_not_a_recipient_see_nothing(town, signed):
    signed()
    assert Question(town.homeless.analyst).refused_by() == {"DSA-1/recipients"}


def test_under_an_agreement_for_counts_nobody_sees_or_takes_a_row(town, signed):
    signed()
    for use in ("view", "extract"):
        assert "DSA-1/level" in Question(town.schools.analyst, use=use).refused_by()


def test_identifiers_link_records_and_nothing_else(town, signed):
    signed()
    assert Question(town.schools.officer, field="last_name", use="link", purpose="linkage").decide().allowed
    assert "guard/no-counting-by-identifier" in Question(town.schools.analyst, field="last_name").refused_by()


def test_linkage_officers_do_not_link_by_what_a_program_knows(town, signed):
    signed()
    question = Question(town.schools.officer, field="grade", use="link", purpose="linkage")
    assert "guard/linkers-see-no-content" in question.refused_by()


def test_only_the_agency_that_owns_a_dataset_contributes_it(town, signed):
    signed()
    assert Question(town.schools.steward, use="contribute", purpose="").decide().allowed
    assert "guard/contribute-own" in Question(town.homeless.steward, use="contribute", purpose="").refused_by()


def test_nothing_is_ever_used_for_enforcement(town, signed):
    signed()
    people = (town.schools.analyst, town.schools.officer, town.schools.steward, town.schools.board_member)
    for actor, use, field in product(people, Use, ("grade", "last_name")):
        assert "guard/no-enforcement" in Question(actor, field, use.value, "enforcement").refused_by()


def test_every_refusal_names_its_rule_in_plain_words(town, signed):
    signed()
    people = (town.schools.analyst, town.schools.officer, town.health.steward, town.homeless.counsel)
    fields = ("grade", "last_name", "lunch_debt", "no_such_field")
    for actor, field, use, purpose in product(people, fields, Use, PURPOSES):
        decision = Question(actor, field, use.value, purpose).decide()
        if not decision.allowed:
            assert decision.reasons
            assert all(reason.rule and reason.plain.endswith(".") for reason in decision.reasons)


def test_a_clause_cites_its_agreement_and_number(town, signed):
    signed()
    (reason,) = Question(town.schools.analyst, field="lunch_debt").decide().reasons
    assert reason.citation == "DSA-1, clause 5"
    clause = queries.clauses("DSA-1")[4]
    assert (clause.number, clause.rule) == (5, "DSA-1/fields")


def test_ending_cuts_access_on_the_next_request(town, signed):
    agreement = signed()
    question = Question(town.schools.analyst)
    assert question.decide().allowed
    services.end(agreement, reason="The study is done.", by=town.homeless.board_member)
    assert question.refused_by() == {"no-agreement"}


def test_the_last_day_ends_access_by_itself_without_anyone_doing_anything(town, signed):
    today = timezone.localdate()
    signed(ends_on=today + timedelta(days=5))
    question = Question(town.schools.analyst)
    assert question.decide(timezone.now() + timedelta(days=5)).allowed
    assert question.refused_by(timezone.now() + timedelta(days=6)) == {"DSA-1/term"}


def test_a_second_agreement_does_not_lend_its_purpose_to_the_first(town, signed):
    signed()
    signed(code="DSA-2", datasets=("homeless-clients",), purposes=["research", "linkage"])
    assert "DSA-1/purposes" in Question(town.schools.analyst, purpose="research").refused_by()


def test_ending_one_agreement_leaves_the_other_in_force(town, signed):
    first, _second = signed(), signed(code="DSA-2")
    services.end(first, reason="Done.", by=town.schools.board_member)
    assert Question(town.schools.analyst).decide().agreement == "DSA-2"


def test_a_field_declared_unavailable_is_closed_at_once(town, signed):
    """The owner changes the inventory; the agreements in force are compiled anew in the same transaction."""
    signed()
    grade = next(field for field in inventory_queries.fields("school-enrollment") if field.name == "grade")
    closed = replace(grade.spec(), availability="unavailable")
    inventory.change_field(dataset=grade.dataset, spec=closed, by=town.schools.steward)
    assert "guard/unavailable" in Question(town.schools.analyst).refused_by()


def test_a_request_for_several_fields_is_refused_whole_if_one_is_refused(town, signed):
    signed()
    wanted = [Question(town.schools.analyst, field=name).asked() for name in ("grade", "lunch_debt")]
    with pytest.raises(NotPermitted) as refusal:
        permissions.require_all(wanted, wanted="count lunch debt by grade")
    assert {reason.rule for reason in refusal.value.decision.reasons} == {"DSA-1/fields"}


def test_what_is_signed_is_exactly_what_is_enforced(town, signed):
    """Every clause that names a rule has that rule in the policies in force, word for word."""
    signed()
    policies = permissions.current_version().policies
    enforced = [clause for clause in queries.clauses("DSA-1") if clause.policy]
    assert len(enforced) > 3
    for clause in enforced:
        assert clause.policy in policies
