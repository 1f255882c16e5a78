"""GoldenMatch as its README begins: `dedupe_df` with no rules and no settings, in the headings it knows.

It gets the standardized values. From 100,000 records on it refuses to run settings of its own that it has no confidence
in; it is then asked again with `allow_red_config=True`, and the results say so. With --probabilistic it is asked for
its Fellegi-Sunter model, configured by itself (`auto_configure_probabilistic_df`). Nothing leaves the machine: language
models are off unless asked for, and it remembers no earlier run.
"""

from __future__ import annotations

import argparse
import logging
import os
import tempfile
import warnings
from pathlib import Path

import numpy as np
from report import Watch, records

# Its settings of earlier runs would otherwise be used again, from the home folder.
HOME = tempfile.mkdtemp()
os.environ |= {"HOME": HOME, "GOLDENMATCH_AUTOCONFIG_MEMORY": "0"}
watch = Watch()
with watch.phase("import"):
    import goldenmatch as gm
    from goldenmatch.core.autoconfig_controller import ControllerNotConfidentError

HEADINGS = {
    "given": "first_name", "middle": "middle_name", "family": "last_name", "birth_date": "date_of_birth",
    "house": "house_number", "street": "street_address", "unit": "unit", "city": "city", "state": "state", "zip": "zip",
    "ssn": "ssn", "phone": "phone", "email": "email", "sex": "sex",
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--probabilistic", action="store_true")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    with watch.phase("read"):
        table = records(arguments.folder)
        known = [name for name in table.column_names if name in HEADINGS]
        table = table.select(known).rename_columns([HEADINGS[name] for name in known])
    config, refused = None, ""
    if arguments.probabilistic:
        with watch.phase("configure"):
            config = gm.auto_configure_probabilistic_df(table)
    with watch.phase("dedupe"):
        try:
            found = gm.dedupe_df(table, config=config)
        except ControllerNotConfidentError:
            refused = ", which it refused to run until told to (allow_red_config)"
            found = gm.dedupe_df(table, config=config, confidence_required=False, allow_red_config=True)
    with watch.phase("clusters"):
        labels = np.arange(table.num_rows)
        for cluster in found.clusters.values():
            members = np.asarray(cluster["members"])
            labels[members] = members.min()
    how = "its own Fellegi-Sunter configuration" if arguments.probabilistic else "zero-config"
    watch.stop(arguments.out, labels, settings=how + refused, packages=("goldenmatch", "goldenmatch-native", "duckdb"))


if __name__ == "__main__":
    main()
