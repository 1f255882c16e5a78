"""A dataset is a set of deliveries, one for each period: in any order, corrected, and sent again with fewer rows."""

from __future__ import annotations

import pytest

from infotrust.shared.holdings import services as holdings
from infotrust.shared.vault import services as vault
from infotrust.stages.intake import queries
from infotrust.stages.intake.lifecycle import State
from tests.stages.intake.world import DATASET, good_rows

THIS, NEXT, BEFORE = "2025-26", "2026-27", "2024-25"


def pupils(room=vault) -> dict[tuple[str, str], str]:
    """(period, pupil) -> record id."""
    names = {row["record_id"]: row["pupil_id"] for row in vault.read(DATASET).to_pylist()}
    return {(row["period"], names[row["record_id"]]): row["record_id"] for row in room.read(DATASET).to_pylist()}


def keys(period: str, first: int, last: int) -> set[tuple[str, str]]:
    return {(period, f"P{number}") for number in range(first, last)}


def test_second_period_stands_beside_the_first_with_the_same_record_ids(agree, send):
    agree()
    first = send(*good_rows(0, 4))
    second = send(*good_rows(2, 7), period=NEXT)
    first.refresh_from_db()
    found = pupils()
    assert (first.state, second.state, second.supersedes) == (State.LOADED, State.LOADED, None)
    assert found.keys() == keys(THIS, 0, 4) | keys(NEXT, 2, 7)
    assert pupils(holdings) == found
    assert all(found[THIS, pupil] == found[NEXT, pupil] for pupil in ("P2", "P3"))
    assert len(set(found.values())) == 7
    assert second.receipt.known == 2


def test_correction_of_the_first_period_leaves_the_second_as_it_is(agree, send):
    agree()
    first = send(*good_rows(0, 4))
    send(*good_rows(2, 7), period=NEXT)
    before = pupils()
    correction = send(*good_rows(1, 5))
    first.refresh_from_db()
    found = pupils()
    assert (first.state, correction.supersedes) == (State.SUPERSEDED, first)
    assert found.keys() == keys(THIS, 1, 5) | keys(NEXT, 2, 7)
    assert all(found[key] == before[key] for key in found if key in before)
    # A pupil whom the first period did not have, and the second did, is known by the same record.
    assert found[THIS, "P4"] == before[NEXT, "P4"]
    assert correction.receipt.known == 4
    assert queries.periods_loaded([DATASET]) == {DATASET: (THIS, NEXT)}


def test_period_that_arrives_late_joins_the_records_of_later_ones(agree, send):
    agree()
    send(*good_rows(0, 4), period=NEXT)
    late = send(*good_rows(2, 6), period=BEFORE)
    found = pupils()
    assert found.keys() == keys(NEXT, 0, 4) | keys(BEFORE, 2, 6)
    assert found[NEXT, "P2"] == found[BEFORE, "P2"]
    assert late.receipt.known == 2
    assert queries.periods_loaded([DATASET]) == {DATASET: (BEFORE, NEXT)}


def test_period_sent_again_with_fewer_rows_loses_the_others_in_both_rooms(agree, send):
    agree()
    send(*good_rows(0, 6))
    send(*good_rows(4, 6), period=NEXT)
    before = pupils()
    send(*good_rows(0, 3))
    found = pupils()
    assert found.keys() == pupils(holdings).keys() == keys(THIS, 0, 3) | keys(NEXT, 4, 6)
    gone = {before[THIS, "P3"]}
    assert not gone & {row["record_id"] for room in (vault, holdings) for row in room.read(DATASET).to_pylist()}


@pytest.mark.parametrize(
    "periods",
    [("2024-25", "2025-26", "2026-27"), ("2026-Q3", "2026-Q10", "2027-Q1"), ("School year 2025-26", "2026-27")],
)
def test_periods_sort_by_their_numbers(periods):
    assert tuple(sorted(periods, key=queries.period_order)) == periods


def test_overview_shows_every_period_in_use_and_what_is_due_after_the_latest(agree, send, town, client):
    agree()
    latest = send(*good_rows(0, 4), period=NEXT)
    send(*good_rows(0, 4), period=BEFORE)
    (expected,) = queries.expected(town.agency)
    assert [delivery.period for delivery in expected.loaded] == [BEFORE, NEXT]
    assert expected.last == latest
    client.force_login(town.steward)
    page = client.get("/deliveries/").content.decode()
    assert page.index(f">{BEFORE}</a>") < page.index(f">{NEXT}</a>")
