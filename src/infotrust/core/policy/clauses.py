"""Terms in, numbered clauses out: each clause's words and the policy that enforces it come from the same rows.

`agreement_text` is what parties sign; `compile_agreement` is what the machine obeys. They cannot drift apart,
because neither is written by hand. A clause that policies cannot enforce names the part of the trust that does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from infotrust.core import law
from infotrust.core.policy.kinds import KINDS, USUAL
from infotrust.core.policy.machine_terms import MACHINE_TERMS, in_words
from infotrust.core.policy.names import field_id, listing, name, quote, uid
from infotrust.core.policy.strictest import regimes_of, strictest_policies
from infotrust.core.policy.terms import (
    LEVEL_WORDS,
    PURPOSES,
    USE_WORDS,
    AgreementTerms,
    ChosenClause,
    DatasetTerm,
    Level,
    Use,
    digest,
)
from infotrust.core.policy.twins import twin

__all__ = ["Clause", "Compiled", "agreement_text", "clauses", "compile_agreement", "field_id", "text_digest", "uid"]

# Uses in which data is asked for; contributing is the other direction.
ASKING = (Use.VIEW, Use.LINK, Use.EXTRACT, Use.AGGREGATE)


@dataclass(frozen=True)
class Clause:
    """A numbered clause. `rule` is the id of the policy made from it; without one, `kept_by` says who keeps it.

    `key` stays the same from version to version: of a clause made from terms, what it is about; of a chosen one, its
    name in the library. `plain` is its twin in plain words. `by_people`: no machine keeps it, and the page says so.
    """

    number: int
    heading: str
    text: str
    items: tuple[str, ...] = ()
    rule: str = ""
    policy: str = ""
    kept_by: str = ""
    key: str = ""
    plain: str = ""
    chosen: bool = False
    by_people: bool = False
    cite: str = ""


@dataclass(frozen=True)
class Compiled:
    """An agreement as policies (Cedar text) and entities (Cedar JSON), both made from the same terms."""

    code: str
    policies: str
    entities: tuple[dict[str, Any], ...]
    digest: str


def clauses(terms: AgreementTerms) -> tuple[Clause, ...]:
    """Return the clauses of an agreement in order, numbered from 1."""
    made = [
        replace(make(terms, number), key=key, plain=twin(key, terms))
        for number, (key, make) in enumerate(_makers(terms).items(), start=1)
    ]
    if not terms.shares:
        made = [replace(clause, rule="", policy="", kept_by="the parties", by_people=True) for clause in made]
    return (*made, *(_chosen(terms, clause, number) for number, clause in enumerate(terms.chosen, len(made) + 1)))


def _makers(terms: AgreementTerms) -> dict[str, Any]:
    """What every agreement says; where no data moves by it, only who agrees, how long, and how it ends."""
    frame = {"parties": _parties, "term": _term, "ending": _ending}
    if not terms.shares:
        return frame
    return {
        "parties": _parties,
        "purposes": _purposes,
        "term": _term,
        "datasets": _datasets,
        "fields": _fields,
        "recipients": _recipients,
        "level": _level,
        "contributions": _contributions,
        "linking": _linking,
        "publication": _publication,
        "retention": _retention,
        "never": _never,
        "ending": _ending,
        **({"law": _law} if terms.strictest else {}),
    }


def _chosen(terms: AgreementTerms, clause: ChosenClause, number: int) -> Clause:
    """A clause of the library or of the parties' own: refused by policy where it says so, else kept by someone."""
    values = dict(clause.terms)
    text = in_words(clause.text, values)
    refusals = {code: made(values[code]) for code in values if (made := MACHINE_TERMS[code].refuses) is not None}
    policies = (
        [
            _refusal(
                terms,
                number,
                f"{clause.key}/{code}",
                f"{terms.code}: {text}",
                unless="" if condition == "true" else f"!({condition})",
                scope=_actions(*map(Use, uses)) if uses else "action",
            )
            for code, (condition, uses) in refusals.items()
        ]
        if terms.shares
        else []
    )
    keepers = [MACHINE_TERMS[code].kept_by for code in values if MACHINE_TERMS[code].kept_by]
    return Clause(
        number,
        clause.heading,
        text,
        rule=_rule(terms, f"{clause.key}/{next(iter(refusals))}") if policies else "",
        policy="\n\n".join(policies),
        kept_by=" and ".join([*keepers, *([clause.kept_by] if clause.kept_by else [])]),
        key=clause.key,
        plain=clause.plain,
        chosen=True,
        by_people=not values,
        cite=clause.cite,
    )


def agreement_text(terms: AgreementTerms) -> str:
    """Return the whole agreement as plain text, as it is signed (and as its digest is taken)."""
    # One line each, so that no title or reason can pass for a clause.
    kind = "" if terms.kind == USUAL else f"{KINDS[terms.kind].title}. "
    lines = [f"{kind}{terms.code}: {' '.join(terms.title.split())}", "", f"Why: {' '.join(terms.why.split())}", ""]
    for clause in clauses(terms):
        lines.append(f"{clause.number}. {' '.join(clause.heading.split())}. {' '.join(clause.text.split())}")
        lines += [f"   - {item}" for item in clause.items]
    return "\n".join(lines) + "\n"


def text_digest(terms: AgreementTerms) -> str:
    """Return the digest that a signature stands under: of the exact text and of the exact terms."""
    return digest({"text": agreement_text(terms), "terms": terms.agreed()})


def compile_agreement(terms: AgreementTerms) -> Compiled:
    """Return the policies and entities of one agreement: a broad permit, and a named refusal for each clause.

    An agreement by which no data moves has none of either.
    """
    if not terms.shares:
        return Compiled(terms.code, "", (), digest({"policies": "", "entities": ()}))
    policies = "\n\n".join(clause.policy for clause in clauses(terms) if clause.policy) + "\n"
    made = _entities(terms)
    return Compiled(terms.code, policies, made, digest({"policies": policies, "entities": made}))


def _actions(*uses: Use) -> str:
    return "action in [" + ", ".join(name("Action", use) for use in uses) + "]"


def _rule(terms: AgreementTerms, key: str) -> str:
    return f"{terms.code}/{key}"


def _refusal(terms: AgreementTerms, number: int, key: str, plain: str, unless: str = "", scope: str = "action") -> str:
    """Return one named refusal that speaks for this agreement only."""
    tail = f"\nunless {{ {unless} }};" if unless else ";"
    return (
        f"@id({quote(_rule(terms, key))})\n@plain({quote(plain)})\n@cite({quote(f'{terms.code}, clause {number}')})\n"
        f"forbid (principal, {scope}, resource)\n"
        f"when {{ context.agreement == {name('Agreement', terms.code)} }}{tail}"
    )


def _day(day: Any) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _parties(terms: AgreementTerms, number: int) -> Clause:
    rule = _rule(terms, "agreed")
    plain = f"{terms.code} allows what none of its clauses, no law and no guard refuses."
    policy = (
        f"@id({quote(rule)})\n@plain({quote(plain)})\n"
        f"@cite({quote(terms.code)})\npermit (principal, action, resource)\n"
        f"when {{ context.agreement == {name('Agreement', terms.code)} }};"
    )
    names = [name for _, name in terms.parties]
    return Clause(
        number,
        "Parties",
        f"This agreement is made between {listing(names)}. {_weight(terms)}",
        rule=rule,
        policy=policy,
    )


def _weight(terms: AgreementTerms) -> str:
    """What an agreement is worth: what it stands under, whether it binds, whether data moves by it."""
    said = ["It allows only what is written here."] if terms.shares else []
    if terms.under:
        said.append(f"It stands under {terms.under}, whose terms apply here too.")
    if not terms.binding:
        said.append("It says what the parties intend; it binds none of them.")
    if not terms.shares:
        said.append("No data is shared by it; that takes an agreement that lists every field.")
    return " ".join(said)


def _purposes(terms: AgreementTerms, number: int) -> Clause:
    titles = [PURPOSES[code].title for code in terms.purposes]
    text = f"The data is used for {listing(titles)}, and for nothing else."
    listed = ", ".join(name("Purpose", code) for code in terms.purposes)
    policy = _refusal(
        terms,
        number,
        "purposes",
        f"{terms.code} allows its data to be used for {listing(titles)} only.",
        unless=f"context.purpose in [{listed}]" if listed else "",
        scope=_actions(*ASKING),
    )
    return Clause(number, "Purposes", text, rule=_rule(terms, "purposes"), policy=policy)


def _term(terms: AgreementTerms, number: int) -> Clause:
    first, last = _day(terms.starts_on), _day(terms.ends_on)
    policy = _refusal(
        terms,
        number,
        "term",
        f"{terms.code} is in force from {first} to {last} only.",
        unless=f"context.now >= {terms.starts} && context.now < {terms.ends}",
    )
    text = f"This agreement begins on {first} and ends on {last}, both days included."
    return Clause(number, "Term", text, rule=_rule(terms, "term"), policy=policy)


def _datasets(terms: AgreementTerms, number: int) -> Clause:
    titles = [dataset.code for dataset in terms.datasets]
    listed = ", ".join(name("Dataset", dataset.code) for dataset in terms.datasets)
    policy = _refusal(
        terms,
        number,
        "datasets",
        f"{terms.code} covers {listing(titles)} only.",
        unless=f"resource in [{listed}]" if listed else "",
    )
    owners = dict(terms.parties)
    items = tuple(f"{dataset.code}, from {owners.get(dataset.owner, dataset.owner)}" for dataset in terms.datasets)
    text = "These datasets are shared:"
    return Clause(number, "Datasets", text, items, rule=_rule(terms, "datasets"), policy=policy)


def _grant(terms: AgreementTerms, use: str) -> str:
    return f"{terms.code}/{use}"


def _fields(terms: AgreementTerms, number: int) -> Clause:
    allowed = " ||\n  ".join(
        f"(action == {name('Action', use)} && resource in {name('Grant', _grant(terms, use))})" for use in Use
    )
    policy = _refusal(
        terms,
        number,
        "fields",
        f"{terms.code} does not list this field for this use.",
        unless=f"\n  {allowed}\n",
    )
    text = "Only these fields are shared, each only for the uses listed with it:"
    return Clause(number, "Fields and uses", text, _field_items(terms), rule=_rule(terms, "fields"), policy=policy)


def _field_items(terms: AgreementTerms) -> tuple[str, ...]:
    return tuple(
        f"{dataset.code}, {field.name}: {', '.join(USE_WORDS[use] for use in Use if use in field.uses)}"
        for dataset in terms.datasets
        for field in dataset.agreed
    )


def _recipients(terms: AgreementTerms, number: int) -> Clause:
    names = [name for _, name in terms.recipients]
    listed = ", ".join(name("Agency", code) for code, _ in terms.recipients)
    policy = _refusal(
        terms,
        number,
        "recipients",
        f"Only people of {listing(names)} may use data under {terms.code}.",
        unless=f"principal has agency && [{listed}].contains(principal.agency)" if listed else "",
        scope=_actions(*ASKING),
    )
    text = f"Only people who work for {listing(names)} use the data, each within their own duty in the trust."
    return Clause(number, "Recipients", text, rule=_rule(terms, "recipients"), policy=policy)


def _level(terms: AgreementTerms, number: int) -> Clause:
    text, policy = LEVEL_WORDS[terms.level], ""
    allowed = {
        Level.AGGREGATE: "",
        Level.DEIDENTIFIED: "!resource.direct_identifier",
        Level.LIMITED: "resource.in_limited_set",
    }
    if terms.level in allowed:
        policy = _refusal(
            terms,
            number,
            "level",
            f"{terms.code}: {text[0].lower()}{text[1:]}",
            unless=allowed[Level(terms.level)],
            scope=_actions(Use.VIEW, Use.EXTRACT),
        )
    return Clause(
        number,
        "Level of identification",
        text,
        rule=_rule(terms, "level") if policy else "",
        policy=policy,
        kept_by="" if policy else "clause 5 and the guards of the trust",
    )


def _contributions(_terms: AgreementTerms, number: int) -> Clause:
    return Clause(
        number,
        "Contribution",
        "A data steward of the agency that owns a dataset sends it. A column that is not agreed is dropped before "
        "anything is stored, and the agency is told which.",
        rule="guard/contribute-own",
        kept_by="the check at the door",
    )


def _linking(terms: AgreementTerms, number: int) -> Clause:
    text = (
        "Records are linked by linkage officers, with identifiers only, apart from what programs know about a person. "
        "The trust keeps one register of persons for all its agreements; nothing is counted or seen across agreements."
        if "linkage" in terms.purposes
        else "Records are not linked under this agreement."
    )
    return Clause(number, "Linking", text, rule="guard/linkers-see-no-content", kept_by="separate rooms, separate keys")


def _publication(terms: AgreementTerms, number: int) -> Clause:
    smallest = terms.publication_threshold
    return Clause(
        number,
        "Publication",
        f"No published number stands for fewer than {smallest} people, and none lets anyone work out such a number.",
        kept_by="the disclosure check before every release, by someone other than the author",
    )


def _retention(terms: AgreementTerms, number: int) -> Clause:
    when = "at once" if not terms.retention_days else f"within {terms.retention_days} days"
    return Clause(
        number,
        "Retention and destruction",
        f"When this agreement ends, data that no other agreement covers is destroyed {when}, by destroying its key. "
        "A certificate is kept.",
        kept_by="sealed storage and its destruction certificates",
    )


def _never(_terms: AgreementTerms, number: int) -> Clause:
    return Clause(
        number,
        "Never",
        "The data is never sold, never passed on to anyone who is not named here, and never used for law enforcement, "
        "immigration enforcement or fraud investigations.",
        rule="guard/no-enforcement",
        kept_by="clause 6 and the guards of the trust",
    )


def _ending(terms: AgreementTerms, number: int) -> Clause:
    stops = "; all access under it stops with the next request" if terms.shares else ""
    return Clause(
        number,
        "Change and end",
        f"A change needs a new review and new signatures. Each party may end this agreement{stops}.",
        kept_by="the policy version published when it ends",
    )


def _law(terms: AgreementTerms, number: int) -> Clause:
    known = [law.regime(code).short for code in regimes_of(terms)]
    return Clause(
        number,
        "The strictest law",
        f"Whatever is shared here is kept as strictly as the strictest law among those that govern any of it asks: "
        f"{listing(known)}.",
        rule=_rule(terms, "strictest"),
        policy=strictest_policies(terms, name("Agreement", terms.code)),
    )


def _entities(terms: AgreementTerms) -> tuple[dict[str, Any], ...]:
    datasets = [{"__entity": uid("Dataset", dataset.code)} for dataset in terms.datasets]
    made = [_entity("Agreement", terms.code, {"title": terms.title, "datasets": datasets})]
    made += [_entity("Grant", _grant(terms, use)) for use in Use]
    agencies = {code for code, _ in (*terms.parties, *terms.recipients)} | {item.owner for item in terms.datasets}
    made += [_entity("Agency", code) for code in sorted(agencies)]
    for dataset in terms.datasets:
        made.append(_entity("Dataset", dataset.code))
        made += _field_entities(terms, dataset)
    return tuple(made)


def _field_entities(terms: AgreementTerms, dataset: DatasetTerm) -> list[dict[str, Any]]:
    return [
        _entity(
            "Field",
            field_id(dataset.code, field.name),
            {
                "owner": {"__entity": uid("Agency", dataset.owner)},
                "direct_identifier": field.direct_identifier,
                "in_limited_set": field.in_limited_set,
                "available": field.available,
            },
            [uid("Dataset", dataset.code)]
            + [uid("LawClass", law) for law in sorted(field.law_classes)]
            + [uid("Grant", _grant(terms, use)) for use in Use if use in field.uses],
        )
        for field in dataset.fields
    ]


def _entity(
    kind: str, code: str, attributes: dict[str, Any] | None = None, parents: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    return {"uid": uid(kind, code), "attrs": attributes or {}, "parents": parents or []}
