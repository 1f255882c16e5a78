"""Public pre-K: which site is near a home, and how likely a child goes there.

The chance falls with the way to the nearest open site and with the number of children who share its seats; that is
why low-income children of tracts without a site go less often.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from infotrust.core.practice.chance import Floats, Ints
from infotrust.core.practice.place import Place
from infotrust.core.practice.ward import Ward

LOW_INCOME = 1.85  # of the poverty level: the limit of reduced-price meals


@dataclass(frozen=True)
class Access:
    """Tract x school year number. `site` is a place in `place.prek_sites`, -1 where none is open in the county."""

    site: Ints  # the nearest open site
    miles: Floats  # from the middle of the tract to the middle of the site's; infinite without a site
    supply: Floats  # 0 to 1: what remains of a family's chance, by the way and by seats


def prek_access(ward: Ward) -> Access:
    """How near pre-K is to each tract in each school year."""
    found = [_in_year(ward, ward.span.first_year + period.number) for period in ward.span.periods]
    return Access(*(np.stack(columns, axis=1) for columns in zip(*found, strict=True)))


def miles_between(place: Place, sites: Ints) -> Floats:
    """Tract x site: miles between the middles of the tracts."""
    tract = place.prek_sites.tract[sites]
    return np.asarray(np.hypot(place.x[:, None] - place.x[tract], place.y[:, None] - place.y[tract]))


def _in_year(ward: Ward, year: int) -> tuple[Ints, Floats, Floats]:
    place, wanted = ward.place, ward.parameters.schools.prek
    opened = np.flatnonzero(place.prek_sites.opened <= year)
    if not len(opened):
        nothing = np.zeros(place.tracts)
        return np.full(place.tracts, -1), nothing + np.inf, nothing
    miles = miles_between(place, opened)
    nearest = miles.argmin(axis=1)
    way = miles[np.arange(place.tracts), nearest]
    # Sites in the same tract share its children, so seats are counted by the tract of the nearest site.
    where = place.prek_sites.tract[opened]
    seats = np.bincount(where, weights=place.prek_sites.seats[opened], minlength=place.tracts)
    demand = np.bincount(where[nearest], weights=children_of_tract(ward), minlength=place.tracts)
    each = np.minimum(1.0, wanted.children_for_a_seat * seats / np.maximum(demand, 1e-9))[where[nearest]]
    keeps = wanted.keeps_far_away
    return opened[nearest], way, (keeps + (1 - keeps) * np.exp(-way / wanted.distance)) * each


def children_of_tract(ward: Ward) -> Floats:
    """Low-income children of three and four in each tract, as the county's planners expect them."""
    place, prek = ward.place, ward.parameters.place.prek
    return np.asarray(prek.children * place.people * place.share * place.poverty)
