"""An edited Word file against the agreement as it stands: what its editor wants, clause by clause.

Words that the parties chose or wrote can be other words. Words that are made from terms cannot: a change there is a
wish to change the terms, and says which form changes them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from infotrust.core.documents import Document, Remark, read_remarks, read_word, word
from infotrust.core.policy.clauses import Clause, clauses
from infotrust.core.policy.terms import AgreementTerms
from infotrust.shared.words import changed
from infotrust.stages.agreements.papers import HEADING, ITEMS, PLAIN, SCHEDULE, TEXT, part_key

REWORD, ADD, REMOVE, TERMS = "reword", "add", "remove", "terms"
# Which form changes what a clause made from terms says; the others are the software's own.
FORMS = {
    **dict.fromkeys(("parties", "purposes", "term", "recipients", "level", "publication", "retention", "law"), "terms"),
    **dict.fromkeys(("datasets", "fields"), "datasets"),
    "linking": "terms",
}


@dataclass(frozen=True)
class Wish:
    """What the file would have one clause say. `before` and `text` are its whole words, for showing what differs."""

    kind: str
    clause: str
    before: str
    heading: str
    text: str
    plain: str = ""


@dataclass(frozen=True)
class ReadBack:
    """`remarks`: (key of the clause, who wrote it, what), in the order of the text."""

    wishes: tuple[Wish, ...]
    remarks: tuple[Remark, ...]


def read_back(content: bytes, terms: AgreementTerms, sent: Document) -> ReadBack:
    """Return what an edited file wants. `sent`: the document as it would be sent out now.

    Raises `NotAWordFile`.
    """
    entries = read_word(content)
    found: dict[str, list[str]] = {}
    for key, text in entries:
        if key:
            found.setdefault(key, []).append(text)
    made = clauses(terms)
    if not any(part_key(TEXT, clause.key) in found for clause in made):
        # Its bookmarks are lost (another program, or pasted into a new file): nothing can be compared by clause.
        return ReadBack((), ())
    wishes = [wish for clause in made if (wish := _wish(clause, found))]
    if terms.shares and (wish := _schedule(sent, found)):
        wishes.append(wish)
    return ReadBack((*wishes, *_added(entries, sent)), _remarks(content, made))


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
    before = _whole(clause.heading, clause.text, () if clause.key == "fields" else clause.items)
    if clause.chosen:
        return Wish(REWORD, clause.key, before, heading.strip()[:120] or clause.heading, text, plain or clause.plain)
    return Wish(TERMS, clause.key, before, heading, _whole(heading, text, tuple(filter(None, items.split("\n")))))


def _schedule(sent: Document, found: dict[str, list[str]]) -> Wish | None:
    key = part_key(SCHEDULE, "fields")
    before = [text for one, text in read_word(word(sent)) if one == key]
    after = found.get(key, [])
    if not changed("\n".join(before), "\n".join(after)):
        return None
    lines = ["\n".join(row.replace("\t", " | ") for row in rows) for rows in (before, after)]
    return Wish(TERMS, "fields", lines[0], "", lines[1])


def _added(entries: tuple[tuple[str, str], ...], sent: Document) -> list[Wish]:
    """What stands in the file without a key, and was not sent: new paragraphs, one clause for those in a row."""
    known = Counter(" ".join(text.split()) for key, text in read_word(word(sent)) if not key)
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
    homes = {part_key(what, one.key): one.key for one in made for what in (HEADING, TEXT, ITEMS, PLAIN)}
    homes[part_key(SCHEDULE, "fields")] = "fields"
    return tuple(Remark(homes.get(one.key, ""), one.author, one.text) for one in read_remarks(content))


def _whole(heading: str, text: str, items: tuple[str, ...]) -> str:
    return "\n".join([f"{heading}. {text}", *(f"- {item}" for item in items)])


def _unnumbered(heading: str, number: int | None) -> str:
    """Take the number off: numbers move by themselves. A new clause may carry any number, or none."""
    head, dot, rest = heading.strip().partition(".")
    mine = head.strip() == str(number) if number is not None else head.strip().isdigit()
    return rest.strip() if dot and mine else heading.strip()
