"""Two conversations of Marigold's partners: one that was found feasible, and one that is "not yet"."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from infotrust.shared.accounts.models import Role, User
from infotrust.stages.readiness import capacity, contents, process, queries
from infotrust.stages.readiness import services as readiness
from infotrust.web.demo.county import County

FEASIBLE = "Early intervention and preschool special education"
NOT_YET = "Families in shelters and home visiting"
ABOUT = (
    "Health runs early intervention (Part C) for children under three, the schools preschool special education "
    "(Part B 619). Many children move from one to the other, and neither of us sees what becomes of them."
)
STATEMENT = {
    "title": "From early intervention to preschool without a gap",
    "data": "When children leave early intervention and why, and when they begin preschool special education.",
    "why": "Every year some children are found eligible and still wait for months. Neither of us can see which ones.",
    "use": "Both programs plan visits and places with it, before the third birthday.",
    "others": "Parents of both programs, through the residents on the board.",
}
PROTECTED = {
    "protected": "Nobody sees a row about a child. No teacher sees a diagnosis. It is never used against a family."
}


def talk(county: County) -> str:
    facilitator = county.person(Role.FACILITATOR)
    known = {one.title for one in queries.partnerships_of(facilitator)}
    if FEASIBLE not in known:
        _feasible(county, facilitator)
    if NOT_YET not in known:
        _not_yet(county, facilitator)
    return "2 partnerships: one with a use case that both signed off, one that meets again in six weeks"


def _feasible(county: County, facilitator: User) -> None:
    schools, health = county.person(Role.PROGRAM, "schools"), county.person(Role.PROGRAM, "health")
    guide = _begin(FEASIBLE, ABOUT, facilitator, schools, "Preschool special education", health, "Early intervention")
    readiness.add_person(guide.partnership, person=county.person(Role.STEWARD, "schools"), by=schools)
    readiness.add_person(guide.partnership, person=county.person(Role.STEWARD, "health"), by=health)
    _answer(guide, schools, (4, 3, 4, 3, 3), leadership="The superintendent asked us for this.")
    _answer(guide, health, (4, 4, 2, 4, 3), timing="Our new system goes live this spring; fall suits us better.")
    readiness.write_together(
        guide,
        joint={"timing": "Begin with last school year's data, after the new system has run for a month."},
        reflection="We agree on what for; only the calendar needs care.",
        next_steps="Write the use case together.",
        seen=guide.version,
        by=facilitator,
    )
    for person in (schools, health):
        readiness.say_view(guide, view="go_on", by=person)
    readiness.conclude(guide, by=facilitator)
    _goals(guide.partnership, schools, health)
    _use_case(guide.partnership, schools, health)


def _goals(partnership: Any, schools: User, health: User) -> None:
    """A goals statement with a remark, a question whose data both hold, and what each can do."""
    statement = readiness.start_paper(partnership, kind="goals", content=STATEMENT, by=health)
    remark = readiness.say(statement, text="Say that no teacher sees a diagnosis.", by=schools)
    readiness.write_paper(statement, content=PROTECTED, seen=statement.version, note="Who does not see it", by=health)
    readiness.reply(statement, feedback=remark.pk, text="It stands under protection now.", by=health)
    goal = readiness.add_goal(partnership, text="No child waits between early intervention and preschool.", by=health)
    question = readiness.add_question(partnership, goal=goal.pk, entry=1, by=health)
    fields = (
        ("early-intervention", "dob"),
        ("early-intervention", "exit_reason"),
        ("school-enrollment", "entry_date"),
    )
    for need, (dataset, field) in zip(question.needs.all(), fields, strict=True):
        readiness.choose_field(partnership, need=need.pk, dataset=dataset, field=field, by=health)
    enough = {area.key: 2 for area in capacity.areas()}
    readiness.assess(partnership, levels=enough | {"legal": 1}, notes={}, seen=0, by=schools)
    few = enough | {"technical": 1, "transform": 1, "technology": 1, "funding": 0}
    notes = {"technical": "One person does all exports.", "technology": "The new system exports from this fall on."}
    readiness.assess(partnership, levels=few, notes=notes, seen=0, by=health)
    readiness.remedy(partnership, area="funding", kind="funding", text="20 days of staff time in spring.", by=health)
    own = next(one for one in queries.partners(partnership) if one.agency == schools.agency)
    readiness.remedy(
        partnership,
        area="transform",
        kind="swap",
        text="The schools bring our codes into the agreed form.",
        taken_by=own.pk,
        by=health,
    )


def _use_case(partnership: Any, schools: User, health: User) -> None:
    """From the sample, with what each gains; signed off by both."""
    paper = readiness.start_paper(partnership, kind="use-case", content=contents.sample("part-c-619"), by=schools)
    own, other = (str(one.pk) for one in queries.partners(partnership))
    readiness.write_paper(
        paper,
        content={
            "datasets": ["early-intervention", "school-enrollment"],
            "elements": {"early-intervention": ["referral_date", "exit_reason"], "school-enrollment": ["grade"]},
            "benefits": {
                own: "Knows before the first day which children had early intervention, and plans staff for them.",
                other: "Learns for the first time how its children fare in preschool.",
            },
            "impacts": {
                own: "A year with low scores may be read as failure; we explain the groups first.",
                other: "Families may worry about old records; the notice says that nobody sees a row about a child.",
            },
            "consent": "unsure",
            "consent_note": "Counsel looks at 34 CFR 303.414 and 99.31(a)(6).",
        },
        seen=paper.version,
        note="What each of us gains",
        by=health,
    )
    readiness.offer(paper, by=schools)
    for person in (schools, health):
        readiness.sign_off(paper, by=person)


def _not_yet(county: County, facilitator: User) -> None:
    home, family = county.person(Role.STEWARD, "homeless-services"), county.person(Role.STEWARD, "family-first")
    about = "Do families who sleep in shelters get home visits when a baby comes?"
    guide = _begin(NOT_YET, about, facilitator, home, "Shelters", family, "Home visiting")
    consent = "The consent that families sign does not name home visiting."
    _answer(guide, home, (3, 2, 3, 4, 1), resources="Our notice has to change first.", barrier=consent)
    _answer(guide, family, (5, 4, 4, 2, 3), technical="One person does all our exports.")
    readiness.say_view(guide, view="not_yet", by=home)
    readiness.say_view(guide, view="go_on", by=family)
    today = timezone.localdate()
    (barrier,) = queries.barriers(guide, by=facilitator)
    readiness.own_barrier(
        guide,
        barrier=barrier.pk,
        kind="law",
        words="Put home visiting into the privacy notice and the consent form.",
        person=home,
        due_on=today + timedelta(days=30),
        by=facilitator,
    )
    readiness.conclude(guide, reconvene_on=today + timedelta(days=42), by=facilitator)


def _begin(title: str, about: str, facilitator: User, first: User, own: str, second: User, program: str) -> Any:
    made = readiness.open_partnership(
        title=title,
        about=about,
        configuration="two_agencies",
        facilitator=facilitator,
        program=own,
        by=first,
    )
    readiness.add_partner(made, contact=second, program=program, by=facilitator)
    return readiness.begin_guide(made, met_on=timezone.localdate(), by=facilitator)


def _answer(guide: Any, by: User, places: tuple[int, ...], *, barrier: str = "", **comments: str) -> None:
    items = process.items()
    said = {
        item.key: readiness.Said(
            place, comments.get(item.key, ""), (barrier,) if barrier and item.key == "resources" else ()
        )
        for item, place in zip(items, places, strict=True)
    }
    own = queries.own_sheet(guide, by=by)
    readiness.answer(guide, said=said, seen=own.sheet.version if own else 1, hand_in=True, by=by)
    guide.refresh_from_db()
