"""The terms of a clause that a machine keeps: limits on an agreement's rows, refusals by policy, and clocks.

Each kind of term says in words what it asks, what contradicts it, and (where data is asked for) the policy that keeps
it. The value stands in the clause's text by name, in braces: words and enforcement are made from one number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from infotrust.core import law
from infotrust.core.policy.names import listing, name
from infotrust.core.policy.terms import PURPOSES, USE_WORDS, AgreementTerms, Level, Use

LICENSE_NEEDED = "license_needed_for"
# What a license can be for (see `licenses`): nobody contributes, links or sees a record under one.
LICENSABLE = (Use.AGGREGATE, Use.EXTRACT)
# From the most to the least identified.
STRICTER = (Level.IDENTIFIED, Level.LIMITED, Level.DEIDENTIFIED, Level.AGGREGATE)
LEVEL_SHORT: dict[str, str] = {
    Level.IDENTIFIED: "rows with identifiers",
    Level.LIMITED: "rows of a limited data set",
    Level.DEIDENTIFIED: "rows without any direct identifier",
    Level.AGGREGATE: "counts and other results about groups",
}


@dataclass(frozen=True)
class MachineTerm:
    """`kind`: "number", or what its list chooses from. `broken`: whether an agreement's rows contradict a value.

    `refuses`: the condition (Cedar) under which a request is refused, with the uses it speaks of (none: all).
    `kept_by`: the part of the trust that keeps it, where it is no policy.
    """

    code: str
    title: str
    kind: str
    says: Callable[[Any], str]
    broken: Callable[[AgreementTerms, Any], bool]
    refuses: Callable[[Any], tuple[str, tuple[str, ...]]] | None = None
    kept_by: str = ""


def _level_broken(terms: AgreementTerms, value: Any) -> bool:
    return STRICTER.index(Level(terms.level)) < STRICTER.index(Level(value))


def _uses_broken(terms: AgreementTerms, value: Any) -> bool:
    return any(field.uses & set(value) for dataset in terms.datasets for field in dataset.agreed)


def _laws_broken(terms: AgreementTerms, value: Any) -> bool:
    return any(set(field.law_classes) & set(value) for dataset in terms.datasets for field in dataset.agreed)


def _purpose_refusal(value: Any) -> tuple[str, tuple[str, ...]]:
    listed = ", ".join(name("Purpose", code) for code in value)
    return f"context.purpose in [{listed}]", (Use.VIEW, Use.LINK, Use.EXTRACT, Use.AGGREGATE)


def _law_refusal(value: Any) -> tuple[str, tuple[str, ...]]:
    return " || ".join(f"resource in {name('LawClass', code)}" for code in value), ()


def _license_refusal(value: Any) -> tuple[str, tuple[str, ...]]:
    """A request that names no license is refused; one that names a license not in force never gets this far."""
    return f"context.license == {name('License', '')}", tuple(value)


MACHINE_TERMS: dict[str, MachineTerm] = {
    term.code: term
    for term in (
        MachineTerm(
            "publication_threshold_at_least",
            "The smallest number published is at least",
            "number",
            str,
            lambda terms, value: terms.publication_threshold < value,
            kept_by="the clause on publication, which may not be laxer",
        ),
        MachineTerm(
            "retention_days_at_most",
            "Days until destruction are at most",
            "number",
            str,
            lambda terms, value: terms.retention_days > value,
            kept_by="the clause on retention, which may not be laxer",
        ),
        MachineTerm(
            "term_days_at_most",
            "Days from its first to its last day are at most",
            "number",
            str,
            lambda terms, value: (terms.ends_on - terms.starts_on).days + 1 > value,
            kept_by="the clause on its term, which may not be longer",
        ),
        MachineTerm(
            "level_at_most",
            "Rows about people are shown at most",
            "level",
            lambda value: LEVEL_SHORT[value],
            _level_broken,
            kept_by="the clause on the level of identification, which may not be laxer",
        ),
        MachineTerm(
            "purposes_never",
            "Never used for",
            "purposes",
            lambda value: listing([PURPOSES[code].title for code in value], "or"),
            lambda terms, value: bool(set(terms.purposes) & set(value)),
            _purpose_refusal,
        ),
        MachineTerm(
            "uses_never",
            "Never done with any field",
            "uses",
            lambda value: listing([USE_WORDS[code] for code in value], "or"),
            _uses_broken,
            lambda value: ("true", tuple(value)),
        ),
        MachineTerm(
            LICENSE_NEEDED,
            "Done only within a license in force",
            "licensed",
            lambda value: listing([USE_WORDS[code] for code in value], "or"),
            lambda _terms, _value: False,
            _license_refusal,
        ),
        MachineTerm(
            "laws_never",
            "No field protected by",
            "laws",
            lambda value: listing([law.short_titles().get(code, code) for code in value], "or"),
            _laws_broken,
            _law_refusal,
        ),
        MachineTerm(
            "breach_notice_hours",
            "Hours in which the parties tell each other of a breach",
            "number",
            str,
            lambda _terms, _value: False,
            kept_by="the clock that starts when a breach is reported",
        ),
        MachineTerm(
            "review_every_days",
            "Days after which the parties look at it again",
            "number",
            str,
            lambda _terms, _value: False,
            kept_by="the clock that asks each party's contact",
        ),
    )
}


def in_words(text: str, values: Mapping[str, Any]) -> str:
    """Return a clause's text with each `{term}` as the words of its value."""
    for code, value in values.items():
        text = text.replace("{" + code + "}", MACHINE_TERMS[code].says(value))
    return text


def valid(code: str, value: Any) -> bool:
    """Whether `value` is one that the term called `code` can have."""
    if code not in MACHINE_TERMS:
        return False
    match MACHINE_TERMS[code].kind:
        case "number":
            return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 36_500
        case "level":
            return isinstance(value, str) and value in set(Level)
        case kind:
            known = {
                "purposes": set(PURPOSES),
                "uses": set(map(str, Use)),
                "licensed": set(map(str, LICENSABLE)),
                "laws": set(law.regimes()),
            }[kind]
            listed = isinstance(value, list | tuple) and bool(value) and all(isinstance(one, str) for one in value)
            return listed and set(value) <= known
