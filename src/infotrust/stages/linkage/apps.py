from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LinkageConfig(AppConfig):
    name = "infotrust.stages.linkage"
    label = "linkage"
    verbose_name = _("Linkage")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from infotrust.stages.linkage import jobs  # noqa: F401 - registers the job
