"""A small public catalogue: two agreements, a dataset, an answer with hidden cells, one withdrawn, a fingerprint."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from infotrust.core.disclosure import CountTable, protect
from infotrust.shared.catalogue import comments, services
from infotrust.shared.catalogue.entries import (
    AgreementEntry,
    AnswerEntry,
    BodyEntry,
    CommunityError,
    DatasetEntry,
    FieldEntry,
    LinkageErrorEntry,
    LogHeadEntry,
    MinutesEntry,
    MotionEntry,
    QuestionEntry,
    RequestEntry,
    SeatEntry,
    Share,
    SharedDataset,
    SourceEntry,
    VoteEntry,
)
from infotrust.web import reactions

SCHOOLS, HOMELESS = "Marigold County Public Schools", "Marigold Homeless Services Continuum"
USES = {"first_name": ("contribute", "link"), "grade": ("aggregate",)}
ROWS = [("one", 1200), ("=two", 300), ("three", 25), ("four", 4)]


def released(rows=ROWS, words=None) -> dict:
    table = CountTable.from_rows(
        [{"programs": name, "children": count} for name, count in rows],
        dimensions=["programs"],
        measure="children",
        titles={"programs": "Programs"},
    )
    public = protect(table).as_json() | {"title": "Children"}
    public["dimensions"][0]["words"] = words or {"one": "One program"}
    return public


def answer(**changes) -> AnswerEntry:
    values = {
        "slug": "program-overlap",
        "question": "program-overlap",
        "title": "How many children are helped by more than one program?",
        "sentence": "329 children are helped by more than one program.",
        "meaning": "Each child is counted once.",
        "unit": "Children",
        "period": "2025",
        "population": "Children in the county",
        "table": released(),
        "threshold": 11,
        "digest": "d" * 64,
        "limits": ("It does not say if the help was enough.",),
        "definitions": {"Program": "A kind of help."},
        "agreements": ("DSA-1",),
        "sources": (SourceEntry("school-enrollment", "School enrollment", SCHOOLS),),
    }
    return AnswerEntry(**values | changes)


def motion(label: str = "M-1", **changes) -> MotionEntry:
    """A motion that anyone may comment on for nine more days."""
    now = timezone.now()
    values = {
        "label": label,
        "body_code": "board",
        "body": "Data Board",
        "title": "Count children in two programs",
        "why": "To find out who gets help.",
        "text": "The board lets these be counted.",
        "state": "comment",
        "raised_on": now.date(),
        "comment_opens_at": now - timedelta(days=1),
        "comment_closes_at": now + timedelta(days=9),
        "answers": (QuestionEntry("legal", "yes", "The law lets us.", "Counsel, Schools"),),
    }
    return MotionEntry(**values | changes)


@pytest.fixture
def catalogue(db) -> None:
    # No stage listens: the motions here are the catalogue's alone.
    comments.comment_received.disconnect(dispatch_uid="reactions.hear_comment")
    _fill()
    yield
    reactions.when(comments.comment_received, reactions.hear_comment)


def _fill() -> None:
    today = timezone.localdate()
    services.show_linkage_error(
        LinkageErrorEntry(
            run=3, linked_on=today, measured_on=today, answers=200, precision=Share(0.975, 0.94, 0.99999),
            recall=Share(0.9, 0.85, 0.95), agreed=Share(0.9, 0.7, 0.98),
            communities=(CommunityError("Schools and shelters", Share(0.99, 0.9, 1.0), None),),
        )
    )  # fmt: skip
    services.show_dataset(
        DatasetEntry(
            "school-enrollment", "School enrollment", "Children in public schools.", SCHOOLS, "schools", "One child",
            fields=(
                FieldEntry("first_name", "Given name", "The child's name.", law_classes=("ferpa",), identifier=True),
                FieldEntry("grade", "Grade", "The grade.", "code", law_classes=("ferpa",), codes={"K": "Kindergarten"}),
                FieldEntry("notes", "Notes", "What staff wrote.", availability="unavailable"),
            ),
        )
    )  # fmt: skip
    agreement = AgreementEntry(
        "DSA-1", "More than one program", "To see who is helped.", (SCHOOLS, HOMELESS), ("program_evaluation",),
        today - timedelta(days=9), today + timedelta(days=99), (SCHOOLS,), "aggregate", 365, 11,
        (SharedDataset("school-enrollment", "School enrollment", uses=USES),),
    )  # fmt: skip
    services.show_agreement(agreement)
    services.show_agreement(
        AgreementEntry(
            "DSA-0", "Preschool places", "To plan.", (SCHOOLS,), ("planning",), date(2024, 1, 1), date(2025, 12, 31),
            ended_on=date(2025, 6, 30), ended_reason="The new places are open.",
        )
    )  # fmt: skip
    services.show_request(
        RequestEntry(
            "REQ-2026-001", "Do children in shelters change schools?", "We ask how often.", "in_review", today, today,
            today + timedelta(days=30), (SCHOOLS, HOMELESS), "Henry Achebe",
        )
    )  # fmt: skip
    services.show_request(
        RequestEntry("REQ-2026-002", "Who rides the bus?", "", "licensed", today, today, licensed_until=today)
    )
    services.publish_answer(answer())
    services.publish_answer(answer(slug="old"))
    services.withdraw_answer("old", reason="One file had the wrong year.")
    services.show_log_head(LogHeadEntry(7, "a" * 64, datetime(2026, 6, 1, tzinfo=UTC)))
    services.show_log_head(LogHeadEntry(9, "b" * 64, datetime(2026, 6, 2, tzinfo=UTC)))
    seats = (
        SeatEntry("Schools", "chair", True, "agency"),
        SeatEntry("Residents", "member", True, "resident", vacant=True),
        SeatEntry("Health", "member", True, "agency", holder="Imani Brooks"),
    )
    services.show_body(
        BodyEntry("board", "Data Board", "It decides who may count.", "All of it.", 1, today, ("More yes.",), seats)
    )
    services.show_motion(motion())
    services.show_motion(
        motion(
            "M-2", state="adopted", title="Count again", decided_on=today, outcome="Enough seats were for it.",
            counts={"yes": 2, "no": 1, "abstained": 0}, looked_back=("It helped.",), review_by=today,
            votes=(VoteEntry("Schools", "yes"), VoteEntry("Residents", "no", "Too soon."), VoteEntry("X", "recused")),
        )
    )  # fmt: skip
    services.show_motion(motion("M-3", state="withdrawn", outcome="It was not needed."))
    comments.take_comment("M-1", words="Good.", name="Ann", address="192.0.2.1")
    comments.take_comment("M-1", words="Mine.", address="192.0.2.2")
    comments.take_comment("M-1", words="Bob is ill.", address="192.0.2.3")
    shown, _waits, withheld = comments.of("M-1")
    comments.show_comment(shown.pk)
    comments.reply(shown.pk, words="Thank you.")
    comments.withhold_comment(withheld.pk, reason="It names someone.")
    passages = (
        {"heading": True, "withheld": False, "words": "Who was there"},
        {"heading": False, "withheld": False, "words": "There: Schools."},
        {"heading": False, "withheld": True, "words": "It names a child."},
    )
    services.show_minutes(MinutesEntry(5, "board", "Data Board", today, passages, "c" * 64))
