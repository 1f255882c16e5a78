"""A county of more years holds the same records on the same day."""

from __future__ import annotations

from datetime import date

import pytest

from infotrust.core.practice.calendar import Span
from infotrust.core.practice.county import County
from infotrust.core.practice.records.sheet import Sheet

ON = date(2018, 5, 1).toordinal()


@pytest.mark.parametrize("system", ["homeless-services", "schools"])
def test_another_year_changes_no_record_that_was_written_before(system):
    shorter, longer = (written(system, years) for years in (2, 3))
    assert len(shorter) > 1500
    assert shorter == longer


def written(system, years):
    ward = County(2000, span=Span(2016, years)).ward(0)
    sheet = Sheet(ward, system, ward.residents(ON), ON)
    given, family = sheet.given_and_family()
    columns = [
        sheet.keys("{:08d}"), given, family, sheet.birth_days(), sheet.ssn(), *sheet.address(),
        sheet.phone("{}{:03d}{:04d}"), sheet.parent(), sheet.email(),
    ]  # fmt: skip
    return list(zip(*columns, strict=True))
