from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "infotrust.web"
    label = "web"
    verbose_name = _("Web")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from infotrust.web import checks, reactions

        checks.register_all()
        reactions.connect()
