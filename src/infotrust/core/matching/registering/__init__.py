"""A register on disk: what more records are linked to, and the identifiers of persons that last."""

from infotrust.core.matching.registering.linking import Linked, Refit, link_to_register
from infotrust.core.matching.registering.lookup import Answered, Candidate, Desk, Found
from infotrust.core.matching.registering.register import Register

__all__ = ["Answered", "Candidate", "Desk", "Found", "Linked", "Refit", "Register", "link_to_register"]
