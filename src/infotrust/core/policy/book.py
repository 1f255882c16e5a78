"""The policies in force, parsed once, and the one function that decides by them.

What it promises: nothing is allowed unless an agreement allows it and no rule refuses; every refusal names its
rule; a rule that cannot be evaluated is a refusal (Cedar itself would skip it, and allow).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

import cedarpy

from infotrust.core import law
from infotrust.core.errors import UserFacingError
from infotrust.core.policy.clauses import Compiled, field_id, uid
from infotrust.core.policy.terms import PURPOSES, digest

NO_AGREEMENT = "no-agreement"
NO_LICENSE = "no-license"
POLICY_ERROR = "policy-error"
NOTHING_PERMITS = "nothing-permits"
ASKERS_KEPT = 64


class PolicyRejected(UserFacingError):
    """Policies that may not be published: they do not fit the schema, or a rule has no name or no words."""


@dataclass(frozen=True)
class Rule:
    """A rule that decided: its id, its plain words, its citation, and how far a lawyer has confirmed it.

    `reviewed`: "S" a source was read, "K" general knowledge that counsel must confirm, "" not a rule of law.
    `personal`: it depends on who asks; what another rule refuses, it refuses everyone.
    """

    id: str
    plain: str
    cite: str = ""
    reviewed: str = ""
    law: str = ""
    permits: bool = False
    personal: bool = True


@dataclass(frozen=True)
class Request:
    """Who (agency and roles, never a name) wants to do what with which field, for what, under what, and when.

    `agreement` empty: under any agreement in force. `license` empty: under none; only a license asks for `person`, the
    label of an account (`user:17`). `at` must be aware of its time zone.
    """

    agency: str
    roles: frozenset[str]
    action: str
    dataset: str
    field: str
    purpose: str
    at: datetime
    agreement: str = ""
    trained: bool = False
    two_step: bool = False
    serving: bool = False
    license: str = ""
    person: str = ""


@dataclass(frozen=True)
class Verdict:
    """The decision, the agreement it was taken under ("" if none covers the field), and the rules that decided."""

    allowed: bool
    rules: tuple[Rule, ...]
    agreement: str = ""


@lru_cache(maxsize=1)
def schema_text() -> str:
    return str(_rules_folder().joinpath("schema.cedarschema").read_text(encoding="utf-8"))


def standing_rules() -> str:
    """Return the guards and the law packs: the rules that hold whatever is agreed."""
    guards = _rules_folder().joinpath("guards.cedar").read_text(encoding="utf-8")
    return "\n".join((guards, *law.policies()))


def assemble(agreements: Iterable[Compiled]) -> tuple[str, tuple[dict[str, Any], ...]]:
    """Return the policies and entities of a whole version: guards, law packs and every agreement in force.

    A dataset in two agreements has one entity for each field, with the grants of both.
    Raises `PolicyRejected` where two agreements disagree about the same thing's attributes.
    """
    made = sorted(agreements, key=lambda one: one.code)
    policies = "\n".join([standing_rules(), *(one.policies for one in made)])
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for entity in (*_standing_entities(), *(entity for one in made for entity in one.entities)):
        _merge(merged, entity)
    return policies, tuple(merged[key] for key in sorted(merged))


class PolicyBook:
    """A version of the policies, ready to decide. Make it once and keep it: parsing costs far more than deciding."""

    def __init__(self, policies: str, entities: Sequence[dict[str, Any]]) -> None:
        self.digest = digest({"policies": policies, "entities": list(entities)})
        self._schema = cedarpy.Schema.from_str(schema_text())
        try:
            self._policies = cedarpy.PolicySet.from_str(policies)
            self._entities = cedarpy.Entities.from_json_str(json.dumps(list(entities)), schema=self._schema)
            self._rules = _read_rules(policies)
        except ValueError as error:
            raise PolicyRejected(
                f"The policies cannot be read: {error}", next_step="Nothing was published. Report this to the trust."
            ) from None
        self._text = policies
        self._made = tuple(entities)
        self._asked_before: dict[frozenset[tuple[str, frozenset[str]]], Any] = {}
        self.agreements, self.fields = _contents(entities)
        self.licenses = frozenset(one["uid"]["id"] for one in entities if one["uid"]["type"] == "Trust::License")

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """Every rule of this version, by id."""
        return {rule.id: rule for rule in self._rules.values()}

    def under_license(self, code: str) -> PolicyBook:
        """Return this version as it were with one more license in force, which refuses nothing: to ask what if."""
        return PolicyBook(self._text, [*self._made, {"uid": uid("License", code), "attrs": {}, "parents": []}])

    @cached_property
    def agencies(self) -> tuple[str, ...]:
        return tuple(sorted(one["uid"]["id"] for one in self._made if one["uid"]["type"] == "Trust::Agency"))

    def kinds(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Return the fields that no rule can tell apart, gathered: (dataset, kind) -> names."""
        gathered: dict[tuple[str, str], list[str]] = {}
        for entity in self._made:
            if entity["uid"]["type"] == "Trust::Field":
                dataset, _, name = entity["uid"]["id"].partition("/")
                kind = json.dumps([entity["attrs"], entity["parents"]], sort_keys=True)
                gathered.setdefault((dataset, kind), []).append(name)
        return {key: tuple(sorted(names)) for key, names in gathered.items()}

    def validate(self) -> None:
        """Check strictly against the schema, and that each rule has a name of its own and plain words.

        Raises `PolicyRejected`, which names the rule.
        """
        result = cedarpy.validate_policies(self._text, schema_text())
        problems = [f"{self._rules.get(e.policy_id, Rule(e.policy_id, '')).id}: {e.error}" for e in result.errors]
        if not result.validation_passed and not problems:
            problems = ["they do not fit the schema"]
        problems += [f"{key}: it has no name or no plain words" for key, rule in self._rules.items() if not rule.plain]
        if len(self.rules) != len(self._rules):
            problems.append("two rules have the same name")
        if problems:
            raise PolicyRejected(
                f"The policies were not published: {'; '.join(problems)}.",
                next_step="The policies in force before are still in force.",
            )

    def decide(self, request: Request) -> Verdict:
        return self.decide_all([request])[0]

    def decide_all(self, requests: Sequence[Request]) -> list[Verdict]:
        """Decide each request. Under no named agreement, one that allows is enough; see `Request`."""
        plans = [(request, self._candidates(request)) for request in requests]
        asked = [self._question(request, code) for request, codes in plans for code in codes]
        entities = self._with_principals(frozenset((request.agency, request.roles) for request in requests))
        answers = iter(cedarpy.is_authorized_batch(asked, self._policies, entities, self._schema) if asked else ())
        return [
            self._unlicensed(request) or _best([self._verdict(next(answers), code) for code in codes], request)
            for request, codes in plans
        ]

    def _unlicensed(self, request: Request) -> Verdict | None:
        """Return the refusal of a request under a license that is not in force: revoked, over, or never begun."""
        if not request.license or request.license in self.licenses:
            return None
        return Verdict(False, (Rule(NO_LICENSE, f"The license {request.license} is not in force."),), request.agreement)

    def _candidates(self, request: Request) -> tuple[str, ...]:
        """Return the agreements to try: none where the field is in no agreement at all, or the license not in force."""
        if request.license and request.license not in self.licenses:
            return ()
        if request.field not in self.fields.get(request.dataset, frozenset()):
            return ()
        if request.agreement:
            return (request.agreement,) if request.agreement in self.agreements else ()
        return tuple(code for code, datasets in sorted(self.agreements.items()) if request.dataset in datasets)

    def _question(self, request: Request, agreement: str) -> dict[str, Any]:
        context = {
            "now": int(request.at.timestamp()),
            # A purpose nobody knows is in no agreement: it is asked about like any other, and refused by name.
            "purpose": {"__entity": uid("Purpose", request.purpose)},
            "agreement": {"__entity": uid("Agreement", agreement)},
            "license": {"__entity": uid("License", request.license)},
            "person": {"__entity": uid("Person", request.person)},
            "trained": request.trained,
            "two_step": request.two_step,
            "serving": request.serving,
        }
        return {
            "principal": uid("User", _principal(request.agency, request.roles)),
            "action": uid("Action", request.action),
            "resource": uid("Field", field_id(request.dataset, request.field)),
            "context": context,
        }

    def _with_principals(self, wanted: frozenset[tuple[str, frozenset[str]]]) -> Any:
        """Return the entities with those who ask among them; kept, because the same few roles ask again and again."""
        if wanted not in self._asked_before:
            made = [_principal_entity(agency, roles) for agency, roles in sorted(wanted, key=repr)]
            if len(self._asked_before) >= ASKERS_KEPT:
                self._asked_before.clear()
            self._asked_before[wanted] = self._entities.with_added_json_str(json.dumps(made), schema=self._schema)
        return self._asked_before[wanted]

    def _verdict(self, answer: Any, agreement: str) -> Verdict:
        if answer.diagnostics.errors:
            return Verdict(False, (_error_rule(),), agreement)
        rules = tuple(sorted((self._rules[key] for key in answer.diagnostics.reasons), key=lambda rule: rule.id))
        return Verdict(answer.allowed, rules or (_nothing_permits(),), agreement)


def _best(verdicts: list[Verdict], request: Request) -> Verdict:
    """One that allows; else the refusal with the fewest rules, which is the nearest to a yes."""
    if not verdicts:
        return Verdict(False, (_no_agreement(request),), "")
    return min(verdicts, key=lambda verdict: (not verdict.allowed, len(verdict.rules), verdict.agreement))


def _no_agreement(request: Request) -> Rule:
    named = f" Asked about: {request.agreement}." if request.agreement else ""
    return Rule(NO_AGREEMENT, f"No agreement in force covers this.{named}")


def _error_rule() -> Rule:
    return Rule(POLICY_ERROR, "A rule could not be evaluated, so access is refused until it is mended.")


def _nothing_permits() -> Rule:
    return Rule(NOTHING_PERMITS, "Nothing permits this, and what is not permitted is refused.")


def _principal(agency: str, roles: frozenset[str]) -> str:
    return f"{'+'.join(sorted(roles))}@{agency}"


def _principal_entity(agency: str, roles: frozenset[str]) -> dict[str, Any]:
    return {
        "uid": uid("User", _principal(agency, roles)),
        "attrs": {"agency": {"__entity": uid("Agency", agency)}} if agency else {},
        "parents": [uid("Role", role) for role in sorted(roles)],
    }


def _rules_folder() -> Any:
    return resources.files("infotrust.core.policy") / "rules"


def _standing_entities() -> tuple[dict[str, Any], ...]:
    purposes = tuple(
        {
            "uid": uid("Purpose", purpose.code),
            "attrs": {},
            "parents": [uid("Purpose", purpose.parent)] if purpose.parent else [],
        }
        for purpose in PURPOSES.values()
    )
    return purposes + tuple({"uid": uid("LawClass", code), "attrs": {}, "parents": []} for code in law.regimes())


def _merge(merged: dict[tuple[str, str], dict[str, Any]], entity: dict[str, Any]) -> None:
    key = (entity["uid"]["type"], entity["uid"]["id"])
    known = merged.setdefault(key, {**entity, "parents": []})
    if known["attrs"] != entity["attrs"]:
        raise PolicyRejected(
            f"Two agreements describe {key[1]} differently.",
            next_step="Compile all agreements in force from the same inventory.",
        )
    parents = {(parent["type"], parent["id"]) for parent in (*known["parents"], *entity["parents"])}
    known["parents"] = [{"type": kind, "id": code} for kind, code in sorted(parents)]


def _read_rules(policies: str) -> dict[str, Rule]:
    """Return each policy's rule by the parser's own policy id."""
    read = json.loads(cedarpy.policies_to_json_str(policies))["staticPolicies"]
    rules = {}
    for key, policy in read.items():
        notes = policy.get("annotations", {})
        rules[key] = Rule(
            notes.get("id") or key,
            (notes.get("plain") or "") if notes.get("id") else "",
            notes.get("cite") or "",
            notes.get("reviewed") or "",
            notes.get("law") or "",
            policy["effect"] == "permit",
            policy["principal"]["op"] != "All" or '{"Var": "principal"}' in json.dumps(policy["conditions"]),
        )
    return rules


def _contents(entities: Sequence[dict[str, Any]]) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Return agreement -> datasets and dataset -> fields, as the entities have them."""
    agreements = {
        entity["uid"]["id"]: frozenset(dataset["__entity"]["id"] for dataset in entity["attrs"]["datasets"])
        for entity in entities
        if entity["uid"]["type"] == "Trust::Agreement"
    }
    fields: dict[str, set[str]] = {}
    for entity in entities:
        if entity["uid"]["type"] == "Trust::Field":
            dataset, _, name = entity["uid"]["id"].partition("/")
            fields.setdefault(dataset, set()).add(name)
    return agreements, {dataset: frozenset(names) for dataset, names in fields.items()}
