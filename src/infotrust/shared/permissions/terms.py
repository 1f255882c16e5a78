"""The purposes of `core.policy.terms`, worded for those who work in the trust. The public reads `portal.words`."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PURPOSE_TITLES: dict[str, Promise] = {
    "service": _("Serving people"),
    "care_coordination": _("Coordinating care for a person"),
    "improvement": _("Improving services"),
    "program_evaluation": _("Evaluating programs"),
    "planning": _("Planning services"),
    "linkage": _("Linking records"),
    "research": _("Research"),
    "enforcement": _("Enforcement against people (never allowed)"),
}
