"""What columns mean, written in a small YAML: read with every slip told by its line, and written to be edited.

every_file:                       # or the name of one file, which counts more
  given_name: FNAME
  street_address: [NO, STREET, APT]
  ssn:                            # nothing: there is none
  ignore: [NICKNAME]
  record_id: CHART_NO
  unique: true                    # it holds each person once
  day_first: true                 # 31/12/2019
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import yaml

from infotrust.core.elements import ELEMENTS, SemanticType
from infotrust.core.errors import UserFacingError
from infotrust.core.matching.reading.recognize import Recognition, element_named
from infotrust.core.matching.reading.said import LINKING, Said, Wanted, flat, is_called
from infotrust.core.matching.reading.sources import ADDRESS_PARTS, Source

EVERY = "every_file"
SETTINGS = ("ignore", "record_id", "unique", "day_first")
_MOST_BYTES = 1_000_000  # a description of columns is a few kilobytes; a data file named by mistake is not read


def read(path: Path, files: Mapping[str, Sequence[str]]) -> dict[str, Said]:
    """The file's sections for the files to link (name -> its columns). Raises UserFacingError with file and line."""
    reader = _Reader(path)
    chosen = {name: Said() for name in files}
    sections = reader.pairs(reader.root(), "the name of a file, or every_file")
    for title, body in sections:
        if title.value == EVERY:
            said = reader.section(body, [column for columns in files.values() for column in columns], "No file")
            chosen = {name: said.over(before) for name, before in chosen.items()}
    for title, body in sections:
        if title.value == EVERY:
            continue
        meant = [name for name in files if is_called(name, title.value)]
        if not meant:
            reader.unknown(title, "There is no file", [EVERY, *files])
        for name in meant:
            chosen[name] = reader.section(body, files[name], name).over(chosen[name])
    return chosen


class _Reader:
    """Nodes of the YAML with their lines; everything that is not understood is told with them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def root(self) -> yaml.Node | None:
        try:
            if self.path.stat().st_size > _MOST_BYTES:
                raise UserFacingError(
                    f"{self.path.name} is too large to be a description of columns.",
                    next_step="--columns takes what `infotrust profile --write` wrote.",
                )
            return yaml.compose(self.path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        except OSError as problem:
            raise UserFacingError(
                f"{self.path} cannot be read: {problem.strerror}.", next_step="Check the name."
            ) from None
        except UnicodeDecodeError:
            raise UserFacingError(f"{self.path.name} is not UTF-8.", next_step="Save it as UTF-8.") from None
        except yaml.MarkedYAMLError as problem:
            line = problem.problem_mark.line + 1 if problem.problem_mark else 1
            raise UserFacingError(
                f"{self.path.name}, line {line}: this is no YAML ({problem.problem}).",
                next_step="Write `element: COLUMN`, indented by two spaces under the name of a file.",
            ) from None
        except yaml.YAMLError:
            raise UserFacingError(
                f"{self.path.name} has a character that YAML does not allow.", next_step="Write it as plain text."
            ) from None

    def pairs(self, node: yaml.Node | None, expected: str) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        if node is None or _is_nothing(node):
            return []
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"here {expected} is expected, then a colon")
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.wrong(key, f"here {expected} is expected")
            if key.value in seen:
                self.wrong(key, f"{key.value!r} is said twice")
            seen.add(key.value)
        return list(node.value)

    def section(self, node: yaml.Node, columns: Sequence[str], whose: str) -> Said:
        elements: dict[SemanticType, Wanted] = {}
        settings: dict[str, Any] = {}
        for key, value in self.pairs(node, "an element"):
            if key.value in [kind.value for kind in LINKING]:
                elements[SemanticType(key.value)] = self.wanted(SemanticType(key.value), value, columns, whose)
            elif key.value == "ignore":
                settings["ignore"] = self.columns(value, columns, whose)
            elif key.value == "record_id":
                settings["record_id"] = self.column(value, columns, whose)
            elif key.value in SETTINGS:
                settings[key.value] = self.yes_or_no(value)
            else:
                named = element_named(key.value)
                known = [kind.value for kind in LINKING]
                self.unknown(key, "There is no element", [*known, *SETTINGS], named.value if named in LINKING else None)
        return Said(elements, **settings)

    def wanted(self, kind: SemanticType, node: yaml.Node, columns: Sequence[str], whose: str) -> Wanted:
        if _is_nothing(node):
            return None
        if not isinstance(node, yaml.SequenceNode):
            return self.column(node, columns, whose)
        if kind != SemanticType.STREET_ADDRESS or len(node.value) > len(ADDRESS_PARTS):
            self.wrong(node, f"only street_address takes several columns, up to four: {', '.join(ADDRESS_PARTS)}")
        return tuple("" if _is_nothing(one) else self.column(one, columns, whose) for one in node.value)

    def columns(self, node: yaml.Node, columns: Sequence[str], whose: str) -> tuple[str, ...]:
        if _is_nothing(node):
            return ()
        each = node.value if isinstance(node, yaml.SequenceNode) else [node]
        return tuple(self.column(one, columns, whose) for one in each)

    def column(self, node: yaml.Node, columns: Sequence[str], whose: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(node, "here the name of a column is expected")
        if node.value not in columns:
            self.unknown(node, f"{whose} has no column", list(dict.fromkeys(columns)))
        return str(node.value)

    def yes_or_no(self, node: yaml.Node) -> bool | None:
        if _is_nothing(node):
            return None
        if not isinstance(node, yaml.ScalarNode) or node.value.lower() not in ("true", "false", "yes", "no"):
            self.wrong(node, "here true or false is expected")
        return node.value.lower() in ("true", "yes")

    def wrong(self, node: yaml.Node, what: str) -> NoReturn:
        raise UserFacingError(
            f"{self.path.name}, line {node.start_mark.line + 1}: {what}.",
            next_step="`infotrust profile FILES --write columns.yaml` writes one that is right.",
        )

    def unknown(self, node: yaml.ScalarNode, what: str, known: Sequence[str], meant: str | None = None) -> NoReturn:
        near = meant or next(iter(nearest(node.value, known)), None)
        step = f"Did you mean {near}?" if near else f"There are: {', '.join(known)}."
        raise UserFacingError(
            f"{self.path.name}, line {node.start_mark.line + 1}: {what} {node.value!r}.", next_step=step
        )


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The known words most like it, whatever their case."""
    by_lower = {one.lower(): one for one in known}
    return [by_lower[one] for one in difflib.get_close_matches(word.lower(), by_lower, n=3, cutoff=0.6)]


def _is_nothing(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null")


def written(profiled: Sequence[tuple[Source, Mapping[str, Recognition], Said]]) -> str:
    """Every column's meaning with its reason as a comment, in a form that `read` takes. No values."""
    lines = [
        "# What each column is used as, as recognized. Change what is wrong and link with: --columns THIS_FILE",
        "# A line taken out is decided anew; an element without a column is not used; columns under `ignore` are",
        f"# left out. What stands under `{EVERY}` holds for every file. Elements:",
        f"#   {', '.join(kind.value for kind in LINKING[:7])},",
        f"#   {', '.join(kind.value for kind in LINKING[7:])}",
        "# Settings: record_id (your own record number), unique: true (a file that holds each person once),",
        "#   day_first: true (dates like 31/12/2019; without it, seen in the dates)",
    ]
    for source, recognized, said in profiled:
        lines += ["", f"{_text(source.name)}:"]
        lines += [_line(kind.value, wanted, recognized) for kind, wanted in source.columns.items() if kind in LINKING]
        used = {column for wanted in source.columns.values() for column in flat(wanted)}
        rest = [found for column, found in recognized.items() if column not in used and column != said.record_id]
        if said.record_id:
            lines.append(f"  record_id: {_text(said.record_id)}")
        lines += [f"  {name}: {str(value).lower()}" for name, value in _settings(said) if value is not None]
        lines.append("  ignore:" if rest else "  ignore: []")
        lines += [f"    - {_text(found.column)}{_comment(_why_not(found))}" for found in rest]
    return "\n".join(lines) + "\n"


def _settings(said: Said) -> tuple[tuple[str, bool | None], ...]:
    return (("unique", said.unique), ("day_first", said.day_first))


def _line(element: str, wanted: Wanted, recognized: Mapping[str, Recognition]) -> str:
    reasons = dict.fromkeys(recognized[column].reason for column in flat(wanted) if column in recognized)
    shown = _text(wanted) if isinstance(wanted, str) else f"[{', '.join(_text(one) for one in flat(wanted))}]"
    return f"  {element}: {shown}{_comment('; '.join(reasons))}"


def _why_not(found: Recognition) -> str:
    if found.type is None:
        return found.reason
    what = ELEMENTS[found.type].title.lower()
    return f"{what}, but another column is used" if ELEMENTS[found.type].links else f"{what}: says too little alone"


def _comment(reason: str) -> str:
    return f"  # {reason}" if reason else ""


def _text(value: str) -> str:
    """A plain word as it is; anything that YAML could read otherwise in quotes."""
    plain = re.fullmatch(r"[A-Za-z][\w.-]*( [\w.-]+)*", value)
    special = value.lower() in ("true", "false", "yes", "no", "null", "on", "off", "y", "n")
    return value if plain and not special else json.dumps(value, ensure_ascii=False)
