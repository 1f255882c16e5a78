"""A question is about the deliveries it names. What is loaded later does not change its answer."""

from __future__ import annotations

import pytest

from infotrust.shared.audit.models import Entry
from infotrust.stages.analysis import queries, services
from infotrust.stages.analysis.enclave import NothingToRead
from infotrust.stages.intake import queries as intake

from .conftest import CLIENTS, PUPILS, SQL, connect, load

SQL = f"{SQL} ORDER BY grade, known"
THIS_YEAR = SQL.replace("WHERE residence", "WHERE period = '2025' AND residence").replace(
    "AND homeless_clients.project", "AND homeless_clients.period = '2025' AND homeless_clients.project"
)


@pytest.fixture
def second_period(loaded) -> None:
    """A year later: everyone is in a shelter, and a new pupil came; new records are linked."""
    pupils = load("school-enrollment", PUPILS, ("grade", "residence"), period="2024")
    clients = load("homeless-clients", CLIENTS, ("project",), period="2024")
    later = [(who, "K", "shelter") for who, *_ in PUPILS] + [("new", "K", "shelter")]
    known = [record for record, _ in pupils]
    load("school-enrollment", later[:-1], ("grade", "residence"), period="2026", ids=known)
    fresh = load("school-enrollment", later[-1:], ("grade", "residence"), period="2026")
    connect(pupils + clients + fresh)


def test_answer_stays_when_other_periods_are_loaded(town, agree, approved):
    agree()
    pupils = load("school-enrollment", PUPILS, ("grade", "residence"))
    clients = load("homeless-clients", CLIENTS, ("project",))
    connect(pupils + clients)
    question, all_together = approved(sql=THIS_YEAR), approved(sql=SQL, code="all-together")
    before = services.run_question(question, by=town.analyst)
    # A year later, in the same records and two new ones: everyone is in a shelter and known.
    later = [(who, grade, "shelter") for who, grade, _ in PUPILS] + [("new", "K", "shelter")]
    again = load("school-enrollment", later, ("grade", "residence"), period="2026", ids=_ids(pupils, "f" * 32))
    known = [(who, "ES") for who, _ in CLIENTS] + [("b", "ES")]
    more = load("homeless-clients", known, ("project",), period="2026", ids=_ids(clients, "e" * 32))
    connect(pupils + clients + again[-1:] + more[-1:])
    after = services.run_question(question, by=town.analyst)
    assert (after.rows, after.digest) == (before.rows, before.digest)
    assert after.manifest["records"] == before.manifest["records"]
    assert before.manifest["periods"] == after.manifest["periods"]
    # Which is not so by itself: without the period, later rows are counted as well.
    assert services.run_question(all_together, by=town.analyst).rows != before.rows


def _ids(pairs: list[tuple[str, str]], *more: str) -> list[str]:
    return [record for record, _ in pairs] + list(more)


def test_manifest_and_log_list_the_periods_that_were_read(town, agree, loaded, second_period, approved):
    agree()
    some = SQL.replace("WHERE residence", "WHERE period IN ('2026', '2024') AND residence")
    # Nobody may be in two categories: the grade is decided for each pupil first.
    some = some.replace("SELECT person_id, grade FROM", "SELECT person_id, 'any' AS grade FROM")
    manifest = services.run_question(approved(sql=some), by=town.analyst).manifest
    periods = {"homeless-clients": ["2024", "2025"], "school-enrollment": ["2024", "2026"]}
    assert manifest["periods"] == periods
    assert Entry.objects.get(event="question.run").facts["periods"] == periods


def test_a_period_that_is_not_loaded_is_not_answered_from_others(town, agree, loaded, approved):
    agree()
    question = approved(
        sql=THIS_YEAR.replace("period = '2025' AND residence", "period IN ('2025', '2026') AND residence")
    )
    with pytest.raises(NothingToRead, match="school-enrollment for the period 2026") as refused:
        services.run_question(question, by=town.analyst)
    assert "2025" in refused.value.next_step


def test_period_is_no_field_that_permission_is_asked_for(town, agree, loaded, approved):
    agree()
    question = approved(sql=THIS_YEAR)
    assert not any(name == "period" for _, name in question.fields_read)
    assert queries.readiness(question, by=town.analyst).possible


def test_author_is_told_which_periods_are_loaded_and_which_are_read(town, monkeypatch):
    monkeypatch.setattr(intake, "periods_loaded", lambda codes: dict.fromkeys(codes, ("2025", "2026")))
    assert {view.periods for view in queries.views_described()} == {("2025", "2026")}
    checked = queries.check_statement(
        SQL.replace("WHERE residence", "WHERE period = '2024' AND residence"), by=town.analyst
    )
    clients, pupils = checked.periods
    assert (clients.named, clients.loaded, clients.mixes) == (None, ("2025", "2026"), True)
    assert (pupils.named, pupils.missing, pupils.mixes) == (("2024",), ("2024",), False)


def test_draft_page_shows_the_periods(town, client, monkeypatch):
    monkeypatch.setattr(intake, "periods_loaded", lambda codes: dict.fromkeys(codes, ("2025", "2026")))
    client.force_login(town.analyst)
    page = client.post("/questions/draft/", {"sql": SQL, "check": "1"}).content.decode()
    assert "every period that is loaded, together:" in page
    assert "<code>2026</code>" in page
