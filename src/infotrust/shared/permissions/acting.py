"""How a page acts on a filled-in form: what the reader can mend goes onto the form, a refusal goes to its own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from infotrust.core.errors import UserFacingError
from infotrust.shared.permissions.decision import NotPermitted


class Action(Protocol):
    """Something to do with a thing. `why_not` is empty where the reader may do it now."""

    @property
    def why_not(self) -> str: ...


def done(form: Form, act: Callable[[], object]) -> bool:
    """Whether `form` is valid and `act` was done; else the form says what to mend. Lets `NotPermitted` through."""
    if not form.is_valid():
        return False
    try:
        act()
    except NotPermitted:
        raise
    except UserFacingError as problem:
        form.add_error(None, f"{problem.what} {problem.next_step}".strip())
    return not form.errors


def onward(request: HttpRequest, said: str, to: str, *of: str | int) -> HttpResponse:
    """Say what was done, and go on to the page called `to` of the thing that `of` names."""
    messages.success(request, said)
    return redirect(to, *of)


def show_action(
    request: HttpRequest,
    template: str,
    *,
    action: Action,
    form: Form,
    back: tuple[str, ...],
    context: Callable[[], dict[str, Any]],
) -> HttpResponse:
    """Show the form of an action; where it cannot be taken now, go `back` and say why not.

    `context` is called only when the form is shown: a refusal need not read what the page would show.
    """
    if action.why_not:
        messages.warning(request, action.why_not)
        return redirect(back[0], *back[1:])
    status = 422 if form.errors else 200
    return render(request, template, {**context(), "form": form, "action": action}, status=status)
