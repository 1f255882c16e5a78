from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StorageConfig(AppConfig):
    name = "infotrust.shared.storage"
    label = "storage"
    verbose_name = _("Sealed storage")
    default_auto_field = "django.db.models.BigAutoField"
