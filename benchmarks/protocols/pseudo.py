"""Files that pseudopeople (University of Washington) simulates, with realistic mistakes; `simulant_id` is the truth."""

from __future__ import annotations

import warnings
from pathlib import Path

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
    import pseudopeople

    persons = {}
    for name, generate in FILES.items():
        year = FIRST_YEAR if "census" in name else FIRST_YEAR + (seed - 1) % 10
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = getattr(pseudopeople, generate)(year=year, seed=seed)
        table = table.iloc[np.random.default_rng(seed).permutation(len(table))]
        persons[name] = table["simulant_id"].astype(str).tolist()
        table.drop(columns=[column for column in OWN_KNOWLEDGE if column in table]).to_csv(folder / name, index=False)
    return truth.write(folder, persons)
