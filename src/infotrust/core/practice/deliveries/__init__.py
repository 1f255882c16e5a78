"""What five agencies of the demonstration deliver for one school year, with the truth and the true answers.

Each delivery is an extract that the agency makes from its own system: the SQL files beside this one. `make_deliveries`
returns them, `write_deliveries` writes them to a folder. A delivery of a later year holds the same records under the
same numbers, with the same mistakes, as far as they are still delivered.
"""

from infotrust.core.practice.deliveries.extracts import DATASETS, Delivery, make_deliveries
from infotrust.core.practice.deliveries.folder import write_deliveries

__all__ = ["DATASETS", "Delivery", "make_deliveries", "write_deliveries"]
