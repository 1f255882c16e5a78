"""What people said about records of a register, what of it is gone by, and when it is time to learn from it.

Answers are kept for as long as the register: of one person about a pair the latest counts, and "cannot tell" takes an
earlier answer back. Which of them decide is one rule for every linkage (`persons.settled`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import pyarrow as pa

from infotrust.core.matching.answers import Answer, RecordKey, Verdict, latest_of_each
from infotrust.core.matching.learning.correction import FEWEST_ANSWERS
from infotrust.core.matching.persons.settled import Asked, Settled
from infotrust.core.matching.registering.folder import Part

_NAMED = "answers.json"

Pair = frozenset[RecordKey]


class Standing(StrEnum):
    """What an answer counts for, as a linkage leaves it."""

    DECIDES = "decides"
    DOUBTED = "doubted: all other evidence is against it, or two people differ"
    CONTRADICTED = "contradicted: other answers leave no room for it"
    WAITS = "waits for a second person"
    SILENT = "says nothing: a record of it is not there, or nobody can tell"

    @property
    def is_doubted(self) -> bool:
        return self in (Standing.DOUBTED, Standing.CONTRADICTED)


def kept_with(said: Sequence[Answer], coming: Sequence[Answer]) -> tuple[tuple[Answer, ...], tuple[Answer, ...]]:
    """All answers from now on, and those of them that are new.

    What someone says of a pair replaces what the same one said of it before; answers without a name replace those
    without a name.
    """
    before, now = _by_voice(said), _by_voice(latest_of_each(coming))
    changed = {voice for voice, answers in now.items() if _counted(answers) != _counted(before.get(voice, []))}
    kept = [answer for voice, answers in before.items() if voice not in changed for answer in answers]
    fresh = tuple(answer for voice, answers in now.items() if voice in changed for answer in answers)
    return (*kept, *fresh), fresh


def _by_voice(answers: Iterable[Answer]) -> dict[tuple[Pair, str], list[Answer]]:
    found: dict[tuple[Pair, str], list[Answer]] = defaultdict(list)
    for answer in answers:
        found[answer.pair, answer.by].append(answer)
    return found


def _counted(answers: Sequence[Answer]) -> Counter[tuple[Verdict, bool]]:
    return Counter((answer.verdict, answer.waits) for answer in answers)


def enough_to_learn(answers: Sequence[Answer], since: int, grown: float) -> bool:
    """Whether so much was said `since` the model was fitted that it should learn: more than the share `grown`."""
    return len(answers) >= FEWEST_ANSWERS and since > grown * len(answers)


def standing_of(asked: Asked | None, settled: Settled | None, place: Mapping[RecordKey, int]) -> dict[Pair, Standing]:
    """What the answers on each asked pair count for. place: of the records that people spoke about."""
    if asked is None or settled is None:
        return {}
    record = {at: key for key, at in place.items()}
    rows = zip(
        asked.pairs.first.tolist(), asked.pairs.second.tolist(), asked.waits.tolist(), settled.doubted.tolist(),
        settled.contradicted.tolist(), strict=True,
    )  # fmt: skip
    return {
        frozenset((record[one], record[other])): Standing.CONTRADICTED if contradicted
        else Standing.WAITS if doubted and waits
        else Standing.DOUBTED if doubted
        else Standing.DECIDES
        for one, other, waits, doubted, contradicted in rows
    }  # fmt: skip


def write(part: Part, answers: Sequence[Answer], standing: Mapping[Pair, Standing]) -> None:
    part.write_json(
        _NAMED,
        [
            [*one.one, *one.other, one.verdict.value, one.by, one.waits, standing.get(one.pair, Standing.SILENT).name]
            for one in answers
        ],
    )


def read(part: Part) -> tuple[tuple[Answer, ...], dict[Pair, Standing]]:
    """The answers, and what each pair's count for. A register of format 1 has neither names nor a standing."""
    answers, standing = [], {}
    for source, record, other, another, verdict, *more in part.read_json(_NAMED):
        by, waits, stands = more or ("", False, Standing.SILENT.name)
        answers.append(Answer((source, record), (other, another), Verdict(verdict), by, waits))
        standing[answers[-1].pair] = Standing[stands]
    return tuple(answers), standing


def table_of(answers: Sequence[Answer], standing: Mapping[Pair, Standing]) -> pa.Table:
    """One row for each answer, those to be looked at again first: two records, verdict, by, and what it counts for."""
    rows = [(answer, standing.get(answer.pair, Standing.SILENT)) for answer in answers]
    rows.sort(key=lambda row: (not row[1].is_doubted, row[1] is not Standing.WAITS))
    columns = {
        "source_1": [answer.one[0] for answer, _ in rows], "id_1": [answer.one[1] for answer, _ in rows],
        "source_2": [answer.other[0] for answer, _ in rows], "id_2": [answer.other[1] for answer, _ in rows],
        "verdict": [answer.verdict.value for answer, _ in rows], "by": [answer.by for answer, _ in rows],
        "counts": [str(stands) for _, stands in rows],
    }  # fmt: skip
    return pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
