"""How a page saves words that somebody else may have saved meanwhile: nothing is lost, and both versions are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django import forms
from django.forms import Form
from django.http import QueryDict

from infotrust.core.errors import UserFacingError
from infotrust.shared.permissions.decision import NotPermitted
from infotrust.shared.words import Piece, SavedMeanwhile, differences


class SeenForm(forms.Form):
    """Carries the version that the page was made from, so that nobody's words are saved over unseen."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


def saved(form: Form, act: Callable[[], object], *, version: Callable[[], int]) -> tuple[bool, Sequence[Piece]]:
    """Whether `form` is valid and `act` was done, and, where someone saved first, how the typed words differ.

    After such a clash the form carries the version that stands now: who saves again has seen it. Lets `NotPermitted`
    through.
    """
    if not form.is_valid():
        return False, ()
    try:
        act()
    except NotPermitted:
        raise
    except SavedMeanwhile as clash:
        typed = QueryDict(mutable=True)
        typed.update(form.data)
        typed[form.add_prefix("seen")] = str(version())
        form.data = typed
        form.add_error(None, f"{clash.what} {clash.next_step}")
        return False, differences(clash.theirs, clash.yours)
    except UserFacingError as problem:
        form.add_error(None, f"{problem.what} {problem.next_step}".strip())
    return not form.errors, ()
