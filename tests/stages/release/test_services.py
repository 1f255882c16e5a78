"""What a release may and may not do, from submission to withdrawal."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, transaction

from infotrust.core.disclosure import CannotProtect
from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.audit import queries as audit
from infotrust.shared.catalogue import queries as catalogue
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.agreements import services as agreements
from infotrust.stages.release import queries, services
from infotrust.stages.release.lifecycle import LIFECYCLE, State
from infotrust.stages.release.models import Release


@pytest.fixture
def submitted(town, make_output):
    return services.submit_output(make_output().pk, by=town.analyst)


@pytest.fixture
def approved(town, submitted):
    return services.check(submitted, approve=True, comment="", by=town.checker)


@pytest.fixture
def published(town, approved):
    return services.publish(approved, by=town.checker)


def test_an_approved_output_becomes_a_public_answer_without_its_small_counts(published):
    answer = catalogue.answer("program-overlap")
    values = {row["key"][0]: row["value"] for row in answer.table["rows"]}
    assert values == {"one": 1200, "two": 300, "three": None, "four": None, None: 1529}
    assert answer.sentence == "Of 1,529 children, 329 are helped by more than one program."
    assert answer.sources == [
        {"dataset": "school-enrollment", "title": "School enrollment", "agency": "Marigold Schools"}
    ]
    assert answer.table["dimensions"][0]["words"] == {"one": "One program"}


def test_nothing_public_tells_small_cells_from_their_companions(published):
    assert "companion" not in json.dumps(published.content)
    assert "primary" not in json.dumps(published.content)


def test_what_is_published_is_to_the_letter_what_was_approved(published):
    assert catalogue.answer("program-overlap").digest == published.approved_digest == published.digest


def test_content_changed_after_approval_is_not_published(town, approved):
    content = approved.content | {"sentence": "All is well."}
    Release.objects.filter(pk=approved.pk).update(content=content)
    with pytest.raises(services.ReleaseRefused, match="not what was approved"):
        services.publish(approved, by=town.checker)
    assert catalogue.answer("program-overlap") is None


def test_the_database_refuses_an_approval_of_something_else(approved):
    with pytest.raises(IntegrityError, match="release_approved_is_content"), transaction.atomic():
        Release.objects.filter(pk=approved.pk).update(digest="f" * 64)


@pytest.mark.parametrize("who", ["analyst", "drafter"])
def test_a_maker_of_the_output_cannot_check_it_even_as_an_output_checker(town, submitted, who):
    from infotrust.shared.accounts.models import RoleHeld, User

    RoleHeld.objects.create(user=getattr(town, who), role="output_checker")
    with pytest.raises(NotPermitted) as refused:
        services.check(submitted, approve=True, comment="", by=User.objects.get(pk=getattr(town, who).pk))
    assert refused.value.decision.reasons[0].rule == "release:checked-by-another"


@pytest.mark.parametrize("who", ["analyst", "drafter"])
def test_the_database_refuses_a_check_by_a_maker(town, approved, who):
    with pytest.raises(IntegrityError, match="release_checked_by_another"), transaction.atomic():
        Release.objects.filter(pk=approved.pk).update(checked_by=getattr(town, who))


def test_a_board_member_cannot_check(town, submitted):
    with pytest.raises(NotPermitted):
        services.check(submitted, approve=True, comment="", by=town.board)


def test_a_check_that_one_checker_has_started_is_not_another_checkers(town, submitted):
    release = services.start_check(submitted, by=town.checker)
    with pytest.raises(NotPermitted) as refused:
        services.check(release, approve=True, comment="", by=town.second)
    assert refused.value.decision.reasons[0].rule == "release:one-checker"


def test_an_output_is_not_approved_with_a_point_of_the_checklist_open(town, submitted):
    with pytest.raises(services.ReleaseRefused, match="Not every point"):
        services.check(submitted, approve=True, by=town.checker, checklist=["once"])
    assert queries.release(submitted.pk).state == State.SUBMITTED


def test_a_returned_output_needs_a_comment_and_cannot_be_published(town, submitted):
    with pytest.raises(services.ReleaseRefused, match="needs a comment"):
        services.check(submitted, approve=False, comment="  ", by=town.checker)
    release = services.check(submitted, approve=False, comment="The groups overlap.", by=town.checker)
    with pytest.raises(ImpossibleMove):
        services.publish(release, by=town.checker)


def test_an_output_is_sent_once_but_again_after_it_was_returned(town, make_output):
    output = make_output()
    release = services.submit_output(output.pk, by=town.analyst)
    with pytest.raises(services.ReleaseRefused, match="already sent"):
        services.submit_output(output.pk, by=town.analyst)
    services.check(release, approve=False, comment="Not yet.", by=town.checker)
    assert services.submit_output(output.pk, by=town.analyst).state == State.SUBMITTED


def test_an_output_whose_rows_were_changed_after_its_run_is_not_submitted(town, make_output):
    output = make_output()
    type(output).objects.filter(pk=output.pk).update(rows=[["one", 1200], ["two", 300], ["three", 25], ["four", 40]])
    with pytest.raises(services.ReleaseRefused, match="not what the question gave"):
        services.submit_output(output.pk, by=town.analyst)


def test_a_checker_cannot_submit(town, make_output):
    with pytest.raises(NotPermitted):
        services.submit_output(make_output().pk, by=town.checker)


def test_nothing_is_published_under_an_agreement_that_has_ended(town, approved):
    agreements.end(town.agreement, reason="The work is done.", by=town.board)
    with pytest.raises(services.ReleaseRefused, match="DSA-1"):
        services.publish(approved, by=town.checker)


def test_a_withdrawn_answer_says_why_and_shows_no_number(town, published):
    services.withdraw(published, reason="A file was wrong.", by=town.board)
    answer = catalogue.answer("program-overlap")
    assert (answer.withdrawn_reason, answer.table, answer.sentence) == ("A file was wrong.", {}, "")


def test_a_withdrawal_without_a_reason_is_refused(town, published):
    with pytest.raises(services.ReleaseRefused, match="needs a reason"):
        services.withdraw(published, reason="", by=town.board)
    assert catalogue.answer("program-overlap").withdrawn_at is None


def test_the_same_numbers_released_again_hide_the_same_cells(town, make_output, published):
    again = services.submit_output(make_output().pk, by=town.analyst)
    assert again.content == published.content
    assert again.findings == []


def test_a_small_change_since_an_earlier_release_is_a_finding_for_the_checker(town, make_output, published):
    rows = [["one", 1203], ["two", 300], ["three", 25], ["four", 4]]
    again = services.submit_output(make_output(rows).pk, by=town.analyst)
    assert {finding["rule"] for finding in again.findings} == {"small-change"}
    assert "One program changed by only 3" in queries.page(again.pk, by=town.checker).findings[0]


def test_a_count_that_became_small_is_hidden_and_the_public_ones_stay(town, make_output, published):
    rows = [["one", 1200], ["two", 5], ["three", 25], ["four", 4]]
    again = services.submit_output(make_output(rows).pk, by=town.analyst)
    values = {row["key"][0]: row["value"] for row in again.content["table"]["rows"]}
    assert values["one"] == 1200
    assert values["two"] is None


def test_what_a_withdrawn_release_showed_still_counts_as_public(town, make_output, published):
    services.withdraw(published, reason="A file was wrong.", by=town.board)
    rows = [["one", 1200], ["two", 300], ["three", 300], ["four", 4]]
    again = services.submit_output(make_output(rows).pk, by=town.analyst)
    values = {row["key"][0]: row["value"] for row in again.content["table"]["rows"]}
    assert (values["one"], values["two"]) == (1200, 300)
    assert values["three"] is None


def test_a_count_that_is_public_but_now_below_the_threshold_stops_the_release(town, make_output):
    rows = [["one", 50], ["two", 12]]
    first = services.submit_output(make_output(rows).pk, by=town.analyst)
    services.publish(services.check(first, approve=True, by=town.checker), by=town.checker)
    type(town.agreement).objects.update(publication_threshold=20)
    with pytest.raises(CannotProtect, match="public already"):
        services.submit_output(make_output(rows).pk, by=town.analyst)
    assert queries.releases_of("program-overlap") == [queries.release(first.pk)]


def test_an_output_with_small_groups_only_shows_nothing_and_says_so(town, make_output):
    release = services.submit_output(make_output([["one", 5], ["two", 4]]).pk, by=town.analyst)
    assert all(row["value"] is None for row in release.content["table"]["rows"])
    assert {finding["rule"] for finding in release.findings} == {"sentence-incomplete"}
    assert "5" not in release.content["sentence"]


def test_each_step_is_in_the_audit_log_without_a_count(town, published):
    services.withdraw(published, reason="A file was wrong.", by=town.board)
    entries = list(audit.entries(about=published.about).order_by("sequence"))
    assert [entry.event for entry in entries] == [
        "release.submitted",
        "release.check-started",
        "release.checked",
        "release.published",
        "release.withdrawn",
    ]


def test_the_queue_shows_what_waits_longest_first_and_why_its_reader_cannot_check(town, make_output):
    first = services.submit_output(make_output().pk, by=town.analyst)
    second = services.submit_output(make_output().pk, by=town.analyst)
    queue = queries.queue(by=town.analyst)
    assert [row.release for row in queue.waiting] == [first, second]
    assert not queue.may_check
    with pytest.raises(NotPermitted):
        queries.queue(by=town.steward)


def test_the_readme_shows_the_lifecycle_as_the_code_has_it():
    from pathlib import Path

    import infotrust.stages.release as stage

    text = (Path(stage.__file__).parent / "README.md").read_text(encoding="utf-8")
    begin, end = "<!-- diagram:begin -->\n```mermaid\n", "\n```\n<!-- diagram:end -->"
    assert text.split(begin)[1].split(end)[0] == LIFECYCLE.diagram()
