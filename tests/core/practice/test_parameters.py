"""A user's parameters file: what it changes, and how each mistake in it is named, with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infotrust.core.errors import UserFacingError
from infotrust.core.practice.parameter_docs import documented
from infotrust.core.practice.parameters import Section, load_parameters, own_chapters

OWN = load_parameters()


def given(tmp_path: Path, text: str | bytes) -> Section:
    path = tmp_path / "mine.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_parameters(path)


def refused(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(UserFacingError) as problem:
        given(tmp_path, text)
    return str(problem.value)


def test_a_number_takes_the_place_of_the_countys_and_leaves_the_others(tmp_path: Path) -> None:
    changed = given(tmp_path, "place:\n  segregation: 0\n")
    assert changed.place.segregation == 0
    assert changed.place.people_in_a_tract == OWN.place.people_in_a_tract
    assert changed.fingerprint() != OWN.fingerprint()


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert given(tmp_path, "# nothing yet\n").fingerprint() == OWN.fingerprint()


def test_shares_that_are_not_given_become_zero_and_keep_their_order(tmp_path: Path) -> None:
    changed = given(tmp_path, "communities:\n  shares: {hispanic: 0.25, english: 0.75}\n")
    assert list(changed.communities.shares) == list(OWN.communities.shares)
    assert changed.communities.shares["english"] == 0.75
    assert sum(changed.communities.shares.values()) == 1


def test_of_a_mapping_of_numbers_those_that_are_not_given_stay(tmp_path: Path) -> None:
    changed = given(tmp_path, "place:\n  schools:\n    tracts_for: {M: 7}\n")
    assert changed.place.schools.tracts_for == {**OWN.place.schools.tracts_for, "M": 7}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("place:\n  segregatoin: 1\n", 2, "There is no parameter place.segregatoin. Did you mean place.segregation?"),
        ("segregation: 1\n", 1, "Did you mean place.segregation?"),
        ("places:\n  segregation: 1\n", 1, "Did you mean place?"),
        ("place:\n\n  central_city: 1.2\n", 3, "place.central_city is 1.2, which is not a share"),
        ("place:\n  central_city: -0.1\n", 2, "not a share"),
        ("place:\n  central_city: half\n", 2, "place.central_city is not a number"),
        ("place:\n  central_city: .nan\n", 2, "not a number"),
        ("place:\n  central_city: .inf\n", 2, "not a number"),
        ("place:\n  central_city: [0.5]\n", 2, "not a number"),
        ("place:\n  central_city:\n", 2, "not a number"),
        ("place:\n  fewest_tracts: 6.5\n", 2, "not a whole number"),
        ("place:\n  people_in_a_tract: -4\n", 2, "below 0"),
        ("communities:\n  shares:\n    english: 0.7\n    hispanic: 0.4\n", 2, "add up to 1.1"),
        ("communities:\n  shares:\n    english: 0.7\n    hispanc: 0.3\n", 4, "Did you mean hispanic?"),
        ("communities:\n  shares: 1\n", 2, "communities.shares is a mapping of numbers"),
        ("place:\n  schools:\n    tracts_for: {E: 2, Q: 2}\n", 3, "place.schools.tracts_for has no Q"),
        ("place:\n  segregation: 1\n  segregation: 2\n", 3, "stands here for the second time"),
        ("place:\n  schools:\n    tracts_for: {E: 2, E: 3}\n", 3, "place.schools.tracts_for.E stands here"),
        ("place: 3\n", 1, "place holds parameters, not one value"),
        ("place:\n", 1, "place holds parameters, not one value"),
        ("- place\n", 1, "The file holds parameters"),
        ("just words\n", 1, "The file holds parameters"),
        ("place:\n\tsegregation: 1\n", 2, "It is not YAML"),
        ("place: {segregation: 1\n", 2, "It is not YAML"),
        ("place:\n  segregation: 1\n\x07\n", 3, "It is not YAML"),
        ("? [a, b]\n: 1\n", 1, "A name is missing"),
        (b"place:\n  segregation: 1 # \xe9\n", 2, "It is not UTF-8"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str | bytes, line: int, what: str) -> None:
    message = refused(tmp_path, text)
    assert f"mine.yaml, line {line}: " in message
    assert what in message


def test_a_year_before_the_countys_first_is_named(tmp_path: Path) -> None:
    section, name = next(one.path for one in documented() if one.kind == "year").split(".")
    message = refused(tmp_path, f"{section}:\n  {name}: 2015\n")
    assert "line 2" in message
    assert "before the county's first year, 2016" in message


def test_a_file_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    assert "nested too deeply" in refused(tmp_path, "[" * 100_000)


def test_a_file_far_larger_than_all_numbers_is_refused_at_once(tmp_path: Path) -> None:
    assert "is larger than 1,000,000 bytes" in refused(tmp_path, "# nothing\n" * 100_001)


def test_a_folder_or_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError, match="is a folder"):
        load_parameters(tmp_path)
    with pytest.raises(UserFacingError, match=r"nowhere\.yaml cannot be read: No such file"):
        load_parameters(tmp_path / "nowhere.yaml")


def test_the_fingerprint_follows_from_the_numbers_not_from_the_text(tmp_path: Path) -> None:
    same = given(tmp_path, f"place:\n  segregation: {OWN.place.segregation:.3f}\n")
    assert same.fingerprint() == OWN.fingerprint()


def test_every_number_of_the_county_has_a_source_or_a_reason() -> None:
    without = [one.path for one in documented() if not one.source]
    assert without == []


def test_no_chapter_has_tabs_or_trailing_blanks() -> None:
    for name, text in own_chapters().items():
        assert not re.search(r"\t|[ ]$", text, re.MULTILINE), name
