"""The pages as their readers meet them: what each role is shown, offered and refused."""

from __future__ import annotations

import pytest
from django.urls import reverse

from infotrust.stages.analysis import queries, services
from infotrust.stages.analysis.forms import QuestionForm, initial_of, labels_from, rows_from
from infotrust.stages.analysis.highlight import highlighted
from infotrust.stages.analysis.lifecycle import State
from infotrust.stages.analysis.models import Question
from infotrust.stages.analysis.terms import with_order, words_in_order

from .conftest import QUESTION


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def page(client, name, *arguments, **named) -> str:
    response = client.get(reverse(f"analysis:{name}", args=arguments), **named)
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_list_says_how_to_begin(town, as_):
    assert "No question has been drafted yet" in page(as_(town.board), "index")


def test_only_analysts_are_offered_a_draft(town, as_, drafted):
    drafted()
    assert "Draft a question" in page(as_(town.analyst), "index")
    assert "Draft a question" not in page(as_(town.board), "index")


def test_a_stranger_signs_in_first(client, db):
    assert client.get(reverse("analysis:index")).status_code == 302


def test_the_page_of_a_question_begins_with_its_plain_words(town, as_, drafted):
    drafted()
    text = page(as_(town.board), "question", "shelter-pupils")
    assert text.index(QUESTION["meaning"]) < text.index("The locked statement")
    assert "What it does not tell you" in text


def test_each_refused_field_shows_its_rule(town, as_, approved):
    approved()
    text = page(as_(town.analyst), "question", "shelter-pupils")
    assert "No: a field may not be read" in text
    assert "Refused" in text
    assert "Run the question" not in text


def test_an_analyst_runs_and_reads_the_true_counts(town, as_, agree, loaded, approved):
    agree()
    approved()
    client = as_(town.analyst)
    assert "Run the question" in page(client, "question", "shelter-pupils")
    response = client.post(reverse("analysis:run", args=["shelter-pupils", 1]), follow=True)
    assert "waiting" in response.content.decode().lower()
    from infotrust.shared.jobs import services as jobs

    jobs.run_waiting()
    output = queries.outputs_of("shelter-pupils", by=town.analyst)[0]
    text = page(client, "output", output.pk)
    assert "Not for sharing" in text
    assert output.digest in text


def test_a_board_member_is_told_why_outputs_are_not_shown(town, as_, agree, loaded, approved):
    agree()
    output = services.run_question(approved(), by=town.analyst)
    client = as_(town.board)
    assert "seen by analysts and output checkers only" in page(client, "question", "shelter-pupils")
    assert client.get(reverse("analysis:output", args=[output.pk])).status_code == 403


def test_a_board_member_approves(town, as_, drafted):
    services.submit_question(drafted(), by=town.analyst)
    client = as_(town.board)
    assert "Approve" in page(client, "question", "shelter-pupils")
    client.post(reverse("analysis:review", args=["shelter-pupils", 1]), {"approve": "1", "comment": "Good."})
    assert Question.objects.get().state == State.APPROVED


def test_sending_back_without_a_comment_is_explained(town, as_, drafted):
    services.submit_question(drafted(), by=town.analyst)
    response = as_(town.board).post(
        reverse("analysis:review", args=["shelter-pupils", 1]), {"back": "1", "comment": ""}, follow=True
    )
    assert "Say what its author should change" in response.content.decode()
    assert Question.objects.get().state == State.SUBMITTED


def form_data(**changes) -> dict:
    draft = Question(**{name: value for name, value in QUESTION.items() if name not in ("dimensions", "measures")})
    return initial_of(draft) | changes


def test_the_check_button_keeps_nothing_and_says_what_is_read(town, as_, agree):
    agree()
    response = as_(town.analyst).post(reverse("analysis:draft"), {"sql": QUESTION["sql"], "check": "1"})
    assert "The statement can be locked" in response.content.decode()
    assert "homeless_clients.project" in response.content.decode()
    assert not Question.objects.exists()


def test_the_check_button_names_the_rule_and_keeps_what_was_typed(town, as_, agree):
    agree()
    sql = "SELECT min(grade) AS g FROM school_enrollment"
    text = (
        as_(town.analyst).post(reverse("analysis:draft"), {"sql": sql, "check": "1", "title": "Typed"}).content.decode()
    )
    assert "may not use min()" in text
    assert "Typed" in text
    assert sql in text


def test_a_draft_is_saved_from_the_form(town, as_, agree):
    agree()
    response = as_(town.analyst).post(reverse("analysis:draft"), form_data())
    assert response.status_code == 302
    saved = Question.objects.get()
    assert saved.figures == QUESTION["figures"]
    assert saved.dimensions == QUESTION["dimensions"]


def test_a_form_with_gaps_is_shown_again_with_them(town, as_, agree):
    agree()
    response = as_(town.analyst).post(reverse("analysis:draft"), form_data(meaning="", definitions="no colon here"))
    assert response.status_code == 422
    assert "has no colon" in response.content.decode()
    assert not Question.objects.exists()


def test_a_sentence_that_does_not_fit_is_explained_above_the_form(town, as_, agree):
    agree()
    response = as_(town.analyst).post(reverse("analysis:draft"), form_data(sentence="{more} pupils"))
    assert response.status_code == 422
    assert "do not agree about {" in response.content.decode()


def test_changing_an_approved_question_begins_a_new_version(town, as_, agree, approved):
    agree()
    approved()
    client = as_(town.analyst)
    assert "Saving begins a new version" in page(client, "edit", "shelter-pupils", 1)
    client.post(reverse("analysis:edit", args=["shelter-pupils", 1]), form_data(title="A better title?"))
    assert [(each.version, each.state) for each in Question.objects.order_by("version")] == [
        (1, "approved"),
        (2, "draft"),
    ]


def test_someone_without_the_duty_gets_no_form(town, as_):
    assert as_(town.board).get(reverse("analysis:draft")).status_code == 403


def test_an_unknown_question_is_not_a_crash(town, as_):
    assert as_(town.analyst).get(reverse("analysis:question", args=["nothing"])).status_code in (400, 404)


def test_the_form_reads_back_what_it_wrote():
    question = Question(
        **{name: value for name, value in QUESTION.items() if name not in ("dimensions", "measures")}
        | {
            "labels": {"known": {"title": "Known", "values": {"no": "Not known", "yes": "Known: yes"}}},
            "figures": {"all": {}, "some": {"known": ["yes", "no"], "grade": "K"}},
        }
    )
    form = QuestionForm(initial_of(question), agreements=[("DSA-1", "DSA-1")])
    assert form.is_valid(), form.errors
    draft = form.draft(code="", dimensions=("grade", "known"), measures=("pupils",))
    assert draft.labels == question.labels
    assert draft.figures == question.figures


def test_groups_stay_in_their_authors_order_where_the_database_forgets_it():
    written = with_order({"level": {"title": "Level", "values": {"middle": "Middle", "high": "High"}}})
    # As PostgreSQL's jsonb gives it back: keys by length.
    kept = {"level": {"order": ["middle", "high"], "title": "Level", "values": {"high": "High", "middle": "Middle"}}}
    assert words_in_order(written["level"]) == words_in_order(kept["level"]) == [("middle", "Middle"), ("high", "High")]


def test_lines_of_labels_and_figures():
    assert labels_from({"a": "A", "a = x": "An x"}) == {"a": {"title": "A", "values": {"x": "An x"}}}
    assert rows_from("a = x | y; b = z") == {"a": ["x", "y"], "b": "z"}
    assert rows_from("") == {}


def test_a_highlighted_statement_is_escaped():
    text = highlighted("SELECT '<script>' AS a -- <b>")
    assert "<script>" not in text
    assert text.startswith("<b>SELECT</b>")
    assert "&lt;script&gt;" in text
