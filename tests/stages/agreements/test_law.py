"""A law that is added or changed decides without anyone touching an agreement; the strictest law is an option."""

from __future__ import annotations

import pytest
from django.utils import timezone

from infotrust.core import law
from infotrust.shared.permissions import services as permissions
from infotrust.stages.agreements import pages, queries, services

RULES = """
@id("city/nothing") @law("ferpa") @cite("City Code 1") @reviewed("K")
@plain("The city lets nothing be counted.")
forbid (principal, action == Trust::Action::"aggregate", resource in Trust::LawClass::"ferpa");
"""


@pytest.fixture
def own_law(tmp_path):
    text = (
        "code: city\ntitle: City rule\nshort: City rule\npublic: City rule\ncitation: City Code 1\njurisdiction: XX\n"
        "plain: Nothing is counted.\ndata: School records.\nholders: Schools.\n"
    )
    (tmp_path / "city.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "city.cedar").write_text(
        RULES.replace('@law("ferpa")', '@law("city")').replace('LawClass::"ferpa"', 'LawClass::"city"'),
        encoding="utf-8",
    )
    law.use(tmp_path)
    yield
    law.use(None)


def test_policies_are_published_anew_when_a_law_was_added_and_only_then(signed, request):
    signed()
    before = permissions.current_version().number
    assert services.keep_up_with_the_law() is False
    assert permissions.current_version().number == before
    request.getfixturevalue("own_law")
    assert services.keep_up_with_the_law() is True
    version = permissions.current_version()
    assert version.number == before + 1
    assert "city/nothing" in version.policies
    assert services.keep_up_with_the_law() is False


def test_without_any_policy_there_is_nothing_to_keep_up(db):
    assert services.keep_up_with_the_law() is False


def test_the_strictest_law_is_chosen_in_the_terms_and_stands_in_the_text(town, draft):
    agreement = draft(strictest=True)
    assert queries.terms_of(queries.agreement(agreement.code)).strictest
    text = pages.agreement_page(agreement.code, by=town.schools.counsel, at=timezone.now()).text
    assert "The strictest law" in text
