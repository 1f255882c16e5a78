"""Models trained in Splink 4 and 5, read from the JSON that it saves, and ours written so that Splink loads them.

What cannot be worked off exactly is refused by name. What Splink passes over in silence is said: levels that its
training never saw. Splink takes shares for them that no data support (of strangers' exact agreement one in a thousand,
whatever the field); here they weigh what the levels beside them weigh, or on request what Splink would take.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from infotrust.core.errors import UserFacingError
from infotrust.core.matching.fellegi_sunter.model import (
    LINK_TYPES,
    BlockingRule,
    Comparison,
    FellegiSunter,
    Frequency,
    Level,
    Measure,
    Test,
    Value,
)
from infotrust.core.matching.fellegi_sunter.writing import write_condition, write_rule

_SPLINK_EXACT = 0.95  # one person's pairs on the closest level, before training (Splink's comparison_level.py)
_SPLINK_WEIGHTS = (-5.0, 3.0, 10.0)  # of all else, the level next to the closest, and the closest; others between


@dataclass(frozen=True)
class Unobserved:
    """A level for which the settings hold no share: which, what is missing ("m", "u"), and its weight instead."""

    comparison: str
    level: str
    missing: tuple[str, ...]
    weight: float

    def __str__(self) -> str:
        whose = " or ".join({"m": "one person's", "u": "strangers'"}[share] for share in self.missing)
        return (
            f"{self.comparison}, level {self.level!r}: training saw none of {whose} pairs on it (no "
            f"{' and no '.join(self.missing)}); it weighs {self.weight:+.2f}."
        )


@dataclass(frozen=True)
class Imported:
    """A model as read, and the levels that its training left open."""

    model: FellegiSunter
    unobserved: tuple[Unobserved, ...]


def read_file(path: Path, *, as_splink: bool = False) -> Imported:
    """Read the JSON that Splink's `save_model_to_json` wrote; see `read_settings`. Raises UserFacingError."""
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UserFacingError(
            f"{path} is no JSON file that can be read.", next_step="Save the model with linker.misc.save_model_to_json."
        ) from None
    return read_settings(settings, as_splink=as_splink)


def read_settings(settings: Mapping[str, Any], *, as_splink: bool = False) -> Imported:
    """Splink's settings as a model. Raises UserFacingError, naming the comparison or rule that cannot be worked off.

    as_splink: levels that training never saw get the shares that Splink would take, to compare the two.
    """
    if not isinstance(settings, Mapping) or not settings.get("comparisons"):
        raise UserFacingError(
            "These are no settings of Splink 4 or 5: they have no comparisons.",
            next_step="Save the model with linker.misc.save_model_to_json.",
        )
    link_type = settings.get("link_type", "dedupe_only")
    if link_type not in LINK_TYPES:
        raise UserFacingError(f"The link type {link_type!r} is not known.", next_step=f"Use {', '.join(LINK_TYPES)}.")
    unobserved: list[Unobserved] = []
    comparisons = tuple(
        _comparison(one, at, unobserved, as_splink) for at, one in enumerate(settings["comparisons"], 1)
    )
    rules = tuple(
        _rule(one, f"Blocking rule {at}")
        for at, one in enumerate(settings.get("blocking_rules_to_generate_predictions", ()), 1)
    )
    share = float(settings.get("probability_two_random_records_match", 0.0001))  # Splink's default
    if not 0 < share < 1:
        raise UserFacingError(
            f"probability_two_random_records_match is {share}: no share between 0 and 1.",
            next_step="Estimate it in Splink, and save the model again.",
        )
    return Imported(FellegiSunter(comparisons, rules, share, link_type), tuple(unobserved))


def _comparison(said: Mapping[str, Any], number: int, unobserved: list[Unobserved], as_splink: bool) -> Comparison:
    name = str(said.get("output_column_name") or f"comparison {number}")
    words = said.get("comparison_levels", ())
    levels = [_level(name, level, at) for at, level in enumerate(words, 1)]
    if len(levels) < 2 or levels[-1].when or any(not level.when for level in levels[:-1]):
        raise UserFacingError(
            f"The comparison {name!r} does not end with ELSE.", next_step="Give it an ElseLevel as its last level."
        )
    told = [at for at, level in enumerate(words) if not level.get("is_null_level")]
    filled = _as_splink_fills if as_splink else _as_the_levels_beside
    for at, level in zip(told, filled([levels[at] for at in told]), strict=True):
        missing = tuple(share for share in ("m", "u") if getattr(levels[at], share) is None)
        if missing:
            unobserved.append(Unobserved(name, level.name, missing, level.weight))
        levels[at] = level
    return Comparison(name, _with_frequencies(name, words, levels))


def _level(comparison: str, said: Mapping[str, Any], number: int) -> Level:
    from infotrust.core.matching.fellegi_sunter.conditions import read_condition  # here: its parser loads slowly

    sql = str(said.get("sql_condition", "")).strip()
    name = str(said.get("label_for_charts") or sql)
    when = () if sql.upper() == "ELSE" else read_condition(sql, f"{comparison}, level {number} ({name})")
    if said.get("is_null_level"):
        return Level(name, when, None, None)
    shares = [said.get(f"{kind}_probability") for kind in ("m", "u")]
    m, u = (float(share) if isinstance(share, int | float) and 0 < share <= 1 else None for share in shares)
    return Level(name, when, m, u)


def _as_the_levels_beside(levels: Sequence[Level]) -> list[Level]:
    """Levels are ordered from the closest to all else, and so are their weights: what is missing lies between."""
    seen = [at for at, level in enumerate(levels) if level.m and level.u]
    found = []
    for at, level in enumerate(levels):
        if level.m and level.u:
            found.append(level)
            continue
        beside = [max((x for x in seen if x < at), default=None), min((x for x in seen if x > at), default=None)]
        weights = [levels[x].weight for x in beside if x is not None]
        ratio = 2 ** (sum(weights) / len(weights)) if weights else 1.0
        m = level.m or (min(level.u * ratio, 1.0) if level.u else None)
        u = level.u or (min(m / ratio, 1.0) if m else None)
        rare = min([x.u for x in levels if x.u], default=0.001)  # neither share is known: as rare as any that is
        found.append(replace(level, m=m or min(rare * ratio, 1.0), u=u or rare))
    return found


def _as_splink_fills(levels: Sequence[Level]) -> list[Level]:
    others = len(levels) - 1
    m = [_SPLINK_EXACT, *[(1 - _SPLINK_EXACT) / max(others, 1)] * others]
    low, high, exact = _SPLINK_WEIGHTS
    steps = [high - (high - low) * at / (others - 1) for at in range(others)] if others > 1 else [low]
    u = [share / 2**weight for share, weight in zip(m, [exact, *steps], strict=True)]
    return [replace(level, m=level.m or m[at], u=level.u or u[at]) for at, level in enumerate(levels)]


def _with_frequencies(comparison: str, said: Sequence[Mapping[str, Any]], levels: Sequence[Level]) -> tuple[Level, ...]:
    """Term frequencies need the u of the level of exact agreement, which may stand anywhere in the comparison."""
    exact = {
        level.when[0][0].left.column: level.u
        for level in reversed(levels)
        if level.u and len(level.when) == 1 and len(level.when[0]) == 1 and _says_same(level.when[0][0])
        if level.when[0][0].left
    }
    found = []
    for level, words in zip(levels, said, strict=True):
        column, weight = words.get("tf_adjustment_column"), float(words.get("tf_adjustment_weight", 1.0) or 0.0)
        # Splink adjusts neither "not known" nor ELSE.
        if not column or weight == 0 or level.u is None or not level.when:
            found.append(level)
            continue
        column = str(column).strip('"`')
        agreement = level.u if words.get("disable_tf_exact_match_detection") else exact.get(column)
        if agreement is None:
            raise UserFacingError(
                f"{comparison}, level {level.name!r}, adjusts for how frequent a {column} is, but no level of that "
                "comparison is exact agreement on it.",
                next_step="Add an ExactMatchLevel, or set disable_tf_exact_match_detection, as Splink wants it, too.",
            )
        least = float(words.get("tf_minimum_u_value") or 0.0)
        found.append(replace(level, frequency=Frequency(Value(column), agreement, weight, least)))
    return tuple(found)


def _says_same(test: Test) -> bool:
    return test.measure == Measure.EQUAL and test.left == test.right and not test.turned and not test.left.sql  # type: ignore[union-attr]


def _rule(said: Any, where: str) -> BlockingRule:
    from infotrust.core.matching.fellegi_sunter.conditions import read_rule  # here: its parser loads slowly

    if isinstance(said, Mapping):
        if said.get("arrays_to_explode"):
            raise UserFacingError(
                f"{where} takes arrays apart, which is not done here.",
                next_step="Give each element a row or a column of its own.",
            )
        said = said.get("blocking_rule", "")
    return read_rule(str(said), where)


# --- writing ---


def write_settings(model: FellegiSunter, *, unique_id: str = "unique_id") -> dict[str, Any]:
    """The model as settings that Splink 5 loads (DuckDB dialect). `unique_id`: the column of the records' ids."""
    return {
        "link_type": model.link_type,
        "sql_dialect": "duckdb",
        "unique_id_column_name": unique_id,
        "probability_two_random_records_match": model.share,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": write_rule(rule), "sql_dialect": "duckdb"} for rule in model.rules
        ],
        "comparisons": [
            {
                "output_column_name": comparison.name,
                "comparison_levels": [_written(level) for level in comparison.levels],
            }
            for comparison in model.comparisons
        ],
    }


def _written(level: Level) -> dict[str, Any]:
    said: dict[str, Any] = {
        "sql_condition": write_condition(level.when) if level.when else "ELSE",
        "label_for_charts": level.name,
    }
    if level.m is None or level.u is None:
        return said | {"is_null_level": True}
    said |= {"m_probability": level.m, "u_probability": level.u}
    if level.frequency:
        said |= {
            "tf_adjustment_column": level.frequency.value.column,
            "tf_adjustment_weight": level.frequency.weight,
            "tf_minimum_u_value": level.frequency.least,
        }
        if level.frequency.agreement == level.u:
            said["disable_tf_exact_match_detection"] = True
    return said
