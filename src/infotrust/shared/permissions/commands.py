"""Commands: what may be done to a thing in which state, and by whom. One table for the button, the verb and the docs.

A stage lists its commands; each of its verbs begins with `require`, each button asks `why_not`, and `table` is printed
into its README. So nothing can be done by any route that the table does not allow.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from infotrust.core.lifecycle import ImpossibleMove
from infotrust.shared.accounts.models import Agency, Role, User
from infotrust.shared.permissions import duties


@dataclass(frozen=True)
class Command:
    """`duty`: who (a key of `duties.DUTIES`). `states`: when. `only`: a condition beyond these two, in words."""

    name: str
    duty: str
    states: frozenset[str]
    plain: str
    only: str = ""


def listed(*made: Command) -> dict[str, Command]:
    """Return commands by name; raises `ValueError` for two of one name or a duty that does not exist."""
    found = {command.name: command for command in made}
    if len(found) != len(made):
        raise ValueError("Two commands have the same name.")
    if unknown := {command.duty for command in made} - set(duties.DUTIES):
        raise ValueError(f"No such duty: {sorted(unknown)}")
    return found


def why_not(command: Command, *, state: str, by: User, agency: Agency | None = None) -> str:
    """Return why `by` may not give the command to a thing in `state`; empty if they may."""
    if state not in command.states:
        return _("This is not possible in its present state.")
    decision = duties.may(command.duty, by=by, agency=agency)
    return "" if decision else decision.reasons[0].plain


def require(command: Command, *, state: str, thing: str, by: User, agency: Agency | None = None) -> None:
    """Raise `NotPermitted` where the duty is not theirs, and `ImpossibleMove` where the state forbids it.

    In this order: someone without the duty learns nothing about the state.
    """
    duties.require(command.duty, by=by, agency=agency)
    if state not in command.states:
        possible = ", ".join(sorted(command.states))
        raise ImpossibleMove(
            _("%(thing)s is %(state)s: “%(command)s” is not possible now.")
            % {"thing": thing, "state": state, "command": command.name},
            next_step=_("It is possible in these states: %(states)s.") % {"states": possible},
        )


def table(commands: Mapping[str, Command], states: type[TextChoices]) -> str:
    """Return the table of commands by role as Markdown: in each cell, the states in which that role may give it."""
    roles = [role for role in Role if any(role in duties.DUTIES[one.duty].roles for one in commands.values())]
    lines = [
        "| Command | " + " | ".join(str(role.label) for role in roles) + " | Only |",
        "|---" * (len(roles) + 2) + "|",
    ]
    for command in commands.values():
        duty = duties.DUTIES[command.duty]
        when = ", ".join(str(state.label) for state in states if state in command.states)
        own = _("own agency") if duty.own_agency else ""
        only = "; ".join(part for part in (own, command.only) if part)
        cells = " | ".join(when if role in duty.roles else "–" for role in roles)
        lines.append(f"| {command.plain} (`{command.name}`) | {cells} | {only} |")
    return "\n".join(lines)


def allowed(commands: Mapping[str, Command], *, state: str, by: User, agency: Agency | None = None) -> Collection[str]:
    """Return the names of the commands that `by` may give in `state`, before any condition beyond the table."""
    return [name for name, command in commands.items() if not why_not(command, state=state, by=by, agency=agency)]
