"""The vault of identifiers: names, birth dates and addresses, apart from content and under a key of their own.

Only intake (which fills it) and linkage (which reads it) may import this module; import-linter enforces it. What each
function promises is said in `shared/storage/datasets.py`.
"""

from __future__ import annotations

from infotrust.shared.storage.datasets import RECORD_ID, DatasetRoom
from infotrust.shared.storage.terms import Room

__all__ = [
    "RECORD_ID",
    "ROOM",
    "add",
    "column_names",
    "current_parts",
    "datasets",
    "generation_number",
    "paths_and_keys",
    "read",
    "read_records",
    "seal",
    "shred",
    "superseded_parts",
]

_room = DatasetRoom(Room.VAULT)
ROOM = _room.room

seal, add, shred = _room.seal, _room.add, _room.shred
datasets, column_names, paths_and_keys = _room.datasets, _room.column_names, _room.paths_and_keys
read, read_records = _room.read, _room.read_records
current_parts, superseded_parts = _room.current_parts, _room.superseded_parts
generation_number = _room.generation_number
