"""Numbers and addresses by which people are reached or counted: SSN, telephone, e-mail, ZIP code; and sex."""

from __future__ import annotations

import re

from infotrust.core.matching.reading.writing import CASE, NOTHING, PLACEHOLDER, Note, plain, silently

NEVER_ISSUED = "number never issued (area 000 or 666, group 00, serial 0000)"
MADE_UP = "number of the 900s that is no taxpayer number"
LAST_FOUR = "only the last four digits"
ZEROS = "leading zeros put back"
COUNTRY = "country code or extension taken off"
NO_NUMBER = "no telephone number of 7 or 10 digits"
TAG = "mailbox tag or Gmail's dots taken out"
NO_MAIL = "no e-mail address in it"
EXTENDED = "ZIP+4 cut to five digits"

# Woolworth's wallet card (078-05-1120) and the SSA's own pamphlet (219-09-9999) were copied by thousands; 457-55-5462
# stood in advertisements of 2007.
PLACEHOLDER_SSNS = frozenset(
    {"123456789", "987654321", "078051120", "219099999", "111223333", "123121234", "457555462"}
)  # fmt: skip
# A number is never issued with these; the 900s are taxpayer numbers (https://www.ssa.gov/employer/randomization.html).
NEVER = r"(000|666)\d{6}|\d{3}00\d{4}|\d{5}0000"
# ITIN: fourth and fifth digit 50-65, 70-88, 90-92, 94-99 (Internal Revenue Manual); ATIN, for adoptions: 93.
TAXPAYER = r"9\d\d(5\d|6[0-5]|7\d|8[0-8]|9\d)\d{4}"


def ssn(value: str, note: Note = silently) -> str | None:
    """Nine characters, or the last four where that is all there is. Taxpayer numbers (9xx) name a person too."""
    text = re.sub(r"[^0-9a-z]", "", plain(value))
    masked = re.sub(r"^[x*0]{5}(?=\d{4}$)", "", text)
    if len(masked) == 4 and masked.isdigit():
        if masked == "0000":
            note(PLACEHOLDER)
            return None
        note(LAST_FOUR)
        return masked
    if len(text) in (7, 8) and text.isdigit():  # a spreadsheet dropped leading zeros
        note(ZEROS)
        text = text.zfill(9)
    if len(text) != 9 or len(set(text)) == 1 or text in PLACEHOLDER_SSNS:
        note(PLACEHOLDER)
        return None
    if re.fullmatch(NEVER, text):
        note(NEVER_ISSUED)
        return None
    return text


def is_made_up(number: str) -> bool:
    """Whether a standard number is of the 900s and yet no taxpayer's: an agency made it up."""
    return len(number) == 9 and number[0] == "9" and not re.fullmatch(TAXPAYER, number)


def zip_code(value: str, note: Note = silently) -> str | None:
    """The first five characters. A four-digit code lost its zero in a spreadsheet."""
    written = plain(value)
    text = re.sub(r"[^0-9a-z]", "", written.partition("-")[0].partition(".")[0])
    if text.isdigit() and len(text) in (3, 4):
        note(ZEROS)
        text = text.zfill(5)
    if len(text) > 5 or "-" in written:
        note(EXTENDED)
    text = text[:5]
    if len(text) < 5 or text in ("00000", "99999"):
        note(PLACEHOLDER)
        return None
    return text


def phone(value: str, note: Note = silently) -> str | None:
    """Ten digits, without the country code or an extension."""
    before = re.split(r"[xX]|ext", value)[0]
    digits = re.sub(r"\D", "", before)
    if len(before) < len(value) or (len(digits) == 11 and digits[0] == "1"):
        note(COUNTRY)
    digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    if len(digits) not in (7, 10):
        note(NO_NUMBER)
        return None
    # No area code begins with 0 or 1 (North American Numbering Plan).
    never = len(digits) == 10 and digits[0] in "01"
    if never or len(set(digits[-7:])) == 1 or digits in ("1234567890", "5555555555", "1234567"):
        note(PLACEHOLDER)
        return None
    return digits


NOBODY = frozenset({"noemail", "no", "email", "noreply", "donotreply", "nomail", "noaddress"})


def email(value: str, note: Note = silently) -> str | None:
    """Lower case; what stands behind a plus, and Gmail's dots, reach the same mailbox."""
    text = plain(value)
    if text != value.strip() and text == value.strip().lower():
        note(CASE)
    local, _, host = text.partition("@")
    if not host or not local:
        note(NO_MAIL)
        return None
    if local in NOTHING or local in NOBODY:
        note(PLACEHOLDER)
        return None
    box = local.partition("+")[0] or local
    if host in ("gmail.com", "googlemail.com"):
        box, host = box.replace(".", "") or box, "gmail.com"
    if box != local:
        note(TAG)
    return f"{box}@{host}"


# 1 and 2 are ISO 5218; HUD's HMIS writes 0 for a woman or girl.
SEXES = {
    "male": "m", "m": "m", "boy": "m", "man": "m", "1": "m", "hombre": "m", "masculino": "m", "varon": "m", "nino": "m",
    "female": "f", "f": "f", "girl": "f", "woman": "f", "2": "f", "0": "f", "mujer": "f", "femenino": "f", "nina": "f",
    "nonbinary": "x", "non-binary": "x", "x": "x",
}  # fmt: skip


def sex(value: str, note: Note = silently) -> str | None:
    found = SEXES.get(plain(value))
    if found is None:
        note(PLACEHOLDER)
    return found
