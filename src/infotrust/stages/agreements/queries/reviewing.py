"""What was said about an agreement before its signature, and the documents that are kept of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from infotrust.core.errors import NotThere
from infotrust.shared.accounts.models import Agency, Role
from infotrust.stages.agreements.models import (
    Agreement,
    ClauseComment,
    Contact,
    KeptText,
    Paper,
    Proposal,
    RoleReview,
    SignatureElsewhere,
)


def threads(agreement: Agreement) -> list[ClauseComment]:
    """Return the threads on an agreement, the oldest first, each with its answers."""
    found = agreement.comments.filter(thread__isnull=True).select_related("agency", "by", "settled_by")
    return list(found.prefetch_related("answers__agency", "answers__by"))


def open_threads(agreement: Agreement, agency: Agency | None = None) -> int:
    found = agreement.comments.filter(thread__isnull=True, settled_at__isnull=True)
    return (found.filter(agency=agency) if agency else found).count()


def commenting(agreement: Agreement) -> list[Agency]:
    """Return the agencies that began a thread on an agreement, settled or not."""
    return list(Agency.objects.filter(pk__in=agreement.comments.filter(thread__isnull=True).values("agency")))


def thread(number: int) -> ClauseComment:
    """Return a thread; raises `NotThere`."""
    found = ClauseComment.objects.select_related("agreement", "agency").filter(pk=number, thread__isnull=True).first()
    if found is None:
        raise NotThere(_("There is no such thread."), next_step=_("See the comments on the agreement."))
    return found


def role_reviews(agreement: Agreement) -> list[RoleReview]:
    """Return what privacy, security and program people said of the text as it stands."""
    return list(agreement.role_reviews.filter(text_version=agreement.text_version).select_related("agency", "by"))


@dataclass(frozen=True)
class Answer:
    """What someone answered for an agency on one text. `content`: it was approved, or there was no concern."""

    text: int
    content: bool
    who: str
    said: str


def last_answer(agreement: Agreement, agency: Agency, roles: Collection[str]) -> Answer | None:
    """Return what an agency last said of a text before this one: its counsel, or who holds one of `roles` there."""
    # A draft keeps the number of the text it was before it came back.
    next_text = agreement.text_version + (0 if agreement.text_digest else 1)
    earlier = {"agency": agency, "text_version__lt": next_text}
    counsel = agreement.reviews.filter(**earlier).select_related("by").last()
    others = agreement.role_reviews.filter(**earlier, role__in=roles).select_related("by")
    mine = others.order_by("text_version").last()
    if counsel is not None and (mine is None or Role.COUNSEL in roles):
        return Answer(counsel.text_version, counsel.approve, counsel.by.name, counsel.comment)
    return Answer(mine.text_version, mine.content, mine.by.name, mine.note) if mine is not None else None


def kept_text(agreement: Agreement, version: int) -> KeptText | None:
    """Return the text that was sent for review as `version`; none where it was sent before texts were kept."""
    return agreement.texts.filter(version=version).first() if version else None


def contacts(agreement: Agreement) -> list[Contact]:
    return list(agreement.contacts.select_related("agency", "person"))


def proposals(agreement: Agreement) -> list[Proposal]:
    return list(agreement.proposals.select_related("agency", "by", "decided_by"))


def open_proposals(agreement: Agreement) -> int:
    return agreement.proposals.filter(answer=Proposal.Answer.OPEN).count()


def proposal(number: int) -> Proposal:
    """Return a proposal; raises `NotThere`."""
    found = Proposal.objects.select_related("agreement", "agency").filter(pk=number).first()
    if found is None:
        raise NotThere(_("There is no such proposal."), next_step=_("A newer file may have taken its place."))
    return found


def signatures_elsewhere(agreement: Agreement) -> list[SignatureElsewhere]:
    """Return the signatures given elsewhere under the text as it stands, with the file of each but not its bytes."""
    found = agreement.signatures_elsewhere.filter(text_digest=agreement.text_digest)
    return list(found.select_related("agency", "by", "decided_by", "paper").defer("paper__content"))


def kept_papers(agreement: Agreement) -> list[Paper]:
    """Return the documents kept of an agreement, without their bytes."""
    return list(agreement.papers.defer("content").select_related("agency", "by"))


def kept_paper(agreement: Agreement, number: int) -> Paper:
    """Return a kept document with its bytes; raises `NotThere`."""
    found = agreement.papers.filter(pk=number).first()
    if found is None:
        raise NotThere(_("There is no such document."), next_step=_("See the documents of the agreement."))
    return found


def reviewed_by(agreement: Agreement, party: str) -> bool:
    """Whether the counsel of the agency called `party` has approved the text as it stands."""
    return agreement.parties.filter(agency__code=party, approved_at__isnull=False).exists()


def signed_by(agreement: Agreement, party: str) -> bool:
    return agreement.parties.filter(agency__code=party, signed_at__isnull=False).exists()
