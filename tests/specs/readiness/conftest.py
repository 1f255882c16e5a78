"""The small town of the readiness specs: see tests/stages/readiness/conftest.py."""

from tests.stages.readiness.conftest import (
    answering,
    concluded,
    inventory_of_two,
    side_by_side,
    signed_off,
    talking,
    town,
    use_case,
)

__all__ = [
    "answering",
    "concluded",
    "inventory_of_two",
    "side_by_side",
    "signed_off",
    "talking",
    "town",
    "use_case",
]
