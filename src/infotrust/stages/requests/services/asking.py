"""The requester's verbs: begin, save, attach, submit, withdraw. Nothing that was typed is asked twice, or lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import services as clocks
from infotrust.shared.permissions import commands, duties
from infotrust.shared.words import SavedMeanwhile
from infotrust.stages.governance import services as governance
from infotrust.stages.requests import checks, files, queries
from infotrust.stages.requests.asking import ITEMS, Item, Kind, section
from infotrust.stages.requests.commands import REQUESTS
from infotrust.stages.requests.lifecycle import State
from infotrust.stages.requests.models import Attachment, DataRequest, SavedSection, Submission
from infotrust.stages.requests.rules import Tag
from infotrust.stages.requests.services.ground import (
    CHECK,
    OFFICE,
    done,
    lock,
    move,
    now,
    only_own,
    papers,
    submitted_digest,
    wait,
)
from infotrust.stages.requests.terms import AttachmentRefused, RequestIncomplete

# Savings of one person in one sitting are one row of the history: a row for each pause in typing would hide it.
SITTING = timedelta(minutes=5)
MOST_ATTACHMENTS = 20


@transaction.atomic
def begin_request(
    *, by: User, answers: Mapping[str, Any] | None = None, origin: str = "", at: datetime | None = None
) -> DataRequest:
    """Begin a draft. `answers` come from where it began (`origin`: "agreement:DSA-1"); the rest from earlier requests.

    Raises `NotPermitted`.
    """
    duties.require("make request", by=by)
    at = now(at)
    given = {key: value for key, value in (answers or {}).items() if key in ITEMS and value}
    remembered, earlier = queries.remembered(by)
    request = DataRequest.objects.create(
        # Replaced by the row's own number: two who begin at once never meet.
        code=f"new-{by.pk}-{at.timestamp():.6f}".replace(".", "-"),
        requested_by=by,
        agency=by.agency,
        origin=origin,
        answers={**remembered, **given},
        prefilled={**dict.fromkeys(remembered, earlier), **dict.fromkeys(given, origin or "fit")},
        title=str(given.get("title", ""))[:200],
        begun_at=at,
    )
    request.code = f"REQ-{at.year}-{request.pk:03d}"
    request.save(update_fields=["code"])
    audit.record(Event.REQUEST_BEGUN, about=request.about, by=by, at=at, origin=origin)
    return request


@transaction.atomic
def save_section(
    request: DataRequest,
    *,
    key: str,
    answers: Mapping[str, Any],
    seen: int,
    window: str = "",
    by: User,
    at: datetime | None = None,
) -> SavedSection:
    """Keep a section as it is now, complete or not. `seen` is the version the page was made from (0: none yet).

    `window` names the page it was typed in, which saves again and again while its writer types.

    Raises `SavedMeanwhile` where another saving came first and says something else, `RequestIncomplete` for a text
    that is too long or a code that is not offered. Nothing is kept then, and the page keeps what was typed.
    """
    request = lock(request)
    commands.require(REQUESTS["save"], state=request.state, thing=request.code, by=by)
    only_own(request, by, _("change request %(code)s") % {"code": request.code})
    part = section(key)
    if part is None:
        raise RequestIncomplete(_("The form has no such section."), next_step=_("Go back to the request."))
    # What the page did not show (another answer made it needless) keeps the words it has.
    kept = {one.key: _as_answer(one, answers[one.key]) for one in part.items if one.key in answers}
    latest = request.saved.filter(section=key).first()
    version = latest.version if latest else 0
    own = bool(window) and latest is not None and latest.window == window
    if version != seen and not own and _differs(request.answers, kept):
        raise SavedMeanwhile(
            _("%(section)s was saved in another window after you opened it.") % {"section": part.title},
            yours=in_lines(kept),
            theirs=in_lines({name: request.answers.get(name, "") for name in kept}),
            next_step=_("Compare the two, then save again."),
        )
    return _keep(request, key, kept, latest, window=window, by=by, at=now(at))


def _keep(
    request: DataRequest, key: str, kept: dict[str, Any], latest: SavedSection | None, *, window: str, by: User,
    at: datetime,
) -> SavedSection:  # fmt: skip
    changed = _differs(request.answers, kept)
    if latest is not None and not changed:
        return latest
    request.answers = {**request.answers, **kept}
    request.prefilled = {name: source for name, source in request.prefilled.items() if name not in kept}
    request.title = str(request.answers.get("title", ""))[:200]
    request.save(update_fields=["answers", "prefilled", "title"])
    if latest is not None and latest.by_id == by.pk and latest.window == window and at - latest.at < SITTING:
        latest.version, latest.answers, latest.at = latest.version + 1, kept, at
        latest.save()
        return latest
    audit.record(Event.REQUEST_SAVED, about=request.about, by=by, at=at, section=key)
    version = latest.version + 1 if latest else 1
    return SavedSection.objects.create(
        request=request, section=key, version=version, window=window, answers=kept, by=by, at=at
    )


def _differs(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return any((before.get(name) or "") != (value or "") for name, value in after.items())


def _as_answer(one: Item, value: Any) -> Any:
    """Return an answer as it is kept; raises `RequestIncomplete`, which names the item and never its text."""
    if one.kind in {Kind.CHOICES, Kind.FIELDS}:
        chosen = sorted({str(code) for code in (value or ())})
        offered = {code for code, _title in one.choices}
        if one.kind is Kind.CHOICES and not set(chosen) <= offered:
            raise RequestIncomplete(_("“%(item)s” has an answer that is not offered.") % {"item": one.title})
        return chosen
    text = str(value or "").replace("\r\n", "\n").replace("\0", "").strip()
    if one.kind is Kind.CHOICE and text and text not in dict(one.choices):
        raise RequestIncomplete(_("“%(item)s” has an answer that is not offered.") % {"item": one.title})
    if len(text) > one.longest:
        raise RequestIncomplete(
            _("“%(item)s” has %(length)d characters; %(longest)d are possible.")
            % {"item": one.title, "length": len(text), "longest": one.longest},
            next_step=_("Shorten it, or attach the long text as a paper. Nothing you typed is lost."),
        )
    return text


def in_lines(answers: Mapping[str, Any]) -> str:
    """A section as one text, for showing two versions side by side."""
    return "\n\n".join(
        f"{ITEMS[key].title}\n{queries.answer_in_words(ITEMS[key], value)}" for key, value in answers.items()
    )


@transaction.atomic
def attach(
    request: DataRequest, *, tag: str, name: str, content: bytes, by: User, at: datetime | None = None
) -> Attachment:
    """Add a paper. Raises `AttachmentRefused` for what is no PDF or Word file, too large, or one too many."""
    request = lock(request)
    commands.require(REQUESTS["attach"], state=request.state, thing=request.code, by=by)
    only_own(request, by, _("attach to request %(code)s") % {"code": request.code})
    if tag not in Tag.values:
        raise AttachmentRefused(_("This is not one of the kinds of paper."), next_step=_("Choose one from the list."))
    if request.attachments.filter(removed_at__isnull=True).count() >= MOST_ATTACHMENTS:
        raise AttachmentRefused(
            _("A request has at most %(most)d papers.") % {"most": MOST_ATTACHMENTS}, next_step=_("Remove one first.")
        )
    found = files.recognized(name, content)
    made = Attachment.objects.create(
        request=request, tag=tag, name=found.name, kind=found.kind, size=len(content), digest=found.digest,
        content=content, added_by=by, added_at=now(at),
    )  # fmt: skip
    audit.record(
        Event.REQUEST_PAPER_ADDED, about=request.about, by=by, at=made.added_at, tag=tag, kind=made.kind,
        size=made.size, digest=made.digest,
    )  # fmt: skip
    return made


@transaction.atomic
def remove_attachment(request: DataRequest, *, number: int, by: User, at: datetime | None = None) -> None:
    """Take a paper back: its content is erased, that it was there stays. Raises `NoSuchRequest`."""
    request = lock(request)
    commands.require(REQUESTS["attach"], state=request.state, thing=request.code, by=by)
    only_own(request, by, _("remove a paper of request %(code)s") % {"code": request.code})
    found = request.attachments.filter(pk=number, removed_at__isnull=True).first()
    if found is None:
        raise AttachmentRefused(_("This paper is not there any more."), next_step=_("Look at the list again."))
    found.content, found.removed_at = b"", now(at)
    found.save()
    audit.record(Event.REQUEST_PAPER_REMOVED, about=request.about, by=by, at=found.removed_at, digest=found.digest)


@transaction.atomic
def submit(request: DataRequest, *, by: User, at: datetime | None = None) -> DataRequest:
    """Hand the request in; each time, the four questions are asked anew. Raises `RequestIncomplete`."""
    at, request = now(at), lock(request)
    commands.require(REQUESTS["submit"], state=request.state, thing=request.code, by=by)
    only_own(request, by, _("submit request %(code)s") % {"code": request.code})
    missing = checks.problems(request, at=at)
    if missing:
        raise RequestIncomplete(
            _("The request is not complete: %(first)s") % {"first": missing[0].sentence},
            next_step=_("The request’s page lists everything that is missing."),
        )
    request.round, request.digest, request.submitted_at = request.round + 1, submitted_digest(request), at
    move(request, State.SUBMITTED, at=at)
    Submission.objects.create(
        request=request, round=request.round, answers=request.answers, papers=papers(request), digest=request.digest,
        at=at,
    )  # fmt: skip
    clocks.finish_all(about=request.about, outcome="submitted", at=at)
    wait(request, CHECK, role=OFFICE, at=at)
    governance.ask_four_questions(
        request.about, request.round, title=f"{request.code}: {request.title}", address=request.address, by=by, at=at
    )
    return done(request, Event.REQUEST_SUBMITTED, by=by, at=at, digest=request.digest)


@transaction.atomic
def withdraw(request: DataRequest, *, reason: str, by: User, at: datetime | None = None) -> DataRequest:
    """Take the request back, with a reason. It stays readable."""
    at, request = now(at), lock(request)
    commands.require(REQUESTS["withdraw"], state=request.state, thing=request.code, by=by)
    only_own(request, by, _("withdraw request %(code)s") % {"code": request.code})
    if not reason.strip():
        raise RequestIncomplete(_("A request is withdrawn with a reason."), next_step=_("A few words are enough."))
    request.reason = reason.strip()[:2_000]
    move(request, State.WITHDRAWN, at=at)
    clocks.finish_all(about=request.about, outcome="withdrawn", at=at)
    return done(request, Event.REQUEST_WITHDRAWN, by=by, at=at)
