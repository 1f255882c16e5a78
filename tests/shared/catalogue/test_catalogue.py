"""The public catalogue: what is shown stays shown, says when it ended, and never loses a withdrawn page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from infotrust.core.errors import UserFacingError
from infotrust.shared.catalogue import queries, services
from infotrust.shared.catalogue.entries import (
    AgreementEntry,
    AnswerEntry,
    DatasetEntry,
    FieldEntry,
    LogHeadEntry,
    SharedDataset,
    SourceEntry,
)

pytestmark = pytest.mark.django_db

DATASET = DatasetEntry(
    code="school-enrollment",
    title="School enrollment",
    description="Children enrolled in public schools.",
    agency="Marigold County Public Schools",
    unit="One child in one school year",
    fields=(
        FieldEntry("grade", "Grade", "The grade the child is in.", type="code", law_classes=("ferpa",)),
        FieldEntry("night", "Where the child sleeps", "Night-time residence.", codes={"shelter": "A shelter"}),
    ),
)
AGREEMENT = AgreementEntry(
    code="DSA-2026-01",
    title="Children served by more than one program",
    why="To see which children get help from more than one program.",
    parties=("Marigold County Public Schools", "Marigold County Human Services"),
    purposes=("program_evaluation",),
    starts_on=date(2026, 1, 1),
    ends_on=date(2028, 12, 31),
    datasets=(SharedDataset("school-enrollment", uses={"grade": ("contribute", "aggregate")}),),
)
ANSWER = AnswerEntry(
    slug="program-overlap",
    question="program-overlap",
    title="How many children are helped by more than one program?",
    sentence="812 children are helped by more than one program.",
    meaning="Each child is counted once.",
    unit="Children",
    period="2025",
    population="Children under 18 in Marigold County",
    table={"rows": []},
    threshold=11,
    digest="0" * 64,
    agreements=("DSA-2026-01",),
    sources=(SourceEntry("school-enrollment"),),
)
TODAY = date(2026, 6, 1)


def test_a_dataset_shown_twice_has_the_fields_of_the_second_time_only():
    services.show_dataset(DATASET)
    services.show_dataset(replace(DATASET, fields=DATASET.fields[:1]))
    assert [field.name for field in queries.dataset("school-enrollment").fields.all()] == ["grade"]


@pytest.mark.parametrize(
    ("words", "fields"), [("sleeps", ["night"]), ("SHELTER", ["night"]), ("public schools", []), ("", [])]
)
def test_a_resident_finds_a_dataset_by_its_words_and_those_of_its_fields(words, fields):
    services.show_dataset(DATASET)
    (found,) = queries.find_datasets(words)
    assert [field.name for field in found.fields] == fields
    assert found.field_count == 2


def test_a_word_that_stands_nowhere_finds_nothing():
    services.show_dataset(DATASET)
    assert queries.find_datasets("submarine") == []


def test_an_ended_agreement_stays_on_the_register_among_the_ended_ones():
    services.show_agreement(AGREEMENT)
    assert [one.code for one in queries.agreements_in_force(TODAY)] == ["DSA-2026-01"]
    services.show_agreement(replace(AGREEMENT, ended_on=date(2026, 5, 1), ended_reason="The work is done."))
    assert list(queries.agreements_in_force(TODAY)) == []
    assert [one.ended_reason for one in queries.agreements_ended(TODAY)] == ["The work is done."]


def test_an_agreement_past_its_last_day_counts_as_ended_though_nobody_ended_it():
    services.show_agreement(AGREEMENT)
    assert [one.code for one in queries.agreements_ended(date(2029, 1, 1))] == ["DSA-2026-01"]


def test_the_agreements_about_a_dataset_are_found():
    services.show_agreement(AGREEMENT)
    assert [one.code for one in queries.agreements_about("school-enrollment")] == ["DSA-2026-01"]
    assert queries.agreements_about("snap") == []


def test_a_withdrawn_answer_keeps_its_page_and_its_reason_but_no_numbers():
    services.publish_answer(ANSWER)
    services.withdraw_answer("program-overlap", reason="A file was wrong.")
    page = queries.answer("program-overlap")
    assert page.withdrawn_reason == "A file was wrong."
    assert (page.table, page.sentence) == ({}, "")
    assert list(queries.answers()) == []


def test_an_answer_is_not_withdrawn_without_a_reason():
    services.publish_answer(ANSWER)
    with pytest.raises(UserFacingError, match="needs a reason"):
        services.withdraw_answer("program-overlap", reason=" ")
    assert [one.slug for one in queries.answers()] == ["program-overlap"]


def test_an_answer_published_again_is_a_new_edition_at_the_same_address():
    services.publish_answer(ANSWER)
    services.withdraw_answer("program-overlap", reason="A file was wrong.")
    services.publish_answer(ANSWER)
    assert [(one.slug, one.edition) for one in queries.answers()] == [("program-overlap", 2)]


def test_a_fingerprint_made_public_cannot_be_replaced():
    at = datetime(2026, 6, 1, tzinfo=UTC)
    services.show_log_head(LogHeadEntry(7, "a" * 64, at))
    services.show_log_head(LogHeadEntry(7, "a" * 64, at))
    with pytest.raises(UserFacingError, match="already made public"):
        services.show_log_head(LogHeadEntry(7, "b" * 64, at))
    assert queries.log_head().digest == "a" * 64
