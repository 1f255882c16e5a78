"""Anyone can comment on what a board decides, and nobody can misuse it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from infotrust.shared.catalogue import comments, services
from infotrust.shared.catalogue.models import PublicComment
from tests.portal.conftest import motion

FORM = {"words": "I think this is good for the children.", "name": "A mother", "website": ""}


def test_a_comment_needs_no_account_and_gives_a_receipt(client, catalogue):
    sent = client.post("/decisions/M-1/", FORM)
    found = PublicComment.objects.latest("pk")
    assert sent.status_code == 302
    assert sent.url == f"/decisions/M-1/comments/{found.receipt}/"
    page = client.get(sent.url)
    assert found.receipt in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex"
    assert "I think this is good" not in client.get("/decisions/M-1/").content.decode()


def test_a_shown_comment_stands_with_its_reply(client, catalogue):
    text = client.get("/decisions/M-1/").content.decode()
    assert text.index("Good.") < text.index("The board replies") < text.index("Thank you.")
    assert "Ann" in text


def test_a_withheld_comment_shows_why_and_none_of_its_words(client, catalogue):
    text = client.get("/decisions/M-1/").content.decode()
    assert "It names someone." in text
    assert "Bob is ill" not in text


def test_the_writer_of_a_withheld_comment_reads_why(client, catalogue):
    found = PublicComment.objects.get(words="Bob is ill.")
    text = client.get(f"/decisions/M-1/comments/{found.receipt}/").content.decode()
    assert "It names someone." in text


def test_a_receipt_is_found_as_people_type_it(client, catalogue):
    found = PublicComment.objects.get(words="Mine.")
    typed = found.receipt.lower().replace("-", " ")
    assert client.get("/decisions/m-1/comment/", {"receipt": typed}).url.endswith(f"/{found.receipt}/")
    wrong = client.get("/decisions/M-1/comment/", {"receipt": "BBBB-BBBB-BBBB"}, follow=True)
    assert "No comment has this receipt" in wrong.content.decode()
    assert client.get("/decisions/M-1/comments/BBBB-BBBB-BBBB/").status_code == 404


def test_markup_is_shown_as_it_was_written_and_runs_nothing(client, catalogue):
    client.post("/decisions/M-1/", FORM | {"words": "<script>alert(1)</script> <b>bold</b>"})
    found = PublicComment.objects.latest("pk")
    comments.show_comment(found.pk)
    text = client.get("/decisions/M-1/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<b>bold" not in text


def test_signs_that_no_reader_sees_are_left_out(client, catalogue):
    client.post("/decisions/M-1/", FORM | {"words": "good\u202edab\u0007 \u200b\ufeffend\r\nnext line"})
    assert PublicComment.objects.latest("pk").words == "gooddab end\nnext line"


@pytest.mark.parametrize("text", ["नमस्ते क्\u200dष", "می\u200cخواهم", "Ça va bien – ¡sí!", "很好"])
def test_every_language_is_kept_as_it_was_written(client, catalogue, text):
    client.post("/decisions/M-1/", FORM | {"words": text})
    assert PublicComment.objects.latest("pk").words == text


def test_a_comment_that_is_too_long_is_refused_and_its_words_are_kept(client, catalogue):
    long = "word " * 1000 + "the end"
    answer = client.post("/decisions/M-1/", FORM | {"words": long})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "1007 letters too long" in text
    assert long in text
    assert PublicComment.objects.filter(words__startswith="word").count() == 0


def test_a_paste_of_five_megabytes_is_refused_in_words_and_stays_in_the_form(client, catalogue):
    answer = client.post("/decisions/M-1/", FORM | {"words": "x" * 5_000_000})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "letters too long" in text
    assert text.count("x") >= 5_000_000


def test_a_field_that_people_do_not_see_catches_programs(client, catalogue):
    before = PublicComment.objects.count()
    answer = client.post("/decisions/M-1/", FORM | {"website": "buy.example"})
    assert answer.status_code == 422
    assert PublicComment.objects.count() == before
    assert FORM["words"] in answer.content.decode()


def test_an_empty_comment_is_refused(client, catalogue):
    assert client.post("/decisions/M-1/", FORM | {"words": " \n "}).status_code == 422


def test_from_one_place_five_comments_come_in_an_hour(client, catalogue):
    for _number in range(5):
        assert client.post("/decisions/M-1/", FORM, REMOTE_ADDR="198.51.100.7").status_code == 302
    refused = client.post("/decisions/M-1/", FORM, REMOTE_ADDR="198.51.100.7")
    assert refused.status_code == 422
    assert "Too many comments" in refused.content.decode()
    assert client.post("/decisions/M-1/", FORM, REMOTE_ADDR="198.51.100.8").status_code == 302


def test_a_flood_from_everywhere_is_stopped(catalogue):
    now = timezone.now()
    for number in range(comments.AT_ALL - 3):
        comments.take_comment("M-1", words="x", address=f"2001:db8::{number}", at=now)
    with pytest.raises(comments.CommentRefused, match="Too many"):
        comments.take_comment("M-1", words="x", address="2001:db8::ffff", at=now)
    assert comments.take_comment("M-1", words="x", address="2001:db8::ffff", at=now + timedelta(minutes=61))


def test_where_a_comment_came_from_is_not_kept(catalogue):
    at = timezone.now()
    comments.take_comment("M-1", words="x", address="203.0.113.9", at=at)
    found = PublicComment.objects.latest("pk")
    assert "203.0.113.9" not in str(vars(found))
    assert found.sender == comments.sender_of("203.0.113.9", at)
    assert found.sender != comments.sender_of("203.0.113.9", at + timedelta(days=1))
    comments.forget_senders(at + timedelta(days=2))
    assert not PublicComment.objects.exclude(sender="").exists()


@pytest.mark.parametrize("label", ["M-2", "M-3"])
def test_what_is_not_open_takes_no_comment(client, catalogue, label):
    answer = client.post(f"/decisions/{label}/", FORM)
    assert answer.status_code == 422
    assert "<textarea" not in client.get(f"/decisions/{label}/").content.decode()


def test_a_comment_a_second_late_is_refused_and_one_in_time_is_taken(catalogue):
    closes = timezone.now()
    services.show_motion(motion("M-9", comment_closes_at=closes, comment_opens_at=closes - timedelta(days=9)))
    with pytest.raises(comments.CommentRefused, match="closed"):
        comments.take_comment("M-9", words="Late.", at=closes)
    assert comments.take_comment("M-9", words="In time.", at=closes - timedelta(seconds=1))


def test_nothing_is_commented_that_does_not_exist(client, catalogue):
    assert client.post("/decisions/M-77/", FORM).status_code == 404
    assert client.get("/boards/nowhere/").status_code == 404


def test_reading_sets_no_cookie_where_there_is_no_form(client, catalogue):
    client.get("/decisions/")
    client.get("/decisions/M-2/")
    client.get("/boards/board/")
    assert not client.cookies


def test_the_votes_are_read_by_seat_with_reasons(client, catalogue):
    text = client.get("/decisions/M-2/").content.decode()
    for part in ("Residents", "No", "Too soon.", "Took no part", "It helped.", "For it: 2. Against it: 1."):
        assert part in text


def test_seats_name_people_only_where_the_board_says_so(client, catalogue):
    text = client.get("/boards/board/").content.decode()
    assert "Imani Brooks" in text
    assert "No one holds it now" in text


def test_the_home_page_leads_to_what_is_open(client, catalogue):
    text = client.get("/").content.decode()
    assert "1 question is open for comment now" in text
    assert "Residents have seats on them, and a vote." in text
