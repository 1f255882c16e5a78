"""What people said holds in a register for ever, teaches its model, and gives the same persons in any batches."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.matching import Source, link_tables
from infotrust.core.matching.answers import Answer, Verdict
from infotrust.core.matching.registering import laying
from infotrust.core.matching.registering.answered import Standing, kept_with
from infotrust.core.matching.registering.linking import Refit, link_to_register
from infotrust.core.matching.registering.register import Register
from infotrust.core.matching.reviewing.review import plan_review
from tests.core.matching.registering.test_batches import by_person, halved, parted

Key = tuple[str, str]


def clerk(sources: Sequence[Source], count: int, *, errs: float = 0.0) -> list[Answer]:
    """So many questions of a first linkage, answered by someone who knows the truth and errs in a share of them."""
    linkage = link_tables(sources)
    people = [person for source in sources for person in source.table["person"].to_pylist()]
    keys = [(s.name, record) for s in sources for record in s.table["record"].to_pylist()]
    review = plan_review(
        linkage, communities=np.zeros(len(people), np.int64), names=["all"], answered={}, sample=count // 2,
        telling=count, seed=3,
    )  # fmt: skip
    chance = np.random.default_rng(5)
    return [
        Answer(keys[one.one], keys[one.other], Verdict.MATCH if same else Verdict.NO_MATCH)
        for one in review.questions[:count]
        for same in [(people[one.one] == people[one.other]) != (chance.random() < errs)]
    ]


@pytest.fixture(scope="module")
def taught(make_town, tmp_path_factory) -> tuple[Path, list[Source], list[Answer], Path]:
    """A register of half a town that answers taught, the other half, answers about all, and all by the same model."""
    folder = tmp_path_factory.mktemp("taught")
    sources = make_town(200, seed=8)
    begun, rest = halved(sources, 1)
    answers = clerk(sources, 150, errs=0.04)
    link_to_register(folder / "r", begun, answers=answers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(laying, "room_for", lambda records: records + 1)
        link_to_register(folder / "full", begun, answers=answers)
    assert link_to_register(folder / "full", rest, refit=Refit.NEVER).whole == "it had no room left"
    return folder / "r", rest, answers, folder / "full"


@pytest.mark.parametrize("batches", [1, 4])
def test_what_answers_taught_reaches_records_that_come_later_as_when_all_is_linked_at_once(
    taught, tmp_path, batches
) -> None:
    begun, rest, _, full = taught
    register = Register.open(begun)
    assert register.held.fitted is not None
    assert register.held.fitted.lesson is not None
    assert register.held.fitted.lesson.weights.any(), "nothing was learned: the test would show nothing"
    shutil.copytree(begun, tmp_path / "r")
    chance = np.random.default_rng(batches)
    for batch in parted(rest, [chance.integers(0, batches, s.table.num_rows) for s in rest], batches):
        assert link_to_register(tmp_path / "r", batch, refit=Refit.NEVER).whole == ""
    assert by_person(tmp_path / "r") == by_person(full)
    assert sorted(Register.open(tmp_path / "r").answers().to_pylist(), key=str) == sorted(
        Register.open(full).answers().to_pylist(), key=str
    )


def test_answers_that_stand_are_obeyed_in_any_batches_and_after_all_is_linked_anew(taught, tmp_path) -> None:
    begun, rest, _, full = taught
    obeyed(full)
    shutil.copytree(begun, tmp_path / "r")
    for batch in parted(rest, [np.arange(s.table.num_rows) % 3 for s in rest], 3):
        link_to_register(tmp_path / "r", batch, refit=Refit.NEVER)
        obeyed(tmp_path / "r")
    link_to_register(tmp_path / "r", [], refit=Refit.ALWAYS)
    assert obeyed(tmp_path / "r") > 100


def obeyed(folder: Path) -> int:
    """How many answers decide; each of them is kept to."""
    register = Register.open(folder)
    person = {(row["source"], row["record_id"]): row["person"] for row in register.table().to_pylist()}
    decide = [row for row in register.answers().to_pylist() if row["counts"] == Standing.DECIDES]
    for row in decide:
        one, other = person[row["source_1"], row["id_1"]], person[row["source_2"], row["id_2"]]
        assert (one == other) == (row["verdict"] == "match")
    return len(decide)


def test_answers_given_later_are_learned_from_by_a_new_version_of_the_model(make_town, tmp_path) -> None:
    sources = make_town(200, seed=8)
    first = link_to_register(tmp_path / "r", sources)
    answers = clerk(sources, 120)
    kept = link_to_register(tmp_path / "r", [], answers=answers[:20], refit=Refit.NEVER)
    assert (first.model, kept.model, kept.whole) == (1, 1, "")
    obeyed(tmp_path / "r")
    learned = link_to_register(tmp_path / "r", [], answers=answers)
    assert learned.model == 2
    fitted = Register.open(tmp_path / "r").held.fitted
    assert fitted is not None
    assert fitted.lesson is not None
    assert fitted.lesson.used >= 30
    again = link_to_register(tmp_path / "r", [], answers=answers)
    assert (again.whole, again.generation, again.model) == ("", learned.generation, 2), "nothing new was said"


def two_of_two_persons(folder: Path) -> tuple[Key, Key]:
    rows = Register.open(folder).table().to_pylist()
    one, other = next((a, b) for a, b in combinations(rows, 2) if a["person"] != b["person"])
    return (one["source"], one["record_id"]), (other["source"], other["record_id"])


def test_a_hard_pair_waits_for_a_second_person_and_taking_back_frees_it(make_town, tmp_path) -> None:
    folder = tmp_path / "r"
    link_to_register(folder, make_town(60))
    one, other = two_of_two_persons(folder)

    def say(verdict: Verdict, by: str, *, waits: bool = False) -> set[str]:
        link_to_register(folder, [], answers=[Answer(one, other, verdict, by, waits)], refit=Refit.NEVER)
        return set(Register.open(folder).answers()["counts"].to_pylist())

    def together() -> bool:
        table = Register.open(folder).table().to_pylist()
        person = {(row["source"], row["record_id"]): row["person"] for row in table}
        return bool(person[one] == person[other])

    assert say(Verdict.MATCH, "Ana", waits=True) == {Standing.WAITS}
    assert not together()
    assert say(Verdict.MATCH, "Luis", waits=True) == {Standing.DECIDES}
    assert together()
    assert say(Verdict.NO_MATCH, "Mei", waits=True) == {Standing.DECIDES}
    assert together(), "two of three agree"
    assert say(Verdict.NO_MATCH, "Luis", waits=True) == {Standing.DECIDES}
    assert not together(), "and now two others do"
    say(Verdict.CANNOT_TELL, "Luis")
    say(Verdict.CANNOT_TELL, "Mei")
    assert say(Verdict.CANNOT_TELL, "Ana") == {Standing.SILENT}


RECORDS = st.sampled_from([("clinic", "1"), ("clinic", "2"), ("school", "1")])
SAID = st.lists(
    st.builds(Answer, RECORDS, RECORDS, st.sampled_from(Verdict), st.sampled_from(["Ana", "Luis"])), max_size=6
)


@given(st.lists(SAID, max_size=5))
def test_of_one_person_about_a_pair_the_latest_answer_counts(rounds: list[list[Answer]]) -> None:
    kept: tuple[Answer, ...] = ()
    latest: dict[object, Verdict] = {}
    for coming in rounds:
        before = dict(latest)
        for answer in coming:
            latest[answer.pair, answer.by] = answer.verdict
        kept, fresh = kept_with(kept, coming)
        assert {(answer.pair, answer.by) for answer in fresh} == {
            voice for voice in latest if latest[voice] != before.get(voice)
        }
    assert {(answer.pair, answer.by): answer.verdict for answer in kept} == latest
    assert len(kept) == len(latest)


def test_answers_without_a_name_are_each_another_persons_and_are_replaced_together() -> None:
    answer = Answer(("clinic", "1"), ("school", "1"), Verdict.MATCH)
    kept, _ = kept_with((), [answer, answer])
    assert kept == (answer, answer)
    assert kept_with(kept, [answer, answer])[1] == ()
    other = replace(answer, verdict=Verdict.NO_MATCH)
    assert kept_with(kept, [other])[0] == (other,)


@pytest.fixture
def of_format_1(make_town, tmp_path) -> Path:
    """A register as the version before wrote it."""
    folder = tmp_path / "old"
    link_to_register(folder, make_town(60), answers=[])
    one, other = two_of_two_persons(folder)
    (state,) = folder.glob("state-*")
    (state / "answers.json").write_text(f'[["{one[0]}", "{one[1]}", "{other[0]}", "{other[1]}", "match"]]')
    said = (folder / "register.json").read_text()
    for name, value in (("model", 1), ("told_since", 0)):
        said = said.replace(f',\n "{name}": {value}', "")
    (folder / "register.json").write_text(said.replace('"format": 2', '"format": 1'))
    return folder


def test_a_register_of_the_format_before_is_read_and_written_on(of_format_1: Path) -> None:
    said: Callable[[], list[dict[str, str]]] = lambda: Register.open(of_format_1).answers().to_pylist()  # noqa: E731
    assert [row["verdict"] for row in said()] == ["match"]
    link_to_register(of_format_1, [], refit=Refit.ALWAYS)
    assert [row["counts"] for row in said()] == [Standing.DECIDES]
    assert obeyed(of_format_1) == 1
