"""A budget of memory is kept: the search narrows, or the run is refused before it begins."""

import signal
import time
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


def using(monkeypatch: pytest.MonkeyPatch, *amounts: int) -> None:
    """The process seems to hold these amounts, one after the other, the last of them ever after."""
    left = list(amounts)
    monkeypatch.setattr(memory, "in_use", lambda: left.pop(0) if len(left) > 1 else left[0])


def busy() -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        sum(range(1000))


def test_what_a_process_holds_is_measured() -> None:
    before = memory.in_use()
    held = bytearray(b"x" * 50_000_000)
    assert 40_000_000 < memory.in_use() - before < 90_000_000
    assert len(held)


def test_a_run_that_takes_more_than_it_may_is_stopped_with_what_it_took(monkeypatch: pytest.MonkeyPatch) -> None:
    using(monkeypatch, 10, 10, 3_000_000_000)
    over = pytest.raises(memory.OverBudget, match=r"took 3\.00 GB of memory, more than the 2 GB")
    with over as stopped, memory.kept_within(2_000_000_000):
        busy()
    assert "--memory" in stopped.value.next_step


def test_a_process_that_was_told_to_ignore_ctrl_c_is_stopped_too(monkeypatch: pytest.MonkeyPatch) -> None:
    using(monkeypatch, 3_000_000_000)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(memory.OverBudget), memory.kept_within(2_000_000_000):
            busy()
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_within_the_budget_nothing_is_stopped_and_the_peak_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    using(monkeypatch, 10, 700, 20)
    with memory.kept_within(1_000) as watched:
        time.sleep(5 * memory.INTERVAL)
    assert (watched.peak, watched.over) == (700, False)


def test_ctrl_c_stays_ctrl_c() -> None:
    with pytest.raises(KeyboardInterrupt), memory.kept_within(10**15):
        raise KeyboardInterrupt


def test_what_was_stopped_is_linked_again_more_narrowly_and_at_last_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    tried: list[int] = []

    def link(options: Options) -> str:
        tried.append(options.per_record)
        if len(tried) < 3:
            busy()
        return "linked"

    using(monkeypatch, 2_000_000_000)
    with pytest.raises(memory.OverBudget):
        memory.linked_within(1_000_000_000, Options(per_record=5), lambda options: busy(), told=heard.append)
    assert memory.linked_within(None, Options(), lambda options: "linked", told=heard.append) == "linked"
    assert not heard
    monkeypatch.setattr(memory, "in_use", lambda: 10 if len(tried) == 3 else 2_000_000_000)
    assert memory.linked_within(1_000_000_000, Options(), link, told=heard.append) == "linked"
    assert tried == [20, 10, 5]
    assert "at most 10 others" in heard[0]
    assert "at most 5 others" in heard[1]


def test_a_register_that_takes_too_much_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "clinic.csv").write_text("id,first_name,last_name\n1,Ana,Cruz\n2,Luis,Cruz\n")
    words = ["link", str(tmp_path / "clinic.csv"), "--register", str(tmp_path / "r"), "--id", "id"]
    words += ["--out", str(tmp_path / "out.csv")]
    monkeypatch.setattr("infotrust.core.matching.registering.command.link_files", lambda *_, **__: busy())
    using(monkeypatch, 2_000_000_000)
    assert main([*words, "--memory", "1G"]) == 2
    assert "was stopped" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()
