"""Father and son of one name and address, told apart by their birth dates alone, stay two persons."""

from random import Random

import numpy as np
import pyarrow as pa

from infotrust.core.elements import SemanticType
from infotrust.core.matching import Source, link_tables
from infotrust.core.matching.comparing.compare import Frequencies, choose_comparisons
from infotrust.core.matching.learning.meanings import MOST_A_GENERATION_APART, MOST_WITH_A_NUMBER, most_apart
from infotrust.core.matching.learning.patterns import Patterns

COLUMNS = {
    SemanticType.GIVEN_NAME: "given",
    SemanticType.FAMILY_NAME: "family",
    SemanticType.BIRTH_DATE: "born",
    SemanticType.STREET_ADDRESS: "street",
}


def town(seed: int) -> tuple[list[Source], list[tuple[int, int]]]:
    """Two files of 400 homes; in one of eight the son has his father's name. A tenth of the birth dates have a slip."""
    random = Random(seed)
    names = [
        f"{a}{b}{c}" for a in ("Mar", "Jos", "An", "Lu", "Em") for b in ("i", "e", "o") for c in ("na", "ko", "l", "s")
    ]
    people: list[tuple[str, str, str, str]] = []
    generations = []
    for home in range(400):
        family, street = (
            f"{random.choice(names)}{random.choice(names)}",
            f"{random.randint(1, 1999)} {random.choice(names)} St",
        )
        father = random.choice(names)
        people.append((father, family, _born(random, 1955, 1985), street))
        son = father if home % 8 == 0 else random.choice(names)
        people.append((son, family, _born(random, 1990, 2015), street))
        if son == father:
            generations.append((len(people) - 2, len(people) - 1))
    rows: list[list[dict[str, str]]] = [[], []]
    for file in rows:
        for given, family, born, street in people:
            slip = f"{born[:8]}{random.randint(1, 28):02d}" if random.random() < 0.1 else born
            moved = f"{random.randint(1, 1999)} Bay St" if random.random() < 0.2 else street
            file.append({"given": given, "family": family, "born": slip, "street": moved})
    sources = [Source(name, pa.Table.from_pylist(file), COLUMNS) for name, file in zip("ab", rows, strict=True)]
    return sources, generations


def _born(random: Random, first: int, last: int) -> str:
    return f"{random.randint(first, last)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"


def merged(seed: int) -> tuple[int, int]:
    """Fathers and sons who became one person, and records of one person in two files that did not."""
    sources, generations = town(seed)
    person = link_tables(sources).person
    half = len(person) // 2
    apart = int((person[:half] != person[half:]).sum())
    return sum(person[father] == person[son] for father, son in generations), apart


def test_father_and_son_of_one_name_stay_two_persons() -> None:
    """Where a person's own birth dates may be a generation apart as often as they will, 23 of these 50 become one."""
    together, apart = merged(seed=2)
    assert together == 0
    assert apart < 24, "three in a hundred"


def test_where_most_pairs_have_a_number_a_wrong_date_is_a_mistake_like_any_other() -> None:
    often = Frequencies(np.array([1], np.int64), np.array([1_000], np.int64))
    comparisons = choose_comparisons({"birth_date": often, "ssn": often}, 1_000, ["a"])
    for known, most in ((1, MOST_WITH_A_NUMBER), (0, MOST_A_GENERATION_APART)):
        levels = np.array([[1, known], [2, known], [1, 0]], np.uint8)
        assert most_apart(Patterns(levels, np.ones(3), np.arange(3)), comparisons) == most
    assert most_apart(Patterns(levels[:, :1], np.ones(3), np.arange(3)), comparisons[:1]) == MOST_A_GENERATION_APART
