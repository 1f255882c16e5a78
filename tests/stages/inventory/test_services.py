"""Stewards describe their own agency's data; each change is recorded and shown to the public."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from infotrust.core.errors import UserFacingError
from infotrust.shared.audit import models as audit
from infotrust.shared.catalogue import queries as catalogue
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.stages.inventory import queries, services
from infotrust.stages.inventory.models import Dataset, Field
from infotrust.stages.inventory.terms import FieldSpec

PUPIL = FieldSpec("pupil_id", "Pupil number", "The district's own number.", semantic="local_id", key=True)
BORN = FieldSpec("born", "Date of birth", "As on file.", type="date", semantic="birth_date", date_format="%m/%d/%Y")
GRADE = FieldSpec(
    "grade",
    "Grade",
    "Grade on October 1.",
    type="code",
    semantic="grade",
    codes={"PK": "Pre-kindergarten", "KG": "Kindergarten", "01": "Grade 1"},
    law_classes=("ferpa",),
)


@pytest.fixture
def steward(make_user):
    return make_user("steward", "schools")


@pytest.fixture
def make_dataset(steward):
    def make(code: str = "school-enrollment", fields=(PUPIL, BORN, GRADE)) -> Dataset:
        source = services.register_source(agency=steward.agency, code=f"{code}-system", name="Records", by=steward)
        return services.register_dataset(
            agency=steward.agency,
            source=source,
            code=code,
            title="School enrollment",
            unit="child",
            update_frequency="yearly",
            fields=fields,
            by=steward,
        )

    return make


def events(about: str) -> list[str]:
    return [entry.event for entry in audit.Entry.objects.filter(about=about).order_by("sequence")]


def test_registered_dataset_keeps_each_field_as_described(make_dataset):
    make_dataset()
    assert [field.spec() for field in queries.fields("school-enrollment")] == [PUPIL, BORN, GRADE]
    assert list(queries.field("school-enrollment", "grade").codes) == ["PK", "KG", "01"]


def test_registration_is_recorded_and_shown_to_the_public(make_dataset):
    make_dataset()
    assert events("dataset:school-enrollment") == ["inventory.dataset-registered"]
    shown = catalogue.dataset("school-enrollment")
    assert [field.name for field in shown.fields.all()] == ["pupil_id", "born", "grade"]
    assert shown.unit == "A child"


def test_steward_cannot_describe_another_agencys_data(make_dataset, make_user):
    dataset = make_dataset()
    other = make_user("steward", "health")
    with pytest.raises(NotPermitted):
        services.change_dataset(dataset, by=other, title="Ours now")
    with pytest.raises(NotPermitted):
        services.change_field(dataset=dataset, spec=GRADE, by=other)
    with pytest.raises(NotPermitted):
        services.register_source(agency=dataset.agency, code="x", name="X", by=other)
    assert queries.dataset("school-enrollment").title == "School enrollment"


def test_analyst_cannot_register_a_dataset_for_the_own_agency(make_dataset, make_user):
    dataset = make_dataset()
    analyst = make_user("analyst", "schools")
    with pytest.raises(NotPermitted):
        services.register_dataset(agency=dataset.agency, source=dataset.source, code="b", title="B", by=analyst)


def test_source_of_another_agency_is_refused(make_dataset, make_user):
    dataset = make_dataset()
    other = make_user("steward", "health")
    with pytest.raises(services.DescriptionRefused, match="another agency"):
        services.register_dataset(agency=other.agency, source=dataset.source, code="b", title="B", by=other)


def test_changed_field_is_shown_and_law_and_sensitivity_are_kept_in_the_log(make_dataset, steward):
    dataset = make_dataset()
    services.change_field(
        dataset=dataset, spec=replace(GRADE, sensitivity=2, law_classes=("ferpa", "idea_b")), by=steward
    )
    entry = audit.Entry.objects.order_by("-sequence").first()
    assert entry.event == "inventory.dataset-changed"
    assert entry.facts["sensitivity"] == {"before": 1, "after": 2}
    assert entry.facts["law_classes"] == {"before": ["ferpa"], "after": ["ferpa", "idea_b"]}
    assert queries.dataset("school-enrollment").version == 2
    assert catalogue.dataset("school-enrollment").fields.get(name="grade").sensitivity == 2


def test_describing_a_field_as_it_is_records_nothing(make_dataset, steward):
    dataset = make_dataset()
    services.change_field(dataset=dataset, spec=GRADE, by=steward)
    services.change_dataset(dataset, by=steward, title="School enrollment")
    assert events("dataset:school-enrollment") == ["inventory.dataset-registered"]
    assert queries.dataset("school-enrollment").version == 1


def test_order_of_codes_is_a_change(make_dataset, steward):
    dataset = make_dataset()
    turned = replace(GRADE, codes=dict(reversed(GRADE.codes.items())))
    services.change_field(dataset=dataset, spec=turned, by=steward)
    assert list(queries.field("school-enrollment", "grade").codes) == ["01", "KG", "PK"]


def test_retired_field_leaves_the_catalogue_and_comes_back(make_dataset, steward):
    dataset = make_dataset()
    services.retire_field(dataset=dataset, name="grade", reason="No longer collected", by=steward)
    assert [field.name for field in queries.fields("school-enrollment")] == ["pupil_id", "born"]
    assert [field.name for field in queries.all_fields("school-enrollment")] == ["pupil_id", "born", "grade"]
    assert not catalogue.dataset("school-enrollment").fields.filter(name="grade").exists()
    services.reinstate_field(dataset=dataset, name="grade", by=steward)
    assert catalogue.dataset("school-enrollment").fields.filter(name="grade").exists()


def test_retired_field_cannot_be_retired_again_or_changed(make_dataset, steward):
    dataset = make_dataset()
    services.retire_field(dataset=dataset, name="grade", reason="No longer collected", by=steward)
    with pytest.raises(UserFacingError, match="cannot become"):
        services.retire_field(dataset=dataset, name="grade", reason="again", by=steward)
    with pytest.raises(UserFacingError, match="retired"):
        services.change_field(dataset=dataset, spec=replace(GRADE, title="Class"), by=steward)


def test_second_field_of_a_name_is_refused_whatever_its_case(make_dataset, steward):
    dataset = make_dataset()
    with pytest.raises(services.DescriptionRefused, match="already has a field"):
        services.add_field(dataset=dataset, spec=replace(GRADE, name="GRADE"), by=steward)
    with pytest.raises(services.DescriptionRefused, match="Two fields"):
        make_dataset("other", fields=(GRADE, replace(GRADE, name="Grade")))
    with pytest.raises(IntegrityError), transaction.atomic():
        Field.objects.create(dataset=dataset, position=9, name="Grade", title="x")


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"name": "1st"}, "name"),
        ({"name": "record_id"}, "name"),
        ({"codes": {}}, "codes"),
        ({"type": "text"}, "codes"),
        ({"codes": {"1": " "}}, "codes"),
        ({"law_classes": ("made_up",)}, "law_classes"),
        ({"sensitivity": 4}, "sensitivity"),
        ({"key": True, "required": False}, "required"),
        ({"date_format": "%Y"}, "date_format"),
        ({"semantic": "ssn", "availability": "open"}, "availability"),
        ({"title": ""}, "title"),
    ],
)
def test_description_that_breaks_a_rule_is_refused_and_changes_nothing(make_dataset, steward, change, part):
    dataset = make_dataset()
    with pytest.raises(services.DescriptionRefused) as refused:
        services.add_field(dataset=dataset, spec=replace(GRADE, **({"name": "other"} | change)), by=steward)
    assert part in {problem.part for problem in refused.value.problems}
    assert len(queries.all_fields("school-enrollment")) == 3


@pytest.mark.parametrize("written", ["", "%Y", "%d.%m", "%Y-%m-%d %H", "%y-%m-%d"])
def test_date_field_needs_year_month_and_day(make_dataset, steward, written):
    with pytest.raises(services.DescriptionRefused, match="date_format"):
        make_dataset("other", fields=(replace(BORN, date_format=written),))


@pytest.mark.parametrize("code", ["With Space", "UPPER", "", "a/b"])
def test_short_name_is_small_letters_digits_hyphens(steward, code):
    with pytest.raises(services.DescriptionRefused, match="short name"):
        services.register_source(agency=steward.agency, code=code, name="Records", by=steward)


def test_short_name_is_taken_only_once(make_dataset):
    make_dataset()
    with pytest.raises(services.DescriptionRefused, match="taken"):
        make_dataset()


@pytest.mark.parametrize(
    "values",
    [
        {"type": "blob"},
        {"semantic": "shoe_size"},
        {"sensitivity": 4},
        {"availability": "sold"},
        {"key": True, "required": False},
        {"semantic": "ssn", "availability": "open"},
        {"type": "text", "date_format": "%Y-%m-%d"},
        {"state": "retired"},
    ],
)
def test_database_refuses_what_can_never_be_true(make_dataset, values):
    dataset = make_dataset()
    with pytest.raises(IntegrityError), transaction.atomic():
        Field.objects.create(dataset=dataset, position=9, **({"name": "other", "title": "Other"} | values))


def test_completeness_names_what_is_missing(make_dataset, steward):
    dataset = make_dataset()
    page = queries.dataset_page("school-enrollment", by=steward)
    assert not page.completeness.complete
    assert "Say whose data is missing." in page.completeness.gaps
    assert "Name the law that governs: pupil_id, born." in page.completeness.gaps
    services.change_source(dataset.source, by=steward, authority="Board policy 12")
    filled = dict.fromkeys(("description", "period", "lag", "quality_note", "whose_data_is_missing"), "said")
    services.change_dataset(dataset, by=steward, **filled)
    for spec in (PUPIL, BORN):
        services.change_field(dataset=dataset, spec=replace(spec, law_classes=("ferpa",)), by=steward)
    page = queries.dataset_page("school-enrollment", by=steward)
    assert (page.completeness.gaps, page.completeness.percent) == ((), 100)


def test_own_agencys_datasets_come_first(make_dataset, make_user):
    make_dataset()
    other = make_user("steward", "health")
    overview = queries.overview(by=other)
    assert (overview.own, [row.dataset.code for row in overview.others]) == ((), ["school-enrollment"])
    assert overview.others[0].identifiers == 2


def test_unknown_dataset_says_whom_to_ask(db):
    with pytest.raises(queries.NotInInventory, match="data steward"):
        queries.dataset("nowhere")
