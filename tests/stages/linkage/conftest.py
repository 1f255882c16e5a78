"""Two agencies with made-up children, an agreement between them, and deliveries already in the vault."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pyarrow as pa
import pytest
from django.utils import timezone

from infotrust.shared.jobs import services as jobs
from infotrust.shared.vault import services as vault
from infotrust.stages.agreements import services as agreements
from infotrust.stages.inventory import services as inventory
from infotrust.stages.inventory.terms import FieldSpec
from infotrust.stages.linkage import services
from infotrust.stages.linkage.models import LinkageRun

GIVEN = ("Amaya", "Bruno", "Celeste", "Dario", "Elodie", "Farid", "Greta", "Hugo", "Imani", "Jonas", "Keiko", "Luca")
FAMILY = ("Abernathy", "Brightwater", "Castellano", "Delacroix", "Eastwood", "Fitzwilliam", "Grigoryan", "Hollander")
DATASETS = {"school-enrollment": ("schools", "ferpa"), "snap": ("human-services", "snap")}
LINKED = {name: {"contribute", "link"} for name in ("first_name", "last_name", "birth_date", "zip_code")}


def people(count: int, seed: int = 7) -> list[dict[str, str]]:
    """Made-up children who differ from each other; the same for the same seed."""
    draw = random.Random(seed)
    return [
        {
            "record_id": f"{number:016x}{draw.getrandbits(64):016x}",
            "first_name": draw.choice(GIVEN) + draw.choice(("", "lyn", "ette", "o")),
            "last_name": draw.choice(FAMILY) + draw.choice(("", "s", "-Moore", "-Reyes", "-Stone", "-Lake")),
            "birth_date": f"{2008 + draw.randrange(12)}-{1 + draw.randrange(12):02d}-{1 + draw.randrange(28):02d}",
            "zip_code": f"606{draw.randrange(30):02d}",
        }
        for number in range(count)
    ]


def elsewhere(rows: list[dict[str, str]], seed: int) -> list[dict[str, str]]:
    """The same children in another agency's files: other record ids."""
    draw = random.Random(seed)
    return [row | {"record_id": f"{draw.getrandbits(128):032x}"} for row in rows]


COUNTY = people(120)
PUPILS = COUNTY[:80]
CLIENTS = elsewhere(COUNTY[40:], seed=8)  # forty of them are pupils too


@pytest.fixture
def town(db, make_agency, make_user, settings) -> SimpleNamespace:
    """Both datasets are registered; `town.officer` links, `town.schools.board_member` signs for the schools."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # seven accounts for each test
    made = SimpleNamespace(officer=make_user("linkage_officer", "schools"))
    for dataset, (code, law) in DATASETS.items():
        staff = {role: make_user(role, code) for role in ("steward", "counsel", "board_member")}
        agency = make_agency(code)
        setattr(made, code.replace("-", "_"), SimpleNamespace(agency=agency, **staff))
        source = inventory.register_source(
            agency=agency, code=f"{dataset}-system", name=f"{dataset} system", by=staff["steward"]
        )
        inventory.register_dataset(
            agency=agency,
            source=source,
            code=dataset,
            title=dataset.replace("-", " ").title(),
            description="Made for tests",
            unit="child",
            period="2025",
            update_frequency="yearly",
            fields=_fields(law),
            by=staff["steward"],
        )
    return made


def _fields(law: str) -> list[FieldSpec]:
    laws = (law,)
    return [
        FieldSpec("local_id", "Number", "The agency's number", "text", "local_id", law_classes=laws, key=True),
        FieldSpec("first_name", "First name", "Given name", "text", "given_name", law_classes=laws),
        FieldSpec("last_name", "Last name", "Family name", "text", "family_name", law_classes=laws),
        FieldSpec(
            "birth_date", "Birth date", "Date of birth", "date", "birth_date", law_classes=laws, date_format="%Y-%m-%d"
        ),
        FieldSpec("zip_code", "ZIP code", "Of the home", "text", "zip_code", law_classes=laws),
        FieldSpec("grade", "Grade", "Grade or group", "text", "grade", law_classes=laws),
    ]


@pytest.fixture
def agree(town) -> Callable:
    """`agree()` puts an agreement into force; `uses` per dataset default to linking by every identifier."""

    def make(code: str = "DSA-1", uses: dict | None = None):
        today = timezone.localdate()
        both = (town.schools, town.human_services)
        agreement = agreements.draft_agreement(
            code=code,
            title="Children served by more than one program",
            why="To see how many children need more than one program.",
            parties=[one.agency for one in both],
            purposes=["program_evaluation", "linkage"],
            recipients=[town.schools.agency],
            starts_on=today - timedelta(days=1),
            ends_on=date(today.year + 2, 6, 30),
            by=town.schools.steward,
        )
        counted = {"local_id": {"contribute"}, "grade": {"contribute", "aggregate"}}
        for dataset, fields in (uses or dict.fromkeys(DATASETS, LINKED)).items():
            agreements.add_dataset(agreement, dataset=dataset, uses=counted | fields, by=town.schools.steward)
        agreements.submit_for_review(agreement, by=town.schools.steward)
        for one in both:
            agreements.review(agreement, approve=True, by=one.counsel)
        for one in both:
            agreements.sign(agreement, by=one.board_member)
        return agreement

    return make


@pytest.fixture
def deliver(db) -> Callable:
    """`deliver("snap", rows)` puts rows into the vault, as intake does."""

    def put(dataset: str, rows: list[dict[str, str]], *, replaces=()):
        return vault.add(dataset, vault.seal(dataset, pa.Table.from_pylist(rows)), replaces=replaces)

    return put


@pytest.fixture
def delivered(deliver) -> None:
    deliver("school-enrollment", PUPILS)
    deliver("snap", CLIENTS)


@pytest.fixture
def link(town) -> Callable[[], LinkageRun]:
    """`link()` starts a linkage as the officer, works it off and returns the run."""

    def go() -> LinkageRun:
        job = services.start_linkage(by=town.officer)
        jobs.run_waiting()
        job.refresh_from_db()
        assert job.state == "done", (job.error, job.next_step)
        return LinkageRun.objects.get(job=job)

    return go
