"""Marigold County: a made-up population and its agencies' files, with the truth.

`make_county` makes the people, `write_files` writes what five agencies know of them in one period, each with its own
habits and mistakes. The same seed makes the same county, byte for byte. Use: `infotrust practice`.
"""

from infotrust.core.practice_old.county import County
from infotrust.core.practice_old.files import make_files, write_files
from infotrust.core.practice_old.parameters import Parameters
from infotrust.core.practice_old.participation import FIRST_PERIOD
from infotrust.core.practice_old.population import make_county

__all__ = ["FIRST_PERIOD", "County", "Parameters", "make_county", "make_files", "write_files"]
