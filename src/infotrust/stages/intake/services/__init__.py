"""The verbs of a delivery: receive, load, destroy, open its quarantine; and what an ended agreement does to it."""

from infotrust.stages.intake.services.ending import agreement_ended, destroy, destroy_due, remove_fields
from infotrust.stages.intake.services.loading import delivery_loaded, load_delivery
from infotrust.stages.intake.services.quarantine import as_csv, open_quarantine
from infotrust.stages.intake.services.receiving import receive_delivery

__all__ = [
    "agreement_ended",
    "as_csv",
    "delivery_loaded",
    "destroy",
    "destroy_due",
    "load_delivery",
    "open_quarantine",
    "receive_delivery",
    "remove_fields",
]
