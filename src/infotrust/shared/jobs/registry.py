"""Which kinds of job there are, and what the worker does from time to time.

A kind is a stable text ("load delivery") that stands in the database; the function behind it may move. Functions are
called as `function(progress, **arguments)` and return a dict of JSON values or None. They must be safe to run again
from the start, because a worker can die at any line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

JobFunction = Callable[..., dict[str, Any] | None]

_KINDS: dict[str, JobFunction] = {}


class UnknownKind(LookupError):
    """A defect: a job of a kind that no installed app registers."""


@dataclass(frozen=True)
class Periodic:
    """Something the worker does every `seconds`. It must be harmless when two workers do it."""

    name: str
    seconds: float
    function: Callable[[], object]


PERIODIC: dict[str, Periodic] = {}


def register(kind: str, function: JobFunction) -> None:
    """Register what does jobs of `kind`. A second, different function for the same kind is a defect."""
    known = _KINDS.setdefault(kind, function)
    if (known.__module__, known.__qualname__) != (function.__module__, function.__qualname__):
        raise ValueError(f"Two functions are registered for jobs of kind {kind!r}.")


def job(kind: str) -> Callable[[JobFunction], JobFunction]:
    """Decorate the function that does jobs of `kind`."""

    def decorate(function: JobFunction) -> JobFunction:
        register(kind, function)
        return function

    return decorate


def function_for(kind: str) -> JobFunction:
    """Return the function; raises `UnknownKind`."""
    try:
        return _KINDS[kind]
    except KeyError:
        raise UnknownKind(kind) from None


def every(seconds: float, name: str, function: Callable[[], object]) -> None:
    """Have the worker call `function` about every `seconds` (and once when it starts)."""
    PERIODIC[name] = Periodic(name, seconds, function)
