"""Files that pseudopeople (University of Washington) simulates, with realistic mistakes; `simulant_id` is the truth."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from . import truth

FILES = {
    "census.csv": "generate_decennial_census",
    "ssa.csv": "generate_social_security",
    "w2_1099.csv": "generate_taxes_w2_and_1099",
    "1040.csv": "generate_taxes_1040",
    "wic.csv": "generate_women_infants_and_children",
}
OWN_KNOWLEDGE = ("simulant_id", "household_id")  # pseudopeople's, in no agency's file
FIRST_YEAR = 2020


def write_files(folder: Path, seed: int) -> dict[str, int]:
    """The files of one year; the seed chooses the noise, and from 2 on later years for all but the census."""
    years = dict.fromkeys(FILES, FIRST_YEAR + (seed - 1) % 10) | {"census.csv": FIRST_YEAR}
    return write_years(folder, years, seed)


def write_years(
    folder: Path, years: dict[str, int], seed: int, *, noise: float = 1.0, without: Sequence[str] = ()
) -> dict[str, int]:
    """The named files of these years, with so many times the usual mistakes, without some columns."""
    import pseudopeople

    raised = _raised(pseudopeople.get_config(), noise) if noise != 1.0 else None
    persons = {}
    for name, year in years.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = getattr(pseudopeople, FILES[name])(year=year, seed=seed, config=raised)
        table = table.iloc[np.random.default_rng(seed).permutation(len(table))]
        persons[name] = table["simulant_id"].astype(str).tolist()
        hidden = [column for column in (*OWN_KNOWLEDGE, *without) if column in table]
        table.drop(columns=hidden).to_csv(folder / name, index=False)
    return truth.write(folder, persons)


def _raised(usual: dict[str, Any], noise: float) -> dict[str, Any]:
    """A configuration of so many times the mistakes; a value goes wrong in at most 30 of 100 cells."""
    most = {"cell_probability": 0.3, "token_probability": 0.4}
    times = {"cell_probability": noise, "token_probability": min(noise, 2.0)}
    return {
        file: {
            "column_noise": {
                column: {
                    kind: {name: min(most[name], shares[name] * times[name]) for name in most if name in shares}
                    for kind, shares in kinds.items()
                }
                for column, kinds in one["column_noise"].items()
            }
        }
        for file, one in usual.items()
    }
