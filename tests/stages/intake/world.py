"""A school district with one dataset, an agreement over part of it, and files to send: plain functions."""

from __future__ import annotations

import io
from datetime import date, timedelta
from types import SimpleNamespace

from django.utils import timezone

from infotrust.stages.agreements import services as agreements
from infotrust.stages.inventory import services as inventory
from infotrust.stages.inventory.terms import FieldSpec

DATASET = "school-enrollment"
FIELDS = [
    FieldSpec(
        "pupil_id", "Pupil number", "The district's number", "text", "local_id", law_classes=("ferpa",), key=True
    ),
    FieldSpec("last_name", "Last name", "Family name", "text", "family_name", law_classes=("ferpa",)),
    FieldSpec(
        "born", "Birth date", "Date of birth", "date", "birth_date", law_classes=("ferpa",), date_format="%m/%d/%Y"
    ),
    FieldSpec("grade", "Grade", "Grade in June", "code", "grade", {"KG": "Kindergarten", "01": "First"}, ("ferpa",)),
    FieldSpec("days", "Days", "Days absent", "integer", "measure", law_classes=("ferpa",), required=False),
    FieldSpec("lunch_debt", "Lunch debt", "Money owed", "decimal", "money", law_classes=("ferpa",), required=False),
]
USES = {
    "pupil_id": {"contribute"},
    "last_name": {"contribute", "link"},
    "born": {"contribute", "link"},
    "grade": {"contribute", "aggregate"},
    "days": {"contribute", "aggregate"},
}
HEADER = "pupil_id,last_name,born,grade,days,lunch_debt"


def csv_file(*rows: str, header: str = HEADER) -> io.BytesIO:
    return io.BytesIO("\n".join([header, *rows, ""]).encode())


def good_rows(first: int, last: int) -> list[str]:
    return [f"P{n},Name{n},09/{n % 28 + 1:02d}/2015,KG,{n % 9},12.50" for n in range(first, last)]


def make_town(make_agency, make_user) -> SimpleNamespace:
    made = SimpleNamespace(agency=make_agency("schools"), health=make_agency("health"))
    for code in ("schools", "health"):
        people = {role: make_user(role, code) for role in ("steward", "counsel", "board_member")}
        setattr(made, code + "_people", SimpleNamespace(**people))
    made.steward = made.schools_people.steward
    source = inventory.register_source(agency=made.agency, code="sis", name="Student system", by=made.steward)
    inventory.register_dataset(
        agency=made.agency,
        source=source,
        code=DATASET,
        title="School enrollment",
        description="Made for tests",
        unit="child",
        period="2025-26",
        update_frequency="yearly",
        fields=FIELDS,
        by=made.steward,
    )
    return made


def put_in_force(town, uses=None, code: str = "DSA-1", retention_days: int = 0):
    """Draft, review and sign an agreement of both agencies."""
    today = timezone.localdate()
    agreement = agreements.draft_agreement(
        code=code,
        title="Children in two programs",
        why="To see whether programs reach the same children.",
        parties=[town.agency, town.health],
        purposes=["program_evaluation", "linkage"],
        recipients=[town.health],
        starts_on=today - timedelta(days=1),
        ends_on=date(today.year + 2, 6, 30),
        retention_days=retention_days,
        by=town.steward,
    )
    agreements.add_dataset(agreement, dataset=DATASET, uses=uses or USES, by=town.steward)
    agreements.submit_for_review(agreement, by=town.steward)
    for people in (town.schools_people, town.health_people):
        agreements.review(agreement, approve=True, by=people.counsel)
    for people in (town.schools_people, town.health_people):
        agreements.sign(agreement, by=people.board_member)
    return agreement
