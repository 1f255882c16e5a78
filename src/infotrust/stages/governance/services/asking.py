"""The four questions: ask them of a version of something, and answer them. A new version is asked about anew."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.clocks import services as clocks
from infotrust.shared.permissions import duties
from infotrust.stages.governance import queries
from infotrust.stages.governance.lifecycle import PUBLIC
from infotrust.stages.governance.models import Answer, Asking, Motion
from infotrust.stages.governance.services import showing
from infotrust.stages.governance.services.ground import MotionRefused
from infotrust.stages.governance.terms import Answered, Question


class AnswerRefused(UserFacingError):
    """The answer says nothing, or is about a version that is no longer the newest."""


@transaction.atomic
def ask_four_questions(
    subject: str,
    version: str | int,
    *,
    title: str,
    address: str = "",
    by: User | None = None,
    at: datetime | None = None,
) -> Asking:
    """Ask the four questions of a version of a subject; asking again of the same version changes nothing.

    A stage calls this when what it holds changes: answers to an earlier version stay with that version. `by` None: the
    stage itself asks.
    """
    at = at or timezone.now()
    asking, fresh = Asking.objects.get_or_create(
        subject=subject,
        version=str(version),
        defaults={"title": title[:300], "address": address, "asked_by": by, "asked_at": at},
    )
    if fresh:
        audit.record(Event.FOUR_QUESTIONS_ASKED, about=subject, by=by, at=at, version=str(version))
        _show_motions(subject, at)
    return asking


@transaction.atomic
def answer(
    subject: str,
    question: str,
    *,
    answer: str,
    words: str,
    version: str | int = "",
    by: User,
    at: datetime | None = None,
) -> Answer:
    """Answer one of the four for the newest version. `version`: the one that was read, refused where it is older.

    Answering again puts the new answer in the place of one's own earlier one, which stays as history.
    Raises `NotPermitted` and `AnswerRefused`.
    """
    duties.require("answer four questions", by=by)
    at = at or timezone.now()
    stands = queries.four_questions(subject)
    if stands is None:
        raise AnswerRefused(_("Nobody has asked the four questions about this."), next_step=_("Ask them first."))
    if version and str(version) != stands.asking.version:
        raise AnswerRefused(
            _("It changed after you opened this page: version %(version)s is asked about now.")
            % {"version": stands.asking.version},
            next_step=_("Read what changed, then answer. Your words are still in the form."),
        )
    if not words.strip():
        raise AnswerRefused(_("An answer says why."), next_step=_("Write it in a sentence or two."))
    earlier = Answer.objects.filter(asking=stands.asking, question=question, by=by, replaced_at__isnull=True)
    earlier.update(replaced_at=at)
    made = Answer.objects.create(
        asking=stands.asking, question=Question(question), answer=Answered(answer), words=words.strip(), by=by, at=at
    )
    facts = {"version": stands.asking.version, "question": question, "answer": answer}
    audit.record(Event.FOUR_QUESTIONS_ANSWERED, about=subject, by=by, at=at, **facts)
    _show_motions(subject, at)
    if queries.asking(subject, stands.asking.version).complete:  # type: ignore[union-attr]
        for motion in queries.of_subject(subject):
            clocks.finish(about=motion.about, step="answer", outcome="all answered", at=at)
    return made


def ask_for(subject: str, version: str, *, title: str, address: str, by: User, at: datetime) -> str:
    """See that the four questions are asked of what a motion is about; return its version, the newest if none is named.

    Nothing is asked about a body: its charter uses no data.
    """
    if not subject or subject.startswith("body:"):
        return version
    newest = queries.four_questions(subject)
    version = version or (newest.asking.version if newest else "1")
    if queries.asking(subject, version) is None:
        ask_four_questions(subject, version, title=title, address=address, by=by, at=at)
    return version


def require_answered(motion: Motion) -> None:
    """Raise `MotionRefused` while one of the four has no answer, or something newer than the motion is asked about."""
    stands, newest = queries.asking(motion.subject, motion.subject_version), queries.four_questions(motion.subject)
    if stands is None or newest is None:
        return
    if newest.asking.pk != stands.asking.pk:
        raise MotionRefused(
            _("%(subject)s has changed: %(label)s is about version %(old)s, and %(new)s stands now.")
            % {
                "subject": motion.subject, "label": motion.label, "old": motion.subject_version,
                "new": newest.asking.version,
            },
            next_step=_("Withdraw this motion, and raise one about what stands now."),
        )  # fmt: skip
    if not stands.complete:
        left = [str(each.question.label) for each in stands.questions if each.open]
        raise MotionRefused(
            _("Of the four questions, this has no answer yet: %(left)s") % {"left": " ".join(left)},
            next_step=_("Answer it on the motion’s page; “not sure” is an answer, too."),
        )


def _show_motions(subject: str, at: datetime) -> None:
    for motion in queries.of_subject(subject):
        if motion.state in PUBLIC and motion.decided_at is None:
            showing.show_motion(motion, at=at)
