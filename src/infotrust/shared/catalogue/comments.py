"""Comments of the public: taken without an account, looked at by the board's secretary, and each one answered.

What keeps a form that anyone can use from being misused: a limit on length, on how many come from one place in an hour
and on how many come at all; plain text only, always shown escaped; a field that only programs fill in. No picture
puzzles, no account, no address kept: `sender` is a keyed digest of the network address that changes every day and is
erased after it.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infotrust.core.errors import NotThere, UserFacingError
from infotrust.shared.catalogue.models import PublicComment, PublicMotion

# About two pages; a longer one is better sent as a letter. Five an hour is more than anyone writes with thought.
LONGEST, LONGEST_NAME = 4_000, 80
FROM_ONE_PLACE, AT_ALL, WITHIN = 5, 120, timedelta(hours=1)
SENDER_KEPT = timedelta(days=1)
# Letters and digits that cannot be taken for one another when they are written down.
RECEIPT_SIGNS = "23456789BCDFGHJKMNPQRSTVWXYZ"

# Sent inside the transaction, with `label` (of the motion) and `at`.
comment_received = Signal()


class CommentRefused(UserFacingError):
    """The comment was not taken; the message says why, and the page keeps its words."""


class NoSuchComment(NotThere):
    """No comment has this number or receipt."""


@dataclass(frozen=True)
class Tally:
    """How many comments a motion has: shown ones, ones nobody has looked at, withheld ones, and ones not answered."""

    shown: int
    waiting: int
    withheld: int
    unanswered: int


@transaction.atomic
def take_comment(label: str, *, words: str, name: str = "", address: str = "", at: datetime | None = None) -> str:
    """Take a comment on a motion and return its receipt. `address`: the network address it came from, not kept.

    Raises `CommentRefused` for one that is empty, too long, too late, or one too many.
    """
    at = at or timezone.now()
    motion = _open_motion(label, at)
    words, name = plain_text(words), " ".join(plain_text(name).split())
    _require_fit(words, name)
    sender = sender_of(address, at)
    _require_few(sender, at)
    comment = PublicComment.objects.create(
        motion=motion, name=name, words=words, receipt=_new_receipt(), sender=sender, received_at=at
    )
    comment_received.send(sender=None, label=comment.motion.label, at=at)
    return comment.receipt


def plain_text(text: str) -> str:
    """Return the text without what no reader sees: control and direction characters. Line breaks and tabs stay."""
    kept = "\n\t"
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in clean if sign in kept or not _unseen(sign)).strip()


def _unseen(sign: str) -> bool:
    # Cc and Cf: control and format characters (among them those that turn the direction of writing round). The two
    # joiners are format characters too, and letters of some languages cannot do without them.
    return unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"} and sign not in "\u200c\u200d"


def sender_of(address: str, at: datetime) -> str:
    """Return what tells places apart on one day: a keyed digest of address and day. Empty for no address."""
    if not address:
        return ""
    day = timezone.localdate(at).isoformat()
    return salted_hmac("infotrust.comment", f"{day} {address}", algorithm="sha256").hexdigest()[:32]


def _open_motion(label: str, at: datetime) -> PublicMotion:
    motion = PublicMotion.objects.select_for_update().filter(label__iexact=label).first()
    if motion is None:
        raise NoSuchComment(_("There is no decision %(label)s.") % {"label": label}, next_step=_("See the list."))
    if not is_open(motion, at):
        raise CommentRefused(
            _("Comments on %(label)s are closed.") % {"label": motion.label},
            next_step=_("You can still read what others said, and how the board decides."),
        )
    return motion


def is_open(motion: PublicMotion, at: datetime | None = None) -> bool:
    """Whether the public may comment now."""
    now = at or timezone.now()
    if motion.state != "comment" or motion.comment_opens_at is None or motion.comment_closes_at is None:
        return False
    return motion.comment_opens_at <= now < motion.comment_closes_at


def _require_fit(words: str, name: str) -> None:
    if not words:
        raise CommentRefused(_("Your comment is empty."), next_step=_("Write what you think."))
    if len(words) > LONGEST:
        over = len(words) - LONGEST
        raise CommentRefused(
            ngettext("Your comment is %(over)d letter too long.", "Your comment is %(over)d letters too long.", over)
            % {"over": over},
            next_step=_("Shorten it, or send it in two parts. Your words are still in the form."),
        )
    if len(name) > LONGEST_NAME:
        raise CommentRefused(_("The name is too long."), next_step=_("Use a shorter one, or none."))


def _require_few(sender: str, at: datetime) -> None:
    lately = PublicComment.objects.filter(received_at__gt=at - WITHIN)
    if (sender and lately.filter(sender=sender).count() >= FROM_ONE_PLACE) or lately.count() >= AT_ALL:
        raise CommentRefused(
            _("Too many comments came in the last hour."),
            next_step=_("Please send yours again in an hour. Your words are still in the form."),
        )


def _new_receipt() -> str:
    signs = "".join(secrets.choice(RECEIPT_SIGNS) for _place in range(12))
    return "-".join((signs[:4], signs[4:8], signs[8:]))


def show_comment(number: int, *, at: datetime | None = None) -> PublicComment:
    """Put a comment before the public as it was written."""
    comment = _locked(number)
    comment.state, comment.withheld_reason = PublicComment.State.SHOWN, ""
    comment.looked_at = at or timezone.now()
    comment.save()
    return comment


def withhold_comment(number: int, *, reason: str, at: datetime | None = None) -> PublicComment:
    """Keep a comment from the public, or take it away again; that there is one, and the reason, stay public."""
    if not reason.strip():
        raise CommentRefused(_("A comment is withheld only with a reason."), next_step=_("The public reads it."))
    comment = _locked(number)
    comment.state, comment.withheld_reason = PublicComment.State.WITHHELD, reason.strip()
    comment.looked_at = at or timezone.now()
    comment.save()
    return comment


def reply(number: int, *, words: str, at: datetime | None = None) -> PublicComment:
    """Answer a comment. The reply is as public as the comment."""
    if not words.strip():
        raise CommentRefused(_("The reply is empty."), next_step=_("Say what the board makes of it."))
    comment = _locked(number)
    comment.reply, comment.replied_at = words.strip(), at or timezone.now()
    comment.save()
    return comment


def _locked(number: int) -> PublicComment:
    found = PublicComment.objects.select_for_update().filter(pk=number).first()
    if found is None:
        raise NoSuchComment(_("There is no such comment."), next_step=_("See the comments of the motion."))
    return found


def forget_senders(at: datetime | None = None) -> int:
    """Erase the digests of places that are a day old; returns how many were erased."""
    old = PublicComment.objects.filter(received_at__lte=(at or timezone.now()) - SENDER_KEPT).exclude(sender="")
    return old.update(sender="")


def of(label: str) -> list[PublicComment]:
    """Every comment on a motion, oldest first: for the board, also those that the public does not see."""
    return list(PublicComment.objects.filter(motion__label__iexact=label))


def public(label: str) -> list[PublicComment]:
    """The comments on a motion that anyone may read."""
    return list(PublicComment.objects.filter(motion__label__iexact=label, state=PublicComment.State.SHOWN))


def withheld_reasons(label: str) -> list[str]:
    """Why comments on a motion are not shown, without their words."""
    found = PublicComment.objects.filter(motion__label__iexact=label, state=PublicComment.State.WITHHELD)
    return list(found.values_list("withheld_reason", flat=True))


def by_receipt(label: str, receipt: str) -> PublicComment:
    """The comment of who kept this receipt, whatever became of it; raises `NoSuchComment`."""
    signs = "".join(sign for sign in receipt.upper() if sign in RECEIPT_SIGNS)
    wanted = "-".join((signs[:4], signs[4:8], signs[8:]))
    found = PublicComment.objects.filter(motion__label__iexact=label, receipt=wanted).first()
    if found is None:
        raise NoSuchComment(
            _("No comment has this receipt."), next_step=_("Check the signs: there are twelve of them.")
        )
    return found


def comment(number: int) -> PublicComment:
    """A comment by its number, for the board; raises `NoSuchComment`."""
    found = PublicComment.objects.select_related("motion").filter(pk=number).first()
    if found is None:
        raise NoSuchComment(_("There is no such comment."), next_step=_("See the comments of the motion."))
    return found


def tally(label: str) -> Tally:
    """Count the comments on a motion by what became of them."""
    comments = of(label)
    states = [each.state for each in comments]
    return Tally(
        shown=states.count(PublicComment.State.SHOWN),
        waiting=states.count(PublicComment.State.RECEIVED),
        withheld=states.count(PublicComment.State.WITHHELD),
        unanswered=sum(not each.answered for each in comments),
    )
