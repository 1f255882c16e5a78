"""What changed between two texts: whole, exact, and readable."""

from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.shared.words import ADDED, KEPT, REMOVED, Piece, changed, differences

TEXT = st.lists(
    st.sampled_from(["the", "data", "is", "kept", " ", "  ", "\n", ",", ".", "§", "years", "7"]), max_size=30
).map("".join)


def joined(pieces, *kinds):
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


@settings(deadline=None)
@given(TEXT, TEXT)
def test_nothing_is_lost_of_either_text(before, after):
    pieces = differences(before, after)
    assert joined(pieces, KEPT, REMOVED) == before
    assert joined(pieces, KEPT, ADDED) == after


@given(TEXT)
def test_a_text_that_is_the_same_shows_no_change(text):
    assert all(piece.kind == KEPT for piece in differences(text, text))


def test_a_changed_word_is_marked_and_nothing_else():
    assert differences("Kept for seven years.", "Kept for three years.") == (
        Piece(KEPT, "Kept for "),
        Piece(REMOVED, "seven"),
        Piece(ADDED, "three"),
        Piece(KEPT, " years."),
    )


def test_two_changed_words_in_a_row_are_one_change():
    kinds = [piece.kind for piece in differences("within ten days of it", "within sixty hours of it")]
    assert kinds == [KEPT, REMOVED, ADDED, KEPT]


def test_two_long_texts_are_compared_by_lines_and_still_whole():
    before = "\n".join(f"Clause {number} says something." for number in range(2_000))
    after = before.replace("Clause 700 says", "Clause 700 no longer says")
    pieces = differences(before, after)
    assert joined(pieces, REMOVED) == "Clause 700 says something.\n"
    assert joined(pieces, KEPT, ADDED) == after


def test_white_space_alone_is_no_change():
    assert not changed("a  b\n", "a b")
    assert changed("a b", "a c")
