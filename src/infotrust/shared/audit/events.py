"""What can be recorded. Codes are stable: they stand in logs that outlive this software. Add, never rename."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    SIGNED_IN = "account.signed-in", _("Signed in")
    SIGN_IN_FAILED = "account.sign-in-failed", _("Sign-in failed")
    LOCKED_OUT = "account.locked-out", _("Locked out")
    ACCOUNT_CREATED = "account.created", _("Account created")
    ROLE_GIVEN = "account.role-given", _("Role given")
    ROLE_TAKEN = "account.role-taken", _("Role taken away")
    AGENCY_REGISTERED = "agency.registered", _("Agency registered")
    ACCESS_ALLOWED = "access.allowed", _("Access allowed")
    ACCESS_REFUSED = "access.refused", _("Access refused")
    POLICY_PUBLISHED = "policy.published", _("Policy published")
    SOURCE_REGISTERED = "inventory.source-registered", _("Source registered")
    SOURCE_CHANGED = "inventory.source-changed", _("Source changed")
    DATASET_REGISTERED = "inventory.dataset-registered", _("Dataset registered")
    DATASET_CHANGED = "inventory.dataset-changed", _("Dataset changed")
    AGREEMENT_DRAFTED = "agreement.drafted", _("Agreement drafted")
    AGREEMENT_CHANGED = "agreement.changed", _("Agreement changed")
    AGREEMENT_SUBMITTED = "agreement.submitted", _("Agreement sent for review")
    AGREEMENT_REVIEWED = "agreement.reviewed", _("Agreement reviewed")
    AGREEMENT_SIGNED = "agreement.signed", _("Agreement signed")
    AGREEMENT_IN_FORCE = "agreement.in-force", _("Agreement in force")
    AGREEMENT_ENDED = "agreement.ended", _("Agreement ended")
    DELIVERY_RECEIVED = "delivery.received", _("Delivery received")
    DELIVERY_REFUSED = "delivery.refused", _("Delivery refused")
    DELIVERY_LOADED = "delivery.loaded", _("Delivery loaded")
    QUARANTINE_OPENED = "delivery.quarantine-opened", _("Quarantine opened")
    KEYS_DESTROYED = "storage.keys-destroyed", _("Keys destroyed")
    LINKAGE_RUN = "linkage.run", _("Records linked")
    QUESTION_DRAFTED = "question.drafted", _("Question drafted")
    QUESTION_APPROVED = "question.approved", _("Question approved")
    QUESTION_RUN = "question.run", _("Question run")
    OUTPUT_SUBMITTED = "release.submitted", _("Output sent for checking")
    OUTPUT_CHECKED = "release.checked", _("Output checked")
    OUTPUT_PUBLISHED = "release.published", _("Answer published")
    OUTPUT_WITHDRAWN = "release.withdrawn", _("Answer withdrawn")
    JOB_STARTED = "job.started", _("Background job started")
    JOB_RESUMED = "job.resumed", _("Background job resumed")
    JOB_FAILED = "job.failed", _("Background job failed")
    SETTING_CHANGED = "administration.changed", _("Administrative change")
