from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VaultConfig(AppConfig):
    name = "infotrust.shared.vault"
    label = "vault"
    verbose_name = _("Vault of identifiers")
    default_auto_field = "django.db.models.BigAutoField"
