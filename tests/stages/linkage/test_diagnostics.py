"""How a linkage stands, on its page: counts and parameters, small ones not told exactly, no value of a child."""

from __future__ import annotations

import pytest

from infotrust.stages.linkage import standing
from tests.stages.linkage.conftest import COUNTY

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def test_the_page_tells_who_was_linked_what_was_learned_and_no_value(agree, delivered, link, town, client):
    agree()
    run = link()
    client.force_login(town.schools.board_member, backend=BACKEND)
    page = client.get(f"/linkage/{run.pk}/diagnostics/").content.decode()
    assert "School Enrollment" in page
    assert "50.0 %" in page, "forty of the eighty pupils are clients too"
    assert "What was learned" in page
    assert "kinds of keys" in page
    assert "Pairs that were probably missed" in page
    assert "How often datasets disagree about a person" in page
    assert not any(row["birth_date"] in page or f">{row['last_name']}" in page for row in COUNTY)
    assert "Diagnostics of this linkage" in client.get(f"/linkage/{run.pk}/").content.decode()
    client.force_login(town.schools.steward, backend=BACKEND)
    assert client.get(f"/linkage/{run.pk}/diagnostics/").status_code == 403


def test_a_run_without_diagnostics_says_so(town):
    assert standing.told({}) == standing.Told(False)


@pytest.mark.parametrize(
    ("count", "whole", "told"),
    [
        (40, 80, "50.0 %"),
        (0, 80, "0.0 %"),
        (80, 80, "100.0 %"),
        (3, 80, "too few to tell"),
        (77, 80, "too few to tell"),
        (5, 9, "too few to tell"),
    ],
)
def test_a_share_that_gives_away_a_few_records_is_not_told(count, whole, told):
    assert standing._share(count, whole) == told


def test_small_counts_have_no_bar_either():
    ranges = [
        {"from": None, "to": -5.0, "together": 0, "apart": 999},
        {"from": -5.0, "to": 0.0, "together": 4, "apart": 40},
        {"from": 0.0, "to": None, "together": 80, "apart": 0},
    ]
    _, small, large = standing._weights(ranges)
    assert (small.together, small.together_percent, small.apart_percent) == ("1 to 10", 0, 50)
    assert (large.together, large.together_percent) == ("80", 100)


def test_years_and_areas_of_few_records_are_told_together():
    rates = [
        {"name": "2014", "records": 30, "linked": 20, "elsewhere": 15},
        {"name": "1931", "records": 1, "linked": 0, "elsewhere": 0},
        {"name": "1932", "records": 2, "linked": 1, "elsewhere": 0},
        {"name": "1933", "records": 0, "linked": 0, "elsewhere": 0},
    ]
    large, others = standing._large(rates, "others")
    assert large["name"] == "2014"
    assert others == {"name": "others", "records": 3, "linked": 1, "elsewhere": 0}


def test_pairs_missed_are_told_only_where_one_agreement_covers_both_datasets():
    limits = {"value": 30.2, "low": 8.0, "high": 110.4}
    manifest = {
        "datasets": [{"code": "a", "title": "Alpha"}, {"code": "b", "title": "Beta"}, {"code": "c", "title": "Gamma"}],
        "overlaps": [[9, 40, None], [40, 9, 40], [None, 40, 9]],
    }
    between = [{"sources": pair, "together": 400, "missed": limits} for pair in ("ab", "ac", "bc", "aa")]
    told = standing._missed({"together": 1200, "missed": limits, "between": between}, manifest)
    assert [one.title for one in told] == ["All datasets", "Alpha and Beta", "Beta and Gamma", "Within Alpha"]
    assert (told[0].missed, told[0].low, told[0].high) == ("30", "1 to 10", "110")


def test_rates_of_few_pairs_are_not_told():
    by = [
        {"source": "a", "known": 400, "slips": 40, "different": 5, "own": 0.04},
        {"source": "b", "known": 60, "slips": 20, "different": 20, "own": 0.3},
        {"source": "c", "known": 0, "slips": 0, "different": 0, "own": None},
    ]
    told = standing._errors({"field": "birth_date", "by": by}, {"a": "Alpha"})
    assert told.title == "Date of birth"
    assert told.by == (
        ("Alpha", "400", "10.0 %", "too few to tell", "4.0 %"), ("b", "60", "33.3 %", "33.3 %", "–"),
    )  # fmt: skip
