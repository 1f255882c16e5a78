"""Verbs of the inventory: register a source or a dataset, and change what is said about a dataset or a field.

Each verb asks `permissions.duties`, keeps the rules of `terms.problems`, records what changed (never a value about
a person: there is none here) and shows the new description in the public catalogue within the same transaction.
"""

from infotrust.stages.inventory.services.datasets import (
    DATASET_PARTS,
    SOURCE_PARTS,
    change_dataset,
    change_source,
    register_dataset,
    register_source,
)
from infotrust.stages.inventory.services.fields import add_field, change_field, reinstate_field, retire_field
from infotrust.stages.inventory.services.rules import DescriptionRefused
from infotrust.stages.inventory.services.showing import dataset_changed

__all__ = [
    "DATASET_PARTS",
    "SOURCE_PARTS",
    "DescriptionRefused",
    "add_field",
    "change_dataset",
    "change_field",
    "change_source",
    "dataset_changed",
    "register_dataset",
    "register_source",
    "reinstate_field",
    "retire_field",
]
