"""What anyone can read, without signing in and without a script."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from infotrust.portal import answers
from infotrust.shared.catalogue import queries, services
from tests.portal.conftest import answer, released

PAGES = [
    "/", "/shared/", "/shared/DSA-1/", "/shared/DSA-0/", "/data/", "/data/?q=grade", "/data/school-enrollment/",
    "/answers/", "/answers/program-overlap/", "/answers/old/", "/log/",
    "/matching/", "/laws/", "/decisions/", "/decisions/M-1/", "/decisions/M-2/", "/decisions/M-3/", "/boards/board/",
    "/minutes/5/",
    "/queue/",
]  # fmt: skip


def read(client, address: str, status: int = 200) -> str:
    page = client.get(address)
    assert page.status_code == status
    return page.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_one_heading_and_needs_no_sign_in_and_no_inline_script(client, catalogue, address):
    text = read(client, address, 410 if address == "/answers/old/" else 200)
    assert text.count("<h1") == 1
    assert " style=" not in text
    assert "<script>" not in text
    assert " onclick=" not in text


@pytest.mark.parametrize(
    "address", ["/", "/shared/", "/data/", "/answers/", "/log/", "/matching/", "/data/?q=zebra", "/queue/"]
)
def test_an_empty_trust_says_what_will_be_here(client, db, address):
    assert "it-empty" in read(client, address)


def test_the_home_page_starts_with_questions_and_their_answers(client, catalogue):
    text = read(client, "/")
    assert text.index("How many children are helped") < text.index("How it works here")
    assert "329 children are helped" in text
    assert "1 agreement is in force now, among 2 agencies." in text


def test_the_register_lists_who_what_why_and_until_when_and_the_ended_ones_too(client, catalogue):
    text = read(client, "/shared/")
    for part in ("DSA-1", "To see who is helped.", "Marigold Homeless Services Continuum", "School enrollment"):
        assert part in text
    assert text.index("Ended") < text.index("Preschool places") < text.index("The new places are open.")


def test_an_agreement_shows_each_field_with_its_uses_and_counts_those_kept_back(client, catalogue):
    text = read(client, "/shared/DSA-1/")
    assert "sent to the trust, used to match records" in text
    assert "1 other field of this set is not shared" in text
    assert "How many children are helped" in text


def test_a_dataset_shows_each_field_with_its_law_and_whether_it_can_be_shared(client, catalogue):
    text = read(client, "/data/school-enrollment/")
    for part in ("School records (FERPA)", "Not shared at all", "Kindergarten", "locked away with the names"):
        assert part in text


def test_a_search_finds_fields_and_is_shown_safely(client, catalogue):
    assert "Fields that fit:" in read(client, "/data/?q=kindergarten")
    assert "<b>" not in read(client, "/data/?q=%3Cb%3E")


def test_an_answer_shows_its_limits_its_agreement_and_how_small_numbers_are_protected(client, catalogue):
    text = read(client, "/answers/program-overlap/")
    for part in ("What this does not tell you", "if the help was enough", "/shared/DSA-1/", "A number below 11"):
        assert part in text
    assert "In this table, 2 numbers are not shown." in text


def test_a_hidden_number_is_nowhere_in_any_form_of_the_answer(client, catalogue):
    for address in ("/answers/program-overlap/", "/answers/program-overlap.csv", "/answers/program-overlap.json"):
        words = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+|[A-Z][a-z]+\.? \d{1,2}, \d{4}", "", read(client, address))
        # The two hidden counts, and their sum with which the first could be found.
        for number in ("25", "29"):
            assert not re.search(rf"(?<![\d.]){number}(?![\d.])", words), (address, number)


def test_a_number_that_is_shown_would_be_found_by_the_search_above(client, catalogue):
    words = read(client, "/answers/program-overlap.csv")
    assert re.search(r"(?<![\d.])300(?![\d.])", words)


def test_the_chart_is_hidden_until_it_is_drawn_and_carries_only_shown_numbers(client, catalogue):
    text = read(client, "/answers/program-overlap/")
    assert '<figure class="pt-chart" data-chart hidden>' in text
    spec = json.loads(text.split('<script id="chart-spec" type="application/json">')[1].split("</script>")[0])
    assert [bar["count"] for bar in spec["data"]["values"]] == [1200, 300]


def test_a_chart_shows_what_is_asked_when_that_side_hides_nothing_and_inner_cells_are_hidden(catalogue):
    from infotrust.core.disclosure import CountTable, protect

    rows = [
        ("el", "yes", 88),
        ("el", "no", 131),
        ("mid", "yes", 35),
        ("mid", "no", 60),
        ("hi", "yes", 9),
        ("hi", "no", 44),
    ]
    table = CountTable.from_rows(
        [{"school": s, "known": k, "n": n} for s, k, n in rows], dimensions=["school", "known"], measure="n"
    )
    services.publish_answer(answer(slug="two", table=protect(table).as_json()))
    picture = answers.picture(queries.answer("two"))
    assert [(bar["group"], bar["count"]) for bar in picture.spec["data"]["values"]] == [
        ("yes", 132),
        ("no", 235),
    ]
    assert not picture.gaps


def test_the_csv_marks_hidden_cells_and_runs_no_formula(client, catalogue):
    rows = list(csv.reader(io.StringIO(read(client, "/answers/program-overlap.csv").lstrip("\ufeff"))))
    assert rows == [
        ["Programs", "Children", "status"],
        ["One program", "1200", "shown"],
        ["'=two", "300", "shown"],
        ["three", "", "not shown"],
        ["four", "", "not shown"],
        ["Total", "1529", "shown"],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_group_name_can_start_a_formula(catalogue, start):
    services.publish_answer(answer(slug="f", table=released(words={"one": f"{start}cmd"})))
    first = answers.as_csv(queries.answer("f")).split("\r\n")[1]
    assert first.lstrip('"').startswith("'" + start)


def test_shares_are_made_of_shown_numbers_only(catalogue):
    assert answers.shares(queries.answer("program-overlap")) == ["78%", "20%", "–", "–", "100%"]


def test_an_answer_whose_total_is_hidden_has_no_shares_and_no_chart(catalogue):
    services.publish_answer(answer(slug="tiny", table=released([("one", 5), ("two", 4)])))
    tiny = queries.answer("tiny")
    assert answers.shares(tiny) == []
    assert answers.picture(tiny) is None
    assert answers.summary(tiny) == "3 numbers are not shown."


def test_the_summary_calls_nothing_the_largest_group_when_a_hidden_one_may_be_larger(catalogue):
    text = answers.summary(queries.answer("program-overlap"))
    assert text == "The total is 1,529. The largest number shown is 1,200, for “One program”. 2 numbers are not shown."
    services.publish_answer(answer(slug="open", table=released([("one", 50), ("two", 40)])))
    assert "The largest group is “One program”, with 50." in answers.summary(queries.answer("open"))


def test_a_withdrawn_answer_says_when_and_why_and_offers_no_file(client, catalogue):
    text = read(client, "/answers/old/", 410)
    assert "One file had the wrong year." in text
    assert "1,200" not in text
    assert client.get("/answers/old.csv").status_code == 404
    assert client.get("/answers/old.json").status_code == 404


def test_the_notes_beside_the_csv_hold_limits_definitions_and_fingerprint(client, catalogue):
    notes = json.loads(read(client, "/answers/program-overlap.json"))
    assert notes["limits"] == ["It does not say if the help was enough."]
    assert notes["definitions"] == {"Program": "A kind of help."}
    assert notes["fingerprint_sha256"] == "d" * 64


def test_the_log_page_shows_the_newest_fingerprint_and_how_to_check_it(client, catalogue):
    text = read(client, "/log/")
    assert "b" * 64 in text
    assert "infotrust verify-log FILE" in text
    assert text.index("b" * 64) < text.index("a" * 64)


@pytest.mark.parametrize("address", ["/answers/none/", "/shared/none/", "/data/none/", "/answers/none.csv"])
def test_an_unknown_address_is_not_found(client, db, address):
    assert client.get(address).status_code == 404


def test_machines_find_answers_to_take_and_datasets_that_are_only_described(client, catalogue):
    listing = json.loads(read(client, "/data.json"))
    levels = {one["title"]: one["accessLevel"] for one in listing["dataset"]}
    assert levels["School enrollment"] == "restricted public"
    assert levels["How many children are helped by more than one program?"] == "public"
    assert all("distribution" not in one for one in listing["dataset"] if one["accessLevel"] != "public")


def test_nobody_can_write_to_the_public_site(client, catalogue):
    assert client.post("/answers/program-overlap/").status_code in {403, 405}


def test_an_answer_whose_agreement_has_ended_says_so(client, catalogue):
    said = "No new numbers are made under it."
    assert said not in read(client, "/answers/program-overlap/")
    services.publish_answer(answer(slug="places", agreements=("DSA-0",)))
    assert said in read(client, "/answers/places/")


def test_how_often_records_are_joined_wrongly_is_told_with_its_limits(client, catalogue):
    text = read(client, "/matching/")
    assert "97.5 in 100 are truly one person" in text
    assert "between 94 and 99.9" in text, "what is not quite all is not told as all"
    assert "not known" in text
