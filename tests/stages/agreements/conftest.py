"""Two agencies with a dataset each, and an agreement taken as far as a test needs it."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from infotrust.stages.agreements import services
from infotrust.stages.inventory import services as inventory
from infotrust.stages.inventory.terms import FieldSpec

ROLES = ("steward", "counsel", "board_member", "analyst", "privacy", "security", "program")
USES = {
    "school-enrollment": {
        "student_number": {"contribute"},
        "last_name": {"contribute", "link"},
        "birth_date": {"contribute", "link"},
        "grade": {"contribute", "aggregate"},
    },
    "homeless-clients": {
        "client_id": {"contribute"},
        "last_name": {"contribute", "link"},
        "shelter": {"contribute", "aggregate"},
    },
}


def _fields(key: str, content: str, law: str) -> list[FieldSpec]:
    laws = (law,)
    return [
        FieldSpec(key, "Number", "The agency's number", "text", "local_id", law_classes=laws, key=True),
        FieldSpec("last_name", "Last name", "Family name", "text", "family_name", law_classes=laws),
        FieldSpec(
            "birth_date", "Birth date", "Date of birth", "date", "birth_date", law_classes=laws, date_format="%Y-%m-%d"
        ),
        FieldSpec(content, content.title(), "What the program knows", "text", "grade", law_classes=laws),
        FieldSpec("lunch_debt", "Lunch debt", "Money owed", "text", "money", law_classes=laws),
    ]


@pytest.fixture
def town(db, settings, make_agency, make_user) -> SimpleNamespace:
    """`town.schools.counsel`, `town.homeless.board` and so on; both datasets are registered."""
    # Two dozen people are made for each test; how slowly their passwords are hashed is not what is tested.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = SimpleNamespace()
    for name, code in (("schools", "schools"), ("homeless", "homeless-services"), ("health", "health")):
        people = {role: make_user(role, code) for role in ROLES}
        setattr(
            made, name, SimpleNamespace(agency=make_agency(code), officer=make_user("linkage_officer", code), **people)
        )
    for people, dataset, key, content, law in (
        (made.schools, "school-enrollment", "student_number", "grade", "ferpa"),
        (made.homeless, "homeless-clients", "client_id", "shelter", "hmis"),
    ):
        source = inventory.register_source(
            agency=people.agency, code=f"{dataset}-system", name=f"{dataset} system", by=people.steward
        )
        inventory.register_dataset(
            agency=people.agency,
            source=source,
            code=dataset,
            title=dataset.replace("-", " ").title(),
            description="Made for tests",
            unit="child",
            period="2025",
            update_frequency="yearly",
            fields=_fields(key, content, law),
            by=people.steward,
        )
    return made


@pytest.fixture
def draft(town):
    """`draft()` is an agreement of both agencies over both datasets, not yet sent for review."""

    def make(code: str = "DSA-1", datasets=tuple(USES), **changes):
        today = timezone.localdate()
        terms = {
            "title": "Pupils in shelters",
            "why": "To plan help for pupils who sleep in shelters.",
            "parties": [town.schools.agency, town.homeless.agency],
            "purposes": ["planning", "linkage"],
            "recipients": [town.schools.agency],
            "starts_on": today - timedelta(days=1),
            "ends_on": date(today.year + 2, 6, 30),
            **changes,
        }
        agreement = services.draft_agreement(code=code, by=town.schools.steward, **terms)
        for dataset in datasets:
            services.add_dataset(agreement, dataset=dataset, uses=USES[dataset], by=town.schools.steward)
        return agreement

    return make


@pytest.fixture
def approved(town, draft):
    """`approved()` has been reviewed by both parties and awaits their signatures."""

    def make(**changes):
        agreement = draft(**changes)
        services.submit_for_review(agreement, by=town.schools.steward)
        for people in (town.schools, town.homeless):
            services.review(agreement, approve=True, by=people.counsel)
        return agreement

    return make


@pytest.fixture
def signed(town, approved):
    """`signed()` is signed by both parties (and in force, unless it starts later)."""

    def make(**changes):
        agreement = approved(**changes)
        for people in (town.schools, town.homeless):
            services.sign(agreement, by=people.board_member)
        return agreement

    return make
