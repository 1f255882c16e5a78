"""How a page acts on a filled-in form: what the reader can mend goes onto the form, a refusal goes to its own page."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import Form

from infotrust.core.errors import UserFacingError
from infotrust.shared.permissions.decision import NotPermitted


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
