"""A budget of memory is kept: the search narrows, or the run is refused before it begins."""

from pathlib import Path

import pytest

from infotrust.cli import main
from infotrust.core.errors import UserFacingError
from infotrust.core.matching import memory
from infotrust.core.matching.comparing.rules import parse_rule
from infotrust.core.matching.pipeline import Options

MILLION = {"records": 1_000_000, "tables": 100_000_000}


@pytest.mark.parametrize(("said", "size"), [("2G", 2_000_000_000), ("1500m", 1_500_000_000), ("2.5 GB", 2_500_000_000)])
def test_an_amount_is_read(said: str, size: int) -> None:
    assert memory.parse(said) == size


@pytest.mark.parametrize("said", ["much", "-2G", "2X", ""])
def test_what_is_no_amount_is_refused(said: str) -> None:
    with pytest.raises(UserFacingError, match="--memory"):
        memory.parse(said)


def test_what_fits_is_left_as_it_is() -> None:
    heard: list[str] = []
    assert memory.options_within(2_000_000_000, Options(), **MILLION, told=heard.append) == Options()
    assert not heard


def test_where_the_usual_search_does_not_fit_a_narrower_one_is_taken_and_told() -> None:
    heard: list[str] = []
    options = memory.options_within(1_450_000_000, Options(seed=7), **MILLION, told=heard.append)
    assert (options.per_record, options.widest_key, options.seed) == (10, 30, 7)
    assert "at most 10 others" in heard[0]


def test_what_fits_in_no_way_is_refused_with_what_it_takes() -> None:
    with pytest.raises(UserFacingError, match=r"1,000,000 records cannot be linked within 0\.5 GB") as refused:
        memory.options_within(500_000_000, Options(), **MILLION, told=print)
    assert "Allow 1.6 GB" in str(refused.value.next_step)


def test_rules_that_someone_must_document_are_not_narrowed() -> None:
    with pytest.raises(UserFacingError, match="cannot be linked"):
        memory.options_within(1_450_000_000, Options(rules=(parse_rule("given"),)), **MILLION, told=print)


def test_a_run_that_does_not_fit_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "people.csv").write_text("first_name,last_name\nAna,Cruz\nLuis,Cruz\n")
    out = tmp_path / "out.csv"
    assert main(["link", str(tmp_path / "people.csv"), "--memory", "1M", "--out", str(out)]) == 2
    assert "cannot be linked within 0.001 GB" in capsys.readouterr().err
    assert not out.exists()
