from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    name = "infotrust.stages.requests"
    label = "requests"
    verbose_name = _("Data requests")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from infotrust.shared.clocks import services as clocks
        from infotrust.shared.permissions import parts
        from infotrust.stages.requests import services

        parts.contribute("licenses", services.compile_in_force)
        clocks.describe(
            "request",
            {
                "completeness check": _("The office checks that it is complete"),
                "answer questions": _("The requester answers questions"),
                "custodian review": _("The custodians review"),
                "decision": _("The boards decide"),
                "issue license": _("The office issues the license"),
            },
            title=_("Data requests"),
            # Ten business days, as Kentucky’s longitudinal data system has for a review.
            due_days={"custodian review": 14},
        )
        clocks.describe(
            "license",
            {
                "acknowledge": _("Named people acknowledge it"),
                "extend or let end": _("The requester asks for more time, or lets it end"),
                "certify destruction": _("The requester certifies that all is destroyed"),
            },
            title=_("Licenses"),
        )
