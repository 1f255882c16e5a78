"""The pages of governance: parse, ask a service or a query, show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from infotrust.shared.accounts.requests import SignedIn
from infotrust.shared.permissions.acting import done
from infotrust.shared.words import Piece, differences
from infotrust.stages.governance import forms, pages, queries, services
from infotrust.stages.governance.lifecycle import State
from infotrust.stages.governance.queries import permits


@login_required
@require_GET
def index(request: SignedIn) -> HttpResponse:
    return render(request, "governance/index.html", {"overview": pages.overview(by=request.user)})


@login_required
def new(request: SignedIn) -> HttpResponse:
    """Raise a motion."""
    boards = pages.boards_to_ask()
    given = {name: request.GET[name] for name in ("board", "subject", "title") if name in request.GET}
    form = forms.RaiseForm(
        request.POST or None,
        boards=boards,
        standing=pages.adopted_choices(),
        subjects=pages.subject_choices(),
        initial=given,
    )
    made: list[Any] = []
    if done(form, lambda: made.append(_raise(form.cleaned_data, request))):
        messages.success(request, _("Raised. The board’s secretary looks at it next."))
        return redirect("governance:motion", made[0].pk)
    return render(request, "governance/new.html", {"form": form, "boards": boards}, status=_status(form))


def _raise(values: dict[str, Any], request: SignedIn) -> Any:
    number = values.pop("supersedes")
    supersedes = queries.motion(int(number)) if number else None
    about = queries.four_questions(values["subject"])
    address = about.asking.address if about else ""
    return services.raise_motion(
        body=values.pop("board"), supersedes=supersedes, address=address, by=request.user, **values
    )


@login_required
def motion(request: SignedIn, number: int) -> HttpResponse:
    """A motion; its form is the vote."""
    page = pages.motion_page(number, by=request.user)
    vote = page.own_vote
    form = forms.VoteForm(
        request.POST or None, initial={"choice": vote.choice, "reasons": vote.reasons} if vote else None
    )
    if request.method == "POST":
        verb = services.change_vote if request.POST.get("change") else services.cast_vote
        if done(form, lambda: verb(page.motion, **form.cleaned_data, by=request.user)):
            messages.success(request, _("Your vote is recorded. You can change it until the close."))
            return redirect("governance:motion", number)
    return render(request, "governance/motion.html", {"page": page, "form": form}, status=_status(form))


@dataclass(frozen=True)
class Act:
    """A command that has a page of its own: its form, what it calls, what it explains and says afterwards."""

    form: type[Form]
    give: Callable[..., object]
    explain: Any
    said: Any
    button: Any


ACTS: dict[str, Act] = {
    "send back": Act(
        forms.NoteForm,
        services.send_back,
        gettext_lazy("It stays raised. Who raised it changes it, and you look at it again."),
        gettext_lazy("Sent back, with your note."),
        gettext_lazy("Send it back"),
    ),
    "take up": Act(
        forms.TakeUpForm,
        services.take_up,
        gettext_lazy("From then on the public reads it, and its words do not change."),
        gettext_lazy("Taken up. Everyone can read it now."),
        gettext_lazy("Take it up"),
    ),
    "open comment": Act(
        forms.CommentPeriodForm,
        services.open_comment,
        gettext_lazy("Anyone can comment on the public page, without an account. Each comment gets a reply."),
        gettext_lazy("Comment is open."),
        gettext_lazy("Open comment"),
    ),
    "set conditions": Act(
        forms.ConditionsForm,
        services.set_conditions,
        gettext_lazy("The text stays. Conditions are part of what is voted on."),
        gettext_lazy("Saved."),
        gettext_lazy("Save"),
    ),
    "open vote": Act(
        forms.OpenVoteForm,
        services.open_vote,
        gettext_lazy("Every voting seat is told. The charter of today holds until the close."),
        gettext_lazy("The vote is open."),
        gettext_lazy("Open the vote"),
    ),
    "recuse": Act(
        forms.RecuseForm,
        services.recuse,
        gettext_lazy(
            "Your seat takes no part and does not count as present. This cannot be taken back for this motion."
        ),
        gettext_lazy("Recorded. Your seat takes no part in this motion."),
        gettext_lazy("Take no part"),
    ),
    "close vote": Act(
        Form,
        services.close_vote,
        gettext_lazy("The votes are counted and the decision is written down. It cannot be edited afterwards."),
        gettext_lazy("The vote is counted."),
        gettext_lazy("Close and count"),
    ),
    "withdraw": Act(
        forms.ReasonForm,
        services.withdraw,
        gettext_lazy("It ends without a decision. It can be raised anew."),
        gettext_lazy("Withdrawn."),
        gettext_lazy("Withdraw it"),
    ),
    "look back": Act(
        forms.LookBackForm,
        services.look_back,
        gettext_lazy("The decision stays as it was. To change it, raise a motion that takes its place."),
        gettext_lazy("Recorded."),
        gettext_lazy("Record it"),
    ),
}


@login_required
def act(request: SignedIn, number: int, slug: str) -> HttpResponse:
    """One command to a motion, on a page of its own."""
    name = pages.known(slug)
    if name == "change":
        return _change(request, number)
    if name not in ACTS:
        raise Http404(_("There is no such step."))
    chosen = ACTS[name]
    found = queries.motion(number)
    refused = permits.why_not(name, found, by=request.user)
    if refused and request.method != "POST":
        messages.warning(request, refused)
        return redirect("governance:motion", number)
    form = _form(chosen.form, request, found)
    # A crafted request goes through the service, which refuses it by the same rule and has it recorded.
    if done(form, lambda: chosen.give(found, **_named(form.cleaned_data), by=request.user)):
        messages.success(request, str(chosen.said))
        return redirect("governance:motion", number)
    context = {"form": form, "motion": found, "title": pages.TITLES[name], "act": chosen}
    return render(request, "governance/act.html", context, status=_status(form))


def _named(values: dict[str, Any]) -> dict[str, Any]:
    """What a form chose by number, as the thing itself."""
    if values.get("meeting"):
        return values | {"meeting": queries.meeting(values["meeting"])}
    return values


def _form(kind: type[Form], request: SignedIn, motion: Any) -> Form:
    data = request.POST if request.method == "POST" else None
    if kind is forms.OpenVoteForm:
        asked = motion.state == State.REVIEWED and queries.charter(motion.body).comment_days > 0
        return forms.OpenVoteForm(data, ask_why=asked, meetings=pages.meetings_to_choose(motion.body))
    return kind(data, initial=pages.default_days(motion))


def _change(request: SignedIn, number: int) -> HttpResponse:
    found = queries.motion(number)
    refused = permits.why_not("change", found, by=request.user)
    if refused and request.method != "POST":
        messages.warning(request, refused)
        return redirect("governance:motion", number)
    names = ("title", "why", "text", "conditions", "review_by")
    initial = {name: getattr(found, name) for name in names} | {"seen": found.version}
    form = forms.ChangeForm(request.POST or None, initial=initial)
    if done(form, lambda: services.change_motion(found, **form.cleaned_data, by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("governance:motion", number)
    pieces = _saved_meanwhile(form, found) if form.is_bound else ()
    context = {"form": form, "motion": found, "pieces": pieces}
    return render(request, "governance/change.html", context, status=_status(form))


def _saved_meanwhile(form: Form, now: Any) -> tuple[Piece, ...]:
    """Where someone saved first: what differs; the form then carries the newest version, so that it can be saved."""
    if str(form.data.get("seen")) == str(now.version):
        return ()
    typed = [str(form.data.get(name, "")) for name in ("title", "why", "text", "conditions")]
    form.data = {**{name: form.data.get(name) for name in form.data}, "seen": str(now.version)}
    return differences("\n\n".join((now.title, now.why, now.text, now.conditions)), "\n\n".join(typed))


@login_required
@require_POST
def look(request: SignedIn, number: int, comment: int) -> HttpResponse:
    """Show a comment, or withhold it with a reason."""
    found = queries.motion(number)
    if request.POST.get("verdict") == "withhold":
        form = forms.ReasonForm(request.POST)
        if not done(
            form,
            lambda: services.withhold_comment(found, comment, reason=form.cleaned_data["reason"], by=request.user),
        ):
            messages.error(request, _("Write why it is withheld: its writer and the public read that."))
        return redirect("governance:comments", number)
    services.show_comment(found, comment, by=request.user)
    messages.success(request, _("Everyone can read it now."))
    return redirect("governance:comments", number)


@login_required
def comments(request: SignedIn, number: int) -> HttpResponse:
    """The comments of the public, to look at and to answer."""
    page = pages.motion_page(number, by=request.user)
    shown = [(str(one.pk), one.words[:120]) for one in page.comments if one.state == "shown" and not one.reply]
    form = forms.ReplyForm(request.POST or None, choices=shown)
    if done(form, lambda: _reply(page, form.cleaned_data, request)):
        messages.success(request, _("The reply stands under the comments it answers."))
        return redirect("governance:comments", number)
    context = {"page": page, "form": form, "to_answer": shown}
    return render(request, "governance/comments.html", context, status=_status(form))


def _reply(page: pages.MotionPage, values: dict[str, Any], request: SignedIn) -> int:
    numbers = [int(number) for number in values["comments"]]
    return services.reply(page.motion, numbers, words=values["words"], by=request.user)


@login_required
def four_questions(request: SignedIn, subject: str) -> HttpResponse:
    """The four questions about a subject, one form for each; a form that is refused keeps its words."""
    page = pages.four_page(subject, by=request.user)
    if page.stands is None:
        return render(request, "governance/four_questions.html", {"page": page, "asked": []})
    posted = request.POST.get("question", "")
    asked = []
    for stands in page.stands.questions:
        data = request.POST if posted == stands.question else None
        initial = {"seen": page.stands.asking.version, "question": stands.question.value}
        asked.append((stands, forms.AnswerForm(data, initial=initial, prefix=None, auto_id=f"{stands.question}_%s")))
    filled = next((form for _stands, form in asked if form.is_bound), None)
    if filled is not None and done(filled, lambda: _answer(subject, filled.cleaned_data, request)):
        messages.success(request, _("Your answer is recorded."))
        return redirect("governance:four_questions", subject)
    status = 422 if filled is not None else 200
    return render(request, "governance/four_questions.html", {"page": page, "asked": asked}, status=status)


def _answer(subject: str, values: dict[str, Any], request: SignedIn) -> object:
    return services.answer(
        subject,
        values["question"],
        answer=values["answer"],
        words=values["words"],
        version=values["seen"],
        by=request.user,
    )


def _status(form: Form) -> int:
    return 422 if form.is_bound and form.errors else 200
