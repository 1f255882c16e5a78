"""What people say and what a file promises stands, whatever the evidence says."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from infotrust.core.errors import UserFacingError
from infotrust.core.matching import Source, link_tables
from infotrust.core.matching.answers import Answer, Verdict
from infotrust.core.matching.comparing.rules import parse_rule
from infotrust.core.matching.explaining.person import Why, explain_apart
from infotrust.core.matching.persons import told
from infotrust.core.matching.pipeline import Linkage, Options

Town = Callable[..., list[Source]]


def people_who(sources: list[Source], linkage: Linkage, *, together: bool) -> tuple[int, int]:
    """Two records of different sources that are (not) one person in the linkage."""
    clinic = np.flatnonzero(linkage.source_index == 0)
    for one in clinic:
        others = np.flatnonzero((linkage.source_index == 1) & ((linkage.person == linkage.person[one]) == together))
        if len(others):
            return int(one), int(others[0])
    raise LookupError("none")


def answer(sources: list[Source], linkage: Linkage, one: int, other: int, verdict: Verdict) -> Answer:
    assert linkage.record_id is not None
    names = [sources[linkage.source_index[at]].name for at in (one, other)]
    return Answer((names[0], linkage.record_id[one]), (names[1], linkage.record_id[other]), verdict)


def test_two_records_that_someone_told_apart_are_two_persons(make_town: Town) -> None:
    sources = make_town(40)
    before = link_tables(sources)
    one, other = people_who(sources, before, together=True)
    after = link_tables(sources, answers=[answer(sources, before, one, other, Verdict.NO_MATCH)])
    assert after.person[one] != after.person[other]
    assert after.evidence is not None
    place = np.empty(len(after.person), np.int64)
    place[np.arange(len(place))] = after.evidence.original
    why = explain_apart(after.evidence, int(place[one]), int(place[other]), cut=after.report.cut)
    assert why.why is Why.TOLD_APART


def test_two_records_that_someone_put_together_are_one_person(make_town: Town) -> None:
    sources = make_town(40)
    before = link_tables(sources)
    one, other = people_who(sources, before, together=False)
    after = link_tables(sources, answers=[answer(sources, before, other, one, Verdict.MATCH)])
    assert after.person[one] == after.person[other]


def test_cannot_tell_and_records_that_are_gone_change_nothing(make_town: Town) -> None:
    sources = make_town(40)
    before = link_tables(sources)
    one, other = people_who(sources, before, together=True)
    said = [
        answer(sources, before, one, other, Verdict.CANNOT_TELL),
        Answer(("clinic", "no such record"), ("school", "nor this"), Verdict.NO_MATCH),
    ]
    assert (link_tables(sources, answers=said).person == before.person).all()


def test_a_file_that_holds_each_person_once_gives_no_person_two_records(make_town: Town) -> None:
    sources = make_town(60)
    doubled = replace(sources[0], table=sources[0].table.take([*range(sources[0].table.num_rows), 0, 1, 2]))
    free = link_tables([doubled, sources[1]])
    once = link_tables([replace(doubled, unique=True), sources[1]])
    for linkage, least in ((free, 2), (once, 1)):
        of_clinic = linkage.person[linkage.source_index == 0]
        assert np.bincount(of_clinic).max() == least


def test_with_rules_only_what_they_bring_together_is_compared(make_town: Town) -> None:
    sources = make_town(40)
    linkage = link_tables(sources, options=Options(rules=(parse_rule("given and birth_date"),)))
    assert linkage.evidence is not None
    records, pairs = linkage.evidence.records, linkage.evidence.scored.pairs
    for field in ("given", "birth_date"):
        codes = records.fields[field].codes
        by_rule = slice(0, dict(enumerate(linkage.report.steps))[1].counts["pairs"])
        assert (codes[pairs.first[by_rule]] == codes[pairs.second[by_rule]]).all()


def written(path: Path, rows: str) -> Path:
    path.write_text("file_1,row_1,file_2,row_2,verdict\n" + rows)
    return path


def test_answers_are_read_from_a_file_and_empty_ones_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "x.csv,1,y.csv,02,match\nx.csv,2,y.csv,2,\nx.csv,3,y.csv,1,No_Match\n")
    assert told.read_answers(path, ("x.csv", "y.csv")) == (
        Answer(("x.csv", "1"), ("y.csv", "2"), Verdict.MATCH),
        Answer(("x.csv", "3"), ("y.csv", "1"), Verdict.NO_MATCH),
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("z.csv,1,y.csv,2,match\n", "row 1: no file to link is called 'z.csv'"),
        ("x.csv,first,y.csv,2,match\n", "row 1: row_1 and row_2 are numbers"),
        ("x.csv,1,y.csv,2,perhaps\n", "row 1: the verdict is not understood"),
    ],
)
def test_an_answer_that_is_not_understood_is_refused_by_row(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(UserFacingError, match=said):
        told.read_answers(written(tmp_path / "a.csv", row), ("x.csv", "y.csv"))
