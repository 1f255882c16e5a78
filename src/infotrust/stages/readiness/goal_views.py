"""The pages of goals and questions with the data gap check, and of what each partner can do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions.acting import done
from infotrust.shared.saving import saved
from infotrust.stages.readiness import goal_forms, queries, services
from infotrust.stages.readiness.pages import turns


@login_required
def goals(request: SignedIn, number: int) -> HttpResponse:
    """Goals, their questions, what each needs, and whose data answers it."""
    partnership = queries.partnership(number, by=request.user)
    form = goal_forms.GoalForm(request.POST or None)
    if done(form, lambda: services.add_goal(partnership, **form.cleaned_data, by=request.user)):
        return redirect("readiness:goals", number)
    shown: dict[str, Any] = {
        "partnership": partnership,
        "tree": queries.tree(partnership, by=request.user),
        "form": form,
    }
    shown |= {"statement": queries.only_paper(partnership, "goals")}
    shown |= {"turn": turns.goals_turn(partnership, shown["tree"])}
    return render(request, "readiness/goals.html", shown)


@login_required
def add_question(request: SignedIn, number: int, goal: int) -> HttpResponse:
    partnership = queries.partnership(number, by=request.user)
    form = goal_forms.QuestionForm(request.POST or None)
    if done(form, lambda: services.add_question(partnership, goal=goal, **form.given(), by=request.user)):
        return redirect("readiness:goals", number)
    return _form(request, partnership, form, _("Add a question"), _("Add the question"))


@login_required
def add_need(request: SignedIn, number: int, question: int) -> HttpResponse:
    partnership = queries.partnership(number, by=request.user)
    row = queries.question(partnership, question, by=request.user)
    form = goal_forms.NeedForm(request.POST or None)
    if done(form, lambda: services.add_need(partnership, question=question, by=request.user, **form.given())):
        return redirect("readiness:goals", number)
    return _form(request, partnership, form, _("What does it need?"), _("Add it"), intro=row.question.words)


@login_required
def field(request: SignedIn, number: int, need: int) -> HttpResponse:
    """Which field of the inventory a need is; what comes closest first."""
    partnership = queries.partnership(number, by=request.user)
    rows = [
        row
        for goal in queries.tree(partnership, by=request.user)
        for question in goal.questions
        for row in question.needs
        if row.need.pk == need
    ]
    if not rows:
        raise Http404
    kept = rows[0].need
    initial = {"where": f"{kept.dataset}.{kept.field}" if kept.dataset else ""}
    form = goal_forms.FieldChoiceForm(request.POST or None, close=rows[0].suggestions, initial=initial)
    if done(form, lambda: services.choose_field(partnership, need=need, **form.given(), by=request.user)):
        return redirect("readiness:goals", number)
    return _form(request, partnership, form, _("Where is it?"), _("Save"), intro=kept.words)


@login_required
@require_POST
def remove(request: SignedIn, number: int, kind: str, thing: int) -> HttpResponse:
    partnership = queries.partnership(number, by=request.user)
    services.remove(partnership, kind=kind, number=thing, by=request.user)
    return redirect("readiness:goals", number)


@login_required
def capacity(request: SignedIn, number: int) -> HttpResponse:
    partnership = queries.partnership(number, by=request.user)
    rows = queries.capacities(partnership, by=request.user)
    shown = {"partnership": partnership, "rows": rows, "turn": turns.capacity_turn(partnership, rows)}
    return render(request, "readiness/capacity.html", shown)


@login_required
def ours(request: SignedIn, number: int) -> HttpResponse:
    """What one's own partner can do."""
    partnership = queries.partnership(number, by=request.user)
    own = _own(partnership, request)
    kept = own.assessment
    initial: dict[str, Any] = {"seen": 0}
    if kept:
        initial = {"seen": kept.version, "help_needed": kept.help_needed}
        initial |= {f"level-{key}": str(level) for key, level in kept.levels.items()}
        initial |= {f"note-{key}": note for key, note in kept.notes.items()}
    form = goal_forms.CapacityForm(request.POST or None, initial=initial)
    was_saved, pieces = saved(
        form,
        lambda: services.assess(partnership, **form.given(), by=request.user),
        version=lambda: _version(_own(partnership, request)),
    )
    if was_saved:
        messages.success(request, _("It was saved. The other partners can read it."))
        return redirect("readiness:capacity", number)
    title = _("What can %(partner)s do?") % {"partner": own.partner}
    return _form(request, partnership, form, title, _("Save"), pieces=pieces)


@login_required
def gap(request: SignedIn, number: int, area: str) -> HttpResponse:
    """What is done about an area in which one's own partner has too little."""
    partnership = queries.partnership(number, by=request.user)
    own = _own(partnership, request)
    found = next((one for one in own.gaps if one.area.key == area), None)
    if found is None:
        raise Http404
    people = [member.user for member in queries.people_of(partnership)]
    others = [(str(one.pk), str(one)) for one in queries.partners(partnership) if one != own.partner]
    form = goal_forms.RemedyForm(request.POST or None, people=people, others=others)
    if done(form, lambda: services.remedy(partnership, area=area, **form.given(), by=request.user)):
        messages.success(request, _("It was saved."))
        return redirect("readiness:capacity", number)
    title = _("What is done about “%(area)s”?") % {"area": _(found.area.title)}
    return _form(request, partnership, form, title, _("Save"), intro=found.note)


def _own(partnership: Any, request: SignedIn) -> queries.CapacityRow:
    found = next((row for row in queries.capacities(partnership, by=request.user) if row.own), None)
    if found is None:
        raise Http404
    return found


def _version(row: queries.CapacityRow) -> int:
    return row.assessment.version if row.assessment else 0


def _form(request: SignedIn, partnership: Any, form: Form, title: str, button: str, **more: Any) -> HttpResponse:
    shown = {"partnership": partnership, "form": form, "title": title, "button": button, **more}
    return render(request, "readiness/form.html", shown)
