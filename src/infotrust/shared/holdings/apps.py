from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HoldingsConfig(AppConfig):
    name = "infotrust.shared.holdings"
    label = "holdings"
    verbose_name = _("Holdings of content")
    default_auto_field = "django.db.models.BigAutoField"
