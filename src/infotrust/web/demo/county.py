"""What the demonstration reads: the partners, datasets, agreements and questions in `examples/marigold`."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from infotrust.core.errors import UserFacingError
from infotrust.shared.accounts.models import Agency, User
from infotrust.web import environment

EXAMPLES = Path(settings.PACKAGE).parent.parent / "examples" / "marigold"
PARAMETERS = EXAMPLES / "parameters.yaml"
PERIOD = "2025-26"
SEED = 20261


@dataclass
class County:
    """One demonstration: its size, the folder of the partners' files, and who acts for whom."""

    people: int
    password: str
    home: Path = field(default_factory=lambda: Path(settings.HOME))

    @property
    def files(self) -> Path:
        """Where the partners' own files are: outside the trust, as they would be."""
        return self.home / "partners"

    @cached_property
    def agencies(self) -> list[dict[str, Any]]:
        return _read("agencies")

    @cached_property
    def persons(self) -> list[dict[str, Any]]:
        return _read("people")

    @cached_property
    def datasets(self) -> list[dict[str, Any]]:
        return _read("datasets")

    @cached_property
    def agreements(self) -> list[dict[str, Any]]:
        return _read("agreements")

    @cached_property
    def agreements_above(self) -> list[dict[str, Any]]:
        return _read("agreements", "above")

    @cached_property
    def agreements_beside(self) -> list[dict[str, Any]]:
        return _read("agreements", "beside")

    @cached_property
    def boards(self) -> list[dict[str, Any]]:
        return _read("boards")

    @cached_property
    def motions(self) -> list[dict[str, Any]]:
        return _read("boards", "motions")

    @cached_property
    def meetings(self) -> list[dict[str, Any]]:
        return _read("boards", "meetings")

    @cached_property
    def questions(self) -> list[dict[str, Any]]:
        return _read("questions")

    def agency(self, code: str) -> Agency:
        return Agency.objects.get(code=code)

    def person(self, role: str, agency: str = "", which: int = 0) -> User:
        """Return the first one who holds `role` (or the one after so many), at `agency` where it is given."""
        holders = User.objects.filter(roles_held__role=role, **({"agency__code": agency} if agency else {}))
        return holders.order_by("pk")[which : which + 1].get()

    def logins(self) -> list[tuple[str, str, str]]:
        """Return one (role, agency, e-mail address) for each role."""
        first: dict[str, tuple[str, str, str]] = {}
        for person in self.persons:
            for role in person["roles"]:
                first.setdefault(role, (role, person["agency"], person["email"]))
        return list(first.values())


def _read(name: str, part: str = "") -> list[dict[str, Any]]:
    path = EXAMPLES / f"{name}.yaml"
    if not path.exists():
        raise UserFacingError(
            f"The demonstration needs {path.name} in {EXAMPLES}.", next_step="Run it from a clone of the project."
        )
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))[part or name]
    return entries


def open_county(people: int | None) -> County:
    """Return the county of this home, remembered from the last run; a new one where there is none.

    Raises `UserFacingError` where a county of another size is already there.
    """
    note = Path(settings.HOME) / environment.DEMONSTRATION_FILE
    if note.exists():
        kept = json.loads(note.read_text(encoding="utf-8"))
        if people is not None and people != kept["people"]:
            raise UserFacingError(
                f"There is already a county of {kept['people']:,} people in {settings.HOME}.",
                next_step=f"Add --fresh to make one of {people:,} instead.",
            )
        return County(kept["people"], kept["password"])
    county = County(people or 20_000, f"marigold-{secrets.token_hex(4)}")
    note.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump({"people": county.people, "password": county.password}, out)
    return county
