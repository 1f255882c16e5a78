"""Which board decides on an agreement before it is signed, and asking it."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.acting import done, onward
from infotrust.stages.agreements import queries, services
from infotrust.stages.governance import queries as governance


def _boards() -> list[tuple[str, str]]:
    none = _("No board: the parties' own counsel and board members decide")
    return [("", none), *((body.code, body.name) for body in governance.bodies())]


class BoardForm(forms.Form):
    board = forms.ChoiceField(
        label=gettext_lazy("Which board decides before it is signed?"),
        choices=_boards,
        required=False,
        widget=forms.RadioSelect,
    )


@login_required
def choose(request: SignedIn, code: str) -> HttpResponse:
    duties.require("draft agreement", by=request.user)
    found = queries.agreement(code)
    form = BoardForm(request.POST or None, initial={"board": found.board})
    if done(form, lambda: services.put_under_board(found, board=form.cleaned_data["board"], by=request.user)):
        return onward(request, _("Saved."), "agreements:agreement", code)
    return render(request, "agreements/board.html", {"form": form, "agreement": found})


@login_required
@require_POST
def ask(request: SignedIn, code: str) -> HttpResponse:
    motion = services.ask_board(queries.agreement(code), by=request.user)
    return onward(
        request, _("The motion is raised. The board’s secretary looks at it next."), "governance:motion", motion.pk
    )
