"""The memo by which an agency asks to join an agreement that others have in force."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from infotrust.shared.accounts.columns import some_agency, someone, someone_later
from infotrust.stages.agreements.lifecycle import OPEN_JOININGS, JoiningState
from infotrust.stages.agreements.models.agreeing import Agreement

# In one order, so that the migration does not change from run to run.
OPEN = sorted(OPEN_JOININGS)
SENT = sorted({JoiningState.BOARD, JoiningState.WELCOME, JoiningState.PARTIES, JoiningState.JOINED})


class Joining(models.Model):
    """What an agency says before it joins, and how far it has come. `text_digest`: of what was sent, empty before."""

    about_people: ClassVar[dict[str, str]] = {
        "written_by": "public",
        "sent_by": "public",
        "taken_up_by": "public",
        "closed_by": "public",
    }

    # By its name, which every edition in force bears in its turn; no key, because editions come and go meanwhile.
    joins = models.SlugField(_("agreement it joins"), max_length=40)
    agency = some_agency()
    why = models.TextField(_("why it joins"))
    offers = models.TextField(_("data offered"), blank=True)
    may_access = models.TextField(_("authority to have access"), blank=True)
    may_share = models.TextField(_("authority to share"), blank=True)
    security = models.TextField(_("security"), blank=True)
    privacy = models.TextField(_("privacy"), blank=True)
    confidentiality = models.TextField(_("confidentiality"), blank=True)
    conflicts = models.TextField(_("conflicts"), blank=True)
    # {dataset: {field: [uses]}}, by name as in an agreement.
    uses = models.JSONField(default=dict, blank=True)
    receives = models.BooleanField(_("its people use the data too"), default=False)
    executive_board = models.SlugField(_("executive board"), max_length=40, blank=True)
    governing_board = models.SlugField(_("governing board"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=JoiningState.choices, default=JoiningState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    text_digest = models.CharField(max_length=64, blank=True)
    # The next edition of the agreement, by which it joins.
    edition = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="joinings")
    written_by = someone()
    written_at = models.DateTimeField(default=timezone.now)
    sent_by = someone_later()
    sent_at = models.DateTimeField(null=True, blank=True)
    taken_up_by = someone_later()
    taken_up_at = models.DateTimeField(null=True, blank=True)
    closed_by = someone_later()
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(_("why it ended so"), max_length=400, blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("joining memo")
        verbose_name_plural = _("joining memos")
        constraints = (
            models.UniqueConstraint(
                fields=("joins", "agency"), condition=models.Q(state__in=OPEN), name="agreements_joining_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=JoiningState.values), name="agreements_joining_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=SENT)
                | models.Q(models.Q(sent_by__isnull=False, sent_at__isnull=False), ~models.Q(text_digest="")),
                name="agreements_joining_sent_by_whom",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[JoiningState.PARTIES, JoiningState.JOINED])
                | models.Q(edition__isnull=False, taken_up_by__isnull=False, taken_up_at__isnull=False),
                name="agreements_joining_by_an_edition",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN, closed_at__isnull=True)
                | models.Q(~models.Q(state__in=OPEN), closed_at__isnull=False),
                name="agreements_joining_closed_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency}: {self.joins}"

    def said(self) -> dict[str, Any]:
        """Return what the memo says, and nothing about how far it has come, for its digest."""
        names = ("joins", "why", "offers", "may_access", "may_share", "security", "privacy", "confidentiality")
        return {name: getattr(self, name) for name in (*names, "conflicts", "uses", "receives")} | {
            "agency": self.agency.code
        }
