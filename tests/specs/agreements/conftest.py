"""The small town of the agreement specs: see tests/stages/agreements/conftest.py."""

from tests.stages.agreements.conftest import approved, draft, signed, town

__all__ = ["approved", "draft", "signed", "town"]
