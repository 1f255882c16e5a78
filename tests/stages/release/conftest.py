"""An approved question with an output, ready to be sent for checking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from infotrust.stages.agreements import services as agreements
from infotrust.stages.analysis.lifecycle import State as QuestionState
from infotrust.stages.analysis.models import Output, Question
from infotrust.stages.analysis.services import table_digest
from infotrust.stages.inventory import services as inventory
from infotrust.stages.inventory.terms import FieldSpec

ROWS = [["one", 1200], ["two", 300], ["three", 25], ["four", 4]]


@pytest.fixture
def town(db, settings, make_agency, make_user) -> SimpleNamespace:
    """Schools with an agreement in force; an analyst, a drafter, a board member and two checkers."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    made = SimpleNamespace(
        analyst=make_user("analyst"),
        drafter=make_user("analyst"),
        board=make_user("board_member"),
        checker=make_user("output_checker"),
        second=make_user("output_checker"),
        steward=make_user("steward"),
        counsel=make_user("counsel"),
    )
    source = inventory.register_source(
        agency=make_agency(), code="school-system", name="School system", by=made.steward
    )
    inventory.register_dataset(
        agency=make_agency(), source=source, code="school-enrollment", title="School enrollment",
        description="Children in school.", unit="child", period="2025", update_frequency="yearly",
        fields=[
            FieldSpec("pupil_id", "Number", "Its number.", "text", "local_id", law_classes=("ferpa",), key=True),
            FieldSpec("programs", "Programs", "How many help.", "text", "status", law_classes=("ferpa",)),
        ],
        by=made.steward,
    )  # fmt: skip
    today = timezone.localdate()
    made.agreement = agreements.draft_agreement(
        code="DSA-1", title="More than one program", why="To learn who is helped.", parties=[make_agency()],
        purposes=["program_evaluation"], recipients=[make_agency()], level="aggregate",
        starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=99), publication_threshold=11,
        by=made.steward,
    )  # fmt: skip
    uses = {"pupil_id": {"contribute"}, "programs": {"contribute", "aggregate"}}
    agreements.add_dataset(made.agreement, dataset="school-enrollment", uses=uses, by=made.steward)
    agreements.submit_for_review(made.agreement, by=made.steward)
    agreements.review(made.agreement, approve=True, comment="", by=made.counsel)
    agreements.sign(made.agreement, by=made.board)
    return made


@pytest.fixture
def make_output(town) -> Callable:
    """`make_output(rows)` is an output of the approved question, as the enclave would have given it."""

    def make(rows=ROWS, made_by=None) -> Output:
        question, _ = Question.objects.get_or_create(
            code="program-overlap",
            defaults={
                "state": QuestionState.APPROVED,
                "title": "How many children are helped by more than one program?",
                "meaning": "Each child is counted once.",
                "unit": "Children",
                "period": "2025",
                "population": "Children in school",
                "purpose": "program_evaluation",
                "agreements": ["DSA-1"],
                "sql": "SELECT 1",
                "locked_sql": "SELECT 1",
                "sql_digest": "0" * 64,
                "reads": [["school-enrollment", "programs"]],
                "dimensions": ["programs"],
                "measures": ["children"],
                "definitions": {"Program": "A kind of help."},
                "labels": {"programs": {"title": "Programs", "values": {"one": "One program"}}},
                "limits": ["It does not say if the help was enough."],
                "sentence": "Of {all} children, {several} are helped by more than one program.",
                "figures": {"all": {}, "several": {"programs": ["two", "three", "four"]}},
                "drafted_by": town.drafter,
                "drafted_at": timezone.now(),
                "approved_by": town.board,
                "approved_at": timezone.now(),
            },
        )
        return Output.objects.create(
            question=question, columns=["programs", "children"], rows=rows, dimensions=["programs"],
            measures=["children"], digest=table_digest(["programs", "children"], rows),
            made_by=made_by or town.analyst, made_at=timezone.now(), manifest={"agreement": "DSA-1", "version": 1},
        )  # fmt: skip

    return make
