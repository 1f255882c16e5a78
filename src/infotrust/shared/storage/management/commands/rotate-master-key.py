"""`infotrust-server rotate-master-key ROOM`: wrap the keys of a room anew under the key in INFOTRUST_NEW_KEY.

The new key comes from the environment, so that it stands neither in a list of processes nor in a shell's history.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from infotrust.core.errors import UserFacingError
from infotrust.shared.storage import services
from infotrust.shared.storage.terms import Room

VARIABLE = "INFOTRUST_NEW_KEY"


class Command(BaseCommand):
    help = "Wrap every data key of ROOM under the new master key in INFOTRUST_NEW_KEY. Stop the other processes first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("room", choices=Room.values)

    def handle(self, *, room: str, **_options: Any) -> None:
        new_key = os.environ.get(VARIABLE, "")
        if not new_key:
            raise UserFacingError(f"{VARIABLE} is not set.", next_step="Set it to 64 fresh hexadecimal digits.")
        count = services.rotate_master_key(room, new_key=new_key, by=None)
        self.stdout.write(
            f"{count} keys of the room {room} are wrapped anew. Now set INFOTRUST_{room.upper()}_KEY to the new key, "
            "start the other processes, and destroy the old key: backups of the database become unreadable with it."
        )
