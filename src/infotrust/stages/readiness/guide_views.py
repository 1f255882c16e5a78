"""The pages of the discussion guide: each partner's own copy, then side by side."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions.acting import done
from infotrust.shared.saving import saved
from infotrust.stages.readiness import forms, queries, services
from infotrust.stages.readiness.pages.guide import GuidePage, guide_page


@login_required
def guide(request: SignedIn, number: int) -> HttpResponse:
    """The conversation: begun here, then who has handed in, then side by side."""
    page = guide_page(number, by=request.user)
    partnership = queries.partnership(number, by=request.user)
    if page is None or (page.guide.state == "concluded" and partnership.state in ("not_yet", "talking")):
        form = forms.BeginForm(request.POST or None)
        if done(form, lambda: services.begin_guide(partnership, **form.cleaned_data, by=request.user)):
            messages.success(request, _("Every partner is asked now."))
            return redirect("readiness:guide", number)
        if page is None or request.method == "POST" or "next" in request.GET:
            return render(request, "readiness/begin.html", {"partnership": partnership, "form": form, "page": page})
    return render(request, "readiness/guide.html", {"page": page, "view_form": forms.ViewForm()})


@login_required
def earlier(request: SignedIn, number: int, round: int) -> HttpResponse:
    page = guide_page(number, by=request.user, round=round)
    if page is None:
        raise Http404
    return render(request, "readiness/guide.html", {"page": page, "view_form": forms.ViewForm()})


@login_required
def sheet(request: SignedIn, number: int) -> HttpResponse:
    """One's own partner's copy. Saving and handing in are two buttons of one form."""
    page = _page(request, number)
    own = page.own
    if own is None or page.guide.state != "answering" or own.sheet.handed_in_at:
        messages.info(request, _("There is nothing to fill in now."))
        return redirect("readiness:guide", number)
    initial = {"seen": own.sheet.version} | forms.SheetForm.filled(services.said_on(own.sheet))
    form = forms.SheetForm(request.POST or None, initial=initial)

    def keep() -> None:
        services.answer(
            page.guide,
            said=form.said(),
            seen=form.cleaned_data["seen"],
            hand_in="hand-in" in request.POST,
            by=request.user,
        )

    was_saved, pieces = saved(form, keep, version=lambda: queries.own_sheet(page.guide, by=request.user).sheet.version)  # type: ignore[union-attr]
    if was_saved:
        handed_in = "hand-in" in request.POST
        messages.success(request, _("Handed in. Thank you.") if handed_in else _("Saved. Nobody else can see it."))
        return redirect("readiness:guide", number) if handed_in else redirect("readiness:sheet", number)
    return render(request, "readiness/sheet.html", {"page": page, "form": form, "pieces": pieces})


@login_required
def meeting(request: SignedIn, number: int) -> HttpResponse:
    page = _page(request, number)
    kept = page.guide
    initial = {"seen": kept.version, "met_on": kept.met_on, "attendees": kept.attendees}
    form = forms.MeetingForm(request.POST or None, initial=initial)
    was_saved, pieces = saved(
        form,
        lambda: services.note_meeting(kept, **form.cleaned_data, by=request.user),
        version=lambda: _page(request, number).guide.version,
    )
    if was_saved:
        messages.success(request, _("It was saved."))
        return redirect("readiness:guide", number)
    shown = {"partnership": page.partnership, "form": form, "pieces": pieces}
    return render(request, "readiness/form.html", shown | {"title": _("The meeting"), "button": _("Save")})


@login_required
def together(request: SignedIn, number: int) -> HttpResponse:
    page = _page(request, number)
    kept = page.guide
    if kept.state != "open":
        return redirect("readiness:guide", number)
    initial = {"seen": kept.version, "reflection": kept.reflection, "next_steps": kept.next_steps}
    initial |= {f"joint-{key}": words for key, words in kept.joint.items()}
    form = forms.TogetherForm(request.POST or None, initial=initial)
    was_saved, pieces = saved(
        form,
        lambda: services.write_together(kept, **form.given(), by=request.user),
        version=lambda: _page(request, number).guide.version,
    )
    if was_saved:
        messages.success(request, _("It was saved; every partner can read it."))
        return redirect("readiness:guide", number)
    shown = {"partnership": page.partnership, "form": form, "pieces": pieces}
    title = _("What was said, and what comes next")
    return render(request, "readiness/form.html", shown | {"title": title, "button": _("Save")})


@login_required
def barrier(request: SignedIn, number: int, barrier: int) -> HttpResponse:
    """Make a task of a barrier, or set it aside."""
    page = _page(request, number)
    found = next((one for one in page.barriers if one.pk == barrier), None)
    if found is None:
        raise Http404
    people = [member.user for member in queries.people_of(page.partnership)]
    form = forms.BarrierForm(request.POST or None, people=people, barrier=found)

    def deal() -> None:
        given = dict(form.cleaned_data)
        usual = {"barrier": barrier, "kind": given["kind"], "by": request.user}
        if given["deal"] == "task":
            rest = {name: given[name] for name in ("words", "person", "due_on")}
            services.own_barrier(page.guide, **usual, **rest)
        else:
            services.set_barrier_aside(page.guide, **usual, reason=given["words"])

    if done(form, deal):
        messages.success(request, _("It was saved."))
        return redirect("readiness:guide", number)
    shown = {"partnership": page.partnership, "form": form, "title": found.words, "button": _("Save")}
    return render(request, "readiness/form.html", shown)


@login_required
def conclude(request: SignedIn, number: int) -> HttpResponse:
    page = _page(request, number)
    if page.guide.state != "open":
        return redirect("readiness:guide", number)
    form = forms.ConcludeForm(request.POST or None)
    if done(form, lambda: services.conclude(page.guide, **form.cleaned_data, by=request.user)):
        return redirect("readiness:partnership", number)
    views = [one.view for one in page.partners]
    shown = {"page": page, "form": form, "all_say": all(views), "go_on": set(views) == {"go_on"}}
    return render(request, "readiness/conclude.html", shown)


@login_required
@require_POST
def act(request: SignedIn, number: int, act: str) -> HttpResponse:
    """The small steps: take the answers back, lay them side by side, say one's view."""
    page = _page(request, number)
    if act == "view":
        form = forms.ViewForm(request.POST)
        if not done(form, lambda: services.say_view(page.guide, **form.cleaned_data, by=request.user)):
            return render(request, "readiness/guide.html", {"page": page, "view_form": form})
    else:
        verbs: dict[str, Callable[..., object]] = {"take-back": services.take_back, "lay-open": services.lay_open}
        if act not in verbs:
            raise Http404
        verbs[act](page.guide, by=request.user)
    return redirect("readiness:sheet" if act == "take-back" else "readiness:guide", number)


def _page(request: SignedIn, number: int) -> GuidePage:
    page = guide_page(number, by=request.user)
    if page is None:
        raise Http404
    return page
