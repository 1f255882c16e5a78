"""Schools and shelters with an agreement in force, their contents sealed, and a register that connects the records."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pyarrow as pa
import pytest
from django.db import transaction
from django.utils import timezone

from infotrust.shared.holdings import services as holdings
from infotrust.shared.storage import services as storage
from infotrust.stages.agreements import services as agreements
from infotrust.stages.analysis import services
from infotrust.stages.inventory import services as inventory
from infotrust.stages.inventory.terms import FieldSpec

SQL = """WITH pupil AS (
    SELECT person_id, grade FROM school_enrollment WHERE residence = 'shelter')
SELECT grade, CASE WHEN EXISTS (SELECT 1 FROM homeless_clients WHERE homeless_clients.person_id = pupil.person_id
                                AND homeless_clients.project = 'ES') THEN 'yes' ELSE 'no' END AS known,
       count(DISTINCT person_id) AS pupils
FROM pupil GROUP BY grade, known"""
QUESTION = {
    "code": "shelter-pupils",
    "title": "How many pupils in shelters are not known?",
    "meaning": "The number tells schools and shelters how far apart their records are.",
    "unit": "pupils",
    "period": "2025",
    "population": "Pupils in shelters",
    "purpose": "planning",
    "agreements": ["DSA-1"],
    "sql": SQL,
    "dimensions": ["grade", "known"],
    "measures": ["pupils"],
    "limits": ["Linking records makes mistakes."],
    "sentence": "{not_known} of {all} pupils are not known.",
    "figures": {"all": {}, "not_known": {"known": "no"}},
}
# person, grade, residence / person, project
PUPILS = [
    ("a", "K", "shelter"),
    ("b", "K", "shelter"),
    ("c", "1", "shelter"),
    ("d", "1", "housed"),
    ("e", "1", "shelter"),
]
CLIENTS = [("a", "ES"), ("d", "ES"), ("e", "PSH"), ("x", "ES")]
# Each agreed field, and what may be done with it.
USES = {
    "school-enrollment": {
        "pupil_id": {"contribute"},
        "grade": {"contribute", "aggregate"},
        "residence": {"contribute", "aggregate"},
    },
    "homeless-clients": {"client_id": {"contribute"}, "project": {"contribute", "aggregate"}},
}


def _code(name: str, law: str, *codes: str) -> FieldSpec:
    return FieldSpec(
        name,
        name.title(),
        f"The {name}.",
        "code",
        "status",
        codes={code: code.lower() for code in codes},
        law_classes=(law,),
    )


@pytest.fixture
def town(db, settings, make_agency, make_user) -> SimpleNamespace:
    """Both agencies with their people; `town.analyst`, `town.board`, `town.checker` work on questions."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = SimpleNamespace(
        analyst=make_user("analyst", "schools"),
        colleague=make_user("analyst", "schools"),
        board=make_user("board_member", "schools"),
        checker=make_user("output_checker", "schools"),
        outsider=make_user("analyst", "health"),
        agencies={},
    )
    for person in (made.analyst, made.colleague, made.outsider):
        person.trained_until = timezone.localdate() + timedelta(days=100)
        person.save()
    made.staff = {}
    for code, dataset, law, key, fields in (
        (
            "schools",
            "school-enrollment",
            "ferpa",
            "pupil_id",
            [_code("grade", "ferpa", "K", "1"), _code("residence", "ferpa", "shelter", "housed")],
        ),
        ("homeless-services", "homeless-clients", "hmis", "client_id", [_code("project", "hmis", "ES", "PSH")]),
    ):
        staff = {role: make_user(role, code) for role in ("steward", "counsel", "board_member")}
        made.staff[code], made.agencies[code] = staff, make_agency(code)
        source = inventory.register_source(
            agency=make_agency(code), code=f"{dataset}-system", name=dataset, by=staff["steward"]
        )
        inventory.register_dataset(
            agency=make_agency(code), source=source, code=dataset, title=dataset.replace("-", " ").title(),
            description="Made for tests", unit="child", period="2025", update_frequency="yearly",
            fields=[
                FieldSpec(key, "Number", "The agency's number", "text", "local_id", law_classes=(law,), key=True),
                *fields,
                FieldSpec("note", "Note", "Free text", "text", "other", law_classes=(law,), required=False),
            ],
            by=staff["steward"],
        )  # fmt: skip
    return made


@pytest.fixture
def agree(town) -> Callable:
    """`agree("DSA-1")` puts an agreement into force; `uses` says what may be done with which field."""

    def make(code: str = "DSA-1", uses=USES, purposes=("planning", "linkage"), days: int = 365):
        today = timezone.localdate()
        steward = town.staff["schools"]["steward"]
        agreement = agreements.draft_agreement(
            code=code, title="Pupils in shelters", why="To plan help.", parties=list(town.agencies.values()),
            purposes=list(purposes), recipients=[town.agencies["schools"]], level="aggregate",
            starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=days), by=steward,
        )  # fmt: skip
        for dataset, fields in uses.items():
            agreements.add_dataset(agreement, dataset=dataset, uses=fields, by=steward)
        agreements.submit_for_review(agreement, by=steward)
        for staff in town.staff.values():
            agreements.review(agreement, approve=True, comment="", by=staff["counsel"])
        for staff in town.staff.values():
            agreements.sign(agreement, by=staff["board_member"])
        return agreement

    return make


def load(
    dataset: str, rows: list[tuple], columns: tuple[str, ...], *, period: str = "2025", ids: list[str] | None = None
) -> list[tuple[str, str]]:
    """Seal rows of (person, ...) as contents of `period`, as intake does; return (record, person) pairs."""
    ids = list(ids or [secrets.token_hex(16) for _ in rows])
    values = list(zip(*(row[1:] for row in rows), strict=True))
    content = dict(zip(columns, map(list, values), strict=True))
    sealed = holdings.seal(dataset, pa.table({"record_id": ids, "period": [period] * len(ids), **content}))
    with transaction.atomic():
        holdings.add(dataset, sealed)
    return list(zip(ids, (row[0] for row in rows), strict=True))


def connect(pairs: list[tuple[str, str]]) -> None:
    """Write the register: which record is whose."""
    records, persons = zip(*pairs, strict=True)
    table = pa.table(
        {
            "record_id": list(records),
            "dataset": ["any"] * len(pairs),
            "person_id": [f"person-{person}" for person in persons],
            "weight": [1.0] * len(pairs),
        }
    )
    sealed = storage.seal_table("register", "persons", table)
    with transaction.atomic():
        storage.switch("register", "persons", [storage.keep(sealed)])


@pytest.fixture
def loaded(town) -> None:
    """Both datasets are delivered and linked."""
    connect(load("school-enrollment", PUPILS, ("grade", "residence")) + load("homeless-clients", CLIENTS, ("project",)))


@pytest.fixture
def drafted(town) -> Callable:
    def make(**changes):
        return services.draft_question(**QUESTION | changes, by=town.analyst)

    return make


@pytest.fixture
def approved(town, drafted) -> Callable:
    """`approved()` is a question the board has approved."""

    def make(**changes):
        question = services.submit_question(drafted(**changes), by=town.analyst)
        return services.approve_question(question, by=town.board)

    return make
