"""What many unrelated people share is a place or a clerk, and weighs so; a home of many records stays one."""

from collections import Counter, defaultdict

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from infotrust.core.elements import SemanticType as S
from infotrust.core.matching.reading import shared
from infotrust.core.matching.reading.sources import Records, Source, read_records

COLUMNS = {S.FAMILY_NAME: "last", S.STREET_ADDRESS: "street", S.ZIP_CODE: "zip", S.PHONE: "phone"}
SURNAMES = (
    "Garcia",
    "Lopez",
    "Nguyen",
    "Smith",
    "Brown",
    "Okafor",
    "Tanaka",
    "Chen",
    "Patel",
    "Haddad",
    "Novak",
    "Rossi",
)


def records_of(rows: list[tuple[str, str, str, str]]) -> Records:
    table = pa.table(dict(zip(("last", "street", "zip", "phone"), map(list, zip(*rows, strict=True)), strict=True)))
    return read_records([Source("a", table, COLUMNS)])


def told(records, field: str) -> set[str | None]:
    coded = records.fields[field]
    return {coded.values[code].as_py() if code >= 0 else None for code in coded.codes.tolist()}


def test_a_shelter_s_address_weighs_as_its_town_and_a_clerk_s_telephone_says_nothing() -> None:
    shelter = [(name, "100 Mission St Unit 2", "34801", "555-201-0100") for name in SURNAMES] * 3
    homes = [(name, f"{n + 1} Elm St Apt {n}", "34801", f"555-301-{1000 + n}") for n, name in enumerate(SURNAMES)]
    found = records_of(shelter + homes)
    assert "100" not in told(found, "house")
    assert "5552010100" not in told(found, "phone")
    assert told(found, "street") == {None, "elm st"}
    assert len(told(found, "phone")) == len(homes) + 1
    assert {(one.what, one.records) for one in found.noted if one.step == shared.STEP} == {
        ("address", 36),
        ("phone", 36),
    }


def test_a_family_of_many_records_and_its_misspellings_stay_a_home() -> None:
    names = ("Garcia", "Garsia", "Garcai", "Lopez", "Lopes", "Ruiz", "Chen", "Vega", "Mora")
    home = [(name, "100 Mission St", "34801", "555-201-0100") for name in [*names, *["Garcia"] * 8, *["Lopez"] * 5]]
    others = [(name, f"{n + 1} Elm St", "34801", "555-301-0100") for n, name in enumerate(SURNAMES[:3])]
    assert "100" in told(records_of(home + others), "house")


def test_one_address_in_many_towns_is_many_homes() -> None:
    rows = [(name, "100 Main St", f"348{n:02d}", f"555-301-{1000 + n}") for n, name in enumerate(SURNAMES)]
    assert shared.find_shared(records_of([*rows, ("X", "7 Oak Rd", "34801", "")]).fields).keys["address"].size == 0


def test_what_was_found_before_is_gone_by() -> None:
    table = pa.table(
        {"last": SURNAMES, "street": ["100 Mission St"] * 11 + ["7 Elm St"], "zip": ["34801"] * 12, "phone": [""] * 12}
    )
    source = Source("a", table, COLUMNS)
    before = read_records([source]).shared
    more = Source("b", pa.concat_tables([table.slice(0, 2), table.slice(11), table.slice(11)]), COLUMNS)
    assert told(read_records([more]), "house") == {"100", "7"}
    assert told(read_records([more], shared=before), "house") == {None, "7"}


def unrelated(names: list[int]) -> bool:
    counts = Counter(names)
    even = len(names) ** 2 / sum(count**2 for count in counts.values())
    return len(counts) >= 20 or (len(counts) >= 8 and even >= 6.5)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30)), max_size=150))
@settings(deadline=None)
def test_shared_keys_are_those_of_a_plain_loop(records: list[tuple[int, int]]) -> None:
    keys = np.array([key for key, _ in records], np.uint64)
    surnames = np.array([surname for _, surname in records], np.uint64)
    by_key = defaultdict(list)
    for key, surname in records:
        if key and surname:
            by_key[key].append(surname)
    wanted = [key for key, names in sorted(by_key.items()) if unrelated(names)]
    assert shared._shared_keys(keys, surnames).tolist() == wanted


def test_an_agency_s_post_office_box_is_no_home_and_a_family_s_is() -> None:
    boxes = [(name, "PO Box 7", "34801", f"555-401-{1000 + n}") for n, name in enumerate(SURNAMES)]
    family = [("Garcia", "P.O. Box 9", "34801", f"555-501-{1000 + n}") for n in range(12)]
    assert told(records_of(boxes + family), "street") == {None, "po box 9"}
