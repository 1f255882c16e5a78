from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "infotrust.web"
    label = "web"
    verbose_name = _("Web")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.conf import settings

        from infotrust.core import law
        from infotrust.web import checks, reactions

        law.use(settings.LAW_FOLDER)
        checks.register_all()
        reactions.connect()
