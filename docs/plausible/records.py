"""What the agencies' files are like: gaps, mistakes, duplicates, overlaps and costs, asked of a written county in SQL.

The truth beside the files (truth/records) says whose each record is and what went wrong in it, so that every rate here
is counted, not estimated. "Identity table" means a table in which each row is one record about a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infotrust.core.practice.questions.library import Library

TRUTH = "truth/records/"
PAGE = "the plausibility page"  # who asks, should SQL not run
# Mistakes that touch a name, which clerks make more often where a name is strange to them.
NAME_SLIPS = ("keying", "phonetic", "ocr", "swapped_names", "transliteration", "twins_confused")
SECOND_BY_DESIGN = ("jail/aliases",)  # tables that hold other names of people whose first is elsewhere
FEWEST_PEOPLE = 30  # for which a rate by community is shown


@dataclass(frozen=True)
class Table:
    """An identity table: `early-intervention/children`."""

    path: str
    key: str
    columns: tuple[str, ...]

    @property
    def agency(self) -> str:
        return self.path.partition("/")[0]

    @property
    def sql(self) -> str:
        agency, _, name = self.path.partition("/")
        return f'"{agency.replace("-", "_")}"."{name}"'

    @property
    def truth(self) -> str:
        return f"{TRUTH}{self.path.replace('/', '-')}"


class Files:
    """A written county that answers in SQL."""

    def __init__(self, library: Library, manifest: dict[str, Any]) -> None:
        self.library, self.manifest = library, manifest
        self.tables = tuple(self._identity_tables())

    def _identity_tables(self) -> Iterator[Table]:
        files = self.library.files
        for path, entry in files.items():
            agency, _, name = path.partition("/")
            truth = f"{TRUTH}{agency}-{name}"
            if truth in files:
                yield Table(path, next(iter(files[truth]["columns"])), tuple(entry["columns"]))

    def rows(self, sql: str, *reads: str) -> list[dict[str, Any]]:
        self.library.ask(PAGE, sql, reads)
        return self.library.rows()

    def number(self, sql: str, *reads: str) -> float | None:
        self.library.ask(PAGE, f"SELECT ({sql}) AS value", reads)
        return self.library.number("SELECT value FROM answer")

    def has(self, *paths: str) -> bool:
        return not self.library.missing(paths)


@contextmanager
def county_files(folder: Path) -> Iterator[Files]:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    with TemporaryDirectory() as scratch:
        library = Library(folder, manifest, Path(scratch))
        try:
            yield Files(library, manifest)
        finally:
            library.close()


def mistakes(files: Files) -> dict[str, dict[str, float]]:
    """Agency -> mechanism -> share of its records in which it happened; "records" is their number, "any" any "
    "mistake."""
    found: dict[str, dict[str, float]] = {}
    for agency in sorted({table.agency for table in files.tables}):
        truths = [table.truth for table in files.tables if table.agency == agency]
        union = " UNION ALL ".join(
            f"SELECT coalesce(mistakes, '') AS mistakes FROM {_quoted(truth)}" for truth in truths
        )
        total = files.rows(
            f"SELECT count(*) AS n, count(*) FILTER (WHERE mistakes <> '') AS some FROM ({union})", *truths
        )[0]
        words = files.rows(
            f"SELECT word, count(*) AS n FROM (SELECT unnest(string_split(mistakes, ' ')) AS word FROM ({union})) "
            "WHERE word <> '' GROUP BY word",
            *truths,
        )
        records = max(1, total["n"])
        found[agency] = {"records": total["n"], "any": total["some"] / records}
        found[agency] |= {row["word"]: row["n"] / records for row in words}
    return found


def _quoted(path: str) -> str:
    schema, _, table = path.partition("/")
    return f'"{schema}"."{table}"'


def name_slips_by_community(files: Files) -> dict[str, tuple[int, float]]:
    """Community -> records, share of them with a slip in a name, all agencies together."""
    truths = [table.truth for table in files.tables]
    union = " UNION ALL ".join(
        f"SELECT person_id, coalesce(mistakes, '') AS mistakes FROM {_quoted(t)}" for t in truths
    )
    slipped = f"list_has_any(string_split(mistakes, ' '), {list(NAME_SLIPS)})"
    rows = files.rows(
        f"SELECT community, count(*) AS n, avg(({slipped})::INT) AS share FROM ({union}) "
        'JOIN "truth"."persons" USING (person_id) GROUP BY community '
        f"HAVING count(DISTINCT person_id) >= {FEWEST_PEOPLE}",
        "truth/persons",
        *truths,
    )
    return {row["community"]: (row["n"], row["share"]) for row in rows}


def missing_ssn(files: Files) -> dict[str, tuple[int, float]]:
    """Identity table -> records, share of them without nine usable digits of a Social Security number."""
    found = {}
    for table in files.tables:
        column = next((name for name in table.columns if name.lower() in ("ssn", "social_security_number")), None)
        if column is None:
            continue
        digits = f"regexp_replace(coalesce(\"{column}\"::VARCHAR, ''), '[^0-9]', '', 'g')"
        usable = f"length({digits}) = 9 AND length(replace({digits}, left({digits}, 1), '')) > 0"
        row = files.rows(f"SELECT count(*) AS n, avg((NOT ({usable}))::INT) AS share FROM {table.sql}", table.path)[0]
        found[table.path] = (row["n"], row["share"])
    return found


def duplicates(files: Files) -> dict[str, tuple[int, float]]:
    """Identity table -> records, share of them that are a second record of somebody entered twice."""
    found = {}
    for table in files.tables:
        if table.path in SECOND_BY_DESIGN:
            continue
        row = files.rows(
            "SELECT count(*) AS n, avg(coalesce(list_contains(string_split(mistakes, ' '), 'entered_twice'), "
            "false)::INT) "
            f"AS share FROM {_quoted(table.truth)}",
            table.truth,
        )[0]
        found[table.path] = (row["n"], row["share"] or 0.0)
    return found


def overlap(
    files: Files, born: tuple[str, str] | None = None
) -> tuple[list[str], dict[tuple[str, str], float], dict[str, int]]:
    """Agencies; share of the people of the first that are also known to the second; people of each.

    `born` limits it to people born from the first day to the second.
    """
    agencies = sorted({table.agency for table in files.tables})
    known = " UNION ".join(
        f"SELECT '{table.agency}' AS agency, person_id FROM {_quoted(table.truth)} WHERE person_id IS NOT NULL"
        for table in files.tables
    )
    where = f"WHERE birth BETWEEN DATE '{born[0]}' AND DATE '{born[1]}'" if born else ""
    people = f'SELECT known.* FROM ({known}) AS known JOIN "truth"."persons" USING (person_id) {where}'
    rows = files.rows(
        f"WITH people AS ({people}) SELECT l.agency AS one, r.agency AS other, count(*) AS n "
        "FROM people l JOIN people r USING (person_id) GROUP BY ALL",
        "truth/persons",
        *(table.truth for table in files.tables),
    )
    both = {(row["one"], row["other"]): row["n"] for row in rows}
    sizes = {agency: both.get((agency, agency), 0) for agency in agencies}
    return agencies, {pair: n / sizes[pair[0]] for pair, n in both.items()}, sizes


def combinations(
    files: Files, agencies: tuple[str, ...], born: tuple[str, str]
) -> tuple[int, list[tuple[tuple[str, ...], int]]]:
    """How many people born within the days were ever known to which of the agencies, the largest groups first."""
    tables = [table for table in files.tables if table.agency in agencies]
    known = " UNION ".join(
        f"SELECT '{table.agency}' AS agency, person_id FROM {_quoted(table.truth)}" for table in tables
    )
    rows = files.rows(
        f"SELECT known, count(*) AS n FROM (SELECT person_id, string_agg(agency, ' ' ORDER BY agency) AS known "
        f'FROM ({known}) JOIN "truth"."persons" USING (person_id) '
        f"WHERE birth BETWEEN DATE '{born[0]}' AND DATE '{born[1]}' GROUP BY person_id) GROUP BY known",
        "truth/persons",
        *(table.truth for table in tables),
    )
    groups = [(tuple(row["known"].split()), row["n"]) for row in rows]
    return sum(n for _, n in groups), sorted(groups, key=lambda group: (-group[1], group[0]))


Shares = dict[str, tuple[int, float]]


def percent_of(shares: Shares, name: str) -> float | None:
    """The share of one table or community, in percent."""
    return 100 * shares[name][1] if name in shares else None


def times_as_many(shares: Shares, one: str, other: str) -> float | None:
    """How many times the share of `other` that of `one` is."""
    if one not in shares or not shares.get(other, (0, 0.0))[1]:
        return None
    return shares[one][1] / shares[other][1]
