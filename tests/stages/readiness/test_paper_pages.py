"""The pages of papers: from a sample to a use case that all signed off, its versions, and copies to keep."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from infotrust.shared.clocks import queries as waits
from infotrust.stages.readiness import queries, services


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def page(name, *args):
    return reverse(f"readiness:{name}", args=args)


def test_partners_write_a_use_case_from_the_sample_and_sign_it_off(town, concluded, inventory_of_two, as_):
    partnership = concluded("go_on").partnership
    number, client = partnership.pk, as_(town.schools.program)
    assert "Part B 619" in client.get(page("start", number, "use-case")).content.decode()
    begun = client.post(page("start", number, "use-case"), {"start": "sample:part-c-619"})
    assert begun.url == page("write", number, "use-case", 1)
    form = client.get(begun.url).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    typed |= {"datasets": ["preschool", "part-c"], "seen": 1, "note": "Benefits added."}
    for partner in queries.partners(partnership):
        typed |= {f"benefits-{partner.pk}": "Learns more.", f"impacts-{partner.pk}": "We see nothing."}
    address = page("paper", number, "use-case", 1)
    assert client.post(begun.url, typed).url == address
    chosen = {"seen": 2, "preschool": ["child", "score", "nonsense"], "part-c": ["child"]}
    assert client.post(page("elements", number, "use-case", 1), chosen).url == address
    assert "Ask every partner to sign off" in client.get(address).content.decode()
    client.post(page("act-on-paper", number, "use-case", 1, "offer"))
    for people in (town.schools, town.health):
        text = as_(people.program).get(address).content.decode()
        assert text.index("It is your turn") < text.index("Where each partner stands")
        seen = queries.standing(queries.only_paper(partnership, "use-case")).digest
        as_(people.program).post(page("act-on-paper", number, "use-case", 1, "sign-off"), {"seen": seen})
    case = queries.use_case(1)
    assert case.elements == (("preschool", "child"), ("preschool", "score"), ("part-c", "child"))
    public = as_(town.university.steward).get(page("use-case", 1)).content.decode()
    assert "What becomes of children from early intervention" in public
    assert "Learns more." in public


def test_versions_show_what_changed_word_by_word(town, use_case, as_):
    paper = use_case()
    services.write_paper(
        paper,
        content={"overview": "What becomes of toddlers who move from one to the other?"},
        seen=paper.version,
        note="Whom it is about",
        by=town.health.program,
    )
    text = as_(town.schools.program).get(page("versions", paper.partnership_id, "use-case", 1)).content.decode()
    assert "Whom it is about" in text
    assert "children" in text.partition("<del>")[2].partition("</del>")[0]
    assert "toddlers" in text.partition("<ins>")[2].partition("</ins>")[0]


def test_who_chooses_elements_second_keeps_what_was_ticked(town, use_case, as_):
    paper = use_case()
    address = page("elements", paper.partnership_id, "use-case", 1)
    client, seen = as_(town.schools.program), paper.version
    assert "tick in each of them what tells people apart" in client.get(address).content.decode()
    services.write_paper(paper, content={"overview": "Health's own words."}, seen=seen, by=town.health.program)
    answer = client.post(address, {"seen": seen, "preschool": ["score"], "part-c": ["child"]})
    ticked = {
        (one.dataset.code, field.name) for one in answer.context["choices"] for field in one.fields if field.chosen
    }
    assert ticked == {("preschool", "score"), ("part-c", "child")}


def test_who_saves_second_is_shown_both_texts(town, use_case, as_):
    paper = use_case()
    address = page("write", paper.partnership_id, "use-case", 1)
    form = as_(town.schools.program).get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"overview": "Schools' own words."}
    seen = paper.version
    services.write_paper(paper, content={"overview": "Health's own words."}, seen=seen, by=town.health.program)
    answer = as_(town.schools.program).post(address, typed)
    text = answer.content.decode()
    assert "Someone saved while you were writing" in text
    assert "Schools&#x27; own words." in text
    assert "Health" in "".join(piece.text for piece in answer.context["pieces"] if piece.kind == "removed")
    assert as_(town.schools.program).post(address, typed | {"seen": seen + 1}).status_code == 302


def test_a_paste_too_long_stays_in_the_form(town, use_case, as_):
    paper = use_case()
    address = page("write", paper.partnership_id, "use-case", 1)
    form = as_(town.schools.program).get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"overview": "word " * 1_000_000}
    text = as_(town.schools.program).post(address, typed).content.decode()
    assert "It was not saved. Your words are still here." in text
    assert "at most 8,000 fit" in text
    assert len(text) > 4_000_000


def test_each_partner_takes_a_copy_of_the_guide_and_of_the_use_case(town, signed_off, as_):
    paper = signed_off()
    number = paper.partnership_id
    for address, says in (
        (page("guide-copy", number, 1, "docx"), "Copy of"),
        (page("copy", number, "use-case", 1, "docx"), "Which settings go with better outcomes?"),
    ):
        answer = as_(town.health.program).get(address)
        assert answer["Content-Disposition"].endswith('.docx"')
        with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
            assert says in file.read("word/document.xml").decode()
    answer = as_(town.health.program).get(page("guide-copy", number, 1, "pdf"))
    assert answer.content.startswith(b"%PDF-")
    assert as_(town.health.program).get(page("copy", number, "use-case", 1, "exe")).status_code == 404


def test_no_copy_of_a_guide_before_it_is_side_by_side(town, answering, as_):
    guide = answering()
    for reader in (town.schools.program, town.facilitator):
        assert as_(reader).get(page("guide-copy", guide.partnership_id, 1, "pdf")).status_code == 404


def test_the_plan_takes_over_what_was_written_and_carries_the_use_cases(town, signed_off, as_):
    paper = signed_off()
    number, client = paper.partnership_id, as_(town.schools.program)
    begun = client.post(page("start", number, "plan"), {"csrf": ""})
    assert begun.url == page("write", number, "plan", 1)
    form = client.get(begun.url).context["form"]
    assert form["data"].value() == "Part C\nPreschool"
    text = client.get(page("paper", number, "plan", 1)).content.decode()
    assert "Appendix A: use cases" in text
    answer = client.get(page("copy", number, "plan", 1, "docx"))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        assert "From early intervention to preschool" in file.read("word/document.xml").decode()


def test_a_stranger_reads_signed_off_use_cases_and_nothing_else(town, signed_off, as_):
    paper = signed_off()
    client = as_(town.university.program)
    assert client.get(page("use-cases")).status_code == 200
    for name in ("paper", "write", "versions", "elements"):
        assert client.get(page(name, paper.partnership_id, "use-case", 1)).status_code == 403
    assert client.get(page("copy", paper.partnership_id, "use-case", 1, "pdf")).status_code == 403


def test_once_feasible_every_contributor_is_asked_for_the_use_case_until_somebody_begins_it(client, town, concluded):
    partnership = concluded("go_on").partnership
    for person in (town.schools.program, town.health.program):
        assert [one.wait.step for one in waits.waiting_for(person)] == ["begin the use case"]
    services.start_paper(partnership, kind="use-case", content={"title": "Who moves on?"}, by=town.schools.program)
    assert not waits.waiting_for(town.health.program)
    client.force_login(town.health.program)
    page = client.get(f"/partnerships/{partnership.pk}/").content.decode()
    assert "has begun the use case “Who moves on?”" in page
    assert f'href="/partnerships/{partnership.pk}/papers/use-case/1/"' in page
    begun = client.get(f"/partnerships/{partnership.pk}/papers/use-case/").content.decode()
    assert "Who moves on?" in begun
    assert "Or begin another" in begun


def test_from_a_signed_off_use_case_the_way_leads_to_the_agreement_and_its_stewards_are_asked(client, town, signed_off):
    paper = signed_off()
    own = f"/partnerships/use-cases/{paper.number}/"
    for steward in (town.schools.steward, town.health.steward):
        (asked,) = waits.waiting_for(steward)
        assert (asked.wait.step, asked.wait.address) == ("draft the agreement", own)
    assert not waits.waiting_for(town.university.steward)
    client.force_login(town.schools.program)
    page = client.get(f"/partnerships/{paper.partnership_id}/papers/use-case/{paper.number}/").content.decode()
    assert f'href="{own}"' in page
    assert "Outcome score" in page
    assert own in client.get(f"/partnerships/{paper.partnership_id}/").content.decode()
    assert f"/agreements/use-cases/{paper.number}/draft/" not in client.get(own).content.decode()
    client.force_login(town.schools.steward)
    assert f"/agreements/use-cases/{paper.number}/draft/" in client.get(own).content.decode()


def test_a_draft_ends_the_wait_of_every_steward(town, signed_off):
    services.agreement_drafted(signed_off().number, at=timezone.now())
    assert not waits.waiting_for(town.schools.steward)
    assert not waits.waiting_for(town.health.steward)


def test_who_saves_second_keeps_what_the_other_wrote_in_fields_they_left_alone(client, town, use_case):
    paper = use_case()
    first, second = (str(one.pk) for one in paper.partnership.partners.all())
    address = page("write", paper.partnership_id, "use-case", paper.number)
    client.force_login(town.schools.program)
    opened = {name: value for name, value in client.get(address).context["form"].initial.items() if value}
    services.write_paper(
        paper,
        content={"overview": "Words of the other.", "datasets": ["preschool"]},
        seen=paper.version,
        by=town.health.program,
    )
    answer = client.post(address, opened | {f"benefits-{first}": "Mine, typed meanwhile."})
    form = answer.context["form"]
    assert form["overview"].value() == "Words of the other."
    assert form["datasets"].value() == ["preschool"]
    assert form[f"benefits-{first}"].value() == "Mine, typed meanwhile."
    assert form[f"benefits-{second}"].value() == opened[f"benefits-{second}"]
    assert "Someone saved while you were writing" in answer.content.decode()
