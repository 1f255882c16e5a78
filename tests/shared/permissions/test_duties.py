from __future__ import annotations

import pytest

from infotrust.shared.accounts.models import Role
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.decision import NotPermitted


@pytest.mark.parametrize("verb", list(duties.DUTIES))
def test_every_duty_names_known_roles_and_says_in_plain_words_whose_it_is(verb):
    duty = duties.DUTIES[verb]
    assert duty.roles
    assert duty.roles <= set(Role.values)
    assert duty.plain.endswith(".")


def test_printed_table_has_a_line_for_each_duty():
    printed = duties.table()
    assert printed.count("\n") == len(duties.DUTIES) + 1
    assert "| sign agreement | Board member | yes |" in printed


def test_duty_of_another_agency_is_refused_with_its_rule(make_user, make_agency):
    counsel = make_user("counsel", "schools")
    assert duties.may("review agreement", by=counsel, agency=make_agency("schools"))
    with pytest.raises(NotPermitted) as refusal:
        duties.require("review agreement", by=counsel, agency=make_agency("health"))
    assert refusal.value.decision.reasons[0].rule == "duty:review agreement"


def test_closed_account_has_no_duty(make_user):
    counsel = make_user("counsel", "schools")
    counsel.is_active = False
    assert not duties.may("draft agreement", by=counsel)


def test_no_role_both_reviews_and_signs():
    """The one who checks the text is never the one who signs it."""
    assert not duties.DUTIES["review agreement"].roles & duties.DUTIES["sign agreement"].roles
