"""A table of commands decides who may do what in which state; the table in the docs is printed from it."""

import pytest
from django.db import models

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.permissions import commands
from infotrust.shared.permissions.commands import Command, listed
from infotrust.shared.permissions.decision import NotPermitted


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    SIGNED = "signed", "Signed"


SIGN = Command("sign", "sign agreement", frozenset({State.DRAFT}), "Sign it")
READ = Command("read", "read agreements", frozenset(State), "Read it", only="while the lamp is lit")
COMMANDS = listed(SIGN, READ)


def test_whoever_has_the_duty_may_in_the_right_state(make_user):
    member = make_user("board_member")
    commands.require(SIGN, state=State.DRAFT, thing="DSA-1", by=member, agency=member.agency)
    assert commands.why_not(SIGN, state=State.DRAFT, by=member, agency=member.agency) == ""
    assert commands.allowed(COMMANDS, state=State.SIGNED, by=member, agency=member.agency) == ["read"]


def test_the_wrong_state_is_refused_and_the_right_ones_are_named(make_user):
    member = make_user("board_member")
    with pytest.raises(ImpossibleMove) as refused:
        commands.require(SIGN, state=State.SIGNED, thing="DSA-1", by=member, agency=member.agency)
    assert "DSA-1" in refused.value.what
    assert "draft" in refused.value.next_step


def test_someone_without_the_duty_learns_nothing_about_the_state(make_user):
    steward = make_user("steward")
    with pytest.raises(NotPermitted):
        commands.require(SIGN, state=State.SIGNED, thing="DSA-1", by=steward, agency=steward.agency)


def test_another_agencys_member_may_not_where_the_duty_is_for_ones_own(make_user):
    member, other = make_user("board_member"), make_user("board_member", "health")
    assert commands.why_not(SIGN, state=State.DRAFT, by=other, agency=member.agency)


def test_the_table_names_states_roles_and_conditions():
    table = commands.table(COMMANDS, State)
    sign = next(line for line in table.splitlines() if "`sign`" in line)
    assert "Draft" in sign
    assert "Signed" not in sign
    assert "own agency" in sign
    assert "while the lamp is lit" in table


def test_two_commands_of_one_name_or_an_unknown_duty_are_a_defect():
    with pytest.raises(ValueError, match="same name"):
        listed(SIGN, SIGN)
    with pytest.raises(ValueError, match="No such duty"):
        listed(Command("fly", "fly to the moon", frozenset(), "Fly"))
