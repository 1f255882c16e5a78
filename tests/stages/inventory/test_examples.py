"""Marigold County's own descriptions keep every rule and leave nothing unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from infotrust.stages.inventory import queries, services
from infotrust.stages.inventory.terms import FieldSpec, problems

MARIGOLD = Path(__file__).parents[3] / "examples" / "marigold"


def load(name: str) -> list[dict]:
    return yaml.safe_load((MARIGOLD / f"{name}.yaml").read_text(encoding="utf-8"))[name]


def spec(field: dict) -> FieldSpec:
    return FieldSpec(**field | {"law_classes": tuple(field.get("law_classes", ()))})


@pytest.mark.parametrize("dataset", load("datasets"), ids=lambda dataset: dataset["code"])
def test_every_field_of_the_examples_keeps_the_rules(dataset):
    for field in dataset["fields"]:
        assert problems(spec(field)) == [], field["name"]
        assert all(isinstance(text, str) for text in [*field.get("codes", {}), *field.get("codes", {}).values()])


def test_examples_can_be_registered_and_are_complete(make_user, make_agency):
    sources = {}
    for agency in load("agencies"):
        steward = make_user("steward", agency["code"])
        for source in agency["sources"]:
            sources[source["code"]] = services.register_source(agency=steward.agency, by=steward, **source)
    for dataset in load("datasets"):
        agency = make_agency(dataset["agency"])
        steward = agency.people.get()
        fields = [spec(field) for field in dataset["fields"]]
        given = dataset | {"agency": agency, "source": sources[dataset["source"]], "fields": fields}
        services.register_dataset(by=steward, **given)
        page = queries.dataset_page(dataset["code"], by=steward)
        assert page.completeness.gaps == ()
        assert [row.field.spec() for row in page.fields] == fields
