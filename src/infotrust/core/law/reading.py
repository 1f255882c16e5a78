"""Read a regime from its two files, and say kindly, with the file's name and the entry, what is wrong in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from infotrust.core.errors import UserFacingError
from infotrust.core.law.regime import GENERAL, SOURCE, Breach, CounselNote, Regime, Statement, WantedClause

CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")
TEXTS = ("code", "title", "short", "public", "citation", "jurisdiction", "plain", "data", "holders")
STATEMENTS = ("receivers", "consent", "passing_on", "deidentified", "records", "agreement_says")
LISTS = (*STATEMENTS, "breach", "for_counsel", "wants_clauses")
# A law file of a trust is short; this keeps a wrong file from filling the memory.
LARGEST = 200_000


class LawFileWrong(UserFacingError):
    """A file of the law register that cannot be used."""


def read_regime(about: Traversable, rules: Traversable) -> Regime:
    """Return the regime of one YAML file and its Cedar file. Raises `LawFileWrong`."""
    found = _mapping(about)
    for name in TEXTS:
        if not isinstance(found.get(name), str) or not found[name].strip():
            raise _wrong(about, f"has no text for `{name}`", "Write it.")
    if unknown := sorted(set(found) - {*TEXTS, *LISTS}):
        raise _wrong(
            about, f"has an entry `{unknown[0]}` that is not known", f"Known are {', '.join((*TEXTS, *LISTS))}."
        )
    if not CODE.fullmatch(found["code"]):
        raise _wrong(about, "has a code that is not short and plain", "Use small letters, digits and underscores.")
    policies = _text(rules)
    _check_rules(rules, policies, found["code"])
    texts: dict[str, Any] = {name: " ".join(found[name].split()) for name in TEXTS}
    for name in STATEMENTS:
        texts[name] = tuple(_statement(about, name, entry) for entry in _list(about, found, name))
    return Regime(
        **texts,
        breach=tuple(_breach(about, entry) for entry in _list(about, found, "breach")),
        for_counsel=tuple(_note(about, entry) for entry in _list(about, found, "for_counsel")),
        wants_clauses=tuple(_wanted(about, entry) for entry in _list(about, found, "wants_clauses")),
        policies=policies,
        digest=hashlib.sha256(f"{_text(about)}\0{policies}".encode()).hexdigest(),
    )


def _mapping(file: Traversable) -> dict[str, Any]:
    try:
        found = yaml.safe_load(_text(file))
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise _wrong(file, f"cannot be read in line {line}: {problem.problem}", "Correct that line.") from None
    if not isinstance(found, dict):
        raise _wrong(file, "is not a list of names with values", "Begin with the file of another regime.")
    return found


def _text(file: Traversable) -> str:
    try:
        raw = file.read_bytes()
        text = raw[: LARGEST + 1].decode("utf-8")
    except (FileNotFoundError, IsADirectoryError):
        raise _wrong(file, "is missing", "Each regime has a .yaml file and a .cedar file of the same name.") from None
    except UnicodeDecodeError:
        raise _wrong(file, "is not UTF-8 text", "Save it as UTF-8.") from None
    if len(raw) > LARGEST:
        raise _wrong(file, f"is longer than {LARGEST:,} bytes", "Shorten it.")
    return text


def _check_rules(file: Traversable, policies: str, code: str) -> None:
    """A regime refuses; it never permits, and each of its rules carries its own code and words."""
    plain = re.sub(r"//.*", "", policies)
    if re.search(r"^\s*permit\s*\(", plain, re.MULTILINE):
        raise _wrong(file, "has a rule that permits", "Only agreements permit; a law refuses what it does not allow.")
    scoped = len(re.findall(rf'resource in Trust::LawClass::"{code}"\s*\)', plain))
    rules = len(re.findall(r"^\s*forbid\s*\(", plain, re.MULTILINE))
    own = len(re.findall(rf'@law\("{code}"\)', plain))
    if not rules or rules != own:
        raise _wrong(
            file, f"has {rules} rules, of which {own} say that they are of `{code}`", f'Begin each with @law("{code}").'
        )
    if scoped != rules:
        raise _wrong(
            file,
            f"has {rules} rules, of which {scoped} are about data of `{code}` alone",
            f'End the head of each with: resource in Trust::LawClass::"{code}").',
        )


def _list(file: Traversable, found: Mapping[str, Any], name: str) -> Iterable[Any]:
    entries = found.get(name) or []
    if not isinstance(entries, list):
        raise _wrong(file, f"has no list under `{name}`", "Begin each entry with a dash.")
    return entries


def _statement(file: Traversable, name: str, entry: Any) -> Statement:
    given = _entry(file, name, entry, {"text", "cite", "basis"})
    return Statement(given["text"], given.get("cite", ""), _basis(file, name, given))


def _breach(file: Traversable, entry: Any) -> Breach:
    given = _entry(file, "breach", entry, {"who", "within_days", "text", "cite", "basis"})
    days = given.get("within_days", 0)
    if not isinstance(days, int) or isinstance(days, bool) or days < 0 or not given.get("who"):
        raise _wrong(file, "has a breach notice without `who`, or with days that are no number", "Correct it.")
    return Breach(given["who"], days, given["text"], given.get("cite", ""), _basis(file, "breach", given))


def _note(file: Traversable, entry: Any) -> CounselNote:
    given = _entry(file, "for_counsel", entry, {"text", "unless_purposes"})
    return CounselNote(given["text"], tuple(given.get("unless_purposes", ())))


def _wanted(file: Traversable, entry: Any) -> WantedClause:
    given = _entry(file, "wants_clauses", entry, {"text", "one_of", "cite", "levels"})
    keys, levels = given.get("one_of"), given.get("levels", [])
    if not keys or not _texts(keys) or not _texts(levels):
        raise _wrong(file, "has an entry under `wants_clauses` without a list `one_of`", "Name clauses of the library.")
    return WantedClause(given["text"], tuple(keys), given.get("cite", ""), tuple(levels))


def _texts(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(one, str) for one in found)


def _entry(file: Traversable, name: str, entry: Any, known: set[str]) -> dict[str, Any]:
    if not isinstance(entry, dict) or not str(entry.get("text") or "").strip() or set(entry) - known:
        raise _wrong(
            file,
            f"has an entry under `{name}` without `text`, or with more than {', '.join(sorted(known))}",
            "Mend it.",
        )
    return {key: " ".join(value.split()) if isinstance(value, str) else value for key, value in entry.items()}


def _basis(file: Traversable, name: str, given: Mapping[str, Any]) -> str:
    basis = given.get("basis", GENERAL)
    if basis not in (SOURCE, GENERAL):
        raise _wrong(file, f"has under `{name}` a basis that is neither source nor general", "Choose one.")
    return str(basis)


def _wrong(file: Traversable, what: str, next_step: str) -> LawFileWrong:
    return LawFileWrong(f"The law file {file.name} {what}.", next_step=next_step)
