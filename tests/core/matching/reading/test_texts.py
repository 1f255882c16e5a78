"""What compiled loops read from a column's bytes is what plain Python reads from its values."""

from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.matching.reading import standardize
from infotrust.core.matching.reading.texts import Texts, hash_of

WORD = st.sampled_from(["de", "la", "garcia", "smith", "o", "nguyen", "katherine", "schmidt", "el", "wy", "a", "ñ"])
NAMES = st.lists(st.lists(WORD, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=12)


@given(NAMES, st.integers(0, 2))
@settings(deadline=None, max_examples=150)
def test_words_sounds_and_initials_are_those_of_the_standard_form(names: list[str], place: int) -> None:
    found = Texts.of(names).words(place)
    for name, whole, sound, initial in zip(names, found.whole, found.sound, found.initial, strict=True):
        words = standardize.words(name)
        if place >= len(words):
            assert whole == sound == initial == 0
        elif words[place].isascii():
            expected = [words[place], standardize.skeleton(words[place]), words[place][0]]
            assert [whole, sound, initial] == [hash_of(text) for text in expected]


@given(NAMES)
@settings(deadline=None, max_examples=100)
def test_end_words_leave_particles_out(names: list[str]) -> None:
    first, last = Texts.of(names).end_words()
    expected = [standardize.words(name) for name in names]
    assert first.tolist() == [hash_of(words[0]) for words in expected]
    assert last.tolist() == [hash_of(words[-1]) for words in expected]


@given(st.lists(st.text(alphabet="0123456789ab", max_size=12), min_size=1, max_size=12))
@settings(deadline=None, max_examples=100)
def test_parts_are_slices_and_nothing_is_zero(values: list[str]) -> None:
    texts = Texts.of(values)
    for begin, end in ((0, 0), (0, 4), (4, 0), (-4, 0)):
        cut = [value[begin:] if end == 0 else value[begin:end] for value in values]
        assert texts.part(begin, end).tolist() == [hash_of(one) if one else 0 for one in cut]


def test_different_values_have_different_hashes() -> None:
    values = [f"{number} main st" for number in range(100_000)]
    assert len(set(Texts.of(values).hashes.tolist())) == len(values)
