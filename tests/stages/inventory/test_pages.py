"""The stewards' pages: own agency first, clear refusals, and what is wrong said at its place."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from infotrust.shared.catalogue import services as catalogue
from infotrust.shared.catalogue.entries import AgreementEntry, SharedDataset
from infotrust.stages.inventory import queries, services
from infotrust.stages.inventory.forms import FieldForm, codes_text, read_codes
from infotrust.stages.inventory.terms import FieldSpec

GRADE = FieldSpec("grade", "Grade", "On October 1.", type="code", semantic="grade", codes={"PK": "Pre-K", "KG": "K"})


@pytest.fixture
def steward(make_user):
    return make_user("steward", "schools")


@pytest.fixture
def dataset(steward):
    source = services.register_source(agency=steward.agency, code="records", name="Records", by=steward)
    return services.register_dataset(
        agency=steward.agency, source=source, code="pupils", title="Pupils", fields=[GRADE], by=steward
    )


@pytest.fixture
def as_steward(client, steward):
    client.force_login(steward)
    return client


def entered(**changes) -> dict:
    usual = {"title": "Lunch", "semantic": "other", "type": "text", "sensitivity": 1, "availability": "restricted"}
    return usual | {"name": "lunch"} | changes


def address(name: str, *args: str) -> str:
    return reverse(f"inventory:{name}", args=args)


def test_visitor_who_is_not_signed_in_is_asked_to(client, dataset):
    answer = client.get(address("dataset", "pupils"))
    assert answer.status_code == 302
    assert "login" in answer.url


def test_steward_sees_own_datasets_and_may_register_more(as_steward, dataset):
    page = as_steward.get(address("overview")).content.decode()
    assert page.index("Your agency") < page.index(">Pupils<") < page.index("Other agencies")
    assert address("add-dataset") in page


def test_steward_without_a_dataset_is_shown_where_to_begin(as_steward):
    page = as_steward.get(address("overview")).content.decode()
    assert "Your agency has described nothing yet" in page
    assert as_steward.get(address("add-dataset")).url == address("add-source")


def test_dataset_page_says_what_is_missing_and_that_nobody_may_use_it(as_steward, dataset):
    page = as_steward.get(address("dataset", "pupils")).content.decode()
    assert "Say whose data is missing." in page
    assert "Nobody but the agency itself" in page
    assert "never leaves the agency" in page


def test_dataset_page_names_the_agreements_that_use_each_field(as_steward, dataset):
    catalogue.show_agreement(
        AgreementEntry(
            code="DSA-9",
            title="A test",
            why="",
            parties=("Schools",),
            purposes=(),
            recipients=("The County",),
            starts_on=date.today(),
            ends_on=date.today() + timedelta(days=9),
            datasets=(SharedDataset("pupils", uses={"grade": ("aggregate", "contribute")}),),
        )
    )
    page = as_steward.get(address("dataset", "pupils")).content.decode()
    assert "<strong>DSA-9</strong>: delivered, counted in tables" in page
    assert "Nobody but the agency itself" not in page
    assert (
        "Agreements in force use this field"
        in as_steward.get(address("edit-field", "pupils", "grade")).content.decode()
    )


@pytest.mark.parametrize(
    "where", ["edit-dataset", "add-field", "edit-field"], ids=["describe", "add a field", "change a field"]
)
def test_steward_of_another_agency_may_read_but_is_refused_the_form(client, dataset, make_user, where):
    client.force_login(make_user("steward", "health"))
    page = client.get(address("dataset", "pupils"))
    assert page.status_code == 200
    assert "Change the description" not in page.content.decode()
    args = ["pupils", "grade"] if where == "edit-field" else ["pupils"]
    for refused in (client.get(address(where, *args)), client.post(address(where, *args), entered())):
        assert refused.status_code == 403
        assert "data steward of the agency that owns it" in refused.content.decode()
    assert [field.name for field in queries.all_fields("pupils")] == ["grade"]


def test_dataset_that_nobody_registered_has_no_page(as_steward):
    assert as_steward.get(address("dataset", "nowhere")).status_code == 404


def test_steward_registers_source_then_dataset_then_field(as_steward):
    as_steward.post(address("add-source"), {"code": "sis", "name": "Student system"})
    answer = as_steward.post(address("add-dataset"), {"code": "pupils", "source": "sis", "title": "Pupils"})
    assert answer.url == address("dataset", "pupils")
    answer = as_steward.post(address("add-field", "pupils"), entered(codes="F = Free\nP = Paid", type="code"))
    assert answer.url == address("dataset", "pupils")
    assert queries.field("pupils", "lunch").codes == {"F": "Free", "P": "Paid"}


def test_field_form_says_every_problem_at_its_place(as_steward, dataset):
    answer = as_steward.post(address("add-field", "pupils"), entered(name="1st", type="code", codes="F Free"))
    assert answer.status_code == 400
    assert answer.context["form"].errors.keys() == {"name", "codes"}
    assert "Line 1" in answer.content.decode()


def test_second_field_of_a_name_is_refused_beside_the_name(as_steward, dataset):
    answer = as_steward.post(address("add-field", "pupils"), entered(name="grade"))
    assert answer.context["form"].errors.keys() == {"name"}


def test_changed_field_is_saved_and_keeps_its_name(as_steward, dataset):
    form = FieldForm.initial_of(GRADE) | {"title": "School grade", "name": "renamed"}
    form.pop("key")
    answer = as_steward.post(address("edit-field", "pupils", "grade"), form)
    assert answer.url == address("dataset", "pupils")
    assert queries.field("pupils", "grade").title == "School grade"


def test_unchanged_form_changes_nothing(as_steward, dataset):
    form = as_steward.get(address("edit-field", "pupils", "grade")).context["form"]
    given = {name: value for name, value in form.initial.items() if name in form.fields and value not in (False, "")}
    as_steward.post(address("edit-field", "pupils", "grade"), given)
    assert queries.dataset("pupils").version == 1


def test_retiring_asks_why_and_can_be_undone(as_steward, dataset):
    assert as_steward.post(address("retire-field", "pupils", "grade"), {"reason": ""}).status_code == 400
    as_steward.post(address("retire-field", "pupils", "grade"), {"reason": "Not collected"})
    assert "Not collected" in as_steward.get(address("dataset", "pupils")).content.decode()
    as_steward.post(address("reinstate-field", "pupils", "grade"))
    assert queries.field("pupils", "grade").in_use


def test_description_is_shown_as_text_not_as_markup(as_steward, dataset):
    services.change_dataset(dataset, by=dataset.registered_by, description="<script>alert(1)</script>")
    assert "<script>alert" not in as_steward.get(address("dataset", "pupils")).content.decode()


def test_codes_are_read_as_they_are_written():
    codes = {"1": "One = first", "02": "Two", "Ñ": "Ñandú"}
    assert read_codes(codes_text(codes)) == codes


def test_list_of_datasets_asks_the_database_no_more_when_there_are_more(
    as_steward, dataset, django_assert_max_num_queries
):
    overview = address("overview")
    as_steward.get(overview)
    for number in range(4):
        services.register_dataset(
            agency=dataset.agency,
            source=dataset.source,
            code=f"more-{number}",
            title=f"More {number}",
            fields=[GRADE],
            by=dataset.registered_by,
        )
    with django_assert_max_num_queries(14):
        as_steward.get(overview)
