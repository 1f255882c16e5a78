from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    name = "infotrust.stages.agreements"
    label = "agreements"
    verbose_name = _("Agreements")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from infotrust.shared.clocks import services as clocks

        clocks.describe(
            "agreement",
            {
                "counsel review": _("Counsel reviews"),
                "privacy review": _("Privacy officer reviews"),
                "security review": _("Security officer reviews"),
                "program review": _("Program staff review"),
                "reconcile comments": _("A party settles its comments"),
                "decide proposals": _("Whoever drafts decides what Word files propose"),
                "ask board": _("A party’s steward puts it before its board"),
                "signature": _("Board member signs"),
                "confirm signature": _("A second person confirms a signature given elsewhere"),
                "regular review": _("Parties look at it again"),
                "settle dispute": _("Parties settle a dispute"),
                "breach notice": _("Notices of a breach are sent"),
            },
            title=_("Agreements"),
            # Two weeks, as the custodians of a request have.
            due_days=dict.fromkeys(("counsel review", "privacy review", "security review", "program review"), 14),
        )
        clocks.describe(
            "joining",
            {
                "send memo": _("The newcomer’s board member sends the memo"),
                "take up memo": _("A party takes the memo up"),
            },
            title=_("Joining an agreement"),
        )
