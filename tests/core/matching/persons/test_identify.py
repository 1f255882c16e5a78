"""An identifier outlives every new linkage."""

from collections import Counter
from collections.abc import Callable
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.matching import Cause, Change, keep_identifiers


def numbered() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"P{next(numbers)}"


def test_the_same_groups_under_other_labels_keep_every_identifier() -> None:
    first = keep_identifiers({"a": 0, "b": 0, "c": 1}, {})
    again = keep_identifiers({"c": "x", "b": "y", "a": "y"}, first.person_id)
    assert again.person_id == first.person_id
    assert again.events == ()


def test_new_records_join_a_person_or_create_one() -> None:
    first = keep_identifiers({"a": 0, "b": 1}, {}, new_id=numbered())
    more = keep_identifiers({"a": 0, "b": 1, "c": 1, "d": 2}, first.person_id, new_id=lambda: "P9")
    assert more.person_id == {**first.person_id, "c": first.person_id["b"], "d": "P9"}
    assert [(e.change, e.person, e.cause) for e in more.events] == [(Change.CREATED, "P9", Cause.NEW_RECORDS)]


def test_a_merge_keeps_the_larger_one_s_identifier_and_tells_where_the_other_went() -> None:
    merged = keep_identifiers(dict.fromkeys("abc", 0), {"a": "P1", "b": "P2", "c": "P2"})
    assert set(merged.person_id.values()) == {"P2"}
    assert [(e.change, e.person, e.others) for e in merged.events] == [(Change.MERGED, "P1", ("P2",))]


def test_a_split_leaves_the_identifier_with_most_of_the_records() -> None:
    split = keep_identifiers({"a": 0, "b": 1, "c": 1}, dict.fromkeys("abc", "P1"), new_id=lambda: "P2")
    assert split.person_id == {"a": "P2", "b": "P1", "c": "P1"}
    assert [(e.change, e.person, e.others) for e in split.events] == [
        (Change.SPLIT, "P1", ("P2",)),
        (Change.CREATED, "P2", ()),
    ]


def test_an_identifier_whose_records_are_gone_ends_and_is_never_given_again() -> None:
    gone = keep_identifiers({"b": 0}, {"a": "P1"}, new_id=iter(["P1", "P2"]).__next__)
    assert gone.person_id == {"b": "P2"}
    assert (Change.ENDED, "P1") in [(e.change, e.person) for e in gone.events]


CLUSTERS = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 4))


@given(CLUSTERS, CLUSTERS, st.randoms())
def test_whatever_changes_people_and_groups_match_one_to_one_and_every_identifier_is_accounted_for(
    before: dict[str, int], after: dict[str, int], random
) -> None:
    old = keep_identifiers(before, {}, new_id=numbered()).person_id
    new = keep_identifiers(after, old, new_id=(f"N{n}" for n in count()).__next__)
    assert (
        len({(after[r], new.person_id[r]) for r in after})
        == len(set(after.values()))
        == len(set(new.person_id.values()))
    )
    told = {event.person for event in new.events}
    unchanged = {
        p for p in set(old.values()) if {r for r in old if old[r] == p} <= {r for r in after if new.person_id[r] == p}
    }
    assert set(old.values()) <= told | unchanged | set(new.person_id.values())
    shuffled = list(after.items())
    random.shuffle(shuffled)
    assert keep_identifiers(dict(shuffled), old, new_id=(f"N{n}" for n in count()).__next__) == new


@given(CLUSTERS, CLUSTERS)
def test_the_largest_overlap_always_keeps_its_identifier(before: dict[str, int], after: dict[str, int]) -> None:
    old = keep_identifiers(before, {}, new_id=numbered()).person_id
    new = keep_identifiers(after, old).person_id
    overlaps = Counter((old[r], after[r]) for r in after if r in old)
    if overlaps:
        (person, label), most = overlaps.most_common(1)[0]
        if sum(size == most for size in overlaps.values()) == 1:
            assert {new[r] for r in after if after[r] == label} == {person}
