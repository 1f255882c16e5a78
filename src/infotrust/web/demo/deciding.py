"""The boards of Marigold County, and what is before them: decided, being voted on, open for comment, just raised.

Steps of a motion are taken by those who may take them, at days that have passed, as they would have been.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from infotrust.shared.accounts.models import Role, User
from infotrust.shared.catalogue import comments
from infotrust.stages.governance import queries
from infotrust.stages.governance import services as governance
from infotrust.web.demo.county import County

RULES = ("share", "basis", "quorum_percent", "comment_days", "vote_days", "names_public")
FOUNDED, TERM = timedelta(days=200), timedelta(days=720)


def decide(county: County) -> str:
    known = {body.code for body in queries.bodies()}
    for entry in county.boards:
        if entry["code"] not in known:
            _found(county, entry)
    if not queries.motions():
        for entry in county.motions:
            _put_before(county, entry)
    states = [motion.get_state_display().lower() for motion in queries.motions()]
    return f"{len(county.boards)} boards; {len(states)} motions: {', '.join(sorted(states))}"


@transaction.atomic
def meet(county: County) -> str:
    for entry in county.meetings:
        if not queries.meetings(queries.body(entry["board"])):
            _hold(county, entry)
    return f"{len(county.meetings)} meeting with published minutes"


def _hold(county: County, entry: dict[str, Any]) -> None:
    """Call a meeting, hold it, and bring its minutes to publication; all of it by the board's secretary."""
    by, at, body = county.person(Role.FACILITATOR), _ago(entry["days"]), queries.body(entry["board"])
    asked = entry["motion"]
    raiser = county.person(Role.RESIDENT)
    motion = governance.raise_motion(
        body=body.code, title=asked["title"], why=asked["why"], text=asked["text"], by=raiser, at=at - timedelta(days=2)
    )
    governance.take_up(motion, by=by, at=at - timedelta(days=1))
    meeting = governance.call_meeting(
        body, starts_at=at, place=entry["place"], topics=entry["topics"], by=by, at=at - timedelta(days=1)
    )
    said = {item.pk: entry["topics"].get(item.title) or asked["said"] for item in meeting.items.all()}
    seats = {now.seat.title: now.seat.pk for now in queries.seats(body)}
    governance.note_meeting(meeting, there=[seats[title] for title in entry["there"]], notes=said, by=by, at=at)
    governance.open_vote(motion, how="meeting", meeting=meeting, by=by, at=at)
    for title, (choice, reasons) in asked["votes"].items():
        governance.record_vote(motion, seats[title], choice=choice, reasons=reasons, by=by, at=at)
    governance.close_vote(motion, by=by, at=at)
    governance.close_meeting(meeting, by=by, at=at)
    later = at + timedelta(days=1)
    passages = [
        governance.Words(one.words, _withheld(one.words, entry["withheld"]), one.heading)
        for one in queries.meeting(meeting.pk).passages.all()
    ]
    governance.write_minutes(queries.meeting(meeting.pk), passages=passages, seen=0, by=by, at=later)
    governance.approve_minutes(queries.meeting(meeting.pk), by=by, at=later)
    governance.publish_minutes(queries.meeting(meeting.pk), by=by, at=later)


def _withheld(words: str, withheld: dict[str, str]) -> str:
    return next((why for start, why in withheld.items() if start in words), "")


def _found(county: County, entry: dict[str, Any]) -> None:
    administrator, at = county.person(Role.ADMINISTRATOR), timezone.now() - FOUNDED
    body = governance.found_body(
        code=entry["code"],
        name=entry["name"],
        about=entry["about"],
        charter=entry["charter"],
        **{name: entry[name] for name in RULES if name in entry},
        by=administrator,
        at=at,
    )
    for place in entry["seats"]:
        agency = county.agency(place["agency"]) if "agency" in place else None
        seat = governance.add_seat(
            body,
            title=place["title"],
            kind=place.get("kind", "agency" if agency else "expert"),
            agency=agency,
            office=place.get("office", "member"),
            votes=place.get("votes", True),
            by=administrator,
            at=at,
        )
        if "role" in place:
            first = timezone.localdate(at)
            holder = county.person(place["role"], place.get("agency", ""), place.get("which", 0))
            governance.seat_someone(seat, holder=holder, starts_on=first, ends_on=first + TERM, by=administrator, at=at)


def _put_before(county: County, entry: dict[str, Any]) -> None:
    """Raise a motion and take it as far as its days say."""
    secretary, days = county.person(Role.FACILITATOR), entry["days"]
    raiser = county.person(entry["raised_by"]["role"], entry["raised_by"].get("agency", ""))
    review_in = entry.get("review_in")
    motion = governance.raise_motion(
        body=entry["board"],
        title=entry["title"],
        why=entry["why"],
        text=entry["text"],
        conditions=entry.get("conditions", ""),
        subject=entry.get("subject", ""),
        review_by=timezone.localdate() + timedelta(days=review_in) if review_in else None,
        by=raiser,
        at=_ago(days["raised"]),
    )
    if entry.get("questions"):
        governance.ask_four_questions(motion.subject, 1, title=entry["title"], by=raiser, at=_ago(days["raised"]))
    for role, agency, question, said, words in entry.get("questions", ()):
        by = county.person(role, agency)
        governance.answer(motion.subject, question, answer=said, words=words, by=by, at=_ago(days["raised"]))
    if "comment" in days:
        asked = _ago(days["comment"])
        governance.take_up(motion, by=secretary, at=asked)
        governance.open_comment(motion, by=secretary, at=asked)
        _hear(motion, entry.get("comments", ()), secretary, asked)
    if "vote" in days:
        opened = _ago(days["vote"])
        governance.open_vote(motion, by=secretary, at=opened)
        for who, (choice, reasons) in entry["votes"].items():
            voter = _voter(county, motion.body, who)
            governance.cast_vote(motion, choice=choice, reasons=reasons, by=voter, at=opened + timedelta(hours=20))
    if "closed" in days:
        governance.close_vote(motion, at=_ago(days["closed"]))


def _hear(motion: Any, said: Any, secretary: User, asked: datetime) -> None:
    """Comments of the public come in a day apart; the secretary looks at each and answers, where it says so."""
    for number, comment in enumerate(said, start=1):
        at = asked + timedelta(days=number)
        receipt = comments.take_comment(motion.label, words=comment["words"], name=comment.get("name", ""), at=at)
        found = comments.by_receipt(motion.label, receipt).pk
        if "withheld" in comment:
            governance.withhold_comment(motion, found, reason=comment["withheld"], by=secretary, at=at)
        elif "reply" in comment or comment.get("shown"):
            governance.show_comment(motion, found, by=secretary, at=at)
        if "reply" in comment:
            governance.reply(motion, [found], words=comment["reply"], by=secretary, at=at)


def _voter(county: County, body: Any, who: str) -> User:
    """Who acts for an agency's voting seat, or for the first residents' seat."""
    for now in queries.seats(body):
        ours = now.seat.agency is not None and now.seat.agency.code == who
        if now.seat.votes and now.actor is not None and (ours or now.seat.kind == who):
            return now.actor
    return county.person(who)


def _ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)
