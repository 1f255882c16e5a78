from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReleaseConfig(AppConfig):
    name = "infotrust.stages.release"
    label = "release"
    verbose_name = _("Release")
    default_auto_field = "django.db.models.BigAutoField"
