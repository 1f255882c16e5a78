"""The engine on Spark, for more records than one machine can hold. Needs the extra `spark` and Java.

Spark does all that is between machines: shuffles, joins, sorts, what is done again after a loss. What is done with the
records of one block is done by the functions of the engine on one machine.
See docs/explanation/linking-100-million-records.md.
"""

from infotrust.core.matching.spark.driver import link_dataframes
from infotrust.core.matching.spark.reading import FrameSource
from infotrust.core.matching.spark.session import local_session, require_spark

__all__ = ["FrameSource", "link_dataframes", "local_session", "require_spark"]
