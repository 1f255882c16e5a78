"""Two who change a draft at once: who saves second sees what stands now, and what they chose is still in the form."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.agreements import queries, services

FIELDS = ("DSA-1", "school-enrollment")


def page(name, *args):
    return reverse(f"agreements:{name}", args=args)


def seen_in(html: str) -> str:
    return re.search(r'name="seen" value="([0-9a-f]{64})"', html)[1]


def fields() -> dict[str, list[str]]:
    return queries.uses_by_field(queries.agreement("DSA-1"), "school-enrollment")


def test_ticks_of_a_colleague_are_not_taken_off_unseen(town, draft, client):
    agreement = draft()
    client.force_login(town.schools.steward)
    seen = seen_in(client.get(page("fields", *FIELDS)).content.decode())
    theirs = {"student_number": {"contribute"}, "lunch_debt": {"contribute", "aggregate"}}
    services.add_dataset(agreement, dataset="school-enrollment", uses=theirs, by=town.schools.counsel)
    mine = {"seen": seen, "uses-student_number": ["contribute"], "uses-grade": ["contribute", "aggregate"]}
    answer = client.post(page("fields", *FIELDS), mine).content.decode()
    assert set(fields()) == {"student_number", "lunch_debt"}
    assert re.search(r"<del>.*lunch_debt", answer, re.DOTALL)
    assert re.search(r'id="grade-aggregate"[^>]* checked', answer)
    assert not re.search(r'id="lunch_debt-aggregate"[^>]* checked', answer)
    client.post(page("fields", *FIELDS), {**mine, "seen": seen_in(answer)})
    assert fields() == {"student_number": ["contribute"], "grade": ["contribute", "aggregate"]}


def test_values_of_a_clause_are_not_overwritten_unseen(town, draft, client):
    agreement = draft()
    services.choose_clause(agreement, key="small-numbers", by=town.schools.steward)
    client.force_login(town.schools.steward)
    address = page("choose", "DSA-1", "small-numbers")
    seen = seen_in(client.get(address).content.decode())
    more = {"publication_threshold_at_least": 20}
    services.choose_clause(agreement, key="small-numbers", values=more, by=town.schools.counsel)
    answer = client.post(address, {"seen": seen, "publication_threshold_at_least": "15"}).content.decode()
    assert queries.machine_terms(queries.agreement("DSA-1")) == more
    assert 'value="15"' in answer
    assert "<del>" in answer
    client.post(address, {"seen": seen_in(answer), "publication_threshold_at_least": "15"})
    assert queries.machine_terms(queries.agreement("DSA-1")) == {"publication_threshold_at_least": 15}


def test_every_term_that_differs_is_shown_not_the_title_alone(town, draft):
    agreement = draft()
    stands = queries.terms_of(queries.agreement("DSA-1"))
    terms = {
        "title": stands.title,
        "why": stands.why,
        "parties": [town.schools.agency, town.homeless.agency],
        "recipients": [town.schools.agency],
        "purposes": ["planning", "linkage"],
        "level": "aggregate",
        "starts_on": stands.starts_on,
        "ends_on": stands.ends_on,
        "retention_days": 0,
        "publication_threshold": 11,
    }
    theirs = {"recipients": [town.homeless.agency], "purposes": ["planning"], "retention_days": 60}
    services.change_terms(agreement, **{**terms, **theirs}, by=town.schools.counsel)
    with pytest.raises(SavedMeanwhile) as clash:
        services.change_terms(agreement, **terms, seen="0" * 64, by=town.schools.steward)
    differing = {
        line.split(":")[0] for line in set(clash.value.theirs.split("\n")) ^ set(clash.value.yours.split("\n"))
    }
    assert differing == {"Recipients", "Purposes", "Days until destruction after its end"}
