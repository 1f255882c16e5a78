from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReadinessConfig(AppConfig):
    name = "infotrust.stages.readiness"
    label = "readiness"
    verbose_name = _("Partnerships")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from infotrust.stages.readiness.terms import describe_steps

        describe_steps()
