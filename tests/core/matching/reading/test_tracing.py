"""The delivered value can be reached from its standard form, with every step between them."""

import pyarrow as pa

from infotrust.core.elements import SemanticType as S
from infotrust.core.matching.reading import addresses, contacts, dates, names, shared, writing
from infotrust.core.matching.reading.sources import Source, read_records
from infotrust.core.matching.reading.tracing import trace

TABLE = pa.table(
    {
        "first": ["  José ", "BABY BOY"],
        "last": ["DE LA CRUZ-Vega, Jr.", "O'Brien"],
        "born": ["2019-31-12", ""],
        "ssn": ["000-12-3456", "536228726"],
        "no": ["12", None],
        "street": ["North Main Street", "PO Box 7"],
        "unit": ["4B", None],
    }
)
COLUMNS = {
    S.GIVEN_NAME: "first", S.FAMILY_NAME: "last", S.BIRTH_DATE: "born", S.SSN: "ssn",
    S.STREET_ADDRESS: ("no", "street", "unit"),
}  # fmt: skip


def test_every_step_from_the_delivered_value_to_its_standard_form_is_told() -> None:
    given, family, born, ssn, address = trace(Source("a", TABLE, COLUMNS), 0)
    assert (given.delivered, given.standard["given"]) == ("José", "jose")
    assert given.steps == (writing.ACCENTS, writing.CASE)
    assert family.standard == {"family": "cruz vega", "suffix": "jr"}
    assert set(family.steps) == {writing.CASE, writing.PUNCTUATION, names.HYPHEN, names.SUFFIX, names.PARTICLE}
    assert (born.standard, born.steps) == ({"birth_date": "20191231"}, (dates.SWAPPED,))
    assert (ssn.standard, ssn.steps) == ({"ssn": None}, (contacts.NEVER_ISSUED,))
    assert address.standard == {"house": "12", "street": "n main st", "unit": "4b"}
    assert set(address.steps) == {addresses.UNIT_PARTED, addresses.SHORTENED}


def test_an_empty_cell_has_no_trace_and_a_placeholder_says_so() -> None:
    traced = {one.element: one for one in trace(Source("a", TABLE, COLUMNS), 1)}
    assert S.BIRTH_DATE not in traced
    assert traced[S.GIVEN_NAME].steps == (writing.CASE, names.NEWBORN)
    assert traced[S.STREET_ADDRESS].standard == {"house": None, "street": "po box 7", "unit": None}


def test_a_trace_says_what_the_records_say() -> None:
    surnames = [chr(ord("A") + n) * 3 + "ez" for n in range(20)]
    table = pa.table({"last": surnames, "street": ["100 Mission St"] * 20})
    source = Source("a", table, {S.FAMILY_NAME: "last", S.STREET_ADDRESS: "street"})
    others = pa.table({"last": ["Novak"] * 9, "street": [f"{n} Elm St" for n in range(9)]})
    records = read_records([source, Source("b", others, source.columns)])
    family, address = trace(source, 3, habits=records.habits[0], shared=records.shared)
    assert address.standard == {"house": None, "street": None, "unit": None}
    assert address.steps == (shared.STEP,)
    assert family.standard["family"] == "dddez"
