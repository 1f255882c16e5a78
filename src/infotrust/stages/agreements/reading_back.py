"""An edited Word file against the text it was made from: what its editor wants, clause by clause.

What others changed meanwhile is not the editor's wish: an old word that the editor left alone gives way to the new one.
Words that the parties chose or wrote can be other words. Words that are made from terms cannot: a change there is a
wish to change the terms, and says which form changes them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from infotrust.core.documents import Remark, read_remarks, read_word
from infotrust.core.policy.clauses import Clause
from infotrust.core.policy.terms import digest
from infotrust.shared.words import changed
from infotrust.stages.agreements.papers import HEAD, HEADING, ITEMS, PLAIN, SCHEDULE, TEXT, part_key

REWORD, ADD, REMOVE, TERMS = "reword", "add", "remove", "terms"
# Which form changes what a clause made from terms says; the others are the software's own.
FORMS = {
    **dict.fromkeys(
        ("parties", "purposes", "term", "recipients", "level", "publication", "retention", "law", HEAD), "terms"
    ),
    **dict.fromkeys(("datasets", "fields"), "datasets"),
    "linking": "terms",
}
# What is told apart from its clause in the file.
ELSEWHERE = {"fields": part_key(SCHEDULE, "fields"), HEAD: part_key(TEXT, HEAD)}


@dataclass(frozen=True)
class Wish:
    """What the file would have one clause say. `before` and `text` are its whole words, for showing what differs.

    `stamp`: of the words it was written over; where the clause has another one now, others changed the same words.
    """

    kind: str
    clause: str
    before: str
    heading: str
    text: str
    plain: str = ""
    stamp: str = ""


@dataclass(frozen=True)
class Sent:
    """A text as it went out: its clauses, and the paragraphs of its Word file with their keys."""

    clauses: tuple[Clause, ...]
    paragraphs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ReadBack:
    """`remarks`: (key of the clause, who wrote it, what), in the order of the text."""

    wishes: tuple[Wish, ...]
    remarks: tuple[Remark, ...]


def read_back(content: bytes, base: Sent, now: Sent) -> ReadBack:
    """Return what an edited file wants. `base`: the text it was made from; `now`: the one that would go out today.

    Raises `NotAWordFile`.
    """
    entries = read_word(content)
    found: dict[str, list[str]] = {}
    for key, text in entries:
        if key:
            found.setdefault(key, []).append(text)
    today = {clause.key: clause for clause in now.clauses}
    wishes = [
        left
        for clause in base.clauses
        if clause.key != HEAD
        and (wish := _wish(clause, found))
        and (left := _left(wish, clause, today.get(clause.key)))
    ]
    wishes += [wish for clause, key in ELSEWHERE.items() if (wish := _elsewhere(clause, key, base, now, found))]
    added = [wish for wish in _added(entries, base) if all(changed(wish.text, one.text) for one in now.clauses)]
    return ReadBack((*wishes, *added), _remarks(content, now.clauses))


def stamp_of(clause: Clause) -> str:
    """Return what a clause is known by while its words stay the same."""
    return digest([clause.heading, clause.text, clause.plain])


def whole(clause: Clause) -> str:
    """Return the words of a clause as they are shown beside others; those of the fields stand in the schedule."""
    return _whole(clause.heading, clause.text, () if clause.key == "fields" else clause.items)


def _left(wish: Wish, base: Clause, now: Clause | None) -> Wish | None:
    """Return what is left of a wish over the words of today: nothing where they say it already."""
    if now is None:
        # What someone else left out stays out unless this file has other words for it.
        return replace(wish, kind=ADD, clause="", before="") if wish.kind == REWORD else None
    if stamp_of(base) == stamp_of(now) and base.items == now.items:
        return replace(wish, stamp=stamp_of(now))
    if wish.kind == REWORD:
        return _merged(wish, base, now)
    said = wish.kind == TERMS and not changed(wish.text, whole(now))
    return None if said else replace(wish, stamp=stamp_of(base))


def _merged(wish: Wish, base: Clause, now: Clause) -> Wish | None:
    """Take from the file only the parts that its editor changed; where others changed the same one, say so."""
    parts = ("heading", "text", "plain")
    edited = {part for part in parts if changed(getattr(base, part), getattr(wish, part))}
    kept = {part: getattr(wish if part in edited else now, part) for part in parts}
    if not any(changed(kept[part], getattr(now, part)) for part in parts):
        return None
    clash = any(changed(getattr(base, part), getattr(now, part)) for part in edited)
    under = base if clash else now
    return replace(wish, **kept, before=whole(under), stamp=stamp_of(under))


def _wish(clause: Clause, found: dict[str, list[str]]) -> Wish | None:
    heading = _unnumbered("\n".join(found.get(part_key(HEADING, clause.key), [])), clause.number)
    text = "\n".join(found.get(part_key(TEXT, clause.key), []))
    plain = "\n".join(found.get(part_key(PLAIN, clause.key), []))
    items = "\n".join(found.get(part_key(ITEMS, clause.key), []))
    if not text.strip() and not heading.strip():
        kind = REMOVE if clause.chosen else TERMS
        return Wish(kind, clause.key, _whole(clause.heading, clause.text, clause.items), clause.heading, "")
    listed = "" if clause.key == "fields" else "\n".join(clause.items)
    same = not (changed(clause.heading, heading) or changed(clause.text, text) or changed(listed, items))
    if same and (not clause.chosen or not changed(clause.plain, plain)):
        return None
    before = whole(clause)
    if clause.chosen:
        return Wish(REWORD, clause.key, before, heading.strip()[:120] or clause.heading, text, plain or clause.plain)
    return Wish(TERMS, clause.key, before, heading, _whole(heading, text, tuple(filter(None, items.split("\n")))))


def _elsewhere(clause: str, key: str, base: Sent, now: Sent, found: Mapping[str, list[str]]) -> Wish | None:
    """What is made from terms and stands in the file in a place of its own: the schedule of fields, the reason."""
    before, today = (_rows(sent, key) for sent in (base, now))
    after = "\n".join(found.get(key, []))
    if not changed(before, after) or not changed(today, after):
        return None
    return Wish(TERMS, clause, before.replace("\t", " | "), "", after.replace("\t", " | "))


def _rows(sent: Sent, key: str) -> str:
    return "\n".join(text for one, text in sent.paragraphs if one == key)


def _added(entries: tuple[tuple[str, str], ...], base: Sent) -> list[Wish]:
    """What stands in the file without a key, and was not sent: new paragraphs, one clause for those in a row."""
    known = Counter(" ".join(text.split()) for key, text in base.paragraphs if not key)
    added: list[list[str]] = []
    together = False
    for key, text in entries:
        line = " ".join(text.split())
        new = not key and line and not known[line]
        if not key and line and known[line]:
            known[line] -= 1
        if new:
            added[-1].append(text.strip()) if together else added.append([text.strip()])
        together = bool(new) or (together and not line and not key)
    return [_new(lines) for lines in added]


def _new(lines: list[str]) -> Wish:
    """A short first line is a heading; a sentence is not."""
    short = len(lines) > 1 and len(lines[0]) <= 80 and not lines[0].endswith(".")
    heading = lines[0] if short else ""
    return Wish(ADD, "", "", _unnumbered(heading, None)[:120], "\n".join(lines[1:] if short else lines))


def _remarks(content: bytes, made: tuple[Clause, ...]) -> tuple[Remark, ...]:
    clauses = [one.key for one in made if one.key != HEAD]
    homes = {part_key(what, key): key for key in clauses for what in (HEADING, TEXT, ITEMS, PLAIN)}
    homes |= {ELSEWHERE["fields"]: "fields"}
    return tuple(Remark(homes.get(one.key, ""), one.author, one.text) for one in read_remarks(content))


def _whole(heading: str, text: str, items: tuple[str, ...]) -> str:
    return "\n".join([f"{heading}. {text}", *(f"- {item}" for item in items)])


def _unnumbered(heading: str, number: int | None) -> str:
    """Take the number off: numbers move by themselves. A new clause may carry any number, or none."""
    head, dot, rest = heading.strip().partition(".")
    mine = head.strip() == str(number) if number is not None else head.strip().isdigit()
    return rest.strip() if dot and mine else heading.strip()
