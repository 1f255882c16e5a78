from __future__ import annotations

import pytest
from django.urls import reverse

from infotrust.shared.permissions.duties import DUTIES


@pytest.fixture
def ask(client, make_user, publish):
    analyst = make_user("analyst", "schools")
    client.force_login(analyst)

    def get(**question):
        return client.get(reverse("permissions:access"), question)

    return get


QUESTION = {"who": "self", "action": "aggregate", "field": "enrollment/lunch_debt", "purpose": "program_evaluation"}


def test_refusal_is_shown_with_rule_words_and_citation(publish, ask):
    publish()
    text = ask(**QUESTION).content.decode()
    assert "No, this is refused" in text
    assert "DSA-1/fields" in text
    assert "DSA-1, clause 5" in text


def test_permission_names_the_agreement(publish, ask):
    publish()
    answer = ask(**{**QUESTION, "field": "enrollment/grade"})
    assert answer.context["decision"].allowed
    assert "Under DSA-1, by policy version 1." in answer.content.decode()


def test_question_about_another_role_is_decided_by_that_role(publish, ask):
    publish()
    question = {**QUESTION, "field": "enrollment/last_name", "action": "link", "purpose": "linkage"}
    assert not ask(**question).context["decision"].allowed
    assert ask(**{**question, "who": "linkage_officer", "agency": "schools"}).context["decision"].allowed


def test_role_without_an_agency_is_asked_for_it(publish, ask):
    publish()
    answer = ask(**{**QUESTION, "who": "analyst"})
    assert answer.context["decision"] is None
    assert "Choose the agency they work for." in answer.content.decode()


def test_without_an_agreement_the_page_says_so_and_still_lists_every_duty(ask):
    answer = ask()
    text = answer.content.decode()
    assert "No agreement is in force" in text
    assert [row.verb for row in answer.context["duties"]] == list(DUTIES)


def test_someone_without_a_role_is_refused(client, publish, make_agency):
    from infotrust.shared.accounts.models import User

    client.force_login(User.objects.create_user("new@schools.example", "correct-horse-42", name="New"))
    assert client.get(reverse("permissions:access")).status_code == 403
