"""What the county reckons a unit of an agency's work to cost: a table that several agencies hand over."""

from __future__ import annotations

import numpy as np

from infotrust.core.practice.tables import Layout, Table
from infotrust.core.practice.ward import Ward


def unit_costs(ward: Ward, layout: Layout, units: dict[str, str]) -> Table:
    """An agency's cost table, written with the first ward: `units` names the parameter of each unit."""
    shown = dict(units if ward.number == 0 else {})
    dollars = [float(ward.parameters.unit_costs[name]) for name in shown.values()]
    return Table(layout, {"unit": np.array(list(shown), dtype=object), "dollars": np.array(dollars)})
