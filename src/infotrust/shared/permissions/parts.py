"""Parts of the policies that are not agreements: licenses, which only refuse. Whoever publishes compiles them too.

A stage that has such a part says so once, in its app's `ready()`; so no stage upstream needs to know it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from infotrust.core.policy.clauses import Compiled

Compile = Callable[[], Iterable[Compiled]]
_parts: dict[str, Compile] = {}


def contribute(name: str, compile_part: Compile) -> None:
    """Have `compile_part` asked whenever a version of the policies is put together. Again: the newer one counts."""
    _parts[name] = compile_part


def compiled() -> tuple[Compiled, ...]:
    """Return every part as it is now."""
    return tuple(one for name in sorted(_parts) for one in _parts[name]())
