"""The town of the specs: see tests/stages/requests/conftest.py."""

from tests.stages.requests.conftest import (
    agree,
    analysis_town,
    approved,
    at_state,
    begun,
    drafted,
    licensed,
    loaded,
    town,
)

__all__ = ["agree", "analysis_town", "approved", "at_state", "begun", "drafted", "licensed", "loaded", "town"]
