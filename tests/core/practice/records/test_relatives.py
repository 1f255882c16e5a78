"""Who stands beside whom: facts that no later birth changes."""

from __future__ import annotations

import numpy as np
import pytest

from infotrust.core.practice.records.relatives import keepers, other_twins, siblings
from tests.core.practice.support import small_ward

MOTHER, FATHER, FIRST, SECOND = range(4)  # places in the families of `small_ward`


@pytest.fixture(scope="module")
def ward():
    return small_ward(500)


def test_twins_point_at_each_other_and_others_at_nobody(ward):
    other, twins = other_twins(ward), ward.people.plurality > 1
    assert (other[other[twins]] == np.flatnonzero(twins)).all()
    assert (ward.people.birth[other[twins]] == ward.people.birth[twins]).all()
    assert (other[~twins] == -1).all()


def test_sibling_is_the_next_older_child_of_the_mother(ward):
    found, birth = siblings(ward), ward.people.birth
    some = found >= 0
    assert some.sum() == 500
    assert (ward.people.mother[found[some]] == ward.people.mother[some]).all()
    assert (birth[found[some]] <= birth[some]).all()


def test_household_is_kept_by_the_eldest_of_its_founders(ward):
    keeper = keepers(ward)
    family = keeper // 4
    assert (family == np.arange(500)).all()
    eldest = np.minimum(ward.people.birth[MOTHER::4], ward.people.birth[FATHER::4])
    assert (ward.people.birth[keeper] == eldest).all()
