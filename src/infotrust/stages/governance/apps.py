from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from infotrust.shared.clocks.words import describe


class GovernanceConfig(AppConfig):
    name = "infotrust.stages.governance"
    label = "governance"
    verbose_name = _("Governance")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        describe(
            "motion",
            {
                "review": _("Chair or secretary looks at the motion"),
                "change": _("Who raised it changes the motion"),
                "comments": _("Secretary looks at comments and replies"),
                "answer": _("Secretary has the four questions answered"),
                "open vote": _("Secretary opens the vote"),
                "vote": _("Seat votes"),
                "close vote": _("Secretary closes the vote"),
                "look back": _("Board looks again at what it decided"),
            },
            title=_("Motions"),
        )
        describe(
            "meeting",
            {"attend": _("Member comes to the meeting"), "minutes": _("Secretary brings the minutes to publication")},
            title=_("Meetings"),
        )
