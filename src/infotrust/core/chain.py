"""A log in which each entry carries the hash of the one before it, so that no entry can be changed unnoticed.

Writes entries in one canonical form, computes their hashes and checks an exported log. Needs no server and no
Django: whoever holds the file can check it (`infotrust verify-log FILE`). What the entries mean is not known here.

The hash is SHA-256 over the canonical JSON of the entry without its own hash; the hash of the entry before is part
of it. A chain alone cannot show that its newest entries were cut off: for that, compare with a head that was noted
elsewhere (the trust publishes it), by `--head`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infotrust.core.errors import Finding, UserFacingError

FORMAT = "infotrust-log/1"
# What stands for "the hash before" in the first entry.
BEGINNING = "0" * 64
FIELDS = frozenset(
    {"sequence", "at", "event", "actor", "role", "agency", "about", "facts", "previous", "hash"},
)


class LogUnreadable(UserFacingError):
    """The file is not an exported log at all."""


@dataclass(frozen=True)
class Head:
    """Where the log ends: the number of entries and the hash of the last one."""

    sequence: int = 0
    hash: str = BEGINNING


@dataclass(frozen=True)
class Verified:
    """The outcome of checking a log: how far it reaches, and what was found (nothing: it is whole)."""

    head: Head
    findings: tuple[Finding, ...]

    def __bool__(self) -> bool:
        return not self.findings


def canonical(value: object) -> str:
    """Return JSON with sorted keys, no spaces and no NaN: the same text for the same content, everywhere."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def entry_hash(entry: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of an entry; its own `hash`, if there is one, is left out."""
    body = {name: value for name, value in entry.items() if name != "hash"}
    # surrogatepass: a lone surrogate in a tampered file must give a wrong hash, not a crash.
    return hashlib.sha256(canonical(body).encode("utf-8", "surrogatepass")).hexdigest()


def sealed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry with its hash."""
    return {**entry, "hash": entry_hash(entry)}


class _Walk:
    """Follows a chain entry by entry and notes what does not fit."""

    def __init__(self, noted: str = "") -> None:
        self.head = Head()
        # A hash noted elsewhere, perhaps long ago: the log has grown since, but it must still hold that entry.
        self.noted = noted
        self.head_altered = False  # it has a finding of its own already
        self.seen: set[int] = set()
        self.findings: list[Finding] = []

    def note(self, rule: str, sequence: int, **facts: str | int | float) -> None:
        self.findings.append(Finding(rule, ("entry", str(sequence)), facts))

    def step(self, entry: Mapping[str, Any]) -> None:
        sequence = entry["sequence"]
        right = entry_hash(entry) == entry["hash"]
        if not right:
            self.note("altered", sequence)
        elif entry["hash"] == self.noted:
            self.noted = ""
        self._order(sequence, entry["previous"], right)
        self.seen.add(sequence)
        self.head, self.head_altered = Head(sequence, entry["hash"]), not right

    def _order(self, sequence: int, previous: str, right: bool) -> None:
        expected = self.head.sequence + 1
        if sequence > expected:
            self.note("missing", expected, last=sequence - 1)
        elif sequence in self.seen:
            self.note("repeated", sequence)
        elif sequence < expected:
            self.note("reordered", sequence, after=self.head.sequence)
        elif previous != self.head.hash and right and not self.head_altered:
            # This entry is as it was written, so it is the one before it that is not.
            self.note("replaced", self.head.sequence, before=sequence)

    def settle(self) -> None:
        """An entry that turns up later was moved, not removed."""
        self.findings = [finding for finding in self.findings if not self._turned_up(finding)]

    def _turned_up(self, finding: Finding) -> bool:
        if finding.rule != "missing":
            return False
        return all(number in self.seen for number in range(int(finding.where[1]), int(finding.facts["last"]) + 1))

    def end(self, claimed: Head, rule_shorter: str) -> None:
        """Compare with where the log is said to end."""
        last = max(self.seen, default=0)
        if last < claimed.sequence:
            self.note(rule_shorter, last + 1, last=claimed.sequence)
        elif last > claimed.sequence:
            self.note("beyond-head", claimed.sequence + 1, last=last)
        elif claimed.hash != self.head.hash and not self.findings:
            self.note("replaced", last, before=last + 1)

    def find_noted(self) -> None:
        """What was noted elsewhere must have been among the entries."""
        if self.noted:
            self.note("not-the-head", self.head.sequence)


def verify_entries(entries: Iterable[Mapping[str, Any]], head: Head | None = None, *, noted: str = "") -> Verified:
    """Follow `entries` (mappings with exactly `FIELDS`), and compare the end with `head` where it is given.

    `noted` is a hash that was written down elsewhere, at any time; empty: not looked for.

    Findings, each at `("entry", number)`: altered, missing (to `last`), reordered, repeated, replaced (the entry was
    rewritten together with its hash), truncated (from here to `last`), beyond-head, not-the-head (no `noted`).
    """
    walk = _Walk(noted)
    for entry in entries:
        walk.step(entry)
    walk.settle()
    if head is not None:
        walk.end(head, "truncated")
    walk.find_noted()
    return Verified(walk.head, tuple(walk.findings))


def footer(head: Head) -> str:
    """Return the last line of an exported log: it says how many entries there are and where they end."""
    return canonical({"format": FORMAT, "entries": head.sequence, "head": head.hash})


def verify_export(lines: Iterable[str], *, head: str = "") -> Verified:
    """Check an exported log, line by line. `head` is a hash that was noted elsewhere, at any time; empty: not compared.

    Raises `LogUnreadable` where the first line is not an entry of such a log.
    """
    walk = _Walk(head)
    closing: Head | None = None
    for number, (line, content) in enumerate(_parsed(lines), start=1):
        if closing is not None:
            walk.findings.append(Finding("after-the-end", ("line", str(number))))
        elif content is None:
            walk.findings.append(Finding("unreadable", ("line", str(number))))
        elif "format" in content:
            closing = _closing(walk, content, line, number)
        elif not _is_entry(content):
            walk.findings.append(Finding("unreadable", ("line", str(number))))
        else:
            walk.step(content)
            if canonical(content) != line:
                walk.note("altered", content["sequence"])
    _nothing_read(walk, closing)
    walk.settle()
    _compare_end(walk, closing)
    return Verified(walk.head, tuple(dict.fromkeys(walk.findings)))


def _parsed(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any] | None]]:
    for raw in lines:
        line = raw[:-1] if raw.endswith("\n") else raw
        try:
            content = json.loads(line)
        except (ValueError, RecursionError):
            content = None
        yield line, content if isinstance(content, dict) else None


def _is_entry(content: dict[str, Any]) -> bool:
    number = content.get("sequence")
    whole = isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**63
    return whole and content.keys() == FIELDS and all(isinstance(content[name], str) for name in ("previous", "hash"))


def _closing(walk: _Walk, content: dict[str, Any], line: str, number: int) -> Head | None:
    entries, last = content.get("entries"), content.get("head")
    if content.get("format") != FORMAT or not isinstance(entries, int) or not isinstance(last, str):
        walk.findings.append(Finding("unreadable", ("line", str(number))))
        return None
    claimed = Head(entries, last)
    if line != footer(claimed):
        walk.findings.append(Finding("unreadable", ("line", str(number))))
    return claimed


def _nothing_read(walk: _Walk, closing: Head | None) -> None:
    if walk.head == Head() and closing is None:
        raise LogUnreadable(
            "The file holds no entry of an exported log.",
            next_step="Export it with `infotrust-server export-log FILE` and try again.",
        )


def _compare_end(walk: _Walk, closing: Head | None) -> None:
    if closing is None:
        walk.findings.append(Finding("truncated", ("entry", str(walk.head.sequence + 1)), {}))
    else:
        walk.end(closing, "truncated")
    walk.find_noted()


WORDS = {
    "altered": "Entry {at} was altered: its content no longer gives its hash.",
    "missing": "Entries {at} to {last} are missing.",
    "reordered": "Entry {at} stands after entry {after}: the order was changed.",
    "repeated": "Entry {at} appears twice.",
    "replaced": "Entry {at} was rewritten together with its hash: it is not the one the log went on from.",
    "truncated": "The log was cut off: entry {at} and what followed are missing.",
    "beyond-head": "Entries {at} to {last} stand after the noted end of the log.",
    "unreadable": "Line {at} is not an entry of a log.",
    "after-the-end": "Line {at} stands after the closing line.",
    "not-the-head": "None of the {at} entries has the hash you gave: the log was cut off or rewritten since.",
    "head-missing": "The note of where the log ends is gone; the last entry is {at}.",
}


def in_words(finding: Finding) -> str:
    """Say a finding in one plain sentence (for the terminal; the page has its own, translated)."""
    return WORDS[finding.rule].format(at=finding.where[1], **finding.facts)
