"""No command on a partnership or a guide outside its table, by verb or by a crafted request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from infotrust.shared.accounts.models import Role
from infotrust.stages.readiness import queries, services
from infotrust.stages.readiness.commands import COMMANDS, GUIDE_COMMANDS, PAPER_COMMANDS
from infotrust.stages.readiness.lifecycle import GuideState, PaperState, State
from infotrust.stages.readiness.models import Guide, Member, Paper, Partner, Partnership, Task
from tests.tables import exhaust

from .conftest import said


@pytest.fixture
def seat(town, make_user):
    """`seat(role)` sits at the table whatever the role: what the roles may do is what is tried, not who sits there."""

    def make(role):
        return make_user(role, "schools")

    return make


@pytest.fixture
def placed(town, talking):
    """A partnership to be put into any state, with somebody of any role on the schools' side of the table."""
    partnership = talking(facilitator=False)
    schools = Partner.objects.get(partnership=partnership, agency=town.schools.agency)
    services.add_person(partnership, person=town.schools.steward, by=town.schools.program)
    task = Task.objects.create(
        partnership=partnership,
        words="Ask counsel.",
        partner=schools,
        person=town.schools.program,
        due_on=timezone.localdate(),
        given_by=town.schools.program,
    )

    def make(state):
        now = timezone.now()
        closed = {"closed_by": town.schools.program, "closed_at": now, "closed_because": "Done."}
        Partnership.objects.filter(pk=partnership.pk).update(
            state=state, reconvene_on=now.date(), **(closed if state == State.CLOSED else {})
        )
        return queries.partnership(partnership.pk, by=town.schools.program), schools, task

    return make


def sit(thing, person):
    """Put `person` at the table, as the facilitator or on the schools' side."""
    partnership, schools, _ = thing
    if Role.FACILITATOR in person.roles:
        Partnership.objects.filter(pk=partnership.pk).update(facilitator=person)
        partnership.facilitator = person
    else:
        Member.objects.get_or_create(
            partnership=partnership, user=person, defaults={"partner": schools, "added_by": person}
        )


def test_no_command_on_a_partnership_outside_its_table(town, placed, seat, client):
    soon = timezone.localdate() + timedelta(days=3)

    def give(command, thing, by):
        partnership, _schools, task = thing
        sit(thing, by)
        verbs = {
            "change": lambda: services.change_partnership(
                partnership, title="New", about="", configuration="two_programs", by=by
            ),
            "add partner": lambda: services.add_partner(partnership, contact=town.university.program, by=by),
            "add person": lambda: services.add_person(partnership, person=town.schools.privacy, by=by),
            "remove person": lambda: services.remove_person(partnership, person=town.schools.steward, by=by),
            "appoint facilitator": lambda: services.appoint_facilitator(
                partnership, facilitator=town.facilitator, by=by
            ),
            "begin guide": lambda: services.begin_guide(partnership, by=by),
            "look anew": lambda: services.look_anew(partnership, by=by),
            "rename activity": lambda: services.rename_activity(partnership, key="3a", title="Charter", by=by),
            "skip activity": lambda: services.skip_activity(partnership, key="4a", reason="Same ID.", by=by),
            "settle activity": lambda: services.settle_activity(partnership, key="1a", done=True, by=by),
            "add task": lambda: services.give_task(
                partnership, words="Ask.", person=town.schools.program, due_on=soon, by=by
            ),
            "settle task": lambda: services.settle_task(task, done=True, outcome="Asked.", by=by),
            "keep questions": lambda: services.add_goal(partnership, text="More.", by=by),
            "assess": lambda: services.assess(partnership, levels={"legal": 1}, notes={}, seen=0, by=by),
            "start paper": lambda: services.start_paper(partnership, kind="goals", by=by),
            "close": lambda: services.close_partnership(partnership, reason="Over.", by=by),
            "reopen": lambda: services.reopen_partnership(partnership, by=by),
        }
        return verbs[command]()

    def post(command, thing, by):
        partnership, _schools, task = thing
        sit(thing, by)
        number = partnership.pk
        requests = {
            "change": ("change", {"title": "New", "configuration": "two_programs"}),
            "add partner": ("add-partner", {"contact": town.university.program.pk, "contributes": "yes"}),
            "add person": ("people", {"person": town.schools.privacy.pk}),
            "remove person": ("person", {}, town.schools.steward.pk, "remove"),
            "appoint facilitator": ("facilitator", {"facilitator": town.facilitator.pk}),
            "begin guide": ("guide", {"opens": "by_itself"}),
            "look anew": ("again", {}, "look-anew"),
            "rename activity": ("activity", {"act": "rename", "title": "Charter"}, "3a"),
            "skip activity": ("activity", {"act": "skip", "reason": "Same ID."}, "4a"),
            "settle activity": ("activity", {"act": "done"}, "1a"),
            "add task": ("tasks", {"words": "Ask.", "person": town.schools.program.pk, "due_on": soon.isoformat()}),
            "settle task": ("task", {"done": "yes", "outcome": "Asked."}, task.pk),
            "keep questions": ("goals", {"text": "More."}),
            "assess": ("our-capacity", {"seen": "0", "level-legal": "1"}),
            "start paper": ("start", {"go": "on"}, "goals"),
            "close": ("close", {"reason": "Over."}),
            "reopen": ("again", {}, "reopen"),
        }
        name, data, *more = requests[command]
        client.force_login(by)
        client.post(reverse(f"readiness:{name}", args=[number, *more]), data)

    allowed = exhaust(COMMANDS, State.values, make=placed, actor=seat, give=give, post=post, roles=ROLES)
    assert allowed > 50


# One role for each different set of duties; the others hold the same.
ROLES = [Role.PROGRAM, Role.FACILITATOR, Role.HELPER]


def test_the_roles_tried_stand_for_all_of_them():
    from infotrust.shared.permissions.duties import DUTIES

    duties = {command.duty for command in (*COMMANDS.values(), *GUIDE_COMMANDS.values())}
    duties |= {command.duty for command in PAPER_COMMANDS.values()}
    kinds = {role: frozenset(duty for duty in duties if role in DUTIES[duty].roles) for role in Role.values}
    assert {kinds[role] for role in (*ROLES, Role.PRIVACY)} == set(kinds.values())


def test_no_command_on_a_guide_outside_its_table(town, side_by_side, seat, client):
    guide = side_by_side()
    partnership = guide.partnership
    schools = Partner.objects.get(partnership=partnership, agency=town.schools.agency)
    (barrier,) = queries.barriers(guide, by=town.schools.program)
    both = {"view": "go_on", "handed_in_at": guide.opened_at}

    def make(state):
        now = timezone.now()
        opened = None if state == GuideState.ANSWERING else now
        verdict = State.FEASIBLE if state == GuideState.CONCLUDED else ""
        Guide.objects.filter(pk=guide.pk).update(state=state, opened_at=opened, verdict=verdict)
        guide.sheets.update(**both)
        return queries.guide(partnership, by=town.schools.program), schools, None

    def blank():
        guide.sheets.filter(partner=schools).update(handed_in_at=None)

    def give(command, thing, by):
        current = thing[0]
        sit((partnership, schools, None), by)
        current.partnership.refresh_from_db()
        if command in ("answer", "hand in"):
            blank()
        verbs = {
            "note the meeting": lambda: services.note_meeting(current, met_on=None, attendees="", seen=1, by=by),
            "answer": lambda: services.answer(current, said=said(), seen=sheet().version, by=by),
            "hand in": lambda: services.hand_in(current, by=by),
            "take back": lambda: services.take_back(current, by=by),
            "lay open": lambda: services.lay_open(current, by=by),
            "write together": lambda: services.write_together(
                current, joint={}, reflection="", next_steps="", seen=1, by=by
            ),
            "deal with barrier": lambda: services.set_barrier_aside(
                current, barrier=barrier.pk, kind="law", reason="Settled.", by=by
            ),
            "say view": lambda: services.say_view(current, view="go_on", by=by),
            "conclude": lambda: services.conclude(current, by=by),
        }
        return verbs[command]()

    def sheet():
        return guide.sheets.get(partner=schools)

    def post(command, thing, by):
        sit((partnership, schools, None), by)
        if command in ("answer", "hand in"):
            blank()
        number = partnership.pk
        answers = {f"place-{key}": "3" for key in said()} | {"seen": sheet().version}
        requests = {
            "note the meeting": ("meeting", {"seen": 1}),
            "answer": ("sheet", answers),
            "hand in": ("sheet", answers | {"hand-in": ""}),
            "take back": ("act", {}, "take-back"),
            "lay open": ("act", {}, "lay-open"),
            "write together": ("together", {"seen": 1}),
            "deal with barrier": ("barrier", {"kind": "law", "deal": "aside", "words": "Settled."}, barrier.pk),
            "say view": ("act", {"view": "go_on"}, "view"),
            "conclude": ("conclude", {"reconvene_on": ""}),
        }
        name, data, *more = requests[command]
        client.force_login(by)
        client.post(reverse(f"readiness:{name}", args=[number, *more]), data)

    allowed = exhaust(GUIDE_COMMANDS, GuideState.values, make=make, actor=seat, give=give, post=post, roles=ROLES)
    assert allowed > 10


def test_no_command_on_a_paper_outside_its_table(town, use_case, seat, client):
    paper = use_case()
    services.say(paper, text="Which years?", by=town.health.program)
    partnership = paper.partnership
    schools = Partner.objects.get(partnership=partnership, agency=town.schools.agency)
    (remark,) = queries.feedback(paper)

    def make(state):
        final = paper.version if state == PaperState.FINAL else None
        Paper.objects.filter(pk=paper.pk).update(state=state, final_version=final)
        found = Paper.objects.select_related("partnership").get(pk=paper.pk)
        return found, schools

    def give(command, thing, by):
        current = thing[0]
        sit((partnership, schools, None), by)
        current.partnership.refresh_from_db()
        verbs = {
            "write": lambda: services.write_paper(
                current, content={"overview": "Other words."}, seen=current.version, by=by
            ),
            "offer": lambda: services.offer(current, by=by),
            "sign off": lambda: services.sign_off(current, by=by),
            "ask for changes": lambda: services.ask_for_changes(current, text="Which years?", by=by),
            "reopen": lambda: services.reopen_paper(current, reason="A new question.", by=by),
            "withdraw": lambda: services.withdraw_paper(current, reason="No use.", by=by),
            "take up": lambda: services.take_up_paper(current, by=by),
            "say": lambda: services.say(current, text="Fine.", by=by),
            "reply": lambda: services.reply(current, feedback=remark.pk, text="2024.", by=by),
        }
        return verbs[command]()

    def post(command, thing, by):
        sit((partnership, schools, None), by)
        args = [partnership.pk, "use-case", paper.number]
        requests = {
            "write": ("write", {"overview": "Other words.", "seen": thing[0].version}),
            "offer": ("act-on-paper", {}, "offer"),
            "sign off": ("act-on-paper", {}, "sign-off"),
            "ask for changes": ("act-on-paper", {"text": "Which years?"}, "changes"),
            "reopen": ("act-on-paper", {"text": "A new question."}, "reopen"),
            "withdraw": ("act-on-paper", {"text": "No use."}, "withdraw"),
            "take up": ("act-on-paper", {}, "take-up"),
            "say": ("act-on-paper", {"text": "Fine."}, "say"),
            "reply": ("reply", {"text": "2024."}, remark.pk),
        }
        name, data, *more = requests[command]
        client.force_login(by)
        client.post(reverse(f"readiness:{name}", args=[*args, *more]), data)

    roles = [*ROLES, Role.PRIVACY]  # speaks for a partner, but does not sign off
    allowed = exhaust(PAPER_COMMANDS, PaperState.values, make=make, actor=seat, give=give, post=post, roles=roles)
    assert allowed > 20
