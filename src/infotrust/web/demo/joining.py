"""The shelters ask to join the agreement on children in more than one program: their memo waits for a party."""

from __future__ import annotations

from infotrust.shared.accounts.models import Role
from infotrust.stages.agreements import queries
from infotrust.stages.agreements import services as agreements
from infotrust.stages.inventory import queries as inventory
from infotrust.web.demo.county import County

JOINS, NEWCOMER = "DSA-2026-01", "homeless-services"
WORDS = {
    "why": (
        "Families in shelters move from school to school. Together we could see how many of their children any program "
        "reaches."
    ),
    "offers": "Stays in shelters since 2015, of families and single people, each night. Some names are nicknames.",
    "may_access": "None wanted: our people read the published tables, like everyone.",
    "may_share": "Our privacy notice names planning and linking; the continuum's board decides.",
    "security": "Our system is rented from a vendor that is examined each year; two-step sign-in for all staff.",
    "privacy": "Every guest reads the notice at the desk. Our director answers for privacy.",
    "confidentiality": "Six people work with the data. Each signed a promise and takes the training each year.",
    "conflicts": "Providers of domestic violence services do not contribute, by law.",
}


def ask_to_join(county: County) -> str:
    if not queries.joinings():
        steward, board = county.person(Role.STEWARD, NEWCOMER), county.person(Role.BOARD_MEMBER, NEWCOMER)
        memo = agreements.begin_joining(JOINS, words=WORDS, by=steward)
        for dataset in inventory.datasets_of(memo.agency):
            agreements.offer_dataset(memo, dataset=dataset.code, uses=_uses(dataset.code), by=steward)
        agreements.send_joining(memo, by=board)
    return f"{NEWCOMER} would join {JOINS}; its memo waits for a party to take it up"


def _uses(dataset: str) -> dict[str, set[str]]:
    """What these data are shared for already, with another agreement: enough to link and to count by."""
    found: dict[str, set[str]] = {}
    for agreement in queries.in_force():
        for name, uses in queries.uses_by_field(agreement, dataset).items():
            found.setdefault(name, set()).update(uses)
    return found
