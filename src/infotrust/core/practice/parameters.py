"""The county's numbers, read from documented YAML: every number has a kind (its tag), a source, and is checked.

`load_parameters()` reads the county's own files; `load_parameters(path)` lays a user's file over them, in which each
name must be known and each number must be possible for its kind. Use: `parameters.births.twin_deliveries`.

Kinds, as tags in the files:
- `!share` from 0 to 1; `!shares` a mapping that adds up to 1; `!share_by` a mapping of shares that need not
- `!per_year` events for each person and year; `!years`, `!days` lengths; `!dollars`; `!factor` multiplies
- `!count` a whole number; `!number` any number; `!year` a calendar year. Each has a `..._by` form: a mapping of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from infotrust.core.errors import UserFacingError

KINDS = ("share", "per_year", "years", "days", "dollars", "factor", "count", "number", "year")
ADDS_UP = 1e-6
FIRST_YEAR, LAST_YEAR = 1900, 2100


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
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise UserFacingError(
                f"The parameters file {path} cannot be read.", next_step="Give a text file in UTF-8."
            ) from problem
        root = _merged(root, kinds, _Reader(str(path), kinds).read(text), str(path))
    return _section(root, kinds)


@cache
def _own() -> tuple[dict[str, Any], dict[str, str]]:
    """The county's own numbers and the kind of each, by path."""
    root: dict[str, Any] = {}
    kinds: dict[str, str] = {}
    for file in sorted(files(__package__).joinpath("parameters").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".yaml"):
            root |= _Reader(file.name, None, kinds).read(file.read_text(encoding="utf-8"))
    return root, kinds


class _Reader:
    """Reads one file; `known` are the kinds a user's file must keep to, `kinds` collects those of our own."""

    def __init__(self, name: str, known: dict[str, str] | None, kinds: dict[str, str] | None = None) -> None:
        self.name, self.known, self.kinds = name, known, {} if kinds is None else kinds

    def read(self, text: str) -> dict[str, Any]:
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as problem:
            mark = getattr(problem, "problem_mark", None)
            raise self.error("It is not YAML", mark, "Indent with spaces; write `name: number`.") from None
        if node is None:
            return {}
        found = self.value(node, "")
        if not isinstance(found, dict):
            raise self.error("It is no list of parameters", node.start_mark, "Write `name: number` in each line.")
        return found

    def error(self, what: str, mark: Any, next_step: str) -> UserFacingError:
        line = f"line {mark.line + 1}" if mark is not None else "somewhere"
        return UserFacingError(f"Parameters file {self.name}, {line}: {what}.", next_step=next_step)

    def value(self, node: yaml.Node, path: str) -> Any:
        kind = self._kind(node, path)
        if kind is None:
            return self._mapping(node, path)
        if kind.endswith(("_by", "shares")):
            return self._numbers(node, path, kind)
        return self._number(node, path, kind)

    def _kind(self, node: yaml.Node, path: str) -> str | None:
        if self.known is not None:
            return self.known.get(path)
        if node.tag.startswith("!"):
            kind = node.tag[1:]
            if kind.removesuffix("_by") not in (*KINDS, "shares"):
                raise self.error(f"There is no kind of number {node.tag}", node.start_mark, f"Use one of {KINDS}.")
            self.kinds[path] = kind
            return kind
        return None

    def _mapping(self, node: yaml.Node, path: str) -> dict[str, Any]:
        if not isinstance(node, yaml.MappingNode):
            raise self.error(
                f"{path or 'The file'} holds parameters, not one value",
                node.start_mark,
                "Write its parameters below it, each indented.",
            )
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            below = f"{path}.{key}" if path else key
            if key in found:
                raise self.error(
                    f"{below} stands here for the second time", key_node.start_mark, "Keep one of the two."
                )
            if self.known is not None and below not in self.known and not _any_below(self.known, below):
                raise self.error(f"There is no parameter {below}", key_node.start_mark, _nearest(below, self.known))
            found[key] = self.value(value_node, below)
        return found

    def _numbers(self, node: yaml.Node, path: str, kind: str) -> dict[Any, float]:
        if not isinstance(node, yaml.MappingNode):
            raise self.error(f"{path} is a mapping of numbers", node.start_mark, "Write `name: number` for each.")
        single = "share" if kind == "shares" else kind.removesuffix("_by")
        found = {}
        for key_node, value_node in node.value:
            key = yaml.safe_load(key_node.value) if key_node.tag.endswith(":int") else str(key_node.value)
            found[key] = self._number(value_node, f"{path}.{key}", single)
        if kind == "shares" and abs(sum(found.values()) - 1) > ADDS_UP:
            raise self.error(
                f"The shares of {path} add up to {sum(found.values()):g}", node.start_mark, "Make them add up to 1."
            )
        return found

    def _number(self, node: yaml.Node, path: str, kind: str) -> float:
        number = _as_number(node)
        if number is None:
            raise self.error(
                f"{path} is not a number", node.start_mark, "Write a number, with a point for the decimals."
            )
        problem = _impossible(number, kind)
        if problem:
            raise self.error(f"{path} is {number:g}, which is {problem[0]}", node.start_mark, problem[1])
        return int(number) if kind in ("count", "year") else number


def _as_number(node: yaml.Node) -> float | None:
    if not isinstance(node, yaml.ScalarNode):
        return None
    try:
        number = float(node.value)
    except ValueError:
        return None
    return number if number - number == 0 else None  # neither infinite nor NaN


def _impossible(number: float, kind: str) -> tuple[str, str] | None:
    if kind == "share" and not 0 <= number <= 1:
        return "not a share", "Give a share from 0 to 1."
    if kind in ("count", "year") and number != int(number):
        return "not a whole number", "Give a whole number."
    if kind == "year" and not FIRST_YEAR <= number <= LAST_YEAR:
        return "not a year the county knows", f"Give a year from {FIRST_YEAR} to {LAST_YEAR}."
    if kind != "number" and number < 0:
        return "below 0", "Give a number from 0 on."
    return None


def _any_below(known: Mapping[str, str], path: str) -> bool:
    return any(one.startswith(f"{path}.") for one in known)


def _nearest(path: str, known: Mapping[str, str]) -> str:
    import difflib

    near = difflib.get_close_matches(path, known, n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else "docs/reference/practice-parameters.md lists all of them."


def _merged(own: dict[str, Any], kinds: Mapping[str, str], given: dict[str, Any], name: str, path: str = "") -> Any:
    """`own` with the values of `given` in their place. A mapping of numbers is replaced whole where it is `!shares`."""
    merged = dict(own)
    for key, value in given.items():
        below = f"{path}.{key}" if path else key
        if kinds.get(below) is None:
            merged[key] = _merged(own[key], kinds, value, name, below)
        elif isinstance(value, dict):
            unknown = [one for one in value if one not in own[key]]
            if unknown:
                raise UserFacingError(
                    f"Parameters file {name}: {below} has no {unknown[0]!r}.",
                    next_step=f"It has {', '.join(map(str, own[key]))}.",
                )
            merged[key] = value if kinds[below] == "shares" else own[key] | value
        else:
            merged[key] = value
    return merged


def _section(values: Mapping[str, Any], kinds: Mapping[str, str], path: str = "") -> Section:
    below = {name: f"{path}.{name}" if path else name for name in values}
    return Section(
        {name: one if below[name] in kinds else _section(one, kinds, below[name]) for name, one in values.items()}
    )
