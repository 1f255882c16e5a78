"""Make the small files that the tests of `fellegi_sunter` go by: records, a model trained on them, the pairs it found.

Made by Splink itself, so that the tests hold its settings, its levels and its weights without needing it:

    ./run bench make_splink_fixtures     # writes tests/core/matching/fellegi_sunter/from_splink
"""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pandas as pd
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

OUT = Path(__file__).parent.parent / "tests" / "core" / "matching" / "fellegi_sunter" / "from_splink"
PEOPLE = 260
GIVEN = [
    "ana",
    "maria",
    "jose",
    "luis",
    "anna",
    "mario",
    "emma",
    "noah",
    "liam",
    "olivia",
    "sofia",
    "mateo",
    "lucas",
    "zoe",
    "aaliyah",
    "mohammed",
]
FAMILY = [
    "garcia",
    "rodriguez",
    "smith",
    "johnson",
    "lee",
    "nguyen",
    "o'neil",
    "delacruz",
    "cruz",
    "kowalski",
    "smyth",
    "johnston",
    "martinez",
]
STREETS = ["main", "oak", "elm", "maple", "cedar", "washington", "lincoln", "jefferson"]
KINDS = ["st", "ave", "rd", "blvd"]


def slip(text: str, random: np.random.Generator) -> str:
    """One letter left out, doubled, changed, or two swapped."""
    at = int(random.integers(0, len(text) - 1))
    kind = random.integers(0, 4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2:
        return text[:at] + chr(97 + int(random.integers(0, 26))) + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def records(seed: int = 1) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    rows = []
    for person in range(PEOPLE):
        born = pd.Timestamp("2001-01-01") + pd.Timedelta(days=int(random.integers(0, 6000)))
        true = {
            "first_name": GIVEN[min(int(random.exponential(4)), len(GIVEN) - 1)],
            "surname": FAMILY[min(int(random.exponential(4)), len(FAMILY) - 1)],
            "dob": born.strftime("%Y-%m-%d"),
            "ssn": f"{int(random.integers(100_000_000, 899_999_999))}",
            "street": f"{STREETS[int(random.integers(0, 8))]} {KINDS[int(random.integers(0, 4))]}",
            "income": float(random.integers(10, 90)),
            "sex": "fm"[int(random.integers(0, 2))],
        }
        true["email"] = f"{true['first_name']}.{true['surname']}@{['mail', 'post'][person % 2]}.example"
        for _ in range(int(random.integers(1, 4))):
            row = {"unique_id": len(rows), "person": person, **true}
            for column in ("first_name", "surname", "dob", "ssn", "street", "email"):
                if random.random() < 0.12:
                    row[column] = slip(row[column], random)
                if random.random() < 0.04:
                    row[column] = None
            if random.random() < 0.04:
                row["first_name"], row["surname"] = row["surname"], row["first_name"]
            if random.random() < 0.1:
                row["income"] = row["income"] + float(random.integers(-8, 9))
            rows.append(row)
    return pd.DataFrame(rows)


def trained(frame: pd.DataFrame) -> Linker:
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.DamerauLevenshteinAtThresholds("ssn", [1, 2]),
            cl.JaroAtThresholds("street", [0.9, 0.75]),
            cl.EmailComparison("email"),
            cl.CustomComparison(
                output_column_name="income",
                comparison_levels=[
                    cll.NullLevel("income"),
                    cll.ExactMatchLevel("income"),
                    cll.And(cll.AbsoluteDifferenceLevel("income", 5), cll.Not(cll.LevenshteinLevel("street", 2))),
                    cll.AbsoluteDifferenceLevel("income", 10),
                    cll.ElseLevel(),
                ],
            ),
            cl.CustomComparison(
                output_column_name="sex",
                comparison_levels=[
                    cll.NullLevel("sex"),
                    cll.ExactMatchLevel("sex").configure(
                        tf_adjustment_column="sex", tf_adjustment_weight=0.5, tf_minimum_u_value=0.45
                    ),
                    cll.ElseLevel(),
                ],
            ),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("ssn"),
            block_on("first_name", "surname"),
            block_on("substr(surname, 1, 3)", "dob"),
            block_on("street"),
        ],
    )
    linker = Linker(DuckDBAPI().register(frame, dataset_display_name="records"), settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match([block_on("ssn")], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e5, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("ssn"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
    return linker


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    frame = records()
    trained(frame).misc.save_model_to_json(str(OUT / "model.json"), overwrite=True)
    # As anyone would who is given the file: what a trained linker still knows beside it is gone.
    linker = Linker(DuckDBAPI().register(frame, dataset_display_name="records"), str(OUT / "model.json"))
    found = linker.inference.predict().as_pandas_dataframe()
    gammas = sorted(column for column in found if column.startswith("gamma_"))
    found = found[["unique_id_l", "unique_id_r", "match_weight", *gammas]].sort_values(["unique_id_l", "unique_id_r"])
    frame.to_csv(OUT / "records.csv", index=False)
    found.assign(match_weight=found["match_weight"].round(6)).to_csv(OUT / "pairs.csv", index=False)
    print(f"{len(frame)} records, {len(found)} pairs")


if __name__ == "__main__":
    main()
