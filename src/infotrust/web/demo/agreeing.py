"""The agreements of Marigold County: the frame, the two that share data, and what stands beside them since.

Each is drafted by the steward of its first party, approved by every counsel and signed by every board member.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from infotrust.shared.accounts.models import Role
from infotrust.stages.agreements import queries
from infotrust.stages.agreements import services as agreements
from infotrust.web.demo.county import County


def agree(county: County) -> str:
    known = {agreement.code for agreement in queries.agreements()}
    made = (*county.agreements_above, *county.agreements)
    for entry in made:
        if entry["code"] not in known:
            _draft(county, entry)
        _carry_into_force(county, entry["code"], entry["parties"])
    clauses = sum(len(queries.clauses(entry["code"])) for entry in made)
    return (
        f"{len(made)} agreements in force; {clauses} clauses, compiled into policy version {queries.policy_version()}"
    )


def live(county: County) -> str:
    """What two agencies alone agree on, and what became of agreements since: amended, suspended, in dispute."""
    known = {agreement.code for agreement in queries.agreements()}
    for entry in county.agreements_beside:
        if entry["code"] not in known:
            _draft(county, entry)
            _carry_into_force(county, entry["code"], entry["parties"])
            _since(county, entry)
    for entry in county.agreements_above:
        if queries.agreement(entry["code"]).edition == 1:
            _since(county, entry)
    states = [f"{one.code} {one.get_state_display().lower()}" for one in queries.agreements() if one.kind != "dsa"]
    return ", ".join(states)


def _draft(county: County, entry: dict[str, Any]) -> None:
    steward = county.person(Role.STEWARD, entry["parties"][0])
    terms = {name: value for name, value in entry.items() if name not in {"datasets", "clauses", "then"}}
    for name in ("starts_on", "ends_on"):
        terms[name] = terms[name] if isinstance(terms[name], date) else date.fromisoformat(terms[name])
    for name in ("parties", "recipients"):
        terms[name] = [county.agency(code) for code in terms.get(name, ())]
    agreement = agreements.draft_agreement(**{"purposes": (), **terms}, by=steward)
    for dataset, uses in entry.get("datasets", {}).items():
        agreements.add_dataset(
            agreement, dataset=dataset, uses={field: set(chosen) for field, chosen in uses.items()}, by=steward
        )
    for clause in entry.get("clauses", ()):
        agreements.choose_clause(agreement, key=clause, by=steward)
    agreements.submit_for_review(agreement, by=steward)


def _carry_into_force(county: County, code: str, parties: list[str]) -> None:
    for party in parties:
        agreement = queries.agreement(code)
        if not queries.reviewed_by(agreement, party):
            agreements.review(agreement, approve=True, by=county.person(Role.COUNSEL, party))
    for party in parties:
        agreement = queries.agreement(code)
        if not queries.signed_by(agreement, party):
            agreements.sign(agreement, by=county.person(Role.BOARD_MEMBER, party))


def _since(county: County, entry: dict[str, Any]) -> None:
    agreement, then = queries.agreement(entry["code"]), entry["then"]
    if change := then.get("amended"):
        steward = county.person(Role.STEWARD, entry["parties"][0])
        edition = agreements.amend(agreement, reason=change["reason"], by=steward)
        agreements.choose_clause(edition, key=change["clause"], by=steward)
        agreements.submit_for_review(edition, by=steward)
        _carry_into_force(county, edition.code, entry["parties"])
    if stop := then.get("suspended"):
        agreements.suspend(agreement, reason=stop["reason"], by=county.person(stop["by"], stop["of"]))
    if quarrel := then.get("disputed"):
        agreements.raise_dispute(agreement, what=quarrel["what"], by=county.person(quarrel["by"], quarrel["of"]))
