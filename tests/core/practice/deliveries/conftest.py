"""A county of the demonstration's kind in its last two school years, delivered and written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from infotrust.core.practice import County, Span, load_parameters, make_deliveries, write_deliveries

MARIGOLD = Path(__file__).parents[4] / "examples" / "marigold"
PERIOD, LATER = "2025-26", "2026-27"
SPAN = Span(2021, 6)


@pytest.fixture(scope="package")
def described() -> dict[str, dict]:
    datasets = yaml.safe_load((MARIGOLD / "datasets.yaml").read_text(encoding="utf-8"))["datasets"]
    return {dataset["code"]: dataset for dataset in datasets}


@pytest.fixture(scope="package")
def county() -> County:
    return County(8_000, 11, SPAN, load_parameters(MARIGOLD / "parameters.yaml"))


@pytest.fixture(scope="package")
def deliveries(county):
    return make_deliveries(county, PERIOD)


@pytest.fixture(scope="package")
def later(county):
    return make_deliveries(county, LATER)


@pytest.fixture(scope="package")
def folders(county, tmp_path_factory) -> dict[str, Path]:
    above = tmp_path_factory.mktemp("deliveries")
    for period in (PERIOD, LATER):
        write_deliveries(county, above / period, period)
    return {period: above / period for period in (PERIOD, LATER)}
