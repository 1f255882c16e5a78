"""Which pairs are worth comparing: every pair of few records, hardly a true one lost of more."""

from collections import Counter

from infotrust.core.matching.comparing.candidates import find_candidates
from infotrust.core.matching.reading.sources import read_records


def test_few_records_are_compared_whole(make_town) -> None:
    records = read_records(make_town(20))
    pairs = find_candidates(records, per_record=20, widest_key=200, least_information=8)
    assert len(pairs) == len(records) * (len(records) - 1) // 2


def test_a_larger_set_loses_hardly_a_true_pair_within_its_budget(make_town) -> None:
    sources = make_town(500)
    records = read_records(sources)
    person = [sources[s].table["person"][int(r)].as_py() for s, r in zip(records.source, records.row, strict=True)]
    pairs = find_candidates(records, per_record=10, widest_key=200, least_information=8)
    sizes = Counter(person)
    true = sum(size * (size - 1) // 2 for size in sizes.values())
    found = sum(person[a] == person[b] for a, b in zip(pairs.first, pairs.second, strict=True))
    assert len(pairs) <= 10 * len(records)
    assert found / true > 0.98
