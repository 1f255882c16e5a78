"""Adding to the log, checking it, and handing it out.

`record` joins the caller's transaction: what is undone leaves no entry, and what is kept has one. An entry names its
actor by a stable label, and never holds a value about a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, TextIO
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from infotrust.core import chain
from infotrust.core.errors import Finding, UserFacingError
from infotrust.shared.accounts.models import User
from infotrust.shared.audit.events import Event
from infotrust.shared.audit.models import Entry, Head, stamp

SYSTEM = "system"  # the trust itself: its worker, its timers
CHUNK = 2_000  # entries read at a time
LONGEST_TEXT = 4_000  # a fact is a code or a short text, not a document


class LogDamaged(UserFacingError):
    """The log's own note of where it ends was removed."""


class NotAFact(TypeError):
    """A defect: something was to be recorded that is not a plain fact. The message names its type, not its value."""


@transaction.atomic
def record(event: Event, *, about: str, by: User | None, at: datetime | None = None, **facts: Any) -> Entry:
    """Append an entry: what happened, to which thing (`agreement:DSA-1`), by whom (None: the trust itself).

    Facts are JSON values; dates, sets, tuples and UUIDs are turned into them. Anything else raises `NotAFact`.
    """
    plain = {name: _plain(value, name) for name, value in facts.items()}
    content = {
        "at": at or timezone.now(),
        "event": Event(event).value,
        "about": _short(about, "about", 200),
        "facts": plain,
    } | _actor(by)
    head = Head.objects.select_for_update().get()
    return _append(head, content)


def _append(head: Head, content: dict[str, Any]) -> Entry:
    content |= {"sequence": head.sequence + 1, "previous": head.hash}
    at, facts = content["at"], content.pop("facts")
    digest = chain.entry_hash({**content, "at": stamp(at), "facts": facts})
    entry = Entry.objects.create(**content, facts_text=chain.canonical(facts), hash=digest)
    head.sequence, head.hash = entry.sequence, entry.hash
    head.save(update_fields=["sequence", "hash"])
    return entry


def _actor(by: User | None) -> dict[str, str]:
    if by is None or by.pk is None:
        return {"actor": SYSTEM, "role": "", "agency": ""}
    return {
        "actor": f"user:{by.pk}",
        "role": ",".join(sorted(by.roles)),
        "agency": by.agency.code if by.agency else "",
    }


def _short(text: object, name: str, longest: int) -> str:
    if isinstance(text, Promise):
        text = str(text)
    if not isinstance(text, str):
        raise NotAFact(f"{name} must be a text, not {type(text).__name__}.")
    if len(text) > longest:
        raise NotAFact(f"{name} is a text of {len(text)} characters; at most {longest} can be recorded.")
    # NUL is the one character PostgreSQL cannot store; a lone surrogate the one UTF-8 cannot.
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _plain(value: object, name: str) -> Any:
    """Turn a fact into JSON, or raise `NotAFact` naming the fact and its type."""
    if value is None or isinstance(value, bool | int | float):
        return _number(value, name)
    if isinstance(value, str | Promise):
        return _short(value, name, LONGEST_TEXT)
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {_short(key, f"a key in {name}", 200): _plain(item, name) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(item, name) for item in value), key=chain.canonical)
    if isinstance(value, list | tuple):
        return [_plain(item, name) for item in value]
    raise NotAFact(f"The fact {name!r} is a {type(value).__name__}; record its code or its number instead.")


def _number(value: Any, name: str) -> Any:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        raise NotAFact(f"The fact {name!r} is not a finite number.")
    return value


def _records(last: int | None = None) -> Iterator[dict[str, Any]]:
    entries = Entry.objects.order_by("sequence")
    if last is not None:
        entries = entries.filter(sequence__lte=last)
    after = -(2**63)
    while found := _readable(entries.filter(sequence__gt=after)[:CHUNK]):
        yield from (entry.as_record() for entry in found)
        after = found[-1].sequence


def _readable(entries: QuerySet[Entry]) -> list[Entry]:
    """Return the entries; where the moment of one was damaged so that it is none, all of them without it."""
    try:
        return [entry for entry in entries if isinstance(entry.sequence, int)]
    except (ValueError, TypeError, OverflowError):
        found = [entry for entry in entries.defer("at") if isinstance(entry.sequence, int)]
    for entry in found:
        entry.at = _moment(entry)
    return found


def _moment(entry: Entry) -> Any:
    try:
        return Entry.objects.values_list("at", flat=True).get(pk=entry.pk)
    except (ValueError, TypeError, OverflowError):
        return None


@transaction.atomic
def verify(*, noted: str = "") -> list[Finding]:
    """Follow the whole log and return what is wrong with it (an empty list: nothing). See `core.chain` for the rules.

    `noted` is a fingerprint of the log that was written down elsewhere, at any time; the log must still hold it.

    Runs in one transaction with the head locked, so that entries added meanwhile are not taken for damage.
    """
    head = Head.objects.select_for_update().first()
    if head is None:
        found = chain.verify_entries(_records(), noted=noted)
        return [*found.findings, Finding("head-missing", ("entry", str(found.head.sequence)))]
    return list(chain.verify_entries(_records(), chain.Head(head.sequence, head.hash), noted=noted).findings)


def export(stream: TextIO) -> chain.Head:
    """Write the log as lines of JSON, oldest first, with a closing line; return where it ends."""
    row = Head.objects.first()
    if row is None:
        raise LogDamaged(
            _("The note of where the log ends is gone."), next_step=_("Run `infotrust-server verify-audit`.")
        )
    head = chain.Head(row.sequence, row.hash)
    stream.writelines(lines(head))
    return head


def lines(head: chain.Head) -> Iterator[str]:
    """Yield the log up to `head` as lines of an exported file, the closing line last."""
    for entry in _records(head.sequence):
        yield chain.canonical(entry) + "\n"
    yield chain.footer(head) + "\n"


def record_refusal(*, wanted: str, rules: list[str], by: User | None, about: str = "") -> Entry:
    """Record that something was refused, after what was asked for has been undone."""
    return record(Event.ACCESS_REFUSED, about=about or "access", by=by, wanted=wanted, rules=rules)
