"""A table of commands, tested whole: for every state, role and command, by its verb and by a crafted request.

`exhaust` makes the thing anew in each state, lets someone of each role give each command, and expects success exactly
where the table says so. A refusal must leave nothing behind: the audit log, which every verb writes, does not grow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction

from infotrust.core.errors import UserFacingError
from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.accounts.models import Role
from infotrust.shared.audit import queries as log
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.commands import Command
from infotrust.shared.permissions.decision import NotPermitted


class TakeBack(Exception):
    """Ends a trial: everything it did is rolled back."""


def exhaust(
    commands: Mapping[str, Command],
    states: Iterable[str],
    *,
    make: Callable[[str], Any],
    actor: Callable[[str], Any],
    give: Callable[[str, Any, Any], object],
    post: Callable[[str, Any, Any], object] | None = None,
    roles: Iterable[str] = tuple(Role.values),
) -> int:
    """Try every command in every state by every role; returns how many were allowed (a table of none tests nothing).

    `make(state)` makes a thing in that state; `actor(role)` someone who holds that role alone, of an agency that the
    duty asks for; `give(command, thing, user)` calls the verb with arguments that are right; `post` of the same three
    sends the request that the page would send, whether or not the page shows a button: a wrong role in a right state,
    and a right role in a wrong one.
    """
    people = {role: actor(role) for role in roles}
    succeeded = 0
    for state in states:
        for command in commands.values():
            for role, person in people.items():
                right = (state in command.states, role in duties.DUTIES[command.duty].roles)
                inside = all(right)
                where = f"{command.name} by {role} in {state}"
                if _given(command, make, state, person, give, inside, where):
                    succeeded += 1
                # By page only what is wrong once: the verb behind it refuses what is wrong twice, as it was just tried.
                if post is not None and not inside and any(right):
                    _posted(command, make, state, person, post, where)
    return succeeded


def _given(
    command: Command,
    make: Callable[[str], Any],
    state: str,
    person: Any,
    give: Callable[[str, Any, Any], object],
    inside: bool,
    where: str,
) -> bool:
    """Whether the verb succeeded; whatever it did is rolled back."""
    refusal: UserFacingError | None = None
    grown = 0
    try:
        with transaction.atomic():
            thing = make(state)
            before = _written()
            try:
                give(command.name, thing, person)
            except UserFacingError as raised:
                refusal = raised
            grown = _written() - before
            raise TakeBack
    except TakeBack:
        pass
    if refusal is None:
        assert inside, f"succeeded outside its table: {where}"
        assert grown, f"not recorded: {where}"
        return True
    assert not grown, f"refused, but something was written: {where}"
    if inside:
        assert command.only, f"refused: {where}: {refusal.what} {refusal.next_step}"
    else:
        assert isinstance(refusal, NotPermitted | ImpossibleMove), (
            f"refused for another reason: {where}: {refusal.what}"
        )
    return False


def _posted(
    command: Command,
    make: Callable[[str], Any],
    state: str,
    person: Any,
    post: Callable[[str, Any, Any], object],
    where: str,
) -> None:
    try:
        with transaction.atomic():
            thing = make(state)
            before = _written()
            post(command.name, thing, person)
            assert _written() == before, f"a crafted request succeeded outside its table: {where}"
            raise TakeBack
    except TakeBack:
        pass


def _written() -> int:
    """How many entries the log holds that say that something was done."""
    return int(log.entries().exclude(event=Event.ACCESS_REFUSED).count())
