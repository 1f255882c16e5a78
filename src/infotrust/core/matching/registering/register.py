"""A register, open for reading: who is who, and what became of every identifier there ever was.

    register = Register.open(Path("register"))
    register.resolve(old_identifier)

What changes a register is `linking.link_to_register`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.compiled import FloatArray, LongArray
from infotrust.core.matching.registering import answered
from infotrust.core.matching.registering.answered import Standing
from infotrust.core.matching.registering.folder import Folder
from infotrust.core.matching.registering.held import Held, read_held
from infotrust.core.matching.registering.identity import followed, number_of, written
from infotrust.core.matching.registering.regroup import among, strongest
from infotrust.core.matching.registering.whole import history_of, ids_of, person_ids


@dataclass(frozen=True)
class Register:
    """One generation of a register, open for reading: it stays as it is while others write the next."""

    held: Held

    @staticmethod
    def open(path: Path) -> Register:
        """Raises UserFacingError when there is none, it is damaged, or a newer version wrote it."""
        folder = Folder(Path(path))
        for _ in range(3):  # a writer may switch, and remove what was just named
            generation = folder.read_header().get("generation")
            try:
                return Register(read_held(folder))
            except UserFacingError:
                if folder.read_header().get("generation") == generation:
                    raise
        return Register(read_held(folder))

    @property
    def records(self) -> int:
        return self.held.header.records

    @property
    def persons(self) -> int:
        return len(self.current_persons())

    def current_persons(self) -> LongArray:
        """Numbers of the persons that have records now, in order."""
        there = np.zeros(self.held.header.persons, bool)
        there[self.held.person[self.held.there]] = True
        return np.flatnonzero(there)

    def resolve(self, identifier: str) -> tuple[str, ...]:
        """The identifiers that the records of a person are under now: the same, others, or none.

        Raises UserFacingError when there never was such an identifier.
        """
        ids = person_ids(self.held)
        number = number_of(ids, identifier)
        if number is None:
            raise UserFacingError(
                "The register never gave this identifier.", next_step="Compare it letter by letter: 32 of 0-9 and a-f."
            )
        now = followed(history_of(self.held), number, self.current_persons().tolist())
        return tuple(sorted(written(ids[list(now)]).to_pylist())) if now else ()

    def table(self) -> pa.Table:
        """Every record that is there: source, record_id, person. In no order that says anything."""
        places = np.flatnonzero(self.held.there)
        return pa.table(
            {
                "source": pa.array(self.held.header.sources).take(pa.array(self.held.source[places])),
                "record_id": ids_of(self.held, places),
                "person": self.person_ids(places),
            }
        )

    def answers(self) -> pa.Table:
        """What people said: source_1, id_1, source_2, id_2, verdict, by, and what each counts for (`counts`)."""
        return answered.table_of(*answered.read(self.held.state))

    @property
    def answers_doubted(self) -> int:
        """How many answers are not gone by, and to be looked at again."""
        said, standing = answered.read(self.held.state)
        return sum(standing.get(answer.pair, Standing.SILENT).is_doubted for answer in said)

    def person_ids(self, places: LongArray) -> pa.Array:
        return written(person_ids(self.held)[self.held.person[places]])

    def weights(self, places: LongArray) -> FloatArray:
        """Log2 odds of each record's strongest candidate link inside its person, nan without one: float64 [places]."""
        held = self.held
        wanted = np.zeros(held.header.persons + 1, bool)
        wanted[held.person[places]] = True
        near = np.flatnonzero(held.there & wanted[held.person])
        local = np.full(held.places, -1, np.int32)
        local[near] = np.arange(len(near), dtype=np.int32)
        best = strongest(among(near, local, held.pairs), held.person[near].astype(np.int64))
        return best[local[places]]
