"""A Spark session of this machine alone, and clear words where Spark or Java is missing."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from infotrust.core.errors import UserFacingError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


ATTEMPTS = 4  # of a task: as on a cluster, a Python process that dies costs its task and not the run


def local_session(
    folder: Path, *, cores: int | None = None, memory: str = "2g", settings: Mapping[str, str] | None = None
) -> SparkSession:
    """Spark on this machine: no page, no port beyond the loopback, what it spills in `folder`. Raises UserFacingError.

    memory: of the Java process; the Python processes beside it need as much again. settings: further ones of Spark's.
    """
    require_spark()
    os.environ["PYSPARK_PYTHON"] = sys.executable  # the workers' Python is this one, with this package in it
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    cores = cores or os.cpu_count() or 1
    chosen = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": memory,
        "spark.local.dir": str(folder / "spill"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": str(2 * cores),
        **(settings or {}),
    }
    with untroubled():
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master(f"local[{cores},{ATTEMPTS}]").appName("infotrust")
        for name, value in chosen.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def require_spark() -> None:
    """Raises UserFacingError where pyspark or Java is missing."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        raise UserFacingError(
            "Spark is not installed here.", next_step="Type: pip install 'infotrust[spark]'."
        ) from None
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java") and not (home and shutil.which("java", path=str(Path(home) / "bin"))):
        raise UserFacingError(
            "Spark needs Java, and there is none here.",
            next_step="Install Java 17 or later (Debian: apt-get install default-jre-headless), or set JAVA_HOME.",
        )


@contextmanager
def untroubled() -> Iterator[None]:
    """Without Spark's word that it does not fully support pandas 3: nothing here is done by pandas."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)
        yield
