"""What can go wrong with a record: each mechanism has a bit, so that the truth can say which of them happened."""

from __future__ import annotations

MECHANISMS = (
    "keying", "phonetic", "ocr", "swapped_names", "nickname", "middle_as_first", "one_surname", "other_surname",
    "joined_surname", "reversed_surnames", "reversed_order", "transliteration", "diacritics", "punctuation",
    "truncated", "maiden_name", "alias", "twins_confused", "twins_merged", "unnamed_newborn", "placeholder_name",
    "middle_missing", "suffix_missing", "day_month_swapped", "birth_date_slip", "default_birthday", "age_estimated",
    "birth_date_missing", "sex_wrong", "sex_missing", "ssn_none", "ssn_missing", "ssn_last_four", "ssn_slip",
    "ssn_borrowed", "ssn_placeholder", "stale_address", "shared_address", "address_slip", "address_abbreviated",
    "unit_missing", "po_box", "address_missing", "phone_missing", "shared_phone", "phone_slip", "stale_phone",
    "entered_twice",
)  # fmt: skip

BIT = {name: 1 << place for place, name in enumerate(MECHANISMS)}


def named(bits: int) -> list[str]:
    """The names of the mechanisms whose bits are set, in the order of MECHANISMS."""
    return [name for name, bit in BIT.items() if bits & bit]
