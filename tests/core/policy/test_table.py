from __future__ import annotations

from itertools import product

from infotrust.core.policy.book import Request
from infotrust.core.policy.table import OUTSIDER, ROLES, allowed_table, compare, table_digest
from infotrust.core.policy.terms import PURPOSES
from tests.core.policy.test_book import NOON, book, terms


def test_table_is_the_same_as_asking_everything():
    made = book(terms(level="identified"))
    asked = []
    for role, agency, field in product(ROLES, (*made.agencies, OUTSIDER), ("name", "grade", "debt")):
        uses = [("contribute", ""), *product(("view", "link", "extract", "aggregate"), PURPOSES)]
        asked += [[role, agency, use, purpose, "enrollment", field] for use, purpose in uses]
    verdicts = made.decide_all(
        [
            Request(
                row[1],
                frozenset() if row[0] == "none" else frozenset({row[0]}),
                row[2],
                "enrollment",
                row[5],
                row[3],
                NOON,
                trained=True,
                two_step=True,
                serving=True,
            )
            for row in asked
        ]
    )
    naive = sorted(row for row, verdict in zip(asked, verdicts, strict=True) if verdict.allowed)
    assert naive
    assert allowed_table(made, NOON) == naive


def test_comparison_says_who_gains_and_who_loses_what():
    before, after = allowed_table(book(), NOON), allowed_table(book(terms()), NOON)
    gained = compare(before, after).gained
    assert ("analyst", "aggregate", "program_evaluation", ("grade",), ("schools",)) in {
        (change.role, change.use, change.purpose, change.fields, change.agencies) for change in gained
    }
    assert compare(after, before).lost == gained
    assert not compare(after, after)
    assert table_digest(before) != table_digest(after)
