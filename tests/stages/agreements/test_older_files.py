"""A Word file that was made from an older text: it proposes what its editor changed, never to undo what others did."""

from __future__ import annotations

import io

import docx
import pytest
from django.urls import reverse

from infotrust.stages.agreements import discussion_pages, queries, services

MONTHLY = {"heading": "Meetings", "text": "We meet monthly.", "plain": "We meet.", "kept_by": "us"}


@pytest.fixture
def drafted(town, draft):
    agreement = draft()
    services.write_clause(agreement, **MONTHLY, by=town.schools.steward)
    services.choose_clause(agreement, key="own-costs", by=town.schools.steward)
    return agreement


def taken(agreement, by) -> docx.Document:
    """The Word file as counsel downloads it."""
    return docx.Document(io.BytesIO(services.take_word(agreement, by=by)))


def back(agreement, file, by):
    target = io.BytesIO()
    file.save(target)
    return services.bring_back(agreement, content=target.getvalue(), by=by)


def put(file, start, text):
    next(one for one in file.paragraphs if one.text.startswith(start)).text = text


def drop(file, *starts):
    for start in starts:
        gone = next(one for one in file.paragraphs if one.text.startswith(start))._p
        gone.getparent().remove(gone)


def reword(agreement, by, **changes):
    services.write_clause(agreement, key="own-1", **{**MONTHLY, **changes}, by=by)


def rows(town):
    _agreement, found, _why = discussion_pages.proposals_page("DSA-1", by=town.schools.steward)
    return found


def clause(key="own-1"):
    return {one.key: one for one in queries.clauses("DSA-1")}[key]


def test_words_that_others_agreed_on_meanwhile_are_not_proposed_to_be_undone(town, drafted):
    """Both counsels take text 1. The schools' words are accepted; the shelters' file still has the old ones."""
    theirs, mine = taken(drafted, town.schools.counsel), taken(drafted, town.homeless.counsel)
    put(theirs, "We meet monthly", "We meet every week.")
    back(drafted, theirs, town.schools.counsel)
    services.decide_proposal(rows(town)[0].proposal.pk, accept=True, by=town.schools.steward)
    costs = clause("own-costs").text
    put(mine, costs, f"{costs} Nobody sends a bill.")
    assert back(drafted, mine, town.homeless.counsel) == services.BroughtBack(1, 0, 0)
    (row,) = [one for one in rows(town) if one.proposal.answer == "open"]
    assert (row.proposal.clause, row.over) == ("own-costs", ())
    services.decide_proposal(row.proposal.pk, accept=True, by=town.schools.steward)
    assert clause().text == "We meet every week."
    assert clause("own-costs").text.endswith("Nobody sends a bill.")


def test_terms_fields_and_reason_that_changed_meanwhile_are_not_wished_back(town, drafted):
    file = taken(drafted, town.homeless.counsel)
    services.submit_for_review(drafted, by=town.schools.steward)
    services.review(drafted, approve=False, comment="Sixty days.", by=town.schools.counsel)
    terms = queries.terms_of(queries.agreement("DSA-1"))
    services.change_terms(
        drafted,
        title=terms.title,
        why="To plan beds.",
        parties=[town.schools.agency, town.homeless.agency],
        recipients=[town.schools.agency],
        purposes=["planning", "linkage"],
        level=terms.level,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        retention_days=60,
        publication_threshold=11,
        by=town.schools.steward,
    )
    services.remove_dataset(drafted, dataset="homeless-clients", by=town.schools.steward)
    assert back(drafted, file, town.homeless.counsel) == services.BroughtBack(0, 0, 0)
    put(file, "Why: ", "Why: To plan rooms.")
    assert back(drafted, file, town.homeless.counsel) == services.BroughtBack(0, 1, 0)
    (row,) = rows(town)
    assert (row.heading, row.form) == ("Title and reason", "terms")


def test_where_both_changed_the_same_words_only_who_saw_both_can_replace_them(town, drafted, client):
    file = taken(drafted, town.homeless.counsel)
    reword(drafted, town.schools.steward, text="We meet every week.")
    put(file, "We meet monthly", "We meet every day.")
    back(drafted, file, town.homeless.counsel)
    (row,) = rows(town)
    assert [(piece.kind, piece.text) for piece in row.over if piece.kind != "kept"] == [
        ("removed", "week"),
        ("added", "day"),
    ]
    with pytest.raises(services.AgreementRefused, match="other words now"):
        services.decide_proposal(row.proposal.pk, accept=True, by=town.schools.steward)
    assert clause().text == "We meet every week."
    client.force_login(town.schools.steward)
    shown = client.get(reverse("agreements:proposals", args=["DSA-1"])).content.decode()
    assert "Replace the words of today" in shown
    assert row.stamp in shown
    # A third wording between the page and the click: what was seen is no longer what stands.
    reword(drafted, town.schools.steward, text="We never meet.")
    decide = reverse("agreements:decide", args=["DSA-1", row.proposal.pk])
    answer = client.post(decide, {"answer": "accept", "seen": row.stamp}, follow=True)
    assert "other words now" in answer.content.decode()
    assert clause().text == "We never meet."
    client.post(decide, {"answer": "accept", "seen": rows(town)[0].stamp})
    assert clause().text == "We meet every day."


def test_a_second_proposal_for_a_clause_does_not_overwrite_the_first_in_silence(town, drafted):
    for people, text in ((town.schools, "We meet every week."), (town.homeless, "We meet every day.")):
        file = taken(drafted, people.counsel)
        put(file, "We meet monthly", text)
        back(drafted, file, people.counsel)
    first, second = rows(town)
    services.decide_proposal(first.proposal.pk, accept=True, by=town.schools.steward)
    with pytest.raises(services.AgreementRefused, match="other words now"):
        services.decide_proposal(second.proposal.pk, accept=True, by=town.schools.steward)
    services.decide_proposal(second.proposal.pk, accept=False, reason="Weekly.", by=town.schools.steward)
    assert clause().text == "We meet every week."


def test_changes_of_different_parts_of_a_clause_go_together(town, drafted):
    file = taken(drafted, town.homeless.counsel)
    reword(drafted, town.schools.steward, text="We meet every week.")
    put(file, "We meet.", "Everyone meets.")
    back(drafted, file, town.homeless.counsel)
    (row,) = rows(town)
    services.decide_proposal(row.proposal.pk, accept=True, by=town.schools.steward)
    assert (clause().text, clause().plain) == ("We meet every week.", "Everyone meets.")


def test_what_says_the_same_by_now_and_what_is_gone_by_now_is_not_proposed(town, drafted):
    file = taken(drafted, town.homeless.counsel)
    put(file, "We meet monthly", "We meet every week.")
    costs = clause("own-costs")
    drop(file, f"{costs.number}. {costs.heading}", costs.text, costs.plain)
    reword(drafted, town.schools.steward, text="We meet every week.")
    services.drop_clause(drafted, key="own-costs", by=town.schools.steward)
    assert back(drafted, file, town.homeless.counsel) == services.BroughtBack(0, 0, 0)


def test_other_words_for_a_clause_that_is_gone_are_a_new_clause(town, drafted):
    file = taken(drafted, town.homeless.counsel)
    services.drop_clause(drafted, key="own-1", by=town.schools.steward)
    put(file, "We meet monthly", "We meet every week.")
    back(drafted, file, town.homeless.counsel)
    (row,) = rows(town)
    assert (row.proposal.kind, row.proposal.text) == ("add", "We meet every week.")


def test_leaving_out_a_clause_that_others_reworded_asks_again(town, drafted):
    file = taken(drafted, town.homeless.counsel)
    drop(file, "14. Meetings", "We meet monthly", "We meet.")
    reword(drafted, town.schools.steward, text="We meet every week.")
    back(drafted, file, town.homeless.counsel)
    (row,) = rows(town)
    with pytest.raises(services.AgreementRefused, match="other words now"):
        services.decide_proposal(row.proposal.pk, accept=True, by=town.schools.steward)
    services.decide_proposal(row.proposal.pk, accept=True, seen=row.stamp, by=town.schools.steward)
    assert "own-1" not in {one.key for one in queries.clauses("DSA-1")}


def test_a_file_whose_text_nobody_knows_is_refused_and_what_was_proposed_stays(town, drafted):
    file = taken(drafted, town.homeless.counsel)
    put(file, "We meet monthly", "We meet every week.")
    back(drafted, file, town.homeless.counsel)
    for line in file.paragraphs:
        if "Fingerprint" in line.text:
            line.text = ""
    with pytest.raises(services.AgreementRefused, match="which text of DSA-1"):
        back(drafted, file, town.homeless.counsel)
    assert len(rows(town)) == 1
