"""The background job of this stage."""

from infotrust.shared.jobs.registry import register
from infotrust.stages.linkage.services import JOB, link_records

register(JOB, link_records)
