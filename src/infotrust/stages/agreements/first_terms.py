"""What a new draft begins with, so that a drafter has to guess as little as possible. All of it can be changed.

The agencies whose people link and count are usually one office; a draft that leaves it out gives its rights to nobody,
which shows only after everyone has signed.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone

from infotrust.core.policy.kinds import USUAL
from infotrust.core.policy.terms import Level
from infotrust.shared.accounts import queries as accounts
from infotrust.shared.accounts.models import Role, User
from infotrust.shared.permissions import duties
from infotrust.stages.agreements import queries
from infotrust.stages.readiness import queries as readiness
from infotrust.stages.readiness.queries import UseCase

WORKERS = (Role.LINKAGE_OFFICER, Role.ANALYST)


def of_nothing(*, by: User) -> dict[str, Any]:
    """Return the first terms of an empty draft: the drafter's own agency is a party."""
    return _usual() | {"parties": [by.agency.code] if by.agency else []}


def of_use_case(case: UseCase) -> dict[str, Any]:
    """Return the first terms of a draft from a use case: its words, and those who contribute data as parties."""
    parties = list(dict.fromkeys(one.agency for one in case.contributors))
    helpers = [one.agency for one in case.partners if not one.contributes]
    words = {"title": case.title[:200], "why": case.overview[:4000], "parties": parties}
    return _usual() | words | {"recipients": list(dict.fromkeys([*helpers, *(_who_link_and_count() or parties)]))}


def next_code() -> str:
    """Return the first short name of this year that no agreement has, as in DSA-2026-03."""
    taken = {one.code for one in queries.agreements()}
    names = (f"DSA-{timezone.localdate().year}-{number:02d}" for number in count(1))
    return next(name for name in names if name not in taken)


def waiting_use_cases(*, by: User) -> list[UseCase]:
    """Return what partners signed off and nobody has drafted an agreement from, for somebody who may draft one."""
    if not (duties.may("draft agreement", by=by) and duties.may("read use cases", by=by)):
        return []
    drafted = {one.use_case for one in queries.agreements()}
    return [one for one in readiness.use_cases() if one.number not in drafted]


def _usual() -> dict[str, Any]:
    return {
        "code": next_code(),
        "kind": USUAL,
        "level": Level.AGGREGATE.value,
        "purposes": ["linkage"],
        "recipients": _who_link_and_count(),
        "starts_on": timezone.localdate(),
    }


def _who_link_and_count() -> list[str]:
    """The agencies where somebody links records or counts."""
    people = [one for role in WORKERS for one in accounts.people(role=role) if one.is_active]
    return list(dict.fromkeys(one.agency.code for one in people if one.agency))
