"""Who confirmed which regime of the law register, and in which text: "reviewed by, on".

A review changes no decision. It says that counsel of an agency has read the regime as it stands in its two files; when
one of the files changes, the review is known to be of an older text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from infotrust.core import law
from infotrust.core.errors import UserFacingError
from infotrust.core.law import Regime
from infotrust.shared.accounts.models import User
from infotrust.shared.audit import services as audit
from infotrust.shared.audit.events import Event
from infotrust.shared.permissions import duties
from infotrust.shared.permissions.models import LawReview

LONGEST_NOTE = 4_000


@dataclass(frozen=True)
class Reviewed:
    """A regime with its reviews, the newest first. `current`: one of them is of the text as it stands."""

    regime: Regime
    reviews: tuple[LawReview, ...]

    @property
    def current(self) -> bool:
        return any(one.digest == self.regime.digest for one in self.reviews)

    @property
    def unconfirmed(self) -> int:
        """How many statements rest on general knowledge."""
        return sum(not one.confirmed for one in self.regime.statements)


def register() -> tuple[Reviewed, ...]:
    """Return every regime with its reviews."""
    found = LawReview.objects.select_related("by", "agency")
    return tuple(
        _with(one, [review for review in found if review.regime == one.code]) for one in law.regimes().values()
    )


def reviewed(code: str) -> Reviewed:
    """Return one regime with its reviews. Raises `NoSuchRegime`."""
    return _with(law.regime(code), LawReview.objects.filter(regime=code).select_related("by", "agency"))


@transaction.atomic
def confirm(code: str, *, note: str = "", seen: str, by: User, at: datetime | None = None) -> LawReview:
    """Record that counsel stands by a regime's text. `seen`: the digest of the text that the page showed.

    Raises `NotPermitted`, `NoSuchRegime`, and `UserFacingError` where the text changed meanwhile.
    """
    agency = by.agency
    duties.require("confirm law", by=by, agency=agency)
    found = law.regime(code)
    if seen != found.digest:
        raise UserFacingError(
            _("The text of %(law)s changed after you opened this page.") % {"law": found.short},
            next_step=_("Read it again."),
        )
    if len(note) > LONGEST_NOTE:
        raise UserFacingError(_("The note is too long."), next_step=_("Shorten it to 4,000 characters."))
    at = at or timezone.now()
    if agency is None:
        raise AssertionError("a duty for one's own agency was allowed to someone without one")
    made = LawReview.objects.create(regime=code, digest=found.digest, agency=agency, by=by, at=at, note=note.strip())
    audit.record(Event.LAW_CONFIRMED, about=f"law:{code}", by=by, at=at, digest=found.digest)
    return made


def _with(regime: Regime, reviews: Iterable[LawReview]) -> Reviewed:
    return Reviewed(regime, tuple(reviews))
