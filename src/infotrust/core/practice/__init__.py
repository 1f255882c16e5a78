"""Marigold County: practice data that behaves like real agencies, with the truth.

    county = County(people=20_000, seed=1)
    write_county(county, Path("practice"))

`County.ward(k)` makes people and their lives (`ward`, `life`); `facts` says what happens to them in programs,
`agencies` how each agency's system holds it, `questions` what can be asked of it, with the planted answers,
`deliveries` what five agencies send to the trust of the demonstration. Every number is in parameters.yaml. See
docs/how-to/practice-county.md.
"""

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.parameters import load_parameters

__all__ = ["County", "Span", "load_parameters", "make_deliveries", "write_county", "write_deliveries"]

from infotrust.core.practice.deliveries import make_deliveries, write_deliveries
from infotrust.core.practice.writing import write_county
