"""Two agencies that begin to talk, a facilitator between them, and a partnership taken as far as a test needs it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from infotrust.stages.inventory import services as inventory
from infotrust.stages.inventory.terms import FieldSpec
from infotrust.stages.readiness import process, queries, services


def said(place: int | None = 3, **changes) -> dict[str, services.Said]:
    """The same mark on all five questions; `changes` gives a question something of its own."""
    return {item.key: changes.get(item.key, services.Said(place)) for item in process.items()}


@pytest.fixture
def town(make_user) -> SimpleNamespace:
    """`town.schools.program`, `town.health.steward`, `town.facilitator` ..."""
    made = SimpleNamespace()
    for name in ("schools", "health", "university"):
        people = {role: make_user(role, name) for role in ("program", "steward", "privacy")}
        setattr(made, name, SimpleNamespace(agency=people["program"].agency, **people))
    made.facilitator = make_user("facilitator", "trust-office")
    return made


@pytest.fixture
def talking(town):
    """`talking()`: schools have brought health to the table; nobody has answered anything."""

    def make(facilitator: bool = True, configuration: str = "two_agencies"):
        made = services.open_partnership(
            title="Early intervention and preschool",
            configuration=configuration,
            facilitator=town.facilitator if facilitator else None,
            by=town.schools.program,
        )
        services.add_partner(made, contact=town.health.program, by=town.schools.program)
        return made

    return make


@pytest.fixture
def answering(town, talking):
    """`answering()`: the guide is begun, every sheet is blank."""

    def make(**changes):
        opens = changes.pop("opens", "by_itself")
        partnership = talking(**changes)
        return services.begin_guide(partnership, opens=opens, by=town.schools.program)

    return make


@pytest.fixture
def side_by_side(town, answering):
    """`side_by_side()`: both have handed in, schools named a barrier."""

    def make(**changes):
        guide = answering(**changes)
        barrier = services.Said(2, "We asked counsel.", ("Nobody knows whether FERPA allows it.",))
        services.answer(guide, said=said(4, leadership=barrier), seen=1, hand_in=True, by=town.schools.program)
        services.answer(guide, said=said(2), seen=1, hand_in=True, by=town.health.program)
        guide.refresh_from_db()
        return guide

    return make


@pytest.fixture
def concluded(town, side_by_side):
    """`concluded("go_on")` is feasible, `concluded("not_yet")` is not."""

    def make(view: str = "go_on", **changes):
        guide = side_by_side(**changes)
        services.say_view(guide, view="go_on", by=town.schools.program)
        services.say_view(guide, view=view, by=town.health.program)
        soon = timezone.localdate() + timedelta(days=30)
        if view == "not_yet":
            (barrier,) = queries.barriers(guide, by=town.schools.program)
            services.own_barrier(
                guide,
                barrier=barrier.pk,
                kind="law",
                words="Ask counsel which exception applies.",
                person=town.schools.privacy if changes else town.schools.program,
                due_on=soon,
                by=town.schools.program,
            )
        services.conclude(guide, reconvene_on=soon if view == "not_yet" else None, by=guide.partnership.facilitator)
        return guide

    return make


@pytest.fixture
def inventory_of_two(town):
    """Schools hold `preschool` (child, score, lunch: unavailable), health holds `part-c` (child, score)."""
    for people, code, title in ((town.schools, "preschool", "Preschool"), (town.health, "part-c", "Part C")):
        source = inventory.register_source(agency=people.agency, code=f"{code}-system", name=title, by=people.steward)
        fields = [
            FieldSpec("child", "Child number", "The program's number", "text", "local_id", key=True),
            FieldSpec("score", "Outcome score", "How the child fared", "integer", "other"),
        ]
        if code == "preschool":
            fields.append(FieldSpec("lunch", "Lunch debt", "Money owed", "text", "money", availability="unavailable"))
        inventory.register_dataset(
            agency=people.agency, source=source, code=code, title=title, fields=fields, by=people.steward
        )


@pytest.fixture
def use_case(town, concluded, inventory_of_two):
    """`use_case()` says all that is needed; `use_case(benefits={})` leaves something out."""

    def make(**changes):
        partnership = concluded("go_on").partnership
        paper = services.start_paper(partnership, kind="use-case", by=town.schools.program)
        both = {
            str(one.pk): f"{one.agency.name} learns what becomes of its children." for one in partnership.partners.all()
        }
        content = {
            "title": "From early intervention to preschool",
            "overview": "What becomes of children who move from one to the other?",
            "questions": ["How do children fare in three groups?", "Which settings go with better outcomes?"],
            "datasets": ["preschool", "part-c"],
            "elements": {"preschool": ["child", "score"], "part-c": ["child", "score"]},
            "benefits": both,
            "impacts": dict.fromkeys(both, "Low scores could be read as failure."),
            **changes,
        }
        return services.write_paper(paper, content=content, seen=paper.version, by=town.schools.program)

    return make


@pytest.fixture
def signed_off(town, use_case):
    """`signed_off()` is final: both partners signed it off."""

    def make(**changes):
        paper = use_case(**changes)
        services.offer(paper, by=town.schools.program)
        for people in (town.schools, town.health):
            services.sign_off(paper, by=people.program)
        return paper

    return make
