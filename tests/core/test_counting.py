"""Counting votes: by hand where a reader can follow, and against a count that knows only fractions and lists."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infotrust.core.counting import Ballot, Basis, Choice, Rule, Share, Verdict, Why, count

YES, NO, ABSTAIN = Choice.YES, Choice.NO, Choice.ABSTAIN


def seats(*choices, **more) -> list[Ballot]:
    return [Ballot(f"seat {number}", choice=choice, **more) for number, choice in enumerate(choices)]


def test_a_majority_of_the_votes_cast_leaves_abstentions_out():
    result = count(seats(YES, YES, NO, ABSTAIN, ABSTAIN), Rule())
    assert (result.verdict, result.yes, result.no, result.abstained) == (Verdict.ADOPTED, 2, 1, 2)


def test_a_tie_is_no_majority():
    result = count(seats(YES, NO, ABSTAIN), Rule())
    assert (result.verdict, result.why) == (Verdict.REJECTED, Why.TIE)


@pytest.mark.parametrize(("chair", "verdict"), [(YES, Verdict.ADOPTED), (NO, Verdict.REJECTED)])
def test_the_chair_decides_a_tie_where_the_charter_says_so(chair, verdict):
    other = NO if chair == YES else YES
    ballots = [Ballot("chair", choice=chair, chair=True), Ballot("member", choice=other)]
    result = count(ballots, Rule(chair_decides_ties=True))
    assert (result.verdict, result.why) == (verdict, Why.CHAIR_DECIDED)


def test_a_chair_who_abstained_decides_no_tie():
    ballots = [Ballot("chair", choice=ABSTAIN, chair=True), *seats(YES, NO)]
    assert count(ballots, Rule(chair_decides_ties=True)).why == Why.TIE


def test_a_majority_of_the_seats_counts_those_who_stayed_away():
    assert count(seats(YES, YES, None, None, None), Rule(basis=Basis.SEATS, quorum_percent=0)).why == Why.TOO_FEW
    assert count(seats(YES, YES, YES, None, None), Rule(basis=Basis.SEATS, quorum_percent=0)).verdict == "adopted"


def test_two_thirds_is_reached_exactly():
    assert count(seats(YES, YES, NO), Rule(share=Share.TWO_THIRDS)).verdict == Verdict.ADOPTED
    assert count(seats(YES, YES, YES, NO, NO), Rule(share=Share.TWO_THIRDS)).verdict == Verdict.REJECTED


def test_one_vote_against_ends_unanimity_and_an_abstention_does_not():
    assert count(seats(YES, YES, ABSTAIN), Rule(share=Share.ALL)).verdict == Verdict.ADOPTED
    assert count(seats(YES, YES, NO), Rule(share=Share.ALL)).verdict == Verdict.REJECTED
    assert count(seats(YES, YES, ABSTAIN), Rule(share=Share.ALL, basis=Basis.SEATS)).verdict == Verdict.REJECTED


def test_nothing_is_adopted_where_everyone_abstains():
    for share in Share:
        for basis in Basis:
            assert count(seats(ABSTAIN, ABSTAIN), Rule(share, basis)).why == Why.NOBODY_VOTED


def test_a_quorum_is_lost_by_recusal():
    three = seats(YES, YES, NO)
    assert count(three, Rule(quorum_number=3)).verdict == Verdict.ADOPTED
    recused = [*three[:2], Ballot("seat 2", recused=True, present=True)]
    result = count(recused, Rule(quorum_number=3))
    assert (result.verdict, result.present, result.quorum, result.recused) == (Verdict.NO_QUORUM, 2, 3, 1)


def test_a_vacant_seat_does_not_lower_the_quorum():
    half_empty = [*seats(YES, YES), Ballot("a", filled=False), Ballot("b", filled=False), Ballot("c", filled=False)]
    assert count(half_empty, Rule(quorum_percent=50)).verdict == Verdict.NO_QUORUM


def test_who_is_in_the_room_and_does_not_vote_makes_the_quorum():
    there = [*seats(YES), Ballot("a", present=True), Ballot("b")]
    result = count(there, Rule(quorum_percent=60))
    assert (result.present, result.quorum, result.not_voted) == (2, 2, 2)
    assert result.verdict == Verdict.ADOPTED


def test_an_agency_has_one_vote_however_many_seats_it_has():
    schools = [Ballot(f"schools {number}", "schools", choice=YES) for number in range(3)]
    others = [Ballot("health", "health", choice=NO), Ballot("resident", choice=NO)]
    assert count([*schools, *others], Rule()).verdict == Verdict.ADOPTED
    result = count([*schools, *others], Rule(one_vote_per_agency=True))
    assert (result.verdict, result.yes, result.no, result.units) == (Verdict.REJECTED, 1, 2, 3)


def test_an_agency_that_is_divided_abstains():
    divided = [Ballot("a", "schools", choice=YES), Ballot("b", "schools", choice=NO)]
    assert count(divided, Rule(one_vote_per_agency=True)).abstained == 1


def test_residents_seats_are_never_joined():
    residents = [Ballot(f"resident {number}", choice=YES) for number in range(3)]
    assert count(residents, Rule(one_vote_per_agency=True)).yes == 3


def test_a_body_without_seats_decides_nothing():
    assert count([], Rule(quorum_percent=0)).verdict == Verdict.NO_QUORUM


@pytest.mark.parametrize(
    "wrong",
    [
        [Ballot("a", choice=YES), Ballot("a", choice=YES)],
        [Ballot("a", recused=True, choice=YES)],
        [Ballot("a", filled=False, choice=NO)],
    ],
)
def test_what_cannot_be_is_not_counted(wrong):
    with pytest.raises(ValueError, match="seat"):
        count(wrong, Rule())


@pytest.mark.parametrize(
    "wrong",
    [
        {"quorum_percent": 101},
        {"quorum_number": -1},
        {"chair_decides_ties": True, "share": Share.TWO_THIRDS},
        {"chair_decides_ties": True, "basis": Basis.SEATS},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"quorum|chair"):
        Rule(**wrong)


# --- the same, counted naively ---


def naive(ballots: list[Ballot], rule: Rule) -> Verdict:
    """Read the charter aloud, with fractions and lists of names."""
    voters: dict[str, list[Ballot]] = {}
    for ballot in ballots:
        name = ballot.agency if rule.one_vote_per_agency and ballot.agency else f"alone: {ballot.seat}"
        voters.setdefault(name, []).append(ballot)
    there, said = set(), {}
    for name, own in voters.items():
        able = [ballot for ballot in own if ballot.filled and not ballot.recused]
        if any(ballot.present or ballot.choice for ballot in able):
            there.add(name)
        score = sum({"yes": 1, "no": -1}.get(ballot.choice or "", 0) for ballot in able)
        if any(ballot.choice for ballot in able):
            said[name] = "yes" if score > 0 else "no" if score < 0 else "abstain"
    if not there or len(there) < rule.quorum_number:
        return Verdict.NO_QUORUM
    if Fraction(len(there), len(voters)) < Fraction(rule.quorum_percent, 100):
        return Verdict.NO_QUORUM
    yes, no = list(said.values()).count("yes"), list(said.values()).count("no")
    whole = yes + no if rule.basis == Basis.CAST else len(voters)
    favor = Fraction(yes, whole) if whole else Fraction(0)
    enough = {
        Share.MAJORITY: favor > Fraction(1, 2),
        Share.TWO_THIRDS: favor >= Fraction(2, 3),
        Share.ALL: favor == 1,
    }[rule.share]
    if yes and yes == no and rule.chair_decides_ties:
        chairs = [one.choice for one in ballots if one.chair and one.filled and not one.recused]
        enough = bool(chairs) and chairs[0] == "yes"
    return Verdict.ADOPTED if enough and yes else Verdict.REJECTED


@st.composite
def rules(draw) -> Rule:
    share, basis = draw(st.sampled_from(Share)), draw(st.sampled_from(Basis))
    ties = (share, basis) == (Share.MAJORITY, Basis.CAST) and draw(st.booleans())
    return Rule(share, basis, draw(st.integers(0, 6)), draw(st.integers(0, 100)), draw(st.booleans()), ties)


@st.composite
def bodies(draw) -> list[Ballot]:
    size = draw(st.integers(0, 9))
    chair = draw(st.integers(-1, size))
    made = []
    for number in range(size):
        filled = draw(st.sampled_from([True, True, True, False]))
        recused = filled and draw(st.sampled_from([False, False, False, True]))
        choice = draw(st.sampled_from([*Choice, None])) if filled and not recused else None
        agency = draw(st.sampled_from(["", "schools", "health"]))
        made.append(
            Ballot(f"s{number}", agency, filled, filled and draw(st.booleans()), recused, choice, number == chair)
        )
    return made


@given(bodies(), rules())
def test_the_count_agrees_with_a_naive_one(ballots, rule):
    assert count(ballots, rule).verdict == naive(ballots, rule)


@given(bodies(), rules(), st.randoms(use_true_random=False))
def test_the_order_of_the_seats_changes_nothing(ballots, rule, chance):
    mixed = list(ballots)
    chance.shuffle(mixed)
    assert count(mixed, rule) == count(ballots, rule)


@given(bodies(), rules())
def test_the_numbers_add_up(ballots, rule):
    result = count(ballots, rule)
    assert result.not_voted >= 0
    assert result.vacant + result.recused + result.present <= result.units
    assert result.yes + result.no + result.abstained <= result.present


@given(bodies(), rules())
def test_one_more_vote_in_favor_never_rejects_what_was_adopted(ballots, rule):
    before = count(ballots, rule).verdict
    for place, ballot in enumerate(ballots):
        if ballot.choice == NO and not ballot.agency:
            changed = [*ballots]
            changed[place] = Ballot(**{**vars(ballot), "choice": YES})
            if before == Verdict.ADOPTED and not (rule.chair_decides_ties and ballot.chair):
                assert count(changed, rule).verdict == Verdict.ADOPTED
