"""A small made-up town whose people are recorded twice, with mistakes, and whose children share all but a name."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pyarrow as pa
import pytest

from infotrust.core.elements import SemanticType
from infotrust.core.matching import Source

GIVEN = (
    "Maria", "Jose", "Ana", "Luis", "Emma", "Noah", "Olivia", "Liam", "Ava", "Elijah", "Sofia", "Mateo",
    "Camila", "Diego", "Lucia", "Hugo", "Elena", "Ivan", "Nora", "Felix", "Ruth", "Omar", "Zoe", "Amir",
    "Leila", "Kofi", "Ama", "Yuki", "Kenji", "Mei", "Bao", "Linh", "Tuan", "Priya", "Arjun", "Fatima", "Yusuf",
    "Chloe", "Jack", "Grace", "Henry", "Alice",
)  # fmt: skip
FAMILY = (
    "Garcia", "Lopez", "Nguyen", "Smith", "Johnson", "Brown", "Okafor", "Mensah", "Tanaka", "Sato", "Chen",
    "Wang", "Patel", "Singh", "Haddad", "Novak", "Kowalski", "Rossi", "Silva", "Costa", "Murphy", "Kelly",
    "Jensen", "Larsen", "Dubois", "Moreau", "Schmidt", "Weber", "Ivanov", "Petrov", "Cohen", "Levi", "Ali",
    "Khan", "Osei", "Diallo",
)  # fmt: skip
STREETS = ("Elm St", "Oak Avenue", "Maple Rd", "Lake Drive", "Hill Road", "Court Circle", "Mill Lane", "Bay Street")


def _town(families: int, seed: int) -> list[dict[str, str]]:
    random = Random(seed)
    people = []
    for home in range(families):
        family, second = random.sample(FAMILY, 2)
        address = f"{random.randint(1, 1999)} {random.choice(STREETS)}"
        twins = random.random() < 0.05
        birth = _birth(random)
        for given in random.sample(GIVEN, random.choice((1, 2, 2, 3))):
            birth = birth if twins else _birth(random)
            people.append(
                {"person": str(len(people)), "home": str(home), "given": given, "family": f"{family} {second}",
                 "born": birth, "street": address, "zip": f"{34800 + home % 40}"}
            )  # fmt: skip
    return people


def _birth(random: Random) -> str:
    return f"{random.randint(2005, 2020)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"


def _mistyped(text: str, random: Random) -> str:
    place = random.randrange(len(text) - 1)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _record(person: dict[str, str], random: Random) -> dict[str, str]:
    copy = dict(person)
    if random.random() < 0.1:
        copy["given"] = _mistyped(copy["given"], random)
    if random.random() < 0.3:
        copy["family"] = copy["family"].split()[0]
    if random.random() < 0.05:
        copy["born"] = copy["born"][:8] + "01"
    if random.random() < 0.15:
        copy["street"] = f"{random.randint(1, 1999)} {random.choice(STREETS)}"
    return copy


COLUMNS = {
    SemanticType.GIVEN_NAME: "given",
    SemanticType.FAMILY_NAME: "family",
    SemanticType.BIRTH_DATE: "born",
    SemanticType.STREET_ADDRESS: "street",
    SemanticType.ZIP_CODE: "zip",
}


@pytest.fixture(scope="session")
def make_town() -> Callable[..., list[Source]]:
    """`make_town(200, seed=1)`: two sources that each record most people of 200 homes; column person is the truth."""

    def make(families: int, *, seed: int = 1, shuffled: int | None = None) -> list[Source]:
        random = Random(seed + 1000)
        people = _town(families, seed)
        sources = []
        for name in ("clinic", "school"):
            rows = [_record(person, random) for person in people if random.random() < 0.8]
            for number, row in enumerate(rows):
                row["record"] = f"{name}-{number}"
            if shuffled is not None:
                Random(shuffled).shuffle(rows)
            sources.append(Source(name, pa.Table.from_pylist(rows), COLUMNS, record_id="record"))
        return sources if shuffled is None else sources[::-1]

    return make


def column_of(sources: list[Source], column: str) -> list[str]:
    return [value for source in sources for value in source.table[column].to_pylist()]


@pytest.fixture
def truth() -> Callable[[list[Source]], list[str]]:
    return lambda sources: column_of(sources, "person")
