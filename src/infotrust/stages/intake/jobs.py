"""What the background worker does for intake."""

from __future__ import annotations

from infotrust.shared.jobs import registry
from infotrust.stages.intake import services

registry.register("load delivery", services.load_delivery)
registry.register("remove fields", services.remove_fields)
# Retention is counted in days; an hour's delay is within what "on that day" means.
registry.every(3600, "destroy deliveries whose time is up", services.destroy_due)
