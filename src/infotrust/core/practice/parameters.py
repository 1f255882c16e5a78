"""The county's numbers, read from parameters.yaml: every number has a kind (its tag), a source, and is checked.

`load_parameters()` reads the county's own; `load_parameters(path)` lays a user's file over them, in which each
name must be known and each number must be possible for its kind. Use: `parameters.births.twin_deliveries`.

Kinds, as tags in the file:
- `!share` from 0 to 1; `!shares` a mapping that adds up to 1; `!share_by` a mapping of shares that need not
- `!per_year` events for each person and year; `!years`, `!days` lengths; `!dollars`; `!factor` multiplies
- `!count` a whole number; `!number` any number; `!year` a calendar year from the county's first on, `!past_year` any
- each has a `..._by` form: a mapping of such numbers
"""

from __future__ import annotations

import difflib
import hashlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from infotrust.core.errors import UserFacingError
from infotrust.core.practice.calendar import FIRST_YEAR

KINDS = ("share", "per_year", "years", "days", "dollars", "factor", "count", "number", "year", "past_year")
WHOLE = ("count", "year", "past_year")
ADDS_UP = 1e-6
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
MOST_PER_YEAR = 366

# Ten times as fast, where PyYAML was built with it. Not for files from outside: nesting without end would crash it.
OWN_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Section(Mapping[str, Any]):
    """Parameters by name: `section.name` and `section["name"]`. Values are numbers, mappings of numbers or sections."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = MappingProxyType(dict(values))

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(f"no parameter {name!r}") from None

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __reduce__(self) -> Any:
        return (Section, (dict(self._values),))

    def plain(self) -> dict[str, Any]:
        return {name: one.plain() if isinstance(one, Section) else one for name, one in self.items()}

    def fingerprint(self) -> str:
        """A SHA-256 over all numbers: two counties with the same one and the same seed are the same."""
        return hashlib.sha256(json.dumps(_named(self.plain()), sort_keys=True).encode()).hexdigest()


def _named(value: Any) -> Any:
    """The value with texts as keys, also where a mapping goes by ages or years."""
    return {str(key): _named(one) for key, one in value.items()} if isinstance(value, Mapping) else value


def load_parameters(path: Path | None = None) -> Section:
    """The county's parameters, with those of the file at `path` in their place.

    Raises `UserFacingError`, naming file, line and parameter, where a name is unknown or a number impossible.
    """
    root, kinds = _own()
    if path is not None:
        given = _Reader(str(path), (root, kinds)).read(_text_of(path))
        root = _merged(root, kinds, given)
    return _section(root, kinds)


LARGEST_FILE = 1_000_000  # bytes; all of the county's own numbers take a fifth of that


def _text_of(path: Path) -> str:
    advice = "Name a text file in UTF-8, with YAML in it."
    if path.is_dir():
        raise UserFacingError(f"The parameters file {path} is a folder.", next_step=advice)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as problem:
        why = problem.strerror or "the disk refused"
        raise UserFacingError(f"The parameters file {path} cannot be read: {why}.", next_step=advice) from problem
    if len(content) > LARGEST_FILE:
        raise UserFacingError(f"The parameters file {path} is larger than {LARGEST_FILE:,} bytes.", next_step=advice)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise UserFacingError(f"Parameters file {path}, line {line}: It is not UTF-8.", next_step=advice) from problem


def own_chapters() -> dict[str, str]:
    """The text of each chapter of the county's own parameters, by title, in order."""
    text = files(__package__).joinpath("parameters.yaml").read_text(encoding="utf-8")
    _, *parts = re.split(r"^# == (.+) ==$\n", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


@cache
def _own() -> tuple[dict[str, Any], dict[str, str]]:
    """The county's own numbers and the kind of each, by path."""
    root: dict[str, Any] = {}
    kinds: dict[str, str] = {}
    for name, text in own_chapters().items():
        reader = _Reader(name)
        found = reader.read(text)
        twice = sorted(found.keys() & root.keys())
        if twice:
            raise ValueError(f"parameters.yaml, {name}: the section {twice[0]} is already in another chapter")
        root |= found
        kinds |= reader.kinds
    return root, kinds


class _Reader:
    """Reads one file. `own` are the county's numbers and kinds, to which a user's file must keep.

    Without them the file is one of our own, where each number's tag says its kind.
    """

    def __init__(self, name: str, own: tuple[dict[str, Any], dict[str, str]] | None = None) -> None:
        self.name, self.own = name, own
        self.kinds: dict[str, str] = {} if own is None else own[1]

    def read(self, text: str) -> dict[str, Any]:
        try:
            node = yaml.compose(text, Loader=OWN_LOADER if self.own is None else yaml.SafeLoader)
        except yaml.YAMLError as problem:
            raise self._not_yaml(problem, text) from None
        except RecursionError:
            raise self._error("It is nested too deeply", None, "Write `name: number` in each line.") from None
        if node is None:
            return {}
        return self._section(node, "")

    def _not_yaml(self, problem: yaml.YAMLError, text: str) -> UserFacingError:
        line = getattr(getattr(problem, "problem_mark", None), "line", None)
        if isinstance(problem, yaml.reader.ReaderError):
            line = text.count("\n", 0, problem.position)
        return self._error("It is not YAML", line, "Indent with spaces; write `name: number`.")

    def _error(self, what: str, where: yaml.Node | int | None, next_step: str) -> UserFacingError:
        """A problem at a node or in a line, counted from 0."""
        line = where.start_mark.line if isinstance(where, yaml.Node) else where
        place = f", line {line + 1}" if line is not None else ""
        return UserFacingError(f"Parameters file {self.name}{place}: {what}.", next_step=next_step)

    def _pairs(self, node: yaml.Node, path: str) -> list[tuple[yaml.Node, Any, yaml.Node]]:
        """Key node, key and value node of each entry; no key twice."""
        found: dict[Any, tuple[yaml.Node, Any, yaml.Node]] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._error("A name is missing before the colon", key_node, "Write `name: number`.")
            key = int(key_node.value) if _is_whole(key_node) else str(key_node.value)
            if key in found:
                again = f"{path}.{key}" if path else key
                raise self._error(f"{again} stands here for the second time", key_node, "Keep one of the two.")
            found[key] = (key_node, key, value_node)
        return list(found.values())

    def _section(self, node: yaml.Node, path: str) -> dict[str, Any]:
        if not isinstance(node, yaml.MappingNode):
            raise self._error(
                f"{path or 'The file'} holds parameters, not one value",
                node,
                "Write its parameters below it, each indented: `name: number`.",
            )
        found: dict[str, Any] = {}
        for key_node, name, value_node in self._pairs(node, path):
            below = f"{path}.{name}" if path else str(name)
            kind = self._kind(key_node, value_node, below)
            if kind is None:
                found[str(name)] = self._section(value_node, below)
            elif kind.endswith(("_by", "shares")):
                found[str(name)] = self._numbers(key_node, value_node, below, kind)
            else:
                found[str(name)] = self._number(value_node, below, kind)
        return found

    def _kind(self, key_node: yaml.Node, node: yaml.Node, path: str) -> str | None:
        """The kind of the numbers at `path`; None for a section."""
        if self.own is not None:
            if path not in self.kinds and not any(one.startswith(f"{path}.") for one in self.kinds):
                raise self._error(f"There is no parameter {path}", key_node, _nearest(path, self.kinds))
            return self.kinds.get(path)
        if not node.tag.startswith("!"):
            return None
        kind = str(node.tag[1:])
        if kind.removesuffix("_by") not in (*KINDS, "shares"):
            raise self._error(f"There is no kind of number {node.tag}", node, f"Use one of {', '.join(KINDS)}.")
        self.kinds[path] = kind
        return kind

    def _numbers(self, key_node: yaml.Node, node: yaml.Node, path: str, kind: str) -> dict[Any, float]:
        if not isinstance(node, yaml.MappingNode):
            raise self._error(f"{path} is a mapping of numbers", key_node, "Write `name: number` for each, below it.")
        single = "share" if kind == "shares" else kind.removesuffix("_by")
        found = {}
        for name_node, name, value_node in self._pairs(node, path):
            if self.own is not None:
                self._known(name_node, name, path)
            found[name] = self._number(value_node, f"{path}.{name}", single)
        total = sum(found.values())
        if kind == "shares" and abs(total - 1) > ADDS_UP:
            raise self._error(f"The shares of {path} add up to {total:.7g}", key_node, "Make them add up to 1.")
        return found

    def _known(self, node: yaml.Node, name: Any, path: str) -> None:
        known = _at(self.own[0] if self.own else {}, path)
        if name not in known:
            near = difflib.get_close_matches(str(name), [str(one) for one in known], n=1, cutoff=0.5)
            advice = f"Did you mean {near[0]}? " if near else ""
            raise self._error(f"{path} has no {name}", node, f"{advice}It has {', '.join(map(str, known))}.")

    def _number(self, node: yaml.Node, path: str, kind: str) -> float:
        number = _as_number(node)
        if number is None:
            raise self._error(f"{path} is not a number", node, "Write a number, with a point before its decimals.")
        problem = _impossible(number, kind)
        if problem:
            raise self._error(f"{path} is {number:g}, which is {problem[0]}", node, problem[1])
        return int(number) if kind in WHOLE else number


def _is_whole(node: yaml.ScalarNode) -> bool:
    return node.tag == "tag:yaml.org,2002:int" and node.value.isdecimal()


def _at(values: Mapping[str, Any], path: str) -> Any:
    for name in path.split("."):
        values = values[name]
    return values


def _as_number(node: yaml.Node) -> float | None:
    if not isinstance(node, yaml.ScalarNode):
        return None
    try:
        number = float(node.value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _impossible(number: float, kind: str) -> tuple[str, str] | None:
    """What is wrong with a number of this kind, and what to do; None where nothing is."""
    if kind == "share" and not 0 <= number <= 1:
        return "not a share", "Give a share from 0 to 1."
    if kind == "per_year" and not 0 <= number <= MOST_PER_YEAR:
        return "not a rate", f"Give events for each person and year, from 0 to {MOST_PER_YEAR}."
    if kind in WHOLE and number != int(number):
        return "not a whole number", "Give a whole number."
    if kind == "year" and number < FIRST_YEAR:
        return f"before the county's first year, {FIRST_YEAR}", f"Give a year from {FIRST_YEAR} on."
    if kind in ("year", "past_year") and not EARLIEST_YEAR <= number <= LATEST_YEAR:
        return "not a year the county knows", f"Give a year from {EARLIEST_YEAR} to {LATEST_YEAR}."
    if kind != "number" and number < 0:
        return "below 0", "Give a number from 0 on."
    return None


def _nearest(path: str, known: Mapping[str, str]) -> str:
    """Which parameter was perhaps meant: the nearest of the whole path, or the same name in another section."""
    near = difflib.get_close_matches(path, known, n=1, cutoff=0.6)
    name = path.rpartition(".")[2]
    near = near or [one for one in known if one.rpartition(".")[2] == name][:1]
    sections = sorted({one.partition(".")[0] for one in known})
    near = near or difflib.get_close_matches(path, sections, n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else "docs/reference/practice-parameters.md lists all of them."


def _merged(own: dict[str, Any], kinds: Mapping[str, str], given: dict[str, Any], path: str = "") -> dict[str, Any]:
    """`own` with the values of `given` in their place, in the order of `own`.

    Of a mapping of numbers, those that are not given stay; of shares that add up to 1 they become 0.
    """
    merged = dict(own)
    for name, value in given.items():
        below = f"{path}.{name}" if path else name
        if below not in kinds:
            merged[name] = _merged(own[name], kinds, value, below)
        elif kinds[below] == "shares":
            merged[name] = {one: value.get(one, 0.0) for one in own[name]}
        elif isinstance(value, dict):
            merged[name] = own[name] | value
        else:
            merged[name] = value
    return merged


def _section(values: Mapping[str, Any], kinds: Mapping[str, str], path: str = "") -> Section:
    below = {name: f"{path}.{name}" if path else name for name in values}
    return Section(
        {name: one if below[name] in kinds else _section(one, kinds, below[name]) for name, one in values.items()}
    )
