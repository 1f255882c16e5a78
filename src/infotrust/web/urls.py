"""Every address of the trust: the public portal at the root, one prefix for each stage."""

from django.urls import include, path

from infotrust.web import errors

urlpatterns = [
    path("", include("infotrust.portal.urls")),
    # Addresses are the administrator's matter: with them an agency's own sign-in finds the account.
    path("accounts/email/", errors.not_here),
    path("accounts/", include("allauth.urls")),
    path("desk/", include("infotrust.web.desk_urls")),
    path("inventory/", include("infotrust.stages.inventory.urls")),
    path("partnerships/", include("infotrust.stages.readiness.urls")),
    path("governance/", include("infotrust.stages.governance.urls")),
    path("agreements/", include("infotrust.stages.agreements.urls")),
    path("law/", include("infotrust.stages.agreements.law_urls")),
    path("requests/", include("infotrust.stages.requests.urls")),
    path("deliveries/", include("infotrust.stages.intake.urls")),
    path("linkage/", include("infotrust.stages.linkage.urls")),
    path("questions/", include("infotrust.stages.analysis.urls")),
    path("releases/", include("infotrust.stages.release.urls")),
    path("access/", include("infotrust.shared.permissions.urls")),
    path("clocks/", include("infotrust.shared.clocks.urls")),
    path("jobs/", include("infotrust.shared.jobs.urls")),
]

handler400 = "infotrust.web.errors.bad_request"
