"""Where the time goes, and who stands in for an absent person."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.clocks import queries, services
from infotrust.shared.clocks.forms import CoverForm, MailForm
from infotrust.shared.permissions.acting import done


@login_required
def clocks(request: SignedIn) -> HttpResponse:
    shown = {
        "durations": queries.durations(by=request.user),
        "waits": queries.open_now(by=request.user),
        "mine": {one.wait.pk for one in queries.waiting_for(request.user)},
        "enough": queries.ENOUGH,
    }
    return render(request, "clocks/clocks.html", shown)


@login_required
def cover(request: SignedIn) -> HttpResponse:
    form = CoverForm(request.POST or None, person=request.user)
    if done(form, lambda: services.cover(**form.arrangement(), by=request.user)):
        messages.success(request, _("Your colleague now sees what waits for you on those days."))
        return redirect("clocks:cover")
    return render(request, "clocks/cover.html", {"form": form, "covers": queries.covers(request.user)})


@login_required
@require_POST
def end_cover(request: SignedIn, number: int) -> HttpResponse:
    services.end_cover(number, by=request.user)
    messages.success(request, _("The arrangement was taken back."))
    return redirect("clocks:cover")


@login_required
def mail(request: SignedIn) -> HttpResponse:
    """How often the trust writes to the reader."""
    daily = queries.wants_daily(request.user)
    form = MailForm(request.POST or None, initial={"often": "daily" if daily else "weekly"})
    if done(form, lambda: services.choose_mail(daily=form.cleaned_data["often"] == "daily", by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("clocks:mail")
    return render(request, "clocks/mail.html", {"form": form}, status=422 if form.errors else 200)
