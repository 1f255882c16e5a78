"""The page beside published figures is fresh, and a small county already lies near them."""

from __future__ import annotations

import re

import pytest
import yaml

from docs.plausible import figures, style
from docs.plausible.lives import Lives, look_at
from docs.plausible.look import HERE, NEEDS_FIGURES
from docs.plausible.page import fingerprint_of, number
from infotrust.core.practice import County, load_parameters

PAGE = HERE.parent / "explanation" / "practice-county-plausibility.md"
PEOPLE = 10_000
CHECKS = [
    check
    for section in yaml.safe_load((HERE / "checks.yaml").read_text(encoding="utf-8"))
    for check in section["checks"]
]
PUBLISHED = yaml.safe_load((HERE / "published.yaml").read_text(encoding="utf-8"))
# Chance alone moves these in a county of 10,000: few of one age, and a thousand names hold nearly everybody.
TOO_FEW = ("age_difference", "top_1000_surnames", "infant_mortality")


@pytest.fixture(scope="module")
def lives() -> Lives:
    return look_at(County(PEOPLE, seed=4))


@pytest.mark.parametrize(
    "check",
    [check for check in CHECKS if "figure" in check and check["figure"] not in TOO_FEW and not check.get("people")],
    ids=lambda check: check["figure"],
)
def test_small_county_lies_near_published_figure(check, lives):
    measure = getattr(figures, check["figure"])
    value = measure(lives, PUBLISHED) if check["figure"] in NEEDS_FIGURES else measure(lives)
    room = (check["high"] - check["low"]) / 2
    assert check["low"] - room <= value <= check["high"] + room


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check["says"][:40])
def test_check_names_its_source_and_an_interval(check):
    assert check["low"] < check["high"]
    assert len(check["source"]) > 10 or check["source"].startswith("Same")
    assert {"figure", "sql", "records"} & set(check)


def test_page_was_made_with_the_parameters_of_this_checkout():
    assert fingerprint_of(PAGE.read_text(encoding="utf-8")) == load_parameters().fingerprint(), (
        "A parameter changed since the page was made: PYTHONPATH=src .venv-dev/bin/python docs/plausibility.py"
    )


def test_nearly_all_figures_of_the_page_lie_within_their_interval():
    found = re.search(r"\*\*(\d+) of (\d+) figures", PAGE.read_text(encoding="utf-8"))
    assert found is not None
    assert int(found[1]) >= 0.9 * int(found[2])


def test_every_promised_regularity_of_the_page_is_found():
    regularities = PAGE.read_text(encoding="utf-8").partition("## Planted regularities")[2]
    rows = [line for line in regularities.splitlines() if line.startswith("| ") and "| **no** |" in line]
    assert regularities.count("| yes |") > 20
    assert rows == []


def test_page_tells_every_check():
    page = PAGE.read_text(encoding="utf-8")
    assert [check["says"] for check in CHECKS if f"| {check['says']} |" not in page] == []


def test_every_plot_is_small_and_says_in_words_what_it_shows():
    page = PAGE.read_text(encoding="utf-8")
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", page)
    assert len(shown) > 12
    for alt, name in shown:
        plot = PAGE.parent / name
        svg = plot.read_text(encoding="utf-8")
        assert len(alt) > 60
        assert "<desc>" in svg
        assert 'role="img"' in svg
        assert plot.stat().st_size <= style.LARGEST_BYTES, name
    assert {name for _, name in shown} == {
        f"plausibility/{one.name}" for one in (PAGE.parent / "plausibility").iterdir()
    }


def test_plot_is_the_same_when_drawn_again(lives, tmp_path):
    from docs.plausible import plots_people

    drawn = []
    for name in ("one.svg", "other.svg"):
        plots_people.surnames(lives, PUBLISHED, tmp_path / name)
        drawn.append((tmp_path / name).read_bytes())
    assert drawn[0] == drawn[1]


def test_labels_of_a_plot_keep_their_digits():
    svg = '<svg x="1.2345"><text>0.05 of 1,000</text></svg>'
    assert "0.05 of 1,000" in style.finished(svg, "title", "words")
    assert 'x="1.2"' in style.finished(svg, "title", "words")


@pytest.mark.parametrize(("value", "words"), [(0.04213, "0.0421"), (0, "0"), (4.2, "4.2"), (1046.6, "1,047")])
def test_number_shows_three_digits_that_matter(value, words):
    assert number(value) == words


def test_page_of_another_program_has_no_fingerprint():
    assert fingerprint_of("# Another page") == ""
