"""A data use license as numbered clauses and as policies, both made from the same values.

A license narrows the agreements it stands under and never widens them: everything made here is a refusal. It speaks
only about requests that name it; what an agreement or a law refuses is refused under a license too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from infotrust.core.policy.clauses import ASKING, Clause, Compiled
from infotrust.core.policy.names import field_id, listing, name, quote, uid
from infotrust.core.policy.terms import PURPOSES, Use, digest

# What a license can be for, said of its fields. Nobody contributes, links or sees a record under a license.
USE_OF_THEM: dict[str, str] = {Use.AGGREGATE: "count by them", Use.EXTRACT: "take rows with them"}


@dataclass(frozen=True)
class LicenseTerms:
    """What is licensed. `people` are (label, name) of those named; `acknowledged` the labels of those who agreed.

    It runs from the first moment of `starts_on` to the last of `ends_on`, in `zone`. `fields` are (dataset, field).
    """

    code: str
    version: int
    title: str
    request: str
    licensee: str
    agreements: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    purposes: tuple[str, ...]
    uses: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    environment: str
    outputs: str
    publication: str
    destruction: str
    starts_on: date
    ends_on: date
    destroy_on: date
    conditions: tuple[str, ...] = ()
    acknowledged: frozenset[str] = frozenset()
    zone: str = "America/New_York"

    @property
    def starts(self) -> int:
        """The first second of the license (Unix time)."""
        return _midnight(self.starts_on, self.zone)

    @property
    def ends(self) -> int:
        """The first second after the license (Unix time)."""
        return _midnight(self.ends_on + timedelta(days=1), self.zone)


def license_clauses(terms: LicenseTerms) -> tuple[Clause, ...]:
    """Return the clauses of a license in order, numbered from 1; the policy of each stands with it."""
    makers = (
        _agreements,
        _people,
        _purposes,
        _fields,
        _term,
        _training,
        _environment,
        _outputs,
        _publication,
        _conditions,
        _destruction,
        _ending,
    )
    parts = [part for make in makers if (part := make(terms))]
    return tuple(_numbered(terms, number, part) for number, part in enumerate(parts, start=1))


def license_text(terms: LicenseTerms) -> str:
    """Return the whole license as plain text, as each named person acknowledges it."""
    lines = [f"{terms.code}, version {terms.version}: {_line(terms.title)}", ""]
    for clause in license_clauses(terms):
        lines.append(f"{clause.number}. {clause.heading}. {clause.text}")
        lines += [f"   - {item}" for item in clause.items]
    return "\n".join(lines) + "\n"


def license_digest(terms: LicenseTerms) -> str:
    """Return the digest that an acknowledgment stands under: of the exact text, whoever has acknowledged it so far."""
    return digest({"license": license_text(terms)})


def compile_license(terms: LicenseTerms) -> Compiled:
    """Return the refusals and entities of one license."""
    policies = "\n\n".join(clause.policy for clause in license_clauses(terms) if clause.policy) + "\n"
    made = tuple(_entities(terms))
    return Compiled(terms.code, policies, made, digest({"policies": policies, "entities": made}))


@dataclass(frozen=True)
class _Part:
    """A clause before it has its number. `unless`: where it is a rule, the Cedar condition that lifts the refusal."""

    heading: str
    text: str
    items: tuple[str, ...] = ()
    key: str = ""
    plain: str = ""
    unless: str = ""
    kept_by: str = ""


def _numbered(terms: LicenseTerms, number: int, part: _Part) -> Clause:
    rule = f"{terms.code}/{part.key}" if part.key else ""
    policy = _refusal(terms, number, rule, part.plain, part.unless) if rule else ""
    return Clause(number, part.heading, part.text, part.items, rule, policy, part.kept_by)


def _refusal(terms: LicenseTerms, number: int, rule: str, plain: str, unless: str) -> str:
    actions = ", ".join(name("Action", use) for use in ASKING)
    return (
        f"@id({quote(rule)})\n@plain({quote(plain)})\n@cite({quote(f'{terms.code}, clause {number}')})\n"
        f"forbid (principal, action in [{actions}], resource)\n"
        f"when {{ context.license == {name('License', terms.code)} }}\nunless {{ {unless} }};"
    )


def _agreements(terms: LicenseTerms) -> _Part:
    codes = listing(terms.agreements)
    return _Part(
        "Agreement",
        f"This license follows the granted request {terms.request}. It stands under {codes}: it allows nothing that "
        "is not allowed there, and it ends when they end.",
        key="agreement",
        plain=f"{terms.code} may be used only with data shared under {codes}.",
        unless=f"context.agreement in [{_names('Agreement', terms.agreements)}]",
    )


def _people(terms: LicenseTerms) -> _Part:
    return _Part(
        "People",
        f"Only these people use the data, each after acknowledging this text; {_line(terms.licensee)} answers for "
        "them. Nobody passes the data, or a way to reach it, to anyone else:",
        tuple(_line(person) for _label, person in terms.people),
        key="people",
        plain=f"{terms.code} is used only by the people it names, once they have acknowledged it.",
        unless=f"context.person in {name('License', terms.code)}",
    )


def _purposes(terms: LicenseTerms) -> _Part:
    titles = listing([PURPOSES[code].title for code in terms.purposes])
    return _Part(
        "Purpose",
        f"The data is used for {titles}, to answer what the request asks, and for nothing else.",
        key="purposes",
        plain=f"{terms.code} allows its data to be used for {titles} only.",
        unless=f"context.purpose in [{_names('Purpose', terms.purposes)}]",
    )


def _fields(terms: LicenseTerms) -> _Part:
    listed = _names("Field", (field_id(*pair) for pair in terms.fields))
    uses = listing([USE_OF_THEM[use] for use in terms.uses])
    actions = " || ".join(f"action == {name('Action', use)}" for use in terms.uses)
    return _Part(
        "Fields and uses",
        f"Only these fields are used, and only to {uses}:",
        tuple(f"{dataset}, {field}" for dataset, field in terms.fields),
        key="fields",
        plain=f"{terms.code} does not list this field for this use.",
        unless=f"resource in [{listed}] && ({actions})",
    )


def _term(terms: LicenseTerms) -> _Part:
    first, last = _day(terms.starts_on), _day(terms.ends_on)
    return _Part(
        "Term",
        f"This license begins on {first} and ends on {last}, both days included.",
        key="term",
        plain=f"{terms.code} is in force from {first} to {last} only.",
        unless=f"context.now >= {terms.starts} && context.now < {terms.ends}",
    )


def _training(terms: LicenseTerms) -> _Part:
    return _Part(
        "Training and confidentiality",
        "Each named person has valid privacy training whenever they use the data, keeps what they learn "
        "confidential, and never tries to find out who a record is about.",
        key="training",
        plain=f"{terms.code} is used only by people whose privacy training is valid.",
        unless="context.trained",
    )


def _environment(terms: LicenseTerms) -> _Part:
    return _Part("Where", _line(terms.environment), kept_by="the closed room in which questions are run")


def _outputs(terms: LicenseTerms) -> _Part:
    return _Part("Outputs", _line(terms.outputs), kept_by="the disclosure check before every release")


def _publication(terms: LicenseTerms) -> _Part:
    return _Part("Publication", _line(terms.publication), kept_by="the release of outputs and the licensee")


def _conditions(terms: LicenseTerms) -> _Part | None:
    listed = tuple(map(_line, terms.conditions))
    text = "It was granted on these conditions:"
    return _Part("Conditions", text, listed, kept_by="the licensee") if listed else None


def _destruction(terms: LicenseTerms) -> _Part:
    text = f"By {_day(terms.destroy_on)} everything held under this license is destroyed: {_line(terms.destruction)}"
    return _Part("Destruction", f"{text} A certificate says so.", kept_by="the destruction certificate")


def _ending(_terms: LicenseTerms) -> _Part:
    text = (
        "A change or an extension is a new version that everyone named acknowledges anew. An agency whose data is "
        "licensed may revoke this license; use stops with the next request."
    )
    return _Part("Change and end", text, kept_by="the policy version published when it ends")


def _entities(terms: LicenseTerms) -> Iterator[dict[str, Any]]:
    yield {"uid": uid("License", terms.code), "attrs": {}, "parents": []}
    for label, _person in terms.people:
        if label in terms.acknowledged:
            yield {"uid": uid("Person", label), "attrs": {}, "parents": [uid("License", terms.code)]}


def _names(kind: str, codes: Iterable[str]) -> str:
    return ", ".join(name(kind, code) for code in codes)


def _line(text: str) -> str:
    """One line: nothing that was typed can pass for a clause of its own."""
    return " ".join(text.split())


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _midnight(day: date, zone: str) -> int:
    return int(datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).timestamp())
