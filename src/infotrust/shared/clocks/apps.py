from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClocksConfig(AppConfig):
    name = "infotrust.shared.clocks"
    label = "clocks"
    verbose_name = _("Clocks")
    default_auto_field = "django.db.models.BigAutoField"
