"""Questions the county can answer, with their true answers and what was planted for them to find.

Each `*.yaml` here is one question: what it asks, the tables it reads, the mechanism that was planted, its SQL, and what
an analysis must find within a stated interval. The SQL runs in DuckDB over a written county, where every table that
holds people's identifiers has one more column, `person_id`, the true person: the answer an analyst would get with
perfect links. `answer` is what goes to truth/answers.json; `measure` compares the finds with their intervals.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from infotrust.core.errors import UserFacingError
from infotrust.core.practice.parameters import OWN_LOADER
from infotrust.core.practice.questions.library import MEMORY, Library

SUFFIX = ".yaml"


@dataclass(frozen=True)
class Find:
    """A number that an analysis must find: `sql` gives it, from the tables or from `answer`, the question's rows.

    The interval is promised for counties of `people` inhabitants and more.
    """

    name: str
    says: str
    sql: str
    low: float
    high: float
    people: int


@dataclass(frozen=True)
class Question:
    code: str
    title: str
    asks: str
    reads: tuple[str, ...]  # agency/table
    mechanism: str
    parameters: tuple[str, ...]  # paths of the parameters that plant it
    sql: str
    finds: tuple[Find, ...]


@dataclass(frozen=True)
class Measured:
    """What was found in a county. `promised` where the county is large enough for the interval."""

    question: str
    find: str
    says: str
    value: float | None
    low: float
    high: float
    inside: bool
    promised: bool


def load() -> tuple[Question, ...]:
    """All questions, in the order of their codes. Raises ValueError, naming the file, where one is not well formed."""
    found = [
        _question(file.name, file.read_text(encoding="utf-8"))
        for file in files(__package__).iterdir()
        if file.name.endswith(SUFFIX)
    ]
    return tuple(sorted(found, key=lambda one: one.code))


def _question(name: str, text: str) -> Question:
    try:
        raw: Mapping[str, Any] = yaml.load(text, Loader=OWN_LOADER)  # noqa: S506  (a safe loader)
        question = Question(
            code=raw["code"],
            title=raw["title"].strip(),
            asks=raw["asks"].strip(),
            reads=tuple(_path(one) for one in raw["reads"]),
            mechanism=raw["planted"]["mechanism"].strip(),
            parameters=tuple(raw["planted"].get("parameters") or ()),
            sql=raw["sql"],
            finds=tuple(_find(one) for one in raw["finds"]),
        )
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as problem:
        raise ValueError(f"questions/{name} is not well formed: {problem!r}") from problem
    if question.code + SUFFIX != name:
        raise ValueError(f"questions/{name} holds the question {question.code!r}: the two must be one")
    return question


def _find(raw: Mapping[str, Any]) -> Find:
    low, high = float(raw["low"]), float(raw["high"])
    return Find(raw["name"], str(raw["says"]).strip(), raw["sql"], low, high, int(raw["people"]))


def _path(read: str) -> str:
    """`early_intervention.children`, as the SQL says it, or early-intervention/children, as the file is called."""
    if "/" in read:
        return read
    agency, _, table = read.partition(".")
    return f"{agency.replace('_', '-')}/{table}"


# --- asking ---


def answer(folder: Path, scratch: Path | None = None) -> dict[str, Any]:
    """The true answer to each question that the folder's tables can answer, and what is missing for the others.

    A very large county may need more memory for a question than there is: its files are no worse for that.
    `folder` holds a written county; DuckDB keeps what does not fit into memory in `scratch`.
    """
    answers: dict[str, Any] = {}
    unanswered: dict[str, dict[str, Any]] = {}
    with _library(folder, scratch) as library:
        for question in load():
            missing = library.missing(question.reads)
            if missing:
                unanswered[question.code] = {"missing": missing}
                continue
            try:
                library.ask(question.code, question.sql, question.reads)
            except MemoryError:
                unanswered[question.code] = {"missing": [], "needs": f"more memory than {MEMORY}"}
                continue
            asked = {"title": question.title, "asks": question.asks, "planted": question.mechanism}
            answers[question.code] = {**asked, "rows": library.rows()}
    return {"answers": answers, "unanswered": unanswered}


def measure(folder: Path, scratch: Path | None = None, codes: tuple[str, ...] = ()) -> list[Measured]:
    """What each find of each answerable question (or of those of `codes`) gives in the county of `folder`."""
    measured = []
    with _library(folder, scratch) as library:
        for question in load():
            if library.missing(question.reads) or (codes and question.code not in codes):
                continue
            library.ask(question.code, question.sql, question.reads)
            measured += [_measured(library, question, find) for find in question.finds]
    return measured


def _measured(library: Library, question: Question, find: Find) -> Measured:
    value = library.number(find.sql)
    inside = value is not None and find.low <= value <= find.high
    promised = library.people >= find.people
    return Measured(question.code, find.name, find.says, value, find.low, find.high, inside, promised)


@contextmanager
def _library(folder: Path, scratch: Path | None) -> Iterator[Library]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise UserFacingError(
            f"{folder} holds no practice county.", next_step="Name a folder that `infotrust practice --out` wrote."
        ) from problem
    with tempfile.TemporaryDirectory(dir=scratch) as own:
        library = Library(folder, manifest, Path(own))
        try:
            yield library
        finally:
            library.close()
